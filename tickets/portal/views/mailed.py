"""Mailed links. Opening one shows nothing private and changes nothing; the button on its page does what it is for."""

import logging
from collections.abc import Iterable
from smtplib import SMTPException

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from supportdesk.accounts import known_browser
from tickets import links
from tickets.access import Access
from tickets.actions import opening, rating
from tickets.errors import AlreadyDone, TicketError, TooMany
from tickets.links import Link
from tickets.models import PendingRequest, Ticket
from tickets.portal import codes, doors, showing
from tickets.portal.forms import CodeForm, RatingForm
from tickets.portal.frame import draw, private_page, zone
from tickets.portal.sending import address_of

logger = logging.getLogger(__name__)
AGAIN = 600  # seconds after the proof in which the same link opens the request once more: a second press of the button


@private_page("GET", "POST")
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Whatever a link is for, its purpose names who answers."""
    try:
        found = links.read(token)
    except links.LinkTooOld as old:
        return _over(request, old.link.purpose, 410)
    except links.LinkNotGood:
        return _over(request, "", 404)
    answer: HttpResponse = import_string(found.view)(request, found)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _over(request: HttpRequest, purpose: str, status: int, message: str = "") -> HttpResponse:
    title = gettext("This link does not work any more") if purpose else gettext("This link does not work")
    return draw(request, "link_over", {"title": title, "purpose": purpose, "message": message}, status)


# Proof of a guest's address


def prove(request: HttpRequest, link: Link) -> HttpResponse:
    held = _held(link)
    if held is None:  # deleted when its seven days were over; a link that was made on the last of them lives longer
        return _over(request, link.purpose, 404)
    if held.ticket is not None and not _just_opened(held):
        return _status(request, _open_to_links([held.ticket.pk]))
    if request.method != "POST":
        return draw(request, "prove", {"title": gettext("Confirm your e-mail address")})
    try:
        ticket = opening.prove_address(held)
    except AlreadyDone as over:
        return _over(request, link.purpose, 410, str(over))
    doors.open_in_session(request, ticket)
    answer = HttpResponseRedirect(address_of(ticket))
    known_browser.put(request, answer, held.email)
    return answer


def _held(link: Link) -> PendingRequest | None:
    return PendingRequest.objects.select_related("ticket").filter(public_id=link.ids[0]).first() if link.ids else None


def _just_opened(held: PendingRequest) -> bool:
    return held.ticket is not None and (timezone.now() - held.ticket.created_at).total_seconds() < AGAIN


# Where it stands


def status(request: HttpRequest, link: Link) -> HttpResponse:
    return _status(request, _ticket(link))


def _ticket(link: Link) -> Ticket:
    return _open_to_links(_numbers(link))


def _open_to_links(numbers: Iterable[int]) -> Ticket:
    """Raises Http404 where no link leads to any of them, as where their customer's account is closed."""
    rows = Ticket.objects.visible_to(Access(ticket_ids=frozenset(numbers)))
    ticket = rows.select_related("topic", "department", "requester").first()
    if ticket is None:
        raise Http404
    return ticket


def _numbers(link: Link) -> list[int]:
    return list(Ticket.objects.filter(public_id=link.ids[0]).values_list("pk", flat=True)) if link.ids else []


def _status(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """Whoever may see the request goes to it. Others learn where it stands, and what was said after a code."""
    if Ticket.objects.visible_to(doors.access_of(request)).filter(pk=ticket.pk).exists():
        return HttpResponseRedirect(address_of(ticket))
    if request.method != "POST":
        return draw(request, "status_link", {"title": gettext("Your request")})
    action = request.POST.get("action", "")
    if action == "code":
        return _send_code(request, ticket)
    if action == "enter":
        return _enter(request, ticket)
    return _standing(request, ticket)


def _standing(
    request: HttpRequest, ticket: Ticket, form: CodeForm | None = None, problem: str = "", status: int = 200
) -> HttpResponse:  # fmt: skip
    form = form or (CodeForm() if codes.was_asked(request, ticket) else None)
    if form is not None:
        form.describe()
    reader = zone(doors.zone_of(request, ticket))
    context = {
        **showing.head(ticket, reader),
        "title": gettext("Where your request stands"),
        "has_errors": bool(problem or (form and form.errors)),
        "form": form,
        "problem": problem,
    }
    with timezone.override(reader):
        return draw(request, "status", context, status)


def _send_code(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    try:
        codes.send_code(request, ticket)
    except TooMany as error:
        return _standing(request, ticket, problem=str(error), status=429)
    except (OSError, SMTPException):
        logger.warning("The code for a mailed link could not be sent.", exc_info=True)
        message = gettext("We cannot send e-mails at the moment. Wait a minute, then try again.")
        return _standing(request, ticket, problem=message, status=503)
    return _standing(request, ticket)


def _enter(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    form = CodeForm(request.POST)
    if form.is_valid() and codes.is_right(request, ticket, form.cleaned_data["code"]):
        doors.open_in_session(request, ticket)
        return HttpResponseRedirect(address_of(ticket))
    if form.is_valid():
        form.add_error("code", gettext("This code is wrong, or its time is over. Look again, or ask for a new code."))
    return _standing(request, ticket, form, status=400)


# Rating


def rate(request: HttpRequest, link: Link) -> HttpResponse:
    ticket = _ticket(link)
    preset = {"score": link.ids[1]} if len(link.ids) > 1 else {}
    form = RatingForm(request.POST) if request.method == "POST" else RatingForm(initial=preset)
    if request.method == "POST" and form.is_valid():
        try:
            score, comment = form.cleaned_data["score"], form.cleaned_data["comment"]
            rating.rate(ticket, score, by=ticket.requester, comment=comment)
            return draw(request, "rated", {"title": gettext("Thank you. We read every answer.")})
        except TicketError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    form.describe()
    context = {"title": gettext("How did we do?"), "rating_form": form, "has_errors": bool(form.errors)}
    return draw(request, "rate", context, 400 if form.errors else 200)
