"""Taking the files of a glossary in, and giving them out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from helpcenter import freshness
from helpcenter.actions import events
from helpcenter.actions.access import require
from helpcenter.content import glossary_files
from helpcenter.content.glossary_files import FLAGS, PLAIN, Given, Problem
from helpcenter.enums import EventKind
from helpcenter.models import Article, GlossaryTerm
from helpcenter.models.glossary import TRANSLATED
from supportdesk.ui.languages import column, content_languages


@dataclass
class Report:
    """How many words were added, changed and left as they were, and what could not be taken."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)


@transaction.atomic
def import_glossary(files: Iterable[tuple[str, bytes]], *, by: Any) -> Report:
    """Take in files, each a name and its bytes; tables come before definitions, whatever their order.

    What a file does not mention stays. A bad row is reported with its line and left out. Raises PermissionDenied.
    """
    require(by, "helpcenter.change_glossaryterm")
    report = Report()
    reads = [glossary_files.read(name, data, content_languages()) for name, data in files]
    report.problems = [problem for read in reads for problem in read.problems]
    given = sorted((one for read in reads for one in read.given), key=lambda one: not one.is_new_allowed)
    incoming = _Incoming(report)
    for one in given:
        incoming.take(one)
    languages = incoming.store()
    note_change(languages, by=by)
    return report


@transaction.atomic
def note_change(languages: Iterable[str], *, by: Any) -> None:
    """Words of these languages changed: readers see it, and articles that use them are drawn again afterwards."""
    codes = [code for code in content_languages() if code in set(languages)]
    for code in codes:
        events.record(EventKind.GLOSSARY, by=by, language=code)
    if codes:
        freshness.bump()


def export_table(words: Iterable[GlossaryTerm]) -> str:
    """The table of words in its full form, which an import takes back unchanged."""
    codes = content_languages()
    slugs = dict(Article.objects.values_list("pk", "slug"))
    rows = [
        {
            "key": word.key,
            "part_of_speech": word.part_of_speech,
            "subject": word.subject,
            "note": word.note,
            "position": word.position,
            "article": slugs.get(word.article_id, "") if word.article_id else "",
            **{flag: getattr(word, flag) for flag in FLAGS.values()},
            "texts": {(name, code): word.text(name, code) for name in TRANSLATED for code in codes},
        }
        for word in words
    ]
    return glossary_files.write_table(rows, codes)


class _Incoming:
    """The words of the database with what the files say of them, stored at the end."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.words = {word.key: word for word in GlossaryTerm.objects.select_for_update()}
        self.before = {key: _values(word) for key, word in self.words.items()}
        self.articles = dict(Article.objects.values_list("slug", "pk"))
        self.mentioned: dict[str, None] = {}

    def take(self, given: Given) -> None:
        word = self.words.get(given.key)
        if word is None and not given.is_new_allowed:
            message = gettext("“%(key)s” is no word of the glossary. Add it to the table first.")
            self.report.problems.append(Problem(given.file, given.line, message % {"key": given.key}))
            return
        if word is None:
            last = max((word.position for word in self.words.values()), default=0)
            word = self.words[given.key] = GlossaryTerm(key=given.key, position=last + 1)
        self.mentioned[given.key] = None
        for name, value in given.fields.items():
            if name == "article":
                word.article_id = self.articles.get(value)
            elif name in (*PLAIN, "position", *FLAGS.values()):
                setattr(word, name, value)
        for (name, code), text in given.texts.items():
            setattr(word, column(name, code), text)

    def store(self) -> set[str]:
        """Save what is new or different; returns the languages whose words changed."""
        languages: set[str] = set()
        for key in self.mentioned:
            word = self.words[key]
            for code in content_languages():
                _accept(word, code)
            before, after = self.before.get(key, {}), _values(word)
            self.report.added += not before
            self.report.changed += bool(before) and before != after
            self.report.unchanged += before == after
            if before != after:
                word.save()
                languages |= _touched(before, after)
        return languages


def _accept(word: GlossaryTerm, code: str) -> None:
    """Add the words that the note accepts to the other words of the language."""
    own = word.text("also", code).splitlines()
    words = dict.fromkeys([*own, *glossary_files.accepted(word.note, code)])
    words.pop(word.text("term", code), None)
    setattr(word, column("also", code), "\n".join(words))


def _values(word: GlossaryTerm) -> dict[str, Any]:
    own: dict[str, Any] = {
        name: getattr(word, name) for name in (*PLAIN, "position", *FLAGS.values()) if name != "article"
    }
    texts = {column(name, code): word.text(name, code) for name in TRANSLATED for code in content_languages()}
    return own | texts | {"article_id": word.article_id}


def _touched(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """The languages in which a reader may see a difference: those of changed texts, all where a use changed."""
    changed = {name for name, value in after.items() if before.get(name) != value}
    if changed & {*FLAGS.values(), "article_id"}:
        return {code for code in content_languages() if after[column("term", code)]}
    return {code for code in content_languages() if any(column(name, code) in changed for name in TRANSLATED)}
