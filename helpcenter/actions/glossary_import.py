"""Taking the files of a glossary in, and giving them out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from helpcenter import freshness
from helpcenter.actions import events, import_plan
from helpcenter.actions.access import require
from helpcenter.actions.import_plan import Effect, Step, plain
from helpcenter.content import glossary_files
from helpcenter.content.glossary_files import FLAGS, PLAIN, Given, Problem
from helpcenter.enums import EventKind
from helpcenter.models import Article, GlossaryTerm, SlugRedirect
from helpcenter.models.glossary import TRANSLATED
from supportdesk.ui.languages import column, content_languages


@dataclass
class Report:
    """How many words were added, changed and left as they were, and what could not be taken."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass
class Plan(import_plan.Plan):
    """What files would do; `words` are to be stored, `languages` those whose readers see it."""

    words: list[GlossaryTerm] = field(default_factory=list)
    languages: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    effects = (Effect.ADDED, Effect.CHANGED, Effect.UNCHANGED, Effect.REFUSED)


def plan(files: Iterable[tuple[str, bytes]]) -> Plan:
    """What files, each a name and its bytes, would do; tables come before definitions, whatever their order.

    What a file does not mention stays. A bad row is named with its line and left out.
    """
    incoming = _Incoming({word.key: word for word in GlossaryTerm.objects.all()})
    incoming.read(files)
    return incoming.plan()


def words_in(files: Iterable[tuple[str, bytes]]) -> tuple[list[GlossaryTerm], list[Problem]]:
    """The words as files alone have them, none of them stored, and what is wrong in the files."""
    incoming = _Incoming({})
    incoming.read(files)
    return list(incoming.accepted()), incoming.problems


@transaction.atomic
def apply(files: Iterable[tuple[str, bytes]], *, by: Any, digest: str = "") -> Plan:
    """Do what files say. With the `digest` of a plan that somebody has seen, that plan or nothing.

    Raises PermissionDenied, and StalePlan where words have changed since the plan was made.
    """
    require(by, "helpcenter.add_glossaryterm")
    require(by, "helpcenter.change_glossaryterm")
    list(GlossaryTerm.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    found = plan(files)
    found.refuse_stale(digest)
    for word in found.words:
        word.save()
    note_change(found.languages, by=by)
    return found


def import_glossary(files: Iterable[tuple[str, bytes]], *, by: Any) -> Report:
    """Take in files without a look at the plan, as commands do. Raises PermissionDenied."""
    done = apply(files, by=by)
    counts = done.counts
    return Report(counts[Effect.ADDED], counts[Effect.CHANGED], counts[Effect.UNCHANGED], done.problems)


@transaction.atomic
def note_change(languages: Iterable[str], *, by: Any) -> None:
    """Words of these languages changed: readers see it, and articles that use them are drawn again afterwards."""
    codes = [code for code in content_languages() if code in set(languages)]
    for code in codes:
        events.record(EventKind.GLOSSARY, by=by, language=code)
    if codes:
        freshness.bump()


def export(words: Iterable[GlossaryTerm]) -> tuple[list[str], Iterator[list[str]]]:
    """The first row of the table of words in its full form, and the others; an import takes them back unchanged."""
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
    return glossary_files.table_of(rows, codes)


class _Incoming:
    """The words of the database with what the files say of them."""

    def __init__(self, words: dict[str, GlossaryTerm]) -> None:
        self.problems: list[Problem] = []
        self.words = words
        self.before = {key: values_of(word) for key, word in words.items()}
        now = dict(Article.objects.values_list("slug", "pk"))
        self.articles = dict(SlugRedirect.objects.values_list("slug", "article_id")) | now  # addresses of before, too
        self.slugs = {pk: slug for slug, pk in now.items()}
        self.mentioned: dict[str, Given] = {}

    def read(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Take what files say: words that may be new come first, whatever the order of the files."""
        reads = [glossary_files.read(name, data, content_languages()) for name, data in files]
        self.problems += [problem for read in reads for problem in read.problems]
        for one in sorted((one for read in reads for one in read.given), key=lambda one: not one.is_new_allowed):
            self.take(one)

    def accepted(self) -> Iterator[GlossaryTerm]:
        """Each mentioned word, with the other words that its note accepts."""
        for key in self.mentioned:
            for code in content_languages():
                _accept(self.words[key], code)
            yield self.words[key]

    def take(self, given: Given) -> None:
        word = self.words.get(given.key)
        if word is None and not given.is_new_allowed:
            message = gettext("“%(key)s” is no word of the glossary. Add it to the table first.")
            self.problems.append(Problem(given.file, given.line, message % {"key": given.key}))
            return
        if word is None:
            last = max((word.position for word in self.words.values()), default=0)
            word = self.words[given.key] = GlossaryTerm(key=given.key, position=last + 1)
        self.mentioned.setdefault(given.key, given)
        for name, value in given.fields.items():
            if name == "article":
                word.article_id = self.articles.get(value)
            elif name in (*PLAIN, "position", *FLAGS.values()):
                setattr(word, name, value)
        for (name, code), text in given.texts.items():
            setattr(word, column(name, code), text)

    def plan(self) -> Plan:
        """Each mentioned word with its new values, compared with those that are stored."""
        refused = [Step(one.line, Effect.REFUSED, "", reason=one.message, file=one.file) for one in self.problems]
        found = Plan(refused, len(self.before.keys() - self.mentioned.keys()), problems=self.problems)
        for word in self.accepted():
            before, after = self.before.get(word.key, {}), values_of(word)
            found.steps += _steps(self.mentioned[word.key], self._told(before), self._told(after))
            if before != after:
                found.words.append(word)
                found.languages |= _touched(before, after)
        return found

    def _told(self, values: dict[str, Any]) -> dict[str, str]:
        """Values as an editor knows them (an article by its slug); nothing for a word that does not exist yet."""
        told = {name: str(value) for name, value in values.items() if name != "article_id"}
        return told | ({"article": self.slugs.get(values["article_id"], "")} if values else {})


def _steps(given: Given, before: dict[str, str], after: dict[str, str]) -> Iterator[Step]:
    if not before:
        texts = (after[column(name, "en")] for name in ("term", "definition"))
        yield Step(given.line, Effect.ADDED, given.key, after=" · ".join(filter(None, texts)), file=given.file)
    elif before == after:
        yield Step(given.line, Effect.UNCHANGED, given.key, file=given.file)
    for name, value in after.items() if before else ():
        if value != before[name]:
            yield Step(given.line, Effect.CHANGED, given.key, name, before[name], value, file=given.file)


def _accept(word: GlossaryTerm, code: str) -> None:
    """Add the words that the note accepts to the other words of the language."""
    own = word.text("also", code).splitlines()
    words = dict.fromkeys([*own, *glossary_files.accepted(word.note, code)])
    words.pop(word.text("term", code), None)
    setattr(word, column("also", code), "\n".join(words))


def values_of(word: GlossaryTerm) -> dict[str, Any]:
    """What files can change, in the form in which tables hold it: lines end in one way, no space around."""
    texts = {name: plain(getattr(word, name)) for name in PLAIN if name != "article"}
    own = {name: getattr(word, name) for name in ("position", *FLAGS.values())}
    lists = {
        column(name, code): _as_table(name, word.text(name, code))
        for name in TRANSLATED
        for code in content_languages()
    }
    return {**texts, **own, **lists, "article_id": word.article_id}


def _as_table(name: str, text: str) -> str:
    """Lists of words lose their empty lines."""
    if name not in ("also", "rejected"):
        return plain(text)
    return "\n".join(filter(None, (line.strip() for line in text.splitlines())))


def _touched(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """The languages in which a reader may see a difference: those of changed texts, all where a use changed."""
    changed = {name for name, value in after.items() if before.get(name) != value}
    if changed & {*FLAGS.values(), "article_id"}:
        return {code for code in content_languages() if after[column("term", code)]}
    return {code for code in content_languages() if any(column(name, code) in changed for name in TRANSLATED)}
