"""`manage.py export_articles DIR`: what is public becomes a folder of Markdown (docs/markdown.md)."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from helpcenter.actions.exporting import export_folder


class Command(BaseCommand):
    help = "Export articles, categories, pictures and announcements as a folder of Markdown."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--drafts", action="store_true", help="the newest text of each language, public or not")

    def handle(self, *args: Any, **options: Any) -> None:
        def progress(count: int) -> None:
            if options["verbosity"] > 0 and count % 100 == 0:
                self.stdout.write(f"\r{count} texts", ending="")

        try:
            written = export_folder(options["folder"], drafts=options["drafts"], on_progress=progress)
        except OSError as error:
            raise CommandError(f"{options['folder']} cannot be written: {error}") from error
        if options["verbosity"] > 0:
            self.stdout.write(f"\r{written} texts written to {options['folder']}.")
