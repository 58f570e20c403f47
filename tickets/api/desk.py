"""The desk for programs of staff: what their person sees, and what that person may do."""

from collections.abc import Callable
from datetime import MAXYEAR
from typing import Annotated, Any, Literal

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext
from ninja import Query, Router

from supportdesk.accounts import idempotency
from supportdesk.accounts.bearer import Bearer
from supportdesk.accounts.models import User
from supportdesk.ui import cursors
from supportdesk.ui.problems import Problem
from tickets.access import Access
from tickets.actions import assigning, moving, replying
from tickets.actions.change import NEWS, refuse_stale
from tickets.api import files, shapes, showing
from tickets.desk_ui.customers import customer_name
from tickets.enums import Role, Status
from tickets.errors import AlreadyDone, InvalidInput, StaleTicket
from tickets.models import Department, Message, Ticket, TicketEvent

router = Router()
READ, WRITE = Bearer("desk:read"), Bearer("desk:write")
LOADED = ("topic", "requester", "assignee", "department")
MOST_NEWS = 20


def access_of(request: HttpRequest) -> Access:
    return Access.of_staff(request.auth.person)  # type: ignore[attr-defined]


def seen_by(request: HttpRequest, public_id: str) -> Ticket:
    """A ticket that this person sees. Raises Http404 for any other."""
    loaded = Ticket.objects.select_related(*LOADED, "merged_into", "follows")
    return get_object_or_404(loaded.visible_to(access_of(request)), public_id=public_id)


def in_full(request: HttpRequest, public_id: str) -> dict[str, Any]:
    return showing.desk_ticket_in_full(seen_by(request, public_id))


# Reading


class Filters(shapes.Closed):
    """What narrows the queue; without `status` it is everything unsolved."""

    status: list[shapes.StatusName] = []
    priority: list[shapes.PriorityName] = []
    language: Annotated[str, Query(max_length=12)] = ""
    topic: Annotated[str, Query(max_length=40, description="Key")] = ""
    department: Annotated[str, Query(max_length=40, description="Key, or `none` for the front line")] = ""
    assignee: Literal["", "me", "none"] = ""
    overdue: bool = False
    order: Literal["due", "newest"] = "due"


@router.get("tickets", auth=READ, response=shapes.DeskTickets, url_name="desk-tickets")
def list_desk_tickets(
    request: HttpRequest, filters: Query[Filters], limit: shapes.Limit = 20, cursor: shapes.Cursor = ""
) -> dict[str, Any]:
    """The queue of your person: due first, or newest first."""
    access = access_of(request)
    rows = _narrowed(Ticket.objects.visible_to(access), filters, access).select_related(*LOADED)
    by = "next_due_at" if filters.order == "due" else "-created_at"
    of = f"desk:{access.user.pk}:{filters.model_dump_json()}"
    found, next_cursor = cursors.page(rows, by, cursor, limit, of)
    return {"items": [showing.desk_ticket(row) for row in found], "next": next_cursor}


def _narrowed(rows: Any, filters: Filters, access: Access) -> Any:
    rows = rows.filter(status__in=filters.status) if filters.status else rows.unsolved()
    named = {"priority__in": filters.priority, "language": filters.language, "topic__key": filters.topic}
    rows = rows.filter(**{name: value for name, value in named.items() if value})
    if filters.department == "none":
        rows = rows.filter(department=None)
    elif filters.department:
        rows = rows.filter(department__key=filters.department)
    if filters.assignee:
        rows = rows.filter(assignee=access.user if filters.assignee == "me" else None)
    return rows.overdue(timezone.now()) if filters.overdue else rows


@router.get("tickets/{slug:public_id}", auth=READ, response=shapes.DeskTicketInFull, url_name="desk-ticket")
def get_desk_ticket(request: HttpRequest, public_id: str) -> dict[str, Any]:
    """A ticket with all that staff know of it; send its `version` back with what you change."""
    return in_full(request, public_id)


@router.get("tickets/{slug:public_id}/messages", auth=READ, response=shapes.DeskMessages, url_name="desk-messages")
def list_desk_messages(
    request: HttpRequest, public_id: str, limit: shapes.Limit = 50, cursor: shapes.Cursor = ""
) -> dict[str, Any]:
    """Messages, notes and replies that are still held, the oldest first."""
    ticket, access = seen_by(request, public_id), access_of(request)
    rows = ticket.messages.visible_to(access).select_related("author").prefetch_related("attachments")
    found, next_cursor = cursors.page(rows, "visible_at", cursor, limit, f"desk-messages:{ticket.pk}")
    return {"items": [showing.desk_message(row, ticket) for row in found], "next": next_cursor}


@router.get("attachments/{slug:public_id}", auth=READ, url_name="desk-attachment", openapi_extra=files.AS_FILE)
def get_desk_attachment(request: HttpRequest, public_id: str) -> HttpResponse:
    """A file of a ticket that you see, as a download."""
    return files.download(request, public_id, access_of(request))


# Writing


def unless_stale(ticket: Ticket, seen: int, act: Callable[[], Any]) -> Any:
    """Do it unless something came in after the version that the sender saw; what came in is told (Problem)."""
    try:
        with transaction.atomic():
            locked = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
            refuse_stale(locked, seen)
            return act()
    except StaleTicket as error:
        raise Problem("stale", str(error), field="version", **_news(ticket, seen)) from error


def _news(ticket: Ticket, seen: int) -> dict[str, Any]:
    events = TicketEvent.objects.filter(ticket=ticket, version__gt=seen, kind__in=NEWS).select_related("by")
    current = Ticket.objects.values_list("version", flat=True).get(pk=ticket.pk)
    return {"version": current, "news": [_event(event) for event in events[:MOST_NEWS]]}


def _event(event: TicketEvent) -> dict[str, Any]:
    return {
        "kind": event.kind,
        "at": event.at,
        "by": _who(event),
        "status": event.to_status,
        "version": event.version,
        "message": showing.opaque("message", event.message_id) if event.message_id else None,
    }


def _who(event: TicketEvent) -> str | None:
    if event.by is None:
        return None
    return customer_name(event.by) if event.role == Role.CUSTOMER else str(event.by)


def _once(request: HttpRequest, key: str, payload: shapes.Closed, act: Callable[[], Message]) -> dict[str, Any]:
    asked = f"{request.method} {request.path}\n{payload.model_dump_json()}"
    number, _is_new = idempotency.once(access_of(request).user, key, asked, lambda: str(act().pk))
    row = (
        Message.objects.select_related("ticket", "author")
        .prefetch_related("attachments")
        .filter(pk=int(number))
        .first()
    )
    if row is None:  # taken back since
        raise AlreadyDone(gettext("This reply is not waiting any more."))
    return showing.desk_message(row, row.ticket)


@router.post(
    "tickets/{slug:public_id}/replies", auth=WRITE, response={201: shapes.DeskMessageOut}, url_name="desk-replies"
)
def create_reply(
    request: HttpRequest, public_id: str, payload: shapes.NewReply, key: shapes.Key = ""
) -> dict[str, Any]:
    """Answer the customer. The reply goes out after 15 seconds, with the status that it brings. 409 with `news` where
    something came in after `version`."""
    ticket, person = seen_by(request, public_id), access_of(request).user

    def act() -> Message:
        then = Status(payload.then)
        send = lambda: replying.reply(ticket, payload.body, by=person, seen=payload.version, then=then)  # noqa: E731
        message: Message = unless_stale(ticket, payload.version, send)
        return message

    return _once(request, key, payload, act)


@router.post("tickets/{slug:public_id}/notes", auth=WRITE, response={201: shapes.DeskMessageOut}, url_name="desk-notes")
def create_note(
    request: HttpRequest, public_id: str, payload: shapes.NewMessage, key: shapes.Key = ""
) -> dict[str, Any]:
    """A note for colleagues; customers never see it."""
    ticket, person = seen_by(request, public_id), access_of(request).user
    return _once(request, key, payload, lambda: replying.write_note(ticket, payload.body, by=person))


@router.put("tickets/{slug:public_id}/assignee", auth=WRITE, response=shapes.DeskTicketInFull, url_name="desk-assignee")
def put_assignee(request: HttpRequest, public_id: str, payload: shapes.NewAssignee) -> dict[str, Any]:
    """Take a ticket that nobody has, give it to a colleague, or put it back into the queue."""
    ticket, person = seen_by(request, public_id), access_of(request).user
    unless_stale(ticket, payload.version, lambda: _give(ticket, payload.assignee, person))
    return _changed(request, ticket)


def _give(ticket: Ticket, to: str | None, person: Any) -> Ticket:
    if to is None:
        return assigning.give_back(ticket, by=person)
    if to == "me":
        return assigning.take(ticket, by=person)
    colleague = User.objects.filter(email=User.objects.normalize_email(to), is_active=True).first()
    if colleague is None or not colleague.has_perm("tickets.work_ticket"):
        raise InvalidInput(gettext("Nobody who works on tickets has this address."), "assignee")
    return assigning.assign(ticket, colleague, by=person)


@router.put("tickets/{slug:public_id}/status", auth=WRITE, response=shapes.DeskTicketInFull, url_name="desk-status")
def put_status(request: HttpRequest, public_id: str, payload: shapes.NewStatus) -> dict[str, Any]:
    """Move a ticket. `on_hold` needs `department`, `reason` and `revisit_at`; `solved` without a last word from us
    needs the reason `no_reply_needed`; `open` takes up what waits, and opens what is solved (leads)."""
    ticket, person = seen_by(request, public_id), access_of(request).user
    if payload.status != ticket.status or payload.revisit_at is not None:
        unless_stale(ticket, payload.version, lambda: MOVES[payload.status](ticket, payload, person))
    return _changed(request, ticket)


def _changed(request: HttpRequest, ticket: Ticket) -> dict[str, Any]:
    """As it is now; its words, and whose it is, for a token that may read them."""
    shown = showing.desk_ticket_in_full(_again(ticket))
    may_read = set(READ.wanted) <= set(request.auth.scopes)  # type: ignore[attr-defined]
    return shown if may_read else showing.without_words(shown)


def _again(ticket: Ticket) -> Ticket:
    """As it is stored now, also where it has just left the reach of its person."""
    return Ticket.objects.select_related(*LOADED, "merged_into", "follows").get(pk=ticket.pk)


def _open(ticket: Ticket, payload: shapes.NewStatus, person: Any) -> Ticket:
    if ticket.status == Status.SOLVED:
        return moving.reopen(ticket, by=person)
    return moving.take_up_again(ticket, by=person, words=payload.reason)


def _hold(ticket: Ticket, payload: shapes.NewStatus, person: Any) -> Ticket:
    department = Department.objects.filter(key=payload.department).first()
    if department is None:
        raise InvalidInput(gettext("There is no such department."), "department")
    if payload.revisit_at is None:
        raise InvalidInput(gettext("Say when to look again."), "revisit_at")
    if timezone.is_naive(payload.revisit_at):
        raise InvalidInput(gettext("Write the time with its zone, like 2026-12-24T08:00:00Z."), "revisit_at")
    if payload.revisit_at.year == MAXYEAR:  # its last hours have no day in every zone
        raise InvalidInput(gettext("This does not fit. See the description of the API."), "revisit_at")
    return moving.put_on_hold(
        ticket, by=person, department=department, reason=payload.reason, revisit_at=payload.revisit_at
    )


def _solve(ticket: Ticket, payload: shapes.NewStatus, person: Any) -> Ticket:
    if payload.reason == moving.NO_REPLY_NEEDED:
        return moving.solve(ticket, by=person, reason=moving.NO_REPLY_NEEDED)
    return moving.solve(ticket, by=person, words=payload.reason)


MOVES: dict[str, Callable[[Ticket, shapes.NewStatus, Any], Ticket]] = {
    "open": _open,
    "pending": lambda ticket, payload, person: moving.wait_for_customer(ticket, by=person),
    "on_hold": _hold,
    "solved": _solve,
    "spam": lambda ticket, payload, person: moving.mark_spam(ticket, by=person),
}
