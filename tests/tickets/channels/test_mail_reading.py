"""Raw mail is read whatever program wrote it, and whatever it is: as a message, or refused with a reason."""

import base64
import hashlib
import re
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tickets.channels.messages import message, parts, raw
from tests.tickets.channels.replies import ADDRESS, ATTRIBUTIONS, BLOCKS, NEW, OLD, block, marked
from tickets.channels.mail import charsets, tokens
from tickets.channels.mail.addresses import Mailbox, mailboxes
from tickets.channels.mail.errors import Reason, Unreadable
from tickets.channels.mail.reading import Inbox, read
from tickets.channels.mail.structure import Limits

quick = settings(max_examples=150, deadline=None, derandomize=True)
HTML = "text/html; charset=utf-8"


# Fields


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


# Charsets

SAMPLES = {
    "cp1251": "Здравствуйте, мой депозит не пришёл. Помогите, пожалуйста.",
    "koi8-r": "Здравствуйте, мой депозит не пришёл.",
    "cp1256": "مرحبا، لم يصل الإيداع الخاص بي حتى الآن",
    "euc_jp": "こんにちは、入金が反映されません。確認してください。",
    "cp932": "こんにちは、入金が反映されません。確認してください。",
    "cp949": "안녕하세요, 입금이 아직 반영되지 않았습니다.",
    "gb18030": "你好，我的充值还没有到账，请帮我查一下。",
    "big5": "你好，我的儲值還沒有到帳，請幫我查一下。",
    "cp1252": "Bonjour, mon dépôt n’est pas arrivé. Il a été envoyé hier à 10h.",
    "cp1254": "Merhaba, yatırdığım para henüz gelmedi. Lütfen yardımcı olun, teşekkürler.",
    "utf-8": "Xin chào, tiền gửi của tôi chưa đến 你好",
}


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("declared", ["x-unknown", "us-ascii", "", "base64", "utf-8"])
def test_a_wrong_or_unknown_charset_is_guessed(name, declared):
    kind = f"text/plain; charset={declared}" if declared else "text/plain"
    assert read(raw(SAMPLES[name].encode(name), kind=kind)).text == SAMPLES[name]


DECLARED = (
    ("gb2312", "gb18030", "朱镕基 € 瞭"),
    ("ks_c_5601-1987", "cp949", "뷁 안녕하세요"),
    ("shift_jis", "cp932", "①㈱髙 ｶﾅ"),
    ("windows-874", "cp874", "สวัสดี"),
    ("tis-620", "cp874", "สวัสดี"),
    ("iso-8859-1", "cp1252", "“quoted” – €"),
    ("iso-8859-9", "cp1254", "ığş"),
    ("big5", "big5hkscs", "嘅你好"),
    ("utf-7", "utf-7", "Grüße 店"),
    ("utf-16", "utf-16", "店 Grüße"),
    ("unicode-1-1-utf-7", "utf-7", "Grüße"),
    ("hz-gb-2312", "hz", "你好"),
    ("iso-2022-kr", "iso2022_kr", "안녕하세요"),
    ("ISO-2022-JP", "iso2022_jp", "日本語 and ASCII\nzwei 日本"),
    ("windows-1258", "cp1258", "đồng".encode("cp1258", "ignore").decode("cp1258")),
)


@pytest.mark.parametrize(("declared", "codec", "text"), DECLARED)
def test_a_charset_is_what_programs_mean_by_its_name(declared, codec, text):
    assert read(raw(text.encode(codec), kind=f'text/plain; charset="{declared}"')).text == text


@pytest.mark.parametrize("name", ["iso-2022-jp", "iso-2022-jp-ms", "cp50221", "CP50220", "csISO2022JP"])
def test_what_windows_adds_to_iso_2022_jp(name):
    data = b"\x1b$B-!-j\x1b(I6E\x1b(B abc \x1b$(D0!\x1b(B"
    assert charsets.decode(data, name) == "①㈱ｶﾅ abc 丂"


def test_a_page_may_name_its_own_charset():
    page = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head>朱镕基</html>'
    assert read(raw(page.encode("gb18030"), kind="text/html")).text == "朱镕基"


def test_null_bytes_and_controls_are_removed():
    assert read(raw(b"a\x00b\x07\x1b[1mc\r\n\x0cd")).text == "ab[1mc\n\nd"


def test_damaged_utf_8_keeps_what_is_whole():
    assert read(raw("Привет, как дела".encode()[:-1])).text.startswith("Привет, как дел")


# Bodies


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


# Pages


def of_page(markup: str) -> str:
    return read(raw(markup, kind=HTML)).text


PAGES = (
    (
        '<a href="https://evil.example/login">https://bank.example</a>',
        "https://bank.example (https://evil.example/login)",
    ),
    ('<a href="https://a.example/x">here</a>', "here (https://a.example/x)"),
    ('<a href="https://www.a.example/x">a.example</a>', "a.example"),
    ('<a href="javascript:alert(1)">here</a>', "here"),
    ('<a href="mailto:a@b.example?subject=x">a@b.example</a>', "a@b.example"),
    ("<table><tr><th>Coin</th><th>Sum</th></tr><tr><td>BTC</td><td>1</td></tr></table>", "Coin | Sum\nBTC | 1"),
    ("<ul><li>one</li><li>two</li></ul><ol><li>a</li><li>b</li></ol>", "- one\n- two\n\n1. a\n2. b"),
    ("a<br>b<p>c</p>d", "a\nb\n\nc\n\nd"),
    ("<pre>a\n  b</pre>", "a\n  b"),
    ("a&nbsp;&amp; b &lt;c&gt;", "a & b <c>"),
    ('x<span style="display: none">hidden</span><div hidden>h</div><p style="mso-hide:all">h</p>y', "xy"),
    ('<style>p{}</style><script>alert(1)</script><title>t</title>x<img src="https://a.example/p.gif">', "x"),
    ('<img src="cid:1" alt="Screenshot"> <img alt="😀" src="https://a.example/e.png">', "[Screenshot] 😀"),
    ("<div>" * 4000 + "deep" + "</div>" * 4000, "deep"),
    ("<b>x", "x"),
    ('<a href="https://a.example/\nx\ty">here</a>', "here (https://a.example/xy)"),
    ('<td style="font-size:0px"><div style="font-size:13px">shown</div></td>', "shown"),
    ('Words<span class="gmail_signature">Ann</span> more', "Words\nmore"),
    ('Words <span id="OLK_SRC_BODY_SECTION">Old</span>', "Words"),
    ('<?xml version="1.0" encoding="koi8-r"?><p>Grüße 店</p>', "Grüße 店"),
)


@pytest.mark.parametrize(("markup", "text"), PAGES)
def test_a_page_as_text(markup, text):
    assert of_page(markup) == text


def lines_of(text: str) -> str:
    return "".join(f"<div>{line.replace('<', '&lt;') or '<br>'}</div>" for line in text.split("\n"))


ATTRIBUTION = lines_of(ATTRIBUTIONS["en"][1])
AROUND = (
    '{new}<br><div class="gmail_quote"><div class="gmail_attr">{by}</div>'
    '<blockquote class="gmail_quote">{old}</blockquote></div>',
    '{new}<div class="yahoo_quoted" id="ydp1yahoo_quoted">{by}{old}</div>',
    '{new}<div id="appendonsend"></div><hr><div id="divRplyFwdMsg">{block}</div>{old}',
    '{new}<div id="x_divRplyFwdMsg">{block}</div>{old}',
    '<p>{new}</p><div style="border-top:solid #E1E1E1 1.0pt"><p>{block}</p></div><p>{old}</p>',
    '<p>{new}</p><div class="moz-cite-prefix">{by}</div><blockquote type="cite" cite="mid:1@x">{old}</blockquote>',
    '{new}<div><br><blockquote type="cite"><div>{by}</div><br>{old}</blockquote></div>',
    "{new}<div>{by}</div><blockquote><p>{old}</p></blockquote>",
    '{new}<blockquote style="border-left:1px solid #0857A6;margin:10px">{by}{old}</blockquote>',
    '{new}<div class="protonmail_quote">{by}<blockquote type="cite">{old}</blockquote></div>',
    "{new}<div>------------------ 原始邮件 ------------------</div><div>{block}</div><div>{old}</div>",
    '{new}<blockquote id="isReplyContent" style="PADDING-LEFT:1ex">{old}</blockquote>',
    '{new}<hr id="zwchr"><div>{block}</div>{old}',
)


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("language", NEW)
def test_history_in_pages_of_many_programs(around, language):
    fields = "".join(
        f"<b>{line.partition(':')[0]}:</b>{line.partition(':')[2]}<br>"
        for line in block(BLOCKS[language][0]).split("\n")
    )
    page = around.format(
        new=lines_of(NEW[language]), by=ATTRIBUTION, old=lines_of(OLD), block=fields.replace(f"<{ADDRESS}>", "")
    )
    mail = read(raw(page, kind=HTML))
    assert mail.text == NEW[language]
    assert "".join(OLD.split()) in "".join(mail.quoted.split())


def test_answers_between_the_quotes_of_a_page_are_new_words():
    page = (
        '<div class="gmail_quote"><div class="gmail_attr">On 3 May 2026 at 15:00, N wrote:</div>'
        '<blockquote class="gmail_quote">Which network?</blockquote><div>TRC20</div>'
        '<blockquote class="gmail_quote">When?</blockquote><div>Today</div></div>'
    )
    mail = read(raw(page, kind=HTML))
    assert mail.text.split() == ["TRC20", "Today"]
    assert mail.is_interleaved


def test_a_message_handed_on_in_a_page_is_not_the_persons_words():
    page = (
        '<div>Is this you?</div><div class="gmail_quote">'
        '<div class="gmail_attr">---------- Forwarded message ---------<br>'
        "From: <b>Eve</b> &lt;eve@e.example&gt;<br>Date: Sun, May 3, 2026<br>Subject: Win<br>"
        "To: &lt;ann@mail.example&gt;<br></div><div>Send us your key</div></div>"
    )
    mail = read(raw(page, kind=HTML))
    assert mail.text == "Is this you?"
    assert mail.quoted.endswith("Send us your key")


def test_a_signature_of_a_page_is_no_new_word():
    page = '<div>Hello</div><div class="gmail_signature">Ann<br>Trader</div>'
    assert (of_page(page), read(raw(page, kind=HTML)).quoted) == ("Hello", "Ann\nTrader")


@pytest.mark.parametrize("language", NEW)
def test_a_reply_in_plain_text(language):
    made = message(f"{NEW[language]}\n\n{ATTRIBUTIONS[language][0]}\n\n{marked(OLD)}\n")
    for data in (made.as_bytes(), made.as_bytes().replace(b"\r\n", b"\n")):
        assert read(data).text == NEW[language]


# What is refused


REFUSED = (
    (b"", Reason.EMPTY),
    (b"\0\r\n \0", Reason.EMPTY),
    (b"X: " + b"a" * 2_000_000 + b"\n\n", Reason.LONG_HEADERS),
    (b"X: a\n" * 400_000, Reason.LONG_HEADERS),
    (b"X: a\n" + b" \n" * 1_000_000, Reason.LONG_HEADERS),
    (b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 10_000, Reason.MANY_PARTS),
    (
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)),
        Reason.TOO_DEEP,
    ),
    (b"Content-Type: message/rfc822\n\n" * 3000, Reason.TOO_DEEP),
    (b"a" * (25 * 1024 * 1024 + 1), Reason.TOO_LARGE),
)


@pytest.mark.parametrize(("data", "reason"), REFUSED, ids=lambda value: "" if isinstance(value, bytes) else value.value)
def test_hostile_mail_is_refused_with_a_reason(data, reason):
    with pytest.raises(Unreadable) as refused:
        read(data)
    assert refused.value.reason is reason


def test_limits_are_the_callers():
    with pytest.raises(Unreadable, match="too large"):
        read(raw(), limits=Limits(size=10))
    with pytest.raises(Unreadable, match="too many parts"):
        read(parts(*[("Content-Type: text/plain", "x")] * 3), limits=Limits(parts=3))


def test_a_text_too_long_to_read_is_attached_whole():
    mail = read(raw("word " * 100_000 + "end"))
    assert mail.text.startswith("word word")
    assert [part.data.endswith(b"word end") for part in mail.attachments] == [True]


# Any bytes

SEEDS = """
From: a@b.c\\n|Subject: =?utf-8?b?|?=|Content-Type: |multipart/mixed; boundary=x\\n|--x\\n|--x--\\n|text/html\\n|\\n\\n
|text/plain; charset=|iso-2022-jp\\n|utf-7\\n|\\x1b$B|<div style='|<blockquote>|Content-Transfer-Encoding: base64\\n
|message/rfc822\\n|Date: Sun, 3 May 2026|message/delivery-status\\n|format=flowed\\n|> |-- \\n|multipart/alternative
|Authentication-Results: mx.support.example; dmarc=pass|text/calendar\\n|X-Failed-Recipients: |name*0*=utf-8''%
|multipart/report; report-type=delivery-status; boundary=x\\n|; filename="|Received: by x\\n|Final-Recipient: rfc822;
|utf-16\\n|hz\\n|idna\\n
"""
seeds = st.sampled_from(
    [seed.encode().decode("unicode_escape").encode() for seed in SEEDS.replace("\n", "").split("|")]
)


@quick
@given(st.lists(seeds | st.binary(max_size=30), max_size=20))
def test_any_bytes_are_read_or_refused(pieces):
    data = b"".join(pieces)
    try:
        mail = read(data, inbox=Inbox("mx.support.example", "support.example", frozenset({"a@b.c"})))
    except Unreadable as refused:
        assert refused.reason in Reason  # noqa: PT017 - both outcomes are right
        return
    assert not re.search("[\x00-\x08\x0e-\x1f\ud800-\udfff]", f"{mail.text}{mail.quoted}{mail.subject}{mail.from_name}")
    assert "\n" not in f"{mail.subject}{mail.from_name}{mail.from_address}{mail.message_id}"
    f"{mail}".encode()


words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
lines = st.lists(words, max_size=5).map(" ".join) | st.sampled_from(
    [*ATTRIBUTIONS["en"], "-- ", "> a", "Subject: x", "From: y"]
)


@quick
@given(st.lists(lines, max_size=12), st.sampled_from(["utf-8", "utf-16", "gb18030", "utf-7"]))
def test_every_word_of_a_plain_body_is_in_text_or_quoted(body, charset):
    text = "\n".join(body)
    mail = read(raw(text.encode(charset), kind=f"text/plain; charset={charset}"))
    assert sorted(f"{mail.text}\n{mail.quoted}".split()) == sorted(text.split())


@pytest.mark.parametrize("written", ["chưa nhận được", "한국어 각서", "ガス代", "été", "ẹ̀kọ́"])
def test_a_letter_and_its_marks_are_one_letter_as_people_search_for_it(written):
    apart = unicodedata.normalize("NFD", written)
    assert charsets.decode(apart.encode()) == unicodedata.normalize("NFC", written)


def test_marks_without_end_are_not_sorted():
    endless = "a" + "\u0301\u0323" * 500
    assert charsets.composed(endless)[10:] == endless[11:]
