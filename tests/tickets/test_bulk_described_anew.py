"""An incident that is described anew after its answer has gone out: what is then found waits for a person."""

import pytest

from tests.tickets.bulk import WORDS, answers_of, sent, ticket_in
from tests.tickets.factories import TicketFactory
from tickets import similarity
from tickets.actions import bulk_delivering, incidents
from tickets.models import Incident, Ticket, Topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def likely(monkeypatch: pytest.MonkeyPatch):
    """Sets how alike everything is to the incident."""

    def is_alike(score: float) -> None:
        match = similarity.Match(score, (similarity.Evidence("network", "trc20"),))
        monkeypatch.setattr("tickets.actions.incidents.likeness", lambda *_: match)

    return is_alike


def arrived(topic: Topic) -> Ticket:
    ticket = TicketFactory(topic=topic, body=WORDS["en"])
    incidents.look_at_new(ticket.events.get(kind="created").pk)
    return ticket


def described_anew(incident: Incident, lead: object, topic: Topic) -> None:
    words = {"description": "", "reference": "", "reference_language": "en", "keywords": {"en": ["deposit"]}}
    when = {"started_at": incident.started_at, "topics": [topic]}
    incidents.change_incident(incident, by=lead, title="Anything at all", **words, **when)
    bulk_delivering.deliver_bulk()


def test_what_was_left_out_of_the_sending_does_not_join_it(incident, topic, team_lead, written, likely):
    likely(0.97)
    left_out = arrived(topic)
    ticket_in(incident, topic, team_lead)
    written("en")
    sent(incident, team_lead)
    described_anew(incident, team_lead, topic)
    assert answers_of(left_out) == []
    assert incident.members.get(ticket=left_out).state == "candidate"


def test_what_came_later_and_was_not_like_the_incident_before_does_not_join_it(
    incident, topic, team_lead, written, likely
):
    likely(0.97)
    ticket_in(incident, topic, team_lead)
    written("en")
    sent(incident, team_lead)
    likely(0.5)
    other = arrived(topic)
    likely(0.97)
    described_anew(incident, team_lead, topic)
    assert answers_of(other) == []
    assert incident.members.get(ticket=other).state == "candidate"


def test_what_is_older_than_the_sending_does_not_join_when_it_is_found(incident, topic, team_lead, written, likely):
    likely(0.5)
    older = arrived(topic)
    incident.members.filter(ticket=older).delete()
    ticket_in(incident, topic, team_lead)
    written("en")
    sent(incident, team_lead)
    likely(0.97)
    Incident.objects.update(searched_until=None)
    incident.refresh_from_db()
    incidents.find_candidates(incident)
    bulk_delivering.deliver_bulk()
    assert answers_of(older) == []
    assert incident.members.get(ticket=older).state == "candidate"
