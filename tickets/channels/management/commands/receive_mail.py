"""`manage.py receive_mail`: one raw mail on standard input, from a mail server's pipe."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tickets.channels.actions.receiving import Envelope, TryAgain, receive

AGAIN = 75  # EX_TEMPFAIL of sysexits.h: the mail server keeps the mail and tries again


class Command(BaseCommand):
    help = "Take in one raw mail from standard input. Ends with 0 when it is stored, with 75 to be tried again."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sender", help="the sender of the envelope; empty for reports")
        parser.add_argument("--recipient", action="append", default=[], help="a recipient of the envelope; repeatable")

    def handle(self, *args: Any, **options: Any) -> None:
        raw = sys.stdin.buffer.read()
        try:
            row = receive(raw, envelope=Envelope(options["sender"], tuple(options["recipient"])))
        except TryAgain as error:
            self._try_again(str(error))
        except Exception as error:  # noqa: BLE001 - whatever it is, the mail must not be lost
            self._try_again(type(error).__name__)
        else:
            self.stdout.write(f"{row.public_id} {row.outcome}")

    def _try_again(self, reason: str) -> None:
        self.stderr.write(f"Nothing could be stored ({reason}); try again later.")
        sys.exit(AGAIN)
