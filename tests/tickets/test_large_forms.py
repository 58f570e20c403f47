"""Forms with more in their files than we take: whoever wrote them has their words back, and reads which file was left
out. With a script the files go one by one and are told at once; without one the form comes as a whole."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from supportdesk.accounts.models import User
from tests.tickets.portal.forms import post_ticket
from tests.tickets.portal.test_files import file, picture
from tickets.models import Attachment, Message, PendingRequest, Ticket, Topic, Upload

pytestmark = pytest.mark.django_db
WORDS = "I sent 2,500 USDT yesterday — お願いします — أرجو المساعدة."


@pytest.fixture(scope="module")
def film() -> bytes:
    return b"\0\0\0\x18ftypmp42" + bytes(16 * 1024 * 1024)


@pytest.fixture
def sent(film: bytes) -> list[SimpleUploadedFile]:
    return [file(), SimpleUploadedFile("film.mp4", film, "video/mp4")]


@pytest.mark.parametrize("language", ["en", "ar", "zh-hans"])
def test_a_new_request_comes_back_with_its_words_and_the_file_that_fits(
    client: Client, topic: Topic, sent: list[SimpleUploadedFile], language: str
) -> None:
    page = post_ticket(client, language, body=WORDS, attachments=sent)
    assert page.status_code == 400
    text = page.content.decode()
    assert escape(WORDS) in text
    assert f'<html lang="{language.replace("hans", "Hans")}"' in text
    assert "film.mp4" in text
    waiting = Upload.objects.get()
    assert (waiting.name, waiting.public_id in text) == ("shot.png", True)
    assert not PendingRequest.objects.exists()
    assert post_ticket(client, language, body=WORDS, uploads=[waiting.public_id]).status_code == 302


def test_a_form_that_is_too_large_says_what_may_be_sent(
    client: Client, topic: Topic, sent: list[SimpleUploadedFile]
) -> None:
    text = post_ticket(client, attachments=sent).content.decode()
    assert "The file film.mp4 was left out; what you wrote is still here." in text
    assert "at most 10 MB" in text
    assert "at most 15 MB together" in text
    assert '<a href="#page_attachments">' in text


@pytest.mark.parametrize("action", ["reply", "solve"])
def test_an_addition_comes_back_with_its_words(
    client: Client, trader: User, ticket: Ticket, sent: list[SimpleUploadedFile], action: str
) -> None:
    client.force_login(trader)
    page = client.post(f"/en/tickets/{ticket.public_id}/", {"body": WORDS, "action": action, "attachments": sent[1:]})
    assert page.status_code == 400
    assert escape(WORDS) in page.content.decode()
    assert "The file film.mp4 was left out" in page.content.decode()
    assert ticket.messages.count() == 1


def test_solving_with_nothing_but_such_a_file_says_so(
    client: Client, trader: User, ticket: Ticket, sent: list[SimpleUploadedFile]
) -> None:
    client.force_login(trader)
    page = client.post(f"/en/tickets/{ticket.public_id}/", {"body": "", "action": "solve", "attachments": sent[1:]})
    assert page.status_code == 400
    assert "film.mp4" in page.content.decode()


@pytest.mark.parametrize("kind", ["reply", "note"])
def test_what_an_agent_writes_comes_back(
    client: Client, agent: User, ticket: Ticket, sent: list[SimpleUploadedFile], kind: str
) -> None:
    values = {"kind": kind, "body": WORDS, "then": "pending", "seen": ticket.version, "files": sent}
    client.force_login(agent)
    page = client.post(reverse("workspace:write", args=[ticket.public_id]), values)
    assert page.status_code == 422
    assert page.context["box"].body == WORDS
    assert page.context["box"].problem.startswith("The file film.mp4 was left out")
    assert not Message.objects.filter(kind=kind).exists()
    assert not Attachment.objects.exists()


def test_a_file_sent_ahead_says_it_is_too_large(client: Client, topic: Topic, sent: list[SimpleUploadedFile]) -> None:
    answer = client.post("/en/tickets/uploads/", {"file": sent[1]})
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("The file film.mp4 was left out")


def test_a_folder_of_pictures_comes_back_as_too_many(client: Client, topic: Topic) -> None:
    chosen = [SimpleUploadedFile(f"{number}.png", picture(), "image/png") for number in range(120)]
    page = post_ticket(client, body=WORDS, attachments=chosen)
    assert page.status_code == 400
    assert escape(WORDS) in page.content.decode()
    assert Upload.objects.count() <= 15


def test_a_form_that_nobody_reads_says_what_to_do(client: Client, topic: Topic) -> None:
    """The bound against abuse: nothing of the body is read."""
    page = client.post(
        "/ja/tickets/new/",
        b"--x\r\n",
        content_type="multipart/form-data; boundary=x",
        headers={"Content-Length": str(500 * 1024 * 1024)},
    )
    assert page.status_code == 413
    assert '<html lang="ja"' in page.content.decode()


def test_another_form_with_a_file_that_is_too_large_is_refused_whole(
    client: Client, team_lead: User, sent: list[SimpleUploadedFile]
) -> None:
    """It cannot tell of files that were left out, so nothing is kept in silence."""
    client.force_login(team_lead)
    page = client.post("/desk/me/", {"signature": "Kim", "picture": sent[1]})
    assert page.status_code == 413
