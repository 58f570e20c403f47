"""One answer to all tickets of an incident: each gets it once, in its own language, or a person looks first."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from supportdesk.accounts.models import User
from tests.tickets.factories import TicketFactory, TopicFactory, answered
from tickets.actions import bulk_sending, incident_texts, incidents, merging, moving, replying
from tickets.enums import Delivery, MessageKind, Omission, RecipientState, SendState, Status
from tickets.errors import AlreadyDone, StaleTicket, TicketError, TransitionNotAllowed
from tickets.models import (
    BulkRecipient,
    BulkSample,
    BulkSend,
    Clock,
    Incident,
    Message,
    Ticket,
    TicketEvent,
    Topic,
)

pytestmark = pytest.mark.django_db

ENGLISH = "Your deposit is on chain and safe. TRC20 deposits are credited up to 40 minutes late."
WORDS = {
    "en": "I sent 2,500 USDT to my account this morning and it is not there, please help",
    "es": "Hice un depósito por la mañana y no está en mi cuenta, por favor ayuda con el dinero",
    "ko": "오늘 아침에 USDT를 보냈는데 아직 입금되지 않았습니다",
    "ja": "今朝USDTを送りましたがまだ反映されていません",
    "ru": "Утром отправил USDT, до сих пор не пришло на счёт",
}


@pytest.fixture
def second_lead(person: Callable[..., User]) -> User:
    return person("Team leads", name="Rui Risk")


@pytest.fixture
def incident(team_lead: User, topic: Topic) -> Incident:
    started = timezone.now() - timedelta(minutes=30)
    return incidents.open_incident("USDT on Tron late", by=team_lead, started_at=started, topics=[topic])


@pytest.fixture
def written(incident: Incident, team_lead: User, second_lead: User) -> Callable[..., None]:
    def write(language: str, body: str = ENGLISH, **values: object) -> None:
        answer = incident_texts.write_answer(incident, language, body, by=team_lead, **values)
        incident_texts.approve_answer(answer, by=second_lead)

    return write


def ticket_in(incident: Incident, topic: Topic, lead: User, language: str = "en", **values: object) -> Ticket:
    ticket = TicketFactory(topic=topic, **{"language": language, "body": WORDS.get(language, WORDS["en"]), **values})
    incidents.link_tickets(incident, [ticket], by=lead)
    ticket.refresh_from_db()
    return ticket


def opened(send: BulkSend, by: User) -> BulkSend:
    for number in send.sample:
        bulk_sending.open_sample(send, Ticket.objects.get(pk=number), by=by)
    return send


def sent(incident: Incident, lead: User) -> BulkSend:
    """A sending whose minute is over."""
    send = bulk_sending.send_bulk(opened(bulk_sending.dry_run(incident, by=lead), lead), by=lead)
    return let_go(send)


def let_go(send: BulkSend) -> BulkSend:
    past = timezone.now() - timedelta(seconds=1)
    BulkSend.objects.filter(pk=send.pk).update(starts_at=past)
    send.recipients.update(due_at=past)
    bulk_sending.deliver_bulk()
    send.refresh_from_db()
    return send


def answers_of(ticket: Ticket) -> list[Message]:
    return list(ticket.messages.filter(kind=MessageKind.REPLY))


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
    bulk_sending.deliver_bulk()
    send = bulk_sending.dry_run(incident, by=team_lead)
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
    assert bulk_sending.dry_run(incident, by=team_lead).counts["omitted"] == {"answered": 2}


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
    assert bulk_sending.dry_run(incident, by=team_lead).counts["getting"] == 0
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
    assert bulk_sending.dry_run(incident, by=team_lead).counts["omitted"] == {Omission.OTHER_LANGUAGE: 1}
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
    send = bulk_sending.dry_run(incident, by=team_lead)
    assert send.counts["omitted"] == {"security": 2, "ended": 1, "attended": 1}
    assert send.counts["getting"] == 0


def test_a_new_message_of_the_customer_stops_the_answer(incident, topic, team_lead, written):
    ticket = ticket_in(incident, topic, team_lead)
    written("en")
    send = bulk_sending.send_bulk(opened(bulk_sending.dry_run(incident, by=team_lead), team_lead), by=team_lead)
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
    send = bulk_sending.send_bulk(opened(bulk_sending.dry_run(incident, by=team_lead), team_lead), by=team_lead)
    incidents.take_out(incident, [out], by=team_lead)
    moving.mark_spam(spam, by=team_lead)
    let_go(send)
    assert set(BulkRecipient.objects.values_list("reason", flat=True)) == {"taken_out", "ended"}
    assert not Message.objects.filter(kind=MessageKind.REPLY, delivery=Delivery.SENT).exists()


# Letting it go


def test_the_sample_has_to_be_opened_and_who_did_is_kept(incident, topic, team_lead, second_lead, written):
    for _ in range(7):
        ticket_in(incident, topic, team_lead)
    written("en")
    send = bulk_sending.dry_run(incident, by=team_lead)
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
    send = opened(bulk_sending.dry_run(incident, by=team_lead), team_lead)
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
    send = opened(bulk_sending.dry_run(incident, by=team_lead), team_lead)
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
    send = opened(bulk_sending.dry_run(incident, by=team_lead), team_lead)
    with pytest.raises(PermissionDenied, match="Somebody else"):
        bulk_sending.send_bulk(send, by=team_lead)
    bulk_sending.approve_send(send, by=second_lead)
    assert bulk_sending.send_bulk(send, by=team_lead).state == SendState.SENDING


def test_what_two_have_let_go_leaves_one_their_hundred(incident, topic, team_lead, second_lead, written, monkeypatch):
    monkeypatch.setattr("tickets.bulk_plan.ALONE", 1)
    written("en")
    for _ in range(2):
        ticket_in(incident, topic, team_lead)
    send = opened(bulk_sending.dry_run(incident, by=team_lead), team_lead)
    bulk_sending.approve_send(send, by=second_lead)
    let_go(bulk_sending.send_bulk(send, by=team_lead))
    ticket_in(incident, topic, team_lead)
    assert sent(incident, team_lead).state == SendState.DONE


def test_what_a_worker_has_sent_stays_sent(incident, topic, team_lead, written):
    """A worker whose clock is ahead, or that was quicker in the last second."""
    ticket = ticket_in(incident, topic, team_lead)
    written("en")
    send = bulk_sending.send_bulk(opened(bulk_sending.dry_run(incident, by=team_lead), team_lead), by=team_lead)
    send.recipients.update(due_at=timezone.now() - timedelta(seconds=1))
    assert bulk_sending.deliver_bulk() == 1
    with pytest.raises(AlreadyDone):
        bulk_sending.undo_bulk(send, by=team_lead)
    assert BulkRecipient.objects.get().state == RecipientState.SENT
    assert len(answers_of(ticket)) == 1


def test_another_language_chosen_within_the_minute_holds_the_answer(incident, topic, team_lead, written):
    ticket = ticket_in(incident, topic, team_lead)
    written("en")
    send = bulk_sending.send_bulk(opened(bulk_sending.dry_run(incident, by=team_lead), team_lead), by=team_lead)
    incidents.pick_language(incident, ticket, "ko", by=team_lead)
    let_go(send)
    assert BulkRecipient.objects.get().reason == Omission.OTHER_LANGUAGE
    assert answers_of(ticket) == []


def test_what_a_person_answers_within_the_minute_gets_no_second_answer(incident, topic, team_lead, agent, written):
    ticket = ticket_in(incident, topic, team_lead)
    written("en")
    send = bulk_sending.send_bulk(opened(bulk_sending.dry_run(incident, by=team_lead), team_lead), by=team_lead)
    answered(ticket, by=agent)
    let_go(send)
    assert BulkRecipient.objects.get().reason == Omission.ATTENDED
    assert len(answers_of(ticket)) == 1


def test_nothing_leaves_within_the_minute_and_it_can_be_taken_back(incident, topic, team_lead, written):
    ticket = ticket_in(incident, topic, team_lead)
    written("en")
    send = bulk_sending.send_bulk(opened(bulk_sending.dry_run(incident, by=team_lead), team_lead), by=team_lead)
    assert 59 < (send.starts_at - timezone.now()).total_seconds() <= 60
    assert bulk_sending.deliver_bulk() == 0
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
    send = opened(bulk_sending.dry_run(incident, by=team_lead), team_lead)
    answer = incident_texts.write_answer(incident, "en", "Something else.", by=team_lead)
    with pytest.raises(StaleTicket):
        bulk_sending.send_bulk(send, by=team_lead)
    incident_texts.approve_answer(answer, by=second_lead)
    with pytest.raises(StaleTicket):
        bulk_sending.send_bulk(send, by=team_lead)


def test_only_leads_plan_open_approve_send_and_undo(incident, topic, team_lead, agent, written):
    ticket = ticket_in(incident, topic, team_lead)
    written("en")
    send = bulk_sending.dry_run(incident, by=team_lead)
    for refused in (
        lambda: bulk_sending.dry_run(incident, by=agent),
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
    send = bulk_sending.send_bulk(opened(bulk_sending.dry_run(incident, by=team_lead), team_lead), by=team_lead)
    incident.answers.all().delete()  # nothing that a person can do: it stands for whatever breaks
    for _ in range(5):
        let_go(send)
    row = BulkRecipient.objects.get()
    assert (row.state, row.attempts) == (RecipientState.FAILED, 5)
    assert row.error.startswith("StaleTicket")
    assert send.state == SendState.DONE


# Late joiners


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
    assert bulk_sending.deliver_bulk() == 1
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
    assert bulk_sending.deliver_bulk() == 0
    assert answers_of(late) == []


def test_late_joiners_beyond_a_hundred_wait_for_a_second_person(incident, topic, team_lead, written, sure, monkeypatch):
    monkeypatch.setattr("tickets.bulk_plan.ALONE", 2)
    ticket_in(incident, topic, team_lead)
    written("en")
    sent(incident, team_lead)
    late = [arrives(topic) for _ in range(3)]
    assert bulk_sending.deliver_bulk() == 1
    assert [len(answers_of(ticket)) for ticket in late] == [1, 0, 0]
    send = bulk_sending.dry_run(incident, by=team_lead)
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
    bulk_sending.deliver_bulk()
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
    send = bulk_sending.dry_run(incident, by=team_lead)
    incidents.close_incident(incident, by=team_lead)
    with pytest.raises(TicketError):
        bulk_sending.send_bulk(send, by=team_lead)
    with pytest.raises(TransitionNotAllowed):
        bulk_sending.dry_run(incident, by=team_lead)
