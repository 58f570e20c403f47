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


class Counting:
    """Calls of Python and of C, without those of the measure of coverage, which is called in each line that is new to
    it and is no work of the reader's."""

    def __init__(self) -> None:
        self.calls = self.probes = 0

    def __call__(self, frame, event, argument) -> None:
        if "slipcover" in (getattr(argument, "__module__", None) or ""):
            self.probes += {"c_call": 1, "c_return": -1, "c_exception": -1}.get(event, 0)
        elif not self.probes:
            self.calls += event in ("call", "c_call")


def work(made: dict) -> tuple[int, int]:
    """Calls for reading a mail, and its bytes."""
    raw, counting = recipes.generate(**made), Counting()
    before = sys.getprofile()
    sys.setprofile(counting)
    try:
        with suppress(Unreadable):
            reading.read(raw)
    finally:
        sys.setprofile(before)
    return counting.calls, len(raw)


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
