"""Requests are counted once by minute and hour, and watched in memory and in rows alike."""

from datetime import timedelta
from typing import Any

import pytest

from helpcenter.models import Announcement
from supportdesk.accounts.models import User
from tests.tickets.arrivals import Desk, Event
from tests.tickets.factories import TicketFactory, request
from tests.tickets.surges import FIRST, MINUTE, START, counted, known_week, watched_at
from tickets.actions import opening, surging
from tickets.arrivals import TOTAL
from tickets.enums import EventKind
from tickets.models import ArrivalCount, StreamHour, SurgeText, SurgeTransition, Ticket, Topic
from tickets.surge import Setup, State, replay

pytestmark = pytest.mark.django_db


# Counting


def test_a_request_is_counted_once_however_often_it_is_told(created: Any, ticket: Ticket) -> None:
    for _ in range(3):
        surging.count_arrival(created.pk)
    row = ArrivalCount.objects.get()
    assert (row.count, row.topic, row.language) == (1, "deposits", "en")
    assert row.minute == ticket.created_at.replace(second=0, microsecond=0)


def test_requests_of_a_minute_are_counted_together(trader: User, topic: Topic) -> None:
    for _ in range(3):
        event = TicketFactory(by=trader, topic=topic).events.get(kind=EventKind.CREATED)
        surging.count_arrival(event.pk)
    assert sum(row.count for row in ArrivalCount.objects.all()) == 3


def test_what_the_desk_writes_first_is_no_arrival(agent: User, trader: User, topic: Topic) -> None:
    ticket = opening.open_for_customer(request(topic), by=agent, requester=trader)
    surging.count_arrival(ticket.events.get(kind=EventKind.CREATED).pk)
    assert not ArrivalCount.objects.exists()


def test_an_event_that_is_gone_counts_nothing() -> None:
    surging.count_arrival(4711)
    assert not ArrivalCount.objects.exists()


def test_minutes_become_hours_after_two_days(db: None) -> None:
    counted(3, 4)
    counted(50, 5)
    counted(70, 1)
    ArrivalCount.objects.update(watched=99)
    assert surging.fold_counts(START + timedelta(days=2, hours=1)) == 1
    surging.fold_counts(START + timedelta(days=2, hours=1))
    hour, minute = ArrivalCount.objects.order_by("-minutes")
    assert (hour.minutes, hour.minute, hour.count) == (60, START, 9)
    assert (minute.minutes, minute.count) == (1, 1)


def test_what_has_not_been_watched_is_not_folded(db: None) -> None:
    counted(3, 4)
    assert surging.fold_counts(START + timedelta(days=3)) == 0
    assert ArrivalCount.objects.get().minutes == 1


# Watching


def test_rows_give_what_the_detector_gives_in_memory(db: None) -> None:
    """Whether the job runs every minute or comes back after hours."""
    cells = dict(Desk(3, first=FIRST, events=(Event(FIRST + 300, 10, plateau=20),)).minutes(0.25))
    in_memory = [step for _, step in replay(cells, Setup()) if step]
    for minute, found in cells.items():
        for (topic, language), count in found.items():
            counted(minute - FIRST, count, topic, language)
    for minute in (*range(0, 60), 100, 250, *range(301, 320), 359):
        watched_at(minute)
    rows = SurgeTransition.objects.order_by("at", "pk")
    assert [(row.to, int(row.at.timestamp()) // 60) for row in rows] == [(s.to, s.minute) for s in in_memory]
    assert [row.to for row in rows][:2] == ["watch", "surge"]


def test_a_second_worker_finds_nothing_left(db: None) -> None:
    counted(0, 2)
    watched_at(0)
    assert surging.watch_arrivals(START + 2 * MINUTE) == 0


def test_what_is_counted_late_is_watched_late(db: None) -> None:
    known_week()
    counted(0, 1)
    watched_at(5)
    counted(3, 40)
    row = watched_at(6)
    assert row.state == State.WATCH
    assert ArrivalCount.objects.get(count=40).watched == 40


def test_a_stopped_scheduler_leaves_no_band_behind_of_a_surge_that_is_over(surge_text: SurgeText) -> None:
    known_week()
    for minute in range(40):
        counted(minute, 20)
    counted(600, 1)
    row = watched_at(600)
    assert {step.to for step in SurgeTransition.objects.all()} >= {"watch", "surge", "recovery", "normal"}
    assert row.state == State.NORMAL
    assert not Announcement.objects.exists()


def test_an_hour_that_is_over_is_kept_by_stream(db: None) -> None:
    for minute in range(0, 61, 10):
        counted(minute, 2)
    watched_at(61)
    assert {(row.stream, row.count) for row in StreamHour.objects.all()} == {
        (TOTAL, 12),
        ("topic:liquidation", 12),
        ("language:en", 12),
    }
