"""Any bytes are read or refused, and no word of a plain mail is lost."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tickets.channels.messages import raw
from tests.tickets.channels.replies import ATTRIBUTIONS
from tickets.channels.mail.errors import Reason, Unreadable
from tickets.channels.mail.reading import Inbox, read

quick = settings(max_examples=150, deadline=None, derandomize=True)


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
