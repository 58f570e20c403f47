"""Tickets that wait and agents that are there, by hand or by chance, and which of them the router brings together."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from tickets.enums import Priority
from tickets.routing import AgentState, Assignment, Moment, RoutingPolicy, Waiting, choose, key, refusals, rules

POLICY = RoutingPolicy()
NOW = 100_000.0
LANGUAGES = ("en", "ko", "fr")
SKILLS = ("", "derivatives", "kyc")
moments = st.sampled_from([0.0, 40_000.0, 70_000.0, 85_600.0, 96_400.0, 98_200.0, 99_099.0, 99_900.0, 99_990.0, NOW])
until = st.sampled_from([NOW - 1, NOW, NOW + 1, NOW + 900, math.inf])
agent_ids = st.integers(1, 5)


@st.composite
def tickets(draw: st.DrawFn, number: int) -> Waiting:
    return Waiting(
        id=number,
        language=draw(st.sampled_from(LANGUAGES)),
        skill=draw(st.sampled_from(SKILLS)),
        priority=draw(st.sampled_from(Priority.values)),
        created=draw(moments),
        due=draw(st.none() | moments),
        tier=draw(st.sampled_from(["", "pro"])),
        weight=draw(st.integers(1, 2)),
        sticky=draw(st.none() | agent_ids),
        sticky_until=draw(st.none() | until),
        declined=draw(st.dictionaries(agent_ids, until, max_size=1)),
        only=draw(st.none() | st.frozensets(agent_ids, min_size=1, max_size=3)),
        promised=draw(st.none() | moments | until),
    )


@st.composite
def agents(draw: st.DrawFn, number: int) -> AgentState:
    levels = st.sampled_from(["native", "fluent", "assist"])
    certificates = st.tuples(st.sampled_from(SKILLS[1:]), st.sampled_from(["", "ko"]))
    capacity = draw(st.integers(0, 4))
    return AgentState(
        id=number,
        languages=draw(st.dictionaries(st.sampled_from(LANGUAGES), levels)),
        certificates=draw(st.dictionaries(certificates, until)),
        capacity=capacity,
        load=draw(st.integers(0, capacity)),
        is_accepting=draw(st.booleans()) or draw(st.booleans()),
        idle_since=draw(moments),
        picks=draw(st.integers(0, 9)),
    )


@st.composite
def desks(draw: st.DrawFn, most: int = 8) -> tuple[list[Waiting], list[AgentState]]:
    waiting = [draw(tickets(number)) for number in range(draw(st.integers(0, most)))]
    return waiting, [draw(agents(number)) for number in range(1, draw(st.integers(1, 5)) + 1)]


def asked_one_by_one(
    waiting: Iterable[Waiting], working: Iterable[AgentState], now: float, policy: RoutingPolicy
) -> list[tuple[Any, ...]]:
    """The same choice without any order kept: each step asks every agent about every ticket."""
    left, states, made = {ticket.id: ticket for ticket in waiting}, {agent.id: agent for agent in working}, []
    while proposals := list(proposed(left, Moment(states, now, policy))):
        chosen, _order, ticket, agent, is_guard = min(proposals, key=lambda proposal: proposal[:2])
        made.append((ticket.id, agent.id, chosen, rules.reason(ticket, agent, is_guard)))
        del left[ticket.id]
        states[agent.id] = replace(agent, load=agent.load + ticket.weight, picks=agent.picks + 1)
    return made


def proposed(left: dict[int, Waiting], moment: Moment) -> Iterator[tuple[Any, ...]]:
    """Each agent who may have something, with the ticket that is theirs: (key, order, ticket, agent, by the guard)."""
    for agent in moment.agents.values():
        allowed = [ticket for ticket in left.values() if not refusals(ticket, agent, moment)]
        if allowed:
            ticket, is_guard = picked(allowed, agent, moment)
            order = rules.preference(ticket, agent, moment.now)
            yield key(ticket, agent, moment.now, moment.policy), order, ticket, agent, is_guard


def picked(allowed: list[Waiting], agent: AgentState, moment: Moment) -> tuple[Waiting, bool]:
    """The ticket that an agent would get, and whether the guard picked it."""
    worst = min(allowed, key=lambda ticket: (-rules.lateness(ticket, moment.now, moment.policy), ticket.id))
    is_turn = agent.picks % moment.policy.guard_every == moment.policy.guard_every - 1
    if is_turn and rules.lateness(worst, moment.now, moment.policy) >= moment.policy.guard_ratio:
        return worst, True
    return min(allowed, key=lambda ticket: key(ticket, agent, moment.now, moment.policy)), False


def plain(made: Iterable[Assignment]) -> list[tuple[Any, ...]]:
    return [(each.ticket, each.agent, each.key, each.reason) for each in made]


def steps(
    waiting: Iterable[Waiting], working: Iterable[AgentState], now: float = NOW, policy: RoutingPolicy = POLICY
) -> Iterator[tuple[Any, dict[int, Waiting], dict[int, AgentState]]]:
    """Each assignment with the desk just before it, and the desk after the last with none."""
    left, states = {ticket.id: ticket for ticket in waiting}, {agent.id: agent for agent in working}
    for each in choose(waiting, working, now, policy):
        yield each, left, states
        ticket, agent = left[each.ticket], states[each.agent]
        left = {number: other for number, other in left.items() if number != ticket.id}
        states = states | {agent.id: replace(agent, load=agent.load + ticket.weight, picks=agent.picks + 1)}
    yield None, left, states


def ticket(
    number: int = 1,
    language: str = "en",
    priority: str = "normal",
    created: float = NOW,
    skill: str = "",
    **more: Any,
) -> Waiting:
    return Waiting(number, language, skill, priority, created, **more)


def agent(
    number: int = 1, *languages: str, certificates: Iterable[str] = (), assists: Iterable[str] = (), **more: Any
) -> AgentState:
    levels = dict.fromkeys(assists, "assist") | dict.fromkeys(languages or ("en",), "native")
    return AgentState(number, levels, {(skill, ""): math.inf for skill in certificates}, **more)


def pairs(
    waiting: Iterable[Waiting], working: Iterable[AgentState], now: float = NOW, policy: RoutingPolicy = POLICY
) -> list[tuple[int, int]]:
    return [(each.ticket, each.agent) for each in choose(waiting, working, now, policy)]
