"""`manage.py run` is a whole site in one command: it answers, heals, and leaves nothing behind."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.own_site import OwnSite, children, is_running, status, wait_until
from tests.services import free_port

PARTS = ("supportdesk.web", "db_worker", "schedule", "follow_index")


@dataclass
class Run:
    """A running site: its address, its process, the site behind it."""

    site: OwnSite
    port: int
    pid: int

    def status(self, path: str) -> int:
        return status(f"http://127.0.0.1:{self.port}{path}")

    def parts(self) -> dict[str, int]:
        """The processes right below the command, by the program that they run."""
        found = children(self.pid)
        below = {name: pid for name in PARTS for pid, line in reversed(found.items()) if name in line}
        return {name: pid for name, pid in below.items() if is_running(pid)}


def alive(run: Run) -> bool:
    return set(run.parts()) == set(PARTS) and run.status("/health/live") == 200


@pytest.fixture(scope="module")
def started(tmp_path_factory) -> Iterator[Callable[[], Run]]:
    """A running site that the tests of this module share; a test that ended it gets a new one."""
    kept: list[Run] = []
    open_processes = []

    def start() -> Run:
        if kept and is_running(kept[-1].pid) and alive(kept[-1]):
            return kept[-1]
        site, port = OwnSite(tmp_path_factory.mktemp("run")), free_port()
        manager = site.process("run", "--port", str(port), "--workers", "1")
        process = manager.__enter__()
        open_processes.append(manager)
        kept.append(Run(site, port, process.pid))
        wait_until("the whole site runs and answers", lambda: alive(kept[-1]))
        return kept[-1]

    yield start
    for manager in open_processes:
        manager.__exit__(None, None, None)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/health/live", 200),
        ("/en/", 200),
        ("/ar/", 200),
        ("/zh-hans/search/?q=x", 200),
        ("/admin/login/", 200),
        ("/x", 404),
    ],
)
def test_a_site_that_runs_answers(started, path, status):
    assert started().status(path) == status


def test_its_worker_and_its_scheduler_deliver_what_is_owed(started):
    site = started().site
    site.sql(
        "INSERT INTO outbox_outbox (event_kind, event_id, consumer, state, attempts, next_at, error)"
        " VALUES ('instant', 1, 'freshness', 'pending', 0, '2026-01-01 00:00:00', '')"
    )
    wait_until("the delivery is done", lambda: site.sql("SELECT 1 FROM outbox_outbox WHERE state = 'done'"))


@pytest.mark.parametrize("part", ["db_worker", "schedule", "follow_index"])
def test_a_part_that_was_killed_is_started_again(started, part):
    run = started()
    before = run.parts()
    os.kill(before[part], signal.SIGKILL)
    wait_until(f"another {part}", lambda: run.parts().get(part) not in (None, before[part]))
    assert run.status("/health/live") == 200
    assert {name: run.parts()[name] for name in PARTS if name != part} == {n: p for n, p in before.items() if n != part}


def test_a_web_process_that_was_killed_costs_a_moment_and_not_the_site(started):
    """The kernel kills the biggest process when memory runs out; the next reader must get a page."""
    run = started()
    (web,) = children(run.parts()["supportdesk.web"])
    os.kill(web, signal.SIGKILL)
    wait_until("the killed process is gone", lambda: not is_running(web))
    wait_until("the site answers again", lambda: run.status("/health/live") == 200, seconds=30)
    assert is_running(run.pid)


def test_the_command_ends_with_everything_that_it_started(started):
    run = started()
    family = set(children(run.pid))
    assert len(family) >= len(PARTS)
    os.kill(run.pid, signal.SIGTERM)
    wait_until("the command has ended", lambda: not is_running(run.pid))
    assert {pid for pid in family if is_running(pid)} == set()
    assert run.status("/health/live") == 0


def test_a_port_that_is_taken_ends_it_with_the_reason_and_leaves_nothing_behind(tmp_path):
    site = OwnSite(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with site.process("run", "--port", str(port), "--workers", "1") as process:
            family: dict[int, str] = {}
            wait_until("it gave up", lambda: family.update(children(process.pid)) or process.poll() is not None)
            output = process.stdout.read()
    assert process.returncode != 0
    assert f"port {port} taken" in output
    assert {pid for pid in family if is_running(pid)} == set()
