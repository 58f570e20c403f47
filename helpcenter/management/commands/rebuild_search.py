"""`manage.py rebuild_search`: new indexes beside the old ones, swapped when complete."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from helpcenter.search import indexing
from supportdesk.ui.languages import content_languages


class Command(BaseCommand):
    help = (
        "Build the search index of every language (or of one) anew; the old one serves until the new one is complete."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--language", choices=content_languages())

    def handle(self, *args: Any, **options: Any) -> None:
        for alias in indexing.aliases(options["language"]):
            done = 0
            total = len(indexing.wanted(alias))

            def progress(count: int, alias: str = alias, total: int = total) -> None:
                nonlocal done
                done += count
                if options["verbosity"] > 0:
                    self.stdout.write(f"\r{alias}: {done} of {total}", ending="")

            try:
                indexing.rebuild(alias, progress)
            except indexing.IndexBusy as error:
                raise CommandError(str(error)) from error
            if total and options["verbosity"] > 0:
                self.stdout.write("")
