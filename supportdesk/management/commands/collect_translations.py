"""`manage.py collect_translations`: messages of code and templates -> locale/ (needs the gettext programs)."""

from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils.translation import to_locale

IGNORED = [".venv/*", "tests/*", "bench/*", "staticfiles/*", "fixtures/*", "supportdesk/ui/styles/*"]


class Command(BaseCommand):
    help = "Collect messages for every language that ships."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        locales = [to_locale(code) for code, _ in settings.LANGUAGES if code not in ("en", "xx")]
        call_command(
            "makemessages",
            locale=locales,
            ignore_patterns=IGNORED,
            extensions=["html", "txt", "py", "xml"],
            no_obsolete=True,
            no_wrap=True,
            add_location="file",
            verbosity=options["verbosity"],
        )
        for path in sorted((settings.BASE_DIR / "locale").glob("*/LC_MESSAGES/django.po")):
            forget_guesses(path)


def forget_guesses(path: Path) -> None:
    """gettext guesses a translation from a similar message; an untranslated message is better than a wrong one."""
    catalogue = polib.pofile(str(path), wrapwidth=0)
    for entry in catalogue:
        if entry.fuzzy:
            entry.msgstr = ""
            entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, "")
            entry.flags.remove("fuzzy")
            entry.previous_msgid = entry.previous_msgid_plural = None
    catalogue.metadata.pop("POT-Creation-Date", None)  # a date in every catalogue would make every diff longer
    catalogue.metadata.pop("PO-Revision-Date", None)
    catalogue.save()
