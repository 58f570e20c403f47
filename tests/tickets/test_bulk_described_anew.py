"""An incident that is described anew after its answer has gone out: what is then found waits for a person, and so do
new requests until leads have looked at it again."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.tickets.bulk import WORDS, answers_of, let_go, opened, sent, ticket_in
from tests.tickets.factories import TicketFactory
from tickets import similarity
from tickets.actions import bulk_delivering, bulk_planning, bulk_sending, incidents, joining
from tickets.errors import TransitionNotAllowed
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


def described_anew(incident: Incident, lead: object, topic: Topic, **changed: object) -> None:
    words = {"description": "", "reference": "", "reference_language": "en", "keywords": {"en": ["deposit"]}}
    when = {"started_at": incident.started_at, "topics": [topic]}
    incidents.change_incident(incident, by=lead, **{"title": "Anything at all", **words, **when, **changed})
    bulk_delivering.deliver_bulk()
    incident.refresh_from_db()


def as_it_is(incident: Incident) -> dict[str, object]:
    names = ("title", "reference", "reference_language", "keywords")
    return {name: getattr(incident, name) for name in names}


def gets_the_answer(topic: Topic) -> bool:
    ticket = arrived(topic)
    bulk_delivering.deliver_bulk()
    return bool(answers_of(ticket))


@pytest.fixture
def gone_out(incident, topic, team_lead, written, likely) -> Incident:
    """An incident whose answer went to one ticket, sent by one lead; everything is like it."""
    likely(0.97)
    ticket_in(incident, topic, team_lead)
    written("en")
    sent(incident, team_lead)
    return incident


@pytest.fixture
def sent_by_two(incident, topic, team_lead, second_lead, written, likely, monkeypatch) -> Incident:
    """The answer of another one, which two leads let go, to more than one may send alone."""
    monkeypatch.setattr("tickets.bulk_plan.ALONE", 1)
    likely(0.97)
    for _ in range(2):
        ticket_in(incident, topic, team_lead)
    written("en")
    send = opened(bulk_planning.dry_run(incident, by=team_lead), team_lead)
    bulk_sending.approve_send(send, by=team_lead)
    let_go(bulk_sending.send_bulk(send, by=second_lead))
    return incident


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


def test_new_requests_wait_until_somebody_has_looked_again(gone_out, topic, team_lead):
    assert gets_the_answer(topic)
    described_anew(gone_out, team_lead, topic)
    waits = arrived(topic)
    assert not gets_the_answer(topic)
    assert gone_out.members.get(ticket=waits).state == "candidate"
    assert joining.approve_joining(gone_out, by=team_lead)
    assert gets_the_answer(topic)
    assert answers_of(waits) == []


def test_where_two_leads_had_to_send_it_two_have_to_look_again(sent_by_two, topic, team_lead, second_lead):
    assert gets_the_answer(topic)
    described_anew(sent_by_two, team_lead, topic)
    assert not joining.approve_joining(sent_by_two, by=team_lead)
    assert not joining.approve_joining(sent_by_two, by=team_lead)
    assert not gets_the_answer(topic)
    assert joining.approve_joining(sent_by_two, by=second_lead)
    assert gets_the_answer(topic)


def test_what_one_lead_has_looked_at_ends_where_two_are_needed(gone_out, topic, team_lead, monkeypatch):
    monkeypatch.setattr("tickets.bulk_plan.ALONE", 2)
    described_anew(gone_out, team_lead, topic)
    joining.approve_joining(gone_out, by=team_lead)
    assert [gets_the_answer(topic) for _ in range(2)] == [True, False]


def test_who_lets_the_next_sending_go_has_looked(gone_out, topic, team_lead):
    described_anew(gone_out, team_lead, topic)
    ticket_in(gone_out, topic, team_lead)
    sent(gone_out, team_lead)
    assert gets_the_answer(topic)


def test_a_dry_run_from_before_is_no_look(incident, topic, team_lead, written, likely):
    likely(0.97)
    ticket_in(incident, topic, team_lead)
    written("en")
    send = opened(bulk_planning.dry_run(incident, by=team_lead), team_lead)
    described_anew(incident, team_lead, topic)
    let_go(bulk_sending.send_bulk(send, by=team_lead))
    assert not gets_the_answer(topic)


@pytest.mark.parametrize("changed", [{"description": "For colleagues"}, {"kind": "outage"}, {}])
def test_what_does_not_decide_who_joins_needs_no_look(gone_out, topic, team_lead, changed):
    described_anew(gone_out, team_lead, topic, **as_it_is(gone_out), **changed)
    assert gets_the_answer(topic)


def test_that_new_requests_join_at_all_is_looked_at_too(gone_out, topic, team_lead):
    same = as_it_is(gone_out)
    described_anew(gone_out, team_lead, topic, **same, joins_late=False)
    assert not gets_the_answer(topic)
    described_anew(gone_out, team_lead, topic, **same)
    assert not gets_the_answer(topic)
    joining.approve_joining(gone_out, by=team_lead)
    assert gets_the_answer(topic)


def test_a_description_is_looked_at_as_it_was_shown(gone_out, topic, team_lead):
    described_anew(gone_out, team_lead, topic)
    seen = gone_out.described_at.isoformat()
    described_anew(gone_out, team_lead, topic, title="Something else")
    with pytest.raises(TransitionNotAllowed, match="described anew meanwhile"):
        joining.approve_joining(gone_out, by=team_lead, seen=seen)
    assert not gets_the_answer(topic)


def test_what_came_before_the_description_waits_also_after_the_look(gone_out, topic, team_lead, monkeypatch):
    monkeypatch.setattr("tickets.actions.incidents.MOST", 1)
    left = TicketFactory(topic=topic, body=WORDS["en"])
    described_anew(gone_out, team_lead, topic)
    joining.approve_joining(gone_out, by=team_lead)
    for _ in range(3):
        gone_out.refresh_from_db()
        incidents.find_candidates(gone_out)
        bulk_delivering.deliver_bulk()
    assert answers_of(left) == []


def test_tickets_that_somebody_confirms_later_bring_no_others_without_a_look(gone_out, topic, team_lead, monkeypatch):
    other = TicketFactory(topic=topic, body="My withdrawal in dogecoin is stuck for two hours")
    incidents.link_tickets(gone_out, [other], by=team_lead)
    seen = []

    def likeness(profile, ticket, text):
        seen.append(len(profile.known))
        return similarity.Match(0.97 if len(profile.known) > seen[0] - 1 else 0.5, ())

    monkeypatch.setattr("tickets.actions.incidents.likeness", likeness)
    assert not gets_the_answer(topic)
    assert seen == [seen[0], seen[0] - 1]
    sent(gone_out, team_lead)
    assert gets_the_answer(topic)


def test_describing_anew_asks_the_database_the_same_for_3_and_30(incident, topic, team_lead, likely):
    likely(0.8)

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            described_anew(incident, team_lead, topic)
        return len(asked)

    def add(number: int) -> None:
        for _ in range(number):
            TicketFactory(topic=topic, body=WORDS["en"])

    add(3)
    questions()
    few = questions()
    add(27)
    assert questions() == few
    assert incident.members.candidates().count() == 30
