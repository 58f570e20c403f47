"""The queue that keeps itself sorted: the same decisions as asking everybody about every ticket, in far fewer steps.

Tickets that the same agents may take lie in one pool; a pool has a shelf for each priority, aged or not, ripe for the
translation aid or not. Each shelf is sorted by key and by due moment, so an agent looks at the first of a few shelves.
"""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from tickets.routing import rules
from tickets.routing.rules import Moment
from tickets.routing.shapes import AgentState, Assignment, Key, RoutingPolicy, Waiting


class _Entry(NamedTuple):
    """A place on a shelf; it counts while the ticket's stamp is still the same."""

    at: float
    id: int
    stamp: int


@dataclass(eq=False, slots=True)
class _Shelf:
    priority: str
    rank: int
    is_ripe: bool
    by_start: list[_Entry] = field(default_factory=list)
    by_due: list[_Entry] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class _Pool:
    """`sample` stands for all tickets of the pool where a rule asks for language, skill, weight and department."""

    sample: Waiting
    shelves: dict[tuple[str, int, bool], _Shelf] = field(default_factory=dict)
    size: int = 0


class _Place(NamedTuple):
    ticket: Waiting
    stamp: int
    pool: _Pool


class _Door(NamedTuple):
    """A pool that an agent may take from, with the translation aid or not, and before the tickets are ripe or not."""

    pool: _Pool
    needs_aid: bool
    needs_ripe: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one agent would take next."""

    ticket: Waiting
    agent: AgentState
    key: Key
    is_guard: bool


class Router:
    """The waiting tickets and the working agents. The moments that it is given never go back in time."""

    def __init__(self, policy: RoutingPolicy) -> None:
        self.policy = policy
        self.agents: dict[int, AgentState] = {}
        self._places: dict[int, _Place] = {}
        self._pools: dict[tuple[str, str, int, frozenset[int] | None], _Pool] = {}
        self._changes: list[_Entry] = []  # when tickets become ripe or age, or promises are missed
        self._doors: dict[int, list[_Door]] = {}  # by agent, as long as nobody comes, goes or changes
        self._doors_until = 0.0
        self._stamp = 0

    def __len__(self) -> int:
        return len(self._places)

    def put(self, ticket: Waiting, now: float) -> None:
        """A ticket waits, or waits otherwise than before."""
        self._shelve(ticket, now)
        moments = (rules.ripens(ticket, self.policy), rules.due(ticket, self.policy), ticket.promised)
        for moment in moments:
            if moment is not None and now < moment:
                heapq.heappush(self._changes, _Entry(moment, ticket.id, 0))

    def withdraw(self, number: int) -> None:
        """A ticket waits no longer, whoever saw to it."""
        place = self._places.pop(number, None)
        if place:
            place.pool.size -= 1

    def meet(self, agent: AgentState) -> None:
        """Somebody comes, or changed in whatever way."""
        self.agents[agent.id] = agent
        self._doors.clear()

    def leave(self, number: int) -> None:
        """Somebody goes."""
        self.agents.pop(number, None)
        self._doors.clear()

    def release(self, number: int, weight: int, now: float) -> None:
        """An agent is done with work of that weight."""
        agent = self.agents[number]
        self.agents[number] = replace(agent, load=agent.load - weight, idle_since=now)

    def proposal(self, now: float) -> Proposal | None:
        """What is to be assigned first at this moment; nothing is changed by asking."""
        if not self._places:
            return None
        self._advance(now)
        proposals = [found for agent in self._free() if (found := self._proposal_of(agent, now))]
        if len(proposals) < 2:
            return proposals[0] if proposals else None
        least = min(proposal.key for proposal in proposals)
        equal = [proposal for proposal in proposals if proposal.key == least]
        return min(equal, key=lambda proposal: rules.preference(proposal.ticket, proposal.agent, now))

    def take(self, proposal: Proposal) -> Assignment:
        """The proposal is made: the ticket waits no longer, the agent has it."""
        ticket, agent = proposal.ticket, proposal.agent
        self.withdraw(ticket.id)
        self.agents[agent.id] = replace(agent, load=agent.load + ticket.weight, picks=agent.picks + 1)
        return Assignment(ticket.id, agent.id, proposal.key, rules.reason(ticket, agent, proposal.is_guard))

    def waiting(self) -> Iterator[Waiting]:
        return (place.ticket for place in self._places.values())

    def moment(self, now: float) -> Moment:
        return Moment(self.agents, now, self.policy)

    def _shelve(self, ticket: Waiting, now: float) -> None:
        """Lay a ticket where it belongs now; where it lay before counts no longer."""
        self.withdraw(ticket.id)
        self._stamp += 1
        pool = self._pool(ticket)
        pool.size += 1
        self._places[ticket.id] = _Place(ticket, self._stamp, pool)
        shelf = self._shelf(pool, ticket, now)
        heapq.heappush(shelf.by_start, _Entry(rules.start(ticket, now, self.policy), ticket.id, self._stamp))
        heapq.heappush(shelf.by_due, _Entry(rules.due(ticket, self.policy), ticket.id, self._stamp))

    def _shelf(self, pool: _Pool, ticket: Waiting, now: float) -> _Shelf:
        which = (ticket.priority, rules.rank(ticket, now, self.policy), rules.is_ripe(ticket, now, self.policy))
        return pool.shelves.setdefault(which, _Shelf(*which))

    def _pool(self, ticket: Waiting) -> _Pool:
        which = (ticket.language, ticket.skill, ticket.weight, ticket.only)
        if which not in self._pools:
            self._pools[which] = _Pool(ticket)
            self._doors.clear()
        return self._pools[which]

    def _advance(self, now: float) -> None:
        """Put tickets that became ripe or aged, or whose promise was missed, where they belong now."""
        while self._changes and self._changes[0].at <= now:
            place = self._places.get(heapq.heappop(self._changes).id)
            if place:
                self._shelve(place.ticket, now)
        if now >= self._doors_until:
            self._doors.clear()

    def _free(self) -> Iterator[AgentState]:
        return (agent for agent in self.agents.values() if agent.is_accepting and agent.load < agent.capacity)

    def _proposal_of(self, agent: AgentState, now: float) -> Proposal | None:
        is_guard = rules.is_guarding(agent, self.policy)
        if is_guard and (worst := self._worst(agent, now)):
            return Proposal(worst, agent, rules.key(worst, agent, now, self.policy), is_guard=True)
        first = self._first(agent, now)
        return Proposal(self._places[first.id].ticket, agent, first, is_guard=False) if first else None

    def _first(self, agent: AgentState, now: float) -> Key | None:
        """The smallest key of what the agent may get."""
        best: Key | None = None
        for door, shelf in self._shelves(agent, now):
            assisted = int(door.needs_aid and self.policy.own_first)
            if best and (shelf.rank, assisted) > best[:2]:
                continue
            entry = self._top(shelf.by_start, agent, now)
            if entry and (best is None or (shelf.rank, assisted, entry.at, entry.id) < best):
                best = Key(shelf.rank, assisted, entry.at, entry.id)
        return best

    def _worst(self, agent: AgentState, now: float) -> Waiting | None:
        """What the agent may get that is latest against its target, if it is late enough for the guard."""
        worst: tuple[float, int] | None = None
        for _door, shelf in self._shelves(agent, now):
            entry = self._top(shelf.by_due, agent, now)
            if entry:
                late = (-rules.lateness(self._places[entry.id].ticket, now, self.policy), entry.id)
                worst = min(worst, late) if worst else late
        if worst is None or -worst[0] < self.policy.guard_ratio:
            return None
        return self._places[worst[1]].ticket

    def _shelves(self, agent: AgentState, now: float) -> Iterator[tuple[_Door, _Shelf]]:
        """Where the agent may take from now, but for what stands against single tickets."""
        spare = agent.capacity - agent.load
        for door in self._doors.get(agent.id) or self._open_doors(agent, now):
            if not door.pool.size or door.pool.sample.weight > spare:
                continue
            for shelf in door.pool.shelves.values():
                if shelf.by_start and (shelf.is_ripe or not door.needs_ripe):
                    yield door, shelf

    def _open_doors(self, agent: AgentState, now: float) -> list[_Door]:
        if not self._doors:
            self._doors_until = min(self._expiries(now), default=float("inf"))
        doors = [
            _Door(pool, needs_aid := not agent.speaks(pool.sample.language), needs_aid and self._is_held(pool, now))
            for pool in self._pools.values()
            if rules.is_allowed(pool.sample, agent, now)
        ]
        self._doors[agent.id] = doors
        return doors

    def _is_held(self, pool: _Pool, now: float) -> bool:
        return rules.is_held(pool.sample, self.moment(now))

    def _expiries(self, now: float) -> Iterator[float]:
        return (at for agent in self.agents.values() for at in agent.certificates.values() if at > now)

    def _top(self, heap: list[_Entry], agent: AgentState, now: float) -> _Entry | None:
        """The first ticket that the agent may get; places that no longer count are swept away on the way."""
        aside = []
        while heap and (not self._counts(heap[0]) or self._is_barred(heap[0], agent, now)):
            entry = heapq.heappop(heap)
            if self._counts(entry):
                aside.append(entry)
        found = heap[0] if heap else None
        for entry in aside:
            heapq.heappush(heap, entry)
        return found

    def _counts(self, entry: _Entry) -> bool:
        place = self._places.get(entry.id)
        return place is not None and place.stamp == entry.stamp

    def _is_barred(self, entry: _Entry, agent: AgentState, now: float) -> bool:
        ticket = self._places[entry.id].ticket
        if not ticket.declined and ticket.sticky is None:
            return False
        return rules.is_personal(ticket, agent, self.moment(now))
