"""An article, in the reader's language or the next best one."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.signing import Signer
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from helpcenter import freshness, localization
from helpcenter.content import markdown
from helpcenter.enums import Audience, FeedbackReason
from helpcenter.localization import Shown
from helpcenter.models import Article, ArticleTag, Category, RelatedArticle, TranslationState
from helpcenter.outline import Part, load
from helpcenter.views.pages import public_page, render_page
from helpcenter.views.rows import ArticleRow, article_rows, row_query, rows_of, written_chain
from supportdesk.ui import languages
from supportdesk.ui.build import build_id
from supportdesk.ui.languages import column

SIBLINGS = 12
MOST_NEIGHBOURS = 80
RELATED = 5
PARENTS = ("category", "category__parent", "category__parent__parent")
signer = Signer(salt="helpcenter.feedback")


@dataclass(frozen=True)
class Crumb:
    """A category on the way to the article, named in `language`."""

    slug: str
    name: str
    language: str


@public_page("off")
def article(request: HttpRequest, slug: str) -> HttpResponse:
    found = _find(slug)
    if found is None:
        raise Http404
    item, states = found
    if item.audience != Audience.PUBLIC:
        return _for_agents(request, item, states)
    if item.archived_at is not None:
        return _gone(request, item)
    return _page(request, item, states)


@never_cache
def _for_agents(request: HttpRequest, item: Article, states: dict[str, TranslationState]) -> HttpResponse:
    """An article for agents does not exist for anybody else."""
    if not Article.objects.visible_to(request.user).filter(pk=item.pk).exists() or item.archived_at is not None:
        raise Http404
    response = _page(request, item, states)
    response.private = True  # type: ignore[attr-defined]  # read by `public_page`
    return response


def _page(request: HttpRequest, item: Article, states: dict[str, TranslationState]) -> HttpResponse:
    language = get_language() or settings.LANGUAGE_CODE
    order = localization.chain(language, freshness.current().fallbacks, item.source_language)
    shown = localization.choose(language, order, states.keys())
    if shown is None:
        raise Http404
    if shown.language not in written_chain():
        item = _reading(item.slug, [shown.language]).get()
    related, siblings = _neighbours(item)
    context = {
        "article": item,
        "text": _text(item, states[shown.language], shown),
        "crumbs": _crumbs(item, written_chain()),
        "siblings": siblings,
        "related": related,
        "reasons": FeedbackReason.choices,
        "stamp": signer.sign(f"{item.pk}:{shown.language}:{build_id()}"),
    }
    instead = shown.language if shown.is_fallback else None
    return render_page(request, "helpcenter/article.html", context, published=set(states), instead=instead)


def _text(item: Article, state: TranslationState, shown: Shown) -> dict[str, Any]:
    """What is shown of the article: its words in the language that it was found in."""
    parts = load(item.published_text("outline", shown.language) or None)
    return {
        "language": languages.language(shown.language),
        "is_fallback": shown.is_fallback,
        "title": item.published_text("title", shown.language),
        "summary": item.published_text("summary", shown.language),
        "html": markdown.localise(item.published_text("html", shown.language), shown.asked),
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


def _find(slug: str) -> tuple[Article, dict[str, TranslationState]] | None:
    """The article with its text in the languages that this reader may get, and its published states."""
    item = _reading(slug, written_chain()).first()
    if item is None:
        return None
    states = TranslationState.objects.of(item).published().defer("latest", "published")
    return item, {state.language: state for state in states}


def _reading(slug: str, order: list[str]) -> Any:
    names = ["slug", *(column("name", code) for code in written_chain())]
    of_categories = [f"{path}__{name}" for path in PARENTS for name in (*names, "parent")]
    texts = Article.objects.filter(slug=slug).select_related(*PARENTS)
    return texts.reading(order, "title", "summary", "html", "outline", also=of_categories)


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
    """Related articles (those that editors chose, else those with a tag in common) and the others of the category."""
    chosen = RelatedArticle.objects.filter(article=item, to=OuterRef("pk")).values("position")[:1]
    tags = ArticleTag.objects.filter(article=item).values("tag")
    found = list(
        row_query(Article.objects.public().published(), written_chain())
        .annotate(place=Subquery(chosen), alike=Exists(ArticleTag.objects.filter(article=OuterRef("pk"), tag__in=tags)))
        .filter(Q(place__isnull=False) | Q(alike=True) | Q(category_id=item.category_id))
        .order_by(F("place").asc(nulls_last=True), "-alike", "slug")[:MOST_NEIGHBOURS]
    )
    rows = {row.pk: row for row in rows_of(found, written_chain())}
    others = [member for member in found if member.pk in rows and member.pk != item.pk]
    related = [m for m in others if m.place is not None] or [m for m in others if m.alike]
    siblings = sorted((m for m in found if m.category_id == item.category_id and m.pk in rows), key=lambda m: m.slug)
    return [rows[m.pk] for m in related[:RELATED]], [rows[m.pk] for m in _around(siblings, item)]


def _around(members: list[Article], item: Article) -> list[Article]:
    """At most `SIBLINGS` members of a list, with the article itself among them."""
    place = next((i for i, member in enumerate(members) if member.pk == item.pk), 0)
    start = max(0, min(place - SIBLINGS // 2, len(members) - SIBLINGS))
    return members[start : start + SIBLINGS]


def _gone(request: HttpRequest, item: Article) -> HttpResponse:
    successor = None
    if item.successor_id:
        rows = article_rows(Article.objects.public().published().filter(pk=item.successor_id), written_chain())
        successor = rows[0] if rows else None
    return render_page(request, "helpcenter/gone.html", {"successor": successor}, status=410)
