"""Rows 5 to 10: asking, the queue, one ticket, a reply, the search in tickets, the live queue, in milliseconds of
server CPU beside the yardstick. Somebody is signed in; every write is a new one."""

import json
import secrets
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, cycle
from typing import Any
from urllib.parse import urlencode, urlsplit

from bench.asked import Statement
from bench.figures import Figure
from bench.measure import Client, Costs, Request, Work, alternate
from bench.rows import Plan
from bench.servers import Server, Servers
from bench.sites import ROOT, WORK, Site

CSRF = "b" * 32
WRITERS, EACH = 8, 15
FILE = 1024 * 1024  # bytes
DEEP = 10_000


@dataclass(frozen=True)
class Desk(Site):
    """A desk of so many tickets, on the same product; `server` is the address of a PostgreSQL server on this machine,
    where the desk is a database of its own."""

    tickets: int = 0
    server: str = ""

    @property
    def database(self) -> str:
        return self.name.replace("-", "_") if self.server else ""

    def environment(self, port: int, *, page_cache: bool = True) -> dict[str, str]:
        common = super().environment(port, page_cache=page_cache)
        if self.server:
            common["DATABASE_URL"] = urlsplit(self.server)._replace(path=f"/{self.database}").geturl()
        return {
            **common,
            "BENCH_FOLDER": str(self.folder),
            "DEBUG_DRILL": "1",  # one person sends thousands
        }

    def prepare(self) -> None:
        """Make the tickets, once."""
        command = [sys.executable, "-m", "bench.desk_data", self.name, str(self.tickets)]
        WORK.mkdir(parents=True, exist_ok=True)
        subprocess.run(command, env=self.environment(0), cwd=ROOT, check=True)


def desk(tickets: int, server: str = "") -> Desk:
    return Desk(f"desk-{tickets}-postgresql" if server else f"desk-{tickets}", tickets=tickets, server=server)


def small(plan: Plan) -> Desk:
    return desk(500 if plan.is_quick else 5_000, plan.database)


def large(plan: Plan) -> Desk:
    return desk(5_000 if plan.is_quick else plan.tickets, plan.database)


class Person:
    """Somebody who is signed in, and what their browser sends."""

    def __init__(self, session: str) -> None:
        self.headers = {"Cookie": f"__Host-sessionid={session}; __Host-csrftoken={CSRF}"}

    def get(self, path: str, status: int = 200) -> Request:
        return Request(path, self.headers, status)

    def post(self, path: str, values: dict[str, str], file: bytes = b"") -> Request:
        fields = {"csrfmiddlewaretoken": CSRF, **values}
        kind, body = ("application/x-www-form-urlencoded", urlencode(fields).encode())
        if file:
            kind, body = _multipart(fields, file)
        return Request(path, {**self.headers, "Content-Type": kind}, 302, body)


def _multipart(fields: dict[str, str], file: bytes) -> tuple[str, bytes]:
    mark = "bench-boundary"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="attachments"; filename="list.pdf"\r\n'
    parts += [f"{head}Content-Type: application/pdf\r\n\r\n".encode(), file, f"\r\n--{mark}--\r\n".encode()]
    return f"multipart/form-data; boundary={mark}", b"".join(parts)


def submit(plan: Plan, servers: Servers) -> Iterator[Figure]:
    """Row 5: a ticket is sent by somebody who is signed in."""
    site = large(plan)
    facts = _facts(site)
    trader = Person(facts["sessions"]["trader"])
    server = servers.site(site, threads=WRITERS)
    pdf = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + secrets.token_bytes(FILE).replace(b"/", b"_")
    plain = Work("submit", server, lambda _: (_asked(trader, facts, number) for number in count()))
    filed = Work("file", server, lambda _: (_asked(trader, facts, number, pdf) for number in count()))
    costs = _beside_hello(plan, servers, plain, filed)
    yield from _times_hello(5, "submit a ticket", costs, "submit", 9.0)
    yield from _times_hello(5, "submit with a file of 1 MB", costs, "file", 16.0)
    yield Figure(5, "submit: statements in its transaction", facts["statements"]["submit"], "SQL", 8)
    refused = _at_once(server, lambda: _asked(trader, facts, 0))
    yield Figure(5, f"{WRITERS} writers, {WRITERS * EACH} tickets: refused", refused, "", 0)


def _asked(trader: Person, facts: dict[str, Any], number: int, file: bytes = b"") -> Request:
    token, word = secrets.token_urlsafe(16), _word()
    values = {"subject": f"Bench {word}", "body": f"Measured {number} {word}.", "language": "en"}
    return trader.post(f"/en/tickets/new/?topic={facts['topic']}", {**values, "submission_token": token}, file)


def _word() -> str:
    """A word that was never written before. A token would now and then look like a secret, and be refused."""
    return "".join(secrets.choice("bdfgklmn") for _ in range(12))


def _at_once(server: Server, request: Callable[[], Request]) -> int:
    """How many of the requests of eight connections at once were not answered as they have to be."""
    refused = []

    def send() -> None:
        with Client(server) as client:
            for _ in range(EACH):
                asked = request()
                answer = client.send_one(asked)
                if answer.status != asked.status:
                    refused.append(answer.status)

    threads = [threading.Thread(target=send) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(refused)


def queue(plan: Plan, servers: Servers) -> Iterator[Figure]:
    """Row 6: the agents' queue, on both desks, at its beginning and ten thousand rows deep."""
    works, facts = [], {}
    for name, site in (("queue", large(plan)), ("few", small(plan))):
        facts[name] = _facts(site)
        agent, server = Person(facts[name]["sessions"]["lead"]), servers.site(site)
        works.append(_repeated(name, server, agent.get("/desk/?view=all")))
    deep = Person(facts["queue"]["sessions"]["lead"]).get(f"/desk/?view=all&after={facts['queue']['deep']}")
    works.append(_repeated("deep", works[0].server, deep))
    costs = _beside_hello(plan, servers, *works)
    yield from _times_hello(6, "agent queue", costs, "queue", 8.0)
    yield Figure(6, "agent queue: queries", facts["queue"]["statements"]["queue"], "SQL", 8)
    yield Figure(6, "agent queue: HTML", facts["queue"]["bytes"]["queue"] / 1000, "KB", 60)
    growth = f"t({large(plan).tickets:,})/t({small(plan).tickets:,})"
    yield Figure(6, f"agent queue: {growth}", costs.ratio("queue", to="few"), "x", 1.3)
    yield Figure(
        6, f"agent queue: {DEEP:,} rows deep / t({small(plan).tickets:,})", costs.ratio("deep", to="few"), "x", 1.3
    )


def ticket(plan: Plan, servers: Servers) -> Iterator[Figure]:
    """Row 7: one ticket as its agent sees it."""
    site = large(plan)
    facts = _facts(site)
    agent, server = Person(facts["sessions"]["lead"]), servers.site(site)
    costs = _beside_hello(plan, servers, _repeated("ticket", server, agent.get(f"/desk/tickets/{facts['ticket']}/")))
    yield from _times_hello(7, "agent's ticket, five messages", costs, "ticket", 10.0)
    yield Figure(7, "agent's ticket: queries", facts["statements"]["ticket"], "SQL", 10)


def reply(plan: Plan, servers: Servers) -> Iterator[Figure]:
    """Row 8: an agent's reply."""
    site = large(plan)
    facts = _facts(site)
    agent, server = Person(facts["sessions"]["lead"]), servers.site(site)
    seen: dict[str, int] = facts["open"]  # the version of each ticket that a browser has shown
    turns = cycle(seen)

    def written() -> Request:
        place, token = next(turns), secrets.token_urlsafe(16)
        values = {"kind": "reply", "body": f"We look into it. {_word()}", "then": "open", "token": token, "anyway": "1"}
        request = agent.post(f"/desk/tickets/{place}/write/", {**values, "seen": str(seen[place])})
        seen[place] += 1
        return request

    work = Work("reply", server, lambda _: (written() for _ in count()))
    costs = _beside_hello(plan, servers, work)
    yield from _times_hello(8, "agent's reply", costs, "reply", 12.0)
    yield Figure(8, "agent's reply: statements in its transaction", facts["statements"]["reply"], "SQL", 12)


def search(plan: Plan, servers: Servers) -> Iterator[Figure]:
    """Row 9: words looked for in tickets, on both desks."""
    works = []
    for name, site in (("many", large(plan)), ("few", small(plan))):
        agent = Person(_facts(site)["sessions"]["lead"])
        query = urlencode({"view": "all", "q": "liquidation funding wallet"})
        works.append(_repeated(name, servers.site(site), agent.get(f"/desk/?{query}")))
    costs = alternate(works, plan.rounds, plan.seconds)
    growth = f"t({large(plan).tickets:,})/t({small(plan).tickets:,})"
    yield Figure(9, f"search in tickets: {growth}", costs.ratio("many", to="few"), "x", 3.0)


def live(plan: Plan, servers: Servers) -> Iterator[Figure]:
    """Row 10: the lead's live queue, on both desks; the worker has counted their figures."""
    works = []
    for name, site in (("many", large(plan)), ("few", small(plan))):
        lead = Person(_facts(site)["sessions"]["lead"])
        works.append(_repeated(name, servers.site(site), lead.get("/desk/lead/")))
    costs = alternate(works, plan.rounds, plan.seconds)
    growth = f"t({large(plan).tickets:,})/t({small(plan).tickets:,})"
    yield Figure(10, f"live queue: {growth}", costs.ratio("many", to="few"), "x", 1.5)


def _repeated(name: str, server: Server, request: Request) -> Work:
    return Work(name, server, lambda _: (request for _ in count()))


def _beside_hello(plan: Plan, servers: Servers, *works: Work) -> Costs:
    hello = _repeated("hello", servers.hello(), Request("/"))
    return alternate([hello, *works], plan.rounds, plan.seconds)


def _times_hello(row: int, name: str, costs: Costs, work: str, goal: float) -> Iterator[Figure]:
    ratios = costs.ratios(work, "hello")
    detail = {"ms": round(costs.of(work), 3), "least": round(min(ratios), 2), "most": round(max(ratios), 2)}
    yield Figure(row, name, costs.ratio(work, to="hello"), "x hello", goal, note=f"{detail['ms']} ms", detail=detail)


def statements(plan: Plan) -> Iterator[str]:
    """Every statement of rows 5 to 8 in the steady state, as lines of Markdown: what is counted has a number."""
    facts = _facts(large(plan))
    for name, found in facts["listed"].items():
        is_write = name in ("submit", "reply")
        yield f"## {name}: {facts['statements'][name]} counted"
        yield "| | in a transaction | asked by | SQL |"
        yield "|---|---|---|---|"
        numbers = count(1)
        for one in (Statement(**values) for values in found):
            is_counted = one.is_counted and (one.in_transaction or not is_write)
            number, inside = next(numbers) if is_counted else "", "yes" if one.in_transaction else ""
            yield f"| {number} | {inside} | `{one.asker}` | `{one.short}` |"


_known: dict[str, dict[str, Any]] = {}


def _facts(site: Desk) -> dict[str, Any]:
    """Sessions, addresses and counts of statements of a desk, from a process of its own."""
    if site.name not in _known:
        command = [sys.executable, "-m", "bench.desk_facts", str(DEEP)]
        done = subprocess.run(command, env=site.environment(0), cwd=ROOT, check=True, stdout=subprocess.PIPE)
        _known[site.name] = json.loads(done.stdout)
    return _known[site.name]
