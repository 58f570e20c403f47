"""What goes in and out of the API. What comes in is closed: a part that is not named here is refused, never stored."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Header, Query, Schema
from pydantic import ConfigDict, Field

from tickets.actions.guarding import LONGEST_BODY, LONGEST_DETAIL, LONGEST_SUBJECT
from tickets.actions.rating import LONGEST_COMMENT
from tickets.enums import Priority, Status

Limit = Annotated[int, Query(ge=1, le=100, description="How many at most")]
Cursor = Annotated[str, Query(max_length=400, description="`next` of the page before; empty for the first")]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{0,64}$",
        description="The same key with the same request does it once, however often it is sent within a week",
    ),
]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, description="`version` of the ticket as you saw it")]
Body = Annotated[str, Field(min_length=1, max_length=2 * LONGEST_BODY)]  # the action counts after trimming
Number = Annotated[str, Field(max_length=40)]
StatusName = Literal["new", "open", "pending", "on_hold", "solved", "closed", "merged", "spam"]
PriorityName = Literal["low", "normal", "high", "urgent"]
assert set(StatusName.__args__) == set(Status.values)  # type: ignore[attr-defined]  # noqa: S101
assert set(PriorityName.__args__) == set(Priority.values)  # type: ignore[attr-defined]  # noqa: S101


class Closed(Schema):
    model_config = ConfigDict(extra="forbid")


# In


class NewTicket(Closed):
    topic: Annotated[str, Field(max_length=40, description="Key of a topic of /topics")]
    subject: Annotated[str, Field(min_length=1, max_length=2 * LONGEST_SUBJECT)]
    body: Body
    language: Annotated[str, Field(max_length=12, description="Of the reply; empty: the language of the account")] = ""
    details: Annotated[
        dict[Annotated[str, Field(max_length=40)], Annotated[str, Field(max_length=LONGEST_DETAIL)]],
        Field(max_length=40, description="Answers to the topic's fields, by key"),
    ] = {}


class NewMessage(Closed):
    body: Body


class NewRating(Closed):
    score: Annotated[int, Field(ge=1, le=5, description="1 very poor, 5 very good")]
    comment: Annotated[str, Field(max_length=2 * LONGEST_COMMENT)] = ""


class NewReply(Closed):
    body: Body
    version: Version
    then: Annotated[Literal["open", "pending", "solved"], Field(description="The status that the reply brings")] = (
        "open"
    )


class NewAssignee(Closed):
    assignee: Annotated[
        str | None, Field(max_length=254, description="`me`, the address of a colleague, or null for nobody")
    ]
    version: Version


class NewStatus(Closed):
    status: Literal["open", "pending", "on_hold", "solved", "spam"]
    version: Version
    reason: Annotated[str, Field(max_length=200)] = ""
    department: Annotated[str, Field(max_length=40, description="Key; for on_hold")] = ""
    revisit_at: Annotated[datetime | None, Field(description="When to look again; for on_hold")] = None


# Out


class ChoiceOut(Schema):
    value: str
    label: str


class FieldOut(Schema):
    key: str
    kind: str
    label: str
    hint: str
    is_required: bool
    choices: list[ChoiceOut]


class TopicOut(Schema):
    key: str
    name: str
    description: str
    fields: list[FieldOut]


class CustodyOut(Schema):
    """Who has the request just now: a public name, empty for the support team."""

    holder: str
    since: datetime | None
    next_update_by: datetime | None


class TicketOut(Schema):
    public_id: str
    reference: str
    url: str
    subject: str
    topic: str
    status: Literal["received", "in_progress", "waiting_for_you", "solved", "closed", "joined"]
    status_text: str
    language: str
    created_at: datetime
    last_message_at: datetime | None
    may_reopen: bool


class TicketInFull(TicketOut):
    details: dict[str, str]
    custody: CustodyOut
    merged_into: str | None
    follows: str | None
    score: int | None


class AttachmentOut(Schema):
    public_id: str
    name: str
    content_type: str
    size: int
    url: str


class MessageOut(Schema):
    id: str
    ticket: str
    kind: Literal["customer", "support", "automatic"]
    author: str
    body: str
    language: str
    at: datetime
    removed: list[str]
    attachments: list[AttachmentOut]


class Tickets(Schema):
    items: list[TicketOut]
    next: str | None


class Messages(Schema):
    items: list[MessageOut]
    next: str | None


class DeskTicketOut(Schema):
    public_id: str
    reference: str
    url: str
    subject: str
    topic: str
    status: StatusName
    priority: PriorityName
    language: str
    channel: str
    requester: str
    assignee: str | None
    department: str | None
    created_at: datetime
    updated_at: datetime
    last_message_at: datetime | None
    due_at: datetime | None
    version: int


class DeskTicketInFull(DeskTicketOut):
    details: dict[str, str]
    tags: list[str]
    hold_reason: str
    revisit_at: datetime | None
    reopen_count: int
    merged_into: str | None
    follows: str | None


class DeskMessageOut(Schema):
    id: str
    ticket: str
    kind: Literal["customer", "reply", "note", "automatic"]
    delivery: Literal["held", "sent", "stopped"]
    author: str
    body: str
    language: str
    created_at: datetime
    visible_at: datetime
    removed: list[str]
    attachments: list[AttachmentOut]


class DeskTickets(Schema):
    items: list[DeskTicketOut]
    next: str | None


class DeskMessages(Schema):
    items: list[DeskMessageOut]
    next: str | None
