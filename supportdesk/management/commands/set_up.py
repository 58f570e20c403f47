"""`manage.py set_up`: everything between a checkout and a running site, as often as you like."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, models
from modeltranslation.translator import translator

from helpcenter.actions import linking, publishing, wording
from helpcenter.models import SiteLanguage
from supportdesk.accounts import roles
from tickets.actions import configuring, learning


class Command(BaseCommand):
    help = (
        "Migrate, add the columns of EXTRA_LANGUAGES, mend published columns, write roles, first synonyms and topics."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        verbosity = options["verbosity"]
        call_command("migrate", interactive=False, verbosity=verbosity)
        call_command("createcachetable", verbosity=verbosity)
        if settings.EXTRA_LANGUAGES:
            call_command("sync_translation_fields", interactive=False, verbosity=verbosity)
            add_columns_of_history()
            for position, (code, _) in enumerate(settings.EXTRA_LANGUAGES):
                SiteLanguage.objects.get_or_create(code=code, defaults={"position": 1000 + position})
        wording.add_shipped_synonyms(settings.BASE_DIR / "fixtures" / "synonyms")
        configuring.add_shipped_rows(settings.BASE_DIR / "fixtures" / "desk")
        configuring.add_shipped_triage(settings.BASE_DIR / "fixtures" / "desk")
        learning.add_shipped_table(settings.BASE_DIR / "fixtures")
        configuring.add_shipped_surge_texts(settings.BASE_DIR / "fixtures" / "desk")
        rebuilt = publishing.rebuild_columns()
        linking.record_all()
        roles.write_groups()
        if verbosity > 0:
            self.stdout.write(f"Ready; {rebuilt} published texts were written anew.")


def add_columns_of_history() -> None:
    """The history of a translated model has the columns of its languages too, and nobody else adds them."""
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
