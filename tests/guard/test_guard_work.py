"""The work of the guard grows with the text, not with its square, whatever the text is."""

import pytest

from supportdesk import guard
from supportdesk.guard.normalise import normalise
from tests.guard.made import work

HOSTILE = {
    "one word": ("abandon ", 0),
    "one Chinese word": ("的 ", 0),
    "Chinese words": ("的一是在不了有和人这", 0),
    "words about codes": ("验证码备用码的一是在", 0),
    "words beside the name of a code": ("backup code abcd ", 0),
    "many addresses": ("otpauth://x ", None),
    "many tokens": ("eyJhbGciOiIifQ.. ", None),
    "many keys": ("-----BEGIN PRIVATE KEY----------END PRIVATE KEY-----", None),
    "beginnings of keys": ("-----BEGIN RSA PRIVATE KEY-----", 1),
    "broken frames": ("-----BEGIN A ", 0),
    "beginnings of tokens": ("eyJa.", 0),
    "long beginnings of tokens": ("eyJaaaaa.", 0),
    "digits": ("1", 0),
    "base58": ("K", 0),
    "extended": ("xprv", 0),
    "blanks": (" ", 0),
    "brackets": ("[", 0),
    "commas": ("abandon,", 0),
    "wide gaps": ("abandon" + " " * 13, 0),
    "joiners": ("\u200d", 0),
    "ligatures": ("\ufdfa", 0),
    "names and signs": ("key=", 0),
    "passwords that are none": ("pw: ", 0),
    "accents": ("\u0301", 0),
    "accents out of order": ("\u0301\u0316", 0),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_twice_the_text_is_about_twice_the_work(name):
    unit = HOSTILE[name][0]
    times = 8_000 // len(unit)
    work(unit * times)  # the lists of words are read once
    assert work(unit * times * 2) <= work(unit * times) * 2.5


@pytest.mark.parametrize("name", HOSTILE)
def test_64_kilobytes_of_anything_come_to_an_end(name):
    unit, expected = HOSTILE[name]
    times = 65_536 // len(unit.encode())
    assert len(guard.findings(unit * times)) == (times if expected is None else expected)


def test_what_stands_before_a_value_is_read_once_however_often_it_stands_there():
    """Each sign may begin a password, and for each the 48 characters before it would be read anew."""
    work("key=" * 4000)  # the words of the languages are read once
    assert work("key=" * 4000) - work("key_" * 4000) < 4 * 4000


def test_a_letter_under_thousands_of_accents_is_taken_in_small_pieces():
    """Ordering accents takes the square of their number, so it must not happen for all of them at once."""
    text = "a" + "\u0301" * 5_000 + "\u0316" * 5_000
    form = normalise(text)
    assert max(stop - start for start, stop in zip(form.starts, form.stops, strict=True)) <= 128
