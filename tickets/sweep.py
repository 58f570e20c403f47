"""The sweep over running clocks. It only tells people: a breach is a breach at its moment, whenever somebody looks.

A running clock has a moment of its next look. That of a clock that has just changed is past already, so the next sweep
finds it and works out when the next level is reached.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from supportdesk.accounts.models import User
from tickets import editions, notices, sla
from tickets.actions.clocks import clock_of
from tickets.models import Clock, ClockNotice, Ticket, WarnLevel
from tickets.policies import Policies

BATCH = 200
MOST = 5_000  # clocks in one run


def warn_of_clocks(at: datetime | None = None, most: int = MOST) -> int:
    """Tell whom it concerns of each level that a clock has reached, once; returns how many levels those were."""
    now = at or timezone.now()
    levels, policies = list(WarnLevel.objects.all()), editions.current().policies
    leads = list(_leads())
    told = 0
    for _start in range(0, most, BATCH):
        rows = list(_to_look_at(now)[:BATCH])
        told += sum(_look(row, levels, policies, leads, now) for row in rows)
        if len(rows) < BATCH:
            break
    return told


def _to_look_at(now: datetime) -> Any:
    rows = Clock.objects.filter(notify_at__lte=now).order_by("notify_at", "pk")
    return rows.select_related("ticket__assignee").prefetch_related("told")


def _leads() -> Iterable[User]:
    right = Permission.objects.filter(content_type__app_label="tickets", codename="lead_ticket")
    having = Q(groups__permissions__in=right) | Q(user_permissions__in=right)
    return User.objects.filter(having, is_active=True).distinct()


def _look(
    row: Clock, levels: Sequence[WarnLevel], policies: Policies, leads: Sequence[User], now: datetime
) -> int:  # fmt: skip
    """Tell what one clock has reached, and note when to look at it again."""
    known, clock = {notice.percent for notice in row.told.all()}, clock_of(row)
    moments = {level: sla.reached(clock, level.percent, policies) for level in levels if level.percent not in known}
    due = [level for level, moment in moments.items() if moment is not None and moment <= now]
    later = min((moment for moment in moments.values() if moment is not None and moment > now), default=None)
    with transaction.atomic():
        new = [level for level in due if _is_first(row, level, now)]
        for person, level in _whom(row.ticket, new, leads).values():
            notices.tell_person(person, _kind(level), row.ticket, f"clock:{row.pk}:{level.percent}")
        Clock.objects.filter(pk=row.pk, notify_at=row.notify_at).update(notify_at=later)
    return len(new)


def _is_first(row: Clock, level: WarnLevel, now: datetime) -> bool:
    return ClockNotice.objects.get_or_create(clock=row, percent=level.percent, defaults={"at": now})[1]


def _whom(ticket: Ticket, levels: Iterable[WarnLevel], leads: Iterable[User]) -> dict[int, tuple[User, WarnLevel]]:
    """Everybody with the highest level that concerns them: who comes late tells no lower one besides."""
    found: dict[int, tuple[User, WarnLevel]] = {}
    for level in sorted(levels, key=lambda level: level.percent):
        people = list(leads) if level.tells_leads else []
        people += [ticket.assignee] if level.tells_assignee and ticket.assignee else []
        found |= {person.pk: (person, level) for person in people}
    return found


def _kind(level: WarnLevel) -> str:
    if level.percent < 100:
        return "clock_soon"
    return "clock_up" if level.percent == 100 else "clock_far_over"


def look_at_all_again() -> int:
    """Have the next sweep look at every running clock: the levels are others now."""
    running = Clock.objects.filter(running_since__isnull=False, satisfied_at=None, void_reason="")
    return running.update(notify_at=timezone.now())
