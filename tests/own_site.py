"""A site of its own: its database, index and media in one folder, its programs started as an operator starts them."""

import fcntl
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, build_opener

from django.conf import settings

from tests.services import free_port

DATABASE = "site.sqlite3"
run_folder: Path | None = None  # where the processes of one run share what is made once
# Migrations make thousands of classes, and looking for garbage among them again and again takes a fourth of the time.
MIGRATE = """
import gc
from django.core.management import call_command
gc.freeze()
gc.set_threshold(100_000, 50, 100)
call_command("migrate", run_syncdb=True, verbosity=0)
"""
START = """
import gc
import django
gc.set_threshold(10_000, 10, 10)  # as manage.py
django.setup()
"""
PATIENCE = 60.0  # seconds until a process that does not do what it should counts as stuck

# Loopback only: no proxy, and redirects stay visible.
_opener = build_opener()


class OwnSite:
    """A site on SQLite in a folder, after `manage.py set_up` unless it is bare. `environment` is what the operator sets
    besides the folders; nothing else of this process's environment reaches its processes."""

    def __init__(self, folder: Path, *, is_bare: bool = False, **environment: str) -> None:
        self.database = folder / DATABASE
        if not is_bare and not self.database.exists():
            shutil.copy(prepared_database(), self.database)
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        self.environment = {
            **kept,
            "PYTHONPATH": str(settings.BASE_DIR),
            "DJANGO_SETTINGS_MODULE": "supportdesk.settings.dev",
            "DATABASE_URL": f"sqlite:///{self.database}",
            "SEARCH_INDEX_PATH": str(folder / "search"),
            "MEDIA_PATH": str(folder / "media"),
            "LOG_PATH": str(folder / "log"),
            "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
            **environment,
        }

    # Programs that come to their end

    def program(self, *arguments: str) -> list[str]:
        return [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]

    def manage(self, *arguments: str, **environment: str) -> str:
        """Run a management command; its output. Fails with what it printed."""
        return output_of(self.attempt(*arguments, **environment))

    def attempt(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a management command that may fail."""
        return finish(self.program(*arguments), {**self.environment, **environment})

    def run(self, code: str) -> str:
        """Run Python inside the site; what it printed."""
        return output_of(self.python(code))

    def python(self, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run code with Django set up, as an operator's script would; it may fail."""
        return self.settings(f"{START}\n{code}", **environment)

    def settings(self, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run code that needs the settings alone."""
        return finish([sys.executable, "-c", code], {**self.environment, **environment})

    # Programs that run beside the test

    @contextmanager
    def process(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """A management command that runs until it is stopped."""
        with self._started(self.program(*arguments)) as process:
            yield process

    @contextmanager
    def beside(self, *command: str) -> Iterator[subprocess.Popen[str]]:
        """Any program that a test talks to, in the site's environment."""
        with self._started(list(command)) as process:
            yield process

    @contextmanager
    def server(self, port: int = 0) -> Iterator[str]:
        """A web server, on any free port unless one is named; yields its address once it answers."""
        port = port or free_port()
        web = [sys.executable, "-m", "supportdesk.web", "--workers", "1"]
        web += ["--blocking-threads", "4", "--host", "127.0.0.1", "--port", str(port), "--log-level", "error"]
        address = f"http://127.0.0.1:{port}"
        with self._started(web):
            wait_until("the server answers", lambda: status(f"{address}/health/live") == 200)
            yield address

    @contextmanager
    def _started(self, command: list[str]) -> Iterator[subprocess.Popen[str]]:
        """A process in a group of its own, of which nothing outlives the test."""
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=self.environment, text=True, start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            yield process
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()

    # What they leave behind

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask or change the database beside the site's own processes; `values` stand for the question marks."""
        with closing(sqlite3.connect(self.database, timeout=20)) as connection, connection:
            return connection.execute(statement, values).fetchall()

    def settle(self) -> None:
        """Bring all that was written into the one file that others copy."""
        self.sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def connections(self) -> int:
        """How many connections to its database all processes hold now (Linux)."""
        found = 0
        for link in Path("/proc").glob("[0-9]*/fd/*"):
            with suppress(OSError):
                found += link.readlink() == self.database
        return found


def migrated_database() -> Path:
    """A database without a row but those of migrations. Migrating takes longer than most files of tests."""

    def migrate(folder: Path) -> None:
        site = OwnSite(folder, is_bare=True)
        site.run(MIGRATE)
        site.settle()

    return made_once(_of_the_run(), "migrated", migrate) / DATABASE


def prepared_database() -> Path:
    """A database after the first set-up."""

    def set_up(folder: Path) -> None:
        site = OwnSite(folder, is_bare=True)
        shutil.copy(migrated_database(), site.database)
        site.manage("set_up", "--verbosity", "0")
        site.settle()

    return made_once(_of_the_run(), "set-up", set_up) / DATABASE


def _of_the_run() -> Path:
    """The folder that all processes of this run of the tests share."""
    assert run_folder is not None, "the fixture `folder_of_the_run` says where"
    return run_folder


def made_once(root: Path, name: str, make: Callable[[Path], None]) -> Path:
    """A folder below `root` that the first process to want it makes, while the others wait; a failure leaves nothing,
    and the next one tries again."""
    folder, unfinished = root / name, root / f"{name}-unfinished"
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            make(unfinished)
            unfinished.rename(folder)
    return folder


def finish(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, however it ends."""
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, timeout=10 * PATIENCE,
        check=False,
    )  # fmt: skip


def output_of(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"[-1500:]
    return done.stdout


# Addresses of its servers


def fetch(address: str, headers: dict[str, str] | None = None, data: dict[str, str] | None = None) -> tuple[int, str]:
    """Status and body; 0 where nobody answers."""
    body = urlencode(data).encode() if data is not None else None
    try:
        with _opener.open(Request(address, body, headers or {}), timeout=20) as answer:  # noqa: S310 - loopback only
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except (URLError, ConnectionError, TimeoutError):
        return 0, ""


def status(address: str) -> int:
    return fetch(address)[0]


# Processes


def wait_until(what: str, holds: Callable[[], Any], *, seconds: float = PATIENCE) -> Any:
    """Look again until something holds and return it; fails with `what` when the time is up."""
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < deadline, f"still not so after {seconds:.0f} s: {what}"
        time.sleep(0.1)
    return found


def children(pid: int) -> dict[int, str]:
    """Processes below a process, with their command lines (Linux)."""
    of: dict[int, list[int]] = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            of.setdefault(int(file.read_text().rpartition(")")[2].split()[1]), []).append(int(file.parent.name))
    found: dict[int, str] = {}
    waiting = list(of.get(pid, ()))
    while waiting:
        own = waiting.pop(0)
        with suppress(FileNotFoundError, ProcessLookupError):
            found[own] = Path(f"/proc/{own}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        waiting += of.get(own, ())
    return found


def is_running(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
