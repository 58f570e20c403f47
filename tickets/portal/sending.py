"""What happens when the form is sent: the words, the files and who asks become a request to the desk, once."""

import hashlib
import hmac
import re
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext

from supportdesk.accounts import known_browser
from supportdesk.ui.prepared import PreparedRows
from tickets.actions import opening
from tickets.errors import InvalidInput, TicketError
from tickets.models import PendingRequest, Ticket, Topic
from tickets.portal import limits
from tickets.portal.doors import zone_of
from tickets.portal.files import SentFiles
from tickets.portal.forms import DETAIL, TicketForm
from tickets.portal.frame import zone as zone_called
from tickets.portal.words import in_reach

SENT, MOST_SENT, SAME_FOR = "sent_requests", 5, 1800  # in the session; seconds
_TOKEN = re.compile(r"[\x21-\x7e]{1,200}")
_LONGEST_TOKEN = 60  # with what the desk puts before it, it fits into its column


def token_of(request: HttpRequest) -> str:
    """What every try to send the same thing has in common: the header of a program, or the hidden field."""
    for token in (request.headers.get("Idempotency-Key", ""), request.POST.get("submission_token", "")):
        if _TOKEN.fullmatch(token):
            return (
                token if len(token) <= _LONGEST_TOKEN else hashlib.sha256(token.encode()).hexdigest()[:_LONGEST_TOKEN]
            )
    return ""


def send(request: HttpRequest, form: TicketForm, files: SentFiles) -> str:
    """Send a valid form; returns where to go on. A second try with the same token, and the same words from the same
    session within half an hour (the way back in the browser), lead to the first. Raises TicketError."""
    earlier = _sent_before(request, form)
    if earlier:
        return earlier
    limits.count(request, "ticket")
    asked = _request(request, form, files)
    made = _open(request, asked) if request.user.is_authenticated else _hold(request, form, asked)
    files.forget()
    if files.removed:
        messages.warning(request, gettext("We took something secret out of your files. It was not stored."))
    address = address_of(made)
    if not request.user.is_authenticated:
        request.session["pending"] = [*request.session.get("pending", ()), made.public_id][-MOST_SENT:]
    _remember(request, form, address)
    return address


def _request(request: HttpRequest, form: TicketForm, files: SentFiles) -> opening.Request:
    read = files.read()
    if files.is_missing and not _known_token(request, form):
        raise InvalidInput(files_gone(), "attachments")
    data = form.cleaned_data
    return opening.Request(
        topic=form.topic,
        subject=data["subject"],
        body=data["body"],
        language=data["language"],
        details={**form.details, **form.carried()},
        region=form.region,
        token=token_of(request),
        files=read,
    )


def files_gone() -> str:
    return gettext("Some of your files are not here any more. Choose them again.")


def _known_token(request: HttpRequest, form: TicketForm) -> bool:
    token = token_of(request)
    if not token:
        return False
    if request.user.is_authenticated:
        return Ticket.objects.filter(requester=request.user, submission_token=token).exists()
    email = form.cleaned_data["email"]
    return PendingRequest.objects.filter(email=email, submission_token=token).exists()


def _open(request: HttpRequest, asked: opening.Request) -> Ticket:
    return opening.open_ticket(asked, by=request.user)


def _hold(request: HttpRequest, form: TicketForm, asked: opening.Request) -> PendingRequest:
    """A guest, whoever's address they name: with an account or without, the mail box has to say so."""
    email = form.cleaned_data["email"]
    is_known = bool(known_browser.number_of(request, email))
    zone = request.POST.get("zone", "") or zone_of(request)
    if not is_known:
        with timezone.override(zone_called(zone)):
            limits.count_mailbox(request, email)
    return opening.hold_request(
        asked,
        email=email,
        name=form.cleaned_data["name"],
        time_zone=zone if zone in available_timezones() else "UTC",
        is_known=is_known,
    )


def address_of(made: Ticket | PendingRequest) -> str:
    page = "portal:ticket" if isinstance(made, Ticket) else "portal:pending"
    return reverse(page, args=[made.public_id])


def digest_of(form: TicketForm) -> str:
    """The same for the same request, and of no use to anybody who reads the session."""
    words = [form.topic.key, *(f"{name}={form.cleaned_data.get(name, '')}" for name in sorted(form.fields))]
    return hmac.new(settings.SECRET_KEY.encode(), "\0".join(words).encode(), hashlib.sha256).hexdigest()[:32]


def _sent_before(request: HttpRequest, form: TicketForm) -> str:
    sent = request.session.get(SENT, {}).get(digest_of(form))
    return sent[0] if sent and timezone.now().timestamp() - sent[1] < SAME_FOR else ""


def _remember(request: HttpRequest, form: TicketForm, address: str) -> None:
    sent = dict(list(request.session.get(SENT, {}).items())[-MOST_SENT + 1 :])
    request.session[SENT] = {**sent, digest_of(form): [address, timezone.now().timestamp()]}


def put_into(form: TicketForm, error: TicketError) -> None:
    """An error of the desk, at the field that it is about."""
    field = error.field if error.field in form.fields else DETAIL + error.field
    form.add_error(field if field in form.fields else None, str(error))


def topic_named(key: str) -> Topic | None:
    """A topic that the form offers."""
    reader = get_language() or settings.LANGUAGE_CODE
    return next(iter(_offered(reader, key=key[:40].replace("\0", "")) if key else ()), None)


@PreparedRows
def _offered(reader: str, *, key: str) -> QuerySet[Topic]:
    words = in_reach("name", "description", reader=reader)
    own = ("key", "icon", "order", "is_offered", "priority", "department", "skill", "solves_itself")
    return Topic.objects.offered().filter(key=key).only(*own, *words)
