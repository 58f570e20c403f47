"""Addresses of the whole site; pages for readers begin with their language."""

from django.apps import apps
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from helpcenter.views import home, machines
from supportdesk import api, error_pages
from supportdesk.accounts import attempts
from supportdesk.accounts.urls import exchange_urlpatterns
from supportdesk.health import live, ready

urlpatterns = [
    # Most requests are for these. They begin with a language, which no other address does.
    *i18n_patterns(
        path("account/", include("supportdesk.accounts.urls")),
        path("", include("helpcenter.urls")),
        path("", include("tickets.portal.urls")),
    ),
    path("", home.index, name="index"),
    path("sitemap.xml", machines.sitemap, name="sitemap"),
    path("sitemap-<section>.xml", machines.sitemap, name="sitemap-section"),
    path("robots.txt", machines.robots, name="robots"),
    path(".well-known/security.txt", machines.security_txt, name="security-txt"),
    path("health/live", live, name="health-live"),
    path("health/ready", ready, name="health-ready"),
    path(
        f"{settings.ADMIN_PATH}helpcenter/translations/",  # as people call it; what follows the "?" stays
        require_safe(
            RedirectView.as_view(pattern_name="admin:helpcenter_translationstate_changelist", query_string=True)
        ),
        name="translations",
    ),
    path(settings.ADMIN_PATH, admin.site.urls),
    path("desk/", include("tickets.workspace.urls")),
    *exchange_urlpatterns,
    *api.urlpatterns,
    *([path("", include("tickets.channels.urls"))] if apps.is_installed("tickets.channels") else []),
]

handler400 = api.bad_request
handler403 = error_pages.forbidden
handler404 = error_pages.not_found
handler429 = attempts.too_many  # asked by allauth
handler500 = error_pages.server_error
