"""What terms score is kept up to a bound; what was worked out first is forgotten first, and is the same when it is
worked out again."""

import pytest

from helpcenter.search import scores
from helpcenter.search.scores import TEXTS, Found, Kept, Lengths, Part, Scores

DOCUMENTS = 20


@pytest.fixture
def asked():
    """Every question for postings: (field, term)."""
    return []


@pytest.fixture
def made(monkeypatch, asked):
    """Scores that may keep thirty postings; each word stands in the bodies of ten documents."""
    monkeypatch.setattr(scores, "MOST_POSTINGS", 30)
    monkeypatch.setattr(scores, "MOST_OF_EACH", 0)

    def read(field, term):
        asked.append((field, term))
        return Found(list(range(10)), [1.0] * 10) if field == "body" else Found([], [])

    return Scores(DOCUMENTS, read, lambda field: Lengths([5] * DOCUMENTS, 5.0), Kept())


def test_what_is_kept_is_not_read_again(made, asked):
    made.of(TEXTS, "funds")
    before = len(asked)
    made.of(TEXTS, "funds")
    made.spread("funds")
    assert len(asked) == before


def test_what_was_first_is_forgotten_first(made):
    for word in ("one", "two", "three"):
        made.of(TEXTS, word)
    kept = made.kept
    assert (TEXTS, "one") not in kept.postings
    assert (TEXTS, "three") in kept.postings


def test_no_more_is_kept_than_is_counted(made):
    for word in range(40):
        made.of(TEXTS, str(word % 7))
        assert made.kept.count == sum(len(known.places) + 1 for known in made.kept.postings.values())
        assert made.kept.count <= scores.MOST_POSTINGS


def test_what_was_forgotten_scores_the_same_again(made):
    before = made.total([Part(TEXTS, "one", 1.0)])
    for word in ("two", "three", "four"):
        made.of(TEXTS, word)
    assert made.total([Part(TEXTS, "one", 1.0)]) == before
    assert made.spread("one") == 10


def test_one_word_may_be_larger_than_the_bound(made, monkeypatch):
    monkeypatch.setattr(scores, "MOST_POSTINGS", 5)
    assert len(made.of(TEXTS, "everywhere").places) == 10


def named(sections, holders):
    """The documents of a word, where it is a name among these sections of twenty documents."""

    def read(field, term):
        return Found(list(holders), [1.0] * len(holders)) if field == "body" else Found([], [])

    return Scores(DOCUMENTS, read, lambda field: Lengths([5] * DOCUMENTS, 5.0), Kept(), lambda: sections).named(("x",))


def test_a_name_is_what_a_section_and_hardly_any_other_page_holds():
    assert named([range(6), range(6, 20)], range(6)) == set(range(6))
    assert named([range(6), range(6, 20)], range(5)) == set(range(5))


@pytest.mark.parametrize(
    ("sections", "holders"),
    [
        ([range(6), range(6, 20)], range(8)),  # held by others too
        ([range(12), range(12, 20)], range(6)),  # by half of the section
        ([range(4), range(4, 20)], range(4)),  # by all of a section too small to tell
        ([range(11), range(11, 20)], range(11)),  # by most of all pages
        ([], range(6)),
    ],
)
def test_other_words_are_no_names(sections, holders):
    assert named(sections, holders) == frozenset()
