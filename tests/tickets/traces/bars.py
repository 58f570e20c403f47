"""What routing promises for a crash day and a quiet day, against oldest first; and the table of docs/routing.md.

    DJANGO_SETTINGS_MODULE=supportdesk.settings.dev python -m tests.tickets.traces.bars [TRACE.csv …] \
        [--crash-seeds 11 12] [--quiet-seeds 21]
"""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import django

from tests.tickets.traces import AGENTS, days
from tickets import replay
from tickets.replay import Assumptions, Row, Simulation

P90 = 0.4  # of fifo's for urgent tickets, at most
ATTAINMENT = 2.5  # times fifo's for urgent tickets, at least, by routing alone
WITH_INCIDENTS = 5.0  # times, with one answer to all of an incident
QUIET = 10.0  # percentage points below fifo's for any class, at most


def played(rows: list[Row], policy: str = replay.DESK, incidents: bool = False, **assumed) -> dict:
    agents = replay.read_agents(AGENTS.read_text(encoding="utf-8"), {row.lang for row in rows})
    simulation = Simulation(rows, agents, policy, Assumptions(**assumed), incidents=incidents)
    simulation.run()
    return replay.report(simulation)


def missed_on_a_crash(fifo: dict, desk: dict, helped: dict) -> list[str]:
    old, new, best = (each["by_priority"]["urgent"] for each in (fifo, desk, helped))
    bars = {
        "p90": new["p90"] <= P90 * old["p90"],
        "attainment": new["attainment"] >= ATTAINMENT * old["attainment"],
        "with incidents": best["attainment"] >= WITH_INCIDENTS * old["attainment"],
        **unbroken(desk, helped),
    }
    return [name for name, is_met in bars.items() if not is_met]


def missed_on_a_quiet_day(fifo: dict, desk: dict) -> list[str]:
    bars = {
        name: desk["by_priority"][name]["attainment"] >= figures["attainment"] - QUIET
        for name, figures in fifo["by_priority"].items()
    } | unbroken(desk)
    return [name for name, is_met in bars.items() if not is_met]


def unbroken(*reports: dict) -> dict[str, bool]:
    return {name: all(each["violations"][name] == 0 for each in reports) for name in ("capacity", "certificate")}


def _lines(name: str, rows: list[Row]) -> Iterator[str]:
    started = time.process_time()
    fifo, desk = played(rows, replay.FIFO), played(rows)
    helped = played(rows, incidents=True) if any(row.surge for row in rows) else None
    missed = missed_on_a_crash(fifo, desk, helped) if helped else missed_on_a_quiet_day(fifo, desk)
    runs = {"fifo": fifo, "desk": desk} | ({"desk, incidents": helped} if helped else {})
    for label, report in runs.items():
        yield _line(f"{name} {label}", report)
    verdict = f"missed: {', '.join(missed)}" if missed else "all bars met"
    yield f"| | {verdict}; {time.process_time() - started:.1f} s CPU |"


def _line(name: str, report: dict) -> str:
    urgent = report["by_priority"]["urgent"]
    shares = " | ".join(f"{figures['attainment']:.1f}" for figures in report["by_priority"].values())
    rare = max(figures["p90"] for figures in report["by_language"].values())
    return (
        f"| {name} | {urgent['p50']:.0f} / {urgent['p90']:.0f} | {shares} | {report['all']['attainment']:.1f} "
        f"| {rare:.0f} | {report['all']['max'] / 60:.1f} | {sum(report['violations'].values())} |"
    )


def main() -> None:
    django.setup()
    parser = argparse.ArgumentParser(description="Measure the bars of routing.")
    parser.add_argument("traces", nargs="*", type=Path)
    parser.add_argument("--crash-seeds", nargs="*", type=int, default=[])
    parser.add_argument("--quiet-seeds", nargs="*", type=int, default=[])
    options = parser.parse_args()
    sources = [(path.stem, replay.read_trace(path.read_text().splitlines())) for path in options.traces]
    sources += [(f"crash, seed {seed}", days.crash_day(seed)) for seed in options.crash_seeds]
    sources += [(f"quiet, seed {seed}", days.quiet_day(seed)) for seed in options.quiet_seeds]
    for name, rows in sources:
        print("\n".join(_lines(name, rows)), flush=True)


if __name__ == "__main__":
    main()
