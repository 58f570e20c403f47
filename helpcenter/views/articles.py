"""An article, in the reader's language or the next best one."""

import re
from collections.abc import Callable
from functools import lru_cache
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.core.signing import Signer
from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.utils.translation import get_language, ngettext
from django.views.decorators.cache import never_cache

from helpcenter import factbook, tree
from helpcenter.cards import Card
from helpcenter.content import markdown, regions
from helpcenter.enums import ArticleKind, Audience
from helpcenter.localization import Shown
from helpcenter.models import Article, ArticleTag, RelatedArticle, SlugRedirect
from helpcenter.outline import Change, Outdated, Part, load
from helpcenter.sharing import anchors
from helpcenter.views import cards, lines
from helpcenter.views.contracts import Specification, specification
from helpcenter.views.page_cache import public_page
from helpcenter.views.pages import Texts, fill_page, render_page, request_path
from helpcenter.views.rows import ArticleRow, article_rows, row_query, rows_of, written_chain
from helpcenter.views.viewpoint import Viewpoint, look
from supportdesk.ui import languages, markup
from supportdesk.ui.build import build_id
from supportdesk.ui.languages import column, content_languages
from supportdesk.ui.prepared import Prepared

SIBLINGS = 12
RELATED = 5
TEXTS = ("html", "outline")
Show = Callable[[HttpRequest, Article], HttpResponse]
TODAY = Viewpoint()
signer = Signer(salt="helpcenter.feedback")


@public_page("off", "region", "asof")
def article(request: HttpRequest, slug: str) -> HttpResponse:
    return answer(request, slug, find(slug), at_its_place(whole_page))


def answer(request: HttpRequest, slug: str, item: Article | None, show: Show) -> HttpResponse:
    """An article as `show` draws it, for those who may read it. `item` is what was found, with its titles in all
    languages."""
    if item is None or item.audience != Audience.PUBLIC or texts_of(item).found_for() is None:
        return _for_agents(request, slug, item, show)
    return show(request, item) if item.archived_at is None else _gone(request, item)


def at_its_place(draw: Show) -> Show:
    """The page, or the way to it: the address follows the kind, which an editor may change, and change back."""

    def show(request: HttpRequest, item: Article) -> HttpResponse:
        path = item.path(get_language() or settings.LANGUAGE_CODE)
        if request.path_info == path:
            return draw(request, item)
        texts_of(item).shown_to()  # raises 404 where nobody may read it: then no address is told
        query = request.GET.urlencode()
        response = HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
        response.headers["Cache-Control"] = "no-cache"
        return response

    return show


@never_cache
def _for_agents(request: HttpRequest, slug: str, item: Article | None, show: Show) -> HttpResponse:
    """An article for agents does not exist for anybody else, and one without a public text for nobody: both take the
    same way as one that is really absent, with the same questions to the database. Who brings no session is nobody we
    know, and the answer need not vary by it."""
    known = settings.SESSION_COOKIE_NAME in request.COOKIES
    may_read = known and Article.objects.visible_to(request.user).filter(slug=slug).exists()
    if item is None or not may_read or item.archived_at is not None:
        return _to_new_address(request, slug)
    response = show(request, item)
    response.private = True  # type: ignore[attr-defined]  # read by `public_page`
    return response


def _to_new_address(request: HttpRequest, slug: str) -> HttpResponse:
    """The way from an address that an article had before, also to its changes and its Markdown. Raises Http404."""
    moved = SlugRedirect.objects.filter(slug=slug, article__in=Article.objects.public().published())
    new = moved.values_list("article__slug", flat=True).first()
    if new is None:
        raise Http404
    path = re.sub(rf"/{re.escape(slug)}(?=/|\.md$)", f"/{new}", request.path_info)
    query = request.GET.urlencode()
    response = HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
    response.headers["Cache-Control"] = "no-cache"  # an article may come back to its old address
    return response


def whole_page(request: HttpRequest, item: Article) -> HttpResponse:
    """The whole text on one page."""
    texts = texts_of(item)
    shown = texts.shown_to()
    related, siblings = neighbours(item)
    item, crumbs = with_text(item, shown.language), crumbs_of(item)
    viewpoint = look(request, item.published_text("html", shown.language))
    text = text_of(item, shown, viewpoint)
    contract = _specification(item, shown, viewpoint)
    words = {
        **_words(item, text),
        **_around_text(request, text, viewpoint, contract),
        **_links(item, crumbs, siblings, related),
        "stamp": stamp(item, shown.language),
    }
    shape = {
        "text.language": text["language"],
        "text.is_fallback": text["is_fallback"],
        "topic.language": crumbs[-1].language if crumbs else "",
    }
    card = cards.of_article(request, item, texts, text, crumbs)
    page = fill_page(request, "helpcenter/article.html", shape, words, texts=texts, query=viewpoint.query, card=card)
    return viewpoint.marked(page)


def _words(item: Article, text: dict[str, Any]) -> dict[str, str]:
    """What the page says of the text alone."""
    language, updated, parts = get_language() or "", text["updated"], text["contents"]
    return {
        "article.slug": item.slug,
        "text.title": text["title"],
        "text.summary": text["summary"],
        "text.html": markup.published_html(text["html"]),
        "text.updated.seconds": str(int(updated.timestamp())) if updated else "",
        "text.updated.day": lines.day(updated, language) if updated else "",
        "text.minutes": _minutes(text["minutes"], language),
        "contents": lines.part_links(parts) if len(parts) > 1 else "",
        "lost": markup.lines('<span id="{}"></span>', ((anchor,) for anchor in text["lost"])),
    }


def _around_text(
    request: HttpRequest, text: dict[str, Any], viewpoint: Viewpoint, contract: Specification | None
) -> dict[str, str]:
    """What few texts have: what is outdated, values of other days and regions, what is calculated from them."""

    def part(name: str, is_there: bool, **context: Any) -> str:
        return render_to_string(f"helpcenter/parts/{name}.html", context, request) if is_there else ""

    return {
        "outdated": part("outdated", bool(text["outdated"]), text=text),
        "viewpoint": part("viewpoint", viewpoint.is_told, viewpoint=viewpoint),
        "contract": part("contract", contract is not None, contract=contract),
        "another_day": part("another_day", viewpoint.has_facts, viewpoint=viewpoint),
    }


def _links(
    item: Article, crumbs: list[tree.Node], siblings: list[ArticleRow], related: list[ArticleRow]
) -> dict[str, str]:
    language = get_language() or ""
    return {
        "topic.name": crumbs[-1].name if crumbs else "",
        "crumbs": lines.topic_links(language, crumbs),
        "siblings": lines.article_links(language, siblings, item.slug),
        "related": lines.article_rows(language, related),
        "write_to": request_path(item.slug),
    }


@lru_cache(maxsize=2000)
def _minutes(count: int, language: str) -> str:
    """How long reading takes, in the active language; `language` tells the answers apart."""
    return ngettext("%(minutes)s min read", "%(minutes)s min read", count) % {"minutes": count}


def _specification(item: Article, shown: Shown, viewpoint: Viewpoint) -> Specification | None:
    """What a contract's page shows below its text, from the same facts as the text."""
    if item.kind != ArticleKind.CONTRACT:
        return None
    return specification(item.slug, shown.asked, viewpoint.region, viewpoint.at)


def texts_of(item: Article) -> Texts:
    """Where the article is published."""
    return Texts(tuple(code for code in content_languages() if code in item.cards), item.source_language)


def stamp(item: Article, language: str) -> str:
    """What proves later that a form or a read came from this article's page in this language."""
    return signer.sign(f"{item.pk}:{language}:{build_id()}")


def with_text(item: Article, language: str) -> Article:
    """The article with its text in the language that is shown; `find` has loaded those of the chain."""
    return item if language in written_chain() else Article.objects.reading([language], *TEXTS).get(pk=item.pk)


def crumbs_of(item: Article) -> list[tree.Node]:
    """The category and what is above it, from the top down."""
    node = tree.tree(get_language() or item.source_language).by_pk.get(item.category_id)
    return [*node.ancestors(), node] if node else []


def text_of(item: Article, shown: Shown, viewpoint: Viewpoint = TODAY) -> dict[str, Any]:
    """What a page shows of an article, in the language in which it was found."""
    language, card = shown.language, item.card(shown.language)
    parts = load(item.published_text("outline", language) or None)
    outdated = [] if shown.is_fallback else _outdated(card, parts)
    html = factbook.fill(item.published_text("html", language), language, at=viewpoint.at, region=viewpoint.region)
    html = markdown.localise(html, shown.asked, lambda topic: request_path(item.slug, topic))
    html = regions.kept_in_links(html, viewpoint.region)
    places = _places(item, language, parts, {row["lost"] for row in outdated})
    return {
        "language": languages.language(language),
        "is_fallback": shown.is_fallback,
        "title": card.title,
        "summary": factbook.in_words(card.summary, language, at=viewpoint.at, region=viewpoint.region),
        "html": anchors.placed(html, places),
        "lost": [anchor for anchor, place in places.items() if not place],
        "contents": [part for part in parts if part.anchor and part.title],
        "updated": card.published_at,
        "minutes": card.minutes,
        "outdated": outdated,
        "source": languages.language(item.source_language),
        "source_path": item.path(item.source_language),
    }


def _outdated(card: Card, parts: list[Part]) -> list[dict[str, Any]]:
    """The outdated parts with the number of the step and an anchor, where the page shows the part; `lost` is the anchor
    of one that it lacks."""
    steps = [part.key for part in parts if part.is_step]
    known = {part.key: part.anchor for part in parts}
    return [
        {
            "key": part.key,
            "change": part.change,
            "title": part.title,
            "step": steps.index(part.key) + 1 if part.key in steps else 0,
            "anchor": known.get(part.key, ""),
            "lost": _lost(part, known),
        }
        for part in card.outdated
    ]


def _lost(part: Outdated, known: dict[str, str]) -> str:
    anchor = anchors.anchor_of(part.key) if part.change == Change.ADDED else ""
    return anchor if anchor not in known.values() else ""


def _places(item: Article, language: str, parts: list[Part], named: set[str]) -> dict[str, str]:
    """Anchors of other languages that this text lacks, with what stands in for them; `named` are those that the notice
    of what is outdated takes. Only of texts that are loaded anyway."""
    codes = dict.fromkeys([item.source_language, *written_chain()])
    loaded = [item.__dict__.get(column("outline", code)) for code in codes if code != language]
    found = anchors.stand_ins(parts, [load(stored) for stored in loaded if stored])
    return {anchor: place for anchor, place in found.items() if anchor not in named}


def find(slug: str) -> Article | None:
    """The article with its text in the languages that this reader may get."""
    rows = _with_texts(*written_chain(), slug=slug)
    return Article.of_columns(rows[0]) if rows else None


@Prepared
def _with_texts(*languages: str, slug: str) -> Any:
    return Article.objects.filter(slug=slug).columns(languages, *TEXTS)


def neighbours(item: Article) -> tuple[list[ArticleRow], list[ArticleRow]]:
    """Related articles (those that editors chose, else those with a tag in common) and the others of the category
    around the article, in one query."""
    found = _around_and_alike(article=item.pk, category=item.category_id, slug=item.slug)
    others = [member for member in found if member["pk"] != item.pk]
    placed = sorted((member for member in others if member["place"] is not None), key=itemgetter("place"))
    related = placed or [member for member in others if member["is_alike"]]
    siblings = [member for member in found if member["category_id"] == item.category_id]
    return rows_of(related[:RELATED]), rows_of(_around(siblings, item))


@Prepared
def _around_and_alike(*, article: int, category: int, slug: str) -> Any:
    """What stands in a category on each side of an article, enough for the first and for the last of them, and what is
    related to it: `place` by an editor's choice, `is_alike` by a tag."""
    chosen = RelatedArticle.objects.filter(article=article)
    tagged = ArticleTag.objects.filter(tag__article_rows__article=article)
    public = Article.objects.rewrite(False).public().published()
    members = public.filter(category=category)
    alike = public.filter(pk__in=tagged.values("article")).exclude(pk=article).order_by("slug")
    wanted = (
        Q(pk__in=members.filter(slug__gte=slug).order_by("slug").values("pk")[:SIBLINGS])
        | Q(pk__in=members.filter(slug__lt=slug).order_by("-slug").values("pk")[:SIBLINGS])
        | Q(pk__in=alike.values("pk")[:RELATED])
        | Q(pk__in=chosen.values("to"))
    )
    place = Subquery(chosen.filter(to=OuterRef("pk")).values("position")[:1])
    is_alike = Exists(tagged.filter(article=OuterRef("pk")))
    return row_query(public.filter(wanted).order_by("slug")).annotate(place=place, is_alike=is_alike)


def _around(members: list[dict[str, Any]], item: Article) -> list[dict[str, Any]]:
    """At most `SIBLINGS` members of a list, with the article itself among them."""
    place = next((i for i, member in enumerate(members) if member["pk"] == item.pk), 0)
    start = max(0, min(place - SIBLINGS // 2, len(members) - SIBLINGS))
    return members[start : start + SIBLINGS]


def _gone(request: HttpRequest, item: Article) -> HttpResponse:
    """An article that readers could read once, and its successor."""
    successors = Article.objects.public().published().filter(pk=item.successor_id)
    rows = article_rows(successors) if item.successor_id else []
    context = {"successor": rows[0] if rows else None}
    response = render_page(request, "helpcenter/gone.html", context, status=410)
    response.headers["Cache-Control"] = "no-store"  # a 410 may be kept for ever where nothing forbids it
    return response
