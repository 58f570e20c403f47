"""`manage.py set_up`: everything between a checkout and a running site, as often as you like."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse
from django.utils.translation import override
from modeltranslation.translator import translator

from helpcenter.actions import linking, publishing
from helpcenter.models import SiteLanguage
from supportdesk.accounts import roles
from supportdesk.management.alone import alone
from supportdesk.releases import kinds
from supportdesk.releases.bringing import Fate, Outcome, bring
from supportdesk.releases.models import ShippedRow
from tickets.actions import learning

NAMED = 20  # rows of a kind that are named; all of them with --verbosity 2


class Command(BaseCommand):
    help = (
        "Migrate, add the columns of EXTRA_LANGUAGES, mend published columns, write roles, and bring what this release"
        " ships (synonyms, topics, rules, texts) to rows that staff have not changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="only tell what this release would bring; nothing is stored"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            return self.tell_ahead(options["verbosity"])
        with alone(
            "set_up", connection, lambda: self.stdout.write("Another set_up is running; this one waits for it.")
        ):
            self.set_up(options["verbosity"])

    def set_up(self, verbosity: int) -> None:
        call_command("migrate", interactive=False, verbosity=verbosity)
        call_command("createcachetable", verbosity=verbosity)
        if settings.EXTRA_LANGUAGES:
            call_command("sync_translation_fields", interactive=False, verbosity=verbosity)
            add_columns_of_history()
            for position, (code, _) in enumerate(settings.EXTRA_LANGUAGES):
                SiteLanguage.objects.get_or_create(code=code, defaults={"position": 1000 + position})
        brought = [bring(kind) for kind in kinds.known().values()]
        learning.add_shipped_table(settings.BASE_DIR / "fixtures")
        rebuilt = publishing.rebuild_columns()
        linking.record_all()
        roles.write_groups()
        if verbosity > 0:
            self.tell(brought, verbosity)
            self.stdout.write(f"Ready; {rebuilt} published texts were written anew.")

    def tell_ahead(self, verbosity: int) -> None:
        """Print what would change: do it all, then roll back. Raises CommandError where the tables are those of an
        earlier release."""
        if missing := unapplied():
            raise CommandError(f"Migrate first, then it can be told. Not applied: {', '.join(missing)}.")
        with transaction.atomic():
            brought = [bring(kind) for kind in kinds.known().values()]
            transaction.set_rollback(True)
        self.tell(brought, verbosity)
        self.stdout.write("Nothing was stored.")

    def tell(self, brought: list[Outcome], verbosity: int) -> None:
        with override("en"):
            for outcome in brought:
                counts = [f"{outcome.counts[fate]} {fate}" for fate in Fate if outcome.counts[fate]]
                if counts:
                    self.stdout.write(f"{str(outcome.kind.label).capitalize()}: {', '.join(counts)}.")
            for outcome in brought:
                self.tell_kept(outcome, verbosity)

    def tell_kept(self, outcome: Outcome, verbosity: int) -> None:
        """Name what has another wording here and in the release."""
        if not outcome.kept:
            return
        address = reverse(f"admin:{ShippedRow._meta.label_lower.replace('.', '_')}_changelist")
        self.stdout.write(f"Changed here and in the release, {outcome.kind.label}: yours was kept. Choose at {address}")
        if outcome.unknown:
            self.stdout.write(
                f"  ({outcome.unknown} of them: whether staff or an earlier release worded them so is not known)"
            )
        most = len(outcome.kept) if verbosity > 1 else NAMED
        for key, parts in list(outcome.kept.items())[:most]:
            self.stdout.write(f"  {key}: {', '.join(map(outcome.kind.part_label, parts))}")
        if len(outcome.kept) > most:
            self.stdout.write(f"  and {len(outcome.kept) - most} more")


def unapplied() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def add_columns_of_history() -> None:
    """Add the columns of the languages to the history of translated models; the library adds them to the models
    alone."""
    for model in translator.get_registered_models(abstract=False):
        if history := getattr(model, "history", None):
            add_missing_columns(history.model)


def add_missing_columns(model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        there = {column.name for column in connection.introspection.get_table_description(cursor, model._meta.db_table)}
    missing = [field for field in model._meta.local_concrete_fields if field.column not in there]
    with connection.schema_editor() as editor:
        for field in missing:
            editor.add_field(model, field)
