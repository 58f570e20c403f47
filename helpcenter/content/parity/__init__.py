"""Whether a translation says what its source says: the same figures and names, the same steps, links and pictures, and
the words of the glossary. Pure.

`differences` cuts both texts into blocks (paragraphs, items, cells, headings) and compares each with the one that it
translates. Where a translation is cut differently, the blocks between those that match are compared together.
"""

from collections.abc import Sequence
from functools import lru_cache

from helpcenter.content.parity import aligning, blocks, comparing, structure
from helpcenter.content.parity.kinds import Check, Difference, Document, Term
from helpcenter.content.parity.terms import glossary
from helpcenter.content.parity.wordlists import term

__all__ = ["Check", "Difference", "Document", "Term", "differences", "term"]


def differences(source: Document, translation: Document, terms: Sequence[Term] = ()) -> list[Difference]:
    """What a translation says otherwise than its source, in the order of the source."""
    wanted, given = _of_source(source), blocks.of(translation)
    words = glossary(tuple(terms), (source.language, translation.language))
    found = list(structure.differences(wanted, given))
    spoken_of = words.spoken_of("\n".join(text for block in wanted for text in block.texts))
    for one, other in aligning.groups(wanted, given, words.languages):
        found += comparing.Comparison(words, one, other, spoken_of).differences()
    return found


@lru_cache(maxsize=8)
def _of_source(source: Document) -> tuple[blocks.Block, ...]:
    """A source is compared with its translations in eleven languages, and with each of them again and again."""
    return tuple(blocks.of(source))
