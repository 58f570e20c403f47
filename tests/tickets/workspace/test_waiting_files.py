"""Files of a reply or a note wait beside it: when it is refused, taken back, stopped, or left for later."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tickets.actions import attaching, drafting, replying, uploading
from tickets.attachments import MOST_FILES, examine
from tickets.models import Attachment, Message, Ticket, Upload
from tickets.models.upload import UPLOAD_KEPT

pytestmark = pytest.mark.django_db


def steps(name="steps.txt"):
    return SimpleUploadedFile(name, b"1. Wait", "text/plain")


@pytest.fixture
def send(desk, ticket, thread_of):
    """Send the form with both boxes as the agent does; the answer is not followed."""

    def post(body="We found your deposit.", client=desk, **values):
        sent = {"kind": "reply", "body": body, "note_body": "", "then": "pending"}
        return client.post(
            thread_of(ticket, "write"), {**sent, "seen": Ticket.objects.get(pk=ticket.pk).version, **values}
        )

    return post


@pytest.fixture
def choose(desk, ticket, thread_of):
    """Have a file wait as the page does when it is chosen; gives it."""

    def post(name="steps.txt", client=desk, kind="reply", **values):
        prefix = "note_" if kind == "note" else ""
        sent = {"kind": kind, f"{prefix}body": "", f"{prefix}files": steps(name), **values}
        assert client.post(thread_of(ticket, "keep-files"), sent).status_code == 200
        return Upload.objects.order_by("pk").last()

    return post


def names(files):
    return [file.name for file in files]


def shown(client, ticket, thread_of, **asked):
    return client.get(thread_of(ticket), asked).context["box"]


@pytest.mark.parametrize("body", ["", "Please send us your password."])
def test_files_of_a_refused_reply_wait_in_its_box(send, ticket, body):
    response = send(body, files=[steps()])
    assert response.status_code == 422
    waiting = Upload.objects.get()
    assert names(response.context["box"].reply.files) == ["steps.txt"]
    assert f'name="uploads" value="{waiting.public_id}"' in response.content.decode()
    assert send(uploads=[waiting.public_id]).status_code == 302
    assert names(Message.objects.get(kind="reply").attachments.all()) == ["steps.txt"]
    assert not Upload.objects.exists()


def test_files_of_a_stale_reply_wait_too(send, ticket, trader):
    seen = ticket.version
    replying.write_to_ticket(ticket, "It has arrived meanwhile.", by=trader)
    response = send(seen=seen, files=[steps()])
    assert response.status_code == 409
    assert names(response.context["box"].reply.files) == ["steps.txt"]


def test_a_file_that_is_not_taken_leaves_the_others_waiting(send):
    bad = SimpleUploadedFile("run.exe", b"MZ\x90\x00" + b"\0" * 200, "application/x-msdownload")
    response = send(files=[steps(), bad])
    assert response.status_code == 422
    assert "run.exe" in response.context["box"].problem
    assert response.content.decode().count("run.exe") == 1
    assert names(response.context["box"].reply.files) == ["steps.txt"]


@pytest.mark.parametrize("is_stopped", [False, True])
def test_a_reply_that_is_taken_back_has_its_files_again(
    desk, agent, ticket, trader, thread_of, send, is_stopped, django_capture_on_commit_callbacks
):
    send(files=[steps()])
    if is_stopped:
        replying.write_to_ticket(ticket, "Wait, it has arrived.", by=trader)
    message = Message.objects.get(kind="reply")
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(thread_of(ticket, "undo", message.pk))
    box = shown(desk, ticket, thread_of).reply
    assert (box.body, names(box.files)) == ("We found your deposit.", ["steps.txt"])
    assert not Attachment.objects.exists()
    assert uploading.read_upload(box.files[0]).data == b"1. Wait"
    send(box.body, uploads=[box.files[0].public_id])
    assert attaching.read(Attachment.objects.get()) == b"1. Wait"


def test_a_file_that_was_removed_does_not_come_back(agent, ticket):
    held = replying.reply(ticket, "See file", by=agent, files=[examine("a.txt", b"1. Wait", "text/plain")])
    attaching.remove_attachment(held.attachments.get(), by=agent)
    replying.undo_reply(held, by=agent)
    assert not Upload.objects.exists()


def test_a_lead_takes_a_reply_back_for_its_author(agent, team_lead, ticket):
    held = replying.reply(ticket, "See file", by=agent, files=[examine("a.txt", b"1. Wait", "text/plain")])
    replying.undo_reply(held, by=team_lead)
    assert Upload.objects.get().owner == uploading.draft_owner(ticket.pk, agent.pk, is_note=False)


def test_a_lead_is_told_in_whose_box_it_is(client, agent, team_lead, ticket, thread_of):
    held = replying.reply(ticket, "See file", by=agent)
    client.force_login(team_lead)
    page = client.post(thread_of(ticket, "undo", held.pk), follow=True).content.decode()
    assert f"in the box of {agent.name}." in page


def test_what_was_chosen_is_there_when_the_page_is_opened_again(desk, ticket, thread_of, choose):
    desk.post(thread_of(ticket, "draft"), {"kind": "reply", "body": "Dear Toma,", "share": "on"})
    choose("one.txt")
    choose("two.txt", uploads=[Upload.objects.get().public_id])
    box = shown(desk, ticket, thread_of).reply
    assert (box.body, names(box.files), box.is_shared) == ("Dear Toma,", ["one.txt", "two.txt"], True)
    assert 'name="share" checked' in desk.get(thread_of(ticket)).content.decode()


def test_a_file_is_taken_away_with_and_without_a_script(desk, ticket, thread_of, choose, send):
    first, second = choose("one.txt"), choose("two.txt")
    sent = {"kind": "reply", "body": "", "uploads": [first.public_id, second.public_id], "drop": first.public_id}
    assert "one.txt" not in desk.post(thread_of(ticket, "keep-files"), sent).content.decode()
    response = send("Half an ans", note_body="Half a no", uploads=[second.public_id], drop=second.public_id)
    box = response.context["box"]
    assert (response.status_code, box.reply.files, Upload.objects.count()) == (200, [], 0)
    assert (box.reply.body, box.note.body) == ("Half an ans", "Half a no")
    assert not Message.objects.filter(kind="reply").exists()


def test_a_refusal_of_a_file_is_told_where_it_was_chosen(desk, ticket, thread_of):
    bad = SimpleUploadedFile("run.exe", b"MZ\x90\x00" + b"\0" * 200, "application/x-msdownload")
    sent = {"kind": "reply", "body": "", "files": [bad]}
    assert "run.exe" in desk.post(thread_of(ticket, "keep-files"), sent).content.decode()


def test_a_file_that_is_gone_meanwhile_stops_the_reply(send, choose):
    waiting = choose()
    uploading.remove_uploads([waiting])
    response = send(uploads=[waiting.public_id])
    assert response.status_code == 422
    assert "not here any more" in response.context["box"].problem
    assert response.context["box"].body == "We found your deposit."


def test_a_file_that_cannot_be_read_stops_one_try_and_not_the_next(send, choose, ticket):
    waiting = choose()
    default_storage.delete(waiting.stored_as)
    response = send(uploads=[waiting.public_id])
    assert (response.status_code, response.context["box"].reply.files) == (422, [])
    assert send().status_code == 302


def test_one_too_many_is_too_many_until_it_is_taken_away(desk, ticket, thread_of, choose):
    waiting = [choose(f"{number}.txt") for number in range(MOST_FILES)]
    sent = {"kind": "reply", "body": "", "uploads": [one.public_id for one in waiting], "files": steps("more.txt")}
    assert "6 files" in desk.post(thread_of(ticket, "keep-files"), sent).content.decode()
    ids = [one.public_id for one in Upload.objects.order_by("pk")]
    sent = {"kind": "reply", "body": "", "uploads": ids, "drop": ids[0]}
    assert "6 files" not in desk.post(thread_of(ticket, "keep-files"), sent).content.decode()


@pytest.mark.parametrize("kind", ["reply", "note"])
def test_a_second_click_neither_misses_the_files_nor_sends_twice(send, choose, ticket, kind):
    waiting, prefix = choose(kind=kind), "note_" if kind == "note" else ""
    sent = {f"{prefix}body": "See the file.", f"{prefix}uploads": [waiting.public_id], "token": "abc", "kind": kind}
    assert [send(**sent).status_code for _ in range(2)] == [302, 302]
    assert names(ticket.messages.get(kind=kind).attachments.all()) == ["steps.txt"]


# Whose they are


def test_a_file_of_a_note_never_goes_to_a_customer(send, choose, ticket):
    inside = choose("inside.txt", kind="note")
    response = send(uploads=[inside.public_id])
    assert response.status_code == 422
    assert not ticket.messages.filter(kind="reply").exists()
    assert send(kind="note", note_body="See file", note_uploads=[inside.public_id]).status_code == 302
    assert names(ticket.messages.get(kind="note").attachments.all()) == ["inside.txt"]


def test_files_of_a_colleague_are_not_there_until_the_draft_is_shared(
    send, choose, desk, at_desk, agent, other_agent, ticket, thread_of
):
    theirs = choose(client=at_desk(other_agent))
    assert send(uploads=[theirs.public_id]).status_code == 422
    desk.post(thread_of(ticket, "keep-files"), {"kind": "reply", "body": "", "drop": theirs.public_id})
    assert Upload.objects.filter(pk=theirs.pk).exists()
    draft = drafting.keep_draft(ticket, "Half an answer", by=other_agent, is_shared=True)
    assert names(shown(desk, ticket, thread_of, draft=draft.pk).reply.files) == ["steps.txt"]
    assert send("Half an answer", uploads=[theirs.public_id]).status_code == 302
    assert names(Message.objects.get(kind="reply").attachments.all()) == ["steps.txt"]
    assert Upload.objects.filter(pk=theirs.pk).exists()  # it stays with the colleague's draft


def test_a_file_waits_for_its_own_ticket_alone(desk, choose, ticket, topic, thread_of):
    from tests.tickets.factories import TicketFactory

    waiting, other = choose(), TicketFactory(topic=topic)
    sent = {"kind": "reply", "body": "Here.", "seen": other.version, "then": "open", "uploads": [waiting.public_id]}
    assert desk.post(thread_of(other, "write"), sent).status_code == 422


def test_nobody_else_has_files_wait_on_a_ticket(ticket, trader, agent):
    one = examine("a.txt", b"1. Wait", "text/plain")
    for act in (
        lambda: drafting.keep_file(ticket, one, by=trader, is_note=False),
        lambda: drafting.drop_file(ticket, "x", by=trader),
    ):
        with pytest.raises(PermissionDenied):
            act()
    Ticket.objects.filter(pk=ticket.pk).delete()
    with pytest.raises(Ticket.DoesNotExist):
        drafting.keep_file(ticket, one, by=agent, is_note=False)


def test_only_so_many_files_wait_for_a_reply(agent, ticket, desk, thread_of):
    for n in range(uploading.MOST_WAITING):
        drafting.keep_file(ticket, examine(f"{n}.txt", b"1. Wait", "text/plain"), by=agent, is_note=False)
    sent = {"kind": "reply", "body": "", "files": [steps()]}
    assert "Too many files wait" in desk.post(thread_of(ticket, "keep-files"), sent).content.decode()


def test_after_a_day_they_are_forgotten(send, ticket, agent, django_capture_on_commit_callbacks):
    send(files=[steps()])
    replying.undo_reply(Message.objects.get(kind="reply"), by=agent)
    stored = Upload.objects.get().stored_as
    assert uploading.forget_uploads(timezone.now() - UPLOAD_KEPT) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert uploading.forget_uploads(timezone.now() + UPLOAD_KEPT) == 1
    assert not default_storage.exists(stored)
