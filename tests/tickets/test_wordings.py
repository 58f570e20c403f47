"""Wordings that are learned: a table says what it was taught, in which words, keeps nothing of one person's text, and
takes any text."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickets import wordings
from tickets.wordings import BadTable, Example, Learned, cut, learn

LABELLED = {
    "fees": ("the fee is too high", "why was I charged a commission", "手续费太高了", "комиссия слишком большая"),
    "kyc": ("my passport was refused", "the selfie is not accepted", "护照照片没有通过", "паспорт не приняли"),
    "api": ("the websocket drops", "my api key is not valid", "接口一直断开", "ключ не работает"),
}
EXAMPLES = [Example(text, label) for label, texts in LABELLED.items() for text in texts for _ in range(2)]

LITTLE = learn(EXAMPLES[:10])


@pytest.fixture(scope="module")
def table():
    return learn(EXAMPLES)


def best(table, text):
    found = table.probabilities(text)
    return max(found, key=found.__getitem__)


@pytest.mark.parametrize(("label", "text"), [(label, text) for label, texts in LABELLED.items() for text in texts])
def test_a_table_says_what_it_was_taught(table, label, text):
    assert best(table, text) == label
    assert sum(table.probabilities(text).values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("label", "text"), [("fees", "commissions of last week"), ("kyc", "Паспорта не принимают"), ("fees", "手續費")]
)
def test_other_forms_of_a_word_and_other_scripts_of_a_language_are_known(table, label, text):
    assert best(table, text) == label


def test_the_same_examples_give_the_same_table(table):
    assert learn(EXAMPLES).to_bytes() == table.to_bytes()


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


def test_a_thought_is_learned_in_one_language_and_known_in_another():
    english = {"withdrawals": "my withdrawal never arrived", "fees": "what is the trading fee", "kyc": "my passport"}
    table = learn([Example(f"{text} {n}", label) for label, text in english.items() for n in range(4)])
    for text in ("提币一直没到账", "вывод так и не пришёл", "السحب لم يصل"):
        assert best(table, text) == "withdrawals"
        assert table.spans(text, "withdrawals")


def test_the_words_of_a_thought_are_named_together():
    texts = {"withdrawals": "it has never arrived", "fees": "what does it cost"}
    table = learn([Example(f"{text} {n}", label) for label, text in texts.items() for n in range(4)])
    assert "NEVER  arrived" in " ".join(words_of(table, "Sir, it NEVER  arrived", "withdrawals"))


def test_there_must_be_something_to_tell_apart():
    with pytest.raises(ValueError, match="two labels"):
        learn([Example("a fee", "fees")])


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


# Whose


def test_words_of_few_people_leave_nothing_behind():
    """Of three people's texts what all have written counts; the name that one of them wrote does not."""
    shared = [Example(f"freikarte {name}", "other", person=number) for number, name in enumerate(["zq", "xj", "qz"], 1)]
    own = Example("sapperlot sapperlot", "other", person=4)
    twice = Example("sapperlot kuckuck", "other", person=4)
    table = learn([*EXAMPLES, *shared, own, twice])
    assert best(table, "freikarte") == "other"
    assert table.spans("sapperlot kuckuck", "other") == []


def test_thoughts_of_requests_count_when_three_people_have_them():
    """The words of the three differ: only what they mean is shared."""
    texts = [Example(f"{word} {number}", word) for word in ("sapperlot", "kuckuck") for number in range(4)]
    said = ("withdrawal", "提币", "출금")
    three = [Example(text, "kuckuck", person=person) for person, text in enumerate(said, 1)]
    one = [Example(text, "kuckuck", person=1) for text in said]
    known, unknown = learn([*texts, *three]), learn([*texts, *one])
    assert best(known, "вывод") == "kuckuck"
    assert known.probabilities("вывод")["kuckuck"] > unknown.probabilities("вывод")["kuckuck"] == pytest.approx(0.5)


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


# How good


def test_every_example_is_read_by_a_table_that_never_saw_it():
    examples = [Example(f"freikarte {number}", "other" if number % 2 else "fees") for number in range(8)]
    odd = Example("sapperlot", "kyc")
    found = wordings.read_by_others([*examples, odd], 3)
    assert len(found) == 9
    assert "kyc" not in found[8]  # nobody else has taught it


def test_sharpness_makes_probabilities_true():
    """Of ten readings that are sure, six are right: they must be said more softly."""
    sure = [({"fees": 0.99, "kyc": 0.01}, "fees" if number < 6 else "kyc") for number in range(10)]
    factor = wordings.sharpness_of(sure)
    assert wordings.sharpened(sure[0][0], factor)["fees"] < 0.85
