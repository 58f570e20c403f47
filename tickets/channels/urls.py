"""Addresses of the channels."""

from django.urls import path

from tickets.channels import hooks

app_name = "channels"
urlpatterns = [path("hooks/mail/", hooks.mail, name="mail-hook")]
