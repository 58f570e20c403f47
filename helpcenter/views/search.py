"""Search and suggestions. Results are asked anew each time; every search is logged after the secret guard."""

import re
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import get_random_string
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from helpcenter import freshness, glossary, tree
from helpcenter.actions import counting
from helpcenter.enums import Stage
from helpcenter.models import Article
from helpcenter.search import asking, fallback
from helpcenter.search.backend import SearchUnavailable
from helpcenter.search.plan import LONGEST_QUERY
from helpcenter.search.queries import Answer, Result
from helpcenter.views import pinned
from helpcenter.views import results as shown
from helpcenter.views.keeping import FRESH
from helpcenter.views.pages import leave_language, render_page, request_path
from helpcenter.views.rows import article_rows, written_chain
from supportdesk.ui.languages import content_languages
from supportdesk.ui.pagination import Page, page_number, paginate

PAGE = 10
SUGGESTIONS = 6
SYLLABLES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # as in help.js


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    language = get_language() or settings.LANGUAGE_CODE
    if not freshness.current().is_public(language):
        return leave_language(request, language)
    asked = _asked(request)
    filters = shown.Filters.of(request, asked[:LONGEST_QUERY])
    answer, topics = answer_to(filters, written(language)), tree.tree(language)
    page = paginate(filters.narrow(answer.results, topics), page_number(request), PAGE)
    lines = shown.lines(page.items, answer, topics)
    token = log(asked, language, answer)
    if request.GET.get("format") == "json":
        response: HttpResponse = JsonResponse(_as_json(lines, page, answer))
    else:
        context = _context(filters, answer, page, lines, topics) | {"token": token}
        response = render_page(request, "helpcenter/search.html", context, query=filters.address(language=""))
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """At most six titles for a question that is being typed. Not logged."""
    language = get_language() or settings.LANGUAGE_CODE
    try:
        results = asking.suggest(_begun(_asked(request)[:LONGEST_QUERY]), written(language), SUGGESTIONS)
    except SearchUnavailable:
        results = []
    response = JsonResponse({"results": _suggestions(results, language)})
    response.headers["Cache-Control"] = FRESH
    return response


def _asked(request: HttpRequest) -> str:
    """The question, whole: the secret guard does not know half a secret."""
    return " ".join(request.GET.get("q", "").replace("\0", " ").split())


def _begun(question: str) -> str:
    """The question up to the last word that says something: three letters, or two characters of Han, kana or hangul."""
    words = question.split()
    while words and len(words[-1]) < (2 if SYLLABLES.search(words[-1]) else 3):
        words.pop()
    return " ".join(words)


def written(language: str) -> str:
    """The language to search in: a language of the interface alone has no texts of its own."""
    return language if language in content_languages() else written_chain()[0]


def answer_to(filters: shown.Filters, language: str) -> Answer:
    everywhere = filters.everywhere or bool(filters.language and filters.language != language)
    try:
        return asking.ask(filters.query, language, everywhere=everywhere)
    except SearchUnavailable:
        found = fallback.ask(filters.query, language)
        return found if found.results else asking.ask_elsewhere(filters.query, language)


def log(query: str, language: str, answer: Answer) -> str:
    token = get_random_string(16)
    if query:
        hits = len(answer.results)
        counting.log_search(token=token, query=query, language=language, hits=hits, stage=answer.stage)
    return token


def _context(
    filters: shown.Filters, answer: Answer, page: Page, lines: list[shown.Found], topics: tree.Tree
) -> dict[str, Any]:
    language = get_language() or settings.LANGUAGE_CODE
    is_foreign = answer.stage == Stage.OTHER_LANGUAGE
    return {
        "filters": filters,
        "answer": answer,
        "word": glossary.answer(filters.query, language) if page.number == 1 else None,
        "pinned": pinned.of_answer(answer) if page.number == 1 else [],
        "page": page,
        "write_to": request_path("", query=filters.query),
        "page_query": filters.address()[1:] + "&",
        "lines": lines,
        "choices": shown.choices(filters, answer.results, topics) if answer.results else {},
        "topics": topics.top,
        "is_foreign": is_foreign,
        "is_degraded": answer.stage == Stage.DATABASE,
        "everywhere": "" if filters.everywhere or is_foreign else filters.address(all="1"),
        "own_only": replace(filters, everywhere=False, language="").address() if filters.everywhere else "",
    }


def _as_json(lines: list[shown.Found], page: Page, answer: Answer) -> dict[str, Any]:
    rows = [
        {
            "slug": line.slug,
            "title": line.plain,
            "language": line.language.code,
            "type": line.kind,
            "url": line.url,
            "excerpt": line.excerpt,
        }
        for line in lines
    ]
    above = pinned.of_answer(answer) if page.number == 1 else []
    return {
        "pinned": [{"title": one.title, "url": one.path, "why": str(one.why)} for one in above],
        "results": rows,
        "total": page.total,
        "stage": answer.stage,
        "corrected": answer.corrected,
    }


def _suggestions(results: list[Result], language: str) -> list[dict[str, str]]:
    topics = tree.tree(language)
    articles = Article.objects.public().published().filter(pk__in=[result.article for result in results])
    rows = {row.pk: row for row in article_rows(articles)}
    found = [(result, rows[result.article]) for result in results if result.article in rows]
    return [
        {
            "title": row.title,
            "url": row.path,
            "category": topics.by_pk[result.category].name if result.category in topics.by_pk else "",
        }
        for result, row in found
    ]
