"""Who is there: an agent comes, goes away for a while, goes home."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from supportdesk.outbox import delivery
from tickets.actions import guarding
from tickets.actions.change import require_lead, require_staff
from tickets.enums import Presence
from tickets.errors import InvalidInput
from tickets.models import Agent, PresenceChange

CHANGED = "agent_presence"  # the event; its number is that of the change


@transaction.atomic
def set_presence(agent: Agent, presence: str, *, by: Any, reason: str = "") -> Agent:
    """Say whether somebody takes work, and why not. Oneself, or a lead for another. Raises PermissionDenied,
    InvalidInput without a reason for being away."""
    require_staff(by) if by.pk == agent.person_id else require_lead(by)
    if presence not in Presence.values:
        raise InvalidInput(gettext("There is no such presence."), "presence")
    text = guarding.line(reason, door="presence", longest=80, field="reason")[0] if reason.strip() else ""
    if presence == Presence.AWAY and not text:
        raise InvalidInput(gettext("Say in a word why you are away."), "reason")
    stored = Agent.objects.select_for_update().get(pk=agent.pk)
    stored.presence_reason = text
    if stored.presence != presence:
        _come_or_go(stored, presence, by)
    stored.save(update_fields=["presence", "presence_reason", "presence_since"])
    agent.refresh_from_db(fields=["presence", "presence_reason", "presence_since"])
    return agent


def _come_or_go(agent: Agent, presence: str, by: Any) -> None:
    agent.presence, agent.presence_since = presence, timezone.now()
    change = PresenceChange.objects.create(
        agent=agent, presence=presence, reason=agent.presence_reason, by=by, at=agent.presence_since
    )
    delivery.post(CHANGED, change.pk)
