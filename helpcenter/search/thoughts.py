"""What a page and a question are about, beside their words: the things and troubles of `concepts.py` that they say. A
page that says `verification` and a question that says `stuck on my passport photo` share one, and no word. Pure."""

import re
import zlib
from collections.abc import Iterator
from functools import cache

from helpcenter.search import concepts
from helpcenter.search.plan import Plan

KINDS = frozenset({concepts.THING, concepts.TROUBLE})
# Who types no more than this has typed a name, which stands for itself.
LONGEST_NAME = 3  # things wanted


def of_text(text: str, language: str) -> Iterator[str]:
    """The thoughts of a text, each as often as it is said."""
    folded = concepts.fold(text)
    for key, pattern in _patterns(concepts.family(language)):
        for _ in pattern.finditer(folded):
            yield key


def of_question(asked: Plan) -> tuple[str, ...]:
    """The thoughts of a question, each once; a name has none."""
    if len(asked.wanted) <= LONGEST_NAME:
        return ()
    folded = concepts.fold(asked.text)
    return tuple(key for key, pattern in _patterns(concepts.family(asked.language)) if pattern.search(folded))


@cache
def edition() -> str:
    """Tells the words that thoughts are found by from those of another release."""
    return f"{zlib.crc32(concepts.FILE.read_bytes()):x}"


@cache
def _patterns(code: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    known = (concept for concept in concepts.vocabulary().concepts if concept.kind in KINDS)
    return tuple((one.key, concepts.compiled(pattern)) for one in known if (pattern := one.patterns.get(code)))
