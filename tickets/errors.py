"""What can go wrong on the desk. Messages are whole sentences for the person who asked, in the active language."""

from datetime import datetime


class TicketError(Exception):
    """Base of the errors that actions raise; `field` names the input that is to blame, where one is."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class TransitionNotAllowed(TicketError):
    """The ticket stands where this step does not lead from."""


class StaleTicket(TicketError):
    """Somebody changed the ticket since it was looked at."""


class SecretFound(TicketError):
    """An outgoing text that holds a secret, or asks for one."""


class AttachmentRejected(TicketError):
    """A file that is not taken; the message names the file and what to do."""


class NotStored(AttachmentRejected, OSError):
    """A file that the storage does not take now: it is full, or may not be written. An OSError too, by which a mail
    that comes in stays with its sender."""


class InvalidInput(TicketError):
    """Something that cannot be stored as it is."""


class TooMany(TicketError):
    """An address or a person has used up what is allowed for now. `again_at` is when more is (UTC), where that is not
    the next hour of the clock."""

    def __init__(self, message: str, field: str = "", again_at: datetime | None = None) -> None:
        super().__init__(message, field)
        self.again_at = again_at


class AlreadyDone(TicketError):
    """What was asked for has happened before, and does not happen twice."""
