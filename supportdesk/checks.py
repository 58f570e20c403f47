"""System checks of the whole site: what must never be on where people are served."""

from typing import Any

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
