"""`python -m bench.surge [--years 4] [--runs 100]`: how soon the detector of surges finds what, and how often it cries
wolf; writes results/surge.json. The made-up desk is that of `tests/tickets/arrivals.py`; see docs/surge.md.
"""

import argparse
import copy
import json
import math
import random
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench import sites
from tests.tickets.arrivals import SCENARIOS, Desk, Event
from tickets.arrivals import by_stream
from tickets.surge import Setup, State, Watch

RESULTS = sites.ROOT / "results" / "surge.json"
WARM_DAYS = 28
LEAD_IN = 60  # minutes that the wave's own desk is watched before
LONGEST = 180  # minutes after which a wave counts as not found
CALM_SEED = 20_000  # thresholds were set on other seeds
DESKS = {
    "as described": {},
    "livelier days (25 %)": {"day_cv": 0.25},
    "livelier hours (20 %)": {"hour_cv": 0.20},
    "a quarter of the requests": {"per_hour": 115 / 4},
    "four times the requests": {"per_hour": 115 * 4},
}


def main() -> int:
    options = _options()
    setup, started = Setup(threshold=options.threshold), time.monotonic()
    calm = list(_calm(setup, options.years))
    waves = list(_waves(setup, options.runs))
    about = {"setup": asdict(setup), "seconds": round(time.monotonic() - started)}
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps({**about, "calm": calm, "waves": waves}, indent=1) + "\n", encoding="utf-8")
    missed = [row["name"] for row in (*calm, *waves) if row["passed"] is False]
    print(f"{about['seconds']} s, goals missed: {', '.join(missed) or 'none'}.")
    return 1 if missed else 0


def _calm(setup: Setup, years: int) -> Iterator[dict[str, Any]]:
    """Alarms of any stream in calm months, and how often the desk was put on watch."""
    print(f"{'calm months':<28} {'months':>7} {'alarms':>7} {'watches':>8} {'surges':>7} {'a month':>8}", flush=True)
    for number, (name, unusual) in enumerate(DESKS.items()):
        counted = [0, 0, 0]
        seeds = range(min(years, 1) if unusual else years)
        for seed in seeds:
            found = quiet_year(setup, CALM_SEED + 100 * number + seed, **unusual)
            counted = [a + b for a, b in zip(counted, found, strict=True)]
        row = _calm_row(name, len(seeds) * 12, *counted, is_goal=not unusual)
        print(f"{name:<28} {row['months']:>7} {counted[0]:>7} {counted[1]:>8} {counted[2]:>7} {row['a_month']:>8.2f}")
        yield row


def _calm_row(name: str, months: int, alarms: int, watches: int, surges: int, *, is_goal: bool) -> dict[str, Any]:
    a_month = alarms / max(months, 1)
    counts = {"months": months, "alarms": alarms, "watches": watches, "surges": surges}
    return {"name": name, **counts, "a_month": round(a_month, 3), "passed": a_month < 1 if is_goal else None}


def quiet_year(setup: Setup, seed: int, **unusual: Any) -> tuple[int, int, int]:
    """Alarms, watches and surges of twelve calm months, after the four weeks in which the desk is got to know."""
    watch, alarms, states = Watch(setup), 0, []
    for minute, cells in Desk(seed, **unusual).minutes(WARM_DAYS + 365):
        reading, taken = watch.take(minute, by_stream(cells))
        if minute >= WARM_DAYS * 1440:
            alarms += len(reading.began)
            states += [taken.to] if taken else []
    return alarms, states.count(State.WATCH), states.count(State.SURGE)


def _waves(setup: Setup, runs: int) -> Iterator[dict[str, Any]]:
    known = [_known(setup, seed) for seed in range(1, 5)]
    print(f"{'minutes until the alarm':<28} {'runs':>7} {'p50':>7} {'p95':>8} {'missed':>7} {'goal':>8}", flush=True)
    for name, (wave, goal) in SCENARIOS.items():
        delays = sorted(delay(known[seed % 4], wave, 5_000 + seed) for seed in range(runs))
        row = {"name": name, "runs": runs, "p50": _at(delays, 0.5), "p95": _at(delays, 0.95), "goal": goal}
        row |= {"missed": sum(one > LONGEST for one in delays), "passed": row["p95"] <= goal if goal else None}
        shown = f"{name:<28} {runs:>7} {row['p50']:>7g} {row['p95']:>8g} {row['missed']:>7} {goal or '':>8}"
        print(shown, "" if row["passed"] is not False else "MISSED", flush=True)
        yield row


def _known(setup: Setup, seed: int) -> Watch:
    """A watch that has seen four weeks."""
    watch = Watch(setup)
    for minute, cells in Desk(seed).minutes(WARM_DAYS):
        watch.take(minute, by_stream(cells))
    return watch


def delay(known: Watch, wave: Any, seed: int) -> float:
    """Minutes from the beginning of a wave, at any moment of a day, until a stream of it alarms; more than `LONGEST`
    where none does."""
    watch = copy.deepcopy(known)
    start = WARM_DAYS * 1440 + LEAD_IN + random.Random(seed).randrange(1440)
    event: Event = wave(start)
    wanted = (
        {"total"} if not event.topic and not event.language else {f"topic:{event.topic}", f"language:{event.language}"}
    )
    desk = Desk(seed, first=WARM_DAYS * 1440, events=(event,))
    for minute, cells in desk.minutes((start + LONGEST - WARM_DAYS * 1440) / 1440):
        reading, _ = watch.take(minute, by_stream(cells))
        if minute >= start and (wanted & set(reading.alarms) or (reading.alarms and "total" in wanted)):
            return minute - start + 1
    return LONGEST + 1


def _at(ordered: list[float], share: float) -> float:
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.surge", description=__doc__)
    parser.add_argument("--years", type=int, default=4, help="calm years of the desk as described")
    parser.add_argument("--runs", type=int, default=100, help="waves of each kind")
    parser.add_argument("--threshold", type=float, default=Setup().threshold)
    parser.add_argument("--output", type=Path, default=RESULTS, help="where the figures go as JSON")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
