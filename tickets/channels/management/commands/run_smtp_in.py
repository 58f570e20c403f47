"""`manage.py run_smtp_in`: the SMTP listener for mail that comes in."""

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tickets.channels import listener


class Command(BaseCommand):
    help = "Take mail in by SMTP until stopped. It believes what the mail server before it says; see docs/mail.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=settings.MAIL_LISTEN_PORT or 2525)

    def handle(self, *args: Any, **options: Any) -> None:
        door = listener.controller(options["host"], options["port"])
        ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ended.set())
        try:
            door.start()
        except OSError as error:
            message = f"Nothing can listen on {options['host']}:{options['port']} ({error.strerror}). Is it taken?"
            raise CommandError(message) from error
        self.stdout.write(f"Mail comes in at {options['host']}:{options['port']}.")
        while not ended.wait(1):  # wakes, so that signals are heard
            pass
        door.stop()
