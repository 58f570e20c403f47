"""A site of its own: its database, index and media in one folder, its programs started as an operator starts them."""

import atexit
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, build_opener

from django.conf import settings

from tests.services import free_port

# Loopback only: no proxy, and redirects stay visible.
_opener = build_opener()


class OwnSite:
    """A site in a folder, with the database of a set-up that is done. `environment` is what the operator sets besides
    the folders."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.database = folder / "site.sqlite3"
        if not self.database.exists() and folder != _prepared_folder():
            shutil.copy(_prepared() / "site.sqlite3", self.database)
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        self.environment = {
            **kept,
            "DJANGO_SETTINGS_MODULE": "supportdesk.settings.dev",
            "DATABASE_URL": f"sqlite:///{self.database}",
            "SEARCH_INDEX_PATH": str(folder / "search"),
            "MEDIA_PATH": str(folder / "media"),
            "ALLOWED_HOSTS": "127.0.0.1,testserver",
            **environment,
        }

    def manage(self, *arguments: str) -> str:
        """Run a management command to its end; its output. Fails with what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=settings.BASE_DIR, env=self.environment,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{done.stdout}{done.stderr}"[-1500:]
        return done.stdout

    def run(self, code: str) -> str:
        """Run Python inside the site; what it printed."""
        return self.manage("shell", "--no-imports", "--command", code)

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.database, timeout=20)) as connection, connection:
            return connection.execute(statement).fetchall()

    def connections(self) -> int:
        """How many connections to its database all processes hold now (Linux)."""
        found = 0
        for link in Path("/proc").glob("[0-9]*/fd/*"):
            with suppress(OSError):
                found += link.readlink() == self.database
        return found

    @contextmanager
    def command(self, *arguments: str) -> Iterator[None]:
        """A command that runs beside the test until its end."""
        with self._process([sys.executable, "manage.py", *arguments]):
            yield

    @contextmanager
    def server(self) -> Iterator[str]:
        """A web server; yields its address once it answers."""
        port = free_port()
        web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--workers", "1"]
        web += ["--blocking-threads", "4", "--host", "127.0.0.1", "--port", str(port), "--log-level", "error"]
        address = f"http://127.0.0.1:{port}"
        with self._process([*web, "supportdesk.wsgi:application"]):
            until(lambda: status(f"{address}/health/live") == 200, seconds=40)
            yield address

    @contextmanager
    def _process(self, command: list[str]) -> Iterator[None]:
        process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@cache
def _prepared_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="supportdesk-site-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _prepared() -> Path:
    """A folder with a database after the first set-up; made once per test process."""
    OwnSite(_prepared_folder()).manage("set_up", "--verbosity", "0")
    return _prepared_folder()


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


def until(holds: Callable[[], bool], *, seconds: float) -> None:
    """Look again until something holds; fails after the deadline."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.1)
