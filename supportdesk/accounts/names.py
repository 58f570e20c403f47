"""Names that people give themselves: what cannot be seen in them, and what could be taken for our staff.

A name is compared word by word with words that are ours, after the skeletons of Unicode Technical Standard 39: letters
that look alike become one. A word must be equal, not similar, so that names of every script pass.
"""

import json
import re
import unicodedata
from enum import Enum, auto
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from supportdesk.guard.folding import plain

MOST_MARKS = 3  # combining marks on one letter; Vietnamese, Arabic and Hebrew need at most two after composition

# Words for our staff in the languages of the site, those of several words as one.
STAFF = (
    *("support", "supportteam", "admin", "administrator", "moderator", "official", "helpdesk", "staff", "security"),
    *("soporte", "administrador", "assistance", "administrateur", "modérateur", "suporte", "moderador", "oficial"),
    *("поддержка", "техподдержка", "админ", "администратор", "модератор", "destek", "yönetici", "hỗtrợ", "quảntrịviên"),
    *("الدعم", "دعم", "المشرف", "مشرف"),
)
# In scripts without blanks, or whose particles stick to a word, these stand inside of a word as well.
STAFF_WITHIN = (
    *("客服", "官方", "管理员", "管理員", "サポート", "運営", "管理者", "公式"),
    *("고객센터", "고객지원", "관리자", "운영자"),
)

_UNSEEN = ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")
_SIGNS_FOR_LETTERS = str.maketrans("34578!@$", "eastbias")  # 0 and 1 are among the letters that look alike
_WORD = re.compile(r"[^\W_]+")
_LETTER_IN_NAME = re.compile(r"(?:LATIN (?:CAPITAL|SMALL) LETTER|SYMBOL LETTER) ([A-Z])")


class Fault(Enum):
    """Why a name is refused."""

    UNSEEN = auto()  # characters that nobody sees, such as those that turn the direction of the text
    STACKED = auto()  # more marks on a letter than any language writes
    OURS = auto()  # it reads as our own name, or as that of our staff


def tidy(name: str) -> str:
    """A name as it is stored: composed (NFC), with single blanks and none at its ends."""
    return unicodedata.normalize("NFC", " ".join(name.split()))


def fault_of(name: str, *, site_name: str) -> Fault | None:
    """What is wrong with a tidy name; None where it may be used."""
    if any(unicodedata.category(letter) in _UNSEEN for letter in name):
        return Fault.UNSEEN
    if _most_marks(name) > MOST_MARKS:
        return Fault.STACKED
    return Fault.OURS if _reads_as_ours(name, site_name) else None


def skeleton(text: str) -> str:
    """The same string for all strings that look like `text`, letter by letter and without marks. It is meant for
    comparing, not for reading."""
    letters = unicodedata.normalize("NFKD", text)
    return "".join(_look(letter) for letter in letters if not unicodedata.combining(letter))


def _reads_as_ours(name: str, site_name: str) -> bool:
    written = unicodedata.normalize("NFKC", "".join(_without_sign(letter) for letter in name))
    forms = {written, written.translate(_SIGNS_FOR_LETTERS), plain(written)}
    runs = frozenset().union(*(_runs(form) for form in forms))
    return not runs.isdisjoint(_ours(site_name)) or any(word in run for word in _within() for run in runs)


@cache
def _without_sign(letter: str) -> str:
    """A letter in a circle or a box, or a part of Chinese letters, as the letter; any other symbol as a blank."""
    if unicodedata.category(letter) != "So":
        return letter
    found = _LETTER_IN_NAME.search(unicodedata.name(letter, ""))
    composed = unicodedata.normalize("NFKC", letter)
    return found[1] if found else composed if len(composed) == 1 and composed.isalpha() else " "


@cache
def _ours(site_name: str) -> frozenset[str]:
    """What is ours: words for staff, our name, and our name with such a word right behind it or before it."""
    words = _WORD.findall(site_name)
    names = ("".join(words), *words[:1])
    joined = (pair for name in names for word in STAFF for pair in (name + word, word + name))
    return frozenset().union(*(_runs(word) for word in (*STAFF, *STAFF_WITHIN, *names, *joined)))


@cache
def _within() -> tuple[str, ...]:
    return tuple(skeleton(word) for word in STAFF_WITHIN)


def _runs(text: str) -> frozenset[str]:
    """The skeletons of the words of a text and of those that follow one another, as if written without blanks; in small
    letters and in capitals, as some look alike in one of them alone, and with `l` as the capital that it looks like."""
    found: set[str] = set()
    for folded in (text.casefold(), text.upper(), text.replace("l", "I").upper()):
        words = [skeleton(word) for word in _WORD.findall(folded)]
        found |= {"".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, len(words) + 1)}
    return frozenset(found)


def _most_marks(name: str) -> int:
    most = run = 0
    for letter in name:
        run = run + 1 if unicodedata.category(letter).startswith("M") else 0
        most = max(most, run)
    return most


@cache
def _look(letter: str) -> str:
    """What stands for all letters that look like this one: their common sequence where there is one (`m`, `rn`), else
    the first of them."""
    found = [letter, *_alike(letter)]
    found += [other for first in found[1:] for other in _alike(first)]
    sequences = [other for other in found if len(other) > 1]
    return min(sequences or found)


def _alike(text: str) -> list[str]:
    return _lookalikes().get(text, "").split("\n")[:-1]


@cache
def _lookalikes() -> dict[str, str]:
    """Letter -> what looks like it, a line each. The table of the library also has the names of all letters: loaded by
    its own module it takes 8 MB of every process, and a moment of its start."""
    found = find_spec("confusable_homoglyphs")
    if found is None or found.origin is None:
        raise ImportError("confusable_homoglyphs is not installed")
    table = json.loads(Path(found.origin).with_name("confusables.json").read_text(encoding="utf-8"))
    return {letter: "".join(row["c"].strip("\u200e") + "\n" for row in rows) for letter, rows in table.items()}
