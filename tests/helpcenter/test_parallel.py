"""What words are in English is learned from texts that exist in both languages."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpcenter.search import analyzers, parallel
from helpcenter.search.parallel import Text, Words

WORDS = [f"{a}{b}{c}" for a in "bdgkl" for b in "aeo" for c in ("mba", "ndu", "rko")]
THEIRS = [word[::-1] for word in WORDS]


def sentences(seed, count):
    """Sentences of words without grammar, each with its translation word by word in another order."""
    chance = random.Random(seed)
    for _ in range(count):
        places = chance.sample(range(len(WORDS)), chance.randint(2, 8))
        other = chance.sample(places, len(places))
        yield " ".join(WORDS[place] for place in places), " ".join(THEIRS[place] for place in other)


@settings(max_examples=10, deadline=None, derandomize=True, database=None)
@given(st.integers(0, 10_000))
def test_words_that_stand_in_the_same_lines_mean_the_same(seed):
    table = parallel.learn(sentences(seed, 200), "vi" if seed % 2 else "tr")
    stems = {analyzers.stem(word, "tr"): analyzers.stem(other, "en") for word, other in zip(WORDS, THEIRS, strict=True)}
    if seed % 2:
        stems = {word: analyzers.stem(other, "en") for word, other in zip(WORDS, THEIRS, strict=True)}
    right = [table.get(stem, (("", 0.0),))[0][0] == other for stem, other in stems.items()]
    assert sum(right) >= 0.9 * len(stems)


@pytest.mark.parametrize("language", ["fr", "ja", "ko", "ar"])
def test_a_table_learns_from_texts_of_any_script(language):
    said = {"fr": "virement", "ja": "出金", "ko": "출금", "ar": "سحب"}[language]
    lines = [(f"{said} btc", "withdrawal btc"), (f"{said} eth", "withdrawal eth"), ("btc", "btc"), ("eth", "eth")]
    table = parallel.learn(lines, language)
    term = next(iter(parallel.terms_of(said, language)))
    assert table[term][0][0] == analyzers.stem("withdrawal", "en")


def test_two_syllables_of_vietnamese_are_a_word():
    assert {"rut tien", "rut", "tien"} <= parallel.terms_of("rút tiền", "vi")


def test_grammar_is_not_learned():
    assert parallel.terms_of("comment retirer de la plateforme", "fr").isdisjoint({"de", "la", "comment"})


def test_lines_go_with_lines_where_both_texts_have_as_many():
    own = Text("Titre", "<p>un</p><p>deux</p><h2>Trois</h2><p>quatre</p>")
    english = Text("Title", "<p>one</p><p>two</p><h2>Three</h2><p>four</p>")
    expected = [("Titre", "Title"), ("un", "one"), ("deux", "two"), ("Trois", "Three"), ("quatre", "four")]
    assert list(parallel.pairs(own, english)) == expected


def test_of_a_section_with_other_lines_the_heading_and_the_whole_go_together():
    own = Text("Titre", "<p>un</p><h2>Deux</h2><p>trois</p><p>quatre</p>")
    english = Text("Title", "<p>one</p><h2>Two</h2><p>three and four</p>")
    expected = [("Titre", "Title"), ("un", "one"), ("Deux", "Two"), ("Deux\ntrois\nquatre", "Two\nthree and four")]
    assert list(parallel.pairs(own, english)) == expected


def test_texts_with_other_sections_go_together_as_a_whole():
    own, english = Text("Titre", "<p>un</p><h2>Deux</h2>"), Text("Title", "<p>one</p><p>two</p><p>three</p>")
    assert list(parallel.pairs(own, english))[1:] == [("un", "one"), ("un\nDeux", "one\ntwo\nthree")]


TABLES = st.dictionaries(
    st.text("abcéщ出 /", min_size=1, max_size=8).map(str.strip).filter(bool),
    st.lists(st.tuples(st.text("abc", min_size=1, max_size=5), st.integers(10, 100)), min_size=1, max_size=2),
    max_size=30,
)


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(TABLES)
def test_a_file_gives_back_what_was_written(rows):
    table = {term: tuple((word, share / 100) for word, share in found) for term, found in rows.items()}
    kept = parallel.read(parallel.written(table, "these texts"))
    assert len(kept) == len(table)
    assert kept.taught_by == "these texts"
    meanings = {term: tuple((word, share**parallel.SURE) for word, share in found) for term, found in table.items()}
    assert {term: tuple(kept.of(term)) for term in table} == meanings
    assert kept.of("nowhere") == kept.of("\ud800") == []


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=3))
def test_a_damaged_file_is_no_table(place, noise):
    file = parallel.written({"virement": (("withdraw", 0.9),), "frais": (("fee", 0.8),)}, "x")
    place %= len(file)
    damaged = file[:place] + noise + file[place + len(noise) :]
    kept = parallel.read(damaged)
    assert kept.of("virement") == [("withdraw", 0.9**parallel.SURE)] or len(kept) == 0


def test_a_file_of_other_analyzers_is_no_table(monkeypatch):
    file = parallel.written({"virement": (("withdraw", 0.9),)}, "x")
    monkeypatch.setattr(analyzers, "VERSION", analyzers.VERSION + 1)
    assert len(parallel.read(file)) == 0


def test_no_table_knows_no_word():
    assert Words().of("virement") == []
