"""What a lead does for the whole desk at once, and for the day of a colleague."""

from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.utils.translation import gettext

from supportdesk.outbox import delivery
from tickets.actions import attending, dispatching
from tickets.actions.change import require_lead
from tickets.enums import Trigger
from tickets.errors import InvalidInput, TransitionNotAllowed
from tickets.models import Agent, RoutingSetup

MOST = 100  # tickets in work at once: nobody answers so many


def assign_all(*, by: Any) -> int:
    """Give every waiting ticket that can be given now to an agent who may answer it; returns how many were. Raises
    PermissionDenied, TransitionNotAllowed where giving out is switched off."""
    require_lead(by)
    if not RoutingSetup.current().is_on:
        raise TransitionNotAllowed(
            gettext("Giving out tickets is switched off. Switch it on in the admin, under “Setup of routing”.")
        )
    return dispatching.dispatch(trigger=Trigger.TICK)


@transaction.atomic
def change_day(agent: Agent, *, by: Any, presence: str | None, capacity: int, reason: str = "") -> Agent:
    """Say for a colleague whether they take work (None leaves it), and how many tickets at once; what they have stays
    with them. Who changed the number is in the agent's history of the admin. Raises PermissionDenied, InvalidInput."""
    require_lead(by)
    if not 0 <= capacity <= MOST:
        raise InvalidInput(gettext("Choose a number from 0 to %(most)d.") % {"most": MOST}, "capacity")
    if presence is not None:
        attending.set_presence(agent, presence, by=by, reason=reason)
    stored = Agent.objects.select_for_update().get(pk=agent.pk)
    if stored.capacity != capacity:
        stored.capacity = capacity
        stored.save(update_fields=["capacity"])
        _write_down(stored, by)
    agent.refresh_from_db(fields=["capacity"])
    return agent


def _write_down(agent: Agent, by: Any) -> None:
    changed = [{"changed": {"fields": ["capacity"]}}]
    entry = LogEntry.objects.log_actions(by.pk, [agent], CHANGE, changed, single_object=True)
    delivery.post(dispatching.SKILLS, entry.pk)
