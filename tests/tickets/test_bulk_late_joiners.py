"""Who joins an incident late gets its answer, within the bounds of one that is sent."""

import pytest

from tests.tickets.bulk import ENGLISH, WORDS, answers_of, sent, ticket_in
from tests.tickets.factories import TicketFactory
from tickets.actions import bulk_delivering, bulk_planning, bulk_sending, incident_texts, incidents
from tickets.errors import TicketError, TransitionNotAllowed
from tickets.models import BulkRecipient, Incident, Ticket, Topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def sure(monkeypatch: pytest.MonkeyPatch) -> None:
    from tickets import similarity

    match = similarity.Match(0.97, (similarity.Evidence("network", "trc20"),))
    monkeypatch.setattr("tickets.actions.incidents.likeness", lambda *_: match)


def arrives(topic: Topic, **values: object) -> Ticket:
    ticket = TicketFactory(topic=topic, **{"body": WORDS["en"], **values})
    incidents.look_at_new(ticket.events.get(kind="created").pk)
    return ticket


def test_who_joins_late_gets_the_answer(incident, topic, team_lead, written, sure):
    ticket_in(incident, topic, team_lead)
    written("en")
    sent(incident, team_lead)
    late = arrives(topic)
    incidents.look_at_new(late.events.get(kind="created").pk)
    assert bulk_delivering.deliver_bulk() == 1
    assert [m.body for m in answers_of(late)] == [ENGLISH]
    assert incident.members.get(ticket=late).is_late


def test_before_the_answer_has_gone_out_nobody_joins_alone(incident, topic, team_lead, written, sure):
    late = arrives(topic)
    assert incident.members.get(ticket=late).state == "candidate"
    assert BulkRecipient.objects.count() == 0


def test_a_late_joiner_without_a_text_in_its_language_waits(incident, topic, team_lead, written, sure):
    ticket_in(incident, topic, team_lead)
    written("en")
    sent(incident, team_lead)
    late = arrives(topic, language="ru", body=WORDS["ru"])
    assert bulk_delivering.deliver_bulk() == 0
    assert answers_of(late) == []


def test_late_joiners_beyond_a_hundred_wait_for_a_second_person(incident, topic, team_lead, written, sure, monkeypatch):
    monkeypatch.setattr("tickets.bulk_plan.ALONE", 2)
    ticket_in(incident, topic, team_lead)
    written("en")
    sent(incident, team_lead)
    late = [arrives(topic) for _ in range(3)]
    assert bulk_delivering.deliver_bulk() == 1
    assert [len(answers_of(ticket)) for ticket in late] == [1, 0, 0]
    send = bulk_planning.dry_run(incident, by=team_lead)
    assert (send.counts["getting"], bulk_sending.approvals_needed(send)) == (2, 2)


def test_a_late_joiner_gets_the_version_that_it_joined(incident, topic, team_lead, second_lead, written, sure):
    ticket_in(incident, topic, team_lead)
    written("en")
    sent(incident, team_lead)
    late = arrives(topic)
    incident.refresh_from_db()
    incident_texts.begin_update(incident, by=team_lead)
    incident.refresh_from_db()
    written("en", "All is well again, nobody has agreed to send this yet.")
    bulk_delivering.deliver_bulk()
    assert [m.body for m in answers_of(late)] == [ENGLISH]


def test_late_joining_can_be_switched_off(incident, topic, team_lead, written, sure):
    ticket_in(incident, topic, team_lead)
    written("en")
    sent(incident, team_lead)
    Incident.objects.update(joins_late=False)
    late = arrives(topic)
    assert incident.members.get(ticket=late).state == "candidate"


def test_nothing_is_sent_for_a_closed_incident(incident, topic, team_lead, written):
    ticket_in(incident, topic, team_lead)
    written("en")
    send = bulk_planning.dry_run(incident, by=team_lead)
    incidents.close_incident(incident, by=team_lead)
    with pytest.raises(TicketError):
        bulk_sending.send_bulk(send, by=team_lead)
    with pytest.raises(TransitionNotAllowed):
        bulk_planning.dry_run(incident, by=team_lead)
