"""Articles by languages: what is translated, what is not, and what to do first."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf

from helpcenter import localization, tree
from helpcenter.enums import EventKind, Significance
from helpcenter.localization import Cell, Progress, SourceChange, SourceText, TextFacts
from helpcenter.models import Article, ContentEvent, PictureUse, ReadCount, TranslationState
from supportdesk.ui.languages import column, content_languages

READS_OF = timedelta(days=30)
LONGEST_SEARCH = 100
NO_ALTERNATIVE = "![]("  # a picture without words for those who do not see it
ORDERS = ("priority", "slug", "oldest")
TRANSLATORS_TURN = frozenset(
    one for one, weight in localization.NEED.items() if weight > localization.NEED[Progress.WAITING]
)


@dataclass(frozen=True)
class Asked:
    """What a person wants to see; empty is everything. `topic` is the slug of a category and stands for all below it;
    `progress` is a `localization.Progress`. With `language` a row counts by its cell there alone, and only where that
    is not up to date (unless `progress` asks for it). `assignee` is the number of the person whose work is wanted.
    Titles are in the language `shown_in`, or the next best."""

    topic: str = ""
    kind: str = ""
    progress: str = ""
    language: str = ""
    search: str = ""
    assignee: int | None = None
    order: str = ORDERS[0]
    shown_in: str = "en"


@dataclass
class Row:
    """An article; `cells` are in the order of the matrix's languages, `reads` those of 30 days in all languages. Its
    title, in `language`, is empty where nothing is public."""

    pk: int
    slug: str
    title: str
    language: str
    kind: str
    source_language: str
    reads: int
    cells: list[Cell] = field(default_factory=list)

    @property
    def priority(self) -> int:
        return localization.priority(self.reads, self.cells)

    @property
    def oldest(self) -> int:
        """Days since the first change of the source that a translation has not followed; -1 where all have."""
        return max((one.days for one in self.cells if one.days is not None), default=-1)


@dataclass(frozen=True)
class Column:
    """A language, and how many of the articles have a text in it that is public and up to date."""

    code: str
    done: int
    total: int

    @property
    def percent(self) -> int:
        return localization.percent(self.done, self.total)


@dataclass(frozen=True)
class Matrix:
    columns: list[Column]
    rows: list[Row]


def matrix(asked: Asked, now: datetime) -> Matrix:
    """All rows that are asked for, in their order; coverage is that of the articles of the topic, kind and search. At
    most six questions to the database, however many articles there are."""
    articles = _articles(asked)
    codes = content_languages()
    rows = [Row(*values) for values in _described(articles, asked, now)]
    facts = _facts(articles)
    changes = _changes(articles)
    for row in rows:
        row.cells = _cells(row, codes, facts.get(row.pk, {}), changes.get(row.pk, []), now)
    wanted = [row for row in rows if _is_wanted(row, asked, codes)]
    return Matrix(_columns(articles, len(rows)), _ordered(wanted, asked.order))


def waiting_in(found: Matrix, person: Any, language: str) -> list[Row]:
    """What a translator can do in a language, their own work first, then by reads times need: articles whose text there
    is missing or older than the source, drafts, and what came back from a review; without what is somebody else's work.
    Rows have that one cell."""
    place = [one.code for one in found.columns].index(language)
    rows = [replace(row, cells=[row.cells[place]]) for row in found.rows]
    todo = [row for row in rows if _is_turn_of(person, row.cells[0])]
    return sorted(todo, key=lambda row: (row.cells[0].assignee_id is None, -row.priority, row.slug))


def _is_turn_of(person: Any, cell: Cell) -> bool:
    return cell.progress in TRANSLATORS_TURN and cell.assignee_id in (None, person.pk)


def picture_faults(articles: Iterable[int]) -> dict[tuple[int, str], bool]:
    """(article, language) of the public texts in which a picture has no words beside it, or is a file of another
    language; True where words are missing."""
    elsewhere = PictureUse.objects.filter(article=OuterRef("article"), language=OuterRef("language")).exclude(
        file__language=OuterRef("language")
    )
    states = TranslationState.objects.published().filter(article__in=list(articles))
    marked = states.annotate(
        is_mute=Case(
            When(published__body__contains=NO_ALTERNATIVE, then=True), default=False, output_field=BooleanField()
        ),
        is_foreign=Exists(elsewhere),
    )
    found = marked.filter(Q(is_mute=True) | Q(is_foreign=True)).values_list("article", "language", "is_mute")
    return {(article, language): is_mute for article, language, is_mute in found}


def _articles(asked: Asked) -> QuerySet[Article]:
    articles = Article.objects.rewrite(False).filter(archived_at__isnull=True)
    if asked.topic:
        node = tree.tree(asked.shown_in).by_slug.get(asked.topic)
        articles = articles.filter(category__in=[one.pk for one in node.family()] if node else [])
    if asked.kind:
        articles = articles.filter(kind=asked.kind)
    if asked.search:
        articles = articles.filter(_named(asked.search[:LONGEST_SEARCH]))
    return articles.order_by("slug")


def _named(words: str) -> Q:
    found = Q(slug__icontains=words)
    for code in content_languages():
        found |= Q(**{f"{column('title', code)}__icontains": words})
    return found


def _described(articles: QuerySet[Article], asked: Asked, now: datetime) -> Iterable[tuple[Any, ...]]:
    """The values of rows: titles in the person's language, else in the next that has one."""
    order = [
        code
        for code in dict.fromkeys([asked.shown_in, localization.COMMON, *content_languages()])
        if code in content_languages()
    ]
    titles = [NullIf(F(column("title", code)), Value(""), output_field=CharField()) for code in order]
    written = [When(**{f"{column('title', code)}__gt": ""}, then=Value(code)) for code in order]
    counts = ReadCount.objects.filter(article=OuterRef("pk"), hour__gte=now - READS_OF).order_by()
    sums = counts.values("article").annotate(sum=Sum("count")).values("sum")
    reads = Coalesce(Subquery(sums, output_field=IntegerField()), 0)
    described = articles.annotate(shown=Coalesce(*titles, Value(""), output_field=CharField()), read=reads)
    described = described.annotate(shown_in=Case(*written, default=Value(""), output_field=CharField()))
    return described.values_list("pk", "slug", "shown", "shown_in", "kind", "source_language", "read")


STATE_FIELDS = (
    "article", "language", "latest", "published", "published__based_on", "standing", "publish_at", "unpublish_at",
    "published_at", "ready", "assignee", "assignee__name", "assignee__email",
)  # fmt: skip


DIFFERS = Case(
    When(differing=[], then=False), When(compared=F("latest"), then=True), default=False, output_field=BooleanField()
)


class _StateRow(NamedTuple):
    """`STATE_FIELDS` of a text, and how it stands to its source."""

    article: int
    language: str
    latest: int | None
    public: int | None
    based_on: int | None
    standing: str
    publish_at: datetime | None
    unpublish_at: datetime | None
    published_at: datetime | None
    ready: int | None
    assignee: int | None
    assignee_name: str | None
    assignee_email: str | None
    is_outdated: bool
    is_differing: bool


@dataclass(frozen=True, slots=True)
class _Stored:
    text: TextFacts
    as_source: SourceText


def _facts(articles: QuerySet[Article]) -> dict[int, dict[str, _Stored]]:
    """Article -> language -> what is stored of it."""
    is_outdated = Case(When(outdated=[], then=False), default=True, output_field=BooleanField())
    states = TranslationState.objects.filter(article__in=articles.order_by().values("pk"))
    found: dict[int, dict[str, _Stored]] = defaultdict(dict)
    marked = states.annotate(is_outdated=is_outdated, is_differing=DIFFERS)
    for values in marked.values_list(*STATE_FIELDS, "is_outdated", "is_differing").iterator():
        row = _StateRow(*values)
        found[row.article][row.language] = _stored(row)
    return found


def _stored(row: _StateRow) -> _Stored:
    is_scheduled = row.publish_at is not None or row.unpublish_at is not None
    facts = TextFacts(
        row.latest,
        row.public,
        row.based_on,
        row.standing,
        row.is_outdated,
        is_scheduled,
        row.assignee_name or row.assignee_email or "",
        row.assignee,
        row.is_differing,
    )
    return _Stored(facts, SourceText(row.public, row.ready, row.published_at))


def _changes(articles: QuerySet[Article]) -> dict[int, list[SourceChange]]:
    """Publications of the sources that a translation is behind, oldest first."""
    behind = TranslationState.objects.outdated().filter(article__in=articles.order_by().values("pk"))
    events = ContentEvent.objects.filter(
        kind=EventKind.PUBLISHED, article__in=behind.values("article"), language=F("article__source_language")
    )
    found: dict[int, list[SourceChange]] = defaultdict(list)
    rows = events.order_by("at", "pk").values_list("article", "revision", "at", "revision__significance")
    for article, revision, at, significance in rows:
        if article is not None and revision is not None:
            found[article].append(SourceChange(revision, at, significance == Significance.MAJOR))
    return found


def _cells(
    row: Row, codes: Sequence[str], stored: dict[str, _Stored], changes: list[SourceChange], now: datetime
) -> list[Cell]:
    nothing = _Stored(TextFacts(), SourceText())
    source = replace(stored.get(row.source_language, nothing).as_source, changes=changes)
    texts = [(code, stored.get(code, nothing).text) for code in codes]
    return [localization.cell(text, source, is_source=code == row.source_language, now=now) for code, text in texts]


def _is_wanted(row: Row, asked: Asked, codes: Sequence[str]) -> bool:
    """Whether a row has a cell of the kind that is asked for."""
    looked_at = row.cells
    if asked.language:
        looked_at = [one for code, one in zip(codes, row.cells, strict=True) if code == asked.language]
        looked_at = [one for one in looked_at if asked.progress or not one.is_done]
    if asked.progress:
        looked_at = [one for one in looked_at if one.progress == asked.progress]
    if asked.assignee is not None:
        looked_at = [one for one in looked_at if one.assignee_id == asked.assignee]
    return bool(looked_at)


def _ordered(rows: Collection[Row], order: str) -> list[Row]:
    """Rows come by slug, which decides between equals."""
    keys: dict[str, Callable[[Row], int]] = {"priority": attrgetter("priority"), "oldest": attrgetter("oldest")}
    return sorted(rows, key=keys[order], reverse=True) if order in keys else list(rows)


def _columns(articles: QuerySet[Article], total: int) -> list[Column]:
    public = TranslationState.objects.published().filter(outdated=[], article__in=articles.order_by().values("pk"))
    public = public.exclude(pk__in=TranslationState.objects.differing().filter(latest=F("published")).values("pk"))
    done = dict(public.values_list("language").annotate(n=Count("pk")).order_by())
    return [Column(code, done.get(code, 0), total) for code in content_languages()]
