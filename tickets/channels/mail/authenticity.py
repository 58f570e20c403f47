"""Whether the address in From is the sender's: only as our own mail server says, never as the message says.

RFC 8601, section 5: a result counts only if it names our server and stands in the part of the header that our server
wrote, which is its top. The server removes fields that claim its name from outside; where it fails to, what stands
below the first Received of another host, or below the author's own fields, is still not believed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import authres

from tickets.channels.mail.addresses import Mailbox, ascii_domain, mailboxes
from tickets.channels.mail.headers import Fields, unfolded

LONGEST_RESULTS = 8192  # characters of one field


class Ground(StrEnum):
    """Why a message is authentic or not; a closed set for logs and for the note that staff sees."""

    PASSED = "pass"
    NO_SENDER = "no sender"
    SEVERAL_SENDERS = "several senders"
    NO_RESULT = "no result of our server"
    UNCLEAR = "results that contradict each other or cannot be read"
    UNPROVEN = "dmarc does not pass"
    FORGED = "dmarc fails: the domain in From knows nothing of it"
    OTHER_DOMAIN = "the pass is for another domain"


@dataclass(frozen=True)
class Verdict:
    authentic: bool
    ground: Ground


def verdict(fields: Fields, authserv_id: str) -> Verdict:
    """What our server, known by its `authserv_id`, found out about the domain in From."""
    senders = senders_of(fields)
    if len(senders) != 1 or len(fields.all("from")) != 1:
        return Verdict(False, Ground.SEVERAL_SENDERS if senders else Ground.NO_SENDER)
    ground = _ground(list(_trusted(fields, authserv_id)), senders[0].address.rpartition("@")[2])
    return Verdict(ground is Ground.PASSED, ground)


def senders_of(fields: Fields) -> tuple[Mailbox, ...]:
    """The mailboxes of every From."""
    return tuple(mailbox for field in fields.all("from") for mailbox in mailboxes(field))


def _ground(values: list[str], domain: str) -> Ground:
    if not values:
        return Ground.NO_RESULT
    try:
        results = [result for value in values for result in _results(value) if result.method.lower() == "dmarc"]
    except (authres.AuthResError, RecursionError, ValueError):
        return Ground.UNCLEAR
    if len(results) > 1:
        return Ground.UNCLEAR
    said = str(results[0].result).lower() if results else ""
    if said != "pass":
        return Ground.FORGED if said == "fail" else Ground.UNPROVEN
    named = [str(part.value) for part in results[0].properties if (part.type, part.name) == ("header", "from")]
    return Ground.PASSED if named and all(_domain(name) == domain for name in named) else Ground.OTHER_DOMAIN


def _domain(name: str) -> str:
    return ascii_domain(name.rpartition("@")[2])


def _results(value: str) -> list[authres.AuthenticationResult]:
    """The results of one field. Comments and quoted strings hold what strangers say of themselves, and authres reads on
    behind those that it does not understand, so they are taken out first."""
    bare = _without_said(value[:LONGEST_RESULTS])
    return list(authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {bare}").results)


def _without_said(value: str) -> str:
    """Without comments; each quoted string as one plain word. Raises ValueError where one of them does not end."""
    kept: list[str] = []
    depth = 0
    for piece in re.findall(r"\\.|[()]|\"(?:[^\"\\]|\\.)*\"|\"|[^\\()\"]+|\\", value, re.DOTALL):
        if piece in "()":
            depth += 1 if piece == "(" else -1
        elif depth == 0:
            kept.append("said" if piece.startswith('"') else piece)
        if depth < 0 or (piece == '"' and not depth):
            raise ValueError("unbalanced")
    if depth:
        raise ValueError("unbalanced")
    return " ".join("".join(kept).split())


# The part that our server wrote

# Fields of the way, which servers put on top; any other is the author's and ends our server's part.
_OF_THE_WAY = re.compile(
    r"return-path|delivered-to|envelope-to|delivery-date|received|received-spf|authentication-results|dkim-filter"
    r"|x-original-to|x-received|arc-.+|x-google-.+|x-spam.*|x-rspamd.*|x-virus.*|x-amavis.*|x-ms-exchange-.+|x-forefront.*"
    r"|x-envelope.*|x-postfix.*|x-greylist.*|x-milter.*|x-sieve.*|x-quarantine.*"
)
_BY = re.compile(r"\bby\s+([\w.-]+)", re.IGNORECASE)


def _trusted(fields: Fields, authserv_id: str) -> Iterator[str]:
    """The topmost results with our server's name, as far as they stand together."""
    found = False
    for name, raw in fields.pairs:
        value = unfolded(raw)
        ours = name == "authentication-results" and _says_to_be(value, authserv_id)
        if ours:
            yield value
            found = True
        elif not _OF_THE_WAY.fullmatch(name) or (name == "received" and (found or not _is_by(value, authserv_id))):
            return


def _says_to_be(value: str, authserv_id: str) -> bool:
    """Whether the results name our server, with or without a version behind the name."""
    try:
        head = _without_said(value.partition(";")[0]).split()
    except ValueError:
        return value.lstrip().lower().startswith(authserv_id.lower())
    return bool(head) and ascii_domain(head[0]) == ascii_domain(authserv_id)


def _is_by(received: str, authserv_id: str) -> bool:
    """Whether a server of ours wrote this field: the one with that name, or another one of its domain."""
    by = _BY.search(received)
    host, ours = ascii_domain(by[1]) if by else "", ascii_domain(authserv_id)
    parent = ours.partition(".")[2]
    return host == ours or ("." in parent and (host == parent or host.endswith(f".{parent}")))
