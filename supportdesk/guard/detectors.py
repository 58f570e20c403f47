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
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Span = tuple[int, int]

# Writing programs make long dashes of short ones; SSH2 (RFC 4716) has four and blanks.
_DASHES = "[-\u2010-\u2015\u2212]{2,5}"
_NAME = r"(?:[A-Z0-9]+\s{1,3}){0,4}PRIVATE\s{1,3}KEY(?:\s{1,3}BLOCK)?"
_PEM = re.compile(rf"{_DASHES} ?BEGIN\s{{1,3}}{_NAME} ?{_DASHES}", re.IGNORECASE)
_PEM_END = re.compile(rf"{_DASHES} ?END\s{{1,3}}{_NAME} ?{_DASHES}", re.IGNORECASE)
_PUTTY = re.compile(r"PuTTY-User-Key-File-\d")
_PUTTY_END = re.compile(r"Private-(?:MAC|Hash): *[0-9a-f]+")
# A string of JSON that holds a part of the key: one without, or one before more of it, is no place to stop at.
_OF_KEY = r"[A-Za-z0-9+/=]{16}"
_REST_OF_STRING = re.compile(rf'[^"\n]*+\n(?=[^"]*?{_OF_KEY})[^"]*+(?="\s*+[],:}}](?!\s*+"?{_OF_KEY}))')
# A label may be in any script, and have blanks where parameters follow on its line; parameters are ASCII, and a
# sentence in Chinese goes on without a blank.
_OTPAUTH = re.compile(
    r"otpauth(?:-migration)?://(?:[^\n<>\"'`?]{1,120}(?=\?[A-Za-z]+=)|[^\s<>\"'`?]+)(?:\?[!#-&(-;=?-_a-~]*)?",
    re.IGNORECASE,
)
_EMPTY_OTPAUTH = re.compile(r"otpauth(?:-migration)?://(?:[a-z]{4}/?|offline/?)?", re.IGNORECASE)  # a word about them
_DOTTED = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*+")
_OBJECT = re.compile("e(?:yJ|yA|w[o0])")  # base64 of a brace and a quote, a blank or a line end
_MOST_BEGINNINGS = 3  # in one part: what stands before a token may look like its beginning
_BASE58 = "[1-9A-HJ-NP-Za-km-z]"
_BASE58_RUN = re.compile(rf"(?<!{_BASE58}){_BASE58}{{51,112}}(?!{_BASE58})")

# https://en.bitcoin.it/wiki/Wallet_import_format: a version byte of any coin, the key, and 01 where the public key is
# short. Addresses hold 20 bytes or, of payment codes, 80.
WIF_LENGTHS = {33, 34}
EXTENDED_LENGTH = 78  # BIP-32: version, depth, parent, number, chain code, and 33 bytes of key
_BECH32 = re.compile(r"(?:bc|ltc|tb|addr|cosmos|osmo)1[ac-hj-np-z02-9]{20,}")
_PAIR = re.compile(rf"(?<!{_BASE58}){_BASE58}{{86,88}}(?!{_BASE58})")
_NUMBERS = re.compile(r"\[\s*(?:\d{1,3}\s*,\s*){63}\d{1,3}\s*\]")
_NUMBER = re.compile(r"\d+")
PAIR_LENGTH = 64  # bytes
_KEYSTORE = re.compile(r'"ciphertext"\s{0,3}:\s{0,3}"(?P<value>[0-9a-fA-F]{64,})"')
WIDEST_KEYSTORE = 1500  # characters before and behind the encrypted key

KEY_PLACE = 45  # in an extended key; a private key is written with a zero before it, a public one begins with 2 or 3


def pem(text: str) -> Iterator[Span]:
    """A private key in PEM or PGP armour, up to its END line or, cut short, to the end of the text; of a string of
    several lines in JSON to its own end."""
    yield from _framed(text, _PEM, _PEM_END)


def putty(text: str) -> Iterator[Span]:
    """A private key in the format of PuTTY, which has no dashes."""
    yield from _framed(text, _PUTTY, _PUTTY_END)


def _framed(text: str, opening: re.Pattern[str], closing: re.Pattern[str]) -> Iterator[Span]:
    position, may_end = 0, True
    while begin := opening.search(text, position):
        end = closing.search(text, begin.end()) if may_end else None
        may_end = end is not None
        position = end.end() if end else _cut_short(text, begin.end())
        yield begin.start(), position


def _cut_short(text: str, start: int) -> int:
    match = _REST_OF_STRING.match(text, start)
    return match.end() if match else len(text)


def otpauth(text: str) -> Iterator[Span]:
    """The address behind a QR code that enrols an authenticator app."""
    for match in _OTPAUTH.finditer(text):
        if not _EMPTY_OTPAUTH.fullmatch(match.group()):
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
    """A private key of any coin in base58check: WIF or extended (`xprv…`). Addresses and `xpub` hold something else."""
    for match in _BASE58_RUN.finditer(text):
        if _is_private(_base58check(match.group())):
            yield match.start(), match.end()


def is_address(value: str) -> bool:
    """Whether these are the address of a coin or the public half of a key: base58 with a checksum, or bech32."""
    return bool(_BECH32.fullmatch(value)) or (len(value) <= 120 and bool(_base58check(value)))


def _is_private(payload: bytes) -> bool:
    if len(payload) == EXTENDED_LENGTH:
        return payload[KEY_PLACE] == 0
    return len(payload) in WIF_LENGTHS and (len(payload) == min(WIF_LENGTHS) or payload[-1] == 1)


def key_pair(text: str) -> Iterator[Span]:
    """A key pair of Ed25519 as wallets of Solana export it: in base58 or as a list of 64 numbers. Its second half is
    the public key of the first, which no signature of the same length is."""
    for match in _PAIR.finditer(text):
        if _is_pair(_base58(match.group())):
            yield match.start(), match.end()
    for match in _NUMBERS.finditer(text):
        numbers = [int(number) for number in _NUMBER.findall(match.group())]
        if len(numbers) == PAIR_LENGTH and max(numbers) < 256 and _is_pair(bytes(numbers)):
            yield match.start(), match.end()


def _is_pair(pair: bytes) -> bool:
    if len(pair) != PAIR_LENGTH:
        return False
    public = Ed25519PrivateKey.from_private_bytes(pair[:32]).public_key().public_bytes_raw()
    return public == pair[32:]


def keystore(text: str) -> Iterator[Span]:
    """The encrypted key of a wallet file (Web3 Secret Storage), which falls with its password."""
    for match in _KEYSTORE.finditer(text):
        around = text[max(match.start() - WIDEST_KEYSTORE, 0) : match.end() + WIDEST_KEYSTORE]
        if '"kdf' in around and '"mac"' in around:
            yield match.start("value"), match.end("value")


def _base58(token: str) -> bytes:
    try:
        return base58.b58decode(token)
    except ValueError:
        return b""


def _base58check(token: str) -> bytes:
    try:
        return base58.b58decode_check(token)
    except ValueError:
        return b""
