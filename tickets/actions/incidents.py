"""Incidents: opened by a lead, by hand or from a surge; which tickets are about them; closed with a report."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext

from supportdesk import guard
from tickets import similarity
from tickets.access import Access
from tickets.actions import bulk_delivering, guarding, incident_report, incident_texts, joining, pinning
from tickets.actions.change import changing, require_lead, require_staff
from tickets.actions.comparing import likeness, profile_of, texts_of
from tickets.enums import EventKind, IncidentKind, IncidentState, Membership, Role, SendState
from tickets.errors import InvalidInput, TransitionNotAllowed
from tickets.models import BulkSend, Incident, IncidentTicket, Ticket, TicketEvent, Topic

BEFORE = timedelta(hours=1)  # tickets from this long before it began are looked at too: customers notice first
OVERLAP = timedelta(minutes=10)  # looked at again: another process may have committed an older ticket later
MOST = 1000  # tickets of one look
MOST_AT_ONCE = 5  # incidents that are opened under one title at the same moment
MOST_WORDS, LONGEST_WORD = 40, 60  # keywords per language, characters per keyword


def open_incident(
    title: str,
    *,
    by: Any,
    started_at: datetime,
    kind: IncidentKind = IncidentKind.DEGRADED,
    topics: Iterable[Topic] = (),
    description: str = "",
    reference: str = "",
    reference_language: str = "",
    keywords: Mapping[str, Iterable[str]] | None = None,
) -> Incident:
    """Open an incident and look for its tickets. `started_at` (UTC) is when it began for customers; `reference` is what
    one of them wrote about it. Raises PermissionDenied, InvalidInput."""
    require_lead(by)
    if started_at > timezone.now():
        raise InvalidInput(gettext("An incident begins now or before. Correct the time."), "started_at")
    with transaction.atomic():
        incident = Incident(kind=kind, started_at=started_at, opened_by=by, lead=by)
        _describe(incident, title, description, reference, reference_language, keywords or {})
        _save_with_slug(incident)
        incident.topics.set(topics)
    find_candidates(incident)
    return incident


def _describe(
    incident: Incident,
    title: str,
    description: str,
    reference: str,
    reference_language: str,
    keywords: Mapping[str, Iterable[str]],
) -> None:
    incident.title = guarding.line(title, door="incident", longest=120, field="title")[0]
    incident.description = guard.clean(description.strip(), door="incident").text
    incident.reference = guard.clean(reference.strip(), door="incident").text[: guarding.LONGEST_BODY]
    incident.reference_language = reference_language
    incident.keywords = {code: kept for code, words in keywords.items() if (kept := _kept_words(words))}


def _kept_words(words: Iterable[str]) -> list[str]:
    cleaned = (guard.clean(" ".join(word.split()), door="incident").text[:LONGEST_WORD] for word in words)
    return list(dict.fromkeys(word for word in cleaned if word))[:MOST_WORDS]


def _save_with_slug(incident: Incident) -> None:
    """Another lead may open one of the same title at this moment, and take the slug that was free."""
    for _ in range(MOST_AT_ONCE):
        incident.slug = _free_slug(incident.title)
        with suppress(IntegrityError), transaction.atomic():
            incident.save()
            return
    incident.save()


def _free_slug(title: str) -> str:
    """A slug that stays, also where the title has no letter of the Latin alphabet."""
    wanted = slugify(title)[:48].strip("-") or f"incident-{timezone.now():%Y-%m-%d}"
    taken = {"new", *Incident.objects.filter(slug__startswith=wanted).values_list("slug", flat=True)}
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (wanted, *numbered) if slug not in taken)


def change_incident(
    incident: Incident,
    *,
    by: Any,
    title: str,
    description: str,
    reference: str,
    reference_language: str,
    keywords: Mapping[str, Iterable[str]],
    topics: Sequence[Topic],
    started_at: datetime,
    kind: IncidentKind | None = None,
    joins_late: bool = True,
) -> Incident:
    """Describe it anew; the tickets are compared again, and none joins by itself until leads have looked where that
    changes what decides who does. Raises PermissionDenied, InvalidInput, TransitionNotAllowed."""
    require_lead(by)
    with transaction.atomic():
        locked = locked_running(incident)
        before = _what_decides(locked)
        _describe(locked, title, description, reference, reference_language, keywords)
        locked.started_at, locked.searched_until = started_at, None
        locked.kind = kind or locked.kind
        locked.topics.set(topics)
        if _what_decides(locked) != before or (joins_late and not locked.joins_late):
            locked.described_at = timezone.now()
        locked.joins_late = joins_late
        locked.save()
        pinning.follow_page(locked, by=by)
        locked.members.candidates().delete()
    find_candidates(locked, joins=False)  # who has described it has not seen whom that makes part of it
    return locked


def _what_decides(incident: Incident) -> list[Any]:
    """What decides which requests belong to it. That new ones join by themselves is agreed to as well."""
    names = ("title", "reference_language", "keywords", "started_at")
    own = [getattr(incident, name) for name in names]
    return [*own, incident.reference.split(), set(incident.topics.values_list("pk", flat=True))]


def locked_running(incident: Incident) -> Incident:
    """The incident, locked; rows that name it may come to be meanwhile, or who takes a ticket out and has that one
    locked would wait for us, and we for them. Raises TransitionNotAllowed where it has been closed."""
    locked = Incident.objects.select_for_update(of=("self",), no_key=True).get(pk=incident.pk)
    if not locked.is_running:
        raise TransitionNotAllowed(gettext("This incident has been closed. Open a new one."))
    return locked


# Candidates


def find_candidates(incident: Incident, *, joins: bool = True) -> int:
    """Compare the tickets that came since the last look, at most `MOST` of them, and keep those that may be about the
    incident; those that surely are and came since the answer has gone out get it, unless none is to join (`joins`).
    Returns how many were found."""
    if not incident.is_running:
        return 0
    rows = list(_not_looked_at(incident)[:MOST])
    found = _keep_likely(incident, rows, joins=joins)
    if rows:
        has_more = len(rows) == MOST  # the next look begins where this one ended
        until = rows[-1].created_at + (OVERLAP if has_more else timedelta(0))
        Incident.objects.filter(pk=incident.pk).update(searched_until=until)
    return found


def _not_looked_at(incident: Incident) -> Any:
    """Tickets from a while before the last look on, without those that have a place in the incident."""
    since = incident.started_at - BEFORE
    if incident.searched_until is not None:
        since = max(since, incident.searched_until - OVERLAP)
    rows = Ticket.objects.live().filter(created_at__gte=since).exclude(incidents__incident=incident)
    topics = list(incident.topics.values_list("pk", flat=True))
    near = Q(topic__in=topics) | Q(topic__key="other") if topics else Q()
    return rows.filter(near).select_related("topic").order_by("created_at", "pk")


def _keep_likely(incident: Incident, tickets: Sequence[Ticket], *, joins: bool = True) -> int:
    if not tickets:
        return 0
    profile = profile_of(incident)
    texts = texts_of(tickets)
    found = []
    for ticket in tickets:
        match = likeness(profile, ticket, texts.get(ticket.pk, ""))
        if match.score >= similarity.WORTH_A_LOOK:
            found.append(_member(incident, ticket, match))
    kept = IncidentTicket.objects.bulk_create(found, ignore_conflicts=True)
    if joins:
        _join_late(incident, [member for member in kept if member.score >= similarity.SURE], texts)
    return len(found)


def _member(incident: Incident, ticket: Ticket, match: similarity.Match) -> IncidentTicket:
    evidence = [[one.code, one.words, one.is_against] for one in match.evidence]
    return IncidentTicket(incident=incident, ticket=ticket, score=match.score, evidence=evidence)


def find_all_candidates() -> int:
    """Every running incident; the scheduler starts it."""
    return sum(find_candidates(incident) for incident in Incident.objects.running())


def look_at_new(event_id: int) -> None:
    """A ticket has been opened: does it belong to an incident? Called by the outbox; a second time changes nothing."""
    event = TicketEvent.objects.select_related("ticket__topic").filter(pk=event_id).first()
    if event is None or not event.ticket.is_live:
        return
    for incident in Incident.objects.running():
        if _not_looked_at_alone(incident, event.ticket):
            _keep_likely(incident, [event.ticket])


def _not_looked_at_alone(incident: Incident, ticket: Ticket) -> bool:
    in_time = ticket.created_at >= incident.started_at - BEFORE
    topics = {topic.pk for topic in incident.topics.all()}
    near = not topics or ticket.topic_id in topics or ticket.topic.key == "other"
    return in_time and near and not incident.members.filter(ticket=ticket).exists()


def _join_late(incident: Incident, members: Sequence[IncidentTicket], texts: Mapping[int, str]) -> None:
    """Tickets that surely belong to an incident whose answer has gone out join it, and get the answer. What was there
    when people looked at the dry run, or when the incident was described anew, was left out, and waits for a person."""
    since = joining.joins_since(incident) if members and incident.joins_late else None
    if since is None or joining.room_for_late(incident) == 0:
        return
    new = [member.ticket for member in members if member.ticket.created_at >= since]
    joined: list[Ticket] = []
    with suppress(TransitionNotAllowed):  # it is being closed: who came too late for it is answered by a person
        for ticket in _as_looked_at(incident, new, texts):
            if _link(incident, ticket, by=None, is_late=True):
                joined.append(ticket)
    bulk_delivering.answer_late(incident, joined)


def _as_looked_at(incident: Incident, tickets: Sequence[Ticket], texts: Mapping[int, str]) -> list[Ticket]:
    """Those that would belong to it without the tickets that somebody has confirmed since leads looked last."""
    until = joining.looked_at(incident)
    if not tickets or not incident.members.linked().filter(by__isnull=False, at__gt=until).exists():
        return list(tickets)
    profile = profile_of(incident, until)
    return [one for one in tickets if likeness(profile, one, texts.get(one.pk, "")).score >= similarity.SURE]


# Who is in it


def link_tickets(incident: Incident, tickets: Iterable[Ticket], *, by: Any) -> int:
    """Make tickets part of the incident, as somebody who has looked at them confirms; returns how many were not yet.
    Raises PermissionDenied, TransitionNotAllowed, Ticket.DoesNotExist for one that they may not see."""
    require_staff(by)
    return sum(_link(incident, ticket, by=by) for ticket in tickets)


def _link(incident: Incident, ticket: Ticket, *, by: Any, is_late: bool = False) -> bool:
    role = Role.SYSTEM if by is None else Role.AGENT
    with _running(incident), changing(ticket, by=by, role=role) as change:
        member, _ = IncidentTicket.objects.get_or_create(incident=incident, ticket=ticket)
        if member.state == Membership.LINKED or (by is None and member.state == Membership.TAKEN_OUT):
            return False
        member.state, member.by, member.at, member.is_late = Membership.LINKED, by, change.at, is_late
        member.save()
        change.record(EventKind.JOINED_INCIDENT, incident=incident.pk)
    return True


@contextmanager
def _running(incident: Incident) -> Iterator[None]:
    """Nothing joins what a lead is closing at this moment. The incident is locked before the ticket, as a dry run locks
    them. Raises TransitionNotAllowed."""
    with transaction.atomic():
        locked_running(incident)
        yield


def take_out(incident: Incident, tickets: Iterable[Ticket], *, by: Any) -> int:
    """These tickets are about something else: they are not offered again, and what has not gone out to them yet does
    not. Raises PermissionDenied, Ticket.DoesNotExist."""
    require_staff(by)
    return sum(_take_out(incident, ticket, by=by) for ticket in tickets)


def _take_out(incident: Incident, ticket: Ticket, *, by: Any) -> bool:
    with changing(ticket, by=by) as change:
        member, _ = IncidentTicket.objects.get_or_create(incident=incident, ticket=ticket)
        if member.state == Membership.TAKEN_OUT:
            return False
        was_linked = member.state == Membership.LINKED
        member.state, member.by, member.at = Membership.TAKEN_OUT, by, change.at
        member.save()
        if was_linked:
            change.record(EventKind.LEFT_INCIDENT, incident=incident.pk)
    return True


def pick_language(incident: Incident, ticket: Ticket, language: str, *, by: Any) -> IncidentTicket:
    """Say in which language a ticket gets the answer, where it leaves doubt. Raises PermissionDenied, InvalidInput,
    TransitionNotAllowed."""
    require_lead(by)
    incident_texts.refuse_unknown(language)
    with transaction.atomic():
        locked_running(incident)
        member = incident.members.linked().filter(ticket=ticket).first()
        if member is None:
            raise TransitionNotAllowed(gettext("This ticket is not part of the incident. Link it first."))
        member.language = language
        member.save(update_fields=["language"])
    return member


def visible_tickets(numbers: Iterable[str], *, by: Any) -> list[Ticket]:
    """Tickets by their public numbers, as far as somebody may see them."""
    return list(Ticket.objects.visible_to(Access.of_staff(by)).filter(public_id__in=list(numbers)))


# The end


def watch_incident(incident: Incident, *, by: Any, is_mended: bool = True) -> Incident:
    """The cause has been mended and is being watched; or it has come back. Raises PermissionDenied,
    TransitionNotAllowed."""
    require_lead(by)
    with transaction.atomic():
        locked = locked_running(incident)
        locked.state = IncidentState.MONITORING if is_mended else IncidentState.OPEN
        locked.save(update_fields=["state"])
    return locked


def close_incident(incident: Incident, *, by: Any) -> Incident:
    """End it: nothing joins any more, what nobody has confirmed is let go, the public page ends, the report is kept.
    Raises PermissionDenied, TransitionNotAllowed while a sending is on its way."""
    require_lead(by)
    with transaction.atomic():
        locked = locked_running(incident)
        if BulkSend.objects.filter(incident=locked, state=SendState.SENDING).exists():
            message = gettext("The answer is on its way. Wait until it has gone out, or take it back, then close.")
            raise TransitionNotAllowed(message)
        BulkSend.objects.filter(incident=locked, state=SendState.PLANNED).delete()
        left = locked.members.candidates().count()
        locked.members.candidates().delete()
        locked.state, locked.closed_at = IncidentState.CLOSED, timezone.now()
        locked.report = incident_report.report_of(locked, left)
        locked.save()
        incident_texts.end_page(locked)
    return locked
