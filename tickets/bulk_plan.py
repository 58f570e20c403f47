"""Who of an incident gets its answer, and in which language. Pure.

Nobody gets a language silently that they neither chose nor wrote: where what the customer chose and what they wrote
differ, a person looks; where their language has no approved text, they wait, or get English under a note because a lead
said so for that language.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tickets.enums import Omission

ENGLISH = "en"
ALONE = 100  # recipients; for more a second person approves


@dataclass(frozen=True)
class Standing:
    """What is known of a ticket of the incident. `chosen` is the language that came with it, `written` the one that its
    text is surely in (empty: in doubt), `picked` what a person decided about the answer."""

    ticket: int
    chosen: str = ""
    written: str = ""
    picked: str = ""
    has_ended: bool = False
    is_security: bool = False
    is_answered: bool = False
    is_attended: bool = False


@dataclass(frozen=True)
class Verdict:
    """Either `omission`, or the language of the text; `for_language` is the customer's own where that is a fallback.
    `language` is also set for an omission as far as it is known."""

    ticket: int
    language: str = ""
    for_language: str = ""
    omission: Omission | None = None


def verdict(standing: Standing, texts: Mapping[str, bool]) -> Verdict:
    """`texts` has the languages with an approved text; True where it is English with a note."""
    out = _out(standing)
    language = standing.picked or standing.chosen or standing.written
    if out is None:
        out = _doubt(standing)
    if out is not None:
        return Verdict(standing.ticket, language, omission=out)
    if language not in texts or (texts[language] and texts.get(ENGLISH) is not False):
        return Verdict(standing.ticket, language, omission=Omission.NO_TEXT)
    if texts[language]:
        return Verdict(standing.ticket, ENGLISH, for_language=language)
    return Verdict(standing.ticket, language)


def _out(standing: Standing) -> Omission | None:
    if standing.is_answered:
        return Omission.ANSWERED
    if standing.has_ended:
        return Omission.ENDED
    if standing.is_security:
        return Omission.SECURITY
    return Omission.ATTENDED if standing.is_attended else None


def _doubt(standing: Standing) -> Omission | None:
    if standing.picked:
        return None
    if not standing.chosen and not standing.written:
        return Omission.NO_LANGUAGE
    if standing.chosen and standing.written and standing.chosen != standing.written:
        return Omission.OTHER_LANGUAGE
    return None


def approvals_needed(recipients: int) -> int:
    """How many different people have to let a sending go."""
    return 2 if recipients > ALONE else 1


def sample_of(languages: Mapping[int, str], size: int = 5) -> list[int]:
    """Tickets to open before a sending: spread over the languages first, then over the time."""
    by_language: dict[str, list[int]] = {}
    for ticket, language in sorted(languages.items()):
        by_language.setdefault(language, []).append(ticket)
    turns = [rows[len(rows) * turn // size] for turn in range(size) for rows in by_language.values()]
    return sorted(dict.fromkeys(turns))[:size] if len(languages) <= size else list(dict.fromkeys(turns))[:size]
