"""A trader's own app: asks, reads, adds, ends and rates, and sees nothing of anybody else."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from tests.tickets.factories import TicketFactory, answered
from tickets import attachments
from tickets.actions import assigning, moving, opening, replying
from tickets.enums import Channel, Status
from tickets.models import Attachment, FieldChoice, Message, Ticket, TicketEvent, TopicField

pytestmark = pytest.mark.django_db

WORDS = "abandon " * 11 + "about"
NEW = {"topic": "deposits", "subject": "USDT has not arrived", "body": "I sent 2,500 USDT."}


def picture(name: str = "a.png") -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (4, 4), "red").save(file, "PNG")
    return SimpleUploadedFile(name, file.getvalue(), "image/png")


def test_a_request_is_sent_and_read_back(app, topic, trader):
    sent = app.post("tickets", NEW)
    assert sent.status_code == 201
    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.channel, ticket.language) == (trader, Channel.API, "en")
    assert sent.json()["public_id"] == ticket.public_id
    assert app.get(f"tickets/{ticket.public_id}").json() == sent.json()
    assert sent.json()["status"] == "received"
    assert sent.json()["url"] == f"http://testserver/en/tickets/{ticket.public_id}/"
    assert app.get("tickets").json()["items"][0]["public_id"] == ticket.public_id


def test_secrets_are_taken_out_before_anything_is_stored(app, topic):
    number = app.post("tickets", {**NEW, "body": f"My phrase is {WORDS}"}).json()["public_id"]
    message = app.get(f"tickets/{number}/messages").json()["items"][0]
    assert "abandon abandon" not in message["body"]
    assert message["removed"] == Message.objects.get().removed != []


@pytest.mark.parametrize(
    "extra",
    [{"is_staff": True}, {"assignee": 1}, {"created_at": "2020-01-01"}, {"requester": 1}, {"status": "solved"},
     {"priority": "urgent"}, {"submission_token": "x"}, {"links": [1]}],
)  # fmt: skip
def test_what_is_not_asked_for_is_refused(app, topic, extra):
    answer = app.post("tickets", {**NEW, **extra})
    assert answer.status_code == 422
    assert answer.json()["field"] == next(iter(extra))
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"topic": "none"}, "topic"),
        ({"topic": None}, "topic"),
        ({"subject": ""}, "subject"),
        ({"subject": " \u200b "}, "subject"),
        ({"subject": "x" * 5000}, "subject"),
        ({"body": 5}, "body"),
        ({"body": "x" * 30_000}, "body"),
        ({"language": "tlh"}, "language"),
        ({"details": []}, "details"),
        ({"details": {"order": 5}}, "details.order"),
        ({"details": {"order": "5"}}, "details.order"),
    ],
)
def test_what_does_not_fit_is_named(app, topic, wrong, field):
    answer = app.post("tickets", {**NEW, **wrong})
    assert answer.status_code == 422
    assert answer.json()["field"] == field
    assert answer.json()["detail"].endswith(".")
    assert not Ticket.objects.exists()


def test_the_topic_says_what_it_asks(app, topic):
    field = TopicField.objects.create(topic=topic, key="network", kind="network", label_en="Network", is_required=True)
    FieldChoice.objects.create(field=field, value="TRC20")
    shown = app.get("topics", Accept_Language="zh-hans").json()[0]
    assert shown["name"] == "我的充值未到账"
    assert shown["fields"][0]["choices"] == [{"value": "TRC20", "label": "TRC20"}]
    assert app.post("tickets", NEW).json()["field"] == "details.network"
    assert app.post("tickets", {**NEW, "details": {"network": "BEP2"}}).json()["field"] == "details.network"
    sent = app.post("tickets", {**NEW, "details": {"network": "TRC20"}})
    assert sent.json()["details"] == {"network": "TRC20"}


def test_errors_are_told_in_the_language_of_the_app(app, topic):
    here, there = (app.post("tickets", {}, Accept_Language=code).json() for code in ("en", "ja"))
    assert here["field"] == there["field"] == "topic"
    assert here["type"] == there["type"] == "urn:problem:invalid"


ABSENT = "0" * 15


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("get", "tickets/{}", None),
        ("get", "tickets/{}/messages", None),
        ("post", "tickets/{}/messages", {"body": "x"}),
        ("post", "tickets/{}/solve", None),
        ("post", "tickets/{}/reopen", None),
        ("put", "tickets/{}/rating", {"score": 1}),
    ],
)
def test_what_is_somebody_elses_is_absent(app, other_trader, method, path, body):
    theirs = answered(TicketFactory(by=other_trader), by=_staff(), then=Status.SOLVED)
    before = TicketEvent.objects.count()
    call = getattr(app, method)
    arguments = [body] if method != "get" else []
    found, absent = call(path.format(theirs.public_id), *arguments), call(path.format(ABSENT), *arguments)
    assert (found.status_code, found.content) == (absent.status_code, absent.content)
    assert found.status_code == 404
    assert TicketEvent.objects.count() == before


def _staff():
    from django.contrib.auth.models import Group

    from supportdesk.accounts.models import User

    user = User.objects.create_user("staff@example.com", is_staff=True, name="Rui Tavares")
    user.groups.set(Group.objects.filter(name="Agents"))
    return user


def test_staff_see_with_such_a_token_what_they_asked_themselves(app_of, agent, ticket):
    assert app_of(agent).get("tickets").json()["items"] == []
    assert app_of(agent).get(f"tickets/{ticket.public_id}").status_code == 404


def test_a_trader_sees_neither_notes_nor_what_is_held_nor_addresses(app, ticket, agent):
    replying.write_note(ticket, "Looks like fraud.", by=agent)
    replying.reply(ticket, "Not yet.", by=agent)
    agent.name = ""
    agent.save()
    told = app.get(f"tickets/{ticket.public_id}/messages")
    assert [message["kind"] for message in told.json()["items"]] == ["customer"]
    answered(ticket, by=agent)
    told = app.get(f"tickets/{ticket.public_id}/messages")
    assert [message["kind"] for message in told.json()["items"]] == ["customer", "support"]
    assert agent.email not in told.content.decode()
    assert "version" not in app.get(f"tickets/{ticket.public_id}").json()


def test_a_message_opens_again_what_waited(app, ticket, agent):
    answered(ticket, by=agent, then=Status.PENDING)
    said = app.post(f"tickets/{ticket.public_id}/messages", {"body": "Here is the hash."})
    assert said.status_code == 201
    assert (said.json()["kind"], said.json()["author"]) == ("customer", "You")
    assert app.get(f"tickets/{ticket.public_id}").json()["status"] == "in_progress"


def test_a_message_to_a_closed_request_is_a_new_one(app, ticket, agent):
    answered(ticket, by=agent, then=Status.SOLVED)
    moving.close_solved(timezone.now() + timedelta(days=8))
    said = app.post(f"tickets/{ticket.public_id}/messages", {"body": "It is back."})
    follower = app.get(f"tickets/{said.json()['ticket']}").json()
    assert follower["follows"] == ticket.public_id
    assert follower["status"] == "received"


def test_a_request_is_solved_rated_and_opened_again(app, ticket):
    path = f"tickets/{ticket.public_id}"
    assert app.put(f"{path}/rating", {"score": 5}).status_code == 409
    assert app.post(f"{path}/solve").json()["status"] == "solved"
    assert app.post(f"{path}/solve").status_code == 200
    rated = app.put(f"{path}/rating", {"score": 4, "comment": "Quick."})
    assert rated.json()["score"] == 4
    assert app.get(path).json()["may_reopen"] is True
    assert app.post(f"{path}/reopen").json()["status"] == "in_progress"
    again = app.post(f"{path}/reopen")
    assert again.status_code == 409
    assert again.json()["type"] == "urn:problem:conflict"


def test_custody_names_the_public_name_alone(app, ticket, department, team_lead):
    department.is_discreet = True
    department.save()
    assigning.transfer(ticket, department, by=team_lead)
    told = app.get(f"tickets/{ticket.public_id}").json()
    assert told["custody"]["holder"] == "a specialist team"
    assert "risk" not in str(told).lower()


def test_a_file_comes_with_words_and_goes_out_as_a_download(app, app_of, other_trader, ticket):
    said = app.upload(f"tickets/{ticket.public_id}/attachments", "A screenshot.", picture("../../x.png"))
    assert said.status_code == 201
    file = said.json()["attachments"][0]
    assert "/" not in file["name"]
    path = file["url"].removeprefix("http://testserver/api/v1/")
    out = app.get(path)
    assert out.status_code == 200
    assert out["Content-Disposition"].startswith("attachment")
    assert out["X-Content-Type-Options"] == "nosniff"
    assert Image.open(BytesIO(out.content)).size == (4, 4)
    assert app_of(other_trader).get(path).status_code == 404


def test_files_that_are_not_taken_are_told_and_nothing_is_kept(app, ticket):
    svg = SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml")
    path = f"tickets/{ticket.public_id}/attachments"
    refused = app.upload(path, "Look.", picture(), svg)
    assert refused.status_code == 422
    assert "a.svg" in refused.json()["detail"]
    assert app.upload(path, "Look.", *(picture(f"{n}.png") for n in range(6))).json()["code"] == "too_many_files"
    assert app.upload(path, "Look.").status_code == 422
    assert app.upload(path, "", picture()).status_code == 422
    assert not Attachment.objects.exists()
    assert Message.objects.count() == 1


def test_where_files_cannot_be_stored_a_program_is_told_to_come_again(app, ticket, monkeypatch):
    def full(name, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(default_storage, "save", full)
    out = app.upload(f"tickets/{ticket.public_id}/attachments", "Look.", picture())
    assert (out.status_code, out["Retry-After"]) == (503, "60")
    assert "cannot be stored" in out.json()["detail"]
    assert Message.objects.count() == 1


def test_a_picture_that_cannot_be_looked_at_now_may_be_sent_again(app, ticket, monkeypatch):
    monkeypatch.setattr(attachments, "LONGEST_WAIT", 0.01)
    path = f"tickets/{ticket.public_id}/attachments"
    with attachments._ONE_AT_A_TIME:
        answer = app.upload(path, "Look.", picture())
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert app.upload(path, "Look.", picture()).status_code == 201


def test_a_request_that_was_joined_says_with_which(app, ticket, trader, agent):
    from tickets.actions import merging

    target = opening.open_ticket(opening.Request(ticket.topic, "Again", "The same.", "en"), by=trader)
    merging.merge(ticket, target, by=agent)
    assert app.get(f"tickets/{ticket.public_id}").json()["merged_into"] == target.public_id


@pytest.mark.parametrize(
    ("kind", "said", "kept"),
    [
        ("amount", "２,５００.5 usdt", "2500.5 USDT"),
        ("symbol", "xbt usd", "XBTUSD"),
        ("time", "2026-11-01T21:40+08:00", "2026-11-01 21:40 UTC+8 (13:40 UTC)"),
        ("address", "example.com", "https://example.com"),
    ],
)
def test_an_answer_is_kept_as_the_form_keeps_it(app, topic, kind, said, kept):
    TopicField.objects.create(topic=topic, key="asked", kind=kind, label_en="Asked")
    assert app.post("tickets", {**NEW, "details": {"asked": said}}).json()["details"] == {"asked": kept}


@pytest.mark.parametrize(
    ("kind", "said"), [("amount", "a lot"), ("tx_id", "0x12…ab"), ("time", "2026-11-01 21:40"), ("time", "yesterday")]
)
def test_an_answer_that_is_not_what_was_asked_is_refused_in_its_place(app, topic, kind, said):
    TopicField.objects.create(topic=topic, key="asked", kind=kind, label_en="Asked")
    refused = app.post("tickets", {**NEW, "details": {"asked": said}})
    assert refused.status_code == 422
    assert refused.json()["field"] == "details.asked"
    assert not Ticket.objects.exists()
