"""How fast people were answered, as the page asks for it: a period, a split, and filters."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tickets.enums import Channel
from tickets.models import SpeedDay, Topic
from tickets.speed import Measure, Timing, summary
from tickets.workspace.display import language_named, percent, span, topic_name
from tickets.workspace.forms import ANY, languages

DAYS = 28
MOST_DAYS = 366
CALM, SURGE = "calm", "surge"
TONES = ((0.9, "ok"), (0.75, "warn"), (0.0, "bad"))  # of promises kept
SPLITS: list[tuple[str, str | Promise]] = [
    ("topic", _("Topic")),
    ("language", _("Language")),
    ("channel", _("Channel")),
    ("hour", _("Hour (UTC)")),
    ("state", _("Calm or surge")),
    ("day", _("Day")),
]
STATES: list[tuple[str, str | Promise]] = [(CALM, pgettext_lazy("traffic", "Calm")), (SURGE, _("Surge"))]
MEASURES: dict[Measure, str | Promise] = {
    Measure.FIRST: _("First reply"),
    Measure.OWN: _("First individual reply"),
    Measure.NEXT: _("Next reply"),
    Measure.SOLVED: _("Time to solve"),
}


class SpeedForm(forms.Form):
    """A value that makes no sense is left out, never an error page; a period is at most a year."""

    first = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    by = forms.ChoiceField(label=_("By"), choices=SPLITS, required=False)
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False, choices=lambda: [ANY, *languages()])
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=[ANY, *Channel.choices])
    state = forms.ChoiceField(label=_("Calm or surge"), required=False, choices=[ANY, *STATES])

    def __init__(self, *args: Any, topics: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = [ANY, *((str(pk), name) for pk, name in topics.items())]  # type: ignore[attr-defined]

    def asked(self, today: date) -> "Asked":
        self.is_valid()
        found = self.cleaned_data
        last = min(found.get("last") or today, today)
        first = min(found.get("first") or last - timedelta(days=DAYS - 1), last)
        return Asked(
            first=max(first, last - timedelta(days=MOST_DAYS - 1)),
            last=last,
            by=found.get("by") or "topic",
            topic=int(found["topic"]) if found.get("topic") else None,
            language=found.get("language") or "",
            channel=found.get("channel") or "",
            state=found.get("state") or "",
        )


@dataclass(frozen=True)
class Asked:
    """Days are UTC, both included; an empty filter means all."""

    first: date
    last: date
    by: str
    topic: int | None = None
    language: str = ""
    channel: str = ""
    state: str = ""


@dataclass(frozen=True)
class Line:
    """One line of the table; timings in the order of `MEASURES`."""

    label: str
    timings: list[Timing]

    @property
    def shown(self) -> list["Shown"]:
        return [Shown.of(timing) for timing in self.timings]


@dataclass(frozen=True)
class Shown:
    """A timing in words; `tone` is a class of the style sheet."""

    count: int
    median: str
    slow: str
    kept: str
    tone: str

    @classmethod
    def of(cls, timing: Timing) -> "Shown":
        if timing.median is None or timing.slow is None or timing.attainment is None:
            return cls(0, "", "", "", "")
        median, slow = (span(timedelta(minutes=minutes)) for minutes in (timing.median, timing.slow))
        tone = "mute" if timing.is_few else next(tone for least, tone in TONES if timing.attainment >= least)
        return cls(timing.count, median, slow, percent(timing.attainment), tone)


class _Count(NamedTuple):
    """A few answers of one place: how many promises were kept, and how long they took."""

    key: Any
    measure: Measure
    kept: int
    durations: dict[int, int]


def topics() -> dict[int, str]:
    return {topic.pk: topic_name(topic) for topic in Topic.objects.order_by("order", "pk")}


def table(asked: Asked, names: dict[int, str]) -> list[Line]:
    """What is asked for, each line by its name, and all together at the end."""
    counts = list(_counts(asked))
    lines = _lines(counts, asked.by, names)
    return [*lines, _line(gettext("All"), counts)] if counts else []


def _lines(counts: Iterable[_Count], by: str, names: dict[int, str]) -> list[Line]:
    parts: dict[Any, list[_Count]] = defaultdict(list)
    for count in counts:
        parts[count.key].append(count)
    order = list(names) if by == "topic" else sorted(parts)
    return [_line(_label(key, by, names), parts[key]) for key in order if key in parts]


def _line(label: str, counts: Iterable[_Count]) -> Line:
    kept: Counter[Measure] = Counter()
    durations: dict[Measure, Counter[int]] = {measure: Counter() for measure in MEASURES}
    for count in counts:
        kept[count.measure] += count.kept
        durations[count.measure].update(count.durations)
    return Line(label, [summary(durations[measure], kept[measure]) for measure in MEASURES])


def _counts(asked: Asked) -> Iterator[_Count]:
    for row in _rows(asked):
        for hour, (kept, durations) in row.hours.items():
            found = {int(minutes): often for minutes, often in durations.items()}
            yield _Count(_key(row, int(hour), asked.by), Measure(row.measure), kept, found)


def _rows(asked: Asked) -> Iterable[SpeedDay]:
    rows = SpeedDay.objects.between(asked.first, asked.last)
    wanted = {"topic": asked.topic, "language": asked.language, "channel": asked.channel}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    return rows.filter(is_surge=asked.state == SURGE) if asked.state else rows


def _key(row: SpeedDay, hour: int, by: str) -> Any:
    if by == "hour":
        return hour
    if by == "state":
        return SURGE if row.is_surge else CALM
    return row.topic_id if by == "topic" else getattr(row, by)


def _label(key: Any, by: str, names: dict[int, str]) -> str:
    if by == "topic":
        return names[key]
    if by == "language":
        return language_named(key)
    if by == "hour":
        return f"{key:02d}:00"
    words: dict[str, dict[str, Any]] = {"channel": dict(Channel.choices), "state": dict(STATES)}
    return str(words[by].get(key, key)) if by in words else f"{key:%Y-%m-%d}"


def columns(asked: Asked) -> list[str]:
    """The head of the file; times are minutes."""
    figures = ("count", "median_min", "p90_min", "attainment")
    return [asked.by, *(f"{measure.value}_{figure}" for measure in MEASURES for figure in figures)]


def cells(line: Line) -> list[Any]:
    """A line of the file."""
    found: list[Any] = [line.label]
    for timing in line.timings:
        share = "" if timing.attainment is None else round(timing.attainment, 4)
        found += [timing.count, timing.median or "", timing.slow or "", share]
    return found
