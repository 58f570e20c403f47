"""A ticket that is declined or put back goes to another, and keeps its age."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.tickets.desks import join, work_off
from tests.tickets.dispatched import HALF_AN_HOUR, give_out, who_has
from tickets.actions import assigning
from tickets.actions.sweeping_queue import sweep_queue
from tickets.enums import DeclineReason
from tickets.errors import InvalidInput
from tickets.models import Decline, Ticket

pytestmark = pytest.mark.django_db


def declined(ticket, by, reason=DeclineReason.KNOWLEDGE):
    assigning.decline_ticket(Ticket.objects.get(pk=ticket.pk), by=by, reason=reason)


def test_a_declined_ticket_goes_to_another_and_keeps_its_age(ticket, rui, other_agent):
    work_off()
    before = Ticket.objects.get(pk=ticket.pk)
    declined(ticket, rui.person)
    work_off()
    after = Ticket.objects.get(pk=ticket.pk)
    assert after.assignee is None
    assert (after.created_at, after.next_due_at) == (before.created_at, before.next_due_at)
    assert after.unanswered_since == before.unanswered_since
    join(other_agent, "en")
    assert (sweep_queue(), who_has(ticket)) == (1, other_agent)


def test_a_declined_ticket_is_not_offered_to_the_same_agent_for_half_an_hour(ticket, rui):
    work_off()
    declined(ticket, rui.person)
    row = Decline.objects.get()
    assert row.until - row.at == HALF_AN_HOUR
    assert give_out(row.until - timedelta(seconds=1)) == 0
    assert give_out(row.until) == 1


def test_what_one_puts_back_is_not_offered_to_oneself_at_once(ticket, rui, team_lead):
    work_off()
    assigning.give_back(Ticket.objects.get(pk=ticket.pk), by=rui.person)
    assert (give_out(), Decline.objects.get().reason) == (0, "given_back")
    assert give_out(Decline.objects.get().until) == 1
    assigning.give_back(Ticket.objects.get(pk=ticket.pk), by=team_lead)
    Decline.objects.update(until=timezone.now())
    assert give_out() == 1


def test_declining_needs_a_reason_and_the_ticket(ticket, rui, other_agent, trader):
    work_off()
    with pytest.raises(InvalidInput):
        declined(ticket, rui.person, "because")
    with pytest.raises(InvalidInput):
        declined(ticket, rui.person, DeclineReason.OTHER)
    for somebody in (other_agent, trader):
        with pytest.raises(PermissionDenied):
            declined(ticket, somebody)
    assert who_has(ticket) == rui.person


def test_a_note_that_holds_a_secret_is_cleaned(ticket, rui):
    work_off()
    secret = "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"
    assigning.decline_ticket(ticket, by=rui.person, reason="other", note=f"He sent {secret}")
    assert secret not in Decline.objects.get().note
