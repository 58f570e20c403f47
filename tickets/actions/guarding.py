"""The secret guard on tickets: secrets are taken out of what comes in, and a text that holds one or asks for one is
refused on its way out."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext

from supportdesk import guard
from tickets.errors import InvalidInput, SecretFound

LONGEST_SUBJECT = 200  # characters, all three
LONGEST_BODY = 20_000
LONGEST_DETAIL = 500
# Overrides of direction (U+202D, U+202E) show letters in another order than they stand, as in the address of a wallet;
# no language needs them. Marks and isolates, which Arabic needs beside Latin, stay.
_DROPPED = dict.fromkeys((0, 0x202D, 0x202E))


def incoming(text: str, *, door: str, longest: int = LONGEST_BODY, field: str = "body") -> tuple[str, list[str]]:
    """A text as it may be stored, and the kinds of what was taken out. Raises InvalidInput when nothing is left or it
    is too long."""
    plain = text.translate(_DROPPED).replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(plain) > longest:
        message = gettext("This text has %(length)d characters; at most %(limit)d fit. Shorten it, or attach a file.")
        raise InvalidInput(message % {"length": len(plain), "limit": longest}, field)
    cleaned = guard.clean(plain, door=door)
    if not cleaned.text.strip():
        raise InvalidInput(gettext("Write what you want to say."), field)
    return cleaned.text, sorted({finding.kind.value for finding in cleaned.findings})


def line(text: str, *, door: str, longest: int = LONGEST_SUBJECT, field: str = "subject") -> tuple[str, list[str]]:
    """A text of one line: blanks folded, controls out."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return incoming(" ".join(printable.split()), door=door, longest=longest, field=field)


def details(answers: Mapping[str, Any], *, door: str) -> tuple[dict[str, str], list[str]]:
    """The answers to a topic's fields as they may be stored, and the kinds of what was taken out."""
    kept: dict[str, str] = {}
    removed: set[str] = set()
    for key, value in answers.items():
        if str(value).strip():
            kept[key], kinds = incoming(str(value), door=door, longest=LONGEST_DETAIL, field=key)
            removed.update(kinds)
    return kept, sorted(removed)


def outgoing(text: str, *, field: str = "body") -> str:
    """A text that staff send to a customer. Raises SecretFound, InvalidInput."""
    plain, removed = incoming(text, door="reply", field=field)
    if removed:
        raise SecretFound(
            gettext("This text holds a key or a seed phrase. Take it out: it must never be sent or stored."), field
        )
    asked = guard.asks_secret(plain)
    if asked:
        message = gettext(
            "This text asks for something that we never ask for: “%(words)s”. Say what to do without it. "
            "If it only warns against giving it away, word it as “we never ask for …”."
        )
        raise SecretFound(message % {"words": plain[asked[0].start : asked[0].end]}, field)
    return plain


def all_kinds(*kinds: Iterable[str]) -> list[str]:
    return sorted(set().union(*kinds))
