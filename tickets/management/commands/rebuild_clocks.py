"""`manage.py rebuild_clocks [--check]`: the clocks of all tickets told again from what happened to them."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from tickets.actions import telling
from tickets.identifiers import from_typed
from tickets.models import Ticket


class Command(BaseCommand):
    help = "Tell the clocks of all tickets again from their events, and store what differs; --check only compares."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="store nothing, and fail if something differs")
        parser.add_argument("--ticket", default="", help="only the ticket with this number")

    def handle(self, *args: Any, **options: Any) -> None:
        tickets = Ticket.objects.order_by("pk")
        if options["ticket"]:
            tickets = tickets.filter(public_id=from_typed(options["ticket"]))
        counted: Counter[str] = Counter()
        for number in tickets.values_list("pk", flat=True).iterator(chunk_size=2000):
            counted[self.rebuild(number, is_check=options["check"])] += 1
        verb = "differ" if options["check"] else "were rewritten"
        self.stdout.write(
            f"{counted.total()} tickets: {counted['same']} as they should be, {counted['other']} {verb}, "
            f"{counted['untold']} cannot be told from their events."
        )
        if options["check"] and counted["other"]:
            raise CommandError("Run the command without --check to store what the events say.")

    @transaction.atomic
    def rebuild(self, number: int, *, is_check: bool) -> str:
        ticket = Ticket.objects.select_for_update(of=("self",)).select_related("topic").get(pk=number)
        try:
            standing = telling.life_of(ticket)[-1].standing
        except telling.CannotTell as reason:
            self.stdout.write(f"{ticket.reference} {reason}")
            return "untold"
        found = telling.differences(ticket, standing)
        for difference in found:
            self.stdout.write(f"{ticket.reference} {difference}")
        if found and not is_check:
            telling.rewrite_clocks(ticket, standing)
        return "other" if found else "same"
