"""How long a new ticket will probably wait for its first reply: shown so that about four of five promises are kept.

The queue of those who can take the ticket is drained on paper: what goes before it now, what will still come and go
before it, against the replies that these agents write. Surges die down: what comes above the usual halves every hour.
Moments are Unix seconds (UTC), rates are tickets a second. Pure, like the router whose order it follows.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist

from tickets.routing import AgentState, RoutingPolicy, Waiting, rules
from tickets.routing.shapes import RANK

MINUTE, HOUR = 60, 3600
BUCKETS = (5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, *(hours * HOUR for hours in (1, 2, 4, 8, 12, 24)))
# Seconds; requests beyond the usual that are still to come are their rate now times this, if it halves every hour.
FADES = HOUR / math.log(2)
CHANCE = 0.67  # probability that the named step needs; steps are wide, so about 4 of 5 promises come true
SPREAD = 0.25  # standard deviation of the time in the queue, as a share of it
FOUR_FIFTHS = 1.63  # (80 % point - mean) x this = standard deviation of the time to write (coefficient .6)
LONGEST = 48.0 * HOUR
ENOUGH = 120  # this many requests are enough to know their rate
SHORT_WINDOW, LONG_WINDOW = 5.0 * MINUTE, 30.0 * MINUTE

Stream = tuple[str, str, str]  # language, skill, priority
Group = tuple[str, str]  # language, skill


@dataclass(frozen=True, slots=True)
class Desk:
    """What is known at one moment: who is there, what waits, what came in lately and usually comes now.

    `paces` is how many seconds of work a reply takes on average, by class, and `pace` that of classes not in it;
    `writing` how many a first reply of this kind takes on average, and `writing_long` within how many four of five are
    written.
    """

    now: float
    agents: Collection[AgentState]
    waiting: Iterable[Waiting]
    arrivals: Mapping[Stream, float]
    usual: Mapping[Stream, float]
    pace: float
    writing: float
    writing_long: float
    paces: Mapping[str, float] = field(default_factory=dict)

    def seconds(self, stream: Stream) -> float:
        """How much work one ticket of a stream is."""
        return self.paces.get(stream[2], self.pace)


def stream_of(ticket: Waiting) -> Stream:
    return ticket.language, ticket.skill, ticket.priority


def lately(moments: Sequence[float], now: float) -> float:
    """For how many seconds back what came is counted: as long as the newest `ENOUGH` took, half an hour at most. So a
    surge counts in full after some minutes, and few requests are not taken for one. `moments` in their order."""
    first = moments[-ENOUGH] if len(moments) >= ENOUGH else now - LONG_WINDOW
    return min(max(now - first, SHORT_WINDOW), LONG_WINDOW)


@dataclass(frozen=True, slots=True)
class Wait:
    """Seconds: what is expected of a wait, and its standard deviation. Waits are taken as log-normal."""

    mean: float
    deviation: float = 0.0

    def chance(self, seconds: float) -> float:
        """The share of such tickets that have a first reply within a time."""
        variance = math.log1p((self.deviation / self.mean) ** 2)
        if not variance:
            return float(self.mean <= seconds)
        middle = math.log(self.mean) - variance / 2
        return NormalDist(middle, math.sqrt(variance)).cdf(math.log(seconds))


NEVER = Wait(math.inf)


def shown(wait: Wait) -> int | None:
    """The promise that people read, in seconds: the shortest step that is likely enough to be kept; None for more than
    a day."""
    return next((bucket for bucket in BUCKETS if wait.chance(bucket) >= CHANCE), None)


def estimate(ticket: Waiting, desk: Desk, policy: RoutingPolicy) -> Wait:
    """How long such a ticket will wait for its first reply; `NEVER` while nobody can answer it."""
    able = _able(desk.agents, ticket.language, ticket.skill, desk.now)
    if not able:
        return NEVER
    queue = 0.0 if _has_room(able, ticket, desk.agents) else _queue(ticket, desk, policy)
    writing = FOUR_FIFTHS * (desk.writing_long - desk.writing)
    # Who answers straight from the queue has no time of writing that could be measured.
    return Wait(max(1.0, queue + desk.writing), math.hypot(SPREAD * queue, writing))


def _has_room(able: frozenset[int], ticket: Waiting, agents: Iterable[AgentState]) -> bool:
    return any(agent.id in able and agent.load + ticket.weight <= agent.capacity for agent in agents)


def _queue(ticket: Waiting, desk: Desk, policy: RoutingPolicy) -> float:
    """The shortest estimate with all agents, and without the holders of each certificate: they are busy with what only
    they may take, and then what everybody may take goes to the others sooner than an even share says."""
    ahead = Counter(stream_of(other) for other in desk.waiting if _goes_before(other, ticket, policy))
    return min(_drained(ticket, ahead, team, desk, policy) for team in _teams(ticket, desk))


def _teams(ticket: Waiting, desk: Desk) -> Iterator["_Team"]:
    yield _Team(desk.agents, desk.now)
    held = {skill for agent in desk.agents for skill, _language in agent.certificates}
    for skill in sorted(held - {ticket.skill}):
        others = [agent for agent in desk.agents if not agent.holds(skill, ticket.language, desk.now)]
        if any(agent.speaks(ticket.language) for agent in others):
            yield _Team(others, desk.now)


def _goes_before(other: Waiting, ticket: Waiting, policy: RoutingPolicy) -> bool:
    """Whether a waiting ticket is served first: now, or once it has aged, if it ages before the new one is due."""
    rank = RANK[ticket.priority]
    if RANK[other.priority] <= rank:
        return True
    aged = RANK[rules.AGES_INTO.get(other.priority, other.priority)]
    return aged <= rank and rules.due(other, policy) < rules.due(ticket, policy)


class _Team:
    """Some agents, and which part of a kind of work falls to whom."""

    def __init__(self, agents: Collection[AgentState], now: float) -> None:
        self.agents = agents
        self.now = now
        self._able: dict[Group, frozenset[int]] = {}
        self._shares: dict[tuple[Group, frozenset[int]], float] = {}

    def able(self, group: Group) -> frozenset[int]:
        if group not in self._able:
            self._able[group] = _able(self.agents, *group, self.now)
        return self._able[group]

    def share(self, group: Group, of: frozenset[int]) -> float:
        """The part of the work that falls to these agents when it is spread evenly over all who can do it."""
        if (group, of) not in self._shares:
            able = self.able(group)
            self._shares[group, of] = len(able & of) / len(able) if able else 0.0
        return self._shares[group, of]


def _able(agents: Iterable[AgentState], language: str, skill: str, now: float) -> frozenset[int]:
    """Who writes the language and holds the certificate; if nobody does, who holds it and has the translation aid."""
    holders = [agent for agent in agents if agent.is_accepting and agent.holds(skill, language, now)]
    own = frozenset(agent.id for agent in holders if agent.speaks(language))
    return own or frozenset(agent.id for agent in holders if language in agent.languages)


def _drained(ticket: Waiting, ahead: Counter[Stream], team: _Team, desk: Desk, policy: RoutingPolicy) -> float:
    """When the queue before the ticket is worked off, by halving the time in question; at most `LONGEST`."""
    able = team.able((ticket.language, ticket.skill))
    if not able:
        return LONGEST
    first = desk.seconds(stream_of(ticket)) + sum(
        number * desk.seconds(stream) * team.share(stream[:2], able) for stream, number in ahead.items()
    )
    overtaking = _Overtaking(ticket, able, team, desk, policy)
    low, high = 0.0, LONGEST
    while high - low > 1:
        middle = (low + high) / 2
        is_left = first + overtaking.until(middle) > middle * len(able)
        low, high = (middle, high) if is_left else (low, middle)
    return high


class _Overtaking:
    """How many seconds of work of higher classes will come and go first. Once the ticket has aged, fewer classes do."""

    def __init__(self, ticket: Waiting, able: frozenset[int], team: _Team, desk: Desk, policy: RoutingPolicy) -> None:
        due = rules.due(ticket, policy)
        self.ages_in = max(0.0, due - desk.now)
        now, usual = (_by_rank(rates, able, team, desk) for rates in (desk.arrivals, desk.usual))
        young, aged = RANK[ticket.priority], rules.rank(ticket, due, policy)
        self.young = sum(now[:young]), sum(usual[:young])
        self.aged = sum(now[:aged]), sum(usual[:aged])

    def until(self, seconds: float) -> float:
        young = _coming(*self.young, min(seconds, self.ages_in))
        return young + max(0.0, _coming(*self.aged, seconds) - _coming(*self.aged, self.ages_in))


def _by_rank(rates: Mapping[Stream, float], able: frozenset[int], team: _Team, desk: Desk) -> list[float]:
    """The work of each class, urgent first, that falls to these agents: seconds a second."""
    found = [0.0] * len(RANK)
    for stream, rate in rates.items():
        found[RANK[stream[2]]] += rate * desk.seconds(stream) * team.share(stream[:2], able)
    return found


def _coming(now: float, usual: float, seconds: float) -> float:
    """How much comes in that time at a rate that is `now`, and goes back to the usual if it is above it."""
    above = max(0.0, now - usual)
    return usual * seconds + above * FADES * (1 - math.exp(-seconds / FADES))
