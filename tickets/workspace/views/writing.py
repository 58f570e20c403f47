"""Writing on a ticket: replies and notes, drafts, macros and articles, taking a reply back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from supportdesk.ui.uploads import keeps_what_fits, left_out
from tickets.actions import drafting, opening, replying
from tickets.errors import TicketError
from tickets.identifiers import new_public_id
from tickets.models import Macro, Message, ReplyDraft, Ticket
from tickets.workspace import macros, queries, submitting
from tickets.workspace.composer import Composer, macro_hint
from tickets.workspace.display import staff_name
from tickets.workspace.doors import DeskRequest, bare_ticket_for, desk, ticket_for
from tickets.workspace.forms import NewTicketForm, number_of
from tickets.workspace.listing import Wanted
from tickets.workspace.views.pages import page, part
from tickets.workspace.views.thread import ticket_page


@keeps_what_fits
@require_http_methods(["GET", "HEAD", "POST"])
@desk
def write(request: DeskRequest, number: str) -> HttpResponse:
    """Send a reply or keep a note. What is refused comes back with its text and what is new on the ticket; whoever
    opens the address of that page again is on the ticket, where the text is a draft."""
    ticket = bare_ticket_for(request, number)
    wanted = Wanted.of(request.GET)
    if request.method != "POST":
        return HttpResponseRedirect(f"{_address(ticket)}?{wanted.query}#desk_composer")
    following = following_of(request, ticket) if request.POST.get("go_on") else None
    sent = submitting.write(ticket, request.POST, request.FILES, left_out(request), by=request.access.user)
    if isinstance(sent, Composer):
        fresh = ticket_for(request, number)
        agent = drafting.agent_of(request.access.user)
        return ticket_page(request, fresh, sent, agent, sent.status)
    if not sent.go_on:
        return HttpResponseRedirect(f"{_address(ticket)}?{wanted.query}#m{sent.message.pk}")
    said = gettext("Your reply on %(number)s goes out in a moment.") % {"number": ticket.reference}
    return go_on(request, following, said, undo=reverse("workspace:undo", args=[number, sent.message.pk]))


def following_of(request: DeskRequest, ticket: Ticket) -> Ticket | None:
    """The ticket to go on with, looked for before this one leaves the list."""
    asked = Wanted.of(request.GET).asked(request.access)
    return queries.neighbours(ticket, asked, request.access, timezone.now())


def _address(ticket: Ticket) -> str:
    return reverse("workspace:thread", args=[ticket.public_id])


def go_on(request: DeskRequest, following: Ticket | None, said: str, *, undo: str = "") -> HttpResponse:
    """To the next ticket of the list, or back to the list where it was the last."""
    messages.success(request, said, extra_tags=undo)
    query = Wanted.of(request.GET).query
    place = _address(following) if following is not None else reverse("workspace:queue")
    return HttpResponseRedirect(f"{place}?{query}")


@require_POST
@desk
def keep_draft(request: DeskRequest, number: str) -> HttpResponse:
    """Keep what is being written in one of the boxes (`kind`); says when."""
    ticket = bare_ticket_for(request, number)
    box = _posted(request, ticket).box
    try:
        kept = drafting.keep_draft(
            ticket, box.body, by=request.access.user, is_note=box.is_note, is_shared=box.is_shared
        )  # fmt: skip
    except TicketError as error:
        return part(request, "draft", {"problem": str(error)})
    return part(request, "draft", {"kept": kept})


def _posted(request: DeskRequest, ticket: Ticket) -> submitting.Posted:
    kind = "note" if request.POST.get("kind") == "note" else "reply"
    return submitting.Posted(ticket, kind, request.POST, request.FILES, left_out(request), by=request.access.user)


@keeps_what_fits
@require_POST
@desk
def keep_files(request: DeskRequest, number: str) -> HttpResponse:
    """Have files wait beside one of the boxes (`kind`) before it is sent, or forget one (`drop`); answers with those
    that wait."""
    ticket = bare_ticket_for(request, number)
    drop = request.POST.get("drop", "")
    box = _posted(request, ticket).keep_files(drop)
    return part(request, "chosen", {"ticket": ticket, "one": box, "is_dropped": bool(drop)})


@require_POST
@desk
def undo(request: DeskRequest, number: str, pk: int) -> HttpResponse:
    """Take a reply back that has not gone out: its text is in the box again."""
    ticket = bare_ticket_for(request, number)
    message = get_object_or_404(Message, pk=pk, ticket=ticket)
    try:
        draft = replying.undo_reply(message, by=request.access.user)
        messages.success(request, _where_it_is(draft, request))
    except (TicketError, PermissionDenied) as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(f"{_address(ticket)}?{Wanted.of(request.GET).query}#desk_composer")


def _where_it_is(draft: ReplyDraft, request: DeskRequest) -> str:
    if draft.author_id == request.access.user.pk:
        return gettext("The reply was taken back. Its text and its files are in the box.")
    said = gettext("The reply was taken back. Its text and its files are in the box of %(person)s.")
    return said % {"person": staff_name(draft.author)}


@require_POST
@desk
def send_anyway(request: DeskRequest, number: str, pk: int) -> HttpResponse:
    """Send a reply that was stopped by a message of the customer."""
    ticket = bare_ticket_for(request, number)
    message = get_object_or_404(Message, pk=pk, ticket=ticket)
    seen = number_of(request.POST.get("seen", "")) or 0
    try:
        replying.send_stopped(message, by=request.access.user, seen=seen)
        messages.success(request, gettext("The reply has gone out."))
    except (TicketError, PermissionDenied) as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(f"{_address(ticket)}?{Wanted.of(request.GET).query}#m{pk}")


@require_safe
@desk
def choose_macro(request: DeskRequest, number: str) -> HttpResponse:
    """Macros to choose from: those of the ticket's topic first."""
    ticket = ticket_for(request, number)
    rows = Macro.objects.usable_by(request.access.user).select_related("topic")
    text = request.GET.get("q", "").replace("\0", "").strip()[:80]
    found = list(rows.filter(name__icontains=text) if text else rows)
    found.sort(
        key=lambda macro: (macro.topic_id != ticket.topic_id, macro.topic_id is not None, macro.order, macro.name)
    )
    context: dict[str, Any] = {"ticket": ticket, "macros": found[:20], "wanted": Wanted.of(request.GET), "text": text}
    return part(request, "macros", context) if request.headers.get("HX-Request") else page(request, "macros", context)


@require_safe
@desk
def macro_text(request: DeskRequest, number: str, pk: int) -> HttpResponse:
    """A macro's text for a ticket, as the script puts it into the box."""
    ticket = ticket_for(request, number)
    macro = get_object_or_404(Macro.objects.usable_by(request.access.user), pk=pk)
    rendered = macros.render(macro, ticket, drafting.agent_of(request.access.user))
    then = macro.set_status if macro.set_status in replying.THEN else ""
    return JsonResponse({"text": rendered.text, "hint": macro_hint(rendered), "then": then, "macro": macro.pk})


@require_safe
@desk
def choose_article(request: DeskRequest, number: str) -> HttpResponse:
    """Articles to send, in the customer's language where there is one."""
    ticket = ticket_for(request, number)
    text = request.GET.get("q", "").strip()
    offers = macros.found(text or ticket.subject, ticket.language)
    context = {"ticket": ticket, "offers": offers, "wanted": Wanted.of(request.GET), "text": text}
    return (
        part(request, "articles", context) if request.headers.get("HX-Request") else page(request, "articles", context)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def new_ticket(request: DeskRequest) -> HttpResponse:
    """Write to a customer first."""
    form = NewTicketForm(request.POST or None, initial={"language": request.access.user.language})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        asked = opening.Request(
            topic=data["topic"],
            subject=data["subject"],
            body=data["body"],
            language=data["language"],
            token=data["token"],
        )
        try:
            person = opening.person_of(data["to"], language=data["language"])
            ticket = opening.open_for_customer(asked, by=request.access.user, requester=person)
            return HttpResponseRedirect(_address(ticket))
        except (TicketError, PermissionDenied) as error:
            field = getattr(error, "field", "")
            form.add_error(field if field in form.fields else None, str(error))
    status = 422 if form.errors else 200
    return page(request, "new", {"form": form, "token": request.POST.get("token") or new_public_id()}, status)
