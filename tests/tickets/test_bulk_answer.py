"""Each ticket of an incident gets the answer once and in its language; those that it does not fit are left out."""

import pytest

from tests.tickets.bulk import ENGLISH, WORDS, answers_of, let_go, opened, sent, ticket_in
from tests.tickets.factories import TopicFactory, answered
from tickets.actions import (
    bulk_delivering,
    bulk_planning,
    bulk_sending,
    incident_texts,
    incidents,
    merging,
    moving,
    replying,
)
from tickets.enums import Delivery, MessageKind, Omission, RecipientState, SendState, Status
from tickets.errors import TransitionNotAllowed
from tickets.models import BulkRecipient, Clock, Message, TicketEvent

pytestmark = pytest.mark.django_db


# What everybody gets


def test_each_ticket_gets_the_answer_in_its_language(incident, topic, team_lead, written):
    english, korean = ticket_in(incident, topic, team_lead), ticket_in(incident, topic, team_lead, "ko")
    written("en")
    written("ko", "TRC20 입금이 최대 40분 늦게 반영됩니다.")
    assert sent(incident, team_lead).state == SendState.DONE
    assert [m.body for m in answers_of(english)] == [ENGLISH]
    assert [(m.body, m.language) for m in answers_of(korean)] == [("TRC20 입금이 최대 40분 늦게 반영됩니다.", "ko")]


def test_the_ticket_waits_for_its_customer_and_is_given_to_nobody(incident, topic, team_lead, written):
    ticket = ticket_in(incident, topic, team_lead)
    written("en")
    sent(incident, team_lead)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.assignee, ticket.unanswered_since) == (Status.PENDING, None, None)
    assert ticket.first_reply_at is not None


def test_the_first_reply_is_told_apart(incident, topic, team_lead, written):
    ticket = ticket_in(incident, topic, team_lead)
    written("en")
    sent(incident, team_lead)
    assert Clock.objects.get(ticket=ticket, metric="first_reply").via == "bulk"
    event = TicketEvent.objects.get(ticket=ticket, kind="replied")
    assert event.data == {"via": "bulk", "incident": incident.pk}


def test_a_second_question_stays_open(incident, topic, team_lead, written):
    ticket = ticket_in(incident, topic, team_lead)
    replying.write_to_ticket(ticket, "And what about my other deposit?", by=ticket.requester)
    written("en")
    sent(incident, team_lead)
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN
    assert len(answers_of(ticket)) == 1


def test_nobody_gets_it_twice(incident, topic, team_lead, written):
    ticket = ticket_in(incident, topic, team_lead)
    written("en")
    sent(incident, team_lead)
    bulk_delivering.deliver_bulk()
    send = bulk_planning.dry_run(incident, by=team_lead)
    assert send.counts["omitted"] == {"answered": 1}
    with pytest.raises(TransitionNotAllowed):
        bulk_sending.send_bulk(send, by=team_lead)
    assert len(answers_of(ticket)) == 1


def test_a_ticket_into_which_an_answered_one_was_merged_does_not_get_it_again(incident, topic, team_lead, written):
    first = ticket_in(incident, topic, team_lead)
    written("en")
    sent(incident, team_lead)
    second = ticket_in(incident, topic, team_lead, by=first.requester)
    merging.merge(first, second, by=team_lead)
    assert bulk_planning.dry_run(incident, by=team_lead).counts["omitted"] == {"answered": 2}


def test_an_update_goes_to_everybody_once_more(incident, topic, team_lead, second_lead, written):
    ticket = ticket_in(incident, topic, team_lead)
    written("en")
    sent(incident, team_lead)
    incident = incident_texts.begin_update(incident, by=team_lead)
    draft = incident_texts.write_answer(incident, "en", "All deposits have been credited.", by=team_lead)
    assert not draft.is_approved
    incident_texts.approve_answer(draft, by=second_lead)
    sent(incident, team_lead)
    assert [m.body for m in answers_of(ticket)] == [ENGLISH, "All deposits have been credited."]


# Languages


def test_without_a_text_in_the_language_a_ticket_waits(incident, topic, team_lead, written):
    turkish = ticket_in(incident, topic, team_lead, "tr", body="USDT gelmedi")
    ticket_in(incident, topic, team_lead)
    written("en")
    send = sent(incident, team_lead)
    assert send.counts["missing"] == {"tr": 1}
    assert answers_of(turkish) == []


def test_english_with_a_note_goes_where_a_lead_said_so_and_somebody_approved(
    incident, topic, team_lead, second_lead, written
):
    turkish = ticket_in(incident, topic, team_lead, "tr", body="USDT gelmedi")
    written("en")
    note = incident_texts.fall_back(incident, "tr", by=team_lead)
    assert bulk_planning.dry_run(incident, by=team_lead).counts["getting"] == 0
    incident_texts.approve_answer(note, by=second_lead)
    sent(incident, team_lead)
    [message] = answers_of(turkish)
    assert message.language == "en"
    assert message.body.endswith(ENGLISH)
    assert message.body != ENGLISH
    row = BulkRecipient.objects.get(ticket=turkish)
    assert (row.language, row.for_language) == ("en", "tr")


def test_a_text_by_a_machine_says_so(incident, topic, team_lead, written):
    ticket = ticket_in(incident, topic, team_lead)
    written("en", is_machine=True)
    sent(incident, team_lead)
    assert "machine" in answers_of(ticket)[0].body


def test_what_was_written_in_another_language_than_chosen_is_held_for_a_look(incident, topic, team_lead, written):
    ticket = ticket_in(incident, topic, team_lead, "en", body=WORDS["ko"])
    written("en")
    written("ko", "최대 40분 늦게 반영됩니다.")
    assert bulk_planning.dry_run(incident, by=team_lead).counts["omitted"] == {Omission.OTHER_LANGUAGE: 1}
    incidents.pick_language(incident, ticket, "ko", by=team_lead)
    sent(incident, team_lead)
    assert [m.language for m in answers_of(ticket)] == ["ko"]


def test_without_a_language_the_text_decides_where_it_is_sure(incident, topic, team_lead, written):
    korean = ticket_in(incident, topic, team_lead, "", body=WORDS["ko"])
    unclear = ticket_in(incident, topic, team_lead, "", body="USDT TRC20 ???", subject="USDT")
    written("en")
    written("ko", "최대 40분 늦게 반영됩니다.")
    sent(incident, team_lead)
    assert [m.language for m in answers_of(korean)] == ["ko"]
    assert answers_of(unclear) == []


# Who does not get it


def test_security_closed_spam_and_what_a_person_answered_are_left_out(incident, topic, team_lead, agent, written):
    ticket_in(incident, TopicFactory(key="security"), team_lead)
    ticket_in(incident, TopicFactory(skill="security"), team_lead)
    moving.mark_spam(ticket_in(incident, topic, team_lead), by=team_lead)
    answered(ticket_in(incident, topic, team_lead), by=agent)
    written("en")
    send = bulk_planning.dry_run(incident, by=team_lead)
    assert send.counts["omitted"] == {"security": 2, "ended": 1, "attended": 1}
    assert send.counts["getting"] == 0


def test_a_new_message_of_the_customer_stops_the_answer(incident, topic, team_lead, written):
    ticket = ticket_in(incident, topic, team_lead)
    written("en")
    send = bulk_sending.send_bulk(opened(bulk_planning.dry_run(incident, by=team_lead), team_lead), by=team_lead)
    replying.write_to_ticket(ticket, "It arrived, thank you!", by=ticket.requester)
    let_go(send)
    row = BulkRecipient.objects.get()
    assert (row.state, row.reason) == (RecipientState.SKIPPED, Omission.CUSTOMER_WROTE)
    assert answers_of(ticket) == []
    assert sent(incident, team_lead).counts["getting"] == 1
    assert len(answers_of(ticket)) == 1


def test_what_is_taken_out_or_spam_meanwhile_gets_nothing(incident, topic, team_lead, written):
    out, spam = ticket_in(incident, topic, team_lead), ticket_in(incident, topic, team_lead)
    written("en")
    send = bulk_sending.send_bulk(opened(bulk_planning.dry_run(incident, by=team_lead), team_lead), by=team_lead)
    incidents.take_out(incident, [out], by=team_lead)
    moving.mark_spam(spam, by=team_lead)
    let_go(send)
    assert set(BulkRecipient.objects.values_list("reason", flat=True)) == {"taken_out", "ended"}
    assert not Message.objects.filter(kind=MessageKind.REPLY, delivery=Delivery.SENT).exists()
