"""The way into the guard: what it gives back, where it cuts, what it logs, and what it may know."""

import random
import re
import unicodedata
from pathlib import Path

import pytest
from django.utils.translation import override
from hypothesis import example, given
from hypothesis import strategies as st

from supportdesk import guard
from supportdesk.guard import Kind
from supportdesk.guard.normalise import normalise
from tests.guard.made import OTPAUTH, base58check, cleaned, phrase, quick, seeded_phrases


def test_the_note_is_in_the_language_of_the_reader():
    words = " ".join(seeded_phrases("english", 1)[0])
    with override("zh-hans"):
        note = guard.clean(words, door="test").text
    assert note.startswith("[")
    assert note != "[seed phrase removed]"


def test_positions_are_those_of_the_text_that_was_given():
    words = " ".join(seeded_phrases("japanese", 1)[0])
    text = f"e\u0301\u200b １２ {unicodedata.normalize('NFD', words)} か\u3099"
    (finding,) = guard.findings(text)
    assert unicodedata.normalize("NFC", text[finding.start : finding.end]) == unicodedata.normalize("NFC", words)


@pytest.mark.parametrize(
    "secret", [" ".join(phrase("english", bytes(range(16)))), base58check("80", bytes(range(1, 33)))]
)
def test_a_cut_never_goes_through_a_secret(secret):
    text = f"My words: {secret} end"
    whole = [guard.cut(text, longest) for longest in range(10, 10 + len(secret))]
    assert set(whole) == {"My words:"}
    assert guard.cut(text, 10 + len(secret)) == f"My words: {secret}"
    assert guard.cut(text, len(text)) == text
    assert guard.cut("a word " * 100, 17) == "a word a word a w"


def test_a_secret_inside_another_is_reported_once():
    key = base58check("80", random.Random(1).randbytes(32) + b"\x01")
    text = f"-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----"
    assert [finding.kind for finding in guard.findings(text)] == [Kind.PEM]


def test_different_secrets_in_one_text_are_all_removed_in_place():
    key = base58check("80", random.Random(2).randbytes(32) + b"\x01")
    words = " ".join(seeded_phrases("korean", 1)[0])
    assert cleaned(f"a {key} b {words} c {OTPAUTH} d") == (
        "a [private key removed] b [seed phrase removed] c [two-factor secret removed] d"
    )


def test_the_log_names_the_kind_and_the_door_and_never_the_secret(caplog):
    key = base58check("80", random.Random(3).randbytes(32) + b"\x01")
    guard.clean(f"my key {key}", door="feedback")
    assert "private_key" in caplog.text
    assert "feedback" in caplog.text
    assert key not in caplog.text


@quick
@given(st.text(max_size=300))
@example("\u0301")
@example("\u200b\u0301")
def test_any_text_without_a_secret_comes_back_as_it_was(text):
    result = guard.clean(text, door="test")
    assert (result.text, result.is_redacted) == (text, False)


def test_the_guard_knows_nothing_of_the_database():
    folder = Path(guard.__file__).parent
    sources = "\n".join(file.read_text(encoding="utf-8") for file in folder.glob("*.py"))
    assert (
        re.search(r"django\.(db|conf|contrib)|helpcenter|timezone", re.sub(r'""".*?"""', "", sources, flags=re.S))
        is None
    )


@given(st.text(st.characters(codec="ascii", exclude_characters="&"), max_size=200))
def test_plain_text_is_read_as_any_other(text):
    """It has a shorter way; a mark that nobody sees sends the same words the long one."""
    short, long = normalise(text), normalise(text + "\u200b")
    assert short.text == long.text
    assert (list(short.starts), list(short.stops)) == (long.starts, long.stops)
