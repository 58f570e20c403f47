"""Programs that a run starts, on loopback ports that nobody else uses, and that end with it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace

from bench.sites import ROOT, WORK, Site, plain_environment

FIRST_PORT = 18450
PORTS = 10  # a run may use this many from the first
GRACE = 5.0  # seconds a program gets to finish before it is killed
START = 60.0  # seconds a server gets until it listens


class Unavailable(Exception):
    """Something that a measurement needs is not there; the message says what."""


@dataclass(frozen=True)
class Server:
    """A running server; `group` is the process group of everything that belongs to it, `database` the one on a
    PostgreSQL server whose backends work for it."""

    name: str
    port: int
    group: int
    database: str = ""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def end_with_the_terminal() -> None:
    """Let a polite kill of this program run its clean-up, as Ctrl-C does."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def require_free(first: int) -> None:
    """Refuse to run where a port is taken: what listens there would be measured instead."""
    for port in range(first, first + PORTS):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise SystemExit(f"Port {port} is taken. End what uses it, or choose others with --port.") from None


@contextmanager
def program(name: str, command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A program in a process group of its own; its output goes to a file below `var/bench/log`."""
    log = WORK / "log" / f"{name}.txt"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the whole group, also where its leader is gone already."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=GRACE)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until_it_listens(process: subprocess.Popen[bytes], port: int, name: str) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            log = WORK / "log" / f"{name}.txt"
            raise RuntimeError(f"{name} ended with {process.returncode}:\n{log.read_text(errors='replace')[-2000:]}")
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"{name} does not listen on port {port} after {START:.0f} s.")


class Servers:
    """Servers that start when they are first asked for and end together."""

    def __init__(self, first_port: int) -> None:
        self._ports = iter(range(first_port, first_port + PORTS))
        self._stack = ExitStack()
        self._running: dict[str, Server] = {}

    def __enter__(self) -> "Servers":
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def new_port(self) -> int:
        return next(self._ports)

    def hello(self) -> Server:
        """The yardstick, on the same web server."""
        command = ["granian", "--interface", "wsgi", "--no-ws", *_one_worker(1), "bench.hello.wsgi:application"]
        return self._once("hello", command, lambda port: plain_environment())

    def site(self, site: Site, *, page_cache: bool = True, threads: int = 1) -> Server:
        """The product on one of the sites, as one worker with this many threads."""
        name = f"{site.name}-{'cached' if page_cache else 'uncached'}-{threads}"
        command = ["supportdesk.web", *_one_worker(threads)]
        started = self._once(name, command, lambda port: site.environment(port, page_cache=page_cache))
        return replace(started, database=site.database)

    def start(self, name: str, port: int, command: list[str], environment: dict[str, str]) -> Server:
        """Any other server."""
        process = self._stack.enter_context(program(name, command, environment))
        wait_until_it_listens(process, port, name)
        return Server(name, port, process.pid)

    def _once(self, name: str, command: list[str], environment: Callable[[int], dict[str, str]]) -> Server:
        if name not in self._running:
            port = self.new_port()
            self._running[name] = self.start(
                name, port, [sys.executable, "-m", *command, "--port", str(port)], environment(port)
            )
        return self._running[name]


def _one_worker(threads: int) -> list[str]:
    """Options of the web server: one worker, so that its cost is one process's."""
    return ["--workers", "1", "--blocking-threads", str(threads), "--host", "127.0.0.1", "--log-level", "warning"]
