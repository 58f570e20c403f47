"""`manage.py learn_triage`: learn the wordings of topics from the product's texts and the desk's own requests."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tickets.actions import learning, triaging
from tickets.labelled_texts import BadText
from tickets.models import TriageTable

POLITE = 10  # of `nice`: requests and jobs go first


class Command(BaseCommand):
    help = "Learn a table of wordings, print how good it is by cross-validation, and put it in use."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", type=Path, default=learning.FOLDER, help="where the product's texts are")
        parser.add_argument("--try", action="store_true", dest="is_trial", help="print the figures; store nothing")
        parser.add_argument(
            "--from-corrections",
            action="store_true",
            dest="is_nightly",
            help="as every night: only after enough corrections, and in use only where it is no worse",
        )
        parser.add_argument(
            "--ship", action="store_true", help="from the product's texts alone; write the table beside them"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not triaging.rules().by_key:
            raise CommandError("This desk has no rules of triage. Run “manage.py set_up” first.")
        folder, is_shipped = options["folder"], options["ship"]
        if options["is_nightly"]:
            self.learn_as_every_night(folder)
            return
        try:
            row = learning.learn(folder, at=timezone.now(), with_tickets=not is_shipped).row
        except (BadText, ValueError) as error:
            raise CommandError(str(error)) from error
        self.print_figures(row)
        if is_shipped:
            learning.write_shipped_table(row, folder)
        elif not options["is_trial"]:
            row.save()
            learning.put_in_use(row)
            learning.forget_tables()

    def learn_as_every_night(self, folder: Path) -> None:
        os.nice(POLITE)
        used = learning.learn_from_corrections(folder)
        self.stdout.write(f"In use: {used}" if used else "Nothing was learned.")

    def print_figures(self, row: TriageTable) -> None:
        self.stdout.write(
            f"{row.text_count} texts, {row.ticket_count} tickets, {row.correction_count} of them corrected"
        )
        for name, scores in row.scores.items():
            if scores["texts"]:
                self.stdout.write(f"{name:<8} {_figures(scores)}")
        for topic, figures in row.scores["with"]["topics"].items():
            without = row.scores["without"]["topics"][topic]
            self.stdout.write(f"{topic:<16} F1 {without['f1']:.3f} -> {figures['f1']:.3f}")


def _figures(scores: dict[str, Any]) -> str:
    security = scores["topics"].get("security", {"precision": 0.0, "recall": 0.0})
    return (
        f"{scores['texts']} texts  macro-F1 {scores['macro_f1']:.3f}"
        f"  security: precision {security['precision']:.3f}, recall {security['recall']:.3f}"
    )
