"""What customers are told of how long they wait: said once when a request comes in, settled when it is answered or its
time is up, and where it was missed one apology with what is expected now.

A promise is never lowered: answers to many that are yet to be proven right would make it sound better than it is.
"""

import logging
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext, override

from supportdesk.accounts import notices
from supportdesk.ui.languages import is_known
from tickets import waits
from tickets.actions.alerting import leads
from tickets.actions.change import changing
from tickets.enums import UNSOLVED, Delivery, EventKind, MessageKind, PromiseKind, PromiseOutcome, Role
from tickets.models import Message, Promise, PromiseDay, SurgeState, Ticket, TicketEvent, WaitOutlook
from tickets.outlook import Outlook
from tickets.surge import State

logger = logging.getLogger(__name__)

MOST_FOLLOWED = 200  # tickets in one run; the next run takes the rest
LOOK_BACK = 3  # days: a promise is settled a day after it was made, at the latest


def look_ahead(at: datetime | None = None) -> int:
    """Keep what new requests would be promised at a moment (UTC); returns how many pools are known."""
    now = at or timezone.now()
    found = Outlook.at(now)
    known = found.waits() if found is not None else {}
    WaitOutlook.objects.update_or_create(pk=WaitOutlook.ONLY, defaults={"at": now, "waits": known})
    return len(known)


# Making


def promise_first(event_id: int) -> None:
    """Write down what is said to a customer whose request came in (consumer of the outbox; a second time changes
    nothing)."""
    event = TicketEvent.objects.select_related("ticket__topic").filter(pk=event_id, role=Role.CUSTOMER).first()
    if event is not None and not event.ticket.promises.exists():
        promise = _expected(event.ticket, PromiseKind.FIRST, event.at)
        if promise is not None:
            Promise.objects.bulk_create([promise], ignore_conflicts=True)


def _expected(ticket: Ticket, kind: PromiseKind, at: datetime) -> Promise | None:
    """What the outlook says of a ticket's pool; None where nothing is known, or a department has it, which keeps times
    of its own."""
    if ticket.department_id is not None:
        return None
    outlook = WaitOutlook.fresh(timezone.now())
    pool = WaitOutlook.pool(ticket.language, ticket.topic.skill, ticket.priority)
    if outlook is None or pool not in outlook.waits:
        return None
    seconds = outlook.waits[pool]
    return Promise(
        ticket=ticket,
        kind=kind,
        priority=ticket.priority,
        is_surge=SurgeState.objects.filter(pk=1, state=State.SURGE).exists(),
        shown_at=at,
        seconds=seconds,
        due_at=None if seconds is None else at + timedelta(seconds=seconds),
    )


# Settling


def settle_promises(at: datetime | None = None) -> int:
    """See which promises came true by a moment (UTC), and follow up the others; returns how many were missed."""
    now = at or timezone.now()
    with transaction.atomic():
        missed = _settle(now)
    if missed:
        _tell_leads(missed, now)
    for promise in list(_to_follow()):
        try:
            _follow_up(promise, now)
        except Exception:  # whatever is wrong with this ticket, the customers of the others wait for a word too
            logger.exception("Promise %d could not be followed up", promise.pk)
    return missed


def _settle(now: datetime) -> int:
    found = Promise.objects.open()
    found.filter(ticket__first_reply_at__lte=F("due_at")).update(outcome=PromiseOutcome.KEPT)
    unanswered = Q(ticket__first_reply_at__isnull=True)
    found.filter(unanswered).exclude(ticket__status__in=UNSOLVED).update(outcome=PromiseOutcome.VOID)
    late = Q(ticket__first_reply_at__gt=F("due_at")) | unanswered & Q(due_at__lt=now)
    return found.filter(late).update(outcome=PromiseOutcome.MISSED)


def _tell_leads(missed: int, now: datetime) -> None:
    """At most once in an hour."""
    text = ngettext("%(number)d promise", "%(number)d promises", missed)
    for person in leads():
        with override(person.language if is_known(person.language) else settings.LANGUAGE_CODE):
            subject = text % {"number": missed}
        event = f"promises:{now:%Y-%m-%dT%H}"
        notices.notify(person, "promises_missed", subject=subject, link=reverse("workspace:promises"), event=event)


def _to_follow() -> Iterable[Promise]:
    missed = Promise.objects.filter(outcome=PromiseOutcome.MISSED, followed_at=None).order_by("due_at", "pk")
    return missed.select_related("ticket__topic")[:MOST_FOLLOWED]


@transaction.atomic
def _follow_up(promise: Promise, now: datetime) -> None:
    """Say what is expected now, and apologise the first time. Of two workers the second finds nothing left."""
    if not Promise.objects.filter(pk=promise.pk, followed_at=None).update(followed_at=now):
        return
    ticket = promise.ticket
    if ticket.first_reply_at is not None or ticket.status not in UNSOLVED:
        return
    revised = _expected(ticket, PromiseKind.REVISED, now)
    if revised is not None:
        revised.save()
    if promise.kind == PromiseKind.FIRST:
        _apologise(ticket, revised, now)


def _apologise(ticket: Ticket, revised: Promise | None, now: datetime) -> None:
    language = ticket.language if is_known(ticket.language) else settings.LANGUAGE_CODE
    with override(language):
        words = waits.apology(revised.seconds if revised else None, is_known=revised is not None)
    with changing(ticket, by=None, role=Role.SYSTEM, at=now) as change:
        if change.ticket.first_reply_at is not None or not change.ticket.is_unsolved:
            return
        message = Message.objects.create(
            ticket=change.ticket,
            kind=MessageKind.AUTOMATIC,
            body=words,
            language=language,
            channel=change.ticket.channel,
            created_at=now,
            visible_at=now,
            delivery=Delivery.SENT,
            source_key=f"promise:{ticket.pk}",
        )
        change.ticket.message_count += 1
        change.record(EventKind.APOLOGISED, message=message)


# Counting


def count_promises(at: datetime | None = None) -> int:
    """Count the promises of the last days anew; returns how many rows there are for them."""
    today = (at or timezone.now()).astimezone(UTC).date()
    return sum(count_day(today - timedelta(days=back)) for back in range(LOOK_BACK))


@transaction.atomic
def count_day(day: date) -> int:
    """Count what was promised on one day (UTC); returns how many rows it has now."""
    begin = datetime.combine(day, time(), UTC)
    said = Promise.objects.first_ones().filter(shown_at__gte=begin, shown_at__lt=begin + timedelta(days=1))
    groups = said.order_by().values("priority", "is_surge", language=F("ticket__language"))
    rows = groups.annotate(
        kept=Count("pk", filter=Q(outcome=PromiseOutcome.KEPT)),
        missed=Count("pk", filter=Q(outcome=PromiseOutcome.MISSED)),
        beyond=Count("pk", filter=Q(seconds=None)),
        unsettled=Count("pk", filter=Q(outcome__in=[PromiseOutcome.OPEN, PromiseOutcome.VOID], seconds__isnull=False)),
    )
    found = [PromiseDay(day=day, **row) for row in rows]
    PromiseDay.objects.filter(day=day).delete()
    PromiseDay.objects.bulk_create(found)
    return len(found)
