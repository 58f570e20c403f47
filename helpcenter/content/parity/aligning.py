"""Which blocks of a translation translate which blocks of the source. Pure."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from helpcenter.content.parity import figures
from helpcenter.content.parity.blocks import Block
from helpcenter.content.parity.structure import parts

# Of blocks of a part that are held against one another. Beyond it, blocks that stand there by the hundred are no
# landmarks: to try each with each would take hours.
MOST_PAIRS = 1_000_000

Group = tuple[list[Block], list[Block]]


def groups(source: Sequence[Block], translation: Sequence[Block], languages: tuple[str, str]) -> Iterator[Group]:
    """Blocks of source and translation side by side, in the parts that both have. The other parts are told of by their
    keys, elsewhere."""
    wanted, given = parts(source), parts(translation)
    for key in wanted:
        if key in given:
            yield from _aligned(wanted[key], given[key], languages)


def _aligned(source: list[Block], translation: list[Block], languages: tuple[str, str]) -> Iterator[Group]:
    if [block.path for block in source] == [block.path for block in translation]:
        yield from (([one], [other]) for one, other in zip(source, translation, strict=True))
        return
    one, other = [_mark(block, languages[0]) for block in source], [_mark(block, languages[1]) for block in translation]
    is_too_much = len(one) * len(other) > MOST_PAIRS
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, one, other, autojunk=is_too_much).get_opcodes():
        if tag == "equal":
            yield from (([source[i1 + n]], [translation[j1 + n]]) for n in range(i2 - i1))
        else:
            yield source[i1:i2], translation[j1:j2]


def _mark(block: Block, language: str) -> tuple[object, ...]:
    """What a block has in common with its translation: its path, facts, links, pictures, and figures in digits."""
    said = sorted(f.value for text in block.texts for f in figures.read(text, language).figures if not f.in_words)
    return block.path, block.facts, block.links, block.pictures, tuple(said)
