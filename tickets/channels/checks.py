"""What is wrong with the settings of mail, told at the start."""

from typing import Any

from django.conf import settings
from django.core import checks

from tickets.channels import inbox, providers


def register() -> None:
    checks.register(check_mail)


def check_mail(**kwargs: Any) -> list[checks.CheckMessage]:
    """All that is wrong with mail."""
    return [*check_domains(), *check_webhook()]


def check_domains() -> list[checks.CheckMessage]:
    """Strangers can have confirmation mails of other sites sent to the address where requests come in, and read them:
    on the domain of the staff that would be enough to pass for one of them there."""
    inbound, staff = settings.MAIL_INBOUND_DOMAIN, settings.STAFF_EMAIL_DOMAIN
    found: list[checks.CheckMessage] = []
    if inbound and inbound == staff:
        found.append(
            checks.Warning(
                "Requests come in at the domain of the staff's own addresses.",
                hint="Give MAIL_INBOUND_DOMAIN a domain of its own, such as support.example.com.",
                id="tickets_channels.W001",
            )
        )
    if inbound and not settings.MAIL_AUTHSERV_ID:
        found.append(
            checks.Warning(
                "No mail can be authenticated: every answer is held until its sender confirms it.",
                hint="Set MAIL_AUTHSERV_ID to the name in the Authentication-Results of your mail server.",
                id="tickets_channels.W002",
            )
        )
    if inbound and inbox.own_address().rpartition("@")[2] != inbound:
        found.append(
            checks.Warning(
                "Mails that do not arrive come back to another domain, and nobody hears of it.",
                hint="Let the address of DEFAULT_FROM_EMAIL be one of MAIL_INBOUND_DOMAIN.",
                id="tickets_channels.W003",
            )
        )
    return found


def check_webhook() -> list[checks.CheckMessage]:
    """The webhook stays off, and providers get their mails refused, where the named provider is unknown or the key for
    its signatures is missing."""
    name = settings.MAIL_WEBHOOK_PROVIDER
    found: list[checks.CheckMessage] = []
    if name and name not in providers.PROVIDERS:
        found.append(
            checks.Warning(
                f"No mail comes in by the webhook: there is no provider {name!r}.",
                hint=f"Set MAIL_WEBHOOK_PROVIDER to one of {', '.join(sorted(providers.PROVIDERS))}.",
                id="tickets_channels.W004",
            )
        )
    if providers.needs_key(name):
        found.append(
            checks.Warning(
                f"No mail comes in by the webhook: the key of {name} is missing.",
                hint="Set MAIL_WEBHOOK_KEY to the key that the provider signs with (Brevo: an API key, for files).",
                id="tickets_channels.W005",
            )
        )
    return found
