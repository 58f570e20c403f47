"""Where allauth asks us: who a request comes from, what a new person is like, and how mails and messages read."""

import ipaddress
import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from supportdesk.accounts import addresses, attempts, known_browser, names, sessions, signed_in_cookie
from supportdesk.accounts.attempts import TOO_MANY
from supportdesk.accounts.models import User
from supportdesk.ui import languages, mail_frame, main_menu, places
from supportdesk.ui.requests import client_address

logger = logging.getLogger(__name__)

LONGEST_EMAIL = 254  # characters, as the column has it (RFC 5321)
NO_ADDRESS = "::"  # of a client that came by a socket of this machine, or of which a proxy tells nonsense
ERRORS = {
    "account_inactive": _("This account is closed."),
    "email_password_mismatch": _("The e-mail address and the password do not belong together. Check both."),
    "email_taken": _("This e-mail address cannot be used. Use another one."),
    "enter_current_password": _("This is not your current password. Enter it again."),
    "incorrect_code": _("This code is not right. Enter the code of the last e-mail."),
    "incorrect_password": _("This is not your password. Enter it again."),
    "rate_limited": TOO_MANY,
    "too_many_login_attempts": TOO_MANY,
}
# What is said after something was done; allauth has more to say, and the page itself shows the rest.
SAID = {
    "account/messages/password_changed.txt": _("Your password is changed."),
    "account/messages/password_set.txt": _("Your password is saved."),
    "usersessions/messages/sessions_logged_out.txt": _("All other sessions are ended."),
}


class Accounts(DefaultAccountAdapter):
    """allauth in this house."""

    error_messages = {**DefaultAccountAdapter.error_messages, **ERRORS}

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that limits count by, as `TRUSTED_PROXIES` lets us believe it."""
        try:
            return str(ipaddress.ip_address(client_address(request)))
        except ValueError:
            return NO_ADDRESS

    def is_safe_url(self, url: str | None) -> bool:
        """Only this host, not the others of `ALLOWED_HOSTS`."""
        request = allauth_context.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def clean_email(self, email: str) -> str:
        if len(email) > LONGEST_EMAIL:
            raise ValidationError(_("This e-mail address is too long. Use another one."))
        if not addresses.is_plain(email):
            raise ValidationError(addresses.NO_WAY_TO)
        return addresses.canonical(email)

    def new_user(self, request: HttpRequest) -> User:
        """A person who reads the language of the page."""
        code = get_language() or settings.LANGUAGE_CODE
        return User(language=code if languages.is_known(code) else settings.LANGUAGE_CODE)

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user.name = form.cleaned_data.get("name", user.name)
        user.time_zone = form.cleaned_data.get("time_zone", user.time_zone)
        return super().save_user(request, user, form, commit)

    def post_login(self, request: HttpRequest, user: Any, **known: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().post_login(request, user, **known)
        sessions.begin(request)
        signed_in_cookie.put(request, response)
        known_browser.put(request, response, user.email)
        return response

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """allauth's, but whoever has used up their attempts is told when they may try again."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            if error.code != attempts.USED_UP:
                raise
            key = self._get_login_attempts_cache_key(request, **credentials)
            raise attempts.refused(request, "login_failed", key) from error

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By address, for all hosts alike; a browser that its owner has signed in with counts for itself."""
        return known_browser.counted_as(request, str(credentials.get("email", "")))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where somebody begins: staff at the first screen of their work, a trader at their requests."""
        own = main_menu.shown(request) if getattr(request.user, "is_staff", False) else []
        return own[0].url if own else places.address("my_requests") or reverse("account_profile")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return places.address("home") or "/"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_profile")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: Any = None,
    ) -> None:
        """Only what we have words for."""
        said = message or SAID.get(message_template or "")
        if said:
            messages.add_message(request, level, said, extra_tags=extra_tags)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail in the language of its reader, or of the page where nobody is known; addresses begin with `SITE_URL`,
        so those that allauth made of the request are left out.

        Raises ImmediateHttpResponse, a page that asks to try again, where the mail server is away.
        """
        person = context.get("user") or User.objects.filter(email=addresses.canonical(email)).first()
        language = person.language if person else get_language() or settings.LANGUAGE_CODE
        time_zone = person.time_zone if person else "UTC"
        values = {"email": email, "code": context.get("code", ""), "person": person}
        mail = mail_frame.compose(template_prefix, values, to=email, language=language, time_zone=time_zone)
        try:
            mail.send()
        except OSError as error:
            logger.warning("A mail of accounts could not be sent (%s).", type(error).__name__)
            raise ImmediateHttpResponse(_no_mail(allauth_context.request)) from error


def _no_mail(request: HttpRequest) -> HttpResponse:
    page = render(request, "account/no_mail.html", status=503)
    page.headers["Cache-Control"] = "no-store"
    return page


class SingleSignOn(DefaultSocialAccountAdapter):
    """People who come from the exchange."""

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Nobody ties the exchange to an account by hand, and it opens no account of the staff, whatever ties it."""
        is_staffs = sociallogin.is_existing and sociallogin.user.is_staff
        if is_staffs or sociallogin.state.get("process") == "connect":
            raise ImmediateHttpResponse(render(request, "socialaccount/authentication_error.html", status=403))

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        """The name is taken over where somebody could have given it to themselves here."""
        person: User = super().populate_user(request, sociallogin, data)
        name = names.tidy(str(data.get("name") or ""))[:150]
        person.name = "" if names.fault_of(name, site_name=settings.SITE_NAME) else name
        return person

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        """An address that the exchange vouches for never opens an account of the staff, nor one that somebody else of
        the exchange has come into: addresses change hands."""
        if User.objects.filter(
            Q(is_staff=True) | Q(socialaccount__isnull=False), email=addresses.canonical(email)
        ).exists():
            return False
        return bool(super().can_authenticate_by_email(login, email))
