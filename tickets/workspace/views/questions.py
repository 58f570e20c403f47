"""Questions to departments: who is asked what, until when, and the thread of each."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tickets.actions import consulting
from tickets.errors import TicketError
from tickets.models import SideConversation
from tickets.workspace import listing
from tickets.workspace.display import Chip, initials, span, staff_name
from tickets.workspace.doors import DeskRequest, desk
from tickets.workspace.forms import QuestionForm
from tickets.workspace.thread import ROLES
from tickets.workspace.views.pages import page

MOST = 100


@require_safe
@desk
def index(request: DeskRequest) -> HttpResponse:
    """Open questions to somebody's departments, and their own, the most urgent first."""
    rows = listing.open_questions(request.access).select_related("department", "ticket", "opened_by")
    found = [(one, _chip(one)) for one in rows.distinct().order_by("answered_at", "due_at", "pk")[:MOST]]
    return page(request, "questions", {"questions": found})


def _chip(one: SideConversation) -> Chip:
    if one.answered_at is not None:
        return Chip("ok", gettext("answered"))
    left = one.due_at - timezone.now()
    if left.total_seconds() < 0:
        return Chip("bad", gettext("overdue %(time)s") % {"time": span(-left)})
    return Chip("", span(left))


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def question(request: DeskRequest, pk: int) -> HttpResponse:
    """A question with what was chosen for it, and the answers."""
    one = _for(request, pk)
    asks = one.opened_by_id == request.access.user.pk
    form = QuestionForm(request.POST or None, asks=asks)
    if request.method == "POST" and form.is_valid():
        try:
            consulting.write_in_conversation(one, form.cleaned_data["body"], by=request.access.user)
            return HttpResponseRedirect(request.path)
        except (TicketError, PermissionDenied) as error:
            form.add_error("body", str(error))
    context = {
        "question": one,
        "asks": asks,
        "chip": _chip(one),
        "excerpts": [(message, ROLES[message.kind]) for message in one.excerpts.all()],
        "answers": [(answer, initials(staff_name(answer.author))) for answer in one.messages.select_related("author")],
        "form": form,
    }
    return page(request, "question", context, 422 if form.errors else 200)


@require_POST
@desk
def end(request: DeskRequest, pk: int) -> HttpResponse:
    """Nothing more is asked."""
    one = _for(request, pk)
    try:
        consulting.end_conversation(one, by=request.access.user)
        messages.success(request, gettext("The question has ended."))
    except (TicketError, PermissionDenied) as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(f"../../{one.pk}/")


def _for(request: DeskRequest, pk: int) -> SideConversation:
    """A question on a ticket that the person sees."""
    from tickets.models import Ticket

    rows = SideConversation.objects.filter(ticket__in=Ticket.objects.visible_to(request.access))
    return get_object_or_404(rows.select_related("ticket", "department", "opened_by"), pk=pk)
