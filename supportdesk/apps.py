"""The project as an app: its commands, and the one admin that all apps share."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class SupportdeskConfig(AppConfig):
    name = "supportdesk"
    label = "supportdesk"

    def ready(self) -> None:
        from supportdesk import checks  # noqa: F401 - registers the system checks


class SupportAdminConfig(AdminConfig):
    default_site = "supportdesk.admin.SupportAdminSite"
