"""Choosing: who gets what, and why."""

from collections.abc import Iterable
from dataclasses import replace

from tickets.routing import rules
from tickets.routing.router import Router
from tickets.routing.rules import Moment
from tickets.routing.shapes import AgentState, Assignment, Candidate, RoutingPolicy, Waiting


def choose(
    waiting: Iterable[Waiting], agents: Iterable[AgentState], now: float, policy: RoutingPolicy
) -> list[Assignment]:
    """Everything that is to be assigned at this moment, in order; the same for the same, in whatever order given.

    Each agent proposes the waiting ticket with the smallest key that it may get; every `guard_every`-th time the one
    that waited worst against its target, when that is `guard_ratio` or more. The proposal with the smallest key is
    made, and all is asked again, until nobody can take anything.
    """
    router = Router(policy)
    for agent in agents:
        router.meet(agent)
    for ticket in waiting:
        router.put(ticket, now)
    made = []
    while proposal := router.proposal(now):
        candidates = _candidates(proposal.ticket, router.moment(now))
        made.append(replace(router.take(proposal), candidates=candidates))
    return made


def explain(ticket: Waiting, agents: Iterable[AgentState], now: float, policy: RoutingPolicy) -> tuple[Candidate, ...]:
    """How each agent stands to a ticket at this moment, in the order of their ids."""
    return _candidates(ticket, Moment({agent.id: agent for agent in agents}, now, policy))


def _candidates(ticket: Waiting, moment: Moment) -> tuple[Candidate, ...]:
    return tuple(_candidate(ticket, moment.agents[number], moment) for number in sorted(moment.agents))


def _candidate(ticket: Waiting, agent: AgentState, moment: Moment) -> Candidate:
    refused = rules.refusals(ticket, agent, moment)
    return Candidate(agent.id, refused, None if refused else rules.key(ticket, agent, moment.now, moment.policy))
