"""Mailboxes of From, To and Reply-To as programs really write them. Linear, without recursion, never an error."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import idna

from tickets.channels.mail.headers import decoded, one_line

LONGEST_FIELD = 65536  # characters
MOST = 500  # mailboxes of one message
LONGEST_NAME = 120

_TOKEN = re.compile(
    r'=\?[^?\s]{1,60}\?[bBqQ]\?[^?\s]{0,500}\?=|"(?:[^"\\]|\\.)*(?:"|$)|\\.|[()<>,;:]|[^"\\()<>,;:=]+|=', re.DOTALL
)
_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\\x00-\x20\x7f]{1,128}@[^\s@<>()\[\],;:\"\\\x00-\x20\x7f]{1,253}")
_QUOTED_LOCAL = re.compile(r'"([^\s@<>()\[\],;:"\\]{1,128})"(@.+)')


@dataclass(frozen=True)
class Mailbox:
    """A name, safe to show on one line, and an address: local part as it came, domain in lower-case ASCII."""

    name: str
    address: str


def mailboxes(field: str) -> tuple[Mailbox, ...]:
    """The mailboxes of an address field, members of groups too; what is no address is left out."""
    found = (mailbox for entry in _entries(field[:LONGEST_FIELD]) for mailbox in _mailboxes(entry))
    return tuple(mailbox for _, mailbox in zip(range(MOST), found, strict=False))


def normalised(address: str) -> str:
    """The address with its domain in lower-case ASCII; empty where it is none."""
    quoted = _QUOTED_LOCAL.fullmatch(address)
    address = quoted[1] + quoted[2] if quoted else address
    if not _ADDRESS.fullmatch(address):
        return ""
    local, _, domain = address.rpartition("@")
    return f"{local}@{ascii_domain(domain)}"


def ascii_domain(domain: str) -> str:
    """A domain as mail servers compare it: lower case, IDNA 2008, without the final dot."""
    domain = domain.strip().rstrip(".").lower()
    try:
        return idna.encode(domain, uts46=True).decode() if not domain.isascii() else domain
    except UnicodeError:
        return domain


def _entries(field: str) -> Iterator[list[str]]:
    """The tokens of each entry, without comments: entries end at commas and semicolons outside of quotes."""
    entry: list[str] = []
    depth, angle = 0, False
    for piece in _TOKEN.findall(field):
        if piece == "(" or depth:
            depth = max(0, depth + (piece == "(") - (piece == ")"))
        elif piece in ",;" and not angle:
            yield entry
            entry = []
        elif piece == ":" and not angle:
            entry = []  # the name of a group
        else:
            angle = piece == "<" or (angle and piece != ">")
            entry.append(piece)
    yield entry


def _mailboxes(entry: list[str]) -> Iterator[Mailbox]:
    """The address in angle brackets with the words before it, or the bare address. More than one pair of brackets are
    more than one address: nobody may hide behind the first."""
    if "<" not in entry:
        address = normalised("".join(entry).strip())
        yield from [Mailbox("", address)] if address else []
        return
    name = "".join(_plain(piece) for piece in entry[: entry.index("<")])
    for inside in re.findall(r"<([^<>]*)>?", "".join(entry[entry.index("<") :])):
        address = normalised(inside.rpartition(":")[2].strip())
        if address:
            yield Mailbox(one_line(decoded(name), LONGEST_NAME), address)


def _plain(piece: str) -> str:
    if piece.startswith('"'):
        return re.sub(r"\\(.)", r"\1", piece[1:].removesuffix('"'))
    return piece.removeprefix("\\")
