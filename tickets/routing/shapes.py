"""The data that the router is given and the data that it returns."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext as _

from tickets.enums import Level, Priority
from tickets.errors import InvalidInput

RANK: dict[str, int] = {Priority.URGENT: 0, Priority.HIGH: 1, Priority.NORMAL: 2, Priority.LOW: 3}
OWN = (Level.NATIVE, Level.FLUENT)  # levels at which nobody needs a translation aid


class Refusal(StrEnum):
    """Why an agent may not get a ticket now."""

    OFFLINE = "offline"  # not there, or takes no new work
    FULL = "full"
    CERTIFICATE = "certificate"  # does not hold it, or it has expired
    LANGUAGE = "language"
    ASSIST_LATER = "assist_later"  # would need the translation aid, and those who speak the language go first for now
    DECLINED = "declined"
    DEPARTMENT = "department"
    KEPT = "kept"  # for the agent who answered last


class Reason(StrEnum):
    """Why an assignment was made; the first that is true."""

    GUARD = "guard"  # it had waited longest against its target
    STICKY = "sticky"  # to the agent who answered last
    ASSIST = "assist"  # with the translation aid
    NATIVE = "native"  # in a language of the agent


class Key(NamedTuple):
    """The order of the queue for one agent: the smaller goes first."""

    rank: int  # of the class, 0 for urgent
    assisted: int  # 1 when this agent needs the translation aid, and that counts
    start: float  # due moment less the head starts of the tier and of a missed promise
    id: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ticket without an agent.

    `skill` is the certificate that it needs, "" for none; `created` is when the wait began, also after it was given
    back; without `due` the policy's target counts. `sticky` is the agent who answered last: nobody else is offered the
    ticket before `sticky_until` while that agent is among the agents and could take it but for being full or away.
    `declined` says until when it is not offered to whom; `only` are the agents of its department, None for all.
    `promised` is the moment by which the customer was told to expect a first reply that is still owed.
    """

    id: int
    language: str
    skill: str
    priority: str
    created: float
    due: float | None = None
    tier: str = ""
    weight: int = 1
    sticky: int | None = None
    sticky_until: float | None = None
    declined: Mapping[int, float] = field(default_factory=dict)
    only: frozenset[int] | None = None
    promised: float | None = None


@dataclass(frozen=True, slots=True)
class AgentState:
    """Somebody who works. `languages` gives a `Level` by code: who is not in it at any level never gets that language.

    `certificates` gives when it expires (`math.inf` for never) by (skill, language), where the language "" means all.
    `load` and `capacity` count the weights of tickets. `picks` is how many tickets the agent was given so far by the
    router: it moves the guard. `idle_since` is when the agent last became free of work.
    """

    id: int
    languages: Mapping[str, str]
    certificates: Mapping[tuple[str, str], float] = field(default_factory=dict)
    capacity: int = 1
    load: int = 0
    is_accepting: bool = True
    idle_since: float = 0.0
    picks: int = 0

    def speaks(self, language: str) -> bool:
        """Without the translation aid."""
        return self.languages.get(language) in OWN

    def holds(self, skill: str, language: str, now: float) -> bool:
        """Whether the certificate counts at this moment; a ticket without a skill needs none."""
        if not skill:
            return True
        expires = self.certificates
        return max(expires.get((skill, ""), -math.inf), expires.get((skill, language), -math.inf)) > now

    def breadth(self, now: float) -> int:
        """How much this agent can do that others perhaps cannot: own languages and certificates."""
        return sum(map(self.speaks, self.languages)) + sum(expires > now for expires in self.certificates.values())


def _targets() -> dict[str, float]:
    return {Priority.URGENT: 900, Priority.HIGH: 3600, Priority.NORMAL: 14400, Priority.LOW: 28800}


def _assist_after() -> dict[str, float]:
    return {Priority.URGENT: 120, Priority.HIGH: 600, Priority.NORMAL: 2700, Priority.LOW: 7200}


@dataclass(frozen=True, slots=True)
class RoutingPolicy:
    """What an operator tunes; seconds by priority, and shares of the target by tier.

    Raises `InvalidInput`, whose `field` is the part that is wrong.
    """

    targets: Mapping[str, float] = field(default_factory=_targets)
    head_starts: Mapping[str, float] = field(default_factory=lambda: {"pro": 0.25, "vip": 0.25})
    assist_after: Mapping[str, float] = field(default_factory=_assist_after)
    missed_start: float = 0.25  # head start of those whose promise was missed
    guard_every: int = 8
    guard_ratio: float = 2.0
    own_first: bool = True  # inside a class, work in an agent's own languages before work with the translation aid

    def __post_init__(self) -> None:
        _demand(set(self.targets) == set(RANK), "targets", _("Give a target for each of the four priorities."))
        _demand(all(_positive(target) for target in self.targets.values()), "targets", _("A target must be above 0."))
        _demand(
            set(self.assist_after) == set(RANK) and all(after >= 0 for after in self.assist_after.values()),
            "assist_after",
            _("Give for each of the four priorities after how many seconds others may help, 0 or more."),
        )
        _demand(
            all(0 <= share < 1 for share in self.head_starts.values()),
            "head_starts",
            _("The head start of a tier is a share of the target: 0 or more and below 1."),
        )
        _demand(
            0 <= self.missed_start < 1,
            "missed_start",
            _("The head start after a missed promise is a share of the target: 0 or more and below 1."),
        )
        _demand(
            self.guard_every >= 2, "guard_every", _("The guard may take every second pick at most: give 2 or more.")
        )
        _demand(
            self.guard_ratio >= 1, "guard_ratio", _("The guard helps those who are late: give a ratio of 1 or more.")
        )


def _positive(seconds: float) -> bool:
    return 0 < seconds < math.inf


def _demand(is_true: bool, field_name: str, message: str) -> None:
    if not is_true:
        raise InvalidInput(message, field_name)


@dataclass(frozen=True, slots=True)
class Candidate:
    """How one agent stands to one ticket: the refusals, or else the key."""

    agent: int
    refusals: tuple[Refusal, ...]
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """`candidates` are all agents as they stood to the ticket at that moment, in the order of their ids."""

    ticket: int
    agent: int
    key: Key
    reason: Reason
    candidates: tuple[Candidate, ...] = ()
