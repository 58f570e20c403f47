"""System checks of the whole site: what must never be on where people are served."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def drills_are_off(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """DEBUG_DRILL opens a site for people with known passwords."""
    if not (settings.IS_PRODUCTION and settings.DEBUG_DRILL):
        return []
    return [
        Error(
            "DEBUG_DRILL is on with production settings.",
            hint="Take DEBUG_DRILL out of the environment; drills run on a machine that serves nobody.",
            id="supportdesk.E001",
        )
    ]


@register(Tags.security, deploy=True)
def exchange_is_encrypted(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What an issuer says over plain HTTP, its keys among it, anybody on the way can say in its place."""
    if not settings.OIDC_ISSUER or urlsplit(settings.OIDC_ISSUER).scheme == "https":
        return []
    return [
        Error(
            f"OIDC_ISSUER is no address of https: {settings.OIDC_ISSUER}",
            hint="Give the address of the exchange's OpenID Connect server as it names itself, beginning with https://.",
            id="supportdesk.E002",
        )
    ]


@register(Tags.security)
def limits_are_known(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Errors for names in the settings of limits that no limit has: such an entry would limit nothing, and nobody would
    notice."""
    from tickets.portal.limits import LIMITS  # when all apps are there

    return [
        Error(
            f"TICKET_LIMITS names {door}, of which nobody keeps count.",
            hint=f"Name one of these: {', '.join(LIMITS)}.",
            id="supportdesk.E003",
        )
        for door in sorted(settings.TICKET_LIMITS.keys() - LIMITS.keys())
    ]


@register(Tags.security)
def staff_get_in(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A session that ends when it begins keeps all of the staff out."""
    if settings.STAFF_SESSION_HOURS > 0:
        return []
    return [
        Error(
            f"STAFF_SESSION_HOURS is {settings.STAFF_SESSION_HOURS}: nobody of the staff stays signed in.",
            hint="Give a whole number of hours from 1 on.",
            id="supportdesk.E004",
        )
    ]
