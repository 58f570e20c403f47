from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "supportdesk.ui"
    label = "ui"
