"""A troubleshooter: one question on a page, the answers given so far in the address."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import urlencode

from helpcenter import factbook
from helpcenter.content import markdown, nodes
from helpcenter.content.faults import is_sound
from helpcenter.content.graph import Graph, Node, Walk
from helpcenter.enums import FeedbackReason
from helpcenter.models import Article
from helpcenter.outline import load
from helpcenter.views import articles, cards
from helpcenter.views.page_cache import public_page
from helpcenter.views.pages import render_page, request_path
from helpcenter.views.rows import written_chain
from helpcenter.views.viewpoint import region_of
from supportdesk.ui import languages, places

MOST_KEPT = 500  # pages of one troubleshooter in one language; of a larger one only the first is kept
BETWEEN = "."  # stands between the answers of a path, and never in one


@dataclass(frozen=True)
class Choice:
    """An answer to choose. Without words it is the product's own “I’m not sure”."""

    words: str
    hint: str
    url: str


@dataclass(frozen=True)
class Given:
    """An answer given: the question in its words and language, and the way back to it."""

    question: str
    words: str
    language: str
    url: str


@dataclass(frozen=True)
class Place:
    """Where a reader stands: the graph in the languages that the reader gets, and the way through it so far."""

    item: Article
    asked: str
    graph: Graph
    walk: Walk

    @property
    def node(self) -> Node | None:
        """The node reached; None at the product's own end."""
        return self.graph.nodes.get(self.walk.at)

    @property
    def is_end(self) -> bool:
        return not self.graph.answers(self.walk.at)

    @property
    def number(self) -> int:
        """Which question this is, from one."""
        return len(self.walk.taken) + 1

    @property
    def more(self) -> int:
        """How many questions at most come after this one."""
        return self.graph.more.get(self.walk.at, 0)

    @property
    def most(self) -> int:
        return self.number + self.more

    @property
    def before(self) -> str:
        """The node from which the reader came; empty at the start."""
        return self.walk.taken[-1].node if self.walk.taken else ""

    @property
    def back(self) -> str:
        return self.url(self.walk.path[:-1])

    @property
    def start(self) -> str:
        return self.url(())

    @property
    def query(self) -> str:
        return query_of(self.walk.path)

    def url(self, path: tuple[str, ...]) -> str:
        return self.item.path(self.asked) + query_of(path)

    def choices(self) -> list[Choice]:
        return [
            Choice(answer.words, answer.hint, self.url((*self.walk.path, step)))
            for step, answer in self.graph.choices(self.walk.at).items()
        ]

    def given(self) -> list[Given]:
        asked = [(self.graph.nodes[taken.node], taken) for taken in self.walk.taken]
        return [Given(node.title, taken.answer.words, node.language, self.url(taken.path)) for node, taken in asked]


def query_of(path: tuple[str, ...]) -> str:
    return f"?{urlencode({'path': BETWEEN.join(path)})}" if path else ""


@public_page("path", "off", "region", "asof")
def troubleshooter(request: HttpRequest, slug: str) -> HttpResponse:
    return articles.answer(request, slug, articles.find(slug), articles.at_its_place(_page))


def _page(request: HttpRequest, item: Article) -> HttpResponse:
    texts = articles.texts_of(item)
    shown = texts.shown_to()
    loaded = _with_texts(item, _languages(item, shown.language))
    graph = _graph(loaded, _languages(item, shown.language))
    path = request.GET.get("path", "")
    if graph is None:  # no way through it that ends: all of it on one page still helps
        whole = articles.whole_page(request, item)
        return _not_kept(whole) if path else whole
    place = Place(item, shown.asked, graph, graph.walk(path.split(BETWEEN) if path else []))
    text = articles.text_of(articles.with_text(item, shown.language), shown)
    context = _frame(place, text, shown.language) | _words(place, text, loaded, region_of(request))
    card = cards.of_article(request, item, texts, text, context["crumbs"])
    query = query_of(place.walk.path)
    page = render_page(request, "helpcenter/troubleshooter.html", context, texts=texts, query=query, card=card)
    return _for_keeping(page, place)


def _languages(item: Article, language: str) -> list[str]:
    """The language that is shown, then those in which its reader gets what is missing there; the source is the last."""
    source = item.source_language
    others = [*(code for code in written_chain() if code != source), source]
    return [language, *(code for code in others if code != language and item.is_published_in(code))]


def _with_texts(item: Article, wanted: list[str]) -> Article:
    """The article with its texts in these languages; one more query where they are not those of the reader's chain."""
    if set(wanted) <= set(written_chain()):
        return item
    return get_object_or_404(Article.objects.reading(wanted, *articles.TEXTS), pk=item.pk)


def _graph(item: Article, order: list[str]) -> Graph | None:
    """The nodes in the first language, completed from the others. Where the texts do not fit together, since one has
    moved on, those of the source complete it, or stand alone; None where they lead nowhere either."""
    graphs = [Graph.of(load(item.published_text("outline", code) or None), code) for code in order]
    completed = Graph()
    for graph in graphs:
        completed = completed.completed(graph)
    tried = (completed, graphs[0].completed(graphs[-1]), graphs[-1])
    # What one of them has, and the first does not lead to, is not missing in it.
    return next((graph for graph in (found.within_reach() for found in tried) if is_sound(graph)), None)


def _for_keeping(response: HttpResponse, place: Place) -> HttpResponse:
    """The start is for search engines. What anybody can ask for without end is not kept: paths that lead nowhere, and
    those of a troubleshooter with very many ways."""
    if place.walk.path:
        response.headers["X-Robots-Tag"] = "noindex"
    if not place.walk.is_whole or (place.walk.path and place.graph.ways > MOST_KEPT):
        return _not_kept(response)
    return response


def _not_kept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    response.private = True  # type: ignore[attr-defined]  # read by `public_page`
    return response


def _frame(place: Place, text: dict[str, Any], language: str) -> dict[str, Any]:
    """What stands around the question or the answer."""
    item, walk = place.item, place.walk
    related = articles.neighbours(item)[0] if place.is_end else []
    return {
        "article": item,
        "text": text
        | {"outdated": _outdated(place, text), "source_path": item.path(item.source_language) + place.query},
        "place": place,
        "crumbs": articles.crumbs_of(item),
        "related": related,
        "reasons": FeedbackReason.choices,
        "stamp": articles.stamp(item, language),
        "form": request_path(item.slug, path=BETWEEN.join(walk.path)) if places.address("new_request") else "",
    }


def _words(place: Place, text: dict[str, Any], item: Article, region: str) -> dict[str, Any]:
    """The question or the answer itself, with the language that it is in, as a reader of a region gets it."""
    node = place.node
    if node is None:
        return {"node": None, "html": "", "intro": ""}
    html = factbook.fill(item.published_text("html", node.language), node.language, region=region)
    pieces = nodes.cut(html, place.graph.nodes)

    def drawn(name: str) -> str:
        path = BETWEEN.join(place.walk.path)
        return markdown.localise(pieces.get(name, ""), place.asked, lambda topic: request_path(item.slug, topic, path))

    return {
        "node": node,
        "language_of_node": languages.language(node.language),
        "is_foreign": node.language != text["language"].code,
        "html": drawn(node.name),
        "intro": "" if place.walk.path else drawn(""),
    }


def _outdated(place: Place, text: dict[str, Any]) -> list[dict[str, Any]]:
    """Whether the node has changed in the source since it was translated."""
    key = f"node:{place.walk.at}"
    return [part | {"anchor": "page_question"} for part in text["outdated"] if part["key"] == key and part["anchor"]]
