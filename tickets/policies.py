"""What is promised to which tickets: targets by priority and metric, in a calendar. Pure.

Durations are seconds of working time. Which clock runs, and whether it kept its promise, is `tickets.sla`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tickets.calendars import ROUND_THE_CLOCK, Calendar
from tickets.enums import Metric, Priority

ALWAYS = "24x7"  # the calendar that is there without being set up
REST = "*"  # in a policy's calendars: every priority that is not named
MATCHED = ("topic", "language", "tier", "channel")


@dataclass(frozen=True)
class Facts:
    """What a policy is chosen by."""

    priority: str
    topic: str = ""
    language: str = ""
    tier: str = ""
    channel: str = ""


@dataclass(frozen=True)
class Policy:
    """What is promised to which tickets: `match` names the values of facts that are meant, none for all; `targets` are
    seconds by priority and metric; `calendars` are keys by priority, or `REST`."""

    name: str
    targets: Mapping[str, Mapping[str, int]]
    calendars: Mapping[str, str] = field(default_factory=lambda: {REST: ALWAYS})
    match: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Policy":
        """From `{"name", "match": {"topic": […]}, "calendar": key or {priority or "*": key}, "targets": {priority:
        {metric: minutes}}}`. Raises `ValueError` for a fact, priority or metric that there is not."""
        targets = {
            Priority(priority).value: {Metric(metric).value: minutes * 60 for metric, minutes in metrics.items()}
            for priority, metrics in data["targets"].items()
        }
        calendar = data.get("calendar", ALWAYS)
        match = {name: frozenset(values) for name, values in data.get("match", {}).items()}
        if unknown := match.keys() - set(MATCHED):
            raise ValueError(f"policy {data['name']}: no fact is called {', '.join(sorted(unknown))}")
        return cls(data["name"], targets, calendar if isinstance(calendar, Mapping) else {REST: calendar}, match)

    def fits(self, facts: Facts) -> bool:
        return all(not values or getattr(facts, name) in values for name, values in self.match.items())

    def promise(self, priority: str, metric: str) -> tuple[int, str] | None:
        """Target in seconds and calendar, or None where nothing is promised."""
        target = self.targets.get(priority, {}).get(metric)
        return None if target is None else (target, self.calendars.get(priority) or self.calendars[REST])


@dataclass(frozen=True)
class Policies:
    """All policies in their order (the first that fits decides), and the calendars that they and clocks name."""

    policies: tuple[Policy, ...]
    calendars: Mapping[str, Calendar] = field(default_factory=dict)

    @classmethod
    def from_dicts(
        cls, policies: Iterable[Mapping[str, Any]], calendars: Mapping[str, Mapping[str, Any]]
    ) -> "Policies":
        """Raises `ValueError` for a policy that names a calendar that there is not, and as the parts do."""
        made = cls(
            tuple(Policy.from_dict(policy) for policy in policies),
            {key: Calendar.from_dict(calendar) for key, calendar in calendars.items()},
        )
        for policy in made.policies:
            if missing := set(policy.calendars.values()) - {*made.calendars, ALWAYS}:
                raise ValueError(f"policy {policy.name}: no calendar is called {', '.join(sorted(missing))}")
        return made

    def matching(self, facts: Facts) -> Policy | None:
        """The first policy that fits decides."""
        return next((policy for policy in self.policies if policy.fits(facts)), None)

    def promise(self, facts: Facts, metric: str) -> tuple[int, str] | None:
        """Target in seconds and calendar, or None where nothing is promised."""
        policy = self.matching(facts)
        return None if policy is None else policy.promise(facts.priority, metric)

    def name(self, facts: Facts) -> str:
        """Which policy decides; empty where none fits."""
        policy = self.matching(facts)
        return policy.name if policy else ""

    def calendar(self, key: str) -> Calendar:
        """Raises `KeyError` for one that there is not, or not any more."""
        return self.calendars.get(ALWAYS, ROUND_THE_CLOCK) if key == ALWAYS else self.calendars[key]


def _default_targets() -> dict[str, dict[str, int]]:
    """Seconds by priority and metric."""
    minutes = {"urgent": (15, 30, 240), "high": (60, 120, 1440), "normal": (240, 480, 4320), "low": (480, 960, 10080)}
    metrics = (Metric.FIRST_REPLY, Metric.NEXT_REPLY, Metric.RESOLUTION)
    return {
        priority: {metric.value: of * 60 for metric, of in zip(metrics, row, strict=True)}
        for priority, row in minutes.items()
    }


DEFAULT = Policies((Policy("default", _default_targets()),), {ALWAYS: ROUND_THE_CLOCK})
