"""One door: who sees which tickets, messages and files."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from tests.tickets.factories import TicketFactory, answered
from tickets.access import Access
from tickets.actions import assigning, consulting, moving, replying
from tickets.enums import Status
from tickets.models import Message, Ticket

pytestmark = pytest.mark.django_db


def seen(access: Access) -> set[int]:
    return set(Ticket.objects.visible_to(access).values_list("pk", flat=True))


def test_a_trader_sees_their_own(ticket, trader, other_trader):
    other = TicketFactory(by=other_trader)
    assert seen(Access.of_trader(trader)) == {ticket.pk}
    assert seen(Access.of_trader(other_trader)) == {other.pk}


def test_nobody_sees_nothing(ticket):
    assert seen(Access.of_trader(AnonymousUser())) == set()
    assert seen(Access()) == set()
    assert seen(Access.of_staff(AnonymousUser())) == set()


def test_a_link_and_a_code_open_just_that_ticket(ticket, other_trader):
    TicketFactory(by=other_trader)
    assert seen(Access.of_trader(AnonymousUser(), frozenset({ticket.pk}))) == {ticket.pk}


def test_an_agent_sees_no_more_in_the_portal_than_a_trader(ticket, agent):
    assert seen(Access.of_trader(agent)) == set()


def test_the_front_line_sees_what_no_department_has(ticket, agent, risk_agent, department):
    assert seen(Access.of_staff(agent)) == {ticket.pk}
    assigning.transfer(ticket, department, by=agent)
    assert seen(Access.of_staff(agent)) == set()
    assert seen(Access.of_staff(risk_agent)) == {ticket.pk}


def test_a_lead_sees_all(ticket, agent, team_lead, department):
    assigning.transfer(ticket, department, by=agent)
    assert seen(Access.of_staff(team_lead)) == {ticket.pk}


def test_who_was_given_asked_or_mentioned_sees_it(ticket, agent, other_agent, risk_agent, department, team_lead):
    assigning.transfer(ticket, department, by=agent)
    replying.write_note(ticket, "Please look.", by=risk_agent, mentions=[other_agent])
    assert seen(Access.of_staff(other_agent)) == {ticket.pk}
    assert seen(Access.of_staff(agent)) == set()
    assigning.assign(ticket, agent, by=team_lead)
    assert seen(Access.of_staff(agent)) == {ticket.pk}


def test_nobody_keeps_a_ticket_in_sight_by_mentioning_themselves(ticket, agent, department):
    replying.write_note(ticket, "Mine, @Ana Agent", by=agent, mentions=[agent])
    assigning.transfer(ticket, department, by=agent)
    assert seen(Access.of_staff(agent)) == set()


def test_a_department_sees_what_it_is_asked(trader, topic, agent, risk_agent, department):
    ticket = TicketFactory(by=trader, topic=topic)
    consulting.ask_department(ticket, department, by=agent, subject="Delay?", body="Is the wallet late?")
    assert ticket.pk in seen(Access.of_staff(risk_agent))


@pytest.mark.parametrize("who", ["content_editor", "translator", "trader"])
def test_whoever_is_not_of_the_desk_sees_nothing_there(ticket, who, request):
    assert seen(Access.of_staff(request.getfixturevalue(who))) == set()


def test_spam_is_gone_for_its_sender(ticket, trader, team_lead):
    moving.mark_spam(ticket, by=team_lead)
    assert seen(Access.of_trader(trader)) == set()
    assert seen(Access.of_staff(team_lead)) == {ticket.pk}


def test_notes_and_held_replies_are_never_shown_to_the_customer(ticket, agent, trader):
    answered(ticket, by=agent, body="Sent.", then=Status.PENDING)
    replying.write_note(ticket, "Internal.", by=agent)
    replying.reply(ticket, "Held.", by=agent)
    bodies = Message.objects.filter(ticket=ticket).visible_to(Access.of_trader(trader)).values_list("body", flat=True)
    assert list(bodies) == ["I sent 2,500 USDT yesterday.", "Sent."]
    assert Message.objects.filter(ticket=ticket).visible_to(Access.of_staff(agent)).count() == 4


def test_overdue_counts_only_what_is_unsolved(trader, topic):
    TicketFactory(by=trader, topic=topic)
    late = TicketFactory(by=trader, topic=topic, overdue=True)
    solved = TicketFactory(by=trader, topic=topic, overdue=True)
    moving.confirm_solved(solved, by=trader)
    assert list(Ticket.objects.overdue()) == [late]
    assert Ticket.objects.overdue(timezone.now() + timedelta(days=9)).count() == 2
