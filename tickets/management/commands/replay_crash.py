"""`manage.py replay_crash`: plays a recorded crash on a site with the demo's content. Never on one that serves."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from supportdesk.accounts.models import User
from tickets.actions import replaying_crash
from tickets.errors import TicketError
from tickets.models import CrashReplay

LEAD = "desk-lead@northgate.example"


class Command(BaseCommand):
    help = "Let traders who do not exist open the tickets of a recorded crash; the worker plays it, faster than life."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--speed", type=int, default=replaying_crash.SPEED, help="times as fast as it was (60)")
        parser.add_argument("--trace", type=Path, help="a CSV file with the columns id, t, lang, topic, tier, incident")
        parser.add_argument("--by", default=LEAD, metavar="EMAIL", help=f"the lead in whose name it happens ({LEAD})")
        parser.add_argument("--stop", action="store_true", help="let it rest; starting again goes on")
        parser.add_argument("--remove", action="store_true", help="remove everything that it made")

    def handle(self, *args: Any, **options: Any) -> None:
        by = User.objects.filter(email=options["by"]).first()
        if by is None:
            raise CommandError(f"Nobody here has the address {options['by']}. Load the demo first: manage.py demo.")
        try:
            replay = self.act(options)(by=by)
        except (TicketError, PermissionDenied) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{replay.get_state_display()}: {replay.position} of {replay.total} tickets opened.")
        if replay.is_under_way:
            self.stdout.write("The worker goes on with it (manage.py run, or db_worker and schedule). See /desk/lead/.")

    def act(self, options: dict[str, Any]) -> Callable[..., CrashReplay]:
        if options["stop"]:
            return replaying_crash.stop_replay
        if options["remove"]:
            return replaying_crash.remove_replay
        return lambda by: replaying_crash.start_replay(by=by, speed=options["speed"], trace=options["trace"])
