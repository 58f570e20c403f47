"""`manage.py check_sla FILE`: whether the clocks of the desk show what a file of examples says."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tickets import sla_vectors
from tickets.errors import InvalidInput


class Command(BaseCommand):
    help = "Run examples of clocks through the clocks of the desk, print each mismatch, and fail if there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help='JSON: {"vectors": […]}')

    def handle(self, *args: Any, **options: Any) -> None:
        vectors = self.vectors(options["file"])
        found = sum(self.report(vector) for vector in vectors)
        if found:
            raise CommandError(f"{found} mismatches in {len(vectors)} examples.")
        self.stdout.write(f"{len(vectors)} examples, no mismatch.")

    def vectors(self, path: Path) -> list[dict[str, Any]]:
        try:
            vectors: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["vectors"]
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise CommandError(f"The examples cannot be read: {error!r}. Give a JSON file with “vectors”.") from error
        if not vectors:
            raise CommandError("The file has no examples.")
        return vectors

    def report(self, vector: dict[str, Any]) -> int:
        """Print what differs in one example, and say how much that is."""
        try:
            differences = sla_vectors.mismatches(vector)
        except (LookupError, TypeError, ValueError, InvalidInput) as error:
            differences = [f"cannot be run: {error!r}"]
        for difference in differences:
            self.stdout.write(f"{vector.get('id', '?')} {difference}")
        return len(differences)
