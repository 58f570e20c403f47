"""A reply and a note are written in boxes of their own: neither becomes the other, and neither is lost to the other."""

import pytest

from tests.tickets.factories import MacroFactory
from tickets.actions import drafting, moving, replying
from tickets.models import Agent, Message, ReplyDraft, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(desk, ticket, thread_of):
    def post(**values):
        sent = {"kind": "reply", "body": "", "note_body": "", "then": "pending"}
        version = Ticket.objects.get(pk=ticket.pk).version
        return desk.post(thread_of(ticket, "write"), {**sent, "seen": version, **values})

    return post


@pytest.fixture
def boxes(desk, ticket, thread_of):
    """What stands in the two boxes, and which is open."""

    def read(**asked):
        box = desk.get(thread_of(ticket), asked).context["box"]
        return box.reply.body, box.note.body, box.kind

    return read


@pytest.mark.parametrize(("kind", "other"), [("reply", "note"), ("note", "reply")])
def test_what_was_begun_in_the_other_box_stays_when_one_is_sent(send, boxes, ticket, kind, other):
    assert send(kind=kind, body="For the customer.", note_body="For us.").status_code == 302
    said = {"reply": "For the customer.", "note": "For us."}
    assert ticket.messages.get(kind=kind).body == said[kind]
    assert not ticket.messages.filter(kind=other).exists()
    left = ("", "For us.", "note") if kind == "reply" else ("For the customer.", "", "reply")
    assert boxes() == left


def test_a_note_box_that_is_empty_sends_nothing_of_the_other(send, ticket):
    response = send(kind="note", body="For the customer.")
    assert response.status_code == 422
    assert "Write what you want to say." in response.context["box"].problem
    assert response.context["box"].reply.body == "For the customer."
    assert not ticket.messages.filter(kind="note").exists()


def test_both_come_back_when_one_is_refused_and_are_there_later(send, boxes):
    box = send(body="Send us your password.", note_body="For us.").context["box"]
    assert (box.reply.body, box.note.body) == ("Send us your password.", "For us.")
    assert boxes()[:2] == ("Send us your password.", "For us.")


def test_each_draft_is_kept_apart(desk, ticket, thread_of, boxes):
    desk.post(thread_of(ticket, "draft"), {"kind": "reply", "body": "Dear Toma,"})
    desk.post(thread_of(ticket, "draft"), {"kind": "note", "note_body": "He wrote twice."})
    assert boxes() == ("Dear Toma,", "He wrote twice.", "note")
    desk.post(thread_of(ticket, "draft"), {"kind": "reply", "body": ""})
    assert boxes() == ("", "He wrote twice.", "note")


def test_an_empty_box_of_an_older_window_lets_no_draft_go(desk, send, ticket, thread_of, boxes):
    desk.post(thread_of(ticket, "draft"), {"kind": "note", "note_body": "Begun in another window."})
    send(body="For the customer.")
    assert boxes()[1] == "Begun in another window."


def test_a_window_with_one_box_sends_what_it_was_told_to(desk, ticket, thread_of):
    sent = {"kind": "note", "body": "For us.", "seen": ticket.version}
    assert desk.post(thread_of(ticket, "write"), sent).status_code == 302
    assert ticket.messages.get(kind="note").body == "For us."
    assert not ReplyDraft.objects.exists()


def test_a_reply_that_is_taken_back_never_becomes_part_of_a_note(agent, ticket, boxes):
    held = replying.reply(ticket, "We found it.", by=agent)
    drafting.keep_draft(ticket, "He is a friend of mine.", by=agent, is_note=True)
    replying.undo_reply(held, by=agent)
    assert boxes()[:2] == ("We found it.", "He is a friend of mine.")


def test_a_note_that_a_colleague_shares_never_comes_into_the_box_of_a_reply(
    ticket, other_agent, desk, thread_of, boxes
):
    draft = drafting.keep_draft(ticket, "Looks like fraud.", by=other_agent, is_note=True, is_shared=True)
    assert "Use the note that Mina Sato shares" in desk.get(thread_of(ticket)).content.decode()
    assert boxes(draft=draft.pk) == ("", "Looks like fraud.", "note")


def test_a_shared_text_that_is_in_the_box_already_is_not_there_twice(ticket, agent, other_agent, boxes):
    draft = drafting.keep_draft(ticket, "Half an answer", by=other_agent, is_shared=True)
    drafting.keep_draft(ticket, "Half an answer, and more", by=agent)
    assert boxes(draft=draft.pk)[0] == "Half an answer, and more"


def test_a_macro_goes_to_the_customer_though_a_note_was_begun(ticket, agent, boxes):
    macro = MacroFactory(body_en="Your deposit is on its way.")
    drafting.keep_draft(ticket, "He wrote twice.", by=agent, is_note=True)
    assert boxes(macro=macro.pk) == ("Your deposit is on its way.", "He wrote twice.", "reply")


def test_a_reply_that_is_taken_back_is_not_signed_twice(desk, agent, ticket, thread_of, send):
    Agent.objects.create(person=agent, signature="Rui, Northgate")
    send(body="We found it.", sign="on")
    replying.undo_reply(Message.objects.get(kind="reply"), by=agent)
    box = desk.get(thread_of(ticket)).context["box"]
    assert box.reply.body.count("Rui, Northgate") == 1
    assert not box.sign


def test_on_a_ticket_that_ended_what_was_written_can_still_be_read(send, desk, ticket, team_lead, thread_of):
    moving.mark_spam(ticket, by=team_lead)
    page = send(body="One more thing.", note_body="And one for us.").content.decode()
    again = desk.get(thread_of(ticket)).content.decode()
    for text in ("One more thing.", "And one for us."):
        assert text in page
        assert text in again
