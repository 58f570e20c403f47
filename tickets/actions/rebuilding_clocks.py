"""A ticket's clocks rebuilt from its events alone, by the editions of policies that the events name."""

from collections.abc import Container, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from typing import Any

from django.utils.translation import gettext

from tickets import editions, sla
from tickets.actions import clocks
from tickets.enums import EventKind, Role, Status
from tickets.errors import TicketError
from tickets.models import Clock, Ticket, TicketEvent
from tickets.policies import Facts


class CannotRebuild(TicketError):
    """The events of a ticket do not keep what its clocks went by."""


@dataclass(frozen=True)
class Step:
    """One thing that moved clocks, and where the ticket stood after it."""

    event: TicketEvent
    edition: editions.Edition
    happening: sla.Happening
    standing: sla.Standing


def life_of(ticket: Ticket, *, unanswered: int = 0) -> list[Step]:
    """All events that moved the clocks of a ticket, in order. The first `unanswered` times that its customer opened it
    again owe no answer, as in earlier releases. Raises CannotRebuild."""
    steps: list[Step] = []
    standing: sla.Standing | None = None
    known: dict[int, editions.Edition] = {}
    events = list(ticket.events.select_related("by").order_by("version", "pk"))
    former = {event.pk for event in list(filter(_is_opened_again, events))[:unanswered]}
    for _version, group in groupby(events, key=lambda event: event.version):
        change = list(group)
        edition = _edition(change, known)
        for event, happening in _happenings(change, ticket, former):
            standing = _after(standing, happening, edition)
            steps.append(Step(event, edition, happening, standing))
    if not steps:
        raise CannotRebuild(gettext("Nothing is kept of how this ticket began."))
    return steps


def _after(standing: sla.Standing | None, happening: sla.Happening, edition: editions.Edition) -> sla.Standing:
    try:
        return sla.after(standing, happening, edition.policies)
    except (ValueError, KeyError) as error:
        raise CannotRebuild(gettext("The events of this ticket do not fit together.")) from error


def _edition(change: list[TicketEvent], known: dict[int, editions.Edition]) -> editions.Edition:
    """By which policies a change was made; each edition is read once."""
    number = next((event.data["edition"] for event in change if "edition" in event.data), 0)
    try:
        return known.get(number) or known.setdefault(number, editions.of(number))
    except KeyError as error:
        message = gettext("The policies of that time (edition %(number)s) are gone.")
        raise CannotRebuild(message % {"number": number}) from error


def _happenings(
    change: list[TicketEvent], ticket: Ticket, former: Container[int]
) -> Iterator[tuple[TicketEvent, sla.Happening]]:
    for event in change:
        happening = _by_status(event) if event.pk in former else _happening(event, ticket)
        if happening is not None:
            yield event, happening
        if "facts" in event.data and (happening is None or happening.type != "created"):
            yield event, sla.Happening(event.at, "change", facts=Facts(**event.data["facts"]))


def _happening(event: TicketEvent, ticket: Ticket) -> sla.Happening | None:
    """What an event was for the clocks; None for what leaves them as they are."""
    if event.kind in (EventKind.CREATED, EventKind.SPLIT_FROM):
        by = Role.CUSTOMER if event.kind == EventKind.SPLIT_FROM else event.role
        since = event.data.get("waits_since")  # a ticket that was split off waits since the message was written
        began = datetime.fromisoformat(since) if since else event.at
        return sla.Happening(began, "created", by=by, facts=_first_facts(event, ticket))
    if event.kind == EventKind.RECEIVED_MERGE:
        return _received(event)
    if event.kind == EventKind.SPLIT_OFF:
        return _split_off(event)
    if event.kind == EventKind.MOVED:
        return _moved(event)
    if event.kind == EventKind.REPLIED:
        return sla.Happening(event.at, "public_reply", by=Role.AGENT, via=event.data.get("via", ""))
    wrote = event.kind == EventKind.CUSTOMER_WROTE and event.to_status != Status.SPAM
    return sla.Happening(event.at, "public_reply", by=Role.CUSTOMER) if wrote else None


def _moved(event: TicketEvent) -> sla.Happening:
    if event.to_status == Status.MERGED:
        return sla.Happening(event.at, "merged_into")
    if _is_opened_again(event):
        return sla.Happening(event.at, "public_reply", by=Role.CUSTOMER)
    return _by_status(event)


def _is_opened_again(event: TicketEvent) -> bool:
    """Whether the customer said without words that it is not solved."""
    return event.kind == EventKind.MOVED and event.reason == "reopened" and event.role == Role.CUSTOMER


def _by_status(event: TicketEvent) -> sla.Happening:
    return sla.Happening(event.at, "status", status=event.to_status, reason=event.reason)


def _first_facts(event: TicketEvent, ticket: Ticket) -> Facts:
    """What a policy looked at when the ticket began. An event of an earlier release does not keep it: then it is what
    the ticket says now, if nobody has changed that. Raises CannotRebuild."""
    if "facts" in event.data:
        return Facts(**event.data["facts"])
    looked_at = {field.name for field in fields(Facts)}
    changes = ticket.events.filter(kind=EventKind.CHANGED).values_list("data", flat=True)
    if any(looked_at & set(data.get("fields", ())) for data in changes):
        raise CannotRebuild(gettext("Its details were changed before events kept what they had been."))
    return clocks.facts_of(ticket)


def _received(event: TicketEvent) -> sla.Happening:
    source: Any = Ticket.objects.filter(pk=event.data.get("ticket")).first()
    if "created_at" in event.data:
        since = event.data.get("waits_since")
        times = (datetime.fromisoformat(event.data["created_at"]), datetime.fromisoformat(since) if since else None)
    elif source is not None:
        times = (source.created_at, source.unanswered_since)
    else:
        raise CannotRebuild(gettext("The ticket that was merged into it is gone."))
    return sla.Happening(event.at, "received_merge", source_created_at=times[0], source_unanswered_since=times[1])


def _split_off(event: TicketEvent) -> sla.Happening | None:
    """None where the message that left was answered, and for events of earlier releases, which told no clocks."""
    if "waits_since" not in event.data:
        return None
    since = event.data["waits_since"]
    return sla.Happening(
        event.at, "split_off", source_unanswered_since=datetime.fromisoformat(since) if since else None
    )


class Cause(StrEnum):
    """Why the rows of a ticket may say otherwise than its life; the value is what the command line says."""

    OPENED_AGAIN = "its customer opened it again while that owed no answer yet"
    UNKNOWN = "nothing in its events explains it"


def cause_of(ticket: Ticket) -> Cause:
    """Why the rows of a ticket differ from its life: they are as an earlier release kept them, or nobody knows. Raises
    CannotRebuild."""
    times = sum(map(_is_opened_again, ticket.events.all()))
    lives = (life_of(ticket, unanswered=number) for number in range(1, times + 1))
    return Cause.OPENED_AGAIN if any(not differences(ticket, life[-1].standing) for life in lives) else Cause.UNKNOWN


def differences(ticket: Ticket, standing: sla.Standing) -> list[str]:
    """What the rows of a ticket say otherwise than its life, for operators: names, values, no words of people."""
    told = {(clock.metric, clock.cycle): clock for clock in standing.clocks}
    rows = {(row.metric, row.cycle): clocks.clock_of(row) for row in ticket.clocks.all()}
    found = [f"{metric} {cycle}: no row" for metric, cycle in told.keys() - rows.keys()]
    found += [f"{metric} {cycle}: a row too many" for metric, cycle in rows.keys() - told.keys()]
    for key in sorted(told.keys() & rows.keys()):
        found += _unlike(key, rows[key], told[key])
    for name in ("next_due_at", "unanswered_since"):
        if getattr(ticket, name) != getattr(standing, name):
            found.append(f"{name}: {getattr(ticket, name)} stored, {getattr(standing, name)} told")
    return found


def _unlike(key: tuple[str, int], stored: sla.Clock, told: sla.Clock) -> Iterator[str]:
    for name in clocks.COPIED:
        if getattr(stored, name) != getattr(told, name):
            yield f"{key[0]} {key[1]} {name}: {getattr(stored, name)} stored, {getattr(told, name)} told"


def rewrite_clocks(ticket: Ticket, standing: sla.Standing) -> None:
    """Store a ticket's clocks as its life tells them. Inside a transaction in which the ticket is locked."""
    rows = {(row.metric, row.cycle): row for row in ticket.clocks.all()}
    told = {(clock.metric, clock.cycle) for clock in standing.clocks}
    clocks.write(ticket, rows, standing.clocks)
    Clock.objects.filter(pk__in=[row.pk for key, row in rows.items() if key not in told]).delete()
    Ticket.objects.filter(pk=ticket.pk).update(
        next_due_at=standing.next_due_at, unanswered_since=standing.unanswered_since
    )
