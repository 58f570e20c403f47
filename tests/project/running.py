"""The product as processes of their own: a prepared site in a folder, commands of `manage.py`, Python inside it."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

PATIENCE = 60.0  # seconds until a process that does not do what it should counts as stuck


@dataclass(frozen=True)
class Site:
    """A site on SQLite in a folder; nothing of this process's environment reaches its processes."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(settings.BASE_DIR),
            "DJANGO_SETTINGS_MODULE": "supportdesk.settings.dev",
            "DATABASE_URL": f"sqlite:///{self.folder / 'site.sqlite3'}",
            "SEARCH_INDEX_PATH": str(self.folder / "search"),
            "MEDIA_PATH": str(self.folder / "media"),
            "LOG_PATH": str(self.folder / "log"),
        }

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments]

    def manage(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return run(self.command(*arguments), {**self.environment, **environment})

    def python(self, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run code with Django set up, as an operator's script would."""
        return self.settings(f"import django\ndjango.setup()\n{code}", **environment)

    def settings(self, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run code that needs the settings alone."""
        return run([sys.executable, "-c", code], {**self.environment, **environment})

    @contextmanager
    def process(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """A command that runs until it is stopped, in a process group that does not outlive the test."""
        process = subprocess.Popen(
            self.command(*arguments),
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """What the database holds now, read beside the site's own processes."""
        connection = sqlite3.connect(self.folder / "site.sqlite3", timeout=20)
        try:
            return connection.execute(query, parameters).fetchall()
        finally:
            connection.close()

    def write(self, query: str, *parameters: Any) -> None:
        connection = sqlite3.connect(self.folder / "site.sqlite3", timeout=20)
        try:
            connection.execute(query, parameters)
            connection.commit()
        finally:
            connection.close()


def run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE * 2,
        check=False,
    )


_prepared: list[Path] = []


def prepared_site(folder: Path) -> Site:
    """A site after `manage.py set_up`; prepared once in this process, then copied."""
    if not _prepared:
        first = settings.SCRATCH / "site"
        first.mkdir()
        done = Site(first).manage("set_up", "--verbosity", "0")
        assert done.returncode == 0, done.stderr
        _prepared.append(first / "site.sqlite3")
    connection = sqlite3.connect(_prepared[0])
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    shutil.copy(_prepared[0], folder / "site.sqlite3")
    return Site(folder)


def wait_until(what: str, holds: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """Poll until something holds and return it; fails with `what` when the time is up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := holds():
            return found
        time.sleep(0.1)
    raise AssertionError(f"still not so after {seconds:.0f} s: {what}")


def children(pid: int) -> dict[int, str]:
    """Processes below a process, with their command lines (Linux)."""
    found: dict[int, str] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == pid:
                own = int(folder.name)
                found[own] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                found |= children(own)
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def is_running(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
