"""Texts in JSON are read as those read them who open the file, and keep their form where nothing is taken out."""

import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk import guard
from supportdesk.guard.json_text import unescaped

PHRASE = "legal winner thank year wave sausage worth useful legal winner thank yellow"
KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\n"


def cleaned(content, **options):
    return json.loads(guard.clean_json(json.dumps(content, **options), door="test").text)


@given(st.recursive(st.text(), lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(), parts)))
def test_every_character_leads_back_to_its_escape(content):
    written = json.dumps(content)
    read = unescaped(written)
    spans = [read.span(place, place + 1) for place in range(len(read.text))]
    assert "".join(written[start:end] for start, end in spans) == written
    assert all(unescaped(written[start:end]).text == sign for (start, end), sign in zip(spans, read.text, strict=True))


@pytest.mark.parametrize(
    "content",
    [
        {"a": PHRASE.replace(" ", "\n")},
        {"a": PHRASE.replace(" ", "\t")},
        {"a": [PHRASE, "keep"]},
        {"a": PHRASE.split()},
        {"a": json.dumps({"b": PHRASE.replace(" ", "\n")})},
    ],
)
def test_no_escape_hides_a_phrase(content):
    left = json.dumps(cleaned(content))
    assert "winner" not in left
    assert "[seed phrase removed]" in left


def test_letters_written_as_numbers_hide_nothing():
    written = '{"a": "' + "".join(f"\\u{ord(letter):04x}" for letter in PHRASE) + '"}'
    assert guard.clean_json(written, door="test").text == '{"a": "[seed phrase removed]"}'


def test_what_holds_nothing_keeps_its_form():
    written = '{"b":1,\n\n  "a":["\\u00e9\\/\\n", 1.50]}'
    assert guard.clean_json(written, door="test").text == written


def test_a_key_that_is_cut_short_takes_nothing_behind_its_string():
    assert cleaned({"a": [KEY, {"b": KEY}], "c": "keep"}) == {
        "a": ["[private key removed]", {"b": "[private key removed]"}],
        "c": "keep",
    }


def test_the_lines_of_a_key_in_a_list_are_one_key():
    lines = [*KEY.splitlines(), "-----END PRIVATE KEY-----"]
    assert cleaned({"a": lines, "b": "keep"}) == {"a": ["[private key removed]"], "b": "keep"}


def test_a_key_in_pieces_without_an_end_is_taken_out_whole():
    pieces = ["-----BEGIN RSA PRIVATE KEY-----\n", "MIIEowIBAAKCAQEA7b\n", "BBBBBBBBBBBBBBBBBBBB\n"]
    said = guard.clean_json(json.dumps({"k": pieces}), door="test").text
    assert "MIIE" not in said
    assert "BBBB" not in said


def test_the_log_says_once_what_a_file_held(caplog):
    with caplog.at_level(logging.INFO, logger="supportdesk.guard"):
        cleaned([f"my password is:\nHunter22!{number}\n" for number in range(30)])
    assert len(caplog.records) == 1
