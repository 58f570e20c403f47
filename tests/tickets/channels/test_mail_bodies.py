"""Of the parts of a mail, the words and the files are found, however they are nested, encoded and broken."""

import base64

import pytest

from tests.tickets.channels.messages import message, parts, raw
from tests.tickets.channels.replies import ATTRIBUTIONS, NEW, OLD, marked
from tickets.channels.mail.reading import read

HTML = "text/html; charset=utf-8"


def test_plain_text_is_taken_before_the_page():
    made = message("Plain words\n")
    made.add_alternative("<p>Other words</p>", subtype="html")
    assert (read(made.as_bytes()).text, read(made.as_bytes()).html_only) == ("Plain words", False)


@pytest.mark.parametrize("plain", ["", " \n\n", "Your program cannot show this message."])
def test_the_page_is_taken_where_the_plain_text_says_nothing(plain):
    page = "<p>My deposit has not arrived, although I sent it two days ago by TRC20.</p>"
    mail = read(parts(("Content-Type: text/plain", plain), (f"Content-Type: {HTML}", page), kind="alternative"))
    assert mail.text == "My deposit has not arrived, although I sent it two days ago by TRC20."
    assert mail.html_only


def test_texts_around_a_file_are_one_text():
    mail = read(
        parts(
            ("Content-Type: text/plain", "Above"),
            ("Content-Type: image/png\r\nContent-Disposition: inline; filename=a.png", b"png"),
            ("Content-Type: text/plain", "Below"),
        )
    )
    assert mail.text == "Above\n\nBelow"
    assert [(part.name, part.declared_type, part.inline, part.data) for part in mail.attachments] == [
        ("a.png", "image/png", True, b"png")
    ]


def test_a_text_with_a_name_is_a_file_unless_it_is_the_body():
    pieces = [("Content-Type: text/plain; name=body.txt", "Words"), ("Content-Type: text/plain; name=log.txt", "Log")]
    mail = read(parts(*pieces))
    assert mail.text == "Words"
    assert [(part.name, part.data) for part in mail.attachments] == [("log.txt", b"Log")]


def test_files_of_every_version_are_kept():
    inner = (
        b"--in\r\nContent-Type: text/html\r\n\r\n<p>Page <img src=cid:x1></p>\r\n--in\r\nContent-Type: image/gif\r\n"
        b"Content-ID: <x1>\r\n\r\nGIF\r\n--in--"
    )
    mail = read(
        parts(
            ("Content-Type: text/plain", "Page"),
            ("Content-Type: multipart/related; boundary=in", inner),
            ("Content-Type: text/calendar; method=REQUEST", "BEGIN:VCALENDAR"),
            kind="alternative",
        )
    )
    assert mail.text == "Page"
    assert [(part.declared_type, part.inline, part.content_id) for part in mail.attachments] == [
        ("image/gif", True, "x1"),
        ("text/calendar", False, ""),
    ]


def test_a_page_beside_the_same_plain_text_is_not_repeated():
    mail = read(parts(("Content-Type: text/plain", "Same  words"), ("Content-Type: text/html", "<p>Same words</p>")))
    assert mail.text == "Same  words"


def test_an_invitation_without_words_says_what_it_is():
    calendar = (
        "BEGIN:VCALENDAR\r\nSUMMARY;LANGUAGE=en:Call\\, today\r\nDESCRIPTION:About my\r\n  deposit\r\nEND:VCALENDAR"
    )
    assert read(raw(calendar, kind="text/calendar")).text == "Call, today\nAbout my deposit"


def test_a_forwarded_message_is_a_file_and_its_text_is_quoted():
    made = message("See below\n")
    made.add_attachment(message("Forwarded words\n", Subject="Old / news", From="Eve <eve@e.example>"))
    mail = read(made.as_bytes())
    assert mail.text == "See below"
    assert mail.quoted == "From: Eve <eve@e.example>\nSubject: Old / news\n\nForwarded words"
    assert [(part.name, part.declared_type) for part in mail.attachments] == [("Old news.eml", "message/rfc822")]
    assert b"Forwarded words" in mail.attachments[0].data


def test_what_outlook_wraps_is_kept_as_it_is():
    mail = read(
        parts(("Content-Type: text/plain", "Hi"), ("Content-Type: application/ms-tnef; name=winmail.dat", b"\x78\x9f"))
    )
    assert [(part.name, part.data) for part in mail.attachments] == [("winmail.dat", b"\x78\x9f")]


NAMES = (
    ("filename*=UTF-8''%E5%BA%97.pdf; filename=x.pdf", "店.pdf"),
    ("filename*0*=utf-8''%E5%BA; filename*1*=%97; filename*2=.pdf", "店.pdf"),
    ('filename="=?utf-8?B?5bqX?=.pdf"', "店.pdf"),
    ('filename="../../etc/passwd"', "passwd"),
    ('filename="C:\\\\temp\\\\a.txt"', "a.txt"),
    ('filename="a\u202egnp.exe"', "a gnp.exe"),
    ('filename="..."', "application-1.pdf"),
    ("", "application-1.pdf"),
    (f'filename="{"x" * 600}.pdf"', f"{'x' * 488}.pdf"),
    ("filename=a b.pdf", "a b.pdf"),
)


@pytest.mark.parametrize(("written", "name"), NAMES)
def test_names_of_files_are_safe(written, name):
    fields = f"Content-Type: application/pdf\r\nContent-Disposition: attachment; {written}"
    assert [part.name for part in read(parts((fields, b"pdf"))).attachments] == [name]


FLOWED = (
    ("one \r\ntwo\r\nthree", "", "one two\nthree"),
    ("你 \r\n好", "; delsp=yes", "你好"),
    (" >no quote \r\ngoes on", "", ">no quote goes on"),
    ("words\r\n-- \r\nAnn", "", "words"),
    ("> a \r\n> b\r\nanswer", "", "answer"),
)


@pytest.mark.parametrize(("body", "more", "text"), FLOWED)
def test_flowed_text_is_one_paragraph_a_line(body, more, text):
    mail = read(raw(body, kind=f"text/plain; charset=utf-8; format=flowed{more}"))
    assert (mail.text or mail.quoted) == text
    assert sorted("".join(f"{mail.text}{mail.quoted}".replace(">", "").split())) == sorted(
        "".join(body.replace(">", "").split())
    )


ENCODED = (
    ("base64", base64.b64encode(b"Hello there"), "Hello there"),
    ("BASE64", b"SGVsbG8gdGhlcm", "Hello ther"),
    ("base64", b"SGVs\r\n bG8!=\r\nlist words here", "Hello\n\nlist words here"),
    ("base64", b"This is no base64 at all", "This is no base64 at all"),
    ("quoted-printable", b"a=3Db=\r\nc =E5=BA=97 =ZZ", "a=bc 店 =ZZ"),
    ("x-uuencode", b"begin 644 a\r\n%2&5L;&\\ \r\n`\r\nend\r\n", "Hello"),
    ("nonsense", b"Hello", "Hello"),
    ("base64; x=y", b"SGVsbG8=", "Hello"),
    ("x-uuencode", b"begin 644 a\r\n%2&5L;&\\garbage\r\n+\r\nend\r\n", "Hello"),
)


@pytest.mark.parametrize(("encoding", "body", "text"), ENCODED)
def test_transfer_encodings_are_read_as_far_as_they_go(encoding, body, text):
    assert read(raw(body, fields=f"Content-Transfer-Encoding: {encoding}\r\n")).text == text


BROKEN = (
    (b"From: a@b.c\nno field here\nwords", "no field here\nwords"),
    (b"From: a@b.c\r\rwords\r", "words"),
    (b"\xef\xbb\xbf\r\nFrom: a@b.c\n\nwords", "words"),
    (b"From - Sun May  3 15:00:00 2026\nFrom: a@b.c\n\nwords", "words"),
    (b"From: a@b.c\nContent-Type: multipart/mixed\n\nwords", "words"),
    (b"From: a@b.c\nContent-Type: multipart/mixed\n\n--x\nContent-Type: text/plain\n\nwords\n--x--", "words"),
    (b"From: a@b.c\nContent-Type: multipart/mixed; boundary=y\n\nwords", "words"),
    (b"From: a@b.c\nContent-Type: multipart/mixed; boundary=y\n\n--y\n\nwords", "words"),
    (b"From: a@b.c\nContent-Type: text\n\nwords", "words"),
    (b"From: a@b.c\nContent-Type: ;;;\n\nwords", "words"),
    (b"just words", "just words"),
)


@pytest.mark.parametrize(("data", "text"), BROKEN)
def test_words_of_broken_messages_are_not_lost(data, text):
    assert read(data).text == text


@pytest.mark.parametrize("language", NEW)
def test_a_reply_in_plain_text(language):
    made = message(f"{NEW[language]}\n\n{ATTRIBUTIONS[language][0]}\n\n{marked(OLD)}\n")
    for data in (made.as_bytes(), made.as_bytes().replace(b"\r\n", b"\n")):
        assert read(data).text == NEW[language]
