"""`manage.py run`: web, worker, scheduler, index follower and, where it is set up, the listener for mail, as one
process group."""

import os
import signal
import subprocess
import sys
import time
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

GRACE = 10  # seconds a part gets to finish before it is killed


class Command(BaseCommand):
    help = "Run the web server, the worker, the scheduler and the index follower until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2, help="web processes")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stopping = False
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        parts = {name: subprocess.Popen(command) for name, command in self.commands(options).items()}  # noqa: S603
        try:
            while not self.stopping:
                self.revive(parts, options)
                time.sleep(0.5)
        finally:
            self.end(parts)

    def commands(self, options: dict[str, Any]) -> dict[str, list[str]]:
        manage = [sys.executable, sys.argv[0]]
        web = [sys.executable, "-m", "supportdesk.web", "--workers", str(options["workers"])]
        web += ["--blocking-threads", "4", "--host", options["host"], "--port", str(options["port"])]
        # A web process that the kernel kills for its memory must not take the site with it.
        web += ["--respawn-failed-workers", "--log-level", "warning"]
        mail = {"mail": [*manage, "run_smtp_in"]} if settings.MAIL_LISTEN_PORT else {}
        return {
            "web": web,
            "worker": [*manage, "db_worker", "--no-reload", "--interval", "1"],
            "scheduler": [*manage, "schedule"],
            "follow_index": [*manage, "follow_index", "--verbosity", "0"],
            **mail,
        }

    def revive(self, parts: dict[str, subprocess.Popen[bytes]], options: dict[str, Any]) -> None:
        """Start a part that died again; a web server that cannot start at all ends the run."""
        for name, process in parts.items():
            if process.poll() is None or self.stopping:
                continue
            if name == "web":
                raise CommandError(f"The web server ended with {process.returncode}. Is port {options['port']} taken?")
            self.stderr.write(f"{name} ended with {process.returncode}; starting it again.")
            time.sleep(1)
            parts[name] = subprocess.Popen(self.commands(options)[name])  # noqa: S603

    def stop(self, signum: int, frame: FrameType | None) -> None:
        self.stopping = True

    def end(self, parts: dict[str, subprocess.Popen[bytes]]) -> None:
        for process in parts.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for process in parts.values():
            try:
                process.wait(timeout=max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                process.kill()


# The web server reads the settings module from the environment of this process.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings.SETTINGS_MODULE)
