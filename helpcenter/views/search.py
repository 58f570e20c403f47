"""Search and suggestions. Results are asked anew each time; every search is logged after the secret guard."""

import re
from collections.abc import Hashable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.crypto import get_random_string
from django.utils.translation import get_language, ngettext
from django.views.decorators.http import require_safe

from helpcenter import freshness, glossary, tree
from helpcenter.actions import counting
from helpcenter.enums import Stage
from helpcenter.models import Article
from helpcenter.search import asking, fallback
from helpcenter.search.backend import SearchUnavailable
from helpcenter.search.plan import LONGEST_QUERY
from helpcenter.search.queries import Answer, Result
from helpcenter.views import lines, pinned
from helpcenter.views import results as shown
from helpcenter.views.page_cache import FRESH
from helpcenter.views.pages import fill_page, leave_language, request_path
from helpcenter.views.rows import article_rows, written_chain
from supportdesk.ui import markup
from supportdesk.ui.languages import content_languages
from supportdesk.ui.pagination import Page, of_pages, page_number, paginate

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
    found = shown.lines(page.items, answer, topics)
    token = log(asked, language, answer)
    if request.GET.get("format") == "json":
        response: HttpResponse = JsonResponse(_as_json(found, page, answer))
    else:
        shape = _shape(filters, answer, page)
        words = {
            **_words(filters, answer, page, found, topics),
            **_above(request, filters, answer, page),
            "token": token,
        }
        query = filters.address(language="")
        response = fill_page(request, "helpcenter/search.html", shape, words, query=query)
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


def _shape(filters: shown.Filters, answer: Answer, page: Page) -> dict[str, Hashable]:
    return {
        "answer.results": bool(answer.results),
        "is_foreign": answer.stage == Stage.OTHER_LANGUAGE,
        "is_degraded": answer.stage == Stage.DATABASE,
        "page.pages": min(page.pages, 2),
    }


def _words(
    filters: shown.Filters, answer: Answer, page: Page, found: list[shown.Found], topics: tree.Tree
) -> dict[str, str]:
    language = get_language() or settings.LANGUAGE_CODE
    is_foreign = answer.stage == Stage.OTHER_LANGUAGE
    heading = ngettext("%(total)s result for “%(query)s”", "%(total)s results for “%(query)s”", page.total)
    choices = shown.choices(filters, answer, topics) if answer.results else {}
    return {
        **of_pages(page),
        "filters.query": filters.query,
        "answer.corrected": answer.corrected,
        "heading": markup.sentence(heading, total=page.total, query=filters.query),
        "write_to": request_path("", query=filters.query),
        "page_query": filters.address()[1:] + "&",
        "lines": lines.found_rows(language, found),
        "choices": lines.choices(language, choices),
        "topics": "" if answer.results else lines.topic_links(language, topics.top, kind="chip"),
        "unfiltered": shown.Filters(filters.query).address(),
        "everywhere": "" if filters.everywhere or is_foreign else filters.address(all="1"),
        "own_only": replace(filters, everywhere=False, language=written(language)).address()
        if filters.everywhere
        else "",
    }


def _above(request: HttpRequest, filters: shown.Filters, answer: Answer, page: Page) -> dict[str, str]:
    """What few searches have above their results: texts that are pinned, and the word that the question consists of."""
    language = get_language() or settings.LANGUAGE_CODE
    pins = pinned.of_answer(answer) if page.number == 1 else []
    word = glossary.answer(filters.query, language) if page.number == 1 else None

    def part(name: str, **context: Any) -> str:
        return render_to_string(f"helpcenter/parts/{name}.html", context, request) if any(context.values()) else ""

    return {"pinned": part("pinned", pinned=pins), "word": part("glossary_answer", word=word)}


def _as_json(found: list[shown.Found], page: Page, answer: Answer) -> dict[str, Any]:
    rows = [
        {
            "slug": line.slug,
            "title": line.plain,
            "language": line.language.code,
            "type": line.kind,
            "url": line.url,
            "excerpt": line.excerpt,
        }
        for line in found
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
