"""Wordings that were learned: a table says what it was taught, in which words, and takes any text."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tickets.labelled_examples import EXAMPLES, LABELLED, best
from tickets.wordings import BadTable, Learned, cut
from tickets.wordings_training import Example, learn

LITTLE = learn(EXAMPLES[:10])


@pytest.fixture(scope="module")
def table():
    return learn(EXAMPLES)


@pytest.mark.parametrize(("label", "text"), [(label, text) for label, texts in LABELLED.items() for text in texts])
def test_a_table_says_what_it_was_taught(table, label, text):
    assert best(table, text) == label
    assert sum(table.probabilities(text).values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("label", "text"), [("fees", "commissions of last week"), ("kyc", "Паспорта не принимают"), ("fees", "手續費")]
)
def test_other_forms_of_a_word_and_other_scripts_of_a_language_are_known(table, label, text):
    assert best(table, text) == label


def test_a_table_is_read_as_it_was_written(table):
    again = Learned.from_bytes(table.to_bytes())
    assert again.probabilities("the fee") == table.probabilities("the fee")
    assert again.size == table.size > 100


@pytest.mark.parametrize("stored", [b"", b"{}\n", b"[]\nx", b'{"version": 1}\n\x00', b"\xff\n"])
def test_what_is_no_table_is_refused(stored):
    with pytest.raises(BadTable):
        Learned.from_bytes(stored)


def test_a_table_of_another_version_is_refused(table):
    with pytest.raises(BadTable, match="version"):
        Learned.from_bytes(table.to_bytes().replace(b'"version": 2', b'"version": 3'))


def test_a_table_of_the_version_before_is_read_without_thoughts(table):
    """An installed desk goes on with the one that it has until it learns anew."""
    head, _, packed = table.to_bytes().partition(b"\n")
    written = {key: value for key, value in json.loads(head).items() if key != "gain"} | {"version": 1}
    old = Learned.from_bytes(json.dumps(written).encode() + b"\n" + packed)
    assert old.gain == 0
    assert best(old, "why was I charged a commission") == "fees"
    assert {"charged"} <= words_of(old, "why was I charged a commission", "fees")


def words_of(table, text, label):
    return {text[start:end] for start, end, _ in table.spans(text, label)}


# What is meant


def test_the_words_of_a_thought_are_named_together():
    texts = {"withdrawals": "it has never arrived", "fees": "what does it cost"}
    table = learn([Example(f"{text} {n}", label) for label, text in texts.items() for n in range(4)])
    assert "NEVER  arrived" in " ".join(words_of(table, "Sir, it NEVER  arrived", "withdrawals"))


# Why


def test_the_words_that_speak_most_are_named_where_they_stand(table):
    text = "Dear team, WHY was I charged a Commission?"
    spans = table.spans(text, "fees")
    assert {"Commission", "charged"} <= {text[start:end] for start, end, _ in spans}
    assert all(weight > 0 for *_, weight in spans)
    assert spans == sorted(spans)


def test_letters_without_borders_are_named_side_by_side(table):
    text = "你好，手续费太高了"
    named = [text[start:end] for start, end, _ in table.spans(text, "fees")]
    assert any("手续费" in words for words in named)


def test_places_count_the_letters_that_were_written(table):
    text = "\u200bthe co\u0301mmission"
    assert "co\u0301mmission" in [text[start:end] for start, end, _ in table.spans(text, "fees")]


# Any text


@pytest.mark.parametrize(
    "text", ["", "x", "手", "\0", "\ud800", "😀" * 50, "a" * 100_000, "手续" * 50_000, "fee\0fee "]
)
def test_hostile_texts_are_read(table, text):
    assert set(table.probabilities(text)) == set(LABELLED)
    assert all(0 <= start < end <= len(text) for start, end, _ in table.spans(text, "fees"))


def test_what_is_not_known_speaks_for_nothing(table):
    assert list(table.probabilities("😀 !").values()) == pytest.approx([1 / 3] * 3)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read(text):
    table = LITTLE
    assert sum(table.probabilities(text).values()) == pytest.approx(1)
    for start, end, _ in table.spans(text, table.labels[0]):
        assert 0 <= start < end <= len(text)


def test_a_long_word_and_a_long_text_are_cut():
    assert len(cut("x" * 100_000).pieces) < 200
    assert len(cut("fee " * 50_000).pieces) == len(cut("fee").pieces)
