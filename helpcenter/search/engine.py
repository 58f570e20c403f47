"""What Haystack is configured with: our backend with its ways to write, its queries, and the index of a language."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from haystack.backends import BaseEngine, SearchNode
from haystack.backends.whoosh_backend import WhooshSearchQuery
from haystack.routers import BaseRouter

from helpcenter.search import indexing
from helpcenter.search.backend import EVERYTHING, HelpSearchBackend


class WritingBackend(HelpSearchBackend):
    """`indexing.py` decides what is written; this is how Haystack's own commands ask for it."""

    def update(self, index: Any, iterable: Iterable[Any], commit: bool = True) -> None:
        indexing.write(self, [index.full_prepare(obj) for obj in iterable], [])

    def remove(self, obj_or_string: Any, commit: bool = True) -> None:
        pk = obj_or_string.rsplit(".", 1)[-1] if isinstance(obj_or_string, str) else obj_or_string.pk
        indexing.write(self, [], [int(pk)])

    def clear(self, models: Any = None, commit: bool = True) -> None:
        indexing.build(self, [])


class Question(WhooshSearchQuery):
    """What a `SearchQuerySet` was filtered by, as the words of a question: we have no query language."""

    def build_query(self) -> str:
        return " ".join(_words_of(self.query_filter)) if self.query_filter else EVERYTHING


def _words_of(node: SearchNode) -> Iterator[str]:
    if node.negated:
        raise NotImplementedError("The help search finds; it cannot exclude.")
    for child in node.children:
        if isinstance(child, SearchNode):
            yield from _words_of(child)
        else:
            _, value = child
            yield str(getattr(value, "query_string", value))


class HelpSearchEngine(BaseEngine):
    backend = WritingBackend
    query = Question


class LanguageRouter(BaseRouter):
    """Searches go to the index of the active language."""

    def for_read(self, **hints: Any) -> str:
        return get_language() if get_language() in settings.HAYSTACK_CONNECTIONS else "default"

    def for_write(self, **hints: Any) -> str:
        return self.for_read(**hints)
