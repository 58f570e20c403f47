"""The same request under the same key is done once."""

import pytest

from tests.at_once import at_once
from tests.tickets.api.test_trader_api import NEW, picture
from tickets.actions import replying
from tickets.models import Attachment, Message, Ticket


@pytest.mark.django_db
def test_a_request_that_is_sent_twice_is_one(app, topic):
    first, again = (app.post("tickets", NEW, Idempotency_Key="abc") for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert Ticket.objects.count() == 1
    assert app.post("tickets", NEW).json()["public_id"] != first.json()["public_id"]


@pytest.mark.django_db
def test_another_request_under_the_same_key_is_refused(app, ticket):
    app.post("tickets", NEW, Idempotency_Key="abc")
    refused = app.post("tickets", {**NEW, "body": "Another."}, Idempotency_Key="abc")
    assert refused.status_code == 422
    assert refused.json()["type"] == "urn:problem:key-reused"
    elsewhere = app.post(f"tickets/{ticket.public_id}/messages", {"body": "x"}, Idempotency_Key="abc")
    assert elsewhere.json()["type"] == "urn:problem:key-reused"
    assert Ticket.objects.count() == 2


@pytest.mark.django_db
def test_keys_of_different_people_have_nothing_to_do_with_one_another(app, app_of, other_trader, topic):
    one = app.post("tickets", NEW, Idempotency_Key="abc").json()
    two = app_of(other_trader).post("tickets", NEW, Idempotency_Key="abc").json()
    assert one["public_id"] != two["public_id"]


@pytest.mark.django_db
def test_what_was_refused_can_be_sent_again_corrected(app, topic):
    wrong = app.post("tickets", {**NEW, "body": " \u200b\n "}, Idempotency_Key="abc")
    assert wrong.status_code in (201, 422)
    blank = app.post("tickets", {**NEW, "body": "   "}, Idempotency_Key="def")
    assert blank.status_code == 422
    assert app.post("tickets", NEW, Idempotency_Key="def").status_code == 201


@pytest.mark.django_db
def test_messages_files_replies_and_notes_are_done_once(app, desk, ticket):
    path, at_desk = f"tickets/{ticket.public_id}", f"desk/tickets/{ticket.public_id}"
    for _ in range(2):
        assert app.post(f"{path}/messages", {"body": "Hello"}, Idempotency_Key="m").status_code == 201
        assert app.upload(f"{path}/attachments", "See", picture(), Idempotency_Key="f").status_code == 201
        assert desk.post(f"{at_desk}/notes", {"body": "Note"}, Idempotency_Key="n").status_code == 201
    version = desk.get(at_desk).json()["version"]
    for _ in range(2):
        reply = desk.post(f"{at_desk}/replies", {"body": "Reply", "version": version}, Idempotency_Key="r")
        assert reply.status_code == 201
    assert sorted(Message.objects.values_list("kind", flat=True)) == ["customer"] * 3 + ["note", "reply"]
    assert Attachment.objects.count() == 1


@pytest.mark.django_db
def test_a_reply_that_was_taken_back_is_not_sent_by_its_key(desk, ticket, agent):
    at_desk = f"desk/tickets/{ticket.public_id}"
    said = {"body": "Reply", "version": desk.get(at_desk).json()["version"]}
    assert desk.post(f"{at_desk}/replies", said, Idempotency_Key="r").status_code == 201
    replying.undo_reply(Message.objects.get(kind="reply"), by=agent)
    again = desk.post(f"{at_desk}/replies", said, Idempotency_Key="r")
    assert (again.status_code, again.json()["type"]) == (409, "urn:problem:conflict")
    assert not Message.objects.filter(kind="reply").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["x" * 65, "a b", "\x7f", "ключ"])
def test_a_key_is_short_and_plain(app, topic, key):
    assert app.post("tickets", NEW, Idempotency_Key=key).status_code in (400, 422)
    assert not Ticket.objects.exists()


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_four_at_the_same_moment_are_one(app, topic):
    answers = at_once(*(lambda: app.post("tickets", NEW, Idempotency_Key="abc") for _ in range(4)))
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.json()["public_id"] for answer in answers}) == 1
    assert Ticket.objects.count() == 1
