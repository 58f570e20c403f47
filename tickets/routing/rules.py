"""The rules of routing, one function each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tickets.enums import Level, Priority
from tickets.routing.shapes import RANK, AgentState, Key, Reason, Refusal, RoutingPolicy, Waiting

AGES_INTO: dict[str, str] = {
    Priority.NORMAL: Priority.HIGH,
    Priority.LOW: Priority.NORMAL,
}  # nothing is aged into urgent


@dataclass(frozen=True, slots=True)
class Moment:
    """Everything about the desk that a decision depends on."""

    agents: Mapping[int, AgentState]
    now: float
    policy: RoutingPolicy


def due(ticket: Waiting, policy: RoutingPolicy) -> float:
    return ticket.created + policy.targets[ticket.priority] if ticket.due is None else ticket.due


def start(ticket: Waiting, now: float, policy: RoutingPolicy) -> float:
    """What orders tickets of one class: when due, less the head start of the tier, and another where the customer was
    promised a reply by a moment that has passed."""
    share = policy.head_starts.get(ticket.tier, 0)
    if ticket.promised is not None and now >= ticket.promised:
        share += policy.missed_start
    return due(ticket, policy) - share * policy.targets[ticket.priority]


def rank(ticket: Waiting, now: float, policy: RoutingPolicy) -> int:
    """The class with its age: one higher once its own target has passed."""
    is_late = now >= due(ticket, policy)
    return RANK[AGES_INTO.get(ticket.priority, ticket.priority) if is_late else ticket.priority]


def lateness(ticket: Waiting, now: float, policy: RoutingPolicy) -> float:
    """Wait against target: 1 when due, 2 a whole target later. On a 24-hour calendar that is wait / target."""
    return 1 + (now - due(ticket, policy)) / policy.targets[ticket.priority]


def key(ticket: Waiting, agent: AgentState, now: float, policy: RoutingPolicy) -> Key:
    assisted = policy.own_first and not agent.speaks(ticket.language)
    return Key(rank(ticket, now, policy), int(assisted), start(ticket, now, policy), ticket.id)


def is_held(ticket: Waiting, moment: Moment) -> bool:
    """Whether somebody who takes work now speaks the language and holds the certificate."""
    return any(
        agent.is_accepting and _is_own(ticket, agent, moment.now) and _in_department(ticket, agent)
        for agent in moment.agents.values()
    )


def is_ripe(ticket: Waiting, now: float, policy: RoutingPolicy) -> bool:
    """Whether it waited so long that the translation aid is better than more waiting."""
    return now >= ripens(ticket, policy)


def ripens(ticket: Waiting, policy: RoutingPolicy) -> float:
    return ticket.created + policy.assist_after[ticket.priority]


def is_kept_from(ticket: Waiting, agent: AgentState, moment: Moment) -> bool:
    """Whether it waits for the agent who answered last, and this is another."""
    if ticket.sticky is None or ticket.sticky == agent.id or moment.now >= (ticket.sticky_until or 0):
        return False
    keeper = moment.agents.get(ticket.sticky)
    return keeper is not None and _can_ever(ticket, keeper, moment.now)


def refusals(ticket: Waiting, agent: AgentState, moment: Moment) -> tuple[Refusal, ...]:
    """Every reason why this agent may not get the ticket at this moment; empty when nothing speaks against it."""
    return tuple(refusal for refusal, is_refused in _REFUSED.items() if is_refused(ticket, agent, moment))


def is_allowed(ticket: Waiting, agent: AgentState, now: float) -> bool:
    """Whether the agent could take a ticket of that language, skill and department at all."""
    can_write = ticket.language in agent.languages
    return can_write and agent.holds(ticket.skill, ticket.language, now) and _in_department(ticket, agent)


def is_personal(ticket: Waiting, agent: AgentState, moment: Moment) -> bool:
    """Whether something stands between just this ticket and just this agent."""
    return _has_declined(ticket, agent, moment.now) or is_kept_from(ticket, agent, moment)


def reason(ticket: Waiting, agent: AgentState, is_guard: bool) -> Reason:
    if is_guard:
        return Reason.GUARD
    if ticket.sticky == agent.id:
        return Reason.STICKY
    return Reason.NATIVE if agent.speaks(ticket.language) else Reason.ASSIST


def is_guarding(agent: AgentState, policy: RoutingPolicy) -> bool:
    """Whether this agent's next pick goes to who waited worst."""
    return agent.picks % policy.guard_every == policy.guard_every - 1


def preference(ticket: Waiting, agent: AgentState, now: float) -> tuple[bool, int, float, float, int]:
    """Who of several goes first for a ticket: the smaller."""
    spare = (agent.capacity - agent.load) / agent.capacity if agent.capacity else 0.0
    return (ticket.sticky != agent.id, agent.breadth(now), -spare, agent.idle_since, agent.id)


def _is_own(ticket: Waiting, agent: AgentState, now: float) -> bool:
    return agent.speaks(ticket.language) and agent.holds(ticket.skill, ticket.language, now)


def _in_department(ticket: Waiting, agent: AgentState) -> bool:
    return ticket.only is None or agent.id in ticket.only


def _has_declined(ticket: Waiting, agent: AgentState, now: float) -> bool:
    return now < ticket.declined.get(agent.id, now)


def _can_ever(ticket: Waiting, agent: AgentState, now: float) -> bool:
    """Whether only being full or away keeps the ticket from an agent who needs no translation aid for it."""
    return _is_own(ticket, agent, now) and _in_department(ticket, agent) and not _has_declined(ticket, agent, now)


def _needs_later(ticket: Waiting, agent: AgentState, moment: Moment) -> bool:
    return (
        agent.languages.get(ticket.language) == Level.ASSIST
        and not is_ripe(ticket, moment.now, moment.policy)
        and is_held(ticket, moment)
    )


_REFUSED: dict[Refusal, Callable[[Waiting, AgentState, Moment], bool]] = {
    Refusal.OFFLINE: lambda ticket, agent, moment: not agent.is_accepting,
    Refusal.FULL: lambda ticket, agent, moment: agent.load + ticket.weight > agent.capacity,
    Refusal.CERTIFICATE: lambda ticket, agent, moment: not agent.holds(ticket.skill, ticket.language, moment.now),
    Refusal.LANGUAGE: lambda ticket, agent, moment: ticket.language not in agent.languages,
    Refusal.ASSIST_LATER: _needs_later,
    Refusal.DECLINED: lambda ticket, agent, moment: _has_declined(ticket, agent, moment.now),
    Refusal.DEPARTMENT: lambda ticket, agent, moment: not _in_department(ticket, agent),
    Refusal.KEPT: is_kept_from,
}
