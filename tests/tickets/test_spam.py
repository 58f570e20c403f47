"""Spam goes away and comes back by a lead, and who has no business at the desk does nothing."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.tickets.factories import TicketFactory
from tickets.actions import assigning, moving
from tickets.enums import Status
from tickets.errors import TransitionNotAllowed
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def status_of(ticket: Ticket) -> Status:
    return Status(Ticket.objects.values_list("status", flat=True).get(pk=ticket.pk))


def test_spam_goes_away_and_comes_back_by_a_lead(trader, topic, agent, team_lead):
    trader.set_unusable_password()
    trader.save()
    ticket = TicketFactory(by=trader, topic=topic, answered_by=agent)
    moving.mark_spam(ticket, by=agent)
    with pytest.raises(PermissionDenied):
        moving.restore(ticket, by=agent)
    moving.restore(ticket, by=team_lead)
    assert ticket.status == Status.OPEN


def test_spam_comes_back_for_thirty_days(ticket, team_lead):
    moving.mark_spam(ticket, by=team_lead)
    with (
        time_machine.travel(timezone.now() + timedelta(days=30, seconds=1), tick=False),
        pytest.raises(TransitionNotAllowed, match="thirty days"),
    ):
        moving.restore(ticket, by=team_lead)
    assert status_of(ticket) == Status.SPAM


def test_who_has_an_account_is_called_spam_by_a_lead_only(ticket, agent, team_lead):
    with pytest.raises(PermissionDenied):
        moving.mark_spam(ticket, by=agent)
    moving.mark_spam(ticket, by=team_lead)
    assert status_of(ticket) == Status.SPAM


@pytest.mark.parametrize("act", [moving.confirm_solved, moving.reopen])
def test_somebody_else_does_nothing(ticket, other_trader, act):
    with pytest.raises(PermissionDenied):
        act(ticket, by=other_trader)


@pytest.mark.parametrize(
    "act", [assigning.take, moving.mark_spam, moving.restore, moving.take_up_again, assigning.give_back]
)
def test_who_does_not_work_at_the_desk_does_nothing(ticket, trader, content_editor, act):
    for somebody in (trader, content_editor):
        with pytest.raises(PermissionDenied):
            act(ticket, by=somebody)
