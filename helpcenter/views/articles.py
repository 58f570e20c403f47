"""An article, in the reader's language or the next best one."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.signing import Signer
from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache

from helpcenter import factbook, localization
from helpcenter.content import markdown
from helpcenter.enums import Audience, FeedbackReason
from helpcenter.localization import Shown
from helpcenter.models import Article, ArticleTag, Category, RelatedArticle, TranslationState
from helpcenter.outline import Part, load
from helpcenter.views.keeping import public_page
from helpcenter.views.outlook import Outlook, look
from helpcenter.views.pages import Texts, render_page
from helpcenter.views.rows import ArticleRow, article_rows, row_query, rows_of, written_chain
from supportdesk.ui import languages
from supportdesk.ui.build import build_id
from supportdesk.ui.languages import column, content_languages

SIBLINGS = 12
RELATED = 5
PARENTS = ("category", "category__parent", "category__parent__parent")
TEXTS = ("title", "summary", "html", "outline")
signer = Signer(salt="helpcenter.feedback")


@dataclass(frozen=True)
class Crumb:
    """A category on the way to the article, named in `language`."""

    slug: str
    name: str
    language: str


@public_page("off", "region", "asof")
def article(request: HttpRequest, slug: str) -> HttpResponse:
    item = _find(slug)
    if item is None or item.audience != Audience.PUBLIC:
        return _for_agents(request, slug, item)
    return _page(request, item) if item.archived_at is None else _gone(request, item)


@never_cache
def _for_agents(request: HttpRequest, slug: str, item: Article | None) -> HttpResponse:
    """An article for agents does not exist for anybody else: it takes the same way as one that is really absent, with
    the same questions to the database. Who brings no session is nobody we know, and the answer need not vary by it."""
    known = settings.SESSION_COOKIE_NAME in request.COOKIES
    may_read = known and Article.objects.visible_to(request.user).filter(slug=slug).exists()
    if item is None or not may_read or item.archived_at is not None:
        raise Http404
    response = _page(request, item)
    response.private = True  # type: ignore[attr-defined]  # read by `public_page`
    return response


def _page(request: HttpRequest, item: Article) -> HttpResponse:
    texts = texts_of(item)
    shown = texts.shown_to()
    related, siblings = _neighbours(item)
    state = _state(item, shown.language)
    outlook = look(request, state.article.published_text("html", shown.language))
    context = {
        "article": item,
        "text": _text(state, shown, outlook),
        "outlook": outlook,
        "crumbs": _crumbs(item, _naming()),
        "siblings": siblings,
        "related": related,
        "reasons": FeedbackReason.choices,
        "stamp": stamp(item, shown.language),
    }
    response = render_page(request, "helpcenter/article.html", context, texts=texts, query=outlook.query)
    return outlook.marked(response)


def texts_of(item: Article) -> Texts:
    """Where the article is published; its titles in all languages have to be loaded."""
    return Texts([code for code in content_languages() if item.is_published_in(code)], item.source_language)


def stamp(item: Article, language: str) -> str:
    """What proves later that a form or a read came from this article's page in this language."""
    return signer.sign(f"{item.pk}:{language}:{build_id()}")


def _state(item: Article, language: str) -> TranslationState:
    """The public state of the language that is shown, with the article's text, which `_find` has loaded for the
    languages of the chain only. Raises Http404 where the text was unpublished in this very moment."""
    states = TranslationState.objects.of(item).published().filter(language=language)
    own = ("language", "published_at", "minutes", "outdated")
    if language not in written_chain():
        texts = [f"article__{column(name, language)}" for name in TEXTS]
        return get_object_or_404(states.select_related("article").only(*own, "article__source_language", *texts))
    state: TranslationState = get_object_or_404(states.only(*own))
    state.article = item
    return state


def _text(state: TranslationState, shown: Shown, outlook: Outlook) -> dict[str, Any]:
    """What is shown of the article: its words in the language that it was found in."""
    item, language = state.article, shown.language
    parts = load(item.published_text("outline", language) or None)
    html = factbook.fill(item.published_text("html", language), language, at=outlook.at, region=outlook.region)
    summary = item.published_text("summary", language)
    return {
        "language": languages.language(language),
        "is_fallback": shown.is_fallback,
        "title": item.published_text("title", language),
        "summary": factbook.in_words(summary, language, at=outlook.at, region=outlook.region),
        "html": markdown.localise(html, shown.asked),
        "contents": [part for part in parts if part.anchor and part.title],
        "updated": state.published_at,
        "minutes": state.minutes,
        "outdated": [] if shown.is_fallback else _outdated(state, parts),
        "source": languages.language(item.source_language),
    }


def _outdated(state: TranslationState, parts: list[Part]) -> list[dict[str, Any]]:
    """The outdated parts with the number of the step and an anchor, where the page shows the part."""
    steps = [part.key for part in parts if part.is_step]
    anchors = {part.key: part.anchor for part in parts}
    return [
        {
            "change": part.change,
            "title": part.title,
            "step": steps.index(part.key) + 1 if part.key in steps else 0,
            "anchor": anchors.get(part.key, ""),
        }
        for part in state.outdated_parts
    ]


def _find(slug: str) -> Article | None:
    """The article with its text in the languages that this reader may get, and its titles in all languages."""
    titles = [column("title", code) for code in content_languages()]
    names = ["slug", *(column("name", code) for code in _naming())]
    of_categories = [f"{path}__{name}" for path in PARENTS for name in (*names, "parent")]
    articles = Article.objects.filter(slug=slug).select_related(*PARENTS)
    return articles.reading(written_chain(), *TEXTS, also=[*titles, *of_categories]).first()


def _naming() -> list[str]:
    """Languages for the names of topics: where English is switched off, its name still says more than none."""
    return list(dict.fromkeys([*written_chain(), localization.COMMON]))


def _crumbs(item: Article, order: list[str]) -> list[Crumb]:
    crumbs: list[Crumb] = []
    category: Category | None = item.category
    while category is not None:
        language = next((code for code in order if getattr(category, column("name", code))), "")
        name = getattr(category, column("name", language)) if language else category.slug
        crumbs.append(Crumb(category.slug, name, language))
        category = category.parent if category.parent_id else None
    return crumbs[::-1]


def _neighbours(item: Article) -> tuple[list[ArticleRow], list[ArticleRow]]:
    """Related articles (those that editors chose, else those with a tag in common) and the others of the category
    around the article, in one query."""
    chosen = RelatedArticle.objects.filter(article=item)
    tags = ArticleTag.objects.filter(article=item).values("tag")
    tagged = ArticleTag.objects.filter(tag__in=tags)
    public = Article.objects.rewrite(False).public().published()
    members = public.filter(category=item.category_id)  # on each side enough for the first and for the last of them
    alike = public.filter(pk__in=tagged.values("article")).exclude(pk=item.pk).order_by("slug")
    wanted = (
        Q(pk__in=members.filter(slug__gte=item.slug).order_by("slug").values("pk")[:SIBLINGS])
        | Q(pk__in=members.filter(slug__lt=item.slug).order_by("-slug").values("pk")[:SIBLINGS])
        | Q(pk__in=alike.values("pk")[:RELATED])
        | Q(pk__in=chosen.values("to"))
    )
    place = Subquery(chosen.filter(to=OuterRef("pk")).values("position")[:1])
    articles = public.annotate(place=place, alike=Exists(tagged.filter(article=OuterRef("pk")))).filter(wanted)
    found = list(row_query(articles, written_chain()).order_by("slug"))
    rows = {row.pk: row for row in rows_of(found)}
    others = [member for member in found if member.pk != item.pk and member.pk in rows]
    placed = sorted((member for member in others if member.place is not None), key=lambda member: member.place)
    related = placed or [member for member in others if member.alike]
    siblings = [rows[member.pk] for member in found if member.category_id == item.category_id and member.pk in rows]
    return [rows[member.pk] for member in related[:RELATED]], _around(siblings, item)


def _around(members: list[ArticleRow], item: Article) -> list[ArticleRow]:
    """At most `SIBLINGS` members of a list, with the article itself among them."""
    place = next((i for i, member in enumerate(members) if member.pk == item.pk), 0)
    start = max(0, min(place - SIBLINGS // 2, len(members) - SIBLINGS))
    return members[start : start + SIBLINGS]


def _gone(request: HttpRequest, item: Article) -> HttpResponse:
    """An article that readers could read once, and its successor; one that nobody ever could is simply absent."""
    if not texts_of(item).published:
        raise Http404
    successors = Article.objects.public().published().filter(pk=item.successor_id)
    rows = article_rows(successors, written_chain()) if item.successor_id else []
    context = {"successor": rows[0] if rows else None}
    response = render_page(request, "helpcenter/gone.html", context, status=410)
    response.headers["Cache-Control"] = "no-store"  # a 410 may be kept for ever where nothing forbids it
    return response
