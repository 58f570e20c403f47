"""Priorities in a surge: what leads have laid down ahead holds for new requests while many come in, and goes back with
it. Only a higher priority is ever given, so that what a topic, its words or a person have made urgent stays so; who may
have a ticket is not touched by it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone

from tickets import surge
from tickets.actions.change import Change, changing, require_lead
from tickets.enums import EventKind, Priority, Role
from tickets.models import SurgeRaise, SurgeRule, SurgeState, Ticket, TicketEvent
from tickets.surge import State

HOLDING = {State.WATCH: (State.WATCH,), State.SURGE: (State.WATCH, State.SURGE)}  # the state -> rules that hold from
GIVEN = "surge_raise__came_from"
AT_ONCE = 200  # tickets that are brought back in one go; the scheduler goes on with the rest


def rules_in_force(row: SurgeState | None) -> list[SurgeRule]:
    """The rules that hold as the desk stands, the highest priority first."""
    holding = HOLDING.get(State(row.state), ()) if row is not None else ()
    if row is None or not holding:
        return []
    rules = SurgeRule.objects.active().filter(set_aside_at__isnull=True, holds_from__in=holding)
    found = [rule for rule in rules if surge.is_about(row.streams, rule.topic.key if rule.topic else "")]
    return sorted(found, key=lambda rule: -Priority(rule.priority).rank)


def concerns(rule: SurgeRule, *, topic: int, priority: str) -> bool:
    """Whether a rule would raise a request of a topic (its number) that begins with a priority."""
    return rule.topic_id in (None, topic) and Priority(rule.priority).rank > Priority(priority).rank


def raise_new(event_id: int) -> None:
    """Give a customer's new request what the rules of the surge say (consumer of the outbox; a second time changes
    nothing)."""
    event = TicketEvent.objects.select_related("ticket").filter(pk=event_id, role=Role.CUSTOMER).first()
    if event is None:
        return
    ticket = event.ticket
    rules = rules_in_force(SurgeState.objects.filter(pk=1).first())
    rule = next((one for one in rules if concerns(one, topic=ticket.topic_id, priority=ticket.priority)), None)
    if rule is not None:
        _raise(ticket, rule)


def _raise(ticket: Ticket, rule: SurgeRule) -> None:
    with changing(ticket, by=None, role=Role.SYSTEM) as change:
        locked = change.ticket
        is_settled = not locked.is_live or _was_chosen(locked, since=0) or hasattr(locked, "surge_raise")
        if is_settled or not concerns(rule, topic=locked.topic_id, priority=locked.priority):
            return
        given = {"came_from": locked.priority, "to": rule.priority, "version": locked.version + 1, "at": change.at}
        SurgeRaise.objects.create(ticket=locked, rule=rule, **given)
        _give(change, rule.priority, rule)


def _give(change: Change, priority: str, rule: SurgeRule | None, **more: Any) -> None:
    change.ticket.priority = priority
    number, name = (rule.pk, rule.name) if rule else (-1, "")
    fields = ["priority"]
    change.record(EventKind.CHANGED, words=name, fields=fields, priority=priority, surge_rule=number, **more)


def _was_chosen(ticket: Ticket, *, since: int) -> bool:
    """Whether a person has chosen the priority after a version of the ticket."""
    events = ticket.events.filter(kind=EventKind.CHANGED, by__isnull=False, version__gt=since)
    return any("priority" in data.get("fields", ()) for data in events.values_list("data", flat=True))


# Taking back


def take_back(at_most: int = AT_ONCE) -> int:
    """Bring back what rules have raised that hold no longer; where a person has had a hand in it, it is left as it is.
    Returns how many tickets were looked at. The scheduler starts it."""
    holding = [rule.pk for rule in rules_in_force(SurgeState.objects.filter(pk=1).first())]
    over = SurgeRaise.objects.standing().exclude(rule__in=holding).select_related("ticket", "rule").order_by("pk")
    return _take_back(over[:at_most], by=None)


def _take_back(raises: Iterable[SurgeRaise], *, by: Any) -> int:
    rows = list(raises)
    for one in rows:
        _take_back_one(one, by=by)
    return len(rows)


def _take_back_one(one: SurgeRaise, *, by: Any) -> None:
    with changing(one.ticket, by=by, role=Role.SYSTEM) as change:
        held = SurgeRaise.objects.select_for_update(of=("self",)).get(pk=one.pk)
        if held.over_at is not None:
            return
        locked = change.ticket
        is_as_given = locked.is_live and locked.priority == held.to
        held.is_taken_back = is_as_given and not _was_chosen(locked, since=held.version)
        held.over_at = change.at
        held.save(update_fields=["over_at", "is_taken_back"])
        if held.is_taken_back:
            _give(change, held.came_from, one.rule, is_over=True)


def set_aside(rule: SurgeRule, *, by: Any) -> int:
    """Undo a rule until the desk is calm again: it raises nothing more, and what it has raised goes back. Returns how
    many tickets were looked at; more than `AT_ONCE` are brought back by the scheduler. Raises PermissionDenied."""
    require_lead(by)
    SurgeRule.objects.filter(pk=rule.pk).update(set_aside_at=timezone.now())
    rule.refresh_from_db()
    standing = SurgeRaise.objects.standing().filter(rule=rule).select_related("ticket", "rule").order_by("pk")
    return _take_back(standing[:AT_ONCE], by=by)


def use_again(rule: SurgeRule, *, by: Any) -> None:
    """Have a rule that was undone hold again, for requests that come in from now on. Raises PermissionDenied."""
    require_lead(by)
    SurgeRule.objects.filter(pk=rule.pk).update(set_aside_at=None)
    rule.refresh_from_db()


def begin_anew() -> None:
    """The desk is calm again: what was undone for one surge holds in the next."""
    SurgeRule.objects.exclude(set_aside_at=None).update(set_aside_at=None)


# What a rule would do


def dry_run(rules: Iterable[SurgeRule], since: datetime) -> tuple[dict[int, int], int]:
    """How many of the requests that came in since a moment (UTC) each rule raises, or would if it held, by its number;
    and how many came in. What was raised counts with the priority that it came with."""
    asked = Ticket.objects.filter(created_at__gte=since).exclude(first_reply_at=F("created_at"))  # the desk wrote first
    begun = [(topic, given or own) for topic, own, given in asked.values_list("topic", "priority", GIVEN)]
    found = {rule.pk: sum(concerns(rule, topic=topic, priority=own) for topic, own in begun) for rule in rules}
    return found, len(begun)
