"""Addresses of accounts, below the reader's language; named as allauth names them."""

from typing import Any

from allauth.account import views as allauth_views
from allauth.socialaccount import views as social_views
from allauth.usersessions.views import ListUserSessionsView
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView, TemplateView

from supportdesk.accounts import attempts, token_views, views


def page(view: Any, template: str, title: Any, **context: Any) -> Any:
    """A view whose page neither browser nor proxy may keep."""
    shown = {"title": title, **context}
    made = view.as_view(template_name=f"account/{template}.html", extra_context=shown)
    return never_cache(attempts.counted(made))


to_profile = never_cache(require_safe(RedirectView.as_view(pattern_name="account_profile")))
CODE = _("Enter the code from your e-mail")

urlpatterns = [
    path("login/", page(views.SignIn, "sign_in", _("Sign in")), name="account_login"),
    path("logout/", page(views.SignOut, "sign_out", _("Sign out")), name="account_logout"),
    path("signup/", page(allauth_views.SignupView, "sign_up", _("Create an account")), name="account_signup"),
    path(
        "code/",
        page(allauth_views.RequestLoginCodeView, "code_request", _("Sign in with a code")),
        name="account_request_login_code",
    ),
    path("code/confirm/", page(views.ConfirmCode, "code", CODE), name="account_confirm_login_code"),
    path(
        "email/confirm/",
        page(views.ConfirmAddress, "code", CODE),
        name="account_email_verification_sent",
    ),
    path(
        "password/reset/",
        page(allauth_views.PasswordResetView, "reset", _("Choose a new password")),
        name="account_reset_password",
    ),
    path(
        "password/reset/confirm/",
        page(views.ConfirmReset, "code", CODE),
        name="account_confirm_password_reset_code",
    ),
    path(
        "password/reset/complete/",
        page(views.CompleteReset, "form", _("Choose a new password")),
        name="account_complete_password_reset",
    ),
    path(
        "password/reset/done/",
        page(allauth_views.PasswordResetFromKeyDoneView, "reset_done", _("Your password is changed")),
        name="account_password_reset_completed",
    ),
    path(
        "password/change/",
        page(allauth_views.PasswordChangeView, "form", _("Change the password"), is_own=True),
        name="account_change_password",
    ),
    path(
        "password/set/",
        page(allauth_views.PasswordSetView, "form", _("Choose a password"), is_own=True),
        name="account_set_password",
    ),
    path(
        "reauthenticate/",
        page(allauth_views.ReauthenticateView, "form", _("Enter your password once more")),
        name="account_reauthenticate",
    ),
    path("inactive/", page(TemplateView, "closed", _("This account is closed")), name="account_inactive"),
    path("profile/", page(views.Profile, "profile", _("Your details")), name="account_profile"),
    # What allauth leads to after something that we have no page for.
    path("email/", to_profile, name="account_email"),
    path("exchange/connected/", to_profile, name="socialaccount_connections"),
    path("sessions/", page(ListUserSessionsView, "sessions", _("Where you are signed in")), name="usersessions_list"),
    path("tokens/", page(token_views.Tokens, "tokens", _("Programs that act for you")), name="account_tokens"),
    path("tokens/<int:number>/", never_cache(token_views.take_back), name="account_token_end"),
    path("menu/", never_cache(views.menu), name="account_menu"),
    path("exchange/", never_cache(views.leave_for_exchange), name="openid_connect_login"),
    path(
        "exchange/signup/",
        page(social_views.SignupView, "exchange_sign_up", _("Create an account")),
        name="socialaccount_signup",
    ),
    path(
        "exchange/cancelled/",
        page(TemplateView, "cancelled", _("You did not sign in")),
        name="socialaccount_login_cancelled",
    ),
]

# Without a language: what the exchange knows of us.
exchange_urlpatterns = [
    path("account/<slug:provider_id>/callback/", never_cache(views.come_back), name="openid_connect_callback"),
]
