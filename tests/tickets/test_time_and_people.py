"""What time does by itself is given up where a person was quicker, after the list of what is due was made."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.tickets.factories import answered
from tickets.actions import moving, replying
from tickets.enums import EventKind, Status
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

LATER = timedelta(days=8)


@pytest.fixture
def first(monkeypatch):
    """Have something happen to a ticket just before time takes hold of it."""

    def happen(act) -> None:
        take_hold = moving.changing

        def late(ticket: Ticket, **values):
            monkeypatch.setattr(moving, "changing", take_hold)
            act(Ticket.objects.get(pk=ticket.pk))
            return take_hold(ticket, **values)

        monkeypatch.setattr(moving, "changing", late)

    return happen


@pytest.fixture
def waits(ticket, agent):
    return answered(ticket, by=agent, then=Status.PENDING)


@pytest.fixture
def held(ticket, team_lead, department):
    at = timezone.now() + timedelta(hours=1)
    return moving.put_on_hold(ticket, by=team_lead, department=department, reason="Look at it", revisit_at=at)


def test_whoever_has_just_written_is_not_reminded(waits, trader, first):
    first(lambda found: replying.write_to_ticket(found, "Here it is.", by=trader))
    assert moving.remind_silent(timezone.now() + LATER) == 0
    assert not waits.events.filter(kind=EventKind.REMINDED).exists()


def test_two_workers_remind_once(waits, first):
    at = timezone.now() + LATER
    first(lambda found: moving.remind_silent(at))
    assert moving.remind_silent(at) == 0
    assert waits.events.filter(kind=EventKind.REMINDED).count() == 1


def test_what_was_solved_again_is_not_closed(ticket, agent, trader, first):
    answered(ticket, by=agent, then=Status.SOLVED)

    def once_more(found: Ticket) -> None:
        moving.reopen(found, by=trader)
        moving.confirm_solved(found, by=trader)

    first(once_more)
    assert moving.close_solved(timezone.now() + LATER) == 0
    assert Ticket.objects.get().status == Status.SOLVED


def test_what_was_taken_up_stays_as_it_is(held, team_lead, first):
    first(lambda found: moving.take_up_again(found, by=team_lead))
    assert moving.revisit_due(timezone.now() + LATER) == 0
    assert held.events.filter(kind=EventKind.MOVED, reason="revisit").count() == 0


def test_another_time_to_look_again_holds(held, team_lead, department, first):
    at = timezone.now() + timedelta(days=3)
    first(lambda found: moving.put_on_hold(found, by=team_lead, department=department, reason="Later", revisit_at=at))
    assert moving.revisit_due(timezone.now() + timedelta(hours=2)) == 0
    assert Ticket.objects.get().status == Status.ON_HOLD
