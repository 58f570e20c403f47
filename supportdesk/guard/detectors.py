"""Detectors that cannot mistake an order number for a secret: each has a frame or a checksum.

Each takes normalised text and yields spans `(start, end)`. All are linear in the length of the text.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator
from itertools import islice

import base58

Span = tuple[int, int]

# Writing programs make long dashes of short ones; SSH2 (RFC 4716) has four and blanks.
_DASHES = "[-\u2010-\u2015\u2212]{2,5}"
_NAME = r"(?:[A-Z0-9]+\s{1,3}){0,4}PRIVATE\s{1,3}KEY(?:\s{1,3}BLOCK)?"
_PEM = re.compile(rf"{_DASHES} ?BEGIN\s{{1,3}}{_NAME} ?{_DASHES}", re.IGNORECASE)
_PEM_END = re.compile(rf"{_DASHES} ?END\s{{1,3}}{_NAME} ?{_DASHES}", re.IGNORECASE)
_PUTTY = re.compile(r"PuTTY-User-Key-File-\d")
_PUTTY_END = re.compile(r"Private-(?:MAC|Hash): *[0-9a-f]+")
# A label may be in any script, and have blanks where parameters follow on its line; parameters are ASCII, and a
# sentence in Chinese goes on without a blank.
_OTPAUTH = re.compile(
    r"otpauth(?:-migration)?://(?:[^\n<>\"'`?]{1,120}(?=\?[A-Za-z]+=)|[^\s<>\"'`?]+)(?:\?[!#-&(-;=?-_a-~]*)?",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*+")
_OBJECT = re.compile("e(?:yJ|yA|w[o0])")  # base64 of a brace and a quote, a blank or a line end
_MOST_BEGINNINGS = 3  # in one part: what stands before a token may look like its beginning
_BASE58 = "[1-9A-HJ-NP-Za-km-z]"
_WIF = re.compile(rf"(?<!{_BASE58})(?:[5KL9c]{_BASE58}{{50,51}})(?!{_BASE58})")
_EXTENDED = re.compile(rf"(?<!{_BASE58})[xyztuvYZUV]prv{_BASE58}{{100,112}}(?!{_BASE58})")

WIF_VERSIONS = {0x80, 0xEF}  # main and test networks, https://en.bitcoin.it/wiki/Wallet_import_format
# Version bytes of private extended keys: BIP-32, and SLIP-132 for the forms with y, z, u and v.
EXTENDED_VERSIONS = {
    bytes.fromhex(v)
    for v in (
        "0488ade4",
        "04358394",
        "049d7878",
        "044a4e28",
        "04b2430c",
        "045f18bc",
        "0295b005",
        "024285b5",
        "02aa7a99",
        "02575048",
    )
}


def pem(text: str) -> Iterator[Span]:
    """A private key in PEM or PGP armour, up to its END line or, cut short, to the end of the text."""
    yield from _framed(text, _PEM, _PEM_END)


def putty(text: str) -> Iterator[Span]:
    """A private key in the format of PuTTY, which has no dashes."""
    yield from _framed(text, _PUTTY, _PUTTY_END)


def _framed(text: str, opening: re.Pattern[str], closing: re.Pattern[str]) -> Iterator[Span]:
    position = 0
    while begin := opening.search(text, position):
        end = closing.search(text, begin.end())
        position = end.end() if end else len(text)
        yield begin.start(), position


def otpauth(text: str) -> Iterator[Span]:
    """The address behind a QR code that enrols an authenticator app."""
    for match in _OTPAUTH.finditer(text):
        yield match.start(), match.end()


def jwt(text: str) -> Iterator[Span]:
    """A JSON Web Token (RFC 7519): its first part decodes to an object that names an algorithm; two to four follow."""
    for run in _DOTTED.finditer(text):
        parts = run.group().split(".")
        start, taken = run.start(), -1
        for number, part in enumerate(parts[:-2]):
            beginning = _beginning(part) if number > taken else -1
            if beginning >= 0:
                taken = min(number + 4, len(parts) - 1)
                yield start + beginning, start + len(".".join(parts[number : taken + 1]))
            start += len(part) + 1


def _beginning(part: str) -> int:
    """Where the first part of a token begins in `part`; -1 where it holds none."""
    for match in islice(_OBJECT.finditer(part), _MOST_BEGINNINGS):
        if "alg" in _json_object(part[match.start() :]):
            return match.start()
    return -1


def _json_object(part: str) -> dict[str, object]:
    try:
        decoded = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return {}
    return decoded if isinstance(decoded, dict) else {}


def private_key(text: str) -> Iterator[Span]:
    """A private key of a coin in base58check: WIF or extended (`xprv…`). Addresses and `xpub` have other versions."""
    for match in _WIF.finditer(text):
        payload = _base58check(match.group())
        if payload and payload[0] in WIF_VERSIONS and len(payload) in (33, 34):
            yield match.start(), match.end()
    for match in _EXTENDED.finditer(text):
        payload = _base58check(match.group())
        if payload and payload[:4] in EXTENDED_VERSIONS:
            yield match.start(), match.end()


def _base58check(token: str) -> bytes:
    try:
        return base58.b58decode_check(token)
    except ValueError:
        return b""
