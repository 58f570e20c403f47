"""Who is there: presence, languages, certificates, and how much each has in work."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch

from tickets.enums import Level, Presence
from tickets.models import Agent, AgentCertificate, AgentLanguage, Topic
from tickets.workspace.display import badge, span, staff_name

LAPSES_SOON = timedelta(days=14)
MOST_SHOWN = 60
TONES = {Presence.AVAILABLE: "ok", Presence.AWAY: "warn", Presence.OFFLINE: ""}


@dataclass(frozen=True)
class Certificate:
    """`until` is set where it lapses soon."""

    name: str
    until: datetime | None = None


@dataclass(frozen=True)
class Language:
    badge: str
    code: str
    level: str


@dataclass(frozen=True)
class Member:
    """An agent; `load` of `capacity` are in work, `tone` is a class of the style sheet."""

    pk: int
    name: str
    presence: str
    presence_tone: str
    reason: str
    since: str
    languages: list[Language]
    certificates: list[Certificate]
    load: int
    capacity: int

    @property
    def shown_load(self) -> int:
        """What the bar shows: never more than all of it."""
        return min(self.load, self.capacity)

    @property
    def tone(self) -> str:
        if self.load >= self.capacity:
            return "bad"
        return "warn" if self.load * 5 >= self.capacity * 4 else "ok"


@dataclass(frozen=True)
class Team:
    """`members` are the first `MOST_SHOWN`, those who are available first; the counts are of all."""

    members: list[Member]
    available: int
    away: int
    all: int

    @property
    def more(self) -> int:
        return self.all - len(self.members)


def team(loads: Mapping[int, int], now: datetime) -> Team:
    """Everybody of the desk, with loads by the number of the person."""
    agents = list(_agents(now))
    there = Counter(agent.presence for agent in agents)
    order = list(Presence)
    agents.sort(key=lambda agent: (order.index(Presence(agent.presence)), staff_name(agent.person).lower(), agent.pk))
    names = Topic.objects.named_by_certificate()
    members = [_member(agent, loads.get(agent.person_id, 0), names, now) for agent in agents[:MOST_SHOWN]]
    return Team(members, there[Presence.AVAILABLE], there[Presence.AWAY], len(agents))


def _agents(now: datetime) -> Iterable[Agent]:
    return (
        Agent.objects.filter(person__is_active=True, person__is_staff=True)
        .select_related("person")
        .prefetch_related(
            Prefetch("languages", AgentLanguage.objects.order_by("pk")),
            Prefetch("certificates", AgentCertificate.objects.valid(now).order_by("skill", "language", "pk")),
        )
    )


def _member(agent: Agent, load: int, names: Mapping[str, str], now: datetime) -> Member:
    presence = Presence(agent.presence)
    return Member(
        pk=agent.person_id,
        name=staff_name(agent.person),
        presence=str(presence.label),
        presence_tone=TONES[presence],
        reason=agent.presence_reason,
        since=span(now - agent.presence_since),
        languages=[
            Language(badge(row.language), row.language, str(Level(row.level).label)) for row in _by_level(agent)
        ],
        certificates=[_certificate(row, names, now) for row in agent.certificates.all()],
        load=load,
        capacity=agent.capacity,
    )


def _by_level(agent: Agent) -> list[AgentLanguage]:
    order = list(Level)
    return sorted(agent.languages.all(), key=lambda row: order.index(Level(row.level)))


def _certificate(row: AgentCertificate, names: Mapping[str, str], now: datetime) -> Certificate:
    about = names.get(row.skill, row.skill)
    name = f"{about} {badge(row.language)}" if row.language else about
    lapses = row.ends_at is not None and row.ends_at < now + LAPSES_SOON
    return Certificate(name, row.ends_at if lapses else None)
