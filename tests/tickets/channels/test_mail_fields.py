"""Senders, subjects, dates and tokens are read from the fields of a mail as programs write them."""

import hashlib
from datetime import UTC, datetime

import pytest

from tests.tickets.channels.messages import message, raw
from tickets.channels.mail import tokens
from tickets.channels.mail.addresses import Mailbox, mailboxes
from tickets.channels.mail.reading import Inbox, read


def test_what_a_plain_message_says():
    made = message(
        "Hello\n",
        Cc="Bob <bob@b.example>, c@c.example",
        Date="Sun, 03 May 2026 17:00:00 +0200",
        Content_Language="pt-BR, en",
    ).as_bytes()
    mail = read(made)
    assert (mail.from_name, mail.from_address) == ("Ann Trader", "ann@mail.example")
    assert mail.to == (Mailbox("Northgate Support", "support@support.example"),)
    assert [mailbox.address for mailbox in mail.cc] == ["bob@b.example", "c@c.example"]
    assert (mail.subject, mail.text, mail.quoted) == ("My deposit", "Hello", "")
    assert mail.date == datetime(2026, 5, 3, 15, tzinfo=UTC)
    assert mail.languages == ("pt-br", "en")
    assert mail.message_id == "<1@mail.example>"
    assert mail.raw_digest == hashlib.sha256(made).hexdigest()
    assert mail.machine.is_person
    assert not mail.html_only


SUBJECTS = (
    ("=?utf-8?q?x=0D=0ABcc:_evil=40example?=", "x Bcc: evil@example"),
    ("=?utf-8?B?5bqX?=\r\n =?utf-8?B?6Zeo?=", "店门"),
    ("=?utf-8?B?5bo=?= =?utf-8?B?lw==?= tail", "店 tail"),  # cut inside a character
    ("=?UTF-8?Q?hello world?=", "hello world"),
    ("=?utf-8?B?5bqX5bqX", "店店"),  # without an end
    ("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?= x", "日本 x"),
    ("=?gb2312?B?xOO6ww==?=", "你好"),
    ("=?x-nowhere?q?caf=E9?=", "café"),
    ("=?utf-8*en?q?a_b?=", "a b"),
    ("Re: \u202egnp.exe\u2066 \u200f", "Re: gnp.exe"),
    ("a\tb\x00c\x1b[31m", "a b c [31m"),
    ("店门", "店门"),  # bytes above ASCII without any word
    ("=?utf-8?q?one?= two =?utf-8?q?three?=", "one two three"),
    ("=?utf-8?q?one?==?utf-8?q?two?=", "onetwo"),
    ("=?broken", "=?broken"),
)


@pytest.mark.parametrize(("written", "shown"), SUBJECTS)
def test_subjects_are_decoded_onto_one_safe_line(written, shown):
    assert read(raw(fields=f"Subject: {written}\r\n")).subject == shown


def test_a_long_subject_is_cut():
    assert len(read(raw(fields=f"Subject: {'x ' * 4000}\r\n")).subject) <= 2000  # the desk cuts it further


SENDERS = (
    ('"Doe, Ann" <Ann@MAIL.Example>', "Doe, Ann", "Ann@mail.example"),
    ("ann@mail.example (Ann)", "", "ann@mail.example"),
    ("=?utf-8?b?5byg5LiJ?= <ann@mail.example>", "张三", "ann@mail.example"),
    ('"=?utf-8?Q?Jos=C3=A9?=" <ann@mail.example>', "José", "ann@mail.example"),
    ("support@support.example <ann@mail.example>", "support@support.example", "ann@mail.example"),
    ("Ann\u202e <ann@mail.example>", "Ann", "ann@mail.example"),
    ("=?utf-8?q?Ann=0D=0ABcc:_x=40y?= <ann@mail.example>", "Ann Bcc: x@y", "ann@mail.example"),
    ("<ann@b\u00fccher.example>", "", "ann@xn--bcher-kva.example"),
    ('"ann"@mail.example', "", "ann@mail.example"),
    ("<@relay.example:ann@mail.example>", "", "ann@mail.example"),
    ("=?utf-8?q?Ann_=3Cann=40mail.example=3E?=", "Ann <ann@mail.example>", "ann@mail.example"),
    ('"Ann <ann@mail.example>', '"Ann <ann@mail.example>', "ann@mail.example"),
    ("nobody", "nobody", ""),
)


@pytest.mark.parametrize(("written", "name", "address"), SENDERS)
def test_senders_are_read_as_programs_write_them(written, name, address):
    mail = read(raw(fields=f"From: {written}\r\n"))
    assert (mail.from_name, mail.from_address) == (name, address)


def test_groups_and_comments_of_addresses():
    assert [found.address for found in mailboxes("Team: a@b.c, X (y, z@z.z) <d@e.f>; undisclosed:;")] == [
        "a@b.c",
        "d@e.f",
    ]
    assert mailboxes("(" * 9000) == mailboxes("<" * 9000) == mailboxes('"' * 9001) == ()


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Sun, 99 May 2026 99:00:00 +9999", "Sun, 03 May 99999 10:00:00 +0000"]
)
def test_a_date_that_is_none_is_none(date):
    assert read(raw(fields=f"Date: {date}\r\n")).date is None


def test_tokens_are_found_wherever_programs_put_them():
    key = b"k" * 32
    first, second, third = (tokens.sign("k3v9q2x7m4pa", person, key=key) for person in (1, 2, 3))
    fields = (
        f"To: <support+{second}@support.example>\r\nDelivered-To: support+{first.upper()}@support.example\r\n"
        f"References: <a@b> {tokens.message_id(third, 'r', 'support.example')}\r\n"
    )
    inbox = Inbox(domain="support.example")
    assert read(raw(fields=fields), inbox=inbox).tokens == (first, second, third)
    assert read(raw(fields=fields), inbox=Inbox(domain="else.example")).tokens == ()
    enveloped = read(raw(), inbox=inbox, envelope_to=[f"support+{third}@support.example"])
    assert enveloped.tokens == (third,)
