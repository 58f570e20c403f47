"""What is compared, and what a difference is."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PARAGRAPH = "¶"
OF_PARAGRAPHS = f" × {PARAGRAPH}"  # behind the number of them; people are told it in words
_PARAGRAPHS = _("The source has so many paragraphs here: %(expected)s. The translation has %(found)s.")


class Check(StrEnum):
    NUMBER = "number"
    PERCENTAGE = "percentage"
    LEVERAGE = "leverage"
    DATE = "date"
    TIME = "time"
    UNIT = "unit"
    TICKER = "ticker"
    FACT = "fact"
    LINK = "link"
    PLACEHOLDER = "placeholder"
    PICTURE = "picture"
    STEPS = "steps"
    SECTION = "section"
    SHAPE = "shape"
    CODE = "code"
    TERM = "term"
    REJECTED_TERM = "rejected_term"
    UNTRANSLATED = "untranslated"


@dataclass(frozen=True)
class Document:
    """A text in one language, as a revision keeps it; `body` is Markdown without front matter."""

    language: str
    title: str
    summary: str
    body: str


@dataclass(frozen=True)
class Term:
    """A word of the glossary for one pair of languages: forms in the source's language, accepted forms in the
    translation's, and forms that are not to be used there."""

    key: str
    source: tuple[str, ...]
    target: tuple[str, ...]
    rejected: tuple[str, ...] = ()


@dataclass(frozen=True)
class Difference:
    """One place where a translation does not say what its source says.

    `part` is the key of the outline's part, empty for the whole document. `line` counts in the translation's body from
    one; it is 0 for title and summary, and where the translation lacks the part. `expected` is what the source has,
    `found` what the translation has instead; one of them is empty where a side has nothing.
    """

    check: Check
    part: str
    line: int
    expected: str
    found: str

    @property
    def message(self) -> str:
        """What is wrong, as a sentence for a translator, in the language that is active."""
        kinds = _SENTENCES.get(self.check, _USUAL)
        expected, paragraph, _end = self.expected.partition(OF_PARAGRAPHS)
        if self.check == Check.SHAPE and paragraph:
            return str(_PARAGRAPHS) % {"expected": expected, "found": self.found.removesuffix(OF_PARAGRAPHS)}
        sentence = kinds[bool(self.expected), bool(self.found)]
        return str(sentence) % {"expected": self.expected, "found": self.found}

    @property
    def fingerprint(self) -> str:
        """A name for this difference that does not depend on the line, so that one that was accepted stays so."""
        named = "\x1f".join([self.check.value, self.part, self.expected, self.found])
        return hashlib.sha256(named.encode()).hexdigest()[:32]


Sentences = Mapping[tuple[bool, bool], str | Promise]  # by whether the source and the translation have something


def _sentences(changed: Promise | str, missing: Promise | str, added: Promise | str) -> Sentences:
    return {(True, True): changed, (True, False): missing, (False, True): added, (False, False): changed}


_USUAL = _sentences(
    _("The source says “%(expected)s”, the translation “%(found)s”."),
    _("The source says “%(expected)s”, the translation does not."),
    _("The translation says “%(found)s”, the source does not."),
)
_SENTENCES: dict[Check, Sentences] = {
    Check.FACT: _sentences(
        _("The source names the fact “%(expected)s”, the translation “%(found)s”."),
        _("The source names the fact “%(expected)s” here, the translation does not."),
        _("The translation names the fact “%(found)s” here, the source does not."),
    ),
    Check.LINK: _sentences(
        _("The source links to “%(expected)s”, the translation to “%(found)s”."),
        _("The source links to “%(expected)s” here, the translation does not."),
        _("The translation links to “%(found)s” here, the source does not."),
    ),
    Check.PICTURE: _sentences(
        _("The source shows the picture “%(expected)s”, the translation “%(found)s”."),
        _("The source shows the picture “%(expected)s” here, the translation does not."),
        _("The translation shows the picture “%(found)s” here, the source does not."),
    ),
    Check.STEPS: _sentences(
        _("The steps of the source are %(expected)s, those of the translation %(found)s."),
        _("The translation lacks the step “%(expected)s”."),
        _("The translation has the step “%(found)s”, which the source lacks."),
    ),
    Check.SECTION: _sentences(
        _("The sections of the source are %(expected)s, those of the translation %(found)s."),
        _("The translation lacks the section “%(expected)s”."),
        _("The translation has the section “%(found)s”, which the source lacks."),
    ),
    Check.SHAPE: _sentences(
        _("The source has %(expected)s here, the translation %(found)s."),
        _("The source has %(expected)s here, which the translation lacks."),
        _("The translation has %(found)s here, which the source lacks."),
    ),
    Check.TERM: _sentences(
        _("The source speaks of “%(expected)s”, the translation of “%(found)s”."),
        _("The translation has no word of the glossary for “%(expected)s”."),
        _("The translation speaks of “%(found)s”, the source does not."),
    ),
    Check.REJECTED_TERM: _sentences(
        _("For “%(expected)s” the glossary does not want “%(found)s”."),
        _("The translation has no word of the glossary for “%(expected)s”."),
        _("The glossary does not want “%(found)s”."),
    ),
    Check.UNTRANSLATED: _sentences(
        _("“%(found)s” is not translated."),
        _("“%(expected)s” is not translated."),
        _("“%(found)s” is not translated."),
    ),
}
