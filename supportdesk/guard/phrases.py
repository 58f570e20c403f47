"""The word lists of `wording/*.toml`, one file per language, as patterns.

In the lists `;` and line ends part entries; an entry is a regular expression in which a blank is any gap between two
words, `~` the rest of a word and `.. ` up to three words. A letter with an accent also matches without it, in
Vietnamese only where a sentence has no accent at all.
"""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from supportdesk.guard.folding import fold

FOLDER = Path(__file__).parent / "wording"
LATIN = ("en", "es", "fr", "pt-br", "tr", "vi")
CHINESE = ("zh-hans", "zh-hant")
ROLES = ("guide", "ask", "offer", "enter", "need")  # where two begin at one place, the first wins

# No letter is a gap: where one character could be both, a match could be tried in very many ways.
_GAP = "[ \n'\"*_“”«»„-]"
_LETTERS = {"en": "0-9a-z\u00c0-\u024f\u1e00-\u1eff", "ru": "0-9а-яёa-z", "ar": "0-9\u0621-\u064a\u0671-\u06d3a-z"}
_NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, eq=False)
class Phrases:
    """The patterns of one language. `nouns`, `names` and `verbs` name what they found by the group that matched."""

    code: str
    common: frozenset[str]
    is_verb_last: bool
    nouns: re.Pattern[str]
    verbs: re.Pattern[str]
    extra: dict[str, re.Pattern[str]]  # install, contact, transfer
    split: re.Pattern[str]
    idiom: re.Pattern[str]
    harmless: re.Pattern[str]
    negation: re.Pattern[str]
    warning: re.Pattern[str]
    here: re.Pattern[str]
    place: re.Pattern[str]
    it: re.Pattern[str]
    without: re.Pattern[str]  # beside what cannot be done without,
    unable: re.Pattern[str]  # and that it cannot
    purpose: re.Pattern[str]  # what a thing is needed for that somebody else asks for
    contrast: re.Pattern[str]  # what an exception begins with
    ours: re.Pattern[str]  # an address that we give
    being: re.Pattern[str]  # "is" between the name of a secret and the secret
    card: re.Pattern[str]
    secret: re.Pattern[str]  # the short name of the secret half of an API key
    key: re.Pattern[str]  # the short name of any key, which says nothing without a sign behind it
    link: re.Pattern[str]  # between a password and the name of it that follows
    factor: re.Pattern[str]  # what has to do with a second factor
    other: re.Pattern[str]  # what numbers are that are no codes
    sent: re.Pattern[str]  # where codes come from: a message, an app
    aside: re.Pattern[str]  # what else of letters and digits people tell: a user name, a device, a hash
    backup: re.Pattern[str]  # what tells codes to keep from codes of the moment
    turn: re.Pattern[str]  # which of two passwords: "the old one"
    habit: re.Pattern[str]  # that somebody uses one password for everything
    same: re.Pattern[str]  # that a password is an old one, changed a little
    answer: re.Pattern[str]  # what programs answer, whose codes are no secrets
    card_code: re.Pattern[str]
    names: re.Pattern[str]  # what customers call a secret beside `nouns`
    is_unspaced: bool


@cache
def phrases(code: str, *, is_bare: bool = False) -> Phrases:
    """The lists of a language, `code` as in `FOLDER`; `is_bare` for a text whose accents were all left out."""
    table = tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf-8"))
    entries = _Entries(code, table.get("cjk", False), is_bare or code != "vi")
    verbs = table["verbs"]
    return Phrases(
        code=code,
        common=frozenset(table["common"].split()),
        is_verb_last=table.get("verb_last", False),
        nouns=entries.named(_merged(table["nouns"], table["wanted"])),
        verbs=entries.named({role: verbs[role] for role in ROLES}),
        extra={role: entries.any(written) for role, written in verbs.items() if role not in ROLES},
        **{name: entries.any(table[name]) for name in _LISTS},
        **{name: entries.any(table["asking"][name]) for name in _OF_ASKING},
        being=entries.any(table["told"]["is"]),
        card=entries.any(table["told"]["card"]),
        **{name: entries.any(table["told"][name]) for name in _OF_TOLD},
        names=entries.named(_merged(table["nouns"], table["names"])),
        is_unspaced=table.get("cjk", False),
    )


def _merged(lists: dict[str, str], more: dict[str, str]) -> dict[str, str]:
    """Two tables of names in one. What stands first wins."""
    return {name: "; ".join(filter(None, (lists.get(name), more.get(name)))) for name in (*lists, *more)}


_OF_TOLD = (
    "secret",
    "key",
    "link",
    "factor",
    "other",
    "sent",
    "aside",
    "backup",
    "turn",
    "habit",
    "same",
    "answer",
    "card_code",
)
_LISTS = ("split", "idiom", "harmless", "negation", "warning", "here", "place", "it")
_OF_ASKING = ("without", "unable", "purpose", "contrast", "ours")


@cache
def latin_words() -> dict[str, tuple[str, ...]]:
    """Common words -> the languages in Latin script that they speak for."""
    speaks: dict[str, tuple[str, ...]] = {}
    for code in LATIN:
        for word in phrases(code).common:
            speaks[word] = (*speaks.get(word, ()), code)
    return speaks


class _Entries:
    """How the entries of one language become patterns."""

    def __init__(self, code: str, is_cjk: bool, may_be_bare: bool) -> None:
        self.is_cjk = is_cjk
        self.may_be_bare = may_be_bare
        self.letters = _LETTERS.get(code, _LETTERS["en"])
        self.prefix = "[وفبلك]?(?:ال)?" if code == "ar" else ""

    def any(self, written: str) -> re.Pattern[str]:
        return re.compile(self._bounded(self._either(written))) if written.strip() else _NOTHING

    def named(self, lists: dict[str, Any]) -> re.Pattern[str]:
        return re.compile(
            self._bounded("|".join(f"(?P<{name}>{self._either(lists[name])})" for name in lists if lists[name].strip()))
        )

    def _either(self, written: str) -> str:
        entries = (entry.strip() for line in written.splitlines() for entry in _split(line))
        return "|".join(self._pattern(entry) for entry in entries if entry)

    def _bounded(self, pattern: str) -> str:
        if self.is_cjk:
            return f"(?:{pattern})"
        return f"(?<![{self.letters}]){self.prefix}(?:{pattern})(?![{self.letters}])"

    def _pattern(self, entry: str) -> str:
        entry = re.sub(r"\((?!\?)", "(?:", fold(entry)[0])
        if self.may_be_bare:
            entry = "".join(_with_bare(character) for character in entry)
        if self.is_cjk:
            entry = entry.replace(".. ", "[^.,!?。\n]{0,10}?").replace("~", "")
            return re.sub(" [?]?", lambda _: f"{_GAP}{{0,2}}", entry)
        words = f"(?:[{self.letters}]{{1,20}}\0{{1,3}}){{0,3}}?"
        entry = entry.replace(".. ", words).replace("~", f"[{self.letters}]{{0,20}}")
        entry = re.sub(" [?]?", lambda blank: "\0{0,3}" if blank.group() == " ?" else "\0{1,3}", entry)
        return entry.replace("\0", _GAP)


def _split(line: str) -> list[str]:
    """Entries of a line; a `;` inside brackets is a character to look for."""
    return re.split(r";(?![^\[]*\])", line)


def _with_bare(character: str) -> str:
    """A Latin letter with an accent as a set of it and the bare letter."""
    bare = {"ı": "i", "đ": "d"}.get(character) or unicodedata.normalize("NFD", character)[0]
    return f"[{character}{bare}]" if bare != character and bare.isascii() else character
