"""Detectors that cannot mistake an order number for a secret: each has a frame or a checksum.

Each takes normalised text and yields spans `(start, end)`. All are linear in the length of the text.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator

import base58

Span = tuple[int, int]

_PEM = re.compile(r"-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----")
_PEM_END = re.compile(r"-----END (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----")
# A label may be in any script; parameters are ASCII, and a sentence in Chinese goes on without a blank.
_OTPAUTH = re.compile(r"otpauth(?:-migration)?://[^\s<>\"'`?]+(?:\?[!#-&(-;=?-_a-~]*)?", re.IGNORECASE)
_JWT = re.compile(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*){2,4}")
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
    position = 0
    while begin := _PEM.search(text, position):
        end = _PEM_END.search(text, begin.end())
        position = end.end() if end else len(text)
        yield begin.start(), position


def otpauth(text: str) -> Iterator[Span]:
    """The address behind a QR code that enrols an authenticator app."""
    for match in _OTPAUTH.finditer(text):
        yield match.start(), match.end()


def jwt(text: str) -> Iterator[Span]:
    """A JSON Web Token (RFC 7519): its first part decodes to an object that names an algorithm."""
    for match in _JWT.finditer(text):
        if "alg" in _json_object(match.group().split(".", 1)[0]):
            yield match.start(), match.end()


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
