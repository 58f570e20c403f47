"""An article, in the reader's language or the next best one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.signing import Signer
from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache

from helpcenter import localization
from helpcenter.content import markdown
from helpcenter.enums import Audience, FeedbackReason
from helpcenter.localization import Shown
from helpcenter.models import Article, ArticleTag, Category, RelatedArticle, TranslationState
from helpcenter.outline import Part, load
from helpcenter.views.keeping import public_page
from helpcenter.views.pages import Texts, render_page, request_path
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


@public_page("off")
def article(request: HttpRequest, slug: str) -> HttpResponse:
    return respond(request, slug, whole_page)


def respond(request: HttpRequest, slug: str, draw: Callable[[HttpRequest, Article], HttpResponse]) -> HttpResponse:
    """The page of an article as `draw` makes it, for those who may read it; where it is gone, or in another place, the
    way from there."""
    item = _find(slug)
    if item is None or item.audience != Audience.PUBLIC:
        return _for_agents(request, slug, item, draw)
    return _at_its_place(request, item, draw) if item.archived_at is None else _gone(request, item)


def _at_its_place(request: HttpRequest, item: Article, draw: Callable[..., HttpResponse]) -> HttpResponse:
    """The page, or the way to it: the address follows the kind, which an editor may change, and change back."""
    path = item.path(get_language() or settings.LANGUAGE_CODE)
    if request.path_info == path:
        return draw(request, item)
    texts_of(item).shown_to()  # what nobody can read has no other place
    query = request.GET.urlencode()
    response = HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
    response.headers["Cache-Control"] = "no-cache"
    return response


@never_cache
def _for_agents(
    request: HttpRequest, slug: str, item: Article | None, draw: Callable[..., HttpResponse]
) -> HttpResponse:
    """An article for agents does not exist for anybody else: it takes the same way as one that is really absent, with
    the same questions to the database. Who brings no session is nobody we know, and the answer need not vary by it."""
    known = settings.SESSION_COOKIE_NAME in request.COOKIES
    may_read = known and Article.objects.visible_to(request.user).filter(slug=slug).exists()
    if item is None or not may_read or item.archived_at is not None:
        raise Http404
    response = _at_its_place(request, item, draw)
    response.private = True  # type: ignore[attr-defined]  # read by `public_page`
    return response


def whole_page(request: HttpRequest, item: Article) -> HttpResponse:
    """The whole text on one page."""
    texts = texts_of(item)
    shown = texts.shown_to()
    related, siblings = neighbours(item)
    context = {
        "article": item,
        "text": text_of(state_of(item, shown.language), shown),
        "crumbs": crumbs_of(item, naming()),
        "siblings": siblings,
        "related": related,
        "reasons": FeedbackReason.choices,
        "stamp": stamp(item, shown.language),
    }
    return render_page(request, "helpcenter/article.html", context, texts=texts)


def texts_of(item: Article) -> Texts:
    """Where the article is published; its titles in all languages have to be loaded."""
    return Texts([code for code in content_languages() if item.is_published_in(code)], item.source_language)


def stamp(item: Article, language: str) -> str:
    """What proves later that a form or a read came from this article's page in this language."""
    return signer.sign(f"{item.pk}:{language}:{build_id()}")


def state_of(item: Article, language: str) -> TranslationState:
    """The public state of the language that is shown, with the article's text, which `_find` has loaded for the
    languages of the chain only. Raises Http404 where the text was unpublished in this very moment."""
    states = TranslationState.objects.of(item).published().filter(language=language)
    own = ("language", "published_at", "minutes", "outdated")
    if language not in written_chain():
        texts = [f"article__{column(name, language)}" for name in TEXTS]
        identity = [f"article__{name}" for name in ("slug", "kind", "source_language")]
        return get_object_or_404(states.select_related("article").only(*own, *identity, *texts))
    state: TranslationState = get_object_or_404(states.only(*own))
    state.article = item
    return state


def text_of(state: TranslationState, shown: Shown) -> dict[str, Any]:
    """What is shown of the article: its words in the language that it was found in."""
    item, language = state.article, shown.language
    parts = load(item.published_text("outline", language) or None)
    return {
        "language": languages.language(language),
        "is_fallback": shown.is_fallback,
        "title": item.published_text("title", language),
        "summary": item.published_text("summary", language),
        "html": markdown.localise(
            item.published_text("html", language), shown.asked, lambda topic: request_path(item.slug, topic)
        ),
        "contents": [part for part in parts if part.anchor and part.title],
        "updated": state.published_at,
        "minutes": state.minutes,
        "outdated": [] if shown.is_fallback else _outdated(state, parts),
        "source": languages.language(item.source_language),
        "source_path": item.path(item.source_language),
    }


def _outdated(state: TranslationState, parts: list[Part]) -> list[dict[str, Any]]:
    """The outdated parts with the number of the step and an anchor, where the page shows the part."""
    steps = [part.key for part in parts if part.is_step]
    anchors = {part.key: part.anchor for part in parts}
    return [
        {
            "key": part.key,
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
    names = ["slug", *(column("name", code) for code in naming())]
    of_categories = [f"{path}__{name}" for path in PARENTS for name in (*names, "parent")]
    articles = Article.objects.filter(slug=slug).select_related(*PARENTS)
    return articles.reading(written_chain(), *TEXTS, also=[*titles, *of_categories]).first()


def naming() -> list[str]:
    """Languages for the names of topics: where English is switched off, its name still says more than none."""
    return list(dict.fromkeys([*written_chain(), localization.COMMON]))


def crumbs_of(item: Article, order: list[str]) -> list[Crumb]:
    crumbs: list[Crumb] = []
    category: Category | None = item.category
    while category is not None:
        language = next((code for code in order if getattr(category, column("name", code))), "")
        name = getattr(category, column("name", language)) if language else category.slug
        crumbs.append(Crumb(category.slug, name, language))
        category = category.parent if category.parent_id else None
    return crumbs[::-1]


def neighbours(item: Article) -> tuple[list[ArticleRow], list[ArticleRow]]:
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
