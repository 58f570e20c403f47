"""The day itself: tickets come, the router gives them to agents, replies are written, customers come back."""

import hashlib
import heapq
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import partial
from itertools import count
from math import inf
from typing import NamedTuple

from tickets.enums import Priority
from tickets.promises import Stream
from tickets.replay.assumptions import Assumptions
from tickets.replay.promising import PromiseBook
from tickets.replay.trace import Row
from tickets.routing import AgentState, Assignment, Router, RoutingPolicy, Waiting

SKILLS = {"liquidation": "derivatives", "api": "api", "kyc": "kyc", "security": "security"}  # certificate by topic
DESK = "desk"
FIFO = "fifo"
POLICIES = (DESK, FIFO)
ENGLISH = "en"


def fifo_policy() -> RoutingPolicy:
    """Oldest first: one class that never ages, no guard, no translation aid while somebody speaks the language."""
    never = 1e9
    return RoutingPolicy(
        targets=dict.fromkeys(Priority.values, never),
        head_starts={},
        assist_after=dict.fromkeys(Priority.values, inf),
        missed_start=0.0,
        guard_ratio=inf,
        own_first=False,
    )


class Happens(IntEnum):
    """In this order at one moment."""

    DONE = 0
    COMES = 1
    COMES_BACK = 2
    ANSWERED_TOGETHER = 3
    TICK = 4


class Event(NamedTuple):
    at: float
    what: Happens
    serial: int
    effect: Callable[[float], None]  # is told the moment


@dataclass(frozen=True, slots=True)
class Work:
    """Something for one agent to write. `since` is when this wait began; `is_last`: the customer does not come back."""

    row: Row
    since: float
    is_first: bool = True
    is_last: bool = False


@dataclass(slots=True)
class Outcome:
    """What a replay found: when each ticket was answered, by whom it was not asked at all, and what was broken."""

    answered: dict[int, float] = field(default_factory=dict)
    together: set[int] = field(default_factory=set)
    misled: set[int] = field(default_factory=set)  # got an answer to something else
    deflected: set[int] = field(default_factory=set)
    violations: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    assignments: list[tuple[float, int, int]] = field(default_factory=list)  # (moment, number of the work, agent)


class Simulation:
    def __init__(
        self,
        rows: Iterable[Row],
        agents: Iterable[AgentState],
        policy: str = DESK,
        assumptions: Assumptions | None = None,
        *,
        incidents: bool = False,
        routing: RoutingPolicy | None = None,
        promises: bool = False,
    ) -> None:
        self.rows = list(rows)
        self.assumptions = assumptions or Assumptions()
        self.is_fifo = policy == FIFO
        self.has_incidents = incidents
        self.router = Router(fifo_policy() if self.is_fifo else routing or RoutingPolicy())
        self.outcome = Outcome()
        self.book = PromiseBook(self.rows, self.assumptions) if promises else None
        self._events: list[Event] = []
        self._serial = count()
        self._numbers = count(1 + max((row.id for row in self.rows), default=0))
        self._works: dict[int, Work] = {}  # that wait, by the number that the router knows
        # Works that wait for the one answer, English or not.
        self._linked: dict[bool, dict[int, Work]] = {True: {}, False: {}}
        self._busy: Counter[int] = Counter()
        self._matching = _Matching(self.rows, self.assumptions)
        self._agents = {agent.id: agent for agent in agents}

    def run(self) -> Outcome:
        for agent in self._agents.values():
            self.router.meet(agent)
        if self.book:
            self.book.learn(self._stream)
        for row in self.rows:
            self._add(row.t, Happens.COMES, partial(self._comes, Work(row, row.t)))
        self._tick(0.0)
        if self.has_incidents:
            self._plan_answers()
        while self._events and self._events[0].at <= self.assumptions.horizon:
            self._step(self._events[0].at)
        return self.outcome

    def _step(self, now: float) -> None:
        """Everything that happens at one moment, and then the router."""
        while self._events and self._events[0].at == now:
            heapq.heappop(self._events).effect(now)
        while proposal := self.router.proposal(now):
            self._begin(self.router.take(proposal), now)

    def _add(self, at: float, what: Happens, effect: Callable[[float], None]) -> None:
        heapq.heappush(self._events, Event(at, what, next(self._serial), effect))

    def _plan_answers(self) -> None:
        for is_english, after in ((True, self.assumptions.english_after), (False, self.assumptions.others_after)):
            self._add_answer(self.assumptions.page_up_at + after, is_english)

    def _add_answer(self, at: float, is_english: bool) -> None:
        self._add(at, Happens.ANSWERED_TOGETHER, partial(self._answered_together, is_english))

    def _comes(self, work: Work, now: float) -> None:
        if self.has_incidents and self._is_deflected(work.row):
            self.outcome.deflected.add(work.row.id)
            return
        self._wait(work.row.id, work, now)
        if self.has_incidents and self._matching.is_linked(work.row):
            self._linked[work.row.lang == ENGLISH][work.row.id] = work

    def _comes_back(self, work: Work, now: float) -> None:
        self._wait(next(self._numbers), work, now)

    def _wait(self, number: int, work: Work, now: float) -> None:
        self._works[number] = work
        language, skill, priority = self._stream(work.row)
        waiting = Waiting(number, language, skill, priority, work.since, tier=work.row.tier)
        if self.book:
            self.book.came(waiting, now)
            if number == work.row.id:
                waiting = replace(waiting, promised=self.book.promise(waiting, work.row.topic, self.router, now))
        self.router.put(waiting, now)

    def _stream(self, row: Row) -> Stream:
        """What the router is told of a ticket's kind: language, certificate, class."""
        return row.lang, SKILLS.get(row.topic, ""), Priority.NORMAL if self.is_fifo else row.priority

    def _is_deflected(self, row: Row) -> bool:
        if not row.surge or row.t < self.assumptions.page_up_at:
            return False
        share = self.assumptions.deflected_incident if row.incident else self.assumptions.deflected_other
        return row.u_deflect < share

    def _begin(self, made: Assignment, now: float) -> None:
        work = self._works.pop(made.ticket)
        self._linked[work.row.lang == ENGLISH].pop(made.ticket, None)
        self._note(made, work, now)
        self._add(now + self._seconds(work, made.agent), Happens.DONE, partial(self._done, work, made.agent))

    def _note(self, made: Assignment, work: Work, now: float) -> None:
        """Write down what the router did, and check it by what is known here, not by what the router believes."""
        self.outcome.assignments.append((now, made.ticket, made.agent))
        self.outcome.reasons[made.reason] += 1
        self._busy[made.agent] += 1
        if self._busy[made.agent] > self.assumptions.capacity:
            self.outcome.violations["capacity"] += 1
        skill = SKILLS.get(work.row.topic)
        if skill and (skill, "") not in self._agents[made.agent].certificates:
            self.outcome.violations["certificate"] += 1

    def _seconds(self, work: Work, agent: int) -> float:
        is_own = self._agents[agent].speaks(work.row.lang)
        step = 1.0 if work.is_first else self.assumptions.follow_up_factor
        return work.row.service_s * step * (1.0 if is_own else self.assumptions.aid_factor)

    def _done(self, work: Work, agent: int, now: float) -> None:
        self._busy[agent] -= 1
        if self.book:
            self.book.replied(now, self._stream(work.row), self._seconds(work, agent))
        self.router.release(agent, 1, now)
        self.outcome.answered.setdefault(work.row.id, now)
        if not work.is_last and work.row.u_back < self.assumptions.follow_up_share:
            self._return(work, now, work.row.back_delay_s, is_first=False)

    def _return(self, work: Work, now: float, delay: float, *, is_first: bool, since: float | None = None) -> None:
        at = now + delay
        again = replace(work, since=at if since is None else since, is_first=is_first, is_last=True)
        self._add(at, Happens.COMES_BACK, partial(self._comes_back, again))

    def _answered_together(self, is_english: bool, now: float) -> None:
        linked = self._linked[is_english]
        for number, work in linked.items():
            self.router.withdraw(number)
            del self._works[number]
            self._answer_together(work, now)
        linked.clear()
        self._add_answer(now + self.assumptions.batch_every, is_english)

    def _answer_together(self, work: Work, now: float) -> None:
        """Whom the answer does not fit is still without one, and writes again."""
        row, delay = work.row, work.row.back_delay_s * self.assumptions.return_delay_factor
        if not row.incident:
            self.outcome.misled.add(row.id)
            self._return(work, now, delay, is_first=True, since=work.since)
            return
        self.outcome.answered[row.id] = now
        self.outcome.together.add(row.id)
        if row.u_back < self.assumptions.return_share:
            self._return(work, now, delay, is_first=True)

    def _tick(self, now: float) -> None:
        self._add(now + self.assumptions.tick, Happens.TICK, self._tick)


class _Matching:
    """Which tickets are linked with the incident: its own with a recall, and others so that the precision comes out."""

    def __init__(self, rows: list[Row], assumptions: Assumptions) -> None:
        self.seed = assumptions.seed
        own = sum(row.incident for row in rows)
        others = sum(row.surge and not row.incident for row in rows)
        wrong = own * assumptions.match_recall * (1 / assumptions.match_precision - 1)
        self.share_of_own = assumptions.match_recall
        self.share_of_others = min(1.0, wrong / others) if others else 0.0

    def is_linked(self, row: Row) -> bool:
        if not row.surge:
            return False
        return self._draw(row.id) < (self.share_of_own if row.incident else self.share_of_others)

    def _draw(self, number: int) -> float:
        """Even from 0 to 1, the same for the same ticket and seed."""
        digest = hashlib.sha256(f"{self.seed}:{number}".encode()).digest()
        return int.from_bytes(digest[:8], "big") / 2**64
