"""The synonyms that releases bring: `<language>.csv`, a group on each line. A group is known by its words, in any
order; so one that a release words anew is another group, in place of the old one."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from simple_history.utils import bulk_create_with_history

from helpcenter import freshness
from helpcenter.models import Synonym
from helpcenter.models.search_log import ARROW, sides_of, split_words, tidied
from supportdesk.releases.kinds import REASON, Kind, Shipped
from supportdesk.releases.merging import Content

FOLDER = settings.BASE_DIR / "fixtures" / "synonyms"
LONGEST = 400  # characters of a group


class Synonyms(Kind):
    name = "helpcenter.synonym"
    label = Synonym._meta.verbose_name_plural
    permission = "helpcenter.change_synonym"
    removes = True
    in_bulk = True

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder

    def shipped(self) -> Iterator[Shipped]:
        for file in sorted(self.folder.glob("*.csv")):
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                if words := tidied(line)[:LONGEST]:
                    yield Shipped(key_of(file.stem, words), _content(file.stem, words), f"{file.name} {number}", number)

    def present(self) -> dict[str, Content]:
        """The order of words makes no other group: one that is shipped counts in the order of its file."""
        here = {key_of(row.language, row.words): row for row in Synonym.objects.select_for_update()}
        as_shipped = {row.key: row.content for row in self.shipped()}
        return {key: as_shipped.get(key) or _content(row.language, tidied(row.words)) for key, row in here.items()}

    def once_here(self) -> Collection[str]:
        found = Synonym.history.values_list("language", "words")  # type: ignore[attr-defined]
        return {key_of(language, words) for language, words in found}

    def was_refused(self, row: Shipped, gone: Collection[Content]) -> bool:
        """A group most of whose words are those of a group that staff took away or changed."""
        own = set(split_words(row.content["words"]))
        others = (other for other in gone if other["language"] == row.content["language"])
        return any(len(own & set(split_words(other["words"]))) * 2 > len(own) for other in others)

    def add(self, rows: Collection[Shipped]) -> None:
        new = [Synonym(**row.content) for row in rows]
        bulk_create_with_history(new, Synonym, batch_size=500, default_change_reason=REASON)

    def write(self, row: Shipped, *, by: Any = None) -> None:
        synonym = self._stored(row.key) or Synonym()
        synonym.language, synonym.words = row.content["language"], row.content["words"]
        _as_release(synonym, by).save()

    def remove(self, key: str) -> bool:
        if (synonym := self._stored(key)) is not None:
            _as_release(synonym, None).delete()
        return True

    def changed(self) -> None:
        freshness.bump()

    def part_label(self, name: str) -> str:
        return str(getattr(Synonym._meta.get_field(name), "verbose_name", name))

    def _stored(self, key: str) -> Synonym | None:
        rows = Synonym.objects.filter(language=key.partition(" ")[0])
        return next((row for row in rows if key_of(row.language, row.words) == key), None)


def kinds() -> list[Kind]:
    return [Synonyms()]


def key_of(language: str, words: str) -> str:
    """Language and words in an order of their own."""
    said, meant = ("|".join(sorted(side)) for side in sides_of(words))
    return f"{language} {said} {ARROW} {meant}" if ARROW in words else f"{language} {said}"


def _content(language: str, words: str) -> Content:
    return {"language": language, "words": words}


def _as_release(synonym: Any, by: Any) -> Any:
    synonym._history_user, synonym._change_reason = by, REASON
    return synonym
