"""A hostile mail is read, or refused, within a bound of work. Every call of the reader and of what it calls is counted,
which no other process of the machine changes; what a call costs is for the bench (row 13), as a test that looks at a
clock fails where the machine is busy. `max_seconds` in the corpus names these mails."""

import sys
from contextlib import suppress

import pytest

from tests.tickets.channels import recipes
from tickets.channels.mail import reading
from tickets.channels.mail.errors import Unreadable

HOSTILE = recipes.hostile()
MOST = 1_000_000  # calls for any of them, however large
AT_ONCE, PER_BYTE = 10_000, 2


def work(made: dict) -> tuple[int, int]:
    """Calls for reading a mail, and its bytes."""
    raw, calls = recipes.generate(**made), 0

    def count(frame, event, argument):
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        with suppress(Unreadable):
            reading.read(raw)
    finally:
        sys.setprofile(before)
    return calls, len(raw)


def named(made: dict) -> str:
    return "-".join(str(made[key]).strip() for key in ("recipe", "word") if key in made)


every_hostile = pytest.mark.parametrize("made", HOSTILE, ids=named)


def test_the_corpus_names_them():
    assert len(HOSTILE) == 11


@every_hostile
@pytest.mark.parametrize("times", [1, 4, 16])
def test_its_work_has_a_bound(made, times):
    calls, size = work(recipes.grown(made, times))
    assert calls <= min(AT_ONCE + PER_BYTE * size, MOST)


@every_hostile
@pytest.mark.parametrize("size", [0.005, 0.02, 0.25, 1])
def test_twice_and_four_times_as_much_is_no_more_than_that_much_more_work(made, size):
    """Below the limits of the product as well as where they refuse it."""
    work(recipes.grown(made, size))  # what is made once
    one, twice, four = (work(recipes.grown(made, size * times))[0] for times in (1, 2, 4))
    assert twice <= one * 2.2 + 200
    assert four <= one * 4.4 + 200
