"""The figures of a replay: minutes until the first reply was written, and how many replies were in time."""

import math
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from tickets.enums import Priority
from tickets.replay.promising import calibration
from tickets.replay.simulation import Simulation
from tickets.replay.trace import Row

TARGETS = {Priority.URGENT: 15, Priority.HIGH: 60, Priority.NORMAL: 240, Priority.LOW: 480}  # minutes
ORDER = (Priority.URGENT, Priority.HIGH, Priority.NORMAL, Priority.LOW)


def report(simulation: Simulation) -> dict[str, Any]:
    """What `replay_routing --json` prints; see docs/routing.md."""
    until = min(simulation.assumptions.scored_until, simulation.assumptions.horizon)
    rows = [row for row in simulation.rows if row.t < until]
    asked = [row for row in rows if row.id not in simulation.outcome.deflected]
    outcome = simulation.outcome
    return {
        "policy": "fifo" if simulation.is_fifo else "desk",
        "incidents": simulation.has_incidents,
        "all": _figures(simulation, asked),
        "by_priority": {str(name): _figures(simulation, _of(asked, "priority", name)) for name in ORDER},
        "by_language": {
            name: _figures(simulation, _of(asked, "lang", name)) for name in sorted({row.lang for row in asked})
        },
        "violations": {name: outcome.violations[name] for name in ("capacity", "certificate")},
        "deflected": len(rows) - len(asked),
        "unanswered": sum(row.id not in outcome.answered for row in asked),
        "answered_together": sum(row.id in outcome.together for row in asked),
        "misled": sum(row.id in outcome.misled for row in asked),
        "reasons": {str(reason): number for reason, number in sorted(outcome.reasons.items())},
        **_promises(simulation, asked),
        "assumptions": asdict(simulation.assumptions),
    }


def _promises(simulation: Simulation, rows: list[Row]) -> dict[str, Any]:
    if simulation.book is None:
        return {}
    waits = {row.id: 60 * _minutes(simulation, row) for row in rows}
    return {"promises": calibration(simulation.book, rows, waits, simulation.assumptions.crash_at)}


def _of(rows: Iterable[Row], field: str, value: str) -> list[Row]:
    return [row for row in rows if getattr(row, field) == value]


def _figures(simulation: Simulation, rows: list[Row]) -> dict[str, float]:
    """`attainment` is the share in time, in percent."""
    if not rows:
        return {"n": 0, "p50": 0.0, "p90": 0.0, "max": 0.0, "attainment": 100.0}
    minutes = sorted(_minutes(simulation, row) for row in rows)
    kept = sum(_is_kept(simulation, row) for row in rows)
    return {
        "n": len(rows),
        "p50": round(quantile(minutes, 0.5), 1),
        "p90": round(quantile(minutes, 0.9), 1),
        "max": round(minutes[-1], 1),
        "attainment": round(100 * kept / len(rows), 1),
    }


def _minutes(simulation: Simulation, row: Row) -> float:
    until = simulation.outcome.answered.get(row.id, simulation.assumptions.horizon)
    return (until - row.t) / 60


def _is_kept(simulation: Simulation, row: Row) -> bool:
    return row.id in simulation.outcome.answered and _minutes(simulation, row) <= TARGETS[Priority(row.priority)]


def quantile(ordered: list[float], share: float) -> float:
    """The smallest value that at least this share of all does not exceed (nearest rank)."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
