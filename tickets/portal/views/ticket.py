"""The page of a request: where it stands, what was said, and what its customer does about it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext

from supportdesk.ui import zones
from supportdesk.ui.uploads import keeps_what_fits, left_out
from tickets.actions import alerting, moving, rating, replying
from tickets.attachments import LARGEST_FILE, MOST_FILES
from tickets.desk_ui import timeline
from tickets.errors import InvalidInput, TicketError, TooMany
from tickets.identifiers import new_public_id
from tickets.models import Message, Rating, Ticket
from tickets.portal import doors, limits, sending, showing
from tickets.portal.files import SentFiles
from tickets.portal.forms import MessageForm, RatingForm
from tickets.portal.frame import draw, private_page, zone

Forms = dict[str, Any]


@keeps_what_fits
@private_page("GET", "POST")
def ticket(request: HttpRequest, public_id: str) -> HttpResponse:
    found = doors.find_ticket(request, public_id)
    gone_to = _merged_into(request, found)
    if gone_to is not None:
        return HttpResponseRedirect(sending.address_of(gone_to))
    if request.method == "POST":
        act = ACTIONS.get(request.POST.get("action", ""), _reply)
        return act(request, found)
    return _page(request, found, {})


def _merged_into(request: HttpRequest, found: Ticket) -> Ticket | None:
    """Where a merged request of the same customer goes on."""
    target = found
    while target.merged_into is not None:
        target = target.merged_into
    if target.pk == found.pk or target.requester_id != found.requester_id:
        return None
    if not request.user.is_authenticated:
        doors.open_in_session(request, target)
    return target


def _page(request: HttpRequest, found: Ticket, forms: Forms, status: int = 200) -> HttpResponse:
    reader = zone(doors.zone_of(request, found))
    whole = showing.whole(found, reader)
    shown = {"form": MessageForm(), "rating_form": _rating_form(whole["rating"]), "files": None, **forms}
    for form in (shown["form"], shown["rating_form"]):
        form.describe()
    faulty = next((form for form in (shown["form"], shown["rating_form"]) if form.errors), None)
    context = {
        **whole,
        **shown,
        "title": found.subject,
        "faulty": faulty,
        "has_errors": bool(faulty or (shown["files"] and shown["files"].faults)),
        "token": sending.token_of(request) or new_public_id(),
        "most_files": MOST_FILES,
        "largest_file": LARGEST_FILE,
    }
    with timezone.override(reader):
        return draw(request, "ticket", context | {"zone": zones.called()}, status)


def _rating_form(given: Rating | None) -> RatingForm:
    """The five answers, with the one that was given before."""
    return RatingForm(initial={"score": given.score, "comment": given.comment} if given else {})


def _reply(request: HttpRequest, found: Ticket) -> HttpResponse:
    """What the customer adds; on a closed request it begins a new one."""
    form, files = MessageForm(request.POST), SentFiles(request)
    if form.is_valid() and not files.faults:
        try:
            return _written(request, found, form, files)
        except (TicketError, PermissionDenied) as error:
            form.add_error("body" if getattr(error, "field", "") == "body" else None, str(error))
            files.keep(request)
            return _page(request, found, {"form": form, "files": files}, 429 if isinstance(error, TooMany) else 400)
    files.keep(request)
    return _page(request, found, {"form": form, "files": files}, 400)


def _written(request: HttpRequest, found: Ticket, form: MessageForm, files: SentFiles) -> HttpResponse:
    limits.count(request, "ticket")
    by, token = doors.customer_of(found, request), sending.token_of(request)
    read = files.read()
    if files.is_missing and not replying.written_before(by=by, token=token):
        raise InvalidInput(sending.files_gone())
    message = replying.write_to_ticket(found, form.cleaned_data["body"], by=by, files=read, token=token)
    files.forget()
    if files.removed:
        messages.warning(request, gettext("We took something secret out of your files. It was not stored."))
    shown = _where_it_is(message, found)
    if shown.pk != found.pk and not request.user.is_authenticated:
        doors.open_in_session(request, shown)
    return HttpResponseRedirect(f"{sending.address_of(shown)}#page_message_{message.pk}")


def _where_it_is(message: Message, found: Ticket) -> Ticket:
    """The request that shows a message to who wrote it. What was sent before may lie in somebody else's by now, into
    which a lead has merged theirs: nothing leads there."""
    return message.ticket if message.ticket.requester_id == found.requester_id else found


def _solve(request: HttpRequest, found: Ticket) -> HttpResponse:
    """The problem is gone; a last word goes along."""
    written = any(request.POST.get(name, "").strip() for name in ("body", "uploads"))
    if written or request.FILES or left_out(request):
        answer = _reply(request, found)
        if answer.status_code != 302:
            return answer
    return _do(request, found, lambda: moving.confirm_solved(found, by=doors.customer_of(found, request)))


def _reopen(request: HttpRequest, found: Ticket) -> HttpResponse:
    return _do(request, found, lambda: moving.reopen(found, by=doors.customer_of(found, request)))


def _do(request: HttpRequest, found: Ticket, act: Callable[[], object]) -> HttpResponse:
    """Do something that may have been done already, and show how it stands."""
    try:
        act()
    except (TicketError, PermissionDenied) as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(sending.address_of(found))


def _rate(request: HttpRequest, found: Ticket) -> HttpResponse:
    form = RatingForm(request.POST)
    if form.is_valid():
        try:
            score, comment = form.cleaned_data["score"], form.cleaned_data["comment"]
            rating.rate(found, score, by=doors.customer_of(found, request), comment=comment)
        except TicketError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, gettext("Thank you. We read every answer."))
            return HttpResponseRedirect(sending.address_of(found))
    return _page(request, found, {"rating_form": form}, 400)


ACTIONS: dict[str, Callable[[HttpRequest, Ticket], HttpResponse]] = {
    "reply": _reply,
    "solve": _solve,
    "reopen": _reopen,
    "rate": _rate,
}


@private_page("GET")
def updates(request: HttpRequest, public_id: str) -> HttpResponse:
    """What came after a version of the request, as a fragment to append; nothing (204) where nothing did."""
    found = doors.find_ticket(request, public_id)
    since = request.GET.get("since", "")
    seen = int(since) if since.isascii() and since.isdigit() and len(since) < 10 else 0
    slower = {"X-Poll-After": str(after)} if (after := alerting.poll_after()) else {}
    if found.version <= seen:
        return HttpResponse(status=204, headers=slower)
    reader = zone(doors.zone_of(request, found))
    context = {**showing.head(found, reader), "entries": timeline.entries(found, since=seen) if seen else []}
    with timezone.override(reader):
        context["is_update"] = True
        fragment = render_to_string("tickets/portal/parts/updates.html", context, request)
    return HttpResponse(fragment, headers={"X-Version": str(found.version), **slower})
