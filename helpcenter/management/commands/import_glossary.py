"""`manage.py import_glossary FILE…`: terms, definitions and uses of the glossary (docs/glossary.md)."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from helpcenter.actions import glossary_import


class Command(BaseCommand):
    help = "Import the glossary. Without files the one that ships with the product; a bad row is named and left out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", type=Path, nargs="*")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            files = [(path.name, path.read_bytes()) for path in options["files"] or shipped()]
        except OSError as error:
            raise CommandError(f"A file cannot be read: {error}") from error
        with override(settings.LANGUAGE_CODE):
            report = glossary_import.import_glossary(files, by=None)
            for problem in report.problems:
                self.stderr.write(f"error: {problem}")
        if options["verbosity"] > 0:
            self.stdout.write(
                f"{report.added} words added, {report.changed} changed, {report.unchanged} unchanged, "
                f"{len(report.problems)} errors."
            )
        if report.problems:
            raise SystemExit(1)


def shipped() -> list[Path]:
    """The files that ship with the product."""
    fixtures = Path(settings.BASE_DIR) / "fixtures"
    return [fixtures / "glossary.csv", *sorted((fixtures / "glossary").glob("*.yaml"))]
