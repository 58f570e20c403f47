"""Hashes that stand for words alone, and the comparison that tells translators what has changed."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from helpcenter.outline import (
    UNKNOWN_SOURCE,
    Change,
    Outdated,
    Part,
    compare,
    dump,
    load,
    text_hash,
    translated_from,
)
from tests.helpcenter.samples import examples

quick = examples(70)
BLANKS = st.text(" \t\n\r\u00a0\u3000", min_size=1, max_size=4)
WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Z"]) | st.sampled_from("é가が清算تصفية"), min_size=1, max_size=12
)
KEYS = st.sampled_from(["title", "intro", "section:1", "section:2", "section:why", "step:open", "step:close"])
TEXTS = st.dictionaries(KEYS, st.sampled_from("abc"), max_size=7)


def parts(texts):
    return [Part(key, key, f"Heading of {key}", text_hash(text)) for key, text in texts.items()]


@pytest.mark.parametrize("text", ["", "Mark price", "清算価格", "강제 청산", "سعر التصفية"])
def test_a_hash_is_sha_256_in_hex(text):
    assert len(text_hash(text)) == 64
    assert set(text_hash(text)) <= set("0123456789abcdef")


def test_the_hash_is_that_of_the_specification():
    # sha256sum of "Mark price" without a line end
    assert text_hash("Mark price") == "18f80225d5a4ab19d1f0c922d3fc7f56f8f2fa956c4325e637fcd41177c2055b"


@quick
@given(st.lists(WORDS, max_size=8), st.lists(BLANKS, min_size=8, max_size=8), st.lists(BLANKS, min_size=8, max_size=8))
def test_white_space_of_another_kind_or_length_is_no_change(words, some, other):
    one = "".join(word + blank for word, blank in zip(words, some, strict=False))
    two = "".join(word + blank for word, blank in zip(words, other, strict=False))
    assert text_hash(one) == text_hash(two)


@quick
@given(st.lists(WORDS, min_size=2, max_size=5))
def test_white_space_where_there_was_none_is_a_change(words):
    assume(text_hash("".join(words)) != text_hash(""))
    assert text_hash(" ".join(words)) != text_hash("".join(words))


@quick
@given(st.text(max_size=60), st.sampled_from(["NFC", "NFD"]))
def test_composed_and_decomposed_letters_are_the_same_text(text, form):
    assert text_hash(unicodedata.normalize(form, text)) == text_hash(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ａ", "A"), ("ﬁ", "fi"), ("①", "1"), ("価格", "价格"), ("a", "A"), ("100", "１００"), ("ـس", "س")],
)
def test_letters_that_only_look_alike_are_a_change(one, other):
    assert text_hash(one) != text_hash(other)


@quick
@given(st.lists(WORDS, min_size=1, max_size=6), st.integers(0, 5), WORDS)
def test_another_word_is_a_change(words, at, word):
    at %= len(words)
    assume(unicodedata.normalize("NFC", words[at]) != unicodedata.normalize("NFC", word))
    assert text_hash(" ".join(words)) != text_hash(" ".join([*words[:at], word, *words[at + 1 :]]))


@quick
@given(TEXTS, st.lists(KEYS))
def test_an_outline_survives_its_stored_form(texts, outdated):
    made = translated_from(parts(texts), parts(texts), outdated)
    assert load(dump(made)) == made


def test_nothing_stored_is_an_empty_outline():
    assert load(None) == load([]) == []


@quick
@given(TEXTS, TEXTS)
def test_a_translation_of_what_is_there_now_is_up_to_date(mine, source):
    """However it is cut: parts that it lacks were there when it was made."""
    translation = translated_from(parts(mine), parts(source))
    assert compare(translation, parts(source), parts(source)) == []


@quick
@given(TEXTS, TEXTS, TEXTS)
def test_what_is_outdated_is_what_changed_in_the_source_since(mine, then, now):
    """The same answer as from the definition: a key is outdated where the source's text of that key differs."""
    translation = translated_from(parts(mine), parts(then))
    expected = {key: Change.CHANGED if key in mine else Change.ADDED for key in now if then.get(key) != now[key]}
    expected |= {key: Change.REMOVED for key in mine if key in then and key not in now}
    assert {part.key: part.change for part in compare(translation, parts(then), parts(now))} == expected


@quick
@given(TEXTS, TEXTS, TEXTS)
def test_changes_come_in_the_order_of_the_source_and_removals_last(mine, then, now):
    found = compare(translated_from(parts(mine), parts(then)), parts(then), parts(now))
    removed = [part.key for part in found if part.change == Change.REMOVED]
    assert [part.key for part in found] == [key for key in now if key not in removed and key in keys(found)] + removed


def keys(found):
    return [part.key for part in found]


@quick
@given(TEXTS, TEXTS, st.data())
def test_parts_known_to_be_older_stay_outdated_while_the_source_has_them(mine, source, data):
    older = data.draw(st.lists(KEYS, unique=True))
    translation = translated_from(parts(mine), parts(source), older)
    found = compare(translation, parts(source), parts(source))
    assert found == [
        Outdated(key, Change.CHANGED, f"Heading of {key}") for key in source if key in mine and key in older
    ]
    assert all(part.source_hash == UNKNOWN_SOURCE for part in translation if part.key in older)


def test_a_reader_sees_the_heading_of_the_translation_for_what_it_has_and_of_the_source_for_what_is_new():
    english = [Part("section:why", "why", "Why", "1"), Part("section:how", "how", "How", "2")]
    japanese = translated_from([Part("section:why", "why", "理由", "x")], english[:1])
    now = [Part("section:why", "why", "Why", "3"), english[1]]
    assert [part.title for part in compare(japanese, english[:1], now)] == ["理由", "How"]


def test_going_back_to_the_words_of_the_translation_makes_it_current():
    then, now = parts({"intro": "a"}), parts({"intro": "b"})
    translation = translated_from(parts({"intro": "x"}), then)
    assert compare(translation, then, now)
    assert compare(translation, then, then) == []


def test_a_part_of_the_translators_own_is_never_outdated():
    translation = translated_from(parts({"section:law": "Only here."}), [])
    assert compare(translation, [], parts({"intro": "a"})) == [Outdated("intro", Change.ADDED, "Heading of intro")]
