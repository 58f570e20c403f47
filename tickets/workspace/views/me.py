"""One's own: presence, name and signature, shortcuts, macros."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from supportdesk.ui.languages import column
from tickets.actions import attending, drafting, personal, replying
from tickets.enums import Presence
from tickets.errors import TicketError
from tickets.models import Macro
from tickets.workspace import attendance
from tickets.workspace.doors import DeskRequest, desk
from tickets.workspace.forms import languages
from tickets.workspace.views.pages import page, part


class ProfileForm(forms.Form):
    public_name = forms.CharField(label=_("Name that customers read"), max_length=60, required=False)
    signature = forms.CharField(
        label=_("Signature"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    has_shortcuts = forms.BooleanField(label=_("Keyboard shortcuts"), required=False)


class MacroForm(forms.Form):
    name = forms.CharField(label=_("Name of the macro"), max_length=80)
    language = forms.ChoiceField(label=_("Language"), choices=languages)
    body = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 6}))
    set_status = forms.ChoiceField(
        label=_("Then"),
        required=False,
        choices=[("", _("As I choose")), *((status.value, status.label) for status in replying.THEN)],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def profile(request: DeskRequest) -> HttpResponse:
    """Presence, how one signs, one's macros."""
    agent = drafting.agent_of(request.access.user)
    own = {name: getattr(agent, name) for name in ("public_name", "signature", "has_shortcuts")}
    form = ProfileForm(request.POST or None, initial=own)
    if request.method == "POST" and form.is_valid():
        try:
            personal.save_profile(agent, by=request.access.user, **form.cleaned_data)
            messages.success(request, gettext("Saved."))
            return HttpResponseRedirect(request.path)
        except (TicketError, PermissionDenied) as error:
            field = getattr(error, "field", "")
            form.add_error(field if field in form.fields else None, str(error))
    context = {"agent": agent, "form": form, "presences": Presence.choices}
    context["standing"] = attendance.standing_of(agent, timezone.now())
    context["macros"] = Macro.objects.filter(owner=request.access.user)
    return page(request, "me", context, 422 if form.errors else 200)


@require_POST
@desk
def presence(request: DeskRequest) -> HttpResponse:
    """Say whether one takes work, and why not; then the page goes on where the switch was. With the script the switch
    alone is drawn anew: what has been typed on the page stays."""
    agent, back = drafting.agent_of(request.access.user), request.POST.get("back", "")
    wanted, reason, problem = request.POST.get("presence", ""), request.POST.get("reason", ""), ""
    try:
        attending.set_presence(agent, wanted, by=request.access.user, reason=reason)
    except (TicketError, PermissionDenied) as error:
        problem = str(error)
    if request.headers.get("HX-Request"):
        switch = {"presence": attendance.shown(request, None, back), "is_changed": True, "problem": problem}
        return part(request, "presence", switch)
    if problem:
        messages.error(request, problem)
    else:
        messages.success(request, gettext("You are: %(presence)s.") % {"presence": Presence(wanted).label})
    return HttpResponseRedirect(back if attendance.is_page_of_desk(back) else reverse("workspace:me"))


@require_http_methods(["GET", "HEAD", "POST"])
@desk
def macro(request: DeskRequest, pk: int | None = None) -> HttpResponse:
    """A personal macro, one language at a time (`?language=`)."""
    person = request.access.user
    row = Macro() if pk is None else get_object_or_404(Macro, pk=pk, owner=person)
    code = request.GET.get("language") or person.language
    known = {"name": row.name, "language": code, "set_status": row.set_status, "body": _text(row, code)}
    form = MacroForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            personal.save_macro(row, by=person, **form.cleaned_data)
            messages.success(request, gettext("The macro is kept."))
            return HttpResponseRedirect(reverse("workspace:me"))
        except (TicketError, PermissionDenied) as error:
            field = getattr(error, "field", "")
            form.add_error(field if field in form.fields else None, str(error))
    context = {"form": form, "macro": row if row.pk else None, "languages": languages()}
    return page(request, "macro", context, 422 if form.errors else 200)


def _text(row: Macro, code: str) -> str:
    return getattr(row, column("body", code), "") or "" if row.pk else ""


@require_POST
@desk
def drop_macro(request: DeskRequest, pk: int) -> HttpResponse:
    """Let a personal macro go."""
    row = get_object_or_404(Macro, pk=pk, owner=request.access.user)
    personal.delete_macro(row, by=request.access.user)
    messages.success(request, gettext("The macro “%(name)s” is gone.") % {"name": row.name})
    return HttpResponseRedirect(reverse("workspace:me"))
