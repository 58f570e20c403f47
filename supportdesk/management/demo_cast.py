"""Who is there on the demo's support desk: its agents with what they can, and the people who write to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from supportdesk.accounts.models import User
from supportdesk.accounts.requesters import person_of
from tickets.actions import attending, drafting, personal
from tickets.enums import Level, Presence
from tickets.models import Agent, AgentCertificate, AgentLanguage, Department, SavedView, Ticket, Topic

LONG_AGO = timedelta(days=400)
LEVELS = (Level.NATIVE, Level.FLUENT, Level.ASSIST, None)


@dataclass
class Desk:
    """Who and what there is: people by address, topics and departments by key, agents in the order of the file."""

    lead: User
    trader: User
    agents: list[Agent]
    topics: dict[str, Topic]
    departments: dict[str, Department]
    people: dict[str, list[User]]
    levels: dict[tuple[int, str], str] = field(default_factory=dict)
    members: dict[str, set[int]] = field(default_factory=dict)

    def works_on(self, ticket: Ticket) -> Any:
        """The member of the ticket's department who writes the customer's language best."""
        fitting = [agent for agent in self.agents if self._belongs(agent, ticket.department)]
        return min(fitting or self.agents, key=lambda agent: self._rank(agent, ticket.language)).person

    def _belongs(self, agent: Agent, department: Department | None) -> bool:
        return department is None or agent.pk in self.members[department.key]

    def _rank(self, agent: Agent, language: str) -> int:
        return LEVELS.index(self.levels.get((agent.pk, language)))

    def colleague(self, department: Department, *, but: User) -> Any:
        """Somebody of a department who answers there."""
        found = (agent for agent in self.agents if self._belongs(agent, department) and agent.person_id != but.pk)
        return next(found).person


def prepared(source: Mapping[str, Any]) -> Desk:
    departments = {row.key: row for row in Department.objects.all()}
    desk = Desk(
        lead=User.objects.get(email=source["lead"]),
        trader=User.objects.get(email=source["trader"]),
        agents=[],
        topics={row.key: row for row in Topic.objects.select_related("department")},
        departments=departments,
        people={code: [customer(code, *row) for row in names.items()] for code, names in source["people"].items()},
        members={key: set() for key in departments},
    )
    for row in source["agents"]:
        add_agent(desk, row)
    drafting.agent_of(desk.lead)
    for name, query in source["views"]:
        if not SavedView.objects.filter(owner=None, name=name).exists():
            personal.keep_view(name, query, by=desk.lead, is_shared=True)
    return desk


def customer(language: str, address: str, name: str) -> User:
    return person_of(f"{address}@example.com", language=language, name=name)


def add_agent(desk: Desk, row: Mapping[str, Any]) -> None:
    person = User.objects.get(email=row["email"])
    agent = drafting.agent_of(person)
    agent.capacity = row["capacity"]
    agent.save(update_fields=["capacity"])
    attending.set_presence(agent, Presence(row["presence"]), by=person, reason=row.get("reason", ""))
    # Before all tickets, so that no ticket counts as left behind.
    agent.presence_changes.update(at=timezone.now() - LONG_AGO)
    agent.departments.set(desk.departments[key] for key in row["departments"])
    for key in row["departments"]:
        desk.members[key].add(agent.pk)
    for language, level in row["languages"].items():
        AgentLanguage.objects.update_or_create(agent=agent, language=language, defaults={"level": Level(level)})
        desk.levels[agent.pk, language] = level
    for skill in row["certificates"]:
        granted = {"issued_at": timezone.now() - LONG_AGO, "source": "demo"}
        AgentCertificate.objects.update_or_create(agent=agent, skill=skill, language="", defaults=granted)
    desk.agents.append(agent)
