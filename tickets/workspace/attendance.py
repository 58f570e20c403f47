"""Who is there: the switch in the header, and what an agent holds, writes and may answer about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.http import url_has_allowed_host_and_scheme

from supportdesk.ui import languages
from supportdesk.ui.prepared import Prepared
from tickets.enums import Level, Presence
from tickets.models import Agent, AgentCertificate, Topic
from tickets.roster import Roster
from tickets.workspace.doors import DeskRequest

TONES = {Presence.AVAILABLE: "ok", Presence.AWAY: "warn", Presence.OFFLINE: ""}


@dataclass(frozen=True)
class Switch:
    """The presence as the header shows it; `back` is where the switch leads to afterwards."""

    value: str
    label: str
    reason: str
    tone: str
    back: str


# A form whose address, opened anew, leads to the form with what was written; others lead to one's own page.
FORMS = frozenset({"workspace:write"})


def shown(request: DeskRequest, agent: Any, back: str | None = None) -> Switch:
    """The presence of who looks at a page; `agent` is their row where the page has it already, `back` the page where
    the switch stands if it is not this one."""
    person = request.access.user
    if isinstance(agent, Agent) and agent.person_id == person.pk:
        known = {"presence": agent.presence, "presence_reason": agent.presence_reason}
    else:
        known = next(iter(_presence(person=person.pk)), {"presence": Agent().presence, "presence_reason": ""})
    presence = Presence(known["presence"])
    back = _page(request) if back is None else back
    return Switch(presence.value, str(presence.label), known["presence_reason"], TONES[presence], back)


def _page(request: DeskRequest) -> str:
    match = request.resolver_match
    stays = request.method == "GET" or (match is not None and match.view_name in FORMS)
    return request.get_full_path() if stays else ""


@Prepared
def _presence(*, person: int) -> Any:
    return Agent.objects.filter(person=person).values("presence", "presence_reason")


def is_page_of_desk(address: str) -> bool:
    return address.startswith("/desk/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)


@dataclass(frozen=True)
class Language:
    name: str
    level: str


@dataclass(frozen=True)
class Certificate:
    about: str
    language: str
    until: datetime | None
    is_valid: bool


@dataclass(frozen=True)
class Standing:
    """An agent's load and skills: how many tickets of how many, languages, certificates."""

    load: int
    capacity: int
    languages: Sequence[Language]
    certificates: Sequence[Certificate]

    @property
    def is_full(self) -> bool:
        return self.load >= self.capacity


def standing_of(agent: Agent, now: datetime) -> Standing:
    states = Roster.at(now, only=agent.pk, with_absent=True).states
    names = Topic.objects.named_by_certificate()
    return Standing(
        load=states[0].load if states else 0,
        capacity=agent.capacity,
        languages=[
            Language(_name(row.language), str(Level(row.level).label)) for row in agent.languages.order_by("pk")
        ],
        certificates=[_certificate(row, names, now) for row in agent.certificates.order_by("skill", "language")],
    )


def _certificate(row: AgentCertificate, names: Mapping[str, str], now: datetime) -> Certificate:
    about = names.get(row.skill, row.skill)
    is_valid = row.issued_at <= now and (row.ends_at is None or now < row.ends_at)
    return Certificate(about, _name(row.language) if row.language else "", row.ends_at, is_valid)


def _name(code: str) -> str:
    return str(languages.language(code).name) if languages.is_known(code) else code
