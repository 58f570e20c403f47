"""Row 11: the memory of a web worker, and what starting Django with the product costs."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from statistics import median

from bench import queries, texts
from bench.figures import Figure
from bench.measure import Client, Request
from bench.rows import Plan
from bench.servers import Server, Servers
from bench.sites import ROOT, WORK, Site, plain_environment

REQUESTS = 200
THREADS = 4  # as `manage.py run` starts the web server
CHECKS = 5


def memory(plan: Plan, servers: Servers) -> Iterator[Figure]:
    """Memory of a web worker (PSS)"""
    server = servers.site(plan.small, threads=THREADS)
    _visit(server, list(islice(_mixed(plan.small), REQUESTS)))
    yield Figure(11, f"web worker after {REQUESTS} mixed requests", _largest_pss(server), "MB PSS", 110)
    pages = [Request(f"/{code}/articles/{texts.slug(n)}/") for n in range(plan.small.articles) for code in LANGUAGES]
    _visit(server, pages)
    name = f"web worker after {len(pages):,} different pages"
    yield Figure(11, name, _largest_pss(server), "MB PSS", note="information: the page cache is filled")


def check(plan: Plan, servers: Servers) -> Iterator[Figure]:
    """CPU of `manage.py check` beside a bare project's"""
    bare = _bare_project()
    environment = {**plain_environment(), "DJANGO_SETTINGS_MODULE": "bare.settings"}
    runs: dict[str, list[float]] = {"bare": [], "product": []}
    for number in range(CHECKS + 1):
        costs = {
            "bare": _cpu([sys.executable, str(bare / "manage.py"), "check"], environment),
            "product": _cpu([sys.executable, "manage.py", "check"], plan.small.environment(port=0)),
        }
        if number > 0:  # the first run compiles
            for name, seconds in costs.items():
                runs[name].append(seconds)
    product, yardstick = median(runs["product"]), median(runs["bare"])
    detail = {"seconds": round(product, 3), "bare_seconds": round(yardstick, 3), "runs": CHECKS}
    note = f"{product:.2f} s, bare {yardstick:.2f} s"
    yield Figure(11, "manage.py check: CPU", product / yardstick, "x bare", 2.5, note=note, detail=detail)


LANGUAGES = ("en", "zh-hans", "ja")


def _mixed(site: Site) -> Iterator[Request]:
    """What readers do, in turn, in three languages."""
    asked = queries.stream(site.articles, round_number=0)
    for number in range(site.articles):
        code = LANGUAGES[number % 3]
        category = texts.category_slugs()[number % len(texts.category_slugs())]
        yield Request(f"/{code}/")
        yield Request(f"/{code}/articles/{texts.slug(number)}/")
        yield Request(f"/{code}/categories/{category}/")
        yield Request(f"/en/search/?q={next(asked).replace(' ', '+')}")
        yield Request(f"/en/suggest/?q={next(asked).replace(' ', '+')}")
        yield Request(f"/{code}/articles/{texts.slug(number)}/")
        yield Request(f"/{code}/announcements/")
        yield Request(f"/{code}/articles/no-such-article/", status=404)


def _visit(server: Server, requests: list[Request]) -> None:
    """Send requests over as many connections as the server has threads."""

    def send(part: list[Request]) -> None:
        with Client(server) as client:
            client.send(iter(part), len(part))

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(send, [requests[n::THREADS] for n in range(THREADS)]))


def _largest_pss(server: Server) -> float:
    """The proportional set size of the largest process of the server, its worker, in megabytes."""
    sizes = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if int((path / "stat").read_text().rpartition(")")[2].split()[2]) == server.group:
                rollup = (path / "smaps_rollup").read_text()
                sizes.append(next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")))
        except OSError:
            continue  # it ended meanwhile
    return max(sizes) * 1024 / 1e6


def _bare_project() -> Path:
    """What `startproject` writes."""
    folder = WORK / "bare"
    if not (folder / "manage.py").exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "django", "startproject", "bare", str(folder)]
        subprocess.run(command, check=True, env=plain_environment())
    return folder


def _cpu(command: list[str], environment: dict[str, str]) -> float:
    """User and system time of a program, in seconds."""
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command[1:])} ended with {process.returncode}.")
    return usage.ru_utime + usage.ru_stime
