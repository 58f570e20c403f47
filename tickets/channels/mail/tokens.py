"""Reply tokens: who may add to which ticket, in a form that survives the way through strangers' mail programs.

A token stands in `local+token@domain` and in our Message-IDs `<token.random@domain>`. It names the ticket and the
person and carries a code that only the holder of the key can make. It is a claim of knowledge, not of identity: who
uses it must also be that person and come with a pass of the sender's domain.
"""

import base64
import binascii
import hashlib
import hmac
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

CODE_BYTES = 13  # 104 bits of the HMAC
LONGEST_ID = 20  # bytes; a local part has 64 characters, and a name with its plus sign stands before the token
MOST_FOUND = 20  # tokens of one message

_PURPOSE = b"reply token 1\0"
_AS_TEXT, _AS_UUID = 1, 2

_SHAPE = "[a-z2-7]{26,64}"
_IN_ADDRESS = re.compile(rf"[^@\s+]*\+({_SHAPE})@([^@\s]+)", re.IGNORECASE)
_IN_MESSAGE_ID = re.compile(rf"<({_SHAPE})\.[^@<>\s]{{1,200}}@([^@<>\s]+)>", re.IGNORECASE)


@dataclass(frozen=True)
class Claim:
    """What a valid token says: the ticket's public id and the person's primary key."""

    ticket: str
    person: int


def sign(ticket_public_id: str, person_pk: int, *, key: bytes) -> str:
    """A token of 30 to 60 lower-case characters (base32, so that folded case does no harm). Raises ValueError where it
    would not fit into an address."""
    payload = _payload(ticket_public_id, person_pk)
    return _written(payload + _code(payload, key))


def read(token: str, *, key: bytes) -> Claim | None:
    """What the token says; None unless it was made with this key and came whole. Case does not matter."""
    data = _bytes_of(token)
    payload, code = data[:-CODE_BYTES], data[-CODE_BYTES:]
    if not payload or not hmac.compare_digest(_code(payload, key), code):
        return None
    return _claim(payload)


def message_id(token: str, random: str, domain: str) -> str:
    """A Message-ID of ours, which programs that answer write into In-Reply-To and References."""
    return f"<{token}.{random}@{domain}>"


def in_addresses(addresses: Iterable[str], *, domain: str | None = None) -> tuple[str, ...]:
    """What looks like a token in `local+token@domain`, each once, lower-cased; of any domain where none is given."""
    return _found((match for address in addresses if (match := _IN_ADDRESS.fullmatch(address))), domain)


def in_message_ids(field: str, *, domain: str | None = None) -> tuple[str, ...]:
    """What looks like a token in the ids of In-Reply-To or References, the last (nearest) first."""
    return _found(reversed(list(_IN_MESSAGE_ID.finditer(field))), domain)


def _found(matches: Iterable[re.Match[str]], domain: str | None) -> tuple[str, ...]:
    ours = (match[1].lower() for match in matches if domain is None or match[2].lower() == domain.lower())
    return tuple(dict.fromkeys(ours))[:MOST_FOUND]


def _payload(ticket: str, person: int) -> bytes:
    kind, name = _packed(ticket)
    if person < 0 or len(name) > LONGEST_ID:
        raise ValueError(f"no token for ticket {ticket!r} and person {person}: too long for an address")
    return bytes([kind, *_varint(person)]) + name


def _packed(ticket: str) -> tuple[int, bytes]:
    try:
        identity = uuid.UUID(ticket)
    except ValueError:
        return _AS_TEXT, ticket.encode()
    return (_AS_UUID, identity.bytes) if str(identity) == ticket else (_AS_TEXT, ticket.encode())


def _varint(number: int) -> Iterator[int]:
    """Seven bits a byte, the low ones first; the high bit says that more follow."""
    while number > 0x7F:
        yield number & 0x7F | 0x80
        number >>= 7
    yield number


def _claim(payload: bytes) -> Claim | None:
    person = shift = 0
    for place, byte in enumerate(payload[1:], start=2):
        person |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            name = payload[place:]
            return Claim(str(uuid.UUID(bytes=name)) if payload[0] == _AS_UUID else name.decode(), person)
    return None


def _code(payload: bytes, key: bytes) -> bytes:
    return hmac.new(key, _PURPOSE + payload, hashlib.sha256).digest()[:CODE_BYTES]


def _written(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=").lower()


def _bytes_of(token: str) -> bytes:
    """The bytes of a token that is written as we write it; none of another, so that each has one spelling."""
    folded = token.lower()
    try:
        data = base64.b32decode(folded.upper() + "=" * (-len(folded) % 8))
    except (binascii.Error, ValueError):
        return b""
    return data if _written(data) == folded else b""
