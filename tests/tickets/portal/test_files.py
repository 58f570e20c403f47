"""Files: in with the form or ahead of it, examined either way; out to their owner alone, never as a page of ours."""

import errno
import io
import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from supportdesk.accounts.models import User
from tests.tickets.portal.forms import post_ticket
from tickets.actions import attaching, replying, uploading
from tickets.attachments import examine
from tickets.models import Attachment, PendingRequest, Ticket, Topic, Upload
from tickets.models.upload import UPLOAD_KEPT
from tickets.tasks import forget_uploads

pytestmark = pytest.mark.django_db


def picture(kind: str = "PNG") -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (40, 20), "teal").save(target, kind)
    return target.getvalue()


def file(name: str = "shot.png", data: bytes | None = None, kind: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture() if data is None else data, kind)


@pytest.fixture
def signed_in(client: Client, trader: User, topic: Topic) -> Client:
    client.force_login(trader)
    return client


def upload(client: Client, one: SimpleUploadedFile) -> tuple[int, dict[str, str]]:
    answer = client.post("/en/tickets/uploads/", {"file": one})
    return answer.status_code, json.loads(answer.content)


def test_files_go_with_the_form(signed_in: Client) -> None:
    answer = post_ticket(signed_in, attachments=[file(), file("log.txt", b"12:00 timeout\n", "text/plain")])
    assert answer.status_code == 302
    text = signed_in.get(answer["Location"]).content.decode()
    shot = Attachment.objects.get(name="shot.png")
    assert f'href="/en/tickets/files/{shot.public_id}/"' in text
    assert f'src="/en/tickets/files/{shot.public_id}/?preview=1"' in text
    assert text.count("?preview=1") == 2  # the picture alone
    assert "bytes" in text


def test_a_file_that_is_refused_says_why_and_the_others_are_not_sent_twice(signed_in: Client) -> None:
    page = post_ticket(
        signed_in, attachments=[file(), file("page.html", b"<html><script>1</script></html>", "text/html")]
    )
    text = page.content.decode()
    assert page.status_code == 400
    assert "page.html" in text
    assert '<a href="#page_attachments">' in text
    waiting = Upload.objects.get()
    assert f'name="uploads" value="{waiting.public_id}" checked' in text
    answer = post_ticket(signed_in, uploads=[waiting.public_id])
    assert answer.status_code == 302
    assert Attachment.objects.get().name == "shot.png"
    assert not Upload.objects.exists()


def test_a_form_with_another_error_keeps_its_files(client: Client, topic: Topic) -> None:
    text = post_ticket(client, email="", attachments=[file()]).content.decode()
    waiting = Upload.objects.get()
    assert waiting.public_id in text
    assert post_ticket(client, uploads=[waiting.public_id]).status_code == 302
    assert PendingRequest.objects.get().attachments.get().name == "shot.png"


def test_a_file_sent_ahead_is_claimed_by_its_form(signed_in: Client) -> None:
    status, answer = upload(signed_in, file("图.png"))
    assert status == 201
    assert answer == {"id": Upload.objects.get().public_id, "name": "图.png", "size": Upload.objects.get().size}
    stored = Upload.objects.get().stored_as
    with default_storage.open(stored) as kept:
        assert b"PNG" not in kept.read()  # sealed
    assert post_ticket(signed_in, uploads=[answer["id"]]).status_code == 302
    assert attaching.read(Attachment.objects.get())[:4] == b"\x89PNG"


def test_a_file_of_another_session_is_not_claimed(client: Client, signed_in: Client, topic: Topic) -> None:
    _, answer = upload(Client(), file())
    page = post_ticket(signed_in, uploads=[answer["id"]])
    assert page.status_code == 400
    assert "Some of your files are not here any more." in page.content.decode()
    assert signed_in.post("/en/tickets/uploads/", {"remove": answer["id"]}).status_code == 200
    assert Upload.objects.count() == 1
    assert not Ticket.objects.exists()


def test_a_second_try_does_not_miss_the_files_of_the_first(signed_in: Client) -> None:
    _, answer = upload(signed_in, file())
    first = post_ticket(signed_in, uploads=[answer["id"]])
    session = signed_in.session
    session.pop("sent_requests")
    session.save()
    assert post_ticket(signed_in, uploads=[answer["id"]])["Location"] == first["Location"]
    assert Attachment.objects.count() == 1


def test_a_file_sent_ahead_can_be_taken_back(signed_in: Client) -> None:
    _, answer = upload(signed_in, file())
    stored = Upload.objects.get().stored_as
    uploading.remove_uploads(list(Upload.objects.all()))
    assert not Upload.objects.exists()
    assert signed_in.post("/en/tickets/uploads/", {"remove": answer["id"]}).status_code == 200
    assert stored


@pytest.mark.django_db(transaction=True)
def test_a_file_that_was_taken_back_is_gone_from_the_storage(signed_in: Client) -> None:
    _, answer = upload(signed_in, file())
    stored = Upload.objects.get().stored_as
    signed_in.post("/en/tickets/uploads/", {"remove": answer["id"]})
    assert not default_storage.exists(stored)


def test_only_so_many_files_wait(signed_in: Client) -> None:
    for _ in range(uploading.MOST_WAITING):
        assert upload(signed_in, file())[0] == 201
    status, answer = upload(signed_in, file())
    assert status == 429
    assert "Too many files wait" in answer["message"]


def test_what_no_form_claims_is_forgotten(signed_in: Client) -> None:
    upload(signed_in, file())
    assert uploading.forget_uploads(timezone.now() - UPLOAD_KEPT) == 0
    Upload.objects.update(created_at=timezone.now() - 2 * UPLOAD_KEPT)
    forget_uploads.call()
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='evil()'/>", "image/svg+xml"),
        ("a.png", b"<html><body>evil</body></html>", "image/png"),
        ("x.html.png", b"<!doctype html><script>evil()</script>", "image/png"),
        ("a.xml", b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'a'>]><x>&a;</x>", "text/xml"),
        ("", b"", ""),
        ("x.exe", b"MZ\x90\x00" + b"\0" * 200, "application/octet-stream"),
        ("x.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "image/png"),
    ],
)
def test_what_is_not_taken_is_a_sentence_on_both_ways(signed_in: Client, name: str, data: bytes, kind: str) -> None:
    status, answer = upload(signed_in, file(name or "x", data, kind))
    assert status == 400
    assert answer["message"]
    assert post_ticket(signed_in, attachments=[file(name or "x", data, kind)]).status_code == 400
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        '"><svg onload=evil()>.png',
        "../../etc/x.png",
        "exe.gnp\u202e.png",
        "x\r\nSet-Cookie: a=b.png",
        "n" * 300 + ".png",
    ],
)
def test_a_hostile_name_is_a_harmless_one(signed_in: Client, name: str) -> None:
    address = post_ticket(signed_in, attachments=[file(name)])["Location"]
    attachment = Attachment.objects.get()
    assert not {"<", ">", "/", "\r", "\n", "\u202e", '"'} & set(attachment.name)
    answer = signed_in.get(f"/en/tickets/files/{attachment.public_id}/")
    assert "Set-Cookie: a" not in str(answer.headers)
    assert "<svg onload" not in signed_in.get(address).content.decode()


def test_too_many_files_and_too_many_bytes(signed_in: Client) -> None:
    page = post_ticket(signed_in, attachments=[file(f"{n}.png") for n in range(6)])
    assert page.status_code == 400
    assert "at most 5" in page.content.decode()
    text = b"a" * 100 + b"\n"
    assert upload(signed_in, file("long.txt", text * 130_000, "text/plain"))[0] == 400


def test_secrets_in_a_text_file_are_told(signed_in: Client) -> None:
    seed = b"legal winner thank year wave sausage worth useful legal winner thank yellow"
    address = post_ticket(signed_in, attachments=[file("log.txt", b"seed: " + seed, "text/plain")])["Location"]
    assert seed not in attaching.read(Attachment.objects.get())
    assert "We took something secret out of your files." in signed_in.get(address).content.decode()


# Out


@pytest.fixture
def attachment(signed_in: Client) -> Attachment:
    post_ticket(signed_in, attachments=[file()])
    return Attachment.objects.get()


def test_a_download_is_never_a_page(signed_in: Client, attachment: Attachment) -> None:
    answer = signed_in.get(f"/en/tickets/files/{attachment.public_id}/")
    assert answer.content[:4] == b"\x89PNG"
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''shot.png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_picture_is_shown_in_place_and_nothing_else_is(signed_in: Client, attachment: Attachment) -> None:
    path = f"/en/tickets/files/{attachment.public_id}/?preview=1"
    assert signed_in.get(path).headers["Content-Disposition"].startswith("inline")
    Attachment.objects.update(content_type="text/plain")
    assert signed_in.get(path).headers["Content-Disposition"].startswith("attachment")


def test_a_file_of_somebody_else_is_not_there(attachment: Attachment, other_trader: User, agent: User) -> None:
    for person in (None, other_trader, agent):
        visitor = Client()
        if person:
            visitor.force_login(person)
        for public_id in (attachment.public_id, "zzzzzzzzzzzzzzz", "..", "x" * 300):
            assert visitor.get(f"/en/tickets/files/{public_id}/").status_code == 404


def test_files_of_notes_and_of_held_replies_are_not_there(signed_in: Client, ticket: Ticket, agent: User) -> None:
    one = examine("inside.txt", b"for colleagues", "text/plain")
    replying.write_note(ticket, "See file", by=agent, files=[one])
    replying.reply(ticket, "See file", by=agent, files=[one])
    for row in Attachment.objects.all():
        assert signed_in.get(f"/en/tickets/files/{row.public_id}/").status_code == 404


def test_a_removed_or_broken_file_is_not_there(signed_in: Client, attachment: Attachment, agent: User) -> None:
    path = f"/en/tickets/files/{attachment.public_id}/"
    with default_storage.open(attachment.stored_as, "wb") as stored:
        stored.write(b"x" * 50)
    assert signed_in.get(path).status_code == 404
    default_storage.delete(attachment.stored_as)
    assert signed_in.get(path).status_code == 404
    Attachment.objects.update(removed_at=timezone.now())
    assert signed_in.get(path).status_code == 404
    text = signed_in.get(f"/en/tickets/{attachment.ticket.public_id}/").content.decode()
    assert "The file “shot.png” was removed." in text


def test_nothing_else_serves_files(signed_in: Client, attachment: Attachment) -> None:
    assert signed_in.get(f"/media/{attachment.stored_as}").status_code == 404


def test_an_answer_whose_file_is_gone_is_not_sent_without_it(signed_in: Client, ticket: Ticket) -> None:
    _, answer = upload(signed_in, file())
    Upload.objects.all().delete()
    sent = {"body": "See the picture.", "uploads": [answer["id"]], "token": "abc"}
    page = signed_in.post(f"/en/tickets/{ticket.public_id}/", sent)
    assert page.status_code == 400
    assert "Some of your files are not here any more. Choose them again." in page.content.decode()
    assert "See the picture." in page.content.decode()
    assert ticket.messages.count() == 1


# A storage that is full


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """A disk that takes half of a file and no more; names of what was begun."""
    begun: set[str] = set()

    def save(name: str, content: object, **known: object) -> str:
        begun.add(name)
        real(name, ContentFile(b"half"))
        raise OSError(errno.ENOSPC, "No space left on device")

    real = default_storage.save
    monkeypatch.setattr(default_storage, "save", save)
    return begun


def test_a_form_whose_files_cannot_be_stored_comes_back_with_its_words(signed_in: Client, full: set[str]) -> None:
    page = post_ticket(signed_in, body="Where is my deposit?", attachments=[file()])
    text = page.content.decode()
    assert page.status_code == 400
    assert "Files cannot be stored at the moment" in text
    assert "Where is my deposit?" in text
    assert not Ticket.objects.exists()
    assert full
    assert not [name for name in full if default_storage.exists(name)]


def test_a_file_ahead_of_its_form_is_told_the_same(signed_in: Client, full: set[str]) -> None:
    status, answer = upload(signed_in, file())
    assert (status, answer["message"][:35]) == (503, "Files cannot be stored at the momen")
    assert not Upload.objects.exists()
