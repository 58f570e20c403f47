"""Server CPU per request: user and system time of a process group and of the PostgreSQL backends that serve it, from
/proc, over one keep-alive connection."""

import http.client
import math
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from statistics import median

from bench.servers import Server

TICKS = os.sysconf("SC_CLK_TCK")  # per second
# What a browser sends that matters to the server.
BROWSER = {"Accept": "text/html", "Accept-Encoding": "gzip", "Accept-Language": "en", "User-Agent": "bench"}


@dataclass(frozen=True)
class Request:
    """`status` is what has to come back; anything else ends the run."""

    path: str
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    body: bytes | None = None  # sent by POST


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: dict[str, str]  # by name in lower case


@dataclass(frozen=True)
class Work:
    """Something that a server does. `requests` gives the requests of a round, without end; `unit` is the number after
    which they repeat, and `count` how many a round sends where that is not left to the calibration."""

    name: str
    server: Server
    requests: Callable[[int], Iterator[Request]]
    unit: int = 1
    count: int = 0


@dataclass(frozen=True)
class Costs:
    """Milliseconds of CPU per request, by work, one figure per round."""

    rounds: dict[str, list[float]]

    def of(self, name: str) -> float:
        """The median, in milliseconds."""
        return median(self.rounds[name])

    def ratios(self, name: str, to: str) -> list[float]:
        """How many times as much one work costs as another, in each round."""
        return [mine / other for mine, other in zip(self.rounds[name], self.rounds[to], strict=True)]

    def ratio(self, name: str, to: str) -> float:
        return median(self.ratios(name, to))


class Client:
    """One keep-alive connection to a server."""

    def __init__(self, server: Server) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *error: object) -> None:
        self._connection.close()

    def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        return self.send_one(Request(path, headers or {}))

    def send_one(self, request: Request) -> Answer:
        method = "GET" if request.body is None else "POST"
        self._connection.request(method, request.path, request.body, {**BROWSER, **request.headers})
        response = self._connection.getresponse()
        body = response.read()
        return Answer(response.status, body, {name.lower(): value for name, value in response.getheaders()})

    def send(self, requests: Iterator[Request], count: int) -> None:
        """Send some of the requests. Raises RuntimeError when one is not answered as it has to be."""
        for request in islice(requests, count):
            status = self.send_one(request).status
            if status != request.status:
                raise RuntimeError(f"{request.path} answered {status} instead of {request.status}.")


def cpu_ticks(server: Server) -> dict[int, int]:
    """User and system time that each process of a server has used so far: those of its group, and the backends of its
    database, whose titles name it. What a backend of PostgreSQL does in parallel workers is not seen."""
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text().rpartition(")")[2].split()
            if int(fields[2]) == server.group or server.database and _is_backend(path, server.database):
                found[int(path.name)] = int(fields[11]) + int(fields[12])
        except OSError:
            continue  # it ended meanwhile
    return found


def _is_backend(process: Path, database: str) -> bool:
    title = (process / "cmdline").read_bytes()
    return title.startswith(b"postgres:") and f" {database} ".encode() in title


def alternate(works: list[Work], rounds: int, seconds: float) -> Costs:
    """Measure works in turn, round by round, so that what else the machine does hits all of them alike. A round sends
    as many requests as take about `seconds` of CPU."""
    counts = {work.name: work.count or _calibrated(work, seconds) for work in works}
    found: dict[str, list[float]] = {work.name: [] for work in works}
    for number in range(rounds):
        for work in works:
            found[work.name].append(_cost(work, number, counts[work.name]) * 1000)
    return Costs(found)


def _calibrated(work: Work, seconds: float) -> int:
    """How many requests take about so many seconds of CPU; a multiple of the work's unit."""
    trial = max(40, work.unit)
    with Client(work.server) as client:
        client.send(work.requests(0), trial)  # warm: caches, connections, compiled templates
    each = max(_cost(work, 0, trial), 1 / TICKS / trial)
    return math.ceil(seconds / each / work.unit) * work.unit


def _cost(work: Work, round_number: int, count: int) -> float:
    """Seconds of CPU per request."""
    with Client(work.server) as client:
        before = cpu_ticks(work.server)
        client.send(work.requests(round_number), count)
        after = cpu_ticks(work.server)
    return sum(ticks - before.get(process, 0) for process, ticks in after.items()) / TICKS / count
