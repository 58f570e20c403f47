"""Numbers of bank accounts (ISO 13616): the length that the registry has for the country, and the check digits."""

import re
from collections.abc import Iterator

Span = tuple[int, int]

# https://www.swift.com/standards/data-standards/iban-international-bank-account-number
_REGISTRY = """
AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18
FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20
LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24
SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30
"""
LENGTHS = {entry[:2]: int(entry[2:]) for entry in _REGISTRY.split()}

_BEGINNING = re.compile(
    r"(?:(?<![A-Za-z0-9])|(?<=IBAN))[A-Z]{2}[ .-]?\d[ .-]?\d(?=[ .\n-]{0,2}[A-Z0-9])", re.IGNORECASE
)
_CHARACTER = re.compile(r"[ .\n\u2010-\u2015-]{0,2}([A-Za-z0-9])")


def iban(text: str) -> Iterator[Span]:
    """Account numbers, written as one or in groups of any length."""
    for match in _BEGINNING.finditer(text):
        length = LENGTHS.get(text[match.start() : match.start() + 2].upper())
        if length and (end := _end(text, match.start(), length)):
            yield match.start(), end


def _end(text: str, start: int, length: int) -> int:
    """Where the number ends that begins at a place; 0 where none does."""
    number, place = "", start
    while len(number) < length and (match := _CHARACTER.match(text, place)):
        number += match[1].upper()
        place = match.end()
    behind = text[place : place + 1]
    is_whole = len(number) == length and not (behind.isascii() and behind.isalnum())
    return place if is_whole and _check_digits_hold(number) else 0


def _check_digits_hold(number: str) -> bool:
    return int("".join(str(int(character, 36)) for character in number[4:] + number[:4])) % 97 == 1
