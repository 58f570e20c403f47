"""The glossary that releases bring: its table, the definitions of each language and the uses, word by word."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Max
from simple_history.utils import bulk_create_with_history

from helpcenter.actions import glossary_import
from helpcenter.content.glossary_files import FLAGS
from helpcenter.errors import BadTable
from helpcenter.models import Article, GlossaryTerm
from helpcenter.models.glossary import TRANSLATED
from supportdesk.releases.kinds import REASON, Kind, Shipped, shipped_languages
from supportdesk.releases.merging import Content
from supportdesk.releases.models import ShippedRow
from supportdesk.ui import languages
from supportdesk.ui.languages import column, content_languages

FOLDER = settings.BASE_DIR / "fixtures"
OWN = ("part_of_speech", "subject", "note", *FLAGS.values())  # what is the same in every language


class Glossary(Kind):
    """Words known by their keys, part by part: what staff changed in one language and a release in another are both
    kept. The order of words is not compared."""

    name = GlossaryTerm._meta.label_lower
    label = GlossaryTerm._meta.verbose_name_plural
    permission = "helpcenter.change_glossaryterm"
    in_bulk = True

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder

    @property
    def lists(self) -> tuple[str, ...]:  # type: ignore[override]
        """Lists of words, each on a line."""
        return tuple(f"{name}.{code}" for name in ("also", "rejected") for code in shipped_languages())

    def is_taken(self) -> bool:
        """Whether the site took it, by the demo or by `import_glossary`. One with words of its own may share a few."""
        if ShippedRow.objects.filter(kind=self.name).exists():
            return True
        if not (known := self.once_here()):
            return False
        keys = [row.key for row in self.shipped()]
        return sum(key in known for key in keys) * 2 > len(keys)

    def shipped(self) -> Iterator[Shipped]:
        """Raises BadTable for a file with a fault. An article that the site does not have is left out."""
        words, problems = glossary_import.words_in((path.name, path.read_bytes()) for path in self.files())
        if problems:
            raise BadTable(str(problems[0]))
        slugs = _slugs()
        for word in words:
            yield Shipped(word.key, _content(word, slugs), f"glossary {word.key}", word.position)

    def files(self) -> list[Path]:
        return [self.folder / "glossary.csv", *sorted((self.folder / "glossary").glob("*.yaml"))]

    def present(self) -> dict[str, Content]:
        slugs = _slugs()
        return {word.key: _content(word, slugs) for word in GlossaryTerm.objects.select_for_update()}

    def once_here(self) -> Collection[str]:
        return set(GlossaryTerm.history.values_list("key", flat=True))  # type: ignore[attr-defined]

    def is_as_added(self, key: str) -> bool:
        history = GlossaryTerm.history.filter(key=key)  # type: ignore[attr-defined]
        return history.exists() and not history.exclude(history_type="+", history_user=None).exists()

    def add(self, rows: Collection[Shipped]) -> None:
        articles = {slug: pk for pk, slug in _slugs().items()}
        new = [_filled(GlossaryTerm(key=row.key, position=row.order), row.content, articles) for row in rows]
        bulk_create_with_history(new, GlossaryTerm, batch_size=100, default_change_reason=REASON)

    def write(self, row: Shipped, *, by: Any = None) -> None:
        self.write_all([row], by=by)

    def write_all(self, rows: Collection[Shipped], *, by: Any = None) -> None:
        articles = {slug: pk for pk, slug in _slugs().items()}
        standing = GlossaryTerm.objects.in_bulk([row.key for row in rows], field_name="key")
        for row in rows:
            word = standing.get(row.key) or GlossaryTerm(key=row.key, position=_behind())
            word = _filled(word, row.content, articles)
            word._history_user, word._change_reason = by, REASON  # type: ignore[attr-defined]
            word.save()

    def changed(self) -> None:
        glossary_import.note_change(content_languages(), by=None)

    def part_label(self, name: str) -> str:
        first, _, code = name.partition(".")
        language = f" · {languages.language(code).name}" if code else ""
        return f"{GlossaryTerm._meta.get_field(first).verbose_name}{language}"  # type: ignore[union-attr]


def kinds() -> list[Kind]:
    return [Glossary()]


def _slugs() -> dict[int, str]:
    return dict(Article.objects.values_list("pk", "slug"))


def _behind() -> int:
    return int(GlossaryTerm.objects.aggregate(last=Max("position"))["last"] or 0) + 1


def _content(word: GlossaryTerm, slugs: dict[int, str]) -> Content:
    """What a release may change of a word, in the form in which tables hold it."""
    values = glossary_import.values_of(word)
    texts = {f"{name}.{code}": values[column(name, code)] for name in TRANSLATED for code in shipped_languages()}
    article = slugs.get(word.article_id, "") if word.article_id else ""
    return {name: values[name] for name in OWN} | {"article": article} | texts


def _filled(word: GlossaryTerm, content: Content, articles: dict[str, int]) -> GlossaryTerm:
    for name, value in content.items():
        first, _, code = name.partition(".")
        if name == "article":
            word.article_id = articles.get(value)
        else:
            setattr(word, column(first, code) if code else first, value)
    return word
