"""What is going to change for readers, and what is due, day by day."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import Truncator

from helpcenter.models import Announcement, Article, ContentTask, FactValue, TranslationState
from helpcenter.models.article import published_columns

MOST_INSIDE = 30  # entries that one entry names


class Kind(StrEnum):
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    ANNOUNCED = "announced"
    BEGINS = "begins"
    ENDS = "ends"
    FACT = "fact"
    FACTS = "facts"
    CHECK = "check"
    TASK = "task"


@dataclass(frozen=True)
class Entry:
    """Something on a day; `at` is its moment (UTC) where it has one. `address` leads to where it is changed. One that
    stands for several has their number in `count`, and the first of them `inside`."""

    day: date
    kind: Kind
    what: str
    address: str
    at: datetime | None = None
    language: str = ""
    count: int = 1
    inside: tuple["Entry", ...] = ()

    @property
    def more(self) -> int:
        """How many are not inside."""
        return self.count - len(self.inside)

    @property
    def order(self) -> tuple[date, datetime, str]:
        """By moment; what belongs to the whole day comes first."""
        return (self.day, self.at or datetime.min.replace(tzinfo=UTC), self.what)


def entries(begin: date, end: date) -> list[Entry]:
    """Everything from a day to before another, in its order."""
    found = [*_schedules(begin, end), *_announcements(begin, end), *_facts(begin, end), *_duties(begin, end)]
    return sorted(found, key=lambda entry: entry.order)


def _moments(begin: date, end: date) -> tuple[datetime, datetime]:
    first = datetime(begin.year, begin.month, begin.day, tzinfo=UTC)
    return first, first + timedelta(days=(end - begin).days)


def _schedules(begin: date, end: date) -> Iterator[Entry]:
    window = _moments(begin, end)
    hidden = [f"article__{name}" for name in published_columns()]
    planned = Q(publish_at__range=window) | Q(unpublish_at__range=window)
    for state in TranslationState.objects.filter(planned).select_related("article").defer(*hidden):
        address = f"{_change('article', state.article_id)}?language={state.language}"
        for kind, at in ((Kind.PUBLISH, state.publish_at), (Kind.UNPUBLISH, state.unpublish_at)):
            if at is not None and window[0] <= at < window[1]:
                yield Entry(at.date(), kind, state.article.slug, address, at, state.language)


def _announcements(begin: date, end: date) -> Iterator[Entry]:
    window = _moments(begin, end)
    near = Q(published_at__range=window) | Q(starts_at__range=window) | Q(ends_at__range=window)
    kinds = (Kind.ANNOUNCED, Kind.BEGINS, Kind.ENDS)
    rows = Announcement.objects.filter(near).values_list("pk", "slug", "published_at", "starts_at", "ends_at")
    for pk, slug, *moments in rows:
        for kind, at in zip(kinds, moments, strict=True):
            if at is not None and window[0] <= at < window[1]:
                yield Entry(at.date(), kind, slug, _change("announcement", pk), at)


def _facts(begin: date, end: date) -> Iterator[Entry]:
    """One entry for each kind of fact that changes on a day, however many facts of it do; of the kinds that change for
    one fact alone, one for each subject: a new contract is one line."""
    first, last = _moments(begin, end)
    values = FactValue.objects.filter(effective_from__gte=first, effective_from__lt=last)
    ordered = values.select_related("fact__kind", "region").order_by("effective_from", "fact__subject", "pk")
    kinds = _grouped(ordered, lambda value: value.fact.kind_id)
    yield from (_of_kind(changes) for changes in kinds if len(changes) > 1)
    alone = [changes[0] for changes in kinds if len(changes) == 1]
    for changes in _grouped(alone, lambda value: value.fact.subject):
        yield _value(changes[0]) if len(changes) == 1 else _of_subject(changes)


def _grouped(values: Iterable[FactValue], name: Callable[[FactValue], Any]) -> list[list[FactValue]]:
    """The values of each day that have something in common."""
    found: dict[tuple[date, Any], list[FactValue]] = defaultdict(list)
    for value in values:
        found[value.effective_from.date(), name(value)].append(value)
    return list(found.values())


def _value(value: FactValue) -> Entry:
    what = f"{value.fact} = {value.value}" + (f" ({value.region.code})" if value.region else "")
    address = _change("fact", value.fact_id)
    return Entry(value.effective_from.date(), Kind.FACT, what, address, value.effective_from)


def _of_kind(changes: list[FactValue]) -> Entry:
    kind = changes[0].fact.kind
    return _several(kind.name or kind.slug, {"kind__id__exact": kind.pk}, changes)


def _of_subject(changes: list[FactValue]) -> Entry:
    subject = changes[0].fact.subject
    return _several(subject, {"q": subject}, changes)


def _several(what: str, filters: dict[str, Any], changes: list[FactValue]) -> Entry:
    at = changes[0].effective_from
    address = f"{reverse('admin:helpcenter_fact_changelist')}?{urlencode(filters)}"
    inside = tuple(_value(value) for value in changes[:MOST_INSIDE])
    return Entry(at.date(), Kind.FACTS, what, address, at, count=len(changes), inside=inside)


def _duties(begin: date, end: date) -> Iterator[Entry]:
    due = Article.objects.filter(review_by__gte=begin, review_by__lt=end, archived_at__isnull=True)
    for pk, slug, day in due.values_list("pk", "slug", "review_by"):
        if day is not None:
            yield Entry(day, Kind.CHECK, slug, _change("article", pk))
    tasks = ContentTask.objects.open().filter(due_on__gte=begin, due_on__lt=end)
    for pk, query, note, due_on in tasks.values_list("pk", "query", "note", "due_on"):
        if due_on is not None:
            yield Entry(due_on, Kind.TASK, query or Truncator(note).chars(60), _change("contenttask", pk))


def _change(model: str, pk: Any) -> str:
    return reverse(f"admin:helpcenter_{model}_change", args=[pk])
