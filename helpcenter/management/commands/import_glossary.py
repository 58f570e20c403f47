"""`manage.py import_glossary FILE…`: terms, definitions and uses of the glossary (docs/glossary.md)."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from helpcenter.actions import glossary_import
from helpcenter.actions.shipped_glossary import Glossary
from helpcenter.errors import BadTable
from supportdesk.releases.bringing import Fate, bring_always


class Command(BaseCommand):
    help = (
        "Import the glossary. Without files the one that ships with the product, which leaves alone what staff changed"
        " (so does set_up from then on); a bad row of a file is named and left out."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", type=Path, nargs="*")

    def handle(self, *args: Any, **options: Any) -> None:
        with override(settings.LANGUAGE_CODE):
            if options["files"]:
                self.take(options["files"], options["verbosity"])
            else:
                self.take_shipped(options["verbosity"])

    def take(self, paths: list[Path], verbosity: int) -> None:
        """Files of the site's own say how words are."""
        try:
            files = [(path.name, path.read_bytes()) for path in paths]
        except OSError as error:
            raise CommandError(f"A file cannot be read: {error}") from error
        report = glossary_import.import_glossary(files, by=None)
        for problem in report.problems:
            self.stderr.write(f"error: {problem}")
        if verbosity > 0:
            self.stdout.write(
                f"{report.added} words added, {report.changed} changed, {report.unchanged} unchanged, "
                f"{len(report.problems)} errors."
            )
        if report.problems:
            raise SystemExit(1)

    def take_shipped(self, verbosity: int) -> None:
        try:
            counts = bring_always(Glossary()).counts
        except BadTable as error:
            raise CommandError(str(error)) from error
        if verbosity > 0:
            changed, left = counts[Fate.RENEWED] + counts[Fate.MERGED], counts[Fate.SAME] + counts[Fate.LEFT]
            self.stdout.write(
                f"{counts[Fate.ADDED]} words added, {changed} changed, {left} unchanged, "
                f"{counts[Fate.KEPT] + counts[Fate.AWAY]} left as staff have them."
            )
