"""Who is told of what happens on a ticket: a number and a link, once, and only where they may look."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from supportdesk.accounts.models import Notice
from supportdesk.accounts.notices import mark_read
from tests.tickets.factories import TicketFactory
from tickets import notices
from tickets.actions import assigning, consulting, detailing, incidents, replying
from tickets.models import Incident, IncidentTicket, Reminder, Ticket

pytestmark = pytest.mark.django_db


def tell(ticket):
    for event in ticket.events.all():
        if event.kind in notices.WHOM:
            notices.tell(event.pk)


def told(person):
    return list(Notice.objects.filter(person=person).values_list("kind", flat=True))


def test_who_is_given_a_ticket(ticket, agent, other_agent):
    assigning.assign(ticket, other_agent, by=agent)
    tell(ticket)
    tell(ticket)
    assert told(other_agent) == ["ticket_assigned"]
    notice = Notice.objects.get()
    assert notice.subject == ticket.reference
    assert notice.link == reverse("workspace:thread", args=[ticket.public_id])


def test_who_takes_a_ticket_knows_it(ticket, agent):
    assigning.take(ticket, by=agent)
    tell(ticket)
    assert told(agent) == []


def test_who_is_mentioned_learns_nothing_of_what_was_said(ticket, agent, other_agent):
    replying.write_note(ticket, "Hotwallet @Mina Sato", by=agent, mentions=[other_agent])
    tell(ticket)
    assert told(other_agent) == ["ticket_mentioned"]
    assert "Hotwallet" not in Notice.objects.get().sentence


def test_the_department_that_is_asked_and_who_asked(ticket, agent, risk_agent, department):
    asked = consulting.ask_department(ticket, department, by=agent, subject="Look", body="Please")
    tell(ticket)
    assert told(risk_agent) == ["ticket_question"]
    consulting.write_in_conversation(asked, "Yes.", by=risk_agent)
    tell(ticket)
    assert told(agent) == ["ticket_answered"]


def test_who_has_the_ticket_hears_of_the_customer_and_of_a_stopped_reply(ticket, agent, trader):
    assigning.take(ticket, by=agent)
    replying.reply(ticket, "We found it.", by=agent)
    replying.write_to_ticket(ticket, "It is there.", by=trader)
    tell(ticket)
    assert sorted(told(agent)) == ["ticket_customer", "ticket_stopped"]


def test_who_may_not_look_any_more_hears_nothing(ticket, agent, other_agent, department):
    replying.write_note(ticket, "@Mina Sato", by=agent, mentions=[other_agent])
    other_agent.groups.clear()
    tell(ticket)
    assert told(other_agent) == []


def test_reminders_come_once_when_they_are_due(ticket, agent):
    detailing.remind_me(ticket, timezone.now() + timedelta(hours=1), by=agent)
    assert notices.remind_due() == 0
    Reminder.objects.update(at=timezone.now() - timedelta(minutes=1))
    assert notices.remind_due() == 1
    assert notices.remind_due() == 0
    assert told(agent) == ["ticket_reminder"]


def test_an_event_that_is_gone_tells_nobody(ticket):
    notices.tell(10**9)
    assert Ticket.objects.count() == 1
    assert not Notice.objects.exists()


# Incidents


def candidate(incident, topic):
    ticket = TicketFactory(topic=topic)
    return IncidentTicket.objects.get_or_create(incident=incident, ticket=ticket)[0]


@pytest.fixture
def incident(team_lead, topic):
    began = timezone.now() - timedelta(minutes=40)
    made = incidents.open_incident("Deposits late", by=team_lead, started_at=began, topics=[topic])
    Incident.objects.filter(pk=made.pk).update(opened_at=began)
    return made


def test_leads_hear_of_candidates_that_wait_once_until_they_have_read_it(incident, topic, team_lead, agent):
    assert notices.tell_of_candidates() == 0
    candidate(incident, topic)
    assert [notices.tell_of_candidates(), notices.tell_of_candidates()] == [1, 0]
    assert (told(team_lead), told(agent)) == (["incident_candidates"], [])
    notice = Notice.objects.get()
    assert (notice.subject, notice.link) == (incident.number, reverse("workspace:incident", args=[incident.slug]))
    candidate(incident, topic)
    assert notices.tell_of_candidates() == 0  # the last one has not been read
    mark_read(team_lead)
    assert [notices.tell_of_candidates(), notices.tell_of_candidates()] == [1, 0]
    mark_read(team_lead)
    assert notices.tell_of_candidates() == 0  # read, and nothing came since


def test_nobody_hears_again_of_candidates_because_the_newest_was_decided(incident, topic, team_lead):
    candidate(incident, topic)
    newest = candidate(incident, topic)
    assert notices.tell_of_candidates() == 1
    mark_read(team_lead)
    newest.delete()
    assert notices.tell_of_candidates() == 0


def test_what_was_found_at_the_opening_is_no_news_to_who_opened_it(incident, topic, team_lead, person):
    second = person("Team leads", name="Rui Risk")
    Incident.objects.update(opened_at=timezone.now())
    candidate(incident, topic)
    notices.tell_of_candidates()
    assert (told(team_lead), told(second)) == ([], ["incident_candidates"])


def test_nobody_hears_of_candidates_of_a_closed_incident(incident, topic, team_lead):
    candidate(incident, topic)
    incidents.close_incident(incident, by=team_lead)
    assert notices.tell_of_candidates() == 0
