"""The one way in: whatever people write passes `clean` before anything durable sees it."""

import logging
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from supportdesk.guard import bank, detectors, near, pairs, passphrases, passwords, seed_phrases, sessions, told
from supportdesk.guard.json_text import unescaped
from supportdesk.guard.normalise import views
from supportdesk.guard.spans import PLACEHOLDERS, Finding, Kind

logger = logging.getLogger(__name__)

_REST = re.compile(r"[&=]|(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9]{8}")

# Order matters: the earlier detector wins a span.
DETECTORS: tuple[tuple[Kind, Callable[[str], Iterator[tuple[int, int]]]], ...] = (
    (Kind.PEM, detectors.pem),
    (Kind.PEM, detectors.putty),
    (Kind.OTPAUTH, detectors.otpauth),
    (Kind.TOKEN, detectors.jwt),
    (Kind.SESSION, sessions.session),
    (Kind.SEED_PHRASE, seed_phrases.seed_phrases),
    (Kind.PRIVATE_KEY, detectors.private_key),
    (Kind.PRIVATE_KEY, detectors.key_pair),
    (Kind.PRIVATE_KEY, detectors.keystore),
    (Kind.PRIVATE_KEY, told.private_hex),
    (Kind.IBAN, bank.iban),
    (Kind.API_SECRET, pairs.api_secret),
    (Kind.CARD, told.card),
    (Kind.CARD, told.card_code),
    (Kind.OTPAUTH, told.totp_secret),
    (Kind.OTPAUTH, near.totp_secret),
    (Kind.CODE, told.code),
    (Kind.CODE, near.code),
    (Kind.PASSWORD, told.password),
    (Kind.PASSWORD, passwords.password),
    (Kind.PASSWORD, passphrases.passphrase),
    (Kind.PASSWORD, passphrases.changed),
)


@dataclass(frozen=True)
class Cleaned:
    """A text that may be stored, and what was taken out of it (positions in the text that was given)."""

    text: str
    findings: tuple[Finding[Kind], ...]

    @property
    def is_redacted(self) -> bool:
        return bool(self.findings)


def findings(text: str) -> tuple[Finding[Kind], ...]:
    """The secrets in a text, by place, never overlapping."""
    taken: list[Finding[Kind]] = []
    for view in views(text):
        for kind, detect in DETECTORS:
            for start, end in detect(view.text):
                _take(Finding(*view.span(start, end), kind), taken, text)
    return tuple(taken)


def _take(finding: Finding[Kind], taken: list[Finding[Kind]], text: str) -> None:
    """Put a finding in its place among those taken before: not at all where one of them has a part of its span, unless
    it holds that one whole and goes on with the rest of it."""
    begin = bisect_left(taken, finding.start, key=lambda other: other.start)
    end = bisect_left(taken, finding.end, key=lambda other: other.start)
    is_after_left = begin == 0 or taken[begin - 1].end <= finding.start
    if is_after_left and (begin == end or _goes_on(taken[end - 1], finding, text)):
        taken[begin:end] = [finding]


def _goes_on(part: Finding[Kind], whole: Finding[Kind], text: str) -> bool:
    """Whether what stands behind a part is more of the secret and no word that somebody wrote in the next line."""
    return part.kind == whole.kind and _REST.search(text[part.end : whole.end]) is not None


def clean(text: str, *, door: str) -> Cleaned:
    """Replace every secret by a note in the active language. `door` names the way in, for the log; the log never
    holds the text."""
    return _without(text, findings(text), door)


def clean_json(text: str, *, door: str) -> Cleaned:
    """The same for a text in JSON: read as those read it who open it, so that no escape hides a secret."""
    read = unescaped(text)
    found = tuple(Finding(*read.span(one.start, one.end), one.kind) for one in findings(read.text))
    return _without(text, found, door)


def _without(text: str, found: tuple[Finding[Kind], ...], door: str) -> Cleaned:
    if found:
        logger.info("guard removed %s at %s", ", ".join(sorted({f.kind.value for f in found})), door)
    parts: list[str] = []
    position = 0
    for finding in found:
        parts += [text[position : finding.start], str(PLACEHOLDERS[finding.kind])]
        position = finding.end
    return Cleaned("".join([*parts, text[position:]]), found)


LONGEST_LOOK = 2000  # characters behind a cut that may belong to a secret before it


def cut(text: str, longest: int) -> str:
    """At most the first `longest` characters, and never the first part of a secret: half a phrase has no checksum, so
    that nobody would find it, and its rest is soon guessed."""
    if len(text) <= longest:
        return text
    halved = (found.start for found in findings(text[: longest + LONGEST_LOOK]) if found.start < longest < found.end)
    return text[: next(halved, longest)].rstrip()
