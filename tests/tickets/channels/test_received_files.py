"""What a mail brings along is looked at as any file, and its words lose their secrets before they are kept."""

import pytest

from tests.tickets.channels.received import came, reply_to
from tickets import attachments
from tickets.actions import attaching
from tickets.channels.actions import receiving
from tickets.channels.enums import Outcome
from tickets.models import Attachment

pytestmark = pytest.mark.django_db

SEED = "legal winner thank year wave sausage worth useful legal winner thank yellow"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


def test_files_are_kept_and_what_is_refused_is_told(ticket):
    files = (("scan.png", "image/png", PNG), ("run.exe", "application/octet-stream", b"MZ" + b"\0" * 200))
    row = reply_to(ticket, files=files)
    assert [file.name for file in row.message.attachments.all()] == ["scan.png"]
    assert row.message.body.startswith("The transfer is still missing.\n\n[")
    assert "run.exe" in row.message.body


def test_a_picture_that_cannot_be_looked_at_now_comes_with_its_mail_when_that_is_run_again(ticket, monkeypatch):
    monkeypatch.setattr(attachments, "LONGEST_WAIT", 0.01)
    with attachments._ONE_AT_A_TIME:
        row = reply_to(ticket, files=(("scan.png", "image/png", PNG),))
    assert row.outcome == Outcome.FAILED
    again = receiving.run_again(row)
    assert [file.name for file in again.message.attachments.all()] == ["scan.png"]


def test_of_many_files_the_first_are_looked_at_and_the_rest_is_told(ticket):
    row = reply_to(ticket, files=tuple((f"{n}.txt", "text/plain", b"x%d" % n) for n in range(25)))
    assert row.message.attachments.count() == 20
    assert "25 files" in row.message.body


def test_a_text_in_an_old_charset_is_kept(ticket):
    row = reply_to(ticket, files=(("记录.txt", "text/plain", "成交记录：限价单".encode("gbk")),))
    attachment = row.message.attachments.get()
    assert "成交记录：限价单" in attaching.read(attachment).decode()


def test_a_text_that_is_too_long_goes_on_in_a_file(ticket):
    row = reply_to(ticket, text="\n".join(f"line {n} of the log" for n in range(3000)))
    assert len(row.message.body) <= 20_000
    assert b"line 2999 of the log" in attaching.read(row.message.attachments.get(name="message.txt"))


def test_a_mail_that_says_all_in_its_subject_is_kept(ticket):
    assert reply_to(ticket, text="\n", subject="It arrived, thank you").message.body == "It arrived, thank you"


def test_secrets_are_taken_out_of_text_history_subject_and_names(trader, topic, caplog):
    text = f"My words: {SEED}\n\nOn Fri, Nov 20, 2026 at 2:05 PM Help wrote:\n> {SEED}\n"
    row = came(text=text, subject=f"Wallet {SEED}", files=((f"{SEED}.txt", "text/plain", b"x"),))
    message, names = row.message, [file.name for file in Attachment.objects.all()]
    for stored in (message.body, message.quoted, row.ticket.subject, *names, caplog.text):
        assert "sausage" not in stored
    assert message.removed == ["mnemonic"]


@pytest.mark.parametrize("before", [150, 130, 190])
def test_no_cut_leaves_the_first_part_of_a_secret(before, trader, topic):
    """Eleven of twelve words have no checksum, and the twelfth is soon guessed."""
    said = "x" * before
    row = came(
        text="Please help.",
        subject=f"{said} {SEED}",
        files=((f"{said[:70]} {SEED}.txt", "text/plain", b"A line of a log.\n"),),
    )
    names = [file.name for file in Attachment.objects.all()]
    for stored in (row.ticket.subject, row.message.body, *names):
        assert "legal winner" not in stored
    assert row.message.removed == ["mnemonic"]
    assert row.message.body.endswith("Please help.")


def test_a_subject_that_is_too_long_for_its_place_is_kept_whole(trader, topic):
    subject = "My deposit of the third of March did not arrive. " * 6
    row = came(text="Please help.", subject=subject)
    assert row.message.body == f"{subject.strip()}\n\nPlease help."
    assert subject.startswith(row.ticket.subject)


def test_no_mail_shows_its_letters_in_another_order_than_they_stand(ticket):
    text = "Pay \u202e3321cba\u202c.\n\nOn Fri, Nov 20, 2026 at 2:05 PM Help wrote:\n> To \u202d3321cba\u202c\n"
    message = reply_to(ticket, text=text).message
    assert "Pay 3321cba" in message.body
    assert "To 3321cba" in message.quoted
