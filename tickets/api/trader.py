"""A trader's own app: their requests, and nothing else."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext
from ninja import File, Form, Router, Schema, UploadedFile

from supportdesk.accounts import idempotency
from supportdesk.accounts.bearer import Bearer
from supportdesk.ui import cursors
from supportdesk.ui.languages import is_known
from tickets import fields
from tickets.access import Access
from tickets.actions import moving, opening, rating, replying
from tickets.api import files, shapes, showing
from tickets.enums import UNSOLVED, Channel, FieldKind, Status
from tickets.errors import InvalidInput
from tickets.models import Message, Ticket, Topic, TopicField

router = Router()
READ, WRITE = Bearer("tickets:read"), Bearer("tickets:write")
STANDS = {"unsolved": list(UNSOLVED), "solved": [Status.SOLVED], "closed": [Status.CLOSED, Status.MERGED]}


def access_of(request: HttpRequest) -> Access:
    return Access.of_trader(request.auth.person)  # type: ignore[attr-defined]


def own(request: HttpRequest, public_id: str) -> Ticket:
    """A ticket of this trader. Raises Http404 for any other."""
    loaded = Ticket.objects.select_related("topic", "department", "merged_into", "follows", "rating")
    return get_object_or_404(loaded.visible_to(access_of(request)), public_id=public_id)


def once(request: HttpRequest, key: str, asked: Schema | str, act: Callable[[], str]) -> str:
    """Do it once under the sender's key, which counts for this address and this body. Raises KeyReused."""
    body = asked.model_dump_json() if isinstance(asked, Schema) else asked
    person = request.auth.person  # type: ignore[attr-defined]
    return idempotency.once(person, key, f"{request.method} {request.path}\n{body}", act)[0]


# Topics and tickets


@router.get("topics", auth=READ, response=list[shapes.TopicOut], url_name="topics")
def topics(request: HttpRequest) -> list[dict[str, Any]]:
    """What a request can be about, and what is asked for each, in the language of Accept-Language."""
    return [showing.topic(row) for row in Topic.objects.offered().prefetch_related("fields__choices")]


@router.get("tickets", auth=READ, response=shapes.Tickets, url_name="tickets")
def list_tickets(
    request: HttpRequest,
    status: Literal["", "unsolved", "solved", "closed"] = "",
    limit: shapes.Limit = 20,
    cursor: shapes.Cursor = "",
) -> dict[str, Any]:
    """Your own requests, the newest first."""
    access = access_of(request)
    rows = Ticket.objects.visible_to(access).select_related("topic")
    if status:
        rows = rows.filter(status__in=STANDS[status])
    found, next_cursor = cursors.page(rows, "-created_at", cursor, limit, f"tickets:{access.user.pk}:{status}")
    now = timezone.now()
    return {"items": [showing.ticket(row, now) for row in found], "next": next_cursor}


@router.post("tickets", auth=WRITE, response={201: shapes.TicketInFull}, url_name="tickets")
def create_ticket(request: HttpRequest, payload: shapes.NewTicket, key: shapes.Key = "") -> dict[str, Any]:
    """Send a request. Secrets (keys, seed phrases) are taken out of the texts before they are stored."""
    asked = _request(request, payload)
    person = access_of(request).user
    number = once(request, key, payload, lambda: opening.open_ticket(asked, by=person).public_id)
    return showing.ticket_in_full(own(request, number), timezone.now())


def _request(request: HttpRequest, payload: shapes.NewTicket) -> opening.Request:
    topic = Topic.objects.offered().prefetch_related("fields__choices").filter(key=payload.topic).first()
    if topic is None:
        raise InvalidInput(gettext("There is no such topic. The keys are at /api/v1/topics."), "topic")
    person = access_of(request).user
    language = payload.language or (person.language if is_known(person.language) else settings.LANGUAGE_CODE)
    if not is_known(language):
        raise InvalidInput(gettext("This is no language of this site. Write a code like zh-hans."), "language")
    return opening.Request(
        topic=topic,
        subject=payload.subject,
        body=payload.body,
        language=language,
        details=_checked_details(topic, payload.details),
        channel=Channel.API,
    )


def _checked_details(topic: Topic, details: Mapping[str, str]) -> dict[str, str]:
    """The answers as the form would keep them. Raises InvalidInput for an answer to no question, none to one that needs
    it, or one that is not what was asked."""
    questions = {field.key: field for field in topic.fields.all()}
    for key in details.keys() - questions.keys():
        raise InvalidInput(gettext("This topic does not ask for “%(key)s”.") % {"key": key[:40]}, f"details.{key[:40]}")
    answers = {key: _answer(question, details.get(key, "")) for key, question in questions.items()}
    return {key: answer for key, answer in answers.items() if answer}


def _answer(question: TopicField, text: str) -> str:
    place = f"details.{question.key}"
    choices = [choice.value for choice in question.choices.all()]
    if question.is_required and not text.strip():
        raise InvalidInput(gettext("“%(label)s” is missing.") % {"label": question}, place)
    if text.strip() and choices and text.strip() not in choices:
        raise InvalidInput(gettext("Choose one of: %(choices)s.") % {"choices": ", ".join(choices)}, place)
    try:
        if text.strip() and question.kind == FieldKind.TIME:
            return fields.written_moment(text, timezone.now())
        return fields.check(question.kind, text, choices)
    except fields.Refused as error:
        raise InvalidInput(str(error), place) from error


@router.get("tickets/{slug:public_id}", auth=READ, response=shapes.TicketInFull, url_name="ticket")
def get_ticket(request: HttpRequest, public_id: str) -> dict[str, Any]:
    """One of your requests: where it stands, who has it, by when you hear again."""
    return showing.ticket_in_full(own(request, public_id), timezone.now())


# What is said on it


@router.get("tickets/{slug:public_id}/messages", auth=READ, response=shapes.Messages, url_name="messages")
def list_messages(
    request: HttpRequest, public_id: str, limit: shapes.Limit = 50, cursor: shapes.Cursor = ""
) -> dict[str, Any]:
    """Messages in the order in which they went out, the oldest first."""
    ticket, access = own(request, public_id), access_of(request)
    rows = ticket.messages.visible_to(access).select_related("author").prefetch_related("attachments")
    found, next_cursor = cursors.page(rows, "visible_at", cursor, limit, f"messages:{ticket.pk}")
    return {"items": showing.messages(found, ticket), "next": next_cursor}


@router.post("tickets/{slug:public_id}/messages", auth=WRITE, response={201: shapes.MessageOut}, url_name="messages")
def create_message(
    request: HttpRequest, public_id: str, payload: shapes.NewMessage, key: shapes.Key = ""
) -> dict[str, Any]:
    """Add to a request. A solved one opens again; a closed one is followed by a new one, named in `ticket`."""
    ticket, person = own(request, public_id), access_of(request).user
    act = lambda: replying.write_to_ticket(ticket, payload.body, by=person, channel=Channel.API)  # noqa: E731
    return _said(once(request, key, payload, lambda: str(act().pk)), ticket)


def _said(number: str, asked: Ticket) -> dict[str, Any]:
    """A message as its writer sees it, also where a lead has merged the request into somebody else's since."""
    row = Message.objects.select_related("ticket", "author").prefetch_related("attachments").get(pk=int(number))
    return showing.messages([row], row.ticket if row.ticket.requester_id == asked.requester_id else asked)[0]


@router.post(
    "tickets/{slug:public_id}/attachments", auth=WRITE, response={201: shapes.MessageOut}, url_name="attachments"
)
def create_attachments(
    request: HttpRequest,
    public_id: str,
    body: Annotated[str, Form(min_length=1, max_length=40_000, description="What the files show")],
    sent: Annotated[list[UploadedFile], File(alias="files", description="At most five, 10 MB each, 15 MB together")],
    key: shapes.Key = "",
) -> dict[str, Any]:
    """Add a message with files. Pictures are drawn anew, and keys are taken out of texts, before they are stored."""
    ticket, person = own(request, public_id), access_of(request).user
    checked = files.examined(sent)

    def act() -> str:
        message = replying.write_to_ticket(ticket, body, by=person, channel=Channel.API, files=checked)
        return str(message.pk)

    return _said(once(request, key, f"{body}\n{files.fingerprint(checked)}", act), ticket)


@router.get("attachments/{slug:public_id}", auth=READ, url_name="attachment", openapi_extra=files.AS_FILE)
def get_attachment(request: HttpRequest, public_id: str) -> HttpResponse:
    """A file of one of your requests, as a download."""
    return files.download(request, public_id, access_of(request))


# What becomes of it


@router.post("tickets/{slug:public_id}/solve", auth=WRITE, response=shapes.TicketInFull, url_name="solve")
def solve(request: HttpRequest, public_id: str) -> dict[str, Any]:
    """Say that the problem is gone."""
    ticket = own(request, public_id)
    if ticket.status != Status.SOLVED:
        moving.confirm_solved(ticket, by=access_of(request).user)
    return _changed(request, public_id)


@router.post("tickets/{slug:public_id}/reopen", auth=WRITE, response=shapes.TicketInFull, url_name="reopen")
def reopen(request: HttpRequest, public_id: str) -> dict[str, Any]:
    """Open a solved request again, within a week."""
    moving.reopen(own(request, public_id), by=access_of(request).user)
    return _changed(request, public_id)


@router.put("tickets/{slug:public_id}/rating", auth=WRITE, response=shapes.TicketInFull, url_name="rating")
def rate(request: HttpRequest, public_id: str, payload: shapes.NewRating) -> dict[str, Any]:
    """Say how it went, once it is solved; the latest counts."""
    rating.rate(own(request, public_id), payload.score, by=access_of(request).user, comment=payload.comment)
    return _changed(request, public_id)


def _changed(request: HttpRequest, public_id: str) -> dict[str, Any]:
    """As it is now; its words for a token that may read them."""
    shown = showing.ticket_in_full(own(request, public_id), timezone.now())
    may_read = set(READ.wanted) <= set(request.auth.scopes)  # type: ignore[attr-defined]
    return shown if may_read else showing.without_words(shown)
