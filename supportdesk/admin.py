"""The one admin that all apps share."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class SupportAdminSite(AdminSite):
    site_header = _("Support desk")
    site_title = _("Support desk")
    index_title = _("Content and configuration")
    enable_nav_sidebar = True
