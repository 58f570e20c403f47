"""A mail that is a web page is read as text, and what was quoted or signed in it is no new word."""

import pytest

from tests.tickets.channels.messages import raw
from tests.tickets.channels.replies import ADDRESS, ATTRIBUTIONS, BLOCKS, NEW, OLD, block
from tickets.channels.mail.reading import read

HTML = "text/html; charset=utf-8"


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
