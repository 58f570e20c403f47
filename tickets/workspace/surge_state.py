"""The state of the desk in words and numbers: scores against their thresholds, and the notice as readers get it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext

from helpcenter.content.markdown import render
from supportdesk.ui import languages
from supportdesk.ui.languages import Language, column, content_languages
from tickets.actions import alerting
from tickets.arrivals import TOTAL
from tickets.models import MarketSignal, SurgeState, SurgeText, SurgeTransition, Topic
from tickets.surge import MOST, RECENT, State, Track
from tickets.workspace import measures

MOST_STREAMS, MOST_ROWS = 12, 20
TONES = {State.NORMAL: "ok", State.WATCH: "warn", State.SURGE: "bad", State.RECOVERY: "info"}


@dataclass(frozen=True)
class Gauge:
    """A stream with its score. `recent` and `usual` are requests of about the last half hour, None while it does not
    alarm."""

    name: str
    score: float
    bar: float
    is_alarming: bool
    recent: float | None
    usual: float | None

    @property
    def declares(self) -> float:
        """Above this score for some minutes, a surge is declared by itself."""
        return 2 * self.bar

    @property
    def most(self) -> float:
        return MOST * self.bar


@dataclass(frozen=True)
class Preview:
    """The notice in a language; `title` is empty where readers get it in English."""

    language: Language
    title: str
    html: str
    acknowledgement: str


def gauges(row: SurgeState, names: dict[str, str]) -> list[Gauge]:
    """The streams with a score, the nearest to their threshold first."""
    tracks = row.memory.get("detector", {}).get("tracks", {})
    found = [_gauge(stream, track, names) for stream, track in tracks.items() if track["bar"]]
    found.sort(key=lambda gauge: (not gauge.is_alarming, -gauge.score / gauge.bar))
    return found[:MOST_STREAMS]


def _gauge(stream: str, track: dict[str, Any], names: dict[str, str]) -> Gauge:
    alarms = track["since"] is not None
    lately = (track["recent"], track["usual"]) if alarms else (None, None)
    return Gauge(name_of(stream, names), *Track(**track).reached(), alarms, *lately)


def topic_names() -> dict[str, str]:
    return {topic.key: str(topic) for topic in Topic.objects.all()}


def named(streams: Iterable[str], topics: dict[str, str]) -> list[str]:
    """Streams in words: all requests first, then topics, which say what it is about, then languages."""
    ranks = {"topic": 1, "language": 2}
    ordered = sorted(streams, key=lambda stream: 0 if stream == TOTAL else ranks.get(stream.partition(":")[0], 3))
    return [name_of(stream, topics) for stream in ordered]


def name_of(stream: str, topics: dict[str, str]) -> str:
    """A stream in words."""
    if stream == TOTAL:
        return gettext("All requests")
    kind, _, key = stream.partition(":")
    if kind == "language":
        return languages.language(key).name if languages.is_known(key) else key
    return topics.get(key, key)


def previews(text: SurgeText | None) -> list[Preview]:
    """The notice in every language of the site."""
    return [_preview(text, code) for code in content_languages()] if text else []


def _preview(text: SurgeText, code: str) -> Preview:
    band = alerting.band_texts(text).get(code)
    html = render(band.body, language=code, title=band.title).html if band else ""
    own = getattr(text, column("acknowledgement", code)) or ""
    return Preview(languages.language(code), band.title if band else "", html, own)


def shown(row: SurgeState) -> dict[str, Any]:
    """What the page of the state shows."""
    names = topic_names()
    text = alerting.text_for(row.streams)
    steps = SurgeTransition.objects.select_related("by")[:MOST_ROWS]
    ruled, tried_on = measures.rules(row)
    return {
        "row": row,
        "tone": TONES[State(row.state)],
        "streams": named(row.streams, names),
        "gauges": gauges(row, names),
        "minutes": round(RECENT),
        "steps": [(step, named(step.streams, names)) for step in steps],
        "signals": MarketSignal.objects.select_related("source")[:MOST_ROWS],
        "text": text,
        "previews": previews(text),
        "missing": [languages.language(code) for code in alerting.missing_languages(text)] if text else [],
        "may": POSSIBLE[State(row.state)],
        "may_open_incident": State(row.state) != State.NORMAL,
        "places": measures.places(row, names),
        "ruled": ruled,
        "tried_on": tried_on,
    }


NOTICED = timedelta(minutes=10)  # before a watch begins, customers have been writing for a while


def as_incident(row: SurgeState) -> dict[str, Any]:
    """The first words of the form for an incident that is opened from a surge: its topics, its languages, its
    beginning. Empty while all is calm."""
    if State(row.state) == State.NORMAL:
        return {}
    kinds = [stream.partition(":") for stream in row.streams]
    spoken = [key for kind, _, key in kinds if kind == "language" and languages.is_known(key)]
    topics = topic_names()
    usual = gettext("More requests than usual")
    names = ", ".join(named(row.streams, topics)) or usual
    about = ", ".join(named(_of_something(row.streams, topics), topics)) or usual
    began = SurgeTransition.objects.filter(came_from=State.NORMAL).order_by("-at", "-pk").first()
    return {
        "title": about[:120],
        "started_at": (began.at if began else row.since) - NOTICED,
        "topics": list(Topic.objects.filter(key__in=[key for kind, _, key in kinds if kind == "topic"])),
        "reference_language": spoken[0] if spoken else "en",
        "keywords": "\n".join(f"{code}: " for code in spoken),
        "description": gettext("Opened from a surge. Streams that brought it here: %(names)s") % {"names": names},
    }


def _of_something(streams: Iterable[str], topics: dict[str, str]) -> list[str]:
    """The streams that say what an incident is about in words of people: topics that are there, languages of the
    site."""
    pairs = {stream: stream.partition(":") for stream in streams if stream != TOTAL}
    return [
        stream
        for stream, (kind, _, key) in pairs.items()
        if (languages.is_known(key) if kind == "language" else key in topics)
    ]


# What a lead may do in each state, as names of actions.
POSSIBLE = {
    State.NORMAL: (),
    State.WATCH: ("confirm", "dismiss"),
    State.SURGE: ("end",),
    State.RECOVERY: ("confirm", "end"),
}
