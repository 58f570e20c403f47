"""Mail that comes in is kept once, whatever happens: added, held, quarantined, or sealed and run again."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, OperationalError
from django.utils import timezone

from supportdesk.accounts.models import User
from tests.tickets.channels import raw
from tests.tickets.factories import TicketFactory, answered
from tickets import attachments, sealing
from tickets.actions import merging, replying
from tickets.channels import inbox, tasks
from tickets.channels.actions import receiving
from tickets.channels.actions.receiving import Envelope, TryAgain, receive
from tickets.channels.enums import AT_ONCE, KEPT, Kept, MailKind, Outcome, Reason, Sent
from tickets.channels.models import DeadAddress, IncomingMail, OutgoingMail
from tickets.enums import Channel, MessageKind, Status
from tickets.errors import AlreadyDone
from tickets.models import Attachment, Message, PendingRequest, Ticket

pytestmark = pytest.mark.django_db
SEED = "legal winner thank year wave sausage worth useful legal winner thank yellow"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


def came(content=None, *, sender="toma@example.com", to=("help@support.example",), **values):
    return receive(content or raw.mail(**values), envelope=Envelope(sender, tuple(to)))


def reply_to(ticket, **values):
    """A mail of the requester that answers a ticket."""
    address = inbox.reply_address(ticket)
    return receive(raw.mail(**{"to": address, **values}), envelope=Envelope("toma@example.com", (address,)))


# What a participant adds


def test_an_answer_is_added_with_its_history_folded(ticket):
    row = reply_to(ticket, text="Here it is.\n\nOn Fri, Nov 20, 2026 at 2:05 PM Help wrote:\n> Send us the number.\n")
    message = ticket.messages.get(pk=row.message.pk)
    assert (row.outcome, message.kind, message.channel) == (Outcome.APPENDED, MessageKind.CUSTOMER, Channel.EMAIL)
    assert message.body == "Here it is."
    assert "Send us the number" in message.quoted
    assert row.sealed is None


@pytest.mark.parametrize("status", [Status.PENDING, Status.SOLVED])
def test_an_answer_opens_what_waited(ticket, agent, status):
    answered(ticket, by=agent, then=status)
    reply_to(ticket)
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN


def test_an_answer_to_a_closed_ticket_becomes_a_new_one(ticket, agent):
    answered(ticket, by=agent, then=Status.SOLVED)
    Ticket.objects.filter(pk=ticket.pk).update(status=Status.CLOSED)
    row = reply_to(ticket)
    assert row.outcome == Outcome.APPENDED
    assert row.ticket.follows == ticket
    assert ticket.messages.count() == 2


def test_an_answer_to_a_merged_ticket_goes_where_it_went(ticket, trader, agent):
    other = TicketFactory(by=trader, topic=ticket.topic)
    merging.merge(ticket, into=other, by=agent)
    assert reply_to(ticket).ticket == other


def test_an_answer_to_what_was_merged_into_another_customers_is_quarantined(ticket, other_trader, team_lead):
    merging.merge(ticket, into=TicketFactory(by=other_trader, topic=ticket.topic), by=team_lead)
    row = reply_to(ticket)
    assert (row.outcome, row.reason, row.kept) == (Outcome.QUARANTINED, Reason.NOT_PARTICIPANT, Kept.SEALED)
    assert not Message.objects.filter(channel=Channel.EMAIL).exists()


def test_a_token_in_the_thread_is_as_good_as_one_in_the_address(ticket, delivered):
    delivered()
    ours = OutgoingMail.objects.get().message_id
    row = came(raw.mail(References=f"<x@example.com> {ours}", In_Reply_To=ours))
    assert (row.outcome, row.ticket) == (Outcome.APPENDED, ticket)


def test_a_held_reply_of_an_agent_is_stopped_by_it(ticket, agent):
    held = replying.reply(ticket, "Written too early.", by=agent)
    reply_to(ticket)
    held.refresh_from_db()
    assert held.delivery == "stopped"


# Files and long texts


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
    from tickets.actions import attaching

    assert "成交记录：限价单" in attaching.read(attachment).decode()


def test_a_text_that_is_too_long_goes_on_in_a_file(ticket):
    row = reply_to(ticket, text="\n".join(f"line {n} of the log" for n in range(3000)))
    assert len(row.message.body) <= 20_000
    from tickets.actions import attaching

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


# Who may not


def test_without_a_pass_it_is_held_and_the_person_is_asked(ticket, delivered):
    delivered().clear()
    row = reply_to(ticket, results=raw.FAIL, text="Send it to another address.")
    mails = delivered()
    assert (row.outcome, row.kept, ticket.messages.count()) == (Outcome.HELD, Kept.SEALED, 1)
    assert [mail.recipients() for mail in mails] == [["toma@example.com"]]
    assert "another address" not in mails[0].body


def test_what_is_sealed_cannot_be_read_in_the_database(ticket):
    row = reply_to(ticket, results=raw.FAIL, text="Send it to another address.")
    stored = bytes(IncomingMail.objects.get(pk=row.pk).sealed)
    assert b"another" not in stored
    assert b"toma" not in stored


def test_a_token_of_somebody_else_opens_nothing(ticket, other_trader, delivered):
    delivered().clear()
    results = raw.PASS.replace("example.com", "example.org")
    row = reply_to(ticket, sender="olga@example.org", results=results)
    assert (row.outcome, row.reason) == (Outcome.QUARANTINED, Reason.NOT_PARTICIPANT)
    assert delivered() == []


def test_somebody_who_was_switched_off_adds_nothing(ticket, trader):
    trader.is_active = False
    trader.save()
    assert reply_to(ticket).outcome == Outcome.QUARANTINED
    assert ticket.messages.count() == 1


def test_an_id_of_a_stranger_that_could_break_our_head_is_not_kept(ticket):
    assert reply_to(ticket, message_id=f"<{'x' * 298}@example.com>").mail_id == ""
    assert reply_to(ticket, message_id="no brackets", text="Another").mail_id == ""


@pytest.mark.parametrize("sender", ["rui@northgate.example", "mina@team.northgate.example"])
def test_the_staff_answers_at_the_desk_only(ticket, sender, delivered):
    delivered().clear()
    row = reply_to(ticket, sender=sender, results=raw.PASS.replace("example.com", sender.partition("@")[2]))
    assert (row.outcome, row.reason, ticket.messages.count()) == (Outcome.QUARANTINED, Reason.STAFF, 1)
    assert delivered() == []


def test_an_agent_with_an_address_elsewhere_is_staff_too(agent):
    results = raw.PASS
    assert came(raw.mail(sender=agent.email, results=results)).reason == Reason.STAFF


def test_copies_give_nobody_access(ticket, delivered):
    reply_to(ticket, Cc="mallory@evil.example")
    assert not any("evil" in to for mail in delivered() for to in mail.recipients())
    assert not User.objects.filter(email="mallory@evil.example").exists()


# New requests


def test_a_known_person_gets_a_ticket_in_their_language(trader, delivered):
    trader.language = "ko"
    trader.save()
    row = came(text="입금이 안 됩니다.", subject="문의")
    assert (row.outcome, row.ticket.topic.key, row.ticket.language) == (Outcome.NEW_TICKET, "other", "ko")
    assert (row.ticket.channel, row.ticket.subject) == (Channel.EMAIL, "문의")
    assert len(delivered()) == 1


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("출금이 두 시간째 보류 중입니다. USDT 150", "ko"),
        ("提币两小时了还没有到账，请问是什么问题", "zh-hans"),
        ("提幣兩小時了還沒有到帳，請問是什麼問題", "zh-hant"),
        ("El retiro sigue pendiente desde hace dos horas, no está en mi cuenta.", "es"),
    ],
)
def test_a_stranger_is_asked_in_the_language_of_the_mail(text, language, db, delivered):
    results = raw.PASS.replace("example.com", "example.net")
    row = came(raw.mail(text, subject="", sender="nobody@example.net", results=results))
    assert (row.outcome, PendingRequest.objects.get().language) == (Outcome.PENDING, language)
    assert [mail.recipients() for mail in delivered()] == [["nobody@example.net"]]


def test_an_address_that_was_entered_but_never_confirmed_is_a_strangers(trader):
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=trader, email=trader.email, verified=False)
    assert came().outcome == Outcome.PENDING


def test_fifty_mails_in_the_name_of_a_victim_make_one_mail(db, delivered):
    for number in range(50):
        came(raw.mail(f"Offer {number}", sender="Pay now <v@example.net>", message_id=f"<{number}@evil>", results=""))
    mails = delivered()
    assert [mail.recipients() for mail in mails] == [["v@example.net"]]
    assert "Offer" not in str(mails[0].message())
    assert "Pay now" not in str(mails[0].message())
    kept = IncomingMail.objects.filter(outcome=Outcome.PENDING).count()
    assert kept + IncomingMail.objects.filter(reason=Reason.TOO_MANY, kept=Kept.SEALED).count() == 50


def test_the_history_of_a_strangers_mail_is_kept_below_the_words(db):
    text = "See below.\n\nOn Fri, Nov 20, 2026 at 2:05 PM Help wrote:\n> Your deposit is late.\n"
    came(raw.mail(text, sender="nobody@example.net", results=""))
    body = PendingRequest.objects.get().body
    assert body.startswith("See below.")
    assert "> Your deposit is late." in body.replace("> > ", "> ")


# Machines


def test_a_person_whose_program_asks_for_quiet_is_heard_and_not_answered(trader, delivered):
    row = came(raw.mail(X_Auto_Response_Suppress="DR, OOF"))
    assert row.outcome == Outcome.NEW_TICKET
    assert delivered() == []


def test_a_machine_that_answers_each_of_our_mails_is_soon_not_answered(trader, delivered):
    """It writes to the plain address each time, so that each of its mails is a new request."""
    for number in range(60):
        came(raw.mail(f"We have received your message. {number}", message_id=f"<{number}@example.com>"))
        if number % 20 == 0:
            delivered()
    delivered()
    assert OutgoingMail.objects.filter(kind=MailKind.RECEIVED, state=Sent.SENT).count() == AT_ONCE
    assert Ticket.objects.count() == 60


def test_a_responder_without_a_pass_gets_five_questions_an_hour(ticket, delivered):
    delivered().clear()
    for number in range(20):
        reply_to(ticket, results="", text=f"Auto {number}", message_id=f"<{number}@example.com>")
    assert len(delivered()) <= AT_ONCE
    assert IncomingMail.objects.filter(outcome=Outcome.HELD).count() == 20


def test_an_automatic_answer_changes_nothing(ticket, agent, delivered):
    answered(ticket, by=agent, then=Status.PENDING)
    delivered().clear()
    row = reply_to(ticket, Auto_Submitted="auto-replied")
    ticket.refresh_from_db()
    assert (row.outcome, row.kept, ticket.status) == (Outcome.AUTO_REPLY, Kept.NOT, Status.PENDING)
    assert delivered() == []


def test_our_own_mail_that_comes_back_is_dropped(ticket):
    row = came(raw.mail(sender="help@support.example"))
    assert (row.outcome, row.kept) == (Outcome.LOOPED, Kept.NOT)


# Reports


def report(mail, *, action="failed", status="5.1.1", recipient="toma@example.com"):
    return (
        "From: MAILER-DAEMON@mx.example.com\r\nTo: help@support.example\r\nSubject: Undelivered\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNot delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {mail}\r\n\r\n--b--\r\n"
    ).encode()


@pytest.fixture
def sent(ticket, delivered):
    delivered()
    return OutgoingMail.objects.get()


def bounced(sent, **values):
    row = receive(report(sent.message_id, **values), envelope=Envelope("", ("help@support.example",)))
    sent.refresh_from_db()
    return row


def test_a_report_marks_the_mail_and_ends_mails_to_the_address(sent, ticket, agent, delivered):
    assert bounced(sent).outcome == Outcome.BOUNCE
    assert (sent.state, sent.bounced_at is not None) == (Sent.BOUNCED, True)
    delivered().clear()
    answered(ticket, by=agent)
    assert delivered() == []
    assert OutgoingMail.objects.get(kind=MailKind.ANSWERED).state == Sent.WITHHELD


def test_who_writes_to_us_again_gets_mail_again(sent, ticket):
    bounced(sent)
    reply_to(ticket)
    assert not DeadAddress.objects.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"action": "delayed", "status": "4.4.1"},
        {"recipient": "olga@example.org"},
        {"action": "delivered", "status": "2.0.0"},
    ],
)
def test_other_reports_mark_nothing(sent, values):
    bounced(sent, **values)
    assert sent.state == Sent.SENT
    assert not DeadAddress.objects.exists()


def test_a_report_of_a_mail_that_is_not_ours_marks_nothing(sent):
    row = receive(report("<made.up@support.example>"), envelope=Envelope("", ("help@support.example",)))
    sent.refresh_from_db()
    assert (row.outcome, sent.state) == (Outcome.BOUNCE, Sent.SENT)


def test_a_full_mail_box_is_no_dead_address(sent):
    bounced(sent, status="4.2.2", action="failed")
    assert not DeadAddress.objects.exists()


# Once


@pytest.mark.parametrize("message_id", ["<one@example.com>", ""])
def test_the_same_mail_twice_is_one_message(ticket, message_id):
    first, second = (reply_to(ticket, message_id=message_id) for _ in range(2))
    assert (first.pk, second.copies) == (second.pk, 1)
    assert ticket.messages.count() == 2


@pytest.mark.both
def test_the_same_mail_by_another_way_is_one_message(ticket):
    reply_to(ticket)
    results, rest = raw.mail(to=inbox.reply_address(ticket)).split(b"\r\n", 1)
    again = results + b"\r\nReceived: from elsewhere.example by other.example\r\n" + rest
    row = receive(again, envelope=Envelope("x@example.com", ("help@support.example",)))
    assert row.outcome == Outcome.DUPLICATE
    assert ticket.messages.count() == 2


def test_a_stranger_who_takes_a_message_id_first_swallows_nothing(ticket):
    came(raw.mail("Mine first", sender="mallory@evil.example", results=""), sender="mallory@evil.example")
    assert reply_to(ticket).outcome == Outcome.APPENDED


@pytest.mark.both
def test_what_was_killed_half_way_is_taken_in_whole_the_next_time(ticket, monkeypatch):
    def killed(*args, **values):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(IncomingMail, "save", killed)  # after the message was written
        with pytest.raises(KeyboardInterrupt):
            reply_to(ticket)
    assert (ticket.messages.count(), IncomingMail.objects.count()) == (1, 0)
    assert reply_to(ticket).outcome == Outcome.APPENDED
    assert ticket.messages.count() == 2


# Failing


def failing(monkeypatch, error):
    def broken(*args, **values):
        raise error

    monkeypatch.setattr(replying, "write_to_ticket", broken)


def test_an_error_of_ours_keeps_the_mail_sealed_and_it_is_run_again(ticket, monkeypatch):
    with monkeypatch.context() as patch:
        failing(patch, ValueError("odd"))
        row = reply_to(ticket)
    assert (row.outcome, row.reason, row.kept) == (Outcome.FAILED, Reason.BROKEN, Kept.SEALED)
    assert row.purge_at - row.received_at >= KEPT - timedelta(seconds=1)
    done = receiving.run_again(row)
    assert (done.outcome, done.kept, done.sealed) == (Outcome.APPENDED, Kept.NOT, None)
    assert ticket.messages.count() == 2


def test_what_fails_again_stays_sealed(ticket, monkeypatch):
    failing(monkeypatch, ValueError("odd"))
    row = receiving.run_again(reply_to(ticket))
    assert (row.outcome, row.kept) == (Outcome.FAILED, Kept.SEALED)


@pytest.mark.parametrize("error", [OperationalError("locked"), OSError(28, "No space left on device")])
def test_where_nothing_can_be_stored_the_sender_keeps_it(ticket, monkeypatch, error):
    failing(monkeypatch, error)
    with pytest.raises(TryAgain):
        reply_to(ticket)
    assert not IncomingMail.objects.exists()


@pytest.mark.both
def test_words_that_the_database_refuses_are_no_reason_to_try_again(ticket, monkeypatch):
    failing(monkeypatch, DatabaseError("odd letters"))
    assert reply_to(ticket).outcome == Outcome.FAILED


@pytest.mark.parametrize("content", [b"", b"\0" * 4096, bytes(range(256)) * 16])
def test_noise_is_kept_and_nobody_hears_of_it(content, db, delivered):
    row = receive(content, envelope=Envelope("x@example.net", ("help@support.example",)))
    assert row.outcome in (Outcome.FAILED, Outcome.QUARANTINED)
    assert receiving._unsealed(IncomingMail.objects.get())[0] == content
    assert delivered() == []


# Held mails


@pytest.mark.both
def test_who_says_that_it_is_theirs_has_it_added(ticket):
    row = receiving.release(reply_to(ticket, results=raw.FAIL))
    assert (row.outcome, row.kept) == (Outcome.APPENDED, Kept.NOT)
    assert ticket.messages.last().author == ticket.requester
    with pytest.raises(AlreadyDone):
        receiving.release(row)


def test_who_says_that_it_is_not_theirs_has_it_destroyed(ticket):
    row = reply_to(ticket, results=raw.FAIL)
    receiving.destroy(row)
    row.refresh_from_db()
    assert (row.outcome, row.kept, row.sealed) == (Outcome.QUARANTINED, Kept.GONE, None)
    with pytest.raises(AlreadyDone):
        receiving.release(row)
    assert ticket.messages.count() == 1


def test_running_it_again_does_not_release_it(ticket):
    assert receiving.run_again(reply_to(ticket, results=raw.FAIL)).outcome == Outcome.HELD
    assert ticket.messages.count() == 1


def test_a_quarantined_mail_is_not_released(ticket):
    row = reply_to(ticket, sender="mallory@evil.example", results="")
    with pytest.raises(AlreadyDone):
        receiving.release(row)


def test_a_sealed_mail_in_anothers_place_does_not_open(ticket):
    first = reply_to(ticket, results=raw.FAIL)
    second = reply_to(ticket, results=raw.FAIL, message_id="<two@example.com>")
    IncomingMail.objects.filter(pk=first.pk).update(sealed=IncomingMail.objects.get(pk=second.pk).sealed)
    with pytest.raises(sealing.Broken):
        receiving.release(first)


def test_sealed_mails_are_destroyed_after_a_week(ticket):
    row = reply_to(ticket, results=raw.FAIL)
    assert tasks.forget_mail.call() == 0
    IncomingMail.objects.update(purge_at=timezone.now())
    assert tasks.forget_mail.call() == 1
    row.refresh_from_db()
    assert (row.kept, row.sealed) == (Kept.GONE, None)


def test_rows_are_forgotten_after_three_months(ticket):
    reply_to(ticket)
    IncomingMail.objects.update(received_at=timezone.now() - timedelta(days=91))
    tasks.forget_mail.call()
    assert not IncomingMail.objects.exists()
    assert ticket.messages.count() == 2


def test_lists_do_not_load_what_is_sealed(ticket, django_assert_num_queries):
    reply_to(ticket, results=raw.FAIL)
    with django_assert_num_queries(1) as asked:
        list(IncomingMail.objects.light())
    assert '"sealed"' not in asked.captured_queries[0]["sql"]
