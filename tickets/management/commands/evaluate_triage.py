"""`manage.py evaluate_triage FILE`: how well the desk's rules of triage do on texts that people have labelled."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tickets import triage_sets
from tickets.actions import triaging


class Command(BaseCommand):
    help = "Run labelled texts through the desk's rules: macro-F1, recall of each topic, accuracy of each language."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help='JSON: [{"id", "language", "topic", "text", "urgent"}]')
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--rules", action="store_true", help="by the rules alone, without learned wordings")
        parser.add_argument("--wrong", action="store_true", help="print the ids of texts that were taken for others")

    def handle(self, *args: Any, **options: Any) -> None:
        rules = triaging.rules()
        if not rules.by_key:
            raise CommandError("This desk has no rules of triage. Run “manage.py set_up” first.")
        try:
            examples = triage_sets.read(options["file"])
        except triage_sets.BadSet as error:
            raise CommandError(str(error)) from error
        found = triage_sets.evaluate(examples, rules.alone() if options["rules"] else rules)
        if options["json"]:
            self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join(found.lines(with_wrong=options["wrong"])))
