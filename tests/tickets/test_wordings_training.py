"""What a table of wordings is taught: by texts of any language, never by what one person alone has written; and how
good it is."""

import pytest

from tests.tickets.labelled_examples import EXAMPLES, best
from tickets.wordings_training import Example, learn, read_by_others, sharpened, sharpness_of


def test_the_same_examples_give_the_same_table():
    assert learn(EXAMPLES).to_bytes() == learn(EXAMPLES).to_bytes()


def test_a_thought_is_learned_in_one_language_and_known_in_another():
    english = {"withdrawals": "my withdrawal never arrived", "fees": "what is the trading fee", "kyc": "my passport"}
    table = learn([Example(f"{text} {n}", label) for label, text in english.items() for n in range(4)])
    for text in ("提币一直没到账", "вывод так и не пришёл", "السحب لم يصل"):
        assert best(table, text) == "withdrawals"
        assert table.spans(text, "withdrawals")


def test_there_must_be_something_to_tell_apart():
    with pytest.raises(ValueError, match="two labels"):
        learn([Example("a fee", "fees")])


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


def test_every_example_is_read_by_a_table_that_never_saw_it():
    examples = [Example(f"freikarte {number}", "other" if number % 2 else "fees") for number in range(8)]
    odd = Example("sapperlot", "kyc")
    found = read_by_others([*examples, odd], 3)
    assert len(found) == 9
    assert "kyc" not in found[8]  # nobody else has taught it


def test_sharpness_makes_probabilities_true():
    """Of ten readings that are sure, six are right: they must be said more softly."""
    sure = [({"fees": 0.99, "kyc": 0.01}, "fees" if number < 6 else "kyc") for number in range(10)]
    factor = sharpness_of(sure)
    assert sharpened(sure[0][0], factor)["fees"] < 0.85
