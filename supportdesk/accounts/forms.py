"""The forms of accounts: allauth's, with our words and our way of drawing, and the profile."""

import zoneinfo
from typing import Any, ClassVar

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.manage_email import sync_user_email_address
from allauth.account.internal.userkit import filter_users_by_email
from allauth.account.models import EmailAddress
from allauth.core import context, ratelimit
from allauth.socialaccount.forms import SignupForm as SocialSignupForm
from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from supportdesk.accounts import addresses, attempts, known_browser, names, sessions, tokens
from supportdesk.accounts.models import User
from supportdesk.accounts.names import Fault
from supportdesk.ui import zones
from supportdesk.ui.forms import helper, put_words

Words = dict[str, dict[str, str | Promise]]

FAULTS = {
    Fault.UNSEEN: _("The name holds characters that cannot be seen. Type it again, letter by letter."),
    Fault.STACKED: _("The name has too many marks on one letter. Type it without them."),
    Fault.OURS: _("This name could be taken for our staff. Choose another one."),
}
LONG_NAME = _("Use at most 150 characters for the name.")
EMAIL: dict[str, str | Promise] = {
    "label": _("E-mail address"),
    "missing": _("Enter your e-mail address."),
    "wrong": _("Enter an e-mail address in full, such as name@example.com."),
}
PASSWORD: dict[str, str | Promise] = {"label": _("Password"), "missing": _("Enter your password.")}
NEW_PASSWORD: dict[str, str | Promise] = {
    "label": _("New password"),
    "hint": _("At least 12 characters. Not the password of your trading account."),
    "missing": _("Choose a password."),
}
CODE: dict[str, str | Promise] = {
    "label": _("One-time code"),
    "hint": _("6 digits. It works once, in this browser."),
    "missing": _("Enter the code from the e-mail."),
}


class OurWords:
    """Gives the fields of a form of allauth our labels, hints and errors; nothing of allauth's own is shown. `words`
    are the fields that are drawn, in this order, and what `put_words` takes; `submit` stands on the button."""

    words: ClassVar[Words] = {}
    submit: ClassVar[str | Promise] = ""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "page_%s", **options})
        own: Any = self
        for name in [name for name in own.fields if name not in self.words]:
            del own.fields[name]
        own.order_fields(self.words)
        for name, said in self.words.items():
            put_words(own.fields[name], **said)

    @property
    def helper(self) -> FormHelper:
        own: Any = self
        return helper(own, submit=self.submit)


class NameField(forms.CharField):
    """A name, checked as `accounts.names` says; nobody but staff may have one of the staff's."""

    is_staffs = False

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"})
        super().__init__(required=False, widget=widget, **options)

    def clean(self, value: Any) -> str:
        name = names.tidy(str(super().clean(value) or ""))
        if len(name) > 150:
            raise forms.ValidationError(LONG_NAME)
        fault = names.fault_of(name, site_name=settings.SITE_NAME)
        if fault is not None and not (fault is Fault.OURS and self.is_staffs):
            raise forms.ValidationError(FAULTS[fault])
        return name


class ZoneField(forms.CharField):
    """The time zone that a script reads from the browser; UTC where there is none, or none that we know."""

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, widget=forms.HiddenInput(attrs={"data-zone": ""}), **options)

    def clean(self, value: Any) -> str:
        return value if value in zoneinfo.available_timezones() else "UTC"


class ZoneSelect(forms.Select):
    """Every zone in use by what its clock shows now; whatever somebody has already stays."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> Any:
        own = value[0] if value and value[0] in zoneinfo.available_timezones() else ""
        self.choices = zones.choices(timezone.now(), also=own)
        return super().optgroups(name, value, attrs)


class ZoneChoiceField(forms.ChoiceField):
    """A time zone of one's choice; a script offers that of the browser beside it."""

    widget = ZoneSelect

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        offer = _("Use the time zone of this browser: %(zone)s")
        return {"data-own-zone": offer, "data-other-zones": " ".join(sorted(zones.former()))}

    def valid_value(self, value: str) -> bool:
        return value in zoneinfo.available_timezones()


class SignInForm(OurWords, allauth_forms.LoginForm):
    words: ClassVar[Words] = {"login": EMAIL, "password": PASSWORD}
    submit = _("Sign in")

    def clean_login(self) -> str:
        return addresses.canonical(super().clean_login())

    def clean(self) -> dict[str, Any]:
        """Whose address is not proven gets a code by mail."""
        cleaned: dict[str, Any] = super().clean()
        if not self.errors and not EmailAddress.objects.filter(user=self.user, verified=True).exists():
            attempts.count_spelling(context.request, "confirm_email", self.user.email)
        return cleaned

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """allauth gives everybody the time of the settings, last of all."""
        response: HttpResponse = super().login(request, redirect_url)
        sessions.begin(request)
        return response


class StaffSignInForm(AdminAuthenticationForm):
    """The admin's own form, whose attempts are counted with those of the other pages."""

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("username"):
            return super().clean()
        counting = get_adapter(self.request)
        counting.pre_authenticate(self.request, email=self.cleaned_data.get("username", ""))
        cleaned: dict[str, Any] = super().clean()
        counting._rollback_login_failed_rl_usage()
        return cleaned


class SignUpForm(OurWords, allauth_forms.SignupForm):
    words: ClassVar[Words] = {
        "email": EMAIL,
        "password1": {**NEW_PASSWORD, "label": _("Password")},
        "name": {"label": _("Name (optional)"), "hint": _("What we may call you.")},
        "time_zone": {"label": ""},
    }
    submit = _("Create the account")
    name = NameField()
    time_zone = ZoneField()
    account_already_exists: bool  # allauth finds out

    def clean(self) -> dict[str, Any]:
        """A mail is owed only once all is right: who mistypes the password has used up nothing, and nobody uses up
        what is another's without a mail that tells them."""
        cleaned: dict[str, Any] = super().clean()
        if not self.errors:
            attempts.count_spelling(context.request, "confirm_email", cleaned["email"])
        return cleaned

    def try_save(self, request: HttpRequest) -> Any:
        """As allauth's; whoever is overtaken by another request for the same address is answered as one who comes
        later. No mail is sent while the transaction holds its locks. A password costs as much where it is not kept:
        else the time would tell that the address has an account."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
            return super().try_save(request)
        try:
            with transaction.atomic():
                return self.save(request), None
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)


class SingleSignOnSignUpForm(OurWords, SocialSignupForm):
    """For somebody of whom the exchange did not tell the address."""

    words: ClassVar[Words] = {"email": EMAIL}
    submit = _("Create the account")


class CodeRequestForm(OurWords, allauth_forms.RequestLoginCodeForm):
    words: ClassVar[Words] = {"email": EMAIL}
    submit = _("Send a code")

    def clean_email(self) -> str:
        """As allauth's, but that a browser which knows the address is counted for itself."""
        email: str = get_adapter().clean_email(self.cleaned_data["email"])
        name = known_browser.counted_as(context.request, email)
        if not ratelimit.consume(context.request, action="request_login_code", key=name):
            raise attempts.refused(context.request, "request_login_code", name)
        self._user = next(
            iter(filter_users_by_email(email, is_active=True, prefer_verified=True, for_login=True)), None
        )
        _know_address(self._user)
        return email


class ResetForm(OurWords, allauth_forms.ResetPasswordForm):
    words: ClassVar[Words] = {"email": EMAIL}
    submit = _("Send a code")

    def clean_email(self) -> str:
        email = addresses.canonical(super().clean_email())
        attempts.count_spelling(context.request, "reset_password", email)
        _know_address(self.users[0] if self.users else None)
        return email


def _know_address(person: User | None) -> None:
    """Whoever was made without allauth (in the admin) has no row of their address, which a code would prove."""
    if person is not None:
        sync_user_email_address(person)


class CodeForm(OurWords):
    words: ClassVar[Words] = {"code": CODE}
    submit = _("Go on")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        own: Any = self
        looks = {"inputmode": "numeric", "dir": "ltr", "class": "form-control code", "autocomplete": "one-time-code"}
        own.fields["code"].widget.attrs |= looks

    def clean_code(self) -> str:
        """As allauth's, which counts tries in the session: many at the same moment would be one."""
        own: Any = self
        if not attempts.may_try_code(context.request, str(own.expected_code)):
            raise get_adapter().validation_error("incorrect_code")
        code: str = super().clean_code()  # type: ignore[misc]  # of the form that is mixed in
        return code


class SignInCodeForm(CodeForm, allauth_forms.ConfirmLoginCodeForm):
    submit = _("Sign in")


class AddressCodeForm(CodeForm, allauth_forms.ConfirmEmailVerificationCodeForm):
    pass


class ResetCodeForm(CodeForm, allauth_forms.ConfirmPasswordResetCodeForm):
    pass


class ResetPasswordForm(OurWords, allauth_forms.ResetPasswordKeyForm):
    """Who chooses a new password by a mailed code may have lost the account to somebody who made tokens in it."""

    words: ClassVar[Words] = {"password1": NEW_PASSWORD}
    submit = _("Save the password")

    def save(self) -> None:
        super().save()
        tokens.revoke_tokens_of(self.user)


class SetPasswordForm(OurWords, allauth_forms.SetPasswordForm):
    words: ClassVar[Words] = {"password1": NEW_PASSWORD}
    submit = _("Save the password")


class ChangePasswordForm(OurWords, allauth_forms.ChangePasswordForm):
    words: ClassVar[Words] = {"oldpassword": {**PASSWORD, "label": _("Current password")}, "password1": NEW_PASSWORD}
    submit = _("Save the password")


class ConfirmPasswordForm(OurWords, allauth_forms.ReauthenticateForm):
    words: ClassVar[Words] = {"password": PASSWORD}
    submit = _("Go on")


class ProfileForm(OurWords, forms.Form):
    words: ClassVar[Words] = {
        "name": {"label": _("Name (optional)"), "hint": _("What we may call you.")},
        "language": {
            "label": _("Language"),
            "hint": _("Our answers and e-mails come in this language."),
            "wrong": _("Choose a language from the list."),
        },
        "time_zone": {
            "label": _("Time zone"),
            "hint": _("Times on our pages and in our e-mails are yours."),
            "wrong": _("Choose a time zone from the list."),
        },
    }
    submit = _("Save")
    name = NameField()
    language = forms.ChoiceField(choices=lambda: settings.LANGUAGES)
    time_zone = ZoneChoiceField()

    def __init__(self, *args: Any, person: User, **options: Any) -> None:
        initial = {"name": person.name, "language": person.language, "time_zone": person.time_zone}
        super().__init__(*args, **{**options, "initial": initial})
        self.fields["name"].is_staffs = person.is_staff  # type: ignore[attr-defined]
