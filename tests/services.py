"""Real services for tests: found and used, or skipped with the reason, or (REQUIRE_SERVICES=1) failed for."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

# The shell is the same browser without windows that nobody sees: a page of its own costs a third.
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
CORPUS = Path(__file__).resolve().parents[2] / "shared" / "data"


def need(found: bool, reason: str) -> None:
    """Skip without a service, or fail where all of them are required."""
    if found:
        return
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(f"{reason} (REQUIRE_SERVICES=1)")
    pytest.skip(reason)


def need_chromium() -> None:
    need(Path(CHROMIUM).exists(), f"Chromium is not installed at {CHROMIUM}")


def need_corpus() -> Path:
    """The shared corpus lies beside the checkout in development and CI only; a clone elsewhere does not have it."""
    if not CORPUS.is_dir():
        pytest.skip("the shared corpus is not beside this checkout")
    return CORPUS


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def redis_server() -> Iterator[str]:
    """A Redis of our own on loopback; yields its address."""
    program = shutil.which("redis-server")
    need(program is not None, "redis-server is not installed")
    port = free_port()
    command = [str(program), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        wait_for_port(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.kill()
        process.wait()


def wait_for_port(port: int, seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")
