"""What the pages of incidents show: which tickets may belong, the answer by language, who would get it, who got it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from supportdesk.accounts.models import User
from supportdesk.ui.languages import language
from supportdesk.ui.pagination import Page, paginate
from tickets import similarity
from tickets.actions import bulk_delivering, bulk_planning, bulk_sending, joining
from tickets.bulk_plan import Verdict
from tickets.enums import IncidentState, Membership, Omission, RecipientState, SendState
from tickets.models import BulkSend, Incident, IncidentAnswer, IncidentTicket, Ticket
from tickets.workspace.display import badge, span, topic_name
from tickets.workspace.forms import languages
from tickets.workspace.incident_forms import words_by_language

ON_A_PAGE, MOST_HELD, GOT_ON_A_PAGE = 25, 20, 50
LOOK, CERTAIN, INSIDE, OUT = "look", "certain", "in", "out"

TONES = {
    IncidentState.OPEN: "warn",
    IncidentState.MONITORING: "info",
    IncidentState.CLOSED: "mute",
}


@dataclass(frozen=True)
class Tab:
    """One of the lists of tickets on the page."""

    key: str
    label: str
    count: int
    is_current: bool


@dataclass(frozen=True)
class Chip:
    words: str
    is_against: bool


@dataclass(frozen=True)
class Candidate:
    """A ticket beside an incident, with why; `is_ticked` where it is certain enough to be proposed."""

    member: IncidentTicket
    ticket: Ticket
    percent: int
    tone: str
    badge: str
    chips: tuple[Chip, ...]
    is_ticked: bool


@dataclass(frozen=True)
class Text:
    """The answer in one language, as the table shows it; `people` have it as theirs now."""

    language: str
    answer: IncidentAnswer | None
    people: int
    tone: str
    state: str

    @property
    def name(self) -> str:
        """The language in its own words, which keep their direction inside of a sentence."""
        return format_html("<bdi>{}</bdi>", language(self.language).name)


@dataclass(frozen=True)
class Stage:
    number: int
    label: str | Promise
    is_done: bool
    is_current: bool


def overview(at: datetime) -> list[tuple[Incident, str]]:
    """All incidents, running ones first, each with how many tickets it has and how many wait for a look."""
    linked = Count("members", filter=Q(members__state=Membership.LINKED))
    waiting = Count("members", filter=Q(members__state=Membership.CANDIDATE))
    rows = Incident.objects.select_related("lead").annotate(linked=linked, waiting=waiting)
    return [(one, TONES[IncidentState(one.state)]) for one in rows.order_by("closed_at", "-opened_at")[:100]]


# Candidates


def tabs(incident: Incident, current: str) -> list[Tab]:
    members = incident.members
    counts = members.aggregate(
        look=Count("pk", filter=Q(state=Membership.CANDIDATE, score__lt=similarity.THRESHOLD)),
        certain=Count("pk", filter=Q(state=Membership.CANDIDATE, score__gte=similarity.THRESHOLD)),
        inside=Count("pk", filter=Q(state=Membership.LINKED)),
        out=Count("pk", filter=Q(state=Membership.TAKEN_OUT)),
    )
    return [
        Tab(CERTAIN, gettext("Certain"), counts["certain"], current == CERTAIN),
        Tab(LOOK, gettext("To look at"), counts["look"], current == LOOK),
        Tab(INSIDE, gettext("In the incident"), counts["inside"], current == INSIDE),
        Tab(OUT, gettext("Taken out"), counts["out"], current == OUT),
    ]


def tab_of(incident: Incident, wanted: str) -> str:
    """The list that is asked for; else the first that needs somebody."""
    if wanted in (LOOK, CERTAIN, INSIDE, OUT):
        return wanted
    candidates = incident.members.candidates()
    if candidates.filter(score__gte=similarity.THRESHOLD).exists():
        return CERTAIN
    return LOOK if candidates.exists() else INSIDE


def candidates(incident: Incident, tab: str, number: int) -> tuple[Page, list[Candidate]]:
    rows = incident.members.select_related("ticket").best_first()
    narrowed = {
        LOOK: rows.candidates().filter(score__lt=similarity.THRESHOLD),
        CERTAIN: rows.candidates().filter(score__gte=similarity.THRESHOLD),
        INSIDE: rows.linked(),
        OUT: rows.filter(state=Membership.TAKEN_OUT),
    }[tab]
    page = paginate(narrowed, number, ON_A_PAGE)
    return page, [_candidate(member, incident) for member in page.items]


def _candidate(member: IncidentTicket, incident: Incident) -> Candidate:
    is_certain = member.score >= similarity.THRESHOLD
    tone = "ok" if is_certain else "warn" if member.score >= 0.4 else "mute"
    return Candidate(
        member=member,
        ticket=member.ticket,
        percent=min(99, int(member.score * 100)),
        tone=tone if member.score else "mute",
        badge=badge(member.ticket.language) or "?",
        chips=tuple(_chip(code, words, is_against) for code, words, is_against in member.evidence),
        is_ticked=member.state == Membership.CANDIDATE and is_certain,
    )


_EVIDENCE: dict[str, str | Promise] = {
    "network": _("network %(words)s"),
    "coin": _("coin %(words)s"),
    "channel": _("%(words)s"),
    "place": _("%(words)s"),
    "code": _("code %(words)s"),
    "version": _("%(words)s"),
    "figure": _("%(words)s %%"),
    "minute": _("minute %(words)s"),
    "words": _("words: %(words)s"),
    "keyword": _("“%(words)s” in the text"),
    "asking": _("asks, or is over: %(words)s"),
    "cause": _("a cause of its own: %(words)s"),
    "letters": _("%(words)s like another one of it"),
}


def _chip(code: str, words: str, is_against: bool) -> Chip:
    if code == "sent":
        time = f"{datetime.fromtimestamp(int(words), UTC):%H:%M}"
        early = gettext("sent %(time)s UTC, before it began") % {"time": time}
        return Chip(early if is_against else gettext("sent %(time)s UTC") % {"time": time}, is_against)
    shown = words.upper() if code in ("network", "coin") else words
    return Chip(str(_EVIDENCE.get(code, "%(words)s")) % {"words": shown}, is_against)


# The answer


def texts(incident: Incident, found: Sequence[Verdict]) -> list[Text]:
    """The languages that somebody has written in, and those that people of the incident need, the most needed first."""
    people = Counter(one.for_language or one.language for one in found if _counts(one))
    answers = {answer.language: answer for answer in incident.answers.filter(version=incident.version)}
    codes = sorted({*people, *answers} - {""}, key=lambda code: (-people[code], code))
    return [_text(code, answers.get(code), people[code]) for code in codes]


def _counts(one: Verdict) -> bool:
    return one.omission in (None, Omission.NO_TEXT)


def _text(code: str, answer: IncidentAnswer | None, people: int) -> Text:
    if answer is None:
        return Text(code, None, people, "bad", gettext("Missing"))
    if not answer.is_approved:
        return Text(code, answer, people, "warn", gettext("Waits for approval"))
    if answer.is_machine:
        return Text(code, answer, people, "mt", gettext("Machine, approved"))
    return Text(code, answer, people, "ok", gettext("Approved"))


def held(incident: Incident, found: Sequence[Verdict]) -> list[tuple[Ticket, Verdict, str]]:
    """Tickets whose language a person has to decide on, each with the reason."""
    doubtful = {one.ticket: one for one in found if one.omission in (Omission.NO_LANGUAGE, Omission.OTHER_LANGUAGE)}
    rows = Ticket.objects.filter(pk__in=list(doubtful)).order_by("pk")[:MOST_HELD]
    return [(row, one, str(one.omission.label)) for row in rows if (one := doubtful[row.pk]).omission is not None]


# The sending


@dataclass(frozen=True)
class Sending:
    """A dry run or a sending, as the page shows it."""

    send: BulkSend
    getting: int
    omitted: tuple[tuple[str, int], ...]
    stays_open: int
    sample: tuple[tuple[Ticket, bool], ...]
    left_to_open: int
    approved_by: tuple[str, ...]
    needs: int
    seconds_left: int
    sent: int
    queued: int
    failed: int

    @property
    def unopened(self) -> list[Ticket]:
        """The tickets whose messages are still to be opened before anything is sent."""
        return [ticket for ticket, is_open in self.sample if not is_open]

    @property
    def counted_down(self) -> str:
        """The seconds in which it can be taken back, where the script finds them."""
        return format_html("<span data-left>{}</span>", self.seconds_left)


def sending(incident: Incident, at: datetime) -> Sending | None:
    """The last one of the present version."""
    send = incident.sends.filter(version=incident.version).order_by("-pk").first()
    return _sending(send, at) if send is not None else None


def _sending(send: BulkSend, at: datetime) -> Sending:
    opened = set(send.opened.values_list("ticket_id", flat=True))
    sample = Ticket.objects.in_bulk(send.sample)
    states = Counter(dict(send.recipients.order_by().values_list("state").annotate(number=Count("pk"))))
    omitted = sorted(send.counts.get("omitted", {}).items(), key=lambda pair: -pair[1])
    left = (send.starts_at - at).total_seconds() if send.starts_at else 0
    return Sending(
        send=send,
        getting=send.counts.get("getting", 0),
        omitted=tuple((str(Omission(reason).label), count) for reason, count in omitted),
        stays_open=send.counts.get("stays_open", 0),
        sample=tuple((sample[pk], pk in opened) for pk in send.sample if pk in sample),
        left_to_open=len(set(send.sample) - opened),
        approved_by=tuple(str(one.person) for one in send.approvals.select_related("person").order_by("pk")),
        needs=bulk_sending.approvals_needed(send),
        seconds_left=max(0, int(left)),
        sent=states[RecipientState.SENT],
        queued=states[RecipientState.QUEUED],
        failed=states[RecipientState.FAILED],
    )


def stages(incident: Incident, found: Sequence[Verdict], shown: Sending | None) -> list[Stage]:
    """The five steps, done or next."""
    labels = (_("Candidates"), _("Answer"), _("Dry run"), _("Send"), _("Late joiners"))
    state = shown.send.state if shown else ""
    done = [
        bool(found),
        any(one.omission is None or one.omission == Omission.ANSWERED for one in found),
        state in (SendState.PLANNED, SendState.SENDING, SendState.DONE),
        state == SendState.DONE,
        not incident.is_running,
    ]
    current = next((number for number, is_done in enumerate(done) if not is_done), len(done) - 1)
    return [Stage(n + 1, label, done[n], n == current) for n, label in enumerate(labels)]


def late(incident: Incident) -> int:
    return incident.members.linked().filter(is_late=True).count()


@dataclass(frozen=True)
class Joining:
    """What leads look at before new requests join an incident that was described anew; `needs` people have to, and
    `seen` says which description they saw."""

    seen: str
    needs: int
    approved_by: tuple[str, ...]
    topics: tuple[str, ...]
    words: str


def joining_held(incident: Incident) -> Joining | None:
    """None where new requests do not wait for anybody to look again."""
    if incident.described_at is None or not joining.is_held(incident):
        return None
    people = User.objects.filter(pk__in=joining.approvers(incident)).order_by("pk")
    return Joining(
        seen=incident.described_at.isoformat(),
        needs=joining.approvers_needed(incident),
        approved_by=tuple(str(person) for person in people),
        topics=tuple(topic_name(topic) for topic in incident.topics.all()),
        words=words_by_language(incident.keywords),
    )


def whole(incident: Incident, tab: str, number: int) -> dict[str, Any]:
    """Everything on the page of an incident."""
    now = timezone.now()
    found = bulk_planning.verdicts(incident) if incident.is_running else []
    shown = sending(incident, now)
    current = tab_of(incident, tab)
    page, rows = candidates(incident, current, number)
    written = texts(incident, found)
    missing = [text for text in written if text.answer is None]
    return {
        "incident": incident,
        "tone": TONES[IncidentState(incident.state)],
        "tabs": tabs(incident, current),
        "tab": current,
        "page": page,
        "rows": rows,
        "texts": written,
        "missing": missing,
        "waiting": sum(text.people for text in missing),
        "held": held(incident, found),
        "sending": shown,
        "stages": stages(incident, found, shown),
        "late": late(incident),
        "joining": joining_held(incident),
        "languages_of_site": languages(),
        "report_lines": report_lines(incident.report),
        "has_gone_out": bulk_delivering.has_gone_out(incident),
    }


# The report


@dataclass(frozen=True)
class Line:
    """One line of the report; `language` is empty for all together."""

    language: str
    tickets: int
    answered: int
    came_back: int
    half: str
    most: str


def report_lines(report: dict[str, Any]) -> list[Line]:
    if not report:
        return []
    return [_line("", report), *(_line(code, figures) for code, figures in report["by_language"].items())]


def _line(code: str, figures: dict[str, Any]) -> Line:
    waits = [figures["delay_p50_s"], figures["delay_p90_s"]]
    half, most = ("–" if seconds is None else span(timedelta(seconds=seconds)) for seconds in waits)
    return Line(code, figures["tickets"], figures["answered"], figures["came_back"], half, most)


# Who got it


def got(incident: Incident) -> Any:
    """The lines of the ledger, the newest first."""
    rows = incident.recipients.select_related("ticket", "send__sent_by").filter(
        state__in=(RecipientState.SENT, RecipientState.SKIPPED, RecipientState.FAILED, RecipientState.QUEUED)
    )
    return rows.order_by("-version", "-sent_at", "-pk")


def got_lines(incident: Incident) -> Iterable[list[str]]:
    """The same as a table of text; times are UTC."""
    yield ["ticket", "version", "state", "reason", "language", "instead_of", "sent_at_utc", "late"]
    for row in got(incident).iterator(chunk_size=500):
        sent = f"{row.sent_at:%Y-%m-%d %H:%M:%S}" if row.sent_at else ""
        state = [row.ticket.reference, str(row.version), row.state, row.reason, row.language, row.for_language]
        yield [*state, sent, "yes" if row.is_late else "no"]
