"""What becomes of a row of which there are three wordings: shipped before, the desk's, shipped now."""

import pytest

from supportdesk.releases.merging import differing, merged, merged_lines

BASE = {"name": "Deposit", "weight": 3, "phrases.en": "deposit\ncoin", "phrases.ja": "入金"}
LISTS = ("phrases.en", "phrases.ja")


def with_(**changes):
    return BASE | {name.replace("_", "."): value for name, value in changes.items()}


def test_what_nobody_touched_becomes_what_the_release_says():
    assert merged(BASE, BASE, with_(name="Deposits")) == with_(name="Deposits")


def test_what_the_release_did_not_change_stays_as_staff_have_it():
    assert merged(BASE, with_(weight=5), BASE) == with_(weight=5)


def test_both_sides_may_have_come_to_the_same():
    assert merged(BASE, with_(weight=5), with_(weight=5)) == with_(weight=5)


def test_a_row_of_texts_is_one_whole():
    assert merged(BASE, with_(weight=5), with_(name="Deposits")) is None


def test_a_row_with_lists_is_looked_at_part_by_part():
    new = with_(name="Deposits", phrases_ja="入金\n着金")
    assert merged(BASE, with_(weight=5), new, LISTS) == new | {"weight": 5}


def test_one_part_that_both_changed_keeps_the_whole_row():
    assert merged(BASE, with_(name="Coins"), with_(name="Deposits", phrases_ja="入金\n着金"), LISTS) is None


def test_lists_take_the_lines_of_both():
    mine, new = with_(phrases_en="deposit\ncoin\nmine"), with_(phrases_en="deposit\nnew\ncoin")
    assert merged(BASE, mine, new, LISTS) == with_(phrases_en="deposit\nnew\ncoin\nmine")


def test_an_unknown_base_settles_only_what_is_the_same():
    assert merged(None, BASE, BASE) == BASE
    assert merged(None, with_(weight=5), BASE, LISTS) is None


def test_a_part_that_is_younger_than_the_base_counts_as_untouched():
    new = BASE | {"advice": "Ask for the hash"}
    assert merged(BASE, BASE | {"advice": ""}, new) == new


def test_what_staff_wrote_in_a_part_that_is_younger_than_the_base_stays():
    mine = BASE | {"advice": "Ask the customer"}
    assert merged(BASE, mine, BASE | {"advice": "Ask for the hash"}) is None
    assert merged(BASE, mine, BASE | {"advice": ""}) == mine


@pytest.mark.parametrize(
    ("mine", "new", "result"),
    [
        ("a\nb\nm", "a\nn\nb", "a\nn\nb\nm"),
        ("a\nb\nsame", "a\nb\nsame", "a\nb\nsame"),
        ("a", "a\nb\nn", "a\nn"),  # staff took a line away, the release only added
        ("a\nB", "a\nb\nn", "a\nB\nn"),  # staff changed a line, the release only added
        ("a\nb\nm", "a", "a\nm"),  # the release took a line away, staff only added
        ("a\nB", "a\nß", None),  # both changed a line
        ("a", "a\nn", None),
        ("b", "a", None),
    ],
)
def test_lines_of_two_sides(mine, new, result):
    assert merged_lines("a\nb", mine, new) == result


def test_differing_parts_are_named():
    assert differing(with_(weight=5), with_(name="Deposits")) == ["name", "weight"]
    assert differing({}, {"words": "a, b"}) == ["words"]
