"""What texts of customers are about, in words of any language: thoughts such as “a deposit” and “has not arrived”, from
`concepts.toml` and from the glossary. The same thought in two languages is the same key. Pure."""

import math
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from helpcenter.search.analyzers import simplified

FILE = Path(__file__).with_name("concepts.toml")
UNSPACED = frozenset({"zh", "ja", "ko"})  # matched as pieces of text
LONGEST = 4000  # characters of a text that are looked at
LEAST_USUAL = 0.001  # of requests; what is rarer says no more
THING, TROUBLE, ASKING, TERM = "thing", "trouble", "asking", "term"
FINE, REASON, PAST = "fine", "reason", "past"


@dataclass(frozen=True)
class Concept:
    """`usual` is the share of requests of all kinds that say it, from 0 to 1."""

    key: str
    kind: str
    patterns: Mapping[str, str]
    usual: float = 0.0


@dataclass(frozen=True)
class Vocabulary:
    concepts: tuple[Concept, ...]
    kinds: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def rarity(self) -> Mapping[str, float]:
        """How much it says that two texts share a thought: the logarithm of how few requests have it."""
        return {concept.key: -math.log(max(concept.usual, LEAST_USUAL)) for concept in self.concepts}

    def found(self, text: str, languages: Iterable[str]) -> dict[str, str]:
        """The thoughts in a text that is in one of these languages or English: key -> the words that say so."""
        return {key: match[0].strip() for key, match in self.matches(text, languages).items()}

    def matches(self, text: str, languages: Iterable[str]) -> dict[str, re.Match[str]]:
        """The thoughts in a text that is in one of these languages or English: key -> where it is said first."""
        folded = fold(text)
        codes = dict.fromkeys([*(family(code) for code in languages if code), "en"])
        spans: dict[str, re.Match[str]] = {}
        for concept in self.concepts:
            if concept.kind == FINE:
                continue
            look = _asked if concept.kind == ASKING else _search
            match = next((m for code in codes if (m := look(concept, code, folded))), None)
            if match is not None:
                spans[concept.key] = match
        parts = {key for key, match in spans.items() if self._is_part(key, match, spans)}
        alone = {key: found for key in parts if (found := self._later(key, folded, codes, spans))}
        return {key: alone.get(key, match) for key, match in spans.items() if key in alone or key not in parts}

    def reported(self, text: str, languages: Iterable[str]) -> str:
        """A text without the parts of its sentences that say what is all right, and nothing of a trouble."""
        codes = list(dict.fromkeys([*(family(code) for code in languages if code), "en"]))
        return " ".join(part for part in _parts(text) if not self._is_fine(fold(part), codes))

    def _is_fine(self, part: str, codes: Sequence[str]) -> bool:
        if part.rstrip().endswith(("?", "？", "؟")) or _until().search(part):
            return False
        fine = next(concept for concept in self.concepts if concept.kind == FINE)
        if not any(_search(fine, code, part) for code in codes):
            return False
        return not any(_search(one, code, part) for one in self.concepts if one.kind == TROUBLE for code in codes)

    def _later(
        self, key: str, folded: str, codes: Iterable[str], spans: Mapping[str, re.Match[str]]
    ) -> re.Match[str] | None:
        """Where a thought whose words are first a part of a longer name is said by itself: “my trailing stop and my
        stop”."""
        patterns = self._patterns[key]
        found = (match for code in codes if code in patterns for match in _compiled(patterns[code]).finditer(folded))
        return next((match for match in found if not self._is_part(key, match, spans)), None)

    @cached_property
    def _patterns(self) -> Mapping[str, Mapping[str, str]]:
        return {concept.key: concept.patterns for concept in self.concepts}

    def _is_part(self, key: str, match: re.Match[str], spans: Mapping[str, re.Match[str]]) -> bool:
        """Whether the words are a part of a longer name of another thing, or of a question: a funding rate is no rate,
        and who asks how long it takes says nothing of a delay."""
        within = {THING: (THING,), TROUBLE: (THING, ASKING)}.get(self.kinds[key], ())
        return any(
            other.start() <= match.start() and match.end() <= other.end() and len(other[0]) > len(match[0])
            for name, other in spans.items()
            if self.kinds[name] in within and name != key
        )


# What was fine until then is not fine now.
_UNTIL_SAID = (
    r"\b(?:until|till|before|hasta|antes|ate|jusqu\w*|avant|до|пока|kadar|once|cho den|truoc)\b"
    r"|直到|之前|以前|まで|까지|حتى|قبل"
)
_PARTS = re.compile(
    r"(?<=[.,;!?。，、；！？…\n])|\s+(?=(?:but|while|whereas|although|pero|aunque|mais|mas|но|а|ama|fakat|nhung|لكن|ولكن)\s)"
    r"|(?=但|可是|不过|而且)|(?<=けど)|(?<=が、)|(?<=지만)|(?<=는데)",
    re.IGNORECASE,
)


def _parts(text: str) -> list[str]:
    """The parts of the sentences of a text, as far as marks and the words for “but” show them."""
    return [part for part in _PARTS.split(re.sub(r"(?<=\d)[.,](?=\d)", "\u2024", text)) if part.strip()]


def _search(concept: Concept, code: str, folded: str) -> re.Match[str] | None:
    pattern = concept.patterns.get(code)
    return _compiled(pattern).search(folded) if pattern else None


def _asked(concept: Concept, code: str, folded: str) -> re.Match[str] | None:
    """A question, where it is not denied: “no puedo retirar” asks for nothing, “puedo retirar” does."""
    pattern = concept.patterns.get(code)
    found = _compiled(pattern).finditer(folded) if pattern else ()
    return next((match for match in found if not _is_denied(folded, match.start())), None)


def _is_denied(folded: str, at: int) -> bool:
    return _DENIED.search(folded, max(0, at - _NEAR), at) is not None


_NEAR = 12  # characters before a question in which it may be denied
_DENIED = re.compile(r"(?<!\w)(?:no|nao|nunca|not|never|не|لا|ما|لم|مش|مو|khong|ko|chua)[^\S\n]+\Z")


_compiled = lru_cache(maxsize=5000)(re.compile)  # once for each pattern, whatever changes around it


def family(code: str) -> str:
    """The code under which a language's words stand: both scripts of Chinese are one."""
    return code.split("-")[0]


def fold(text: str) -> str:
    """A text as it is compared: small letters, without accents, vowel signs and stretching, apostrophes as gaps."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).casefold().replace("n't", "nt").replace("n’t", "nt")
    return "".join(_bare(letter) for letter in plain)


@lru_cache(maxsize=5000)
def _bare(letter: str) -> str:
    if letter in _SAME:
        return _SAME[letter]
    if "\u3000" <= letter <= "\ud7a3":  # kana and Hangul keep their marks; Chinese is compared in its short script
        return simplified().get(ord(letter), letter)
    return "".join(part for part in unicodedata.normalize("NFD", letter) if not unicodedata.combining(part))


_SAME = {"ı": "i", "đ": "d", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "ß": "ss", "'": " ", "’": " ", "ʼ": " "}
_SAME |= {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": "", "ؤ": "و", "ئ": "ي"}


@cache
def _until() -> re.Pattern[str]:
    return re.compile(fold(_UNTIL_SAID))


@cache
def vocabulary() -> Vocabulary:
    """The thoughts that come with the product."""
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return Vocabulary(
        tuple(_concept(key, table) for key, table in tables.items()),
        {key: table["kind"] for key, table in tables.items()},
    )


def _concept(key: str, table: Mapping[str, Any]) -> Concept:
    patterns = {code: _pattern(code, entries.split(";")) for code, entries in table.items() if code not in _NO_LANGUAGE}
    return Concept(key, table["kind"], patterns, table.get("usual", 1.0))


_NO_LANGUAGE = frozenset({"kind", "usual"})


def with_terms(terms: Mapping[str, Mapping[str, Iterable[str]]]) -> Vocabulary:
    """The thoughts of the product, and the words of a glossary: key -> language -> words."""
    own = vocabulary()
    added = []
    for key, by_language in terms.items():
        words: dict[str, list[str]] = {}
        for code, written in by_language.items():
            words.setdefault(family(code), []).extend(re.escape(word) for word in written if word.strip())
        patterns = {code: _pattern(code, entries, is_literal=True) for code, entries in words.items() if entries}
        added.append(Concept(f"term:{key}", TERM, patterns))
    kinds = {**own.kinds, **{concept.key: TERM for concept in added}}
    return Vocabulary((*own.concepts, *added), kinds)


def _pattern(code: str, entries: Iterable[str], *, is_literal: bool = False) -> str:
    written = sorted((fold(entry.strip()) for entry in entries if entry.strip()), key=len, reverse=True)
    if code in UNSPACED:
        return "|".join(_piece(entry) for entry in written)
    parts = [_row(entry, _ENDS_FROM.get(code, 4)) if not is_literal else rf"{entry}\w{{0,3}}" for entry in written]
    opening = r"(?<!\w)(?:[وفبكل]|ال|وال|بال|لل|ولل|فال)?" if code == "ar" else r"(?<!\w)"
    return rf"{opening}(?:{'|'.join(parts)})(?!\w)"


def _piece(entry: str) -> str:
    return entry.replace("..", ".{0,8}").replace(" ", r"\s*") if ".{" not in entry else entry


_GROUP = re.compile(r"\(([^()]*)\)|(\.\.)|([^\s()]+)")


# Words of so many letters stand for all that begin with them; English has few endings and many short words.
_ENDS_FROM = {"en": 5}


def _row(entry: str, ends_from: int) -> str:
    """`(not|never) .. arriv` as an expression."""
    made, is_first, is_open = [], True, False
    for group, gap, word in _GROUP.findall(entry):
        if gap:
            made.append(r"(?:\W+\w+){0,3}?")
            is_open = True
            continue
        part = f"(?:{'|'.join(_phrase(one, ends_from) for one in (group or word).split('|'))})"
        made.append(part if is_first else rf"\W+{part}")
        is_first, is_open = False, False
    return "".join(made[:-1] if is_open else made)


def _phrase(text: str, ends_from: int) -> str:
    return r"\W+".join(_word(word, ends_from) for word in text.split())


def _word(word: str, ends_from: int) -> str:
    """Itself, or everything that begins with it where it is long enough."""
    if word.endswith("="):
        return re.escape(word[:-1])
    if len(word) >= ends_from:
        return re.escape(word) + r"\w*"
    return re.escape(word) + ("(?:e?[sd]|ing)?" if len(word) == ends_from - 1 else "")
