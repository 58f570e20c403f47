"""Raw bytes to `Mail`: who wrote what, to whom, with what, and how far to believe it. Pure; takes any bytes."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tickets.channels.mail import authenticity, tokens
from tickets.channels.mail.addresses import Mailbox, ascii_domain, mailboxes, normalised
from tickets.channels.mail.authenticity import Ground, Verdict
from tickets.channels.mail.bodies import Part, body
from tickets.channels.mail.headers import Fields, decoded
from tickets.channels.mail.machine import Machine, machine
from tickets.channels.mail.structure import Limits, Node, tree

LONGEST_SUBJECT = 2000  # characters; who keeps fewer asks the guard where to cut
LONGEST_NAME = 120
LONGEST_ID = 300

_ID = re.compile(rf"<([^<>\s]{{1,{LONGEST_ID}}})>")
_LOOSE_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,200}")


@dataclass(frozen=True)
class Inbox:
    """What we call ourselves: the name of our server in Authentication-Results, the domain of reply addresses, our own
    addresses without tokens. What is empty is not known: nothing is authentic, tokens are taken from any domain."""

    authserv_id: str = ""
    domain: str = ""
    addresses: frozenset[str] = frozenset()


NOTHING_KNOWN = Inbox()
LIMITS = Limits()


@dataclass(frozen=True)
class Mail:
    """A message as it is read. Everything but `text`, `quoted` and `whole` is on one line and safe to put on one. All
    of it is what strangers wrote, to be shown as text only.

    `text` holds the new words, `quoted` history and signature, `whole` both in their order; `is_interleaved` tells that
    new words stand below or between quoted ones. `date` is UTC, None where the message names none. `languages` are tags
    of Content-Language, a hint. `tokens` look like reply tokens of ours: `tokens.read` tells which are. `raw_digest` is
    the SHA-256 of the bytes in hexadecimal digits.
    """

    message_id: str
    in_reply_to: tuple[str, ...]
    from_address: str
    from_name: str
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    reply_to: tuple[Mailbox, ...]
    subject: str
    date: datetime | None
    text: str
    quoted: str
    whole: str
    is_interleaved: bool
    html_only: bool
    languages: tuple[str, ...]
    attachments: tuple[Part, ...]
    machine: Machine
    tokens: tuple[str, ...]
    authentic: Verdict
    raw_digest: str


def read(
    raw: bytes,
    *,
    inbox: Inbox = NOTHING_KNOWN,
    envelope_from: str | None = None,
    envelope_to: Iterable[str] = (),
    limits: Limits = LIMITS,
) -> Mail:
    """Read a message. Raises Unreadable, and nothing else, where it passes the limits or is empty."""
    root = tree(raw, limits)
    fields = root.fields
    sender = _sender(fields)
    content = body(root)
    return Mail(
        message_id=_first_id(fields.first("message-id")),
        in_reply_to=_ids(fields),
        from_address=sender.address,
        from_name=sender.name,
        to=_all_mailboxes(fields, "to"),
        cc=_all_mailboxes(fields, "cc"),
        reply_to=_all_mailboxes(fields, "reply-to"),
        subject=fields.words("subject", LONGEST_SUBJECT),
        date=_date(fields.first("date")),
        text=content.words.text,
        quoted=content.words.quoted,
        whole=content.whole,
        is_interleaved=content.words.is_interleaved,
        html_only=content.html_only,
        languages=_languages(fields),
        attachments=content.attachments,
        machine=_machine(root, sender.address, inbox, envelope_from),
        tokens=_tokens(fields, envelope_to, inbox.domain or None),
        authentic=_verdict(fields, inbox),
        raw_digest=hashlib.sha256(raw).hexdigest(),
    )


# Who


def _sender(fields: Fields) -> Mailbox:
    """The first mailbox of From; where it cannot be read as one, what looks most like an address in it, which is never
    authentic. An empty address where there is none."""
    found = authenticity.senders_of(fields)
    if found:
        return found[0]
    loose = _LOOSE_ADDRESS.search(decoded(fields.first("from")[:2000]))
    return Mailbox(fields.words("from", LONGEST_NAME), normalised(loose[0]) if loose else "")


def _all_mailboxes(fields: Fields, name: str) -> tuple[Mailbox, ...]:
    return tuple(mailbox for value in fields.all(name)[:20] for mailbox in mailboxes(value))[:500]


def _verdict(fields: Fields, inbox: Inbox) -> Verdict:
    return authenticity.verdict(fields, inbox.authserv_id) if inbox.authserv_id else Verdict(False, Ground.NO_RESULT)


def _machine(root: Node, sender: str, inbox: Inbox, envelope_from: str | None) -> Machine:
    is_ours = _is_from_us(sender, inbox) or _has_our_id(root.fields, inbox)
    return machine(root, sender, is_ours=is_ours, envelope_from=envelope_from)


def _is_from_us(sender: str, inbox: Inbox) -> bool:
    """With a token behind the plus sign or without; all mail of the domain of reply addresses is ours."""
    local, _, domain = sender.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}" in inbox.addresses or domain == ascii_domain(inbox.domain) != ""


def _has_our_id(fields: Fields, inbox: Inbox) -> bool:
    return bool(inbox.domain and tokens.in_message_ids(fields.first("message-id")[:1000], domain=inbox.domain))


# What it belongs to


def _first_id(field: str) -> str:
    """`<id@domain>`; where the brackets are missing, what stands there."""
    found = _ID.search(field)
    return found[0] if found else "".join(field.split())[:LONGEST_ID]


def _ids(fields: Fields) -> tuple[str, ...]:
    """The ids of In-Reply-To and References, the nearest first, each once."""
    nearest = [found[0] for found in _ID.finditer(fields.first("in-reply-to")[:65536])]
    thread = [found[0] for found in _ID.finditer(fields.first("references")[:65536])]
    return tuple(dict.fromkeys([*nearest, *reversed(thread)]))[:100]


def _tokens(fields: Fields, envelope_to: Iterable[str], domain: str | None) -> tuple[str, ...]:
    """Reply tokens by how near they are to what the sender chose: the envelope, the addresses, the thread."""
    ours = ascii_domain(domain) if domain else None
    direct = [normalised(address.strip("<> ")) for address in envelope_to]
    for name in ("delivered-to", "x-original-to", "envelope-to", "to", "cc"):
        direct += [mailbox.address for mailbox in _all_mailboxes(fields, name)]
    thread = [tokens.in_message_ids(fields.first(name)[:65536], domain=ours) for name in ("in-reply-to", "references")]
    found = [*tokens.in_addresses(direct, domain=ours), *thread[0], *thread[1]]
    return tuple(dict.fromkeys(found))[: tokens.MOST_FOUND]


# When, and in what language


def _date(field: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(field[:200])
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _languages(fields: Fields) -> tuple[str, ...]:
    found = re.findall(
        r"(?<![\w-])[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}(?![\w-])", fields.first("content-language")[:200]
    )
    return tuple(dict.fromkeys(tag.lower() for tag in found))
