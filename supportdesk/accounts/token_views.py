"""A person's tokens: what programs act for them, a new one whose key is shown once, and the end of one."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.generic.edit import FormView

from supportdesk.accounts import scopes, tokens
from supportdesk.accounts.forms import OurWords, Words
from supportdesk.accounts.models import ApiToken, User

MOST = 20  # that count at one time
DAYS = [("30", _("30 days")), ("90", _("90 days")), ("365", _("One year"))]


class TokenForm(OurWords, forms.Form):
    words: ClassVar[Words] = {
        "name": {
            "label": _("What is it for?"),
            "hint": _("A name by which you know it later, such as “My trading bot”."),
            "missing": _("Say what the token is for, so that you know later what to take back."),
        },
        "scopes": {
            "label": _("What it may do"),
            "missing": _("Choose what the token may do."),
            "wrong": _("Choose from the list."),
        },
        "days": {"label": _("How long it lasts"), "wrong": _("Choose from the list.")},
    }
    name = forms.CharField(max_length=80)
    scopes = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(choices=DAYS, coerce=int)

    def __init__(self, *args: Any, person: User, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person
        self.fields["scopes"].choices = scopes.offered_to(person)  # type: ignore[attr-defined]
        self.made: tokens.Made | None = None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors:
            self._make(values)
        return values

    def _make(self, values: dict[str, Any]) -> None:
        if ApiToken.objects.usable(timezone.now()).filter(person=self.person).count() >= MOST:
            message = gettext("You have %(most)d tokens already. Take one back that you do not need.")
            self.add_error("name", message % {"most": MOST})
            return
        ends = timezone.now() + timedelta(days=values["days"])
        try:
            self.made = tokens.make_token(
                self.person, values["name"], values["scopes"], by=self.person, expires_at=ends
            )
        except ValidationError as error:
            self.add_error(None, error)


@method_decorator(login_required, name="dispatch")
class Tokens(FormView):
    form_class = TokenForm
    template_name = "account/tokens.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "person": self.request.user}

    def get_context_data(self, **known: Any) -> dict[str, Any]:
        usable = ApiToken.objects.usable(timezone.now()).filter(person=self.request.user.pk)
        return {**super().get_context_data(**known), "tokens": usable}

    def form_valid(self, form: TokenForm) -> HttpResponse:
        """The page itself, and not a way to it: the key is nowhere but in this answer."""
        fresh = TokenForm(person=form.person)
        return self.render_to_response(self.get_context_data(form=fresh, made=form.made))


@require_POST
@login_required
def take_back(request: HttpRequest, number: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=number, person=request.user.pk)
    tokens.revoke_token(token, by=request.user)
    messages.success(request, gettext("Taken back. Nobody gets in with it any more."))
    return HttpResponseRedirect(reverse("account_tokens"))
