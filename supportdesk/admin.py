"""The one admin that all apps share."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from supportdesk.accounts import attempts, known_browser, sessions
from supportdesk.accounts.bell import BellSite
from supportdesk.accounts.forms import StaffSignInForm
from supportdesk.accounts.models import User
from supportdesk.ui import main_menu, panels


class SupportAdminSite(BellSite):
    site_header = _("Support desk")
    site_title = _("Support desk")
    index_title = _("Content and configuration")
    enable_nav_sidebar = True
    login_form = StaffSignInForm

    @method_decorator(never_cache)
    @method_decorator(attempts.counted)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Under the name of the site; Django's page says its host. Attempts are counted."""
        named = {"site_name": settings.SITE_NAME, **(extra_context or {})}
        response: HttpResponse = super().login(request, named)
        if request.method == "POST" and response.status_code == HTTPStatus.FOUND and isinstance(request.user, User):
            sessions.begin(request)
            known_browser.put(request, response, request.user.email)
        return response

    def has_permission(self, request: HttpRequest) -> bool:
        may: bool = super().has_permission(request)
        if may:
            sessions.end_in_time(request)
        return may

    def password_change(  # type: ignore[override]  # Django's is a page
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """At the one page where attempts are counted, and where the owner gets a mail."""
        return HttpResponseRedirect(reverse("account_change_password"))

    def each_context(self, request: HttpRequest) -> dict[str, object]:
        menu = main_menu.shown(request) if self.has_permission(request) else []
        return {**super().each_context(request), "main_menu": menu}

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, {"panels": panels.shown(request), **(extra_context or {})})
