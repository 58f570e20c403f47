"""The category tree in one language, as this process remembers it for the current content generation."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q

from helpcenter import freshness, localization
from helpcenter.models import Article, Category, category_path
from supportdesk.ui.languages import column, content_languages

MOST_TREES = 40


@dataclass
class Node:
    """A category with its words in the reader's language or the next best (`language`; empty where it has no name), the
    path of its page in the reader's, the number of its own public articles, its parent and its children."""

    pk: int
    slug: str
    path: str
    name: str
    description: str
    language: str
    own_count: int = 0
    parent: "Node | None" = None
    children: list["Node"] = field(default_factory=list)

    def family(self) -> Iterator["Node"]:
        """The category and everything below it, in order."""
        yield self
        for child in self.children:
            yield from child.family()

    @property
    def count(self) -> int:
        """Public articles in the category and below it."""
        return sum(node.own_count for node in self.family())

    def ancestors(self) -> list["Node"]:
        """From the top down to the parent."""
        return [*self.parent.ancestors(), self.parent] if self.parent else []


@dataclass(frozen=True)
class Tree:
    """The top level in order (topics without any article left out), and all categories by number and by slug."""

    top: tuple[Node, ...]
    by_pk: dict[int, Node]
    by_slug: dict[str, Node]


_lock = threading.Lock()
_trees: dict[tuple[int, str], Tree] = {}


def tree(language: str) -> Tree:
    """The tree of the current generation; one query where this process does not have it yet."""
    snapshot = freshness.current()
    key = (snapshot.generation, language)
    with _lock:
        known = _trees.get(key)
    if known is None:
        chain = localization.chain(language, snapshot.fallbacks)
        known = _load(language, localization.preference(chain, "", snapshot.public, content_languages()))
        with _lock:
            if len(_trees) >= MOST_TREES:
                _trees.clear()
            _trees[key] = known
    return known


def forget() -> None:
    with _lock:
        _trees.clear()


def _load(asked: str, order: list[str]) -> Tree:
    columns = [column(name, code) for name in ("name", "description") for code in order]
    public = Q(articles__in=Article.objects.public().published())
    ordered = Category.objects.rewrite(False).annotate(n=Count("articles", filter=public)).order_by("position", "slug")
    rows = list(ordered.values("pk", "slug", "parent_id", "n", *columns))
    by_pk = {row["pk"]: _node(row, asked, order) for row in rows}
    for row in rows:
        node, parent = by_pk[row["pk"]], by_pk.get(row["parent_id"])
        if parent is not None:
            node.parent = parent
            parent.children.append(node)
    top = tuple(node for node in by_pk.values() if node.parent is None and node.count)
    return Tree(top, by_pk, {node.slug: node for node in by_pk.values()})


def _node(row: dict[str, Any], asked: str, order: list[str]) -> Node:
    language = next((code for code in order if row[column("name", code)]), "")
    return Node(
        pk=row["pk"],
        slug=row["slug"],
        path=category_path(row["slug"], asked),
        name=row[column("name", language)] if language else row["slug"],
        description=(row[column("description", language)] or "") if language else "",
        language=language,
        own_count=row["n"],
    )
