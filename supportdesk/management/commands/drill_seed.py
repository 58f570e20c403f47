"""`manage.py drill_seed --json`: what drills need to find on a site, and where it is. Never on one that serves."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from supportdesk.management import drill


class Command(BaseCommand):
    help = "Make people of every role, tickets and articles in every state, and print them with their passwords."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="accepted for clarity: it is always JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IS_PRODUCTION and not settings.DEBUG_DRILL:
            raise CommandError(
                "This site runs with production settings; people with known passwords do not belong here. "
                "Set DEBUG_DRILL=1 on a machine that serves nobody."
            )
        self.stdout.write(json.dumps(drill.seed(), ensure_ascii=False, indent=1))
