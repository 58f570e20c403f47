"""Rows as programs see them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from tickets import custody
from tickets.desk_ui.customers import customer_name
from tickets.enums import FAR, MessageKind, Status
from tickets.models import Attachment, Message, SideConversation, Ticket, Topic
from tickets.models.agent import public_names

# What a trader's program is told of a status: what its person is told.
PUBLIC = {
    Status.NEW: "received",
    Status.OPEN: "in_progress",
    Status.ON_HOLD: "in_progress",
    Status.PENDING: "waiting_for_you",
    Status.SOLVED: "solved",
    Status.CLOSED: "closed",
    Status.MERGED: "joined",
    Status.SPAM: "closed",
}
FROM = {
    MessageKind.CUSTOMER: "customer",
    MessageKind.REPLY: "support",
    MessageKind.AUTOMATIC: "automatic",
}


def opaque(kind: str, number: int) -> str:
    """A name for a row that says nothing of how many there are; always the same."""
    return salted_hmac(f"api.{kind}", str(number), algorithm="sha256").hexdigest()[:24]


def topic(row: Topic) -> dict[str, Any]:
    fields = [
        {
            "key": field.key,
            "kind": field.kind,
            "label": str(field),
            "hint": field.hint or "",
            "is_required": field.is_required,
            "choices": [{"value": choice.value, "label": str(choice)} for choice in field.choices.all()],
        }
        for field in row.fields.all()
    ]
    return {"key": row.key, "name": str(row), "description": row.description or "", "fields": fields}


def ticket(row: Ticket, now: datetime) -> dict[str, Any]:
    """A ticket as its own trader sees it; `topic` is loaded."""
    return {
        "public_id": row.public_id,
        "reference": row.reference,
        "url": f"{settings.SITE_URL}/{row.language}/tickets/{row.public_id}/",
        "subject": row.subject,
        "topic": row.topic.key,
        "status": PUBLIC[Status(row.status)],
        "status_text": str(row.display.public),
        "language": row.language,
        "created_at": row.asked_at,
        "last_message_at": row.last_reply_at,
        "may_reopen": row.may_reopen(now),
    }


def ticket_in_full(row: Ticket, now: datetime) -> dict[str, Any]:
    held = custody.of(row, _asked(row), now)
    rating = getattr(row, "rating", None)
    return {
        **ticket(row, now),
        "details": row.details,
        "custody": {"holder": held.holder, "since": held.since, "next_update_by": held.next_update_by},
        "merged_into": _number(row.merged_into) if _is_theirs(row.merged_into, row) else None,
        "follows": _number(row.follows),
        "score": rating.score if rating else None,
    }


def without_words(shown: dict[str, Any]) -> dict[str, Any]:
    """A ticket for a program that may change it and not read it: without what people wrote, and who they are."""
    empty = {"subject": "", "details": {}, "requester": "", "tags": [], "hold_reason": ""}
    return {name: empty.get(name, value) for name, value in shown.items()}


def _asked(row: Ticket) -> tuple[str, datetime] | None:
    open_ones = SideConversation.objects.open().filter(ticket=row).select_related("department")
    first = open_ones.order_by("due_at").first()
    return (first.department.shown_name, first.due_at) if first else None


def _is_theirs(other: Ticket | None, row: Ticket) -> bool:
    """A lead may have merged it into somebody else's, whose number is nobody's business."""
    return other is not None and other.requester_id == row.requester_id


def _number(row: Ticket | None) -> str | None:
    return row.public_id if row is not None else None


def messages(rows: list[Message], of: Ticket) -> list[dict[str, Any]]:
    """Messages as the customer sees them, each with `author` and attachments loaded."""
    names = public_names(row.author for row in rows if row.kind != MessageKind.CUSTOMER)
    return [_message(row, of, names) for row in rows]


def _message(row: Message, of: Ticket, names: Mapping[int, str]) -> dict[str, Any]:
    is_own = row.kind == MessageKind.CUSTOMER
    author = gettext("You") if is_own else names.get(row.author_id or 0) or gettext("Support")
    return {
        "id": opaque("message", row.pk),
        "ticket": of.public_id,
        "kind": FROM[MessageKind(row.kind)],
        "author": author,
        "body": row.body,
        "language": row.language,
        "at": row.visible_at,
        "removed": row.removed,
        "attachments": [attachment(file, "attachments") for file in row.attachments.all()],
    }


def attachment(row: Attachment, folder: str) -> dict[str, Any]:
    return {
        "public_id": row.public_id,
        "name": row.name,
        "content_type": row.content_type,
        "size": row.size,
        "url": f"{settings.SITE_URL}/api/v1/{folder}/{row.public_id}",
    }


# At the desk


def desk_ticket(row: Ticket) -> dict[str, Any]:
    """A ticket as staff see it; topic, requester, assignee and department are loaded."""
    return {
        "public_id": row.public_id,
        "reference": row.reference,
        "url": desk_address(row.public_id),
        "subject": row.subject,
        "topic": row.topic.key,
        "status": row.status,
        "priority": row.priority,
        "language": row.language,
        "channel": row.channel,
        "requester": customer_name(row.requester),
        "assignee": str(row.assignee) if row.assignee else None,
        "department": row.department.key if row.department else None,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "last_message_at": row.last_reply_at,
        "due_at": row.next_due_at if row.next_due_at < FAR else None,
        "version": row.version,
    }


def desk_address(public_id: str) -> str:
    return f"{settings.SITE_URL}/desk/tickets/{public_id}/"


def desk_ticket_in_full(row: Ticket) -> dict[str, Any]:
    return {
        **desk_ticket(row),
        "details": row.details,
        "tags": [tag.name for tag in row.tags.all()],
        "hold_reason": row.hold_reason,
        "revisit_at": row.revisit_at if row.status == Status.ON_HOLD else None,
        "reopen_count": row.reopen_count,
        "merged_into": _number(row.merged_into),
        "follows": _number(row.follows),
    }


def _author(row: Message) -> str:
    if row.author is None:
        return ""
    return customer_name(row.author) if row.kind == MessageKind.CUSTOMER else str(row.author)


def desk_message(row: Message, of: Ticket) -> dict[str, Any]:
    return {
        "id": opaque("message", row.pk),
        "ticket": of.public_id,
        "kind": row.kind,
        "delivery": row.delivery,
        "author": _author(row),
        "body": row.body,
        "language": row.language,
        "created_at": row.created_at,
        "visible_at": row.visible_at,
        "removed": row.removed,
        "attachments": [attachment(file, "desk/attachments") for file in row.attachments.all()],
    }
