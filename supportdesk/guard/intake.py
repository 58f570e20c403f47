"""The one way in: whatever people write passes `clean` before anything durable sees it."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from supportdesk.guard import detectors, seed_phrases
from supportdesk.guard.normalise import normalise
from supportdesk.guard.spans import PLACEHOLDERS, Finding, Kind

logger = logging.getLogger(__name__)

# Order matters: the earlier detector wins a span.
DETECTORS: tuple[tuple[Kind, Callable[[str], Iterator[tuple[int, int]]]], ...] = (
    (Kind.PEM, detectors.pem),
    (Kind.OTPAUTH, detectors.otpauth),
    (Kind.TOKEN, detectors.jwt),
    (Kind.SEED_PHRASE, seed_phrases.seed_phrases),
    (Kind.PRIVATE_KEY, detectors.private_key),
)


@dataclass(frozen=True)
class Cleaned:
    """A text that may be stored, and what was taken out of it (positions in the text that was given)."""

    text: str
    findings: tuple[Finding, ...]

    @property
    def is_redacted(self) -> bool:
        return bool(self.findings)


def findings(text: str) -> tuple[Finding, ...]:
    """The secrets in a text, by place, never overlapping."""
    normalised = normalise(text)
    taken: list[Finding] = []
    for kind, detect in DETECTORS:
        for start, end in detect(normalised.text):
            finding = Finding(*normalised.span(start, end), kind)
            if all(finding.end <= other.start or finding.start >= other.end for other in taken):
                taken.append(finding)
    return tuple(sorted(taken))


def clean(text: str, *, door: str) -> Cleaned:
    """Replace every secret by a note in the active language. `door` names the way in, for the log; the log never
    holds the text."""
    found = findings(text)
    if found:
        logger.info("guard removed %s at %s", ", ".join(sorted({f.kind.value for f in found})), door)
    parts: list[str] = []
    position = 0
    for finding in found:
        parts += [text[position : finding.start], str(PLACEHOLDERS[finding.kind])]
        position = finding.end
    return Cleaned("".join([*parts, text[position:]]), found)
