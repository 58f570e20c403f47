"""Choosing: who gets what, and why."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tickets.routing import rules
from tickets.routing.rules import Moment
from tickets.routing.shapes import AgentState, Assignment, Candidate, Key, RoutingPolicy, Waiting


@dataclass(frozen=True, slots=True)
class _Proposal:
    """What one agent would take next."""

    ticket: Waiting
    agent: AgentState
    key: Key
    is_guard: bool


def choose(
    waiting: Iterable[Waiting], agents: Iterable[AgentState], now: float, policy: RoutingPolicy
) -> list[Assignment]:
    """Everything that is to be assigned at this moment, in order; the same for the same, in whatever order given.

    Each agent proposes the waiting ticket with the smallest key that it may get; every `guard_every`-th time the one
    that waited worst against its target, when that is `guard_ratio` or more. The proposal with the smallest key is
    made, and all is asked again, until nobody can take anything.
    """
    left = {ticket.id: ticket for ticket in waiting}
    states = {agent.id: agent for agent in agents}
    made = []
    while proposal := _next(left, Moment(states, now, policy)):
        made.append(_assignment(proposal, Moment(states, now, policy)))
        del left[proposal.ticket.id]
        states[proposal.agent.id] = _loaded(proposal)
    return made


def explain(ticket: Waiting, agents: Iterable[AgentState], now: float, policy: RoutingPolicy) -> tuple[Candidate, ...]:
    """How each agent stands to a ticket at this moment, in the order of their ids."""
    return _candidates(ticket, Moment({agent.id: agent for agent in agents}, now, policy))


def _candidates(ticket: Waiting, moment: Moment) -> tuple[Candidate, ...]:
    return tuple(_candidate(ticket, moment.agents[number], moment) for number in sorted(moment.agents))


def _candidate(ticket: Waiting, agent: AgentState, moment: Moment) -> Candidate:
    refused = rules.refusals(ticket, agent, moment)
    return Candidate(agent.id, refused, None if refused else rules.key(ticket, agent, moment.now, moment.policy))


def _assignment(proposal: _Proposal, moment: Moment) -> Assignment:
    ticket, agent = proposal.ticket, proposal.agent
    reason = rules.reason(ticket, agent, proposal.is_guard)
    return Assignment(ticket.id, agent.id, proposal.key, reason, _candidates(ticket, moment))


def _loaded(proposal: _Proposal) -> AgentState:
    agent = proposal.agent
    return replace(agent, load=agent.load + proposal.ticket.weight, picks=agent.picks + 1)


def _next(left: dict[int, Waiting], moment: Moment) -> _Proposal | None:
    proposals = (_proposal(left, agent, moment) for agent in moment.agents.values())
    return min(
        (proposal for proposal in proposals if proposal),
        key=lambda proposal: (proposal.key, rules.preference(proposal.ticket, proposal.agent, moment.now)),
        default=None,
    )


def _proposal(left: dict[int, Waiting], agent: AgentState, moment: Moment) -> _Proposal | None:
    allowed = [ticket for ticket in left.values() if not rules.refusals(ticket, agent, moment)]
    if not allowed:
        return None
    if rules.is_guarding(agent, moment.policy) and (worst := _worst(allowed, moment)):
        return _Proposal(worst, agent, rules.key(worst, agent, moment.now, moment.policy), is_guard=True)
    keys = {rules.key(ticket, agent, moment.now, moment.policy): ticket for ticket in allowed}
    return _Proposal(keys[min(keys)], agent, min(keys), is_guard=False)


def _worst(allowed: list[Waiting], moment: Moment) -> Waiting | None:
    def ratio(ticket: Waiting) -> float:
        return rules.lateness(ticket, moment.now, moment.policy)

    worst = min(allowed, key=lambda ticket: (-ratio(ticket), ticket.id))
    return worst if ratio(worst) >= moment.policy.guard_ratio else None
