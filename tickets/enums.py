"""The words of the desk: where a ticket stands, who may move it where, what is kept of it, and how each is shown."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

FAR = datetime(9999, 12, 31, tzinfo=UTC)  # a due time that never comes: sorts last, and an index needs no NULL
REOPEN_FOR = timedelta(days=7)
UNDO = timedelta(seconds=15)
UNDO_BULK = timedelta(seconds=60)
PENDING_REMINDER = timedelta(hours=48)
PENDING_SOLVED = timedelta(hours=96)  # after the reminder
SPAM_KEPT = timedelta(days=30)


class Status(models.TextChoices):
    NEW = "new", _("New")
    OPEN = "open", _("Open")
    PENDING = "pending", _("Pending")
    ON_HOLD = "on_hold", _("On hold")
    SOLVED = "solved", _("Solved")
    CLOSED = "closed", _("Closed")
    MERGED = "merged", _("Merged")
    SPAM = "spam", _("Spam")


LIVE = (Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD, Status.SOLVED)  # somebody may still write
UNSOLVED = (Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD)


class Role(StrEnum):
    """In what part somebody acts on a ticket."""

    CUSTOMER = "customer"
    AGENT = "agent"
    LEAD = "lead"
    SYSTEM = "system"


_ANYBODY = frozenset(Role)
_STAFF = frozenset({Role.AGENT, Role.LEAD})
_STAFF_OR_SYSTEM = frozenset({Role.AGENT, Role.LEAD, Role.SYSTEM})

# Every move that a ticket may make, and in what part somebody must act to make it. What is not here is refused.
MOVES: dict[tuple[Status, Status], frozenset[Role]] = {
    (Status.NEW, Status.OPEN): _STAFF_OR_SYSTEM,
    (Status.OPEN, Status.PENDING): _STAFF,
    (Status.ON_HOLD, Status.PENDING): _STAFF,
    (Status.OPEN, Status.ON_HOLD): _STAFF,
    (Status.ON_HOLD, Status.OPEN): _ANYBODY,
    (Status.PENDING, Status.OPEN): frozenset({Role.AGENT, Role.LEAD, Role.CUSTOMER}),  # staff: docs/decisions/0040
    (Status.NEW, Status.SOLVED): frozenset({Role.AGENT, Role.LEAD, Role.CUSTOMER}),
    (Status.OPEN, Status.SOLVED): frozenset({Role.AGENT, Role.LEAD, Role.CUSTOMER}),
    (Status.ON_HOLD, Status.SOLVED): frozenset({Role.AGENT, Role.LEAD, Role.CUSTOMER}),
    (Status.PENDING, Status.SOLVED): _ANYBODY,
    (Status.SOLVED, Status.OPEN): frozenset({Role.AGENT, Role.LEAD, Role.CUSTOMER}),  # an agent's merge: see there
    (Status.SOLVED, Status.CLOSED): frozenset({Role.SYSTEM}),
    **{(status, Status.SPAM): _STAFF for status in LIVE},
    **{(status, Status.MERGED): _STAFF for status in LIVE},
    **{(Status.SPAM, status): frozenset({Role.LEAD}) for status in LIVE},  # back to where it stood before
}


class Priority(models.TextChoices):
    LOW = "low", pgettext_lazy("priority", "Low")
    NORMAL = "normal", pgettext_lazy("priority", "Normal")
    HIGH = "high", pgettext_lazy("priority", "High")
    URGENT = "urgent", pgettext_lazy("priority", "Urgent")

    @property
    def rank(self) -> int:
        """The more urgent, the higher."""
        return list(Priority).index(self)


class Channel(models.TextChoices):
    WEB = "web", _("Web form")
    EMAIL = "email", _("E-mail")
    API = "api", _("API")


class MessageKind(models.TextChoices):
    CUSTOMER = "customer", _("From the customer")
    REPLY = "reply", _("Reply")
    NOTE = "note", _("Internal note")
    AUTOMATIC = "automatic", _("Sent automatically")


PUBLIC_KINDS = (MessageKind.CUSTOMER, MessageKind.REPLY, MessageKind.AUTOMATIC)


class Delivery(models.TextChoices):
    """Whether a message has gone out: a reply is held for some seconds in which it can be taken back."""

    HELD = "held", _("About to be sent")
    SENT = "sent", _("Sent")
    STOPPED = "stopped", _("Stopped: the customer wrote meanwhile")


class IncidentKind(models.TextChoices):
    OUTAGE = "outage", pgettext_lazy("kind of incident", "Out of order")
    DEGRADED = "degraded", pgettext_lazy("kind of incident", "Degraded")
    DELAYED = "delayed", pgettext_lazy("kind of incident", "Delayed")
    MARKET = "market", pgettext_lazy("kind of incident", "Movement of the market")
    FRAUD = "fraud", pgettext_lazy("kind of incident", "Fraud against customers")


class IncidentState(models.TextChoices):
    OPEN = "open", pgettext_lazy("incident", "Open")
    MONITORING = "monitoring", pgettext_lazy("incident", "Mended, being watched")
    CLOSED = "closed", pgettext_lazy("incident", "Closed")


class Membership(models.TextChoices):
    """How a ticket stands to an incident."""

    CANDIDATE = "candidate", _("To look at")
    LINKED = "linked", _("In the incident")
    TAKEN_OUT = "taken_out", _("Taken out")


class AnswerState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("answer of an incident", "Draft")
    APPROVED = "approved", pgettext_lazy("answer of an incident", "Approved")


class SendState(models.TextChoices):
    """A sending is planned by a dry run; after that it waits for a minute in which it can be taken back."""

    PLANNED = "planned", pgettext_lazy("sending", "Dry run")
    SENDING = "sending", pgettext_lazy("sending", "On its way")
    DONE = "done", pgettext_lazy("sending", "Sent")
    UNDONE = "undone", pgettext_lazy("sending", "Taken back")


class RecipientState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("recipient", "Planned")
    QUEUED = "queued", pgettext_lazy("recipient", "About to be sent")
    SENT = "sent", pgettext_lazy("recipient", "Sent")
    SKIPPED = "skipped", pgettext_lazy("recipient", "Left out")
    FAILED = "failed", pgettext_lazy("recipient", "Failed")


class Omission(models.TextChoices):
    """Why a ticket of an incident does not get its answer with the next sending."""

    ANSWERED = "answered", _("Already got this answer")
    ATTENDED = "attended", _("Answered by a person")
    ENDED = "ended", _("Closed, merged or spam")
    SECURITY = "security", _("Security: a person answers")
    NO_LANGUAGE = "no_language", _("Nobody knows its language")
    OTHER_LANGUAGE = "other_language", _("Written in another language than was chosen")
    NO_TEXT = "no_text", _("No approved answer in its language")
    CUSTOMER_WROTE = "customer_wrote", _("The customer wrote after the dry run")
    TAKEN_OUT = "taken_out", _("Taken out of the incident")


class SurgeStatus(models.TextChoices):
    """How the desk stands towards the number of requests; the same words as `surge.State`."""

    NORMAL = "normal", pgettext_lazy("state of the desk", "Normal")
    WATCH = "watch", pgettext_lazy("state of the desk", "Watch")
    SURGE = "surge", pgettext_lazy("state of the desk", "Surge")
    RECOVERY = "recovery", pgettext_lazy("state of the desk", "Recovery")


class SurgeReason(models.TextChoices):
    """Why it changed; the same words as `surge.Why`."""

    ALARM = "alarm", _("More requests than usual")
    SIGNAL = "signal", _("A signal of the market")
    GROWING = "growing", _("Far more requests than usual for minutes")
    CALM = "calm", _("Requests are as usual again")
    RECOVERED = "recovered", _("The recovery is over")
    CONFIRMED = "confirmed", _("Confirmed by a lead")
    DISMISSED = "dismissed", _("Dismissed by a lead")
    ENDED = "ended", _("Ended by a lead")


class SignalKind(models.TextChoices):
    VOLATILITY = "volatility", _("Volatility")
    OUTAGE = "outage", _("Outage")
    LIQUIDATIONS = "liquidations", _("Liquidations")


class Metric(models.TextChoices):
    FIRST_REPLY = "first_reply", _("First reply")
    NEXT_REPLY = "next_reply", _("Next reply")
    RESOLUTION = "resolution", _("Resolution")


class Presence(models.TextChoices):
    AVAILABLE = "available", _("Available")
    AWAY = "away", _("Away")
    OFFLINE = "offline", _("Offline")


class Level(models.TextChoices):
    """How well an agent writes a language."""

    NATIVE = "native", _("Native")
    FLUENT = "fluent", _("Fluent")
    ASSIST = "assist", _("With a translation aid")


class DeclineReason(models.TextChoices):
    """Why an agent does not work on a ticket that came to them."""

    LANGUAGE = "language", _("I do not write the language well enough")
    KNOWLEDGE = "knowledge", _("I do not know enough about it")
    INVOLVED = "involved", _("I am involved, or know the customer")
    LEAVING = "leaving", _("My shift ends")
    OTHER = "other", _("Another reason")
    GIVEN_BACK = "given_back", _("Put back without a reason")  # by the act of that name alone


# Why an event happened, where that is one of a few; what somebody writes about it is an `EventNote`.
EVENT_REASONS = frozenset(
    {
        "agent_gone",
        "assigned",
        "by_customer",
        "consulted",
        "customer_wrote",
        "department_answered",
        "incident",
        "merged",
        "no_reply_needed",
        "noted",
        "reopened",
        "replied",
        "revisit",
        "routed",
        "silent",
        "taken_up",
        "week_passed",
        *DeclineReason.values,
    }
)


class Trigger(models.TextChoices):
    """What made the dispatcher look for agents."""

    CREATED = "created", _("a new ticket")
    FREED = "freed", _("an agent had time again")
    PRESENCE = "presence", _("an agent came or went")
    SKILLS = "skills", _("languages, certificates or capacity changed")
    RETURNED = "returned", _("a ticket came back into the queue")
    CHANGED = "changed", _("a ticket changed")
    TICK = "tick", _("the regular look")


class RuleKind(models.TextChoices):
    """What a rule of triage speaks of."""

    TOPIC = "topic", _("Topic")
    URGENCY = "urgency", _("Urgency")
    HINT = "hint", _("Hint: counts only where another rule needs it")
    LANGUAGE = "language", _("Language")
    LEARNED = "learned", _("Learned wordings")  # of signals alone: no rule speaks of it

    @classmethod
    def of_rules(cls) -> list[tuple[str, str | Promise]]:
        """What a rule may be said to speak of."""
        return [choice for choice in cls.choices if choice[0] != cls.LEARNED]


class PromiseKind(models.TextChoices):
    FIRST = "first", pgettext_lazy("promise", "First")
    REVISED = "revised", pgettext_lazy("promise", "After a missed one")


class PromiseOutcome(models.TextChoices):
    OPEN = "open", pgettext_lazy("promise", "Open")
    KEPT = "kept", pgettext_lazy("promise", "Kept")
    MISSED = "missed", pgettext_lazy("promise", "Missed")
    VOID = "void", pgettext_lazy("promise", "Nobody had to answer")


class Score(models.IntegerChoices):
    """What customers say of how a ticket was solved."""

    VERY_POOR = 1, pgettext_lazy("rating", "Very poor")
    POOR = 2, pgettext_lazy("rating", "Poor")
    OK = 3, pgettext_lazy("rating", "OK")
    GOOD = 4, pgettext_lazy("rating", "Good")
    VERY_GOOD = 5, pgettext_lazy("rating", "Very good")


class FieldKind(models.TextChoices):
    """What a field of the form takes; each has one check in `tickets.fields`."""

    TEXT = "text", _("Text")
    LONG_TEXT = "long_text", _("Long text")
    ORDER_ID = "order_id", _("Order ID")
    SYMBOL = "symbol", _("Contract symbol")
    TX_ID = "tx_id", _("Transaction ID")
    NETWORK = "network", _("Network")
    AMOUNT = "amount", _("Amount")
    TIME = "time", _("Time with time zone")
    CHOICE = "choice", _("Choice")
    ADDRESS = "address", _("Web address")


class EventKind(models.TextChoices):
    """What the history of a ticket is made of."""

    CREATED = "created", _("Created")
    CUSTOMER_WROTE = "customer_wrote", _("Customer wrote")
    REPLY_HELD = "reply_held", _("Reply written")
    REPLIED = "replied", _("Reply sent")
    REPLY_UNDONE = "reply_undone", _("Reply taken back")
    REPLY_STOPPED = "reply_stopped", _("Reply stopped")
    NOTED = "noted", _("Note written")
    MENTIONED = "mentioned", _("Mentioned")
    MOVED = "moved", _("Status changed")
    ASSIGNED = "assigned", _("Assigned")
    UNASSIGNED = "unassigned", _("Given back to the queue")
    TRANSFERRED = "transferred", _("Given to a department")
    CHANGED = "changed", _("Details changed")
    TAGGED = "tagged", _("Tags changed")
    SNOOZED = "snoozed", _("Snoozed")
    MERGED_INTO = "merged_into", _("Merged into another ticket")
    RECEIVED_MERGE = "received_merge", _("Another ticket was merged in")
    SPLIT_FROM = "split_from", _("Split from another ticket")
    SPLIT_OFF = "split_off", _("A part became a ticket of its own")
    LINKED = "linked", _("Linked")
    UNLINKED = "unlinked", _("Link removed")
    FOLLOWED = "followed", _("Followed by a new ticket")
    CONSULTED = "consulted", _("Department asked")
    CONSULT_ANSWERED = "consult_answered", _("Department answered")
    CONSULT_ENDED = "consult_ended", _("Question to a department ended")
    RATING_ASKED = "rating_asked", _("Asked for a rating")
    RATED = "rated", _("Rated")
    REMINDED = "reminded", _("Reminded")
    REMINDER_SET = "reminder_set", _("Reminder of a colleague set")
    REMINDER_DROPPED = "reminder_dropped", _("Reminder of a colleague removed")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged during a surge")
    REDACTED = "redacted", _("Text redacted")
    ARTICLE_REPORTED = "article_reported", _("Article reported")
    ATTACHMENT_REMOVED = "attachment_removed", _("Attachment removed")
    REVEALED = "revealed", _("Customer's address shown")
    RETIMED = "retimed", _("Targets changed")
    JOINED_INCIDENT = "joined_incident", _("Became part of an incident")
    LEFT_INCIDENT = "left_incident", _("Taken out of an incident")
    APOLOGISED = "apologised", _("Apologised for a missed promise")
    MAIL_RETRIED = "mail_retried", _("Mail is sent to the customer again")


@dataclass(frozen=True)
class StatusDisplay:
    """`tone` is a class of the style sheet; `public` is what the trader reads."""

    tone: str
    public: str | Promise


STATUS_DISPLAY: dict[Status, StatusDisplay] = {
    Status.NEW: StatusDisplay("info", _("Received")),
    Status.OPEN: StatusDisplay("info", _("In progress")),
    Status.PENDING: StatusDisplay("warn", _("Waiting for you")),
    Status.ON_HOLD: StatusDisplay("info", _("In progress")),  # with the department's public name beside it
    Status.SOLVED: StatusDisplay("ok", _("Solved")),
    Status.CLOSED: StatusDisplay("mute", _("Closed")),
    Status.MERGED: StatusDisplay("mute", _("Joined with another request")),
    Status.SPAM: StatusDisplay("mute", _("Closed")),
}

PRIORITY_TONES = {Priority.URGENT: "bad", Priority.HIGH: "warn", Priority.NORMAL: "mute", Priority.LOW: "mute"}
