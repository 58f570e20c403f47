"""`manage.py rebuild_clocks [--check]`: the clocks of all tickets rebuilt from their events, or compared with them."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from tickets.actions import rebuilding_clocks
from tickets.identifiers import from_typed
from tickets.models import Ticket

SAME, UNTOLD = "same", "untold"


class Command(BaseCommand):
    help = (
        "Tell the clocks of all tickets again from their events, and store what differs; --check only compares. Says of"
        " each ticket what differs and why. Every ticket is stored for itself: a run may be stopped, or go in steps."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="store nothing, and fail if something differs")
        parser.add_argument("--ticket", default="", help="only the ticket with this number")
        parser.add_argument("--most", type=int, default=0, help="stop after so many tickets that differ; 0: never")

    def handle(self, *args: Any, **options: Any) -> None:
        tickets = Ticket.objects.order_by("pk")
        if options["ticket"]:
            tickets = tickets.filter(public_id=from_typed(options["ticket"]))
        counted: Counter[str] = Counter()
        for number in tickets.values_list("pk", flat=True).iterator(chunk_size=2000):
            counted[self.rebuild(number, is_check=options["check"])] += 1
            if options["most"] and _differing(counted) >= options["most"]:
                self.stdout.write(f"Stopped after {options['most']} tickets that differ; more may follow.")
                break
        self.sum_up(counted, is_check=options["check"])

    def sum_up(self, counted: Counter[str], *, is_check: bool) -> None:
        """Say how many tickets there are of each kind, and fail where a check found some that differ."""
        verb = "differ" if is_check else "were rewritten"
        self.stdout.write(
            f"{counted.total()} tickets: {counted[SAME]} as they should be, {_differing(counted)} {verb}, "
            f"{counted[UNTOLD]} cannot be told from their events."
        )
        for cause in rebuilding_clocks.Cause:
            if counted[cause]:
                self.stdout.write(f"  {counted[cause]}: {cause}")
        if is_check and _differing(counted):
            raise CommandError("Run the command without --check to store what the events say.")

    @transaction.atomic
    def rebuild(self, number: int, *, is_check: bool) -> str:
        """Compare one ticket, and store it where something differs; returns the cause, or how it is."""
        ticket = Ticket.objects.select_for_update(of=("self",)).select_related("topic").get(pk=number)
        try:
            standing = rebuilding_clocks.life_of(ticket)[-1].standing
        except rebuilding_clocks.CannotRebuild as reason:
            self.stdout.write(f"{ticket.reference} {reason}")
            return UNTOLD
        found = rebuilding_clocks.differences(ticket, standing)
        if not found:
            return SAME
        cause = rebuilding_clocks.cause_of(ticket)
        for difference in found:
            self.stdout.write(f"{ticket.reference} {difference} ({cause})")
        if not is_check:
            rebuilding_clocks.rewrite_clocks(ticket, standing)
        return cause


def _differing(counted: Counter[str]) -> int:
    return sum(counted[cause] for cause in rebuilding_clocks.Cause)
