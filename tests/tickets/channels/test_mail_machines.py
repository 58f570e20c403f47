"""What programs write is told from what people write, and a person's wish not to be answered by a program from both."""

import pytest

from tests.tickets.channels.messages import message, raw
from tickets.channels.mail import tokens
from tickets.channels.mail.machine import Bounce, Kind
from tickets.channels.mail.reading import Inbox, read

INBOX = Inbox("mx.support.example", "reply.support.example", frozenset({"help@northgate.example"}))


def of(fields: str, **options):
    return read(raw(fields=fields), inbox=INBOX, **options).machine


WRITTEN_BY_MACHINES = (
    ("Auto-Submitted: auto-replied", Kind.AUTO_REPLY),
    ("Auto-Submitted: auto-generated (rule; x)", Kind.AUTO_REPLY),
    ("Auto-Submitted: Auto-Notified; owner-email=a@b.c", Kind.AUTO_REPLY),
    ("X-Autoreply: yes", Kind.AUTO_REPLY),
    ("X-Autorespond: vacation", Kind.AUTO_REPLY),
    ("X-Auto-Reply-From: a@b.c", Kind.AUTO_REPLY),
    ("Precedence: auto_reply", Kind.AUTO_REPLY),
    ("Return-Path: <>", Kind.AUTO_REPLY),
    ("Return-Path: <MAILER-DAEMON>", Kind.AUTO_REPLY),
    ("X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent", Kind.AUTO_REPLY),
    ("Subject: Automatic reply: My deposit\r\nX-Auto-Response-Suppress: All", Kind.AUTO_REPLY),
    ("Subject: 自动回复: x\r\nX-Auto-Response-Suppress: All", Kind.AUTO_REPLY),
    ("Precedence: bulk", Kind.LIST),
    ("Precedence: junk", Kind.LIST),
    ("List-Id: Traders <traders.example>", Kind.LIST),
    ("List-Unsubscribe: <mailto:x@y.example>", Kind.LIST),
    ("Precedence: bulk\r\nAuto-Submitted: auto-replied", Kind.AUTO_REPLY),
    ("From: noreply@shop.example", Kind.NO_REPLY),
    ("From: No Reply <no-reply+123@shop.example>", Kind.NO_REPLY),
    ("From: do_not_reply@shop.example", Kind.NO_REPLY),
    ("From: billing-noreply@shop.example", Kind.NO_REPLY),
    ("From: notifications@github.example", Kind.NO_REPLY),
    ("From: postmaster@shop.example", Kind.NO_REPLY),
    ("From: Help <help+abc@northgate.example>", Kind.LOOP),
    ("From: any@reply.support.example", Kind.LOOP),
    ("Received: from a by b\r\n" * 60 + "X: y", Kind.LOOP),
)


@pytest.mark.parametrize(("fields", "kind"), WRITTEN_BY_MACHINES)
def test_machine_mail_is_known_by_its_fields(fields, kind):
    found = of(fields + "\r\n")
    assert found.kind is kind
    assert found.quiet
    assert not found.is_person


def test_our_own_notification_is_a_loop():
    ours = tokens.message_id(tokens.sign("k3v9q2x7m4pa", 1, key=b"k"), "r", INBOX.domain)
    assert of(f"Message-ID: {ours}\r\nAuto-Submitted: auto-generated\r\n").kind is Kind.LOOP


def test_an_envelope_without_a_sender_is_no_persons():
    assert of("", envelope_from="").kind is Kind.AUTO_REPLY
    assert of("", envelope_from="<>").kind is Kind.AUTO_REPLY
    assert of("Return-Path: <>\r\n", envelope_from="ann@mail.example").is_person


WRITTEN_BY_PEOPLE = (
    ("X-Auto-Response-Suppress: All", True),  # Outlook, inside every company
    ("X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply", True),
    ("X-Auto-Response-Suppress: None", False),
    ("Subject: Automatic reply: My deposit", True),
    ("X-Loop: somebody@else.example", True),
    ("X-MS-Exchange-Inbox-Rules-Loop: ann@mail.example", True),
    ("Auto-Submitted: no", False),
    ("X-Autoreply: no", False),
    ("Precedence: normal", False),
    ("Subject: Undeliverable: what does it mean?", False),
    ("From: reply@mail.example", False),
    ("From: norep.lyman@mail.example", False),
    ("From: ann@northgate.example", False),
    ("Importance: high", False),
)


@pytest.mark.parametrize(("fields", "quiet"), WRITTEN_BY_PEOPLE)
def test_a_persons_mail_stays_a_persons(fields, quiet):
    found = of(fields + "\r\n")
    assert found.is_person
    assert found.quiet is quiet


# Reports

ORIGINAL = message(
    "Old words\n", From="help@northgate.example", To="Ann <gone@mail.example>", Message_ID="<7@reply.support.example>"
)


def report(*groups: str, original: str = "message/rfc822", kind: str = "delivery-status", sender: str = "") -> bytes:
    """A report in the form of RFC 3464: fields of the message, then of each recipient."""
    body = "Reporting-MTA: dns; mx.mail.example\r\n\r\n" + "\r\n\r\n".join(groups)
    inner = ORIGINAL.as_bytes() if original == "message/rfc822" else ORIGINAL.as_bytes().partition(b"\r\n\r\n")[0]
    content = (
        "--r\r\nContent-Type: text/plain\r\n\r\nIt did not arrive.\r\n"
        f"--r\r\nContent-Type: message/{kind}\r\n\r\n{body}\r\n--r\r\nContent-Type: {original}\r\n\r\n"
    ).encode() + inner
    by = sender or "Mail <MAILER-DAEMON@mail.example>"
    fields = f"From: {by}\r\nSubject: Undelivered\r\nAuto-Submitted: auto-replied\r\n"
    return raw(content + b"\r\n--r--\r\n", fields, f"multipart/report; report-type={kind}; boundary=r")


GONE = "Final-Recipient: rfc822; gone@mail.example\r\nAction: failed\r\nStatus: 5.1.1 (no such user)"
FULL = "Final-Recipient: rfc822;full@mail.example\r\nAction: failed\r\nStatus: 4.2.2"
LATE = "Final-Recipient: rfc822; late@mail.example\r\nAction: delayed\r\nStatus: 4.4.1"
MOVED = "Original-Recipient: rfc822;old@mail.example\r\nFinal-Recipient: rfc822;new@far.example\r\nAction: failed"

REPORTS = (
    ((GONE,), Bounce("<7@reply.support.example>", "gone@mail.example", "failed", "5.1.1", True)),
    ((FULL,), Bounce("<7@reply.support.example>", "full@mail.example", "failed", "4.2.2", False)),
    ((LATE,), Bounce("<7@reply.support.example>", "late@mail.example", "delayed", "4.4.1", False)),
    ((LATE, GONE), Bounce("<7@reply.support.example>", "gone@mail.example", "failed", "5.1.1", True)),
    ((MOVED,), Bounce("<7@reply.support.example>", "old@mail.example", "failed", "", True)),
    ((), Bounce("<7@reply.support.example>", "gone@mail.example", "failed", "", True)),
)


@pytest.mark.parametrize(("groups", "bounce"), REPORTS)
@pytest.mark.parametrize("original", ["message/rfc822", "text/rfc822-headers"])
def test_a_report_says_whose_mail_did_not_arrive(groups, bounce, original):
    found = read(report(*groups, original=original), inbox=INBOX).machine
    assert (found.kind, found.bounce) == (Kind.BOUNCE, bounce)


def test_a_report_is_one_whoever_sends_it():
    assert read(report(GONE, sender="help@northgate.example"), inbox=INBOX).machine.kind is Kind.BOUNCE


def test_a_receipt_is_an_automatic_reply():
    data = report(
        "Disposition: manual-action/MDN-sent-manually; displayed", kind="disposition-notification", sender="a@b.c"
    )
    assert read(data, inbox=INBOX).machine.kind is Kind.AUTO_REPLY


QMAIL = (
    "Hi. This is the qmail-send program at mail.example.\r\nI'm afraid I wasn't able to deliver your message.\r\n\r\n"
    "<gone@mail.example>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n"
    "--- Below this line is a copy of the message.\r\n\r\n"
    "Return-Path: <help@northgate.example>\r\nMessage-ID: <7@reply.support.example>\r\nSubject: x\r\n"
)
EXIM = (
    "This message was created automatically by mail delivery software.\r\n\r\n"
    "  gone@mail.example\r\n    550 5.1.1 unknown user\r\n\r\n"
    "------ This is a copy of the message, including all the headers. ------\r\n\r\n"
    "Message-ID: <7@reply.support.example>\r\n"
)


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ("From: MAILER-DAEMON@mail.example\r\nReturn-Path: <>\r\nSubject: failure notice\r\n", QMAIL),
        (
            "From: Mailer-Daemon@mail.example\r\nX-Failed-Recipients: gone@mail.example\r\n",
            EXIM,
        ),
        ("From: postmaster@mail.example\r\nSubject: Undeliverable: Your ticket\r\n", QMAIL),
    ],
)
def test_reports_without_structure_are_read_too(fields, body):
    found = read(raw(body, fields), inbox=INBOX).machine
    assert found.bounce == Bounce("<7@reply.support.example>", "gone@mail.example", "failed", "5.1.1", True)


def test_a_person_who_forwards_a_report_is_a_person():
    inner = (
        b"--f\r\nContent-Type: text/plain\r\n\r\nWhat is this?\r\n--f\r\nContent-Type: message/rfc822\r\n\r\n"
        + report(GONE)
    )
    found = read(raw(inner + b"\r\n--f--\r\n", kind="multipart/mixed; boundary=f"), inbox=INBOX)
    assert found.machine.is_person
    assert found.text == "What is this?"
