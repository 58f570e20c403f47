"""The pages of accounts, where they differ from allauth's."""

import logging
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from allauth.account.views import (
    CompletePasswordResetView,
    ConfirmEmailVerificationCodeView,
    ConfirmLoginCodeView,
    ConfirmPasswordResetCodeView,
    LoginView,
    LogoutView,
)
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext, override
from django.views.decorators.http import require_POST, require_safe
from django.views.generic.edit import FormView

from supportdesk.accounts import actions, addresses, reach, requesters, signed_in_cookie
from supportdesk.accounts.forms import ProfileForm
from supportdesk.accounts.models import User
from supportdesk.ui import languages

logger = logging.getLogger(__name__)

SSO = "exchange"  # the name of the exchange among the providers of single sign-on
SSO_LANGUAGE = "sso_language"  # in the session: what the page was in that somebody left for the exchange


class OfItsAddress:
    """A code counts only while the address that it was sent to is still the person's: an administrator may have changed
    it meanwhile, because the mail box is in other hands."""

    begins = ""  # where a new code is asked for

    def form_valid(self, form: Any) -> HttpResponse:
        own: Any = self
        person, address = own._process.user, str(own._process.state.get("email", ""))
        if person is not None and addresses.canonical(address) != person.email:
            own._process.abort()
            said = gettext("This code is wrong, or its time is over. Look again, or ask for a new code.")
            messages.error(own.request, said)
            return HttpResponseRedirect(reverse(self.begins))
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # of the view that is mixed in
        return response


class ConfirmAddress(OfItsAddress, ConfirmEmailVerificationCodeView):
    begins = "account_signup"


class ConfirmReset(OfItsAddress, ConfirmPasswordResetCodeView):
    begins = "account_reset_password"


class CompleteReset(OfItsAddress, CompletePasswordResetView):
    begins = "account_reset_password"


class ConfirmCode(OfItsAddress, ConfirmLoginCodeView):
    """A code signs in, and proves the address that it was sent to."""

    begins = "account_request_login_code"

    def _verify_form_valid(self, form: Any) -> HttpResponse:
        requesters.prove(self._process.user, self._process.state["email"].lower())
        response: HttpResponse = super()._verify_form_valid(form)
        return response


class SignIn(LoginView):
    def get_context_data(self, **known: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**known)
        return {**context, "offers_sso": bool(settings.SOCIALACCOUNT_PROVIDERS)}


class SignOut(LogoutView):
    def post(self, *args: Any, **known: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().post(*args, **known)
        signed_in_cookie.take_away(response)
        return response


@method_decorator(login_required, name="dispatch")
class Profile(FormView):
    form_class = ProfileForm
    template_name = "account/profile.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "person": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lost = reach.lost_since(str(getattr(self.request.user, "email", "")))
        return super().get_context_data(**kwargs, mail_lost_since=lost)

    def form_valid(self, form: ProfileForm) -> HttpResponse:
        person = self.request.user
        assert isinstance(person, User)  # noqa: S101 - `login_required` lets nobody else in
        actions.change_profile(person, **form.cleaned_data)
        with override(form.cleaned_data["language"]):
            messages.success(self.request, gettext("Your details are saved."))
            return HttpResponseRedirect(reverse("account_profile"))


@require_safe
def menu(request: HttpRequest) -> HttpResponse:
    """The link to the account of whoever is signed in, for pages that are the same for everyone; empty for everybody
    else."""
    if isinstance(request.user, User):
        return render(request, "account/menu.html")
    response = HttpResponse(status=204)
    signed_in_cookie.take_away(response)
    return response


@require_POST
def leave_for_exchange(request: HttpRequest, provider_id: str = SSO) -> HttpResponse:
    """Go to the exchange's own sign-in. By a page and not by a redirect: our policy lets forms lead to us alone."""
    if not settings.SOCIALACCOUNT_PROVIDERS:
        raise Http404
    from supportdesk.accounts import exchange  # its client takes 5 MB, which a site without single sign-on saves

    request.session[SSO_LANGUAGE] = get_language()
    response = exchange.leave(request, provider_id)
    if response.status_code != 302:
        return response
    page = render(request, "account/leaving.html", {"address": response.headers["Location"]})
    page.headers["Refresh"] = f"0;url={response.headers['Location']}"
    return page


@require_safe
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The exchange sends somebody back, to one address for all languages."""
    if not settings.SOCIALACCOUNT_PROVIDERS or provider_id != SSO:
        raise Http404
    from supportdesk.accounts import exchange  # see above

    code = request.session.get(SSO_LANGUAGE, "")
    with override(code if languages.is_known(code) else get_language()):
        response = exchange.come_back(request, provider_id)
        response.headers["Content-Language"] = languages.tag(get_language() or settings.LANGUAGE_CODE)
    return response


def page_of_form(request: HttpRequest) -> str:
    """Where the form stood, if the browser says so; empty where it is not a page of ours."""
    sender = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(sender, {request.get_host()}, require_https=request.is_secure())
    if not is_ours:
        return ""
    page = urlsplit(sender)
    return urlunsplit(("", "", "/" + page.path.lstrip("/"), page.query, ""))  # "//host" would be another site


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without the token of this browser: the page was open for long, or cookies are off."""
    response = render(request, "account/stale.html", {"way_back": page_of_form(request)}, status=403)
    response.headers["Cache-Control"] = "no-store"
    return response
