"""What a lead does for the whole desk at once."""

from typing import Any

from django.utils.translation import gettext

from tickets.actions import dispatching
from tickets.actions.change import require_lead
from tickets.enums import Trigger
from tickets.errors import TransitionNotAllowed
from tickets.models import RoutingSetup


def assign_all(*, by: Any) -> int:
    """Give every waiting ticket that can be given now to an agent who may answer it; returns how many were. Raises
    PermissionDenied, TransitionNotAllowed where giving out is switched off."""
    require_lead(by)
    if not RoutingSetup.current().is_on:
        raise TransitionNotAllowed(
            gettext("Giving out tickets is switched off. Switch it on in the admin, under “Setup of routing”.")
        )
    return dispatching.dispatch(trigger=Trigger.TICK)
