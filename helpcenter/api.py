"""The help centre for programs: the same articles, the same search, the same fallbacks. Public, without a cookie."""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags
from django.utils.translation import get_language, gettext, override
from ninja import Query, Router, Schema

from helpcenter import factbook, tree
from helpcenter.content import markdown
from helpcenter.enums import ArticleKind, Audience
from helpcenter.models import Announcement, Article, SlugRedirect
from helpcenter.search.plan import LONGEST_QUERY
from helpcenter.views import articles as pages
from helpcenter.views import results, search
from helpcenter.views.page_cache import FRESH, edition
from helpcenter.views.pages import Texts, absolute, request_path
from helpcenter.views.rows import AnnouncementRow, ArticleRow, announcement_query, announcement_rows, row_query, rows_of
from helpcenter.views.viewpoint import Viewpoint, region_of
from supportdesk.ui import cursors
from supportdesk.ui.languages import content_languages, is_known
from supportdesk.ui.problems import Problem

router = Router()
MOST_FOUND = 200

Language = Annotated[str, Query(max_length=12, description="Code such as `zh-hans`; empty: from Accept-Language")]
Limit = Annotated[int, Query(ge=1, le=100, description="How many at most")]
Cursor = Annotated[str, Query(max_length=400, description="`next` of the page before; empty for the first")]
Region = Annotated[str, Query(max_length=20, description="Code of a region that has values of its own")]
Kind = Literal["faq", "guide", "troubleshooter", "contract"]
assert set(Kind.__args__) == set(ArticleKind.values)  # type: ignore[attr-defined]  # noqa: S101


class ArticleLine(Schema):
    """`language` is that of title and summary, `is_fallback` where it is not the one that was asked for."""

    slug: str
    kind: Kind
    category: str
    title: str
    summary: str
    language: str
    is_fallback: bool
    updated_at: datetime | None
    url: str


class ArticleText(ArticleLine):
    html: str
    languages: list[str]
    minutes: int
    related: list[str]


class Articles(Schema):
    items: list[ArticleLine]
    next: str | None


class CategoryOut(Schema):
    slug: str
    parent: str | None
    name: str
    description: str
    language: str
    articles: int


class FoundLine(Schema):
    slug: str
    title: str
    excerpt: str
    language: str
    kind: str
    category: str | None
    url: str


class Found(Schema):
    items: list[FoundLine]
    total: int
    stage: str
    corrected: str


class AnnouncementLine(Schema):
    slug: str
    kind: str
    title: str
    summary: str
    language: str
    is_fallback: bool
    published_at: datetime
    starts_at: datetime | None
    ends_at: datetime | None
    url: str


class AnnouncementText(AnnouncementLine):
    html: str
    languages: list[str]


class Announcements(Schema):
    items: list[AnnouncementLine]
    next: str | None


# What all have in common


@contextmanager
def reading(language: str) -> Iterator[str]:
    """Answer in a language, or in that of the request. Raises Problem for one that this site does not know."""
    code = language or get_language() or settings.LANGUAGE_CODE
    if not is_known(code):
        known = ", ".join(code for code, _name in settings.LANGUAGES)
        message = gettext("This is no language of this site. Choose one of: %(codes)s.") % {"codes": known}
        raise Problem("invalid", message, field="language")
    with override(code):
        yield code


def public(view: Callable[..., Any]) -> Callable[..., Any]:
    """The same for everyone, and kept as pages are: until something that readers could see changes. 304 for who has it
    already."""

    @wraps(view)
    def respond(request: HttpRequest, response: HttpResponse, *, language: str = "", **values: Any) -> Any:
        with reading(language) as code:
            address = f"{request.get_full_path()} {code}"
            digest = hashlib.sha256(address.encode(errors="surrogatepass")).hexdigest()[:32]
            etag = f'W/"{edition()}-{digest}"'
            is_at_hand = etag in parse_etags(request.headers.get("If-None-Match", ""))
            answer = HttpResponseNotModified() if is_at_hand else response
            found = answer if is_at_hand else view(request, response, language=code, **values)
            for name, value in {"ETag": etag, "Cache-Control": FRESH, "Content-Language": code}.items():
                answer.headers[name] = value
            return found

    return respond


# Articles


@router.get("articles", response=Articles, url_name="help-articles")
@public
def list_articles(
    request: HttpRequest,
    response: HttpResponse,
    language: Language = "",
    category: Annotated[str, Query(max_length=80, description="Slug; with everything below it")] = "",
    kind: Literal["", "faq", "guide", "troubleshooter", "contract"] = "",
    limit: Limit = 20,
    cursor: Cursor = "",
) -> dict[str, Any]:
    """Public articles by slug, each in the language that was asked for or the next best one."""
    rows = Article.objects.public().published()
    if kind:
        rows = rows.filter(kind=kind)
    if category:
        rows = rows.filter(category__in=_family(category, language))
    found, following = cursors.page(row_query(rows), "slug", cursor, limit, f"articles:{category}:{kind}")
    topics = tree.tree(language)
    return {"items": [_line(row, topics) for row in rows_of(found)], "next": following}


def _family(category: str, language: str) -> list[int]:
    node = tree.tree(language).by_slug.get(category)
    if node is None:
        raise Problem("invalid", gettext("There is no such category."), field="category")
    return [member.pk for member in node.family()]


def _line(row: ArticleRow, topics: tree.Tree) -> dict[str, Any]:
    return {
        "slug": row.slug,
        "kind": row.kind,
        "category": _slug_of(row.category, topics) or "",
        "title": row.title,
        "summary": row.summary,
        "language": row.language,
        "is_fallback": row.is_fallback,
        "updated_at": row.updated,
        "url": absolute(row.path),
    }


def _slug_of(category: int, topics: tree.Tree) -> str | None:
    return topics.by_pk[category].slug if category in topics.by_pk else None


@router.get("articles/{slug:slug}", response=ArticleText, url_name="help-article")
@public
def get_article(
    request: HttpRequest, response: HttpResponse, slug: str, language: Language = "", region: Region = ""
) -> dict[str, Any]:
    """An article as HTML with absolute links; found also under an address that it had before. 410 with its successor
    where it was taken out."""
    item = _article(slug)
    _refuse_gone(item)
    texts = pages.texts_of(item)
    shown = texts.shown_to(language)
    related, _siblings = pages.neighbours(item)
    item = pages.with_text(item, shown.language)
    text = pages.text_of(item, shown, Viewpoint(region=region_of(request)))
    return {
        "slug": item.slug,
        "kind": item.kind,
        "category": _slug_of(item.category_id, tree.tree(language)) or "",
        "title": text["title"],
        "summary": text["summary"],
        "language": shown.language,
        "is_fallback": shown.is_fallback,
        "updated_at": text["updated"],
        "url": absolute(item.path(language)),
        "html": _with_absolute_links(text["html"]),
        "languages": list(texts.published),
        "minutes": text["minutes"],
        "related": [row.slug for row in related],
    }


def _refuse_gone(item: Article) -> None:
    if item.archived_at is not None:
        successors = Article.objects.public().published().filter(pk=item.successor_id)
        successor = successors.values_list("slug", flat=True).first()
        raise Problem("gone", gettext("This article was taken out."), successor=successor)


def _article(slug: str) -> Article:
    """The public article of an address, or of one that it had before. Raises Http404."""
    for name in (slug, _moved(slug)):
        item = pages.find(name) if name else None
        if item is not None and item.audience == Audience.PUBLIC and pages.texts_of(item).found_for() is not None:
            return item
    raise Http404


def _moved(slug: str) -> str | None:
    redirects = SlugRedirect.objects.filter(slug=slug)
    return redirects.values_list("article__slug", flat=True).first()


_TAG = re.compile(r"<[a-z][^<>]*>")
_LINK = re.compile(r'( (?:href|src|srcset)="|, )/(?!/)')


def _with_absolute_links(html: str) -> str:
    """Links and pictures of rendered HTML, for somewhere else."""
    return _TAG.sub(lambda tag: _LINK.sub(rf"\g<1>{settings.SITE_URL}/", tag[0]), html)


@router.get("categories", response=list[CategoryOut], url_name="help-categories")
@public
def list_categories(request: HttpRequest, response: HttpResponse, language: Language = "") -> list[dict[str, Any]]:
    """Categories with anything in them, parents before their children; `articles` counts those below as well."""
    shown = (node for top in tree.tree(language).top for node in top.family() if node.count)
    return [
        {
            "slug": node.slug,
            "parent": node.parent.slug if node.parent else None,
            "name": node.name,
            "description": node.description,
            "language": node.language,
            "articles": node.count,
        }
        for node in shown
    ]


# Search


@router.get("search", response=Found, url_name="help-search")
def find(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=1000, description="At most 200 characters of it are looked for")],
    language: Language = "",
    everywhere: Annotated[bool, Query(alias="all", description="In all languages")] = False,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
    offset: Annotated[int, Query(ge=0, le=MOST_FOUND)] = 0,
) -> dict[str, Any]:
    """The search of the help pages: the best first, in other languages where the own has nothing."""
    asked = " ".join(q.split())
    with reading(language) as code:
        filters = results.Filters(query=asked[:LONGEST_QUERY], everywhere=everywhere)
        answer, topics = search.answer_to(filters, search.written(code)), tree.tree(code)
        lines = results.lines(answer.results[offset : offset + limit], answer, topics)
        search.log(asked, code, answer)
        items = [_shown(line) for line in lines]
    return {"items": items, "total": len(answer.results), "stage": answer.stage, "corrected": answer.corrected}


def _shown(line: results.Found) -> dict[str, Any]:
    return {
        "slug": line.slug,
        "title": line.plain,
        "excerpt": line.excerpt,
        "language": line.language.code,
        "kind": line.kind,
        "category": line.category.slug if line.category else None,
        "url": absolute(line.url),
    }


# Announcements


@router.get("announcements", response=Announcements, url_name="help-announcements")
@public
def list_announcements(
    request: HttpRequest, response: HttpResponse, language: Language = "", limit: Limit = 20, cursor: Cursor = ""
) -> dict[str, Any]:
    """What everybody should know, the newest first."""
    found, following = cursors.page(announcement_query(), "-published_at", cursor, limit, "announcements")
    lines = zip(announcement_rows(found), found, strict=True)
    return {"items": [_news(row, item, language) for row, item in lines], "next": following}


def _news(row: AnnouncementRow, item: Announcement, asked: str) -> dict[str, Any]:
    return {
        "slug": row.slug,
        "kind": item.kind,
        "title": row.title,
        "summary": row.summary,
        "language": row.language,
        "is_fallback": row.language != asked,
        "published_at": row.published_at,
        "starts_at": item.starts_at,
        "ends_at": item.ends_at,
        "url": absolute(f"/{asked}/announcements/{row.slug}/"),
    }


@router.get("announcements/{slug:slug}", response=AnnouncementText, url_name="help-announcement")
@public
def get_announcement(
    request: HttpRequest, response: HttpResponse, slug: str, language: Language = "", region: Region = ""
) -> dict[str, Any]:
    """An announcement as HTML with absolute links."""
    every = list(content_languages())
    found = Announcement.objects.published().written().reading(every, "title", "summary", "html").filter(slug=slug)
    item = found.first()
    if item is None:
        raise Http404
    shown = Texts(tuple(item.languages()), item.source_language).shown_to(language)
    html = factbook.fill(item.text("html", shown.language), shown.language, region=region_of(request))
    html = markdown.localise(html, shown.asked, lambda topic: request_path("", topic))
    row = announcement_rows([item])[0]
    return {**_news(row, item, language), "html": _with_absolute_links(html), "languages": item.languages()}
