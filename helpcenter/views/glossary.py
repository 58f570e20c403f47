"""The words of the field: by letter, or by subject where a language has no letters; narrowed by what a reader types."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from helpcenter import freshness
from helpcenter import glossary as words
from helpcenter.content import letters
from helpcenter.enums import Subject
from helpcenter.glossary import Entry
from helpcenter.models import Article, TermUse
from helpcenter.views.page_cache import public_page
from helpcenter.views.pages import leave_language, render_page
from helpcenter.views.rows import ArticleRow, article_rows, written_chain

MOST_ARTICLES = 3  # below a word
LONGEST_PIECE = 60


@dataclass(frozen=True)
class Line:
    """A word with the articles that explain or use it."""

    entry: Entry
    articles: list[ArticleRow]


@dataclass(frozen=True)
class Group:
    """Words under one letter or of one subject; `anchor` names the group within the page."""

    anchor: str
    title: str | Promise
    lines: list[Line]


def glossary(request: HttpRequest) -> HttpResponse:
    """The whole list is kept as all public pages are; a list that somebody narrowed is made for them alone."""
    return _narrowed(request) if _piece(request) else _whole(request)


@public_page("off")
def _whole(request: HttpRequest) -> HttpResponse:
    return _page(request, "", words.entries(_language()))


@require_safe
def _narrowed(request: HttpRequest) -> HttpResponse:
    language, piece = _language(), _piece(request)
    if not freshness.current().is_public(language):
        return leave_language(request, language)
    found = [entry for entry in words.entries(language) if entry.holds(words.same(piece))]
    response = _page(request, piece, found)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _page(request: HttpRequest, piece: str, entries: list[Entry]) -> HttpResponse:
    context = {"piece": piece, "groups": _groups(_lines(entries), _language()), "count": len(entries)}
    query = f"?{urlencode({'q': piece})}" if piece else ""
    return render_page(request, "helpcenter/glossary.html", context, query=query)


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _piece(request: HttpRequest) -> str:
    return " ".join(request.GET.get("q", "").replace("\0", " ").split())[:LONGEST_PIECE]


def _groups(lines: Iterable[Line], language: str) -> list[Group]:
    """The groups that hold something, in the order in which the language's readers look for them."""
    if language in letters.WITHOUT_LETTERS:
        return _by_subject(lines)
    found: dict[str, list[Line]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: letters.order(line.entry.term, language)):
        found[letters.letter(line.entry.term, language)].append(line)
    return [Group(f"letter_{number}", letter, own) for number, (letter, own) in enumerate(found.items(), 1)]


def _by_subject(lines: Iterable[Line]) -> list[Group]:
    found: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.entry.subject].append(line)
    return [Group(f"subject_{subject.value}", subject.label, found[subject]) for subject in Subject if found[subject]]


def _lines(entries: list[Entry]) -> list[Line]:
    """The words with their articles, in two queries; the article that explains a word stands first."""
    place = Window(
        RowNumber(), partition_by=[F("term")], order_by=[F("article__is_promoted").desc(), F("article__slug")]
    )
    public = Article.objects.public().published()
    uses = TermUse.objects.filter(language=written_chain()[0], article__in=public).annotate(place=place)
    wanted: dict[int, list[int]] = {entry.pk: [entry.article] if entry.article else [] for entry in entries}
    for term, article in uses.filter(place__lte=MOST_ARTICLES).order_by("place").values_list("term_id", "article_id"):
        if term in wanted and article not in wanted[term]:
            wanted[term].append(article)
    numbers = {number for numbers in wanted.values() for number in numbers[:MOST_ARTICLES]}
    rows = {row.pk: row for row in article_rows(public.filter(pk__in=numbers))} if numbers else {}
    return [Line(entry, [rows[n] for n in wanted[entry.pk][:MOST_ARTICLES] if n in rows]) for entry in entries]
