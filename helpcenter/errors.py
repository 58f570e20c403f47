"""What can go wrong when content changes. Messages are whole sentences for the person who asked."""


class ContentError(Exception):
    """Base of the errors that actions raise."""


class InvalidText(ContentError):
    """The text itself cannot be stored; `line` counts from one where it is known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class NotPublishable(ContentError):
    """The text is stored but may not go public yet; `line` counts from one where one is to blame."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class StaleDraft(ContentError):
    """Somebody else saved a newer draft since this one was begun."""


class PictureRejected(ContentError):
    """A file that is not a picture we can take."""


class TooManyPosts(ContentError):
    """An address has used up its posts for now."""


class ContractIncomplete(ContentError):
    """A contract has no figure, or an impossible one, for something that its formulas need."""


class RefusedInput(ContentError):
    """A number that cannot be calculated with; the message says how to write it."""


class InvalidFact(ContentError):
    """A value, a unit or a key of a fact that cannot be stored."""


class FactInUse(ContentError):
    """A fact that a published text names; the message names the texts."""


class StalePlan(ContentError):
    """What was previewed is no longer what would be done."""


class NotAllowedNow(ContentError):
    """A step of the workflow that the text's standing does not allow."""


class LockedByOther(ContentError):
    """Somebody else is editing the text; it may be taken over knowingly."""


class InvalidTime(ContentError):
    """A moment that lies in the past, or that a clock skips or shows twice."""


class BadTable(ContentError):
    """A file that cannot be read as a table; the message says where and what to do."""
