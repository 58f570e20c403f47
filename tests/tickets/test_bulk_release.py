"""An answer to many goes out when enough leads have seen it, after a minute in which it can be taken back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.tickets.bulk import ENGLISH, answers_of, let_go, opened, sent, ticket_in
from tests.tickets.factories import answered
from tickets.actions import bulk_delivering, bulk_planning, bulk_sending, incident_texts, incidents
from tickets.enums import Omission, RecipientState, SendState
from tickets.errors import AlreadyDone, StaleTicket, TransitionNotAllowed
from tickets.models import BulkRecipient, BulkSample, Ticket

pytestmark = pytest.mark.django_db


def test_the_sample_has_to_be_opened_and_who_did_is_kept(incident, topic, team_lead, second_lead, written):
    for _ in range(7):
        ticket_in(incident, topic, team_lead)
    written("en")
    send = bulk_planning.dry_run(incident, by=team_lead)
    assert len(send.sample) == 5
    with pytest.raises(TransitionNotAllowed, match="5 are left"):
        bulk_sending.send_bulk(send, by=team_lead)
    assert bulk_sending.open_sample(send, Ticket.objects.get(pk=send.sample[0]), by=second_lead) == ENGLISH
    opened(send, team_lead)
    assert list(BulkSample.objects.order_by("pk").values_list("opened_by", flat=True)) == [
        second_lead.pk,
        *[team_lead.pk] * 4,
    ]
    assert bulk_sending.send_bulk(send, by=team_lead).state == SendState.SENDING


def test_more_than_a_hundred_need_two_people(incident, topic, team_lead, second_lead, written, monkeypatch):
    for _ in range(3):
        ticket_in(incident, topic, team_lead)
    written("en")
    monkeypatch.setattr("tickets.bulk_plan.ALONE", 2)
    send = opened(bulk_planning.dry_run(incident, by=team_lead), team_lead)
    with pytest.raises(PermissionDenied, match="Somebody else"):
        bulk_sending.send_bulk(send, by=team_lead)
    bulk_sending.approve_send(send, by=second_lead)
    assert bulk_sending.send_bulk(send, by=team_lead).state == SendState.SENDING


def test_who_would_send_alone_has_approved_and_the_second_person_sends(
    incident, topic, team_lead, second_lead, written, monkeypatch
):
    for _ in range(3):
        ticket_in(incident, topic, team_lead)
    written("en")
    monkeypatch.setattr("tickets.bulk_plan.ALONE", 2)
    send = opened(bulk_planning.dry_run(incident, by=team_lead), team_lead)
    for _ in range(2):  # one person twice is still one
        with pytest.raises(PermissionDenied, match="Somebody else"):
            bulk_sending.send_bulk(send, by=team_lead)
    assert bulk_sending.send_bulk(send, by=second_lead).state == SendState.SENDING


def test_two_sendings_of_one_person_count_together(incident, topic, team_lead, second_lead, written, monkeypatch):
    monkeypatch.setattr("tickets.bulk_plan.ALONE", 2)
    written("en")
    for _ in range(2):
        ticket_in(incident, topic, team_lead)
    sent(incident, team_lead)
    ticket_in(incident, topic, team_lead)
    send = opened(bulk_planning.dry_run(incident, by=team_lead), team_lead)
    with pytest.raises(PermissionDenied, match="Somebody else"):
        bulk_sending.send_bulk(send, by=team_lead)
    bulk_sending.approve_send(send, by=second_lead)
    assert bulk_sending.send_bulk(send, by=team_lead).state == SendState.SENDING


def test_what_two_have_let_go_leaves_one_their_hundred(incident, topic, team_lead, second_lead, written, monkeypatch):
    monkeypatch.setattr("tickets.bulk_plan.ALONE", 1)
    written("en")
    for _ in range(2):
        ticket_in(incident, topic, team_lead)
    send = opened(bulk_planning.dry_run(incident, by=team_lead), team_lead)
    bulk_sending.approve_send(send, by=second_lead)
    let_go(bulk_sending.send_bulk(send, by=team_lead))
    ticket_in(incident, topic, team_lead)
    assert sent(incident, team_lead).state == SendState.DONE


def test_what_a_worker_has_sent_stays_sent(incident, topic, team_lead, written):
    """A worker whose clock is ahead, or that was quicker in the last second."""
    ticket = ticket_in(incident, topic, team_lead)
    written("en")
    send = bulk_sending.send_bulk(opened(bulk_planning.dry_run(incident, by=team_lead), team_lead), by=team_lead)
    send.recipients.update(due_at=timezone.now() - timedelta(seconds=1))
    assert bulk_delivering.deliver_bulk() == 1
    with pytest.raises(AlreadyDone):
        bulk_sending.undo_bulk(send, by=team_lead)
    assert BulkRecipient.objects.get().state == RecipientState.SENT
    assert len(answers_of(ticket)) == 1


def test_another_language_chosen_within_the_minute_holds_the_answer(incident, topic, team_lead, written):
    ticket = ticket_in(incident, topic, team_lead)
    written("en")
    send = bulk_sending.send_bulk(opened(bulk_planning.dry_run(incident, by=team_lead), team_lead), by=team_lead)
    incidents.pick_language(incident, ticket, "ko", by=team_lead)
    let_go(send)
    assert BulkRecipient.objects.get().reason == Omission.OTHER_LANGUAGE
    assert answers_of(ticket) == []


def test_what_a_person_answers_within_the_minute_gets_no_second_answer(incident, topic, team_lead, agent, written):
    ticket = ticket_in(incident, topic, team_lead)
    written("en")
    send = bulk_sending.send_bulk(opened(bulk_planning.dry_run(incident, by=team_lead), team_lead), by=team_lead)
    answered(ticket, by=agent)
    let_go(send)
    assert BulkRecipient.objects.get().reason == Omission.ATTENDED
    assert len(answers_of(ticket)) == 1


def test_nothing_leaves_within_the_minute_and_it_can_be_taken_back(incident, topic, team_lead, written):
    ticket = ticket_in(incident, topic, team_lead)
    written("en")
    send = bulk_sending.send_bulk(opened(bulk_planning.dry_run(incident, by=team_lead), team_lead), by=team_lead)
    assert 59 < (send.starts_at - timezone.now()).total_seconds() <= 60
    assert bulk_delivering.deliver_bulk() == 0
    assert bulk_sending.undo_bulk(send, by=team_lead).state == SendState.UNDONE
    let_go(send)
    assert answers_of(ticket) == []
    assert sent(incident, team_lead).state == SendState.DONE
    assert len(answers_of(ticket)) == 1


def test_what_is_going_out_cannot_be_taken_back(incident, topic, team_lead, written):
    ticket_in(incident, topic, team_lead)
    written("en")
    send = sent(incident, team_lead)
    with pytest.raises(AlreadyDone):
        bulk_sending.undo_bulk(send, by=team_lead)


def test_a_text_that_changed_since_the_dry_run_does_not_go(incident, topic, team_lead, second_lead, written):
    ticket_in(incident, topic, team_lead)
    written("en")
    send = opened(bulk_planning.dry_run(incident, by=team_lead), team_lead)
    answer = incident_texts.write_answer(incident, "en", "Something else.", by=team_lead)
    with pytest.raises(StaleTicket):
        bulk_sending.send_bulk(send, by=team_lead)
    incident_texts.approve_answer(answer, by=second_lead)
    with pytest.raises(StaleTicket):
        bulk_sending.send_bulk(send, by=team_lead)


def test_only_leads_plan_open_approve_send_and_undo(incident, topic, team_lead, agent, written):
    ticket = ticket_in(incident, topic, team_lead)
    written("en")
    send = bulk_planning.dry_run(incident, by=team_lead)
    for refused in (
        lambda: bulk_planning.dry_run(incident, by=agent),
        lambda: bulk_sending.open_sample(send, ticket, by=agent),
        lambda: bulk_sending.approve_send(send, by=agent),
        lambda: bulk_sending.send_bulk(send, by=agent),
        lambda: bulk_sending.undo_bulk(send, by=agent),
    ):
        with pytest.raises(PermissionDenied):
            refused()


def test_a_line_that_fails_is_tried_again_and_then_shown(incident, topic, team_lead, written):
    ticket_in(incident, topic, team_lead)
    written("en")
    send = bulk_sending.send_bulk(opened(bulk_planning.dry_run(incident, by=team_lead), team_lead), by=team_lead)
    incident.answers.all().delete()  # nothing that a person can do: it stands for whatever breaks
    for _ in range(5):
        let_go(send)
    row = BulkRecipient.objects.get()
    assert (row.state, row.attempts) == (RecipientState.FAILED, 5)
    assert row.error.startswith("StaleTicket")
    assert send.state == SendState.DONE
