"""Numbers of bank accounts (ISO 13616): the form that the registry has for the country, and the check digits, those of
the country's own banks too."""

import re
from collections.abc import Iterator

from stdnum import iban as registry
from stdnum.exceptions import InvalidChecksum, ValidationError

Span = tuple[int, int]

SHORTEST, LONGEST = 15, 34  # characters without the blanks between groups

_BEGINNING = re.compile(
    r"(?:(?<![A-Za-z0-9])|(?<=IBAN))[A-Z]{2}[ .-]?\d[ .-]?\d(?=[ .\n-]{0,2}[A-Z0-9])", re.IGNORECASE
)
_CHARACTER = re.compile(r"[ .\n\u2010-\u2015-]{0,2}([A-Za-z0-9])")


def iban(text: str) -> Iterator[Span]:
    """Account numbers, written as one or in groups of any length."""
    for match in _BEGINNING.finditer(text):
        if end := _end(text, match.start()):
            yield match.start(), end


def _end(text: str, start: int) -> int:
    """Where the number ends that begins at a place, before something else than a letter or a digit; 0 where none
    does."""
    number, place = "", start
    while len(number) < LONGEST and (match := _CHARACTER.match(text, place)):
        number += match[1].upper()
        place = match.end()
        behind = text[place : place + 1]
        if len(number) >= SHORTEST and not (behind.isascii() and behind.isalnum()) and _is_account(number):
            return place
    return 0


def _is_account(number: str) -> bool:
    if not _check_digits_hold(number):
        return False
    try:
        registry.validate(number)
    except InvalidChecksum:  # of the country
        return False
    except ValidationError:  # of the form, or only a bank that the library's list lacks
        return registry.is_valid(number, check_country=False)
    return True


def _check_digits_hold(number: str) -> bool:
    """The same as the registry's first check, which takes longer."""
    return int("".join(str(int(character, 36)) for character in number[4:] + number[:4])) % 97 == 1
