"""A crash through the database: the dispatcher gives every ticket to the agent whom the router names in memory.

`WHOLE_CRASH=1` plays all 75 minutes of the trace, which takes minutes.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from supportdesk.accounts.models import User
from supportdesk.outbox import delivery
from tests.tickets.factories import PersonFactory, TopicFactory
from tickets import replay
from tickets.actions.dispatching import dispatch
from tickets.enums import FAR, Level, Presence, Priority, Status, Trigger
from tickets.models import Agent, AgentCertificate, AgentIdleTime, AgentLanguage, RoutingDecision, Ticket
from tickets.replay import Simulation
from tickets.replay.simulation import SKILLS
from tickets.routing import AgentState, Assignment, Key, Proposal, RoutingPolicy, Waiting

TRACES = Path(__file__).parent / "traces"
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
CRASH = 14 * 3600.0
# Minutes before and after its beginning. In the short part all agents get busy and many tickets wait.
MINUTES_BEFORE, MINUTES_AFTER = (15, 60) if os.environ.get("WHOLE_CRASH") else (10, 8)


def moment(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


class DatabaseRouter:
    """Stands where the simulation has its router: tickets and agents are rows, and the dispatcher gives out."""

    def __init__(self) -> None:
        self.topics = {skill: TopicFactory(skill=skill) for skill in ("", *sorted(set(SKILLS.values())))}
        self.customer = PersonFactory()
        self.persons: dict[int, User] = {}
        self.given: list[RoutingDecision] = []
        self.last = 0

    def meet(self, agent: AgentState) -> None:
        person = PersonFactory(name=f"Agent {agent.id}", is_staff=True, is_superuser=True)
        self.persons[agent.id] = person
        values = {"presence": Presence.AVAILABLE, "presence_since": BEGIN, "capacity": agent.capacity}
        row = Agent.objects.create(pk=agent.id, person=person, **values)
        languages = sorted(agent.languages.items())
        AgentLanguage.objects.bulk_create(AgentLanguage(agent=row, language=a, level=b) for a, b in languages)
        AgentCertificate.objects.bulk_create(
            AgentCertificate(agent=row, skill=skill, issued_at=BEGIN) for skill, _language in agent.certificates
        )

    def put(self, ticket: Waiting, now: float) -> None:
        created = moment(ticket.created)
        Ticket.objects.create(
            pk=ticket.id,
            requester=self.customer,
            topic=self.topics[ticket.skill],
            subject="Trace",
            language=ticket.language,
            priority=ticket.priority,
            tier=ticket.tier,
            created_at=created,
            unanswered_since=created,
            next_due_at=moment(ticket.created + RoutingPolicy().targets[ticket.priority]),
        )

    def proposal(self, now: float) -> Proposal | None:
        """What the dispatcher has given since the last question, one by one in its order."""
        if not self.given and dispatch(trigger=Trigger.TICK, at=moment(now)):
            found = RoutingDecision.objects.filter(pk__gt=self.last).order_by("pk")
            self.given = list(found.select_related("ticket__topic"))
            self.last = self.given[-1].pk
        return self._proposal(self.given.pop(0)) if self.given else None

    def _proposal(self, row: RoutingDecision) -> Proposal:
        ticket = Waiting(row.ticket_id, row.ticket.language, row.ticket.topic.skill, row.ticket.priority, 0.0)
        return Proposal(ticket, AgentState(row.agent_id, {}), Key(0, 0, 0.0, row.ticket_id), row.reason == "guard")

    def take(self, proposal: Proposal) -> Assignment:
        row = RoutingDecision.objects.get(ticket=proposal.ticket.id)
        self.busy = {**getattr(self, "busy", {}), row.agent_id: row.ticket_id}
        return Assignment(row.ticket_id, row.agent_id, proposal.key, row.reason)

    def release(self, number: int, weight: int, now: float) -> None:
        """What the reply of an agent leaves behind."""
        answered = {"unanswered_since": None, "last_reply_at": moment(now), "next_due_at": FAR}
        Ticket.objects.filter(pk=self.busy.pop(number)).update(status=Status.OPEN, **answered)
        AgentIdleTime.objects.filter(agent=number).update(since=moment(now))


def played(rows, agents, router=None) -> Simulation:
    last = CRASH + 60 * MINUTES_AFTER
    simulation = Simulation(rows, agents, assumptions=replay.Assumptions(horizon=last))
    if router is not None:
        simulation.router = router
    simulation.run()
    return simulation


@pytest.mark.django_db
def test_the_crash_goes_to_the_same_agents_in_memory_and_in_the_database():
    lines = (TRACES / "crash_mini_75min.csv").read_text(encoding="utf-8").splitlines()
    rows = [row for row in replay.read_trace(lines) if row.t >= CRASH - 60 * MINUTES_BEFORE]
    found = replay.read_agents((TRACES / "agents30.json").read_text(encoding="utf-8"), {row.lang for row in rows})
    agents = [AgentState(one.id + 1, one.languages, one.certificates, one.capacity) for one in found]
    in_memory = played(rows, agents)
    with delivery.owing_nothing():
        in_database = played(rows, agents, DatabaseRouter())
    assert in_database.outcome.assignments == in_memory.outcome.assignments
    assert not in_database.outcome.violations
    print(f"{len(in_memory.outcome.assignments)} tickets of {len(rows)} were given out")
    assert len(in_memory.outcome.assignments) > 40
    assert {Level.NATIVE, Level.ASSIST} <= set(in_memory.outcome.reasons)
    assert Priority.URGENT in set(Ticket.objects.exclude(assignee=None).values_list("priority", flat=True))
