"""Agents who are there, and the worker's part of what follows from an action."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from supportdesk.accounts.models import User
from supportdesk.outbox import delivery
from supportdesk.outbox.models import Outbox
from tickets.enums import Level, Presence
from tickets.models import Agent, AgentCertificate, AgentLanguage

Join = Callable[..., Agent]


def join(person: User, *languages: str, skills: tuple[str, ...] = (), **values: Any) -> Agent:
    """A person is at the desk, with languages as `"ja"` or `"ja:assist"` and certificates; other values are the
    agent's own."""
    settled = {"presence": Presence.AVAILABLE, "presence_since": timezone.now() - timedelta(hours=8), **values}
    agent = Agent.objects.update_or_create(person=person, defaults=settled)[0]
    for language in languages or ("en",):
        code, _, level = language.partition(":")
        AgentLanguage.objects.create(agent=agent, language=code, level=level or Level.NATIVE)
    for skill in skills:
        AgentCertificate.objects.create(agent=agent, skill=skill, issued_at=settled["presence_since"])
    return agent


def work_off() -> None:
    """Let the worker deliver all that is due."""
    while delivery.deliver_due():
        pass


def deliver_all() -> None:
    """The same, and nothing of it failed."""
    work_off()
    failed = Outbox.objects.exclude(error="").first()
    assert failed is None, failed.error
