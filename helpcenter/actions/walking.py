"""Ways through troubleshooters: what was shown, and where readers went on from it, summed by day. No address is stored
with them, and nothing that joins one step to the next.
"""

import atexit
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F
from django.utils import timezone

from helpcenter.actions.counting import Buffer, within_limits
from helpcenter.content.graph import Graph
from helpcenter.content.nodes import UNSURE
from helpcenter.models import Article, WalkCount
from helpcenter.outline import load

STEPS_PER_HOUR = 600  # of one address


@dataclass(frozen=True)
class Step:
    """A node that was shown, and the one from which its reader came (empty: from nowhere that counts)."""

    article: int
    language: str
    node: str
    before: str
    address_hash: str
    at: datetime


def count_step(*, article: int, language: str, node: str, before: str, address_hash: str) -> None:
    """Remember that a node was shown to a reader, who has gone on to it from another."""
    steps.add(Step(article, language, node, before, address_hash, timezone.now()))


def _write(rows: list[Step]) -> None:
    graphs = _graphs({row.article for row in rows}, {row.language for row in rows})
    sums: Counter[tuple[int, str, date, str, str]] = Counter()
    for row in within_limits(rows, "walk", STEPS_PER_HOUR):
        graph = graphs.get((row.article, row.language), Graph())
        place = (row.article, row.language, row.at.date())
        if row.node in graph.nodes or row.node == UNSURE and UNSURE in _offered(graph):
            sums[(*place, row.node, "")] += 1
        if any(answer.target == row.node for answer in graph.answers(row.before)):
            sums[(*place, row.before, row.node)] += 1
    for (article, language, day, node, next_node), count in sums.items():
        key = {"article_id": article, "language": language, "day": day, "node": node, "next_node": next_node}
        _, created = WalkCount.objects.get_or_create(**key, defaults={"count": count})
        if not created:
            WalkCount.objects.filter(**key).update(count=F("count") + count)


def _graphs(articles: set[int], languages: set[str]) -> dict[tuple[int, str], Graph]:
    """The public nodes by article and language, those of the source among them."""
    known = Article.objects.troubleshooters().reading([]).filter(pk__in=articles)
    sources = dict(known.values_list("pk", "source_language"))
    codes = languages | set(sources.values())
    found = Article.objects.reading(codes, "outline").filter(pk__in=sources)
    own = {
        (article.pk, code): Graph.of(load(article.published_text("outline", code) or None))
        for article in found
        for code in codes
    }
    return {(pk, code): graph.completed(own[pk, sources[pk]]) for (pk, code), graph in own.items()}


def _offered(graph: Graph) -> set[str]:
    """The nodes that answers lead to, the product's own “I’m not sure” among them."""
    return {answer.target for name in graph.nodes for answer in graph.answers(name)}


steps = Buffer(_write)
atexit.register(steps.flush)
