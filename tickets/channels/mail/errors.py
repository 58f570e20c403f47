"""Why a raw message is not read."""

from enum import StrEnum


class Reason(StrEnum):
    """A closed set, so that screens and health checks can name and count them."""

    EMPTY = "empty"
    TOO_LARGE = "too large"
    LONG_HEADERS = "headers too long"
    MANY_PARTS = "too many parts"
    TOO_DEEP = "nested too deeply"


class Unreadable(Exception):
    """The message stays as it came; a person has to look at it."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason
