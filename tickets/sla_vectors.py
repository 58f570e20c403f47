"""Examples of clocks with what they must show, and what the desk's own clocks show instead.

One example has `calendars`, `policies`, `events`, `as_of` and `expected` (`status` and `clocks`), moments in ISO 8601.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from tickets import sla
from tickets.policies import Facts, Policies
from tickets.sla import Clock, Happening, Standing


def mismatches(vector: Mapping[str, Any]) -> list[str]:
    """A sentence for each field that is not as expected."""
    shown = _shown(vector)
    return list(_differences("", vector["expected"], shown))


def happenings(events: Iterable[Mapping[str, Any]]) -> Iterator[Happening]:
    """Events name the facts that change; a happening has them all."""
    facts: dict[str, str] = {}
    for event in events:
        facts = {**facts, **event.get("ticket", {})}
        yield Happening(
            at=_moment(event["at"]),
            type=event["type"],
            by=event.get("by", ""),
            facts=Facts(**facts) if "ticket" in event else None,
            status=event.get("to", ""),
            source_created_at=_moment_or_none(event.get("source_created_at")),
            source_unanswered_since=_moment_or_none(event.get("source_unanswered_since")),
            via=event.get("via") or "",
            reason=event.get("reason") or "",
        )


def _shown(vector: Mapping[str, Any]) -> dict[str, Any]:
    policies = Policies.from_dicts(vector["policies"], vector["calendars"])
    at = _moment(vector["as_of"])
    standing: Standing = sla.seen(sla.replay(happenings(vector["events"]), policies), at, policies)
    return {"status": str(standing.status), "clocks": [_clock(clock, at) for clock in standing.clocks]}


def _clock(clock: Clock, at: datetime) -> dict[str, Any]:
    return {
        "metric": str(clock.metric),
        "cycle": clock.cycle,
        "calendar": clock.calendar,
        "started_at": _text(clock.started_at),
        "target_seconds": clock.target_s,
        "allowed_seconds": clock.allowed_s,
        "elapsed_seconds": clock.elapsed_s,
        "state": str(clock.state(at)),
        "due_at": _text(clock.due_at),
        "satisfied_at": _text(clock.satisfied_at),
        "breached_at": _text(clock.breached_at),
        "void_reason": str(clock.void_reason) or None,
        "warn_at": _text(clock.warn_at),
        "via": clock.via or None,
    }


def _differences(where: str, expected: Any, shown: Any) -> Iterator[str]:
    if isinstance(expected, Mapping):
        for name, value in expected.items():
            yield from _differences(f"{where} {name}".strip(), value, shown.get(name))
    elif isinstance(expected, list):
        if len(expected) != len(shown):
            yield f"{where}: expected {len(expected)}, got {len(shown)}"
        for number, (value, other) in enumerate(zip(expected, shown, strict=False), 1):
            yield from _differences(f"{where} {number}", value, other)
    elif expected != shown:
        yield f"{where}: expected {expected}, got {shown}"


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _moment_or_none(text: str | None) -> datetime | None:
    return _moment(text) if text else None


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
