"""`manage.py import_facts FILE`: what a file of facts would change; with --apply it does (docs/facts.md)."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from helpcenter.actions import fact_import, fact_naming
from helpcenter.actions.fact_import import Plan
from helpcenter.actions.import_plan import Effect, Step
from helpcenter.content import tables
from helpcenter.content.files import BadFile
from helpcenter.errors import ContentError


class Command(BaseCommand):
    help = "Compare a table of facts (CSV or XLSX) with the facts that are stored, line by line; with --apply store it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--apply", action="store_true", help="do what the comparison says")
        parser.add_argument("--kinds", type=Path, help="a YAML file of kinds of facts to store first")
        parser.add_argument("--regions", type=Path, help="a YAML file of regions to store first")

    def handle(self, *args: Any, **options: Any) -> None:
        with override(settings.LANGUAGE_CODE):
            try:
                self.store_names(options)
                plan = self.run_import(options) if options["file"] else None
            except (ContentError, BadFile, OSError, UnicodeDecodeError) as error:
                raise CommandError(str(error)) from error
            if plan is None:
                return
            self.print_plan(plan, verbosity=options["verbosity"])
        if plan.refused:
            raise SystemExit(1)

    def store_names(self, options: dict[str, Any]) -> None:
        if options["regions"]:
            fact_naming.save_regions(options["regions"].read_text(encoding="utf-8"))
        if options["kinds"]:
            fact_naming.save_kinds(options["kinds"].read_text(encoding="utf-8"))

    def run_import(self, options: dict[str, Any]) -> Plan:
        table = tables.read(options["file"].name, options["file"].read_bytes())
        return fact_import.apply(table, by=None) if options["apply"] else fact_import.plan(table)

    def print_plan(self, plan: Plan, verbosity: int) -> None:
        for step in plan.steps:
            if step.effect == Effect.REFUSED:
                self.stderr.write(f"{step.line}: {step.key}: {step.reason}")
            elif step.effect != Effect.UNCHANGED and verbosity > 0:
                self.stdout.write(_line(step))
        self.stdout.write(", ".join(f"{count} {effect.label}" for effect, count in plan.counts.items()) + ".")


def _line(step: Step) -> str:
    where = f" ({step.where})" if step.where else ""
    change = f"{step.before} -> {step.after}" if step.before else step.after
    return f"{step.line}: {step.effect.label} {step.key}{where}: {change}"
