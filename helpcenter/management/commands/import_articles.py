"""`manage.py import_articles DIR`: a folder of Markdown becomes articles (docs/markdown.md)."""

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import override

from helpcenter.actions.folder_import import FolderImport, Report
from helpcenter.search import indexing


class Command(BaseCommand):
    help = "Import a folder of Markdown articles. A bad file is named and left out; the rest is imported."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--publish", action="store_true", help="make every imported text public")
        parser.add_argument("--dry-run", action="store_true", help="check everything, store nothing")
        parser.add_argument("--json", action="store_true", help="report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["folder"].is_dir():
            raise CommandError(f"{options['folder']} is not a folder.")
        self.is_talkative = options["verbosity"] > 0 and not options["json"]
        with override(settings.LANGUAGE_CODE):
            report = self.run_import(options)
            if options["json"]:
                self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False, indent=1))
            else:
                self.print_report(report)
        if report.errors:
            raise SystemExit(1)

    def run_import(self, options: dict[str, Any]) -> Report:
        dry = options["dry_run"]
        with transaction.atomic() if dry else nullcontext():
            report = FolderImport(options["folder"], publish=options["publish"], dry=dry).run(self.show_progress)
            if dry:
                transaction.set_rollback(True)
        if options["publish"] and not dry:
            for alias in indexing.aliases():
                indexing.sync(alias)
        return report

    def show_progress(self, done: int, total: int) -> None:
        if self.is_talkative and (done % 50 == 0 or done == total):
            self.stdout.write(f"\r{done} of {total} texts", ending="\n" if done == total else "")

    def print_report(self, report: Report) -> None:
        for remark in report.warnings if self.is_talkative else ():
            self.stderr.write(f"warning: {remark}")
        for remark in report.errors:
            self.stderr.write(f"error: {remark}")
        if report.ignored and self.is_talkative:
            self.stdout.write(f"Not read: {', '.join(report.ignored)}")
        self.stdout.write(
            f"{report.imported} texts imported, {report.unchanged} unchanged, {report.published} published, "
            f"{report.announcements} announcement texts, {len(report.warnings)} warnings, {len(report.errors)} errors."
        )
