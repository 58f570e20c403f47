"""`python -m bench [--rows 1,2,…] [--quick]`: prints the performance table and writes results/bench.json.

Every cost is a ratio inside one run: a Django view of eleven bytes ("hello") is measured beside each work, on the same
web server, in turn. See docs/performance.md.
"""

import argparse
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from bench import browser, desk, figures, footprint, mails, proxy, rows, servers, sites
from bench.figures import Figure
from bench.rows import Plan
from bench.servers import Servers, Unavailable

RESULTS = sites.ROOT / "results" / "bench.json"
Measure = Callable[[Plan, Servers], Iterator[Figure]]
ROWS: dict[int, tuple[Measure, ...]] = {
    1: (rows.article,),
    2: (rows.warm, proxy.share),
    3: (rows.category,),
    4: (rows.search,),
    5: (desk.submit,),
    6: (desk.queue,),
    7: (desk.ticket,),
    8: (desk.reply,),
    9: (desk.search,),
    10: (desk.live,),
    11: (footprint.memory, footprint.check),
    12: (browser.wire,),
    13: (mails.hostile,),
}


def main() -> int:
    options = _options()
    servers.end_with_the_terminal()
    servers.require_free(options.port)
    plan = Plan.quick() if options.quick else Plan.full()
    started, load = time.monotonic(), os.getloadavg()[0]
    plan = replace(plan, tickets=options.tickets, database=options.database)
    sites.prepare(*_sites(plan, options.rows), fresh=options.fresh)
    for made in _desks(plan, options.rows):
        made.prepare()
    if options.statements:
        print("\n".join(desk.statements(plan)))
        return 0
    figures.print_heading()
    with Servers(options.port) as running:
        found = list(_measure(options.rows, plan, running))
    about = {
        "quick": options.quick,
        "rows": options.rows,
        "seconds": round(time.monotonic() - started),
        "load_before": round(load, 1),
        "load_after": round(os.getloadavg()[0], 1),
    }
    figures.write(options.output, found, **about)
    missed = [figure for figure in found if figure.passed is False]
    print(f"{len(found)} figures in {about['seconds']} s, {len(missed)} goals missed.")
    return 1 if missed else 0


def _measure(numbers: list[int], plan: Plan, running: Servers) -> Iterator[Figure]:
    for number in numbers:
        for measure in ROWS[number]:
            for figure in _figures(number, measure, plan, running):
                figures.print_figure(figure)
                yield figure


def _figures(number: int, measure: Measure, plan: Plan, running: Servers) -> Iterator[Figure]:
    try:
        yield from measure(plan, running)
    except Unavailable as missing:
        yield figures.skipped(number, (measure.__doc__ or "").split("\n")[0], missing)


def _sites(plan: Plan, numbers: list[int]) -> list[sites.Site]:
    needed = {plan.small} if {1, 2, 3, 4, 11} & set(numbers) else set()
    needed |= {plan.large} if {3, 4} & set(numbers) else set()
    needed |= {sites.DEMO} if 12 in numbers else set()
    return sorted(needed, key=lambda site: site.articles)


def _desks(plan: Plan, numbers: list[int]) -> list[desk.Desk]:
    wanted = [desk.large(plan)] if {5, 6, 7, 8, 9, 10} & set(numbers) else []
    return [*wanted, desk.small(plan)] if {6, 9, 10} & set(numbers) else wanted


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rows", type=_rows, default=list(ROWS), help="numbers with commas; default: all")
    parser.add_argument("--quick", action="store_true", help="small sites and few rounds: to see that it works")
    parser.add_argument("--fresh", action="store_true", help="make the sites anew, as after a change of the renderer")
    parser.add_argument("--tickets", type=int, default=50_000, help="of the large desk; the table asks for 500,000 too")
    parser.add_argument("--database", default="", help="a PostgreSQL server for the desks: postgres://…/postgres")
    parser.add_argument("--port", type=int, default=servers.FIRST_PORT, help=f"the first of {servers.PORTS} ports")
    parser.add_argument("--statements", action="store_true", help="only list what rows 5 to 8 ask of the database")
    parser.add_argument("--output", type=Path, default=RESULTS, help="where the figures go as JSON")
    return parser.parse_args()


def _rows(text: str) -> list[int]:
    numbers = [int(number) for number in text.split(",")]
    unknown = [number for number in numbers if number not in ROWS]
    if unknown:
        raise argparse.ArgumentTypeError(f"there are rows {', '.join(map(str, ROWS))}")
    return numbers


if __name__ == "__main__":
    raise SystemExit(main())
