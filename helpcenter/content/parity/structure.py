"""The parts of two documents: the same keys in the same order, and built of as many items, rows and callouts. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence

from helpcenter.content import regions
from helpcenter.content.drawing import CALLOUTS
from helpcenter.content.parity.blocks import Block
from helpcenter.content.parity.kinds import PARAGRAPH, Check, Difference

REGION = f"{regions.KIND}:"
# What a block is, as Markdown writes it, by a piece of its path; the first that fits.
_SIGNS = {
    "heading": "#",
    "td": "|",
    "th": "|",
    "list_item": "-",
    "fence": "```",
    "code_block": "```",
    "facts": ":::facts",
}


def differences(source: Sequence[Block], translation: Sequence[Block]) -> Iterator[Difference]:
    wanted, given = parts(source), parts(translation)
    yield from _keys(list(wanted), list(given), given)
    for key in wanted:
        if key in given:
            yield from _shape(wanted[key], given[key])


def parts(blocks: Sequence[Block]) -> dict[str, list[Block]]:
    """The blocks of each part, the parts in the order in which they begin."""
    found: dict[str, list[Block]] = {}
    for block in blocks:
        found.setdefault(block.part, []).append(block)
    return found


def _check(key: str) -> Check:
    return Check.STEPS if key.startswith(("step:", "node:")) else Check.SECTION


def _keys(wanted: list[str], given: list[str], blocks: dict[str, list[Block]]) -> Iterator[Difference]:
    for key in wanted:
        if key not in given:
            yield Difference(_check(key), key, 0, _name(key), "")
    for key in given:
        if key not in wanted:
            yield Difference(_check(key), key, blocks[key][0].line, "", _name(key))
    common, found = [key for key in wanted if key in given], [key for key in given if key in wanted]
    if common != found:
        moved = next(other for one, other in zip(common, found, strict=True) if one != other)
        yield Difference(_check(moved), moved, blocks[moved][0].line, _listed(common), _listed(found))


def _name(key: str) -> str:
    return key.partition(":")[2] or key


def _listed(keys: Sequence[str]) -> str:
    return ", ".join(_name(key) for key in keys)


def _shape(source: Sequence[Block], translation: Sequence[Block]) -> Iterator[Difference]:
    """Items, cells and callouts have to be as many. A paragraph may be cut in two, but none may be missing."""
    wanted, given = Counter(map(_sign, source)), Counter(map(_sign, translation))
    for sign in wanted | given:
        one, other = wanted[sign], given[sign]
        if one > other or (one < other and sign != PARAGRAPH):
            yield Difference(Check.SHAPE, source[0].part, translation[0].line, f"{one} × {sign}", f"{other} × {sign}")


def _sign(block: Block) -> str:
    names = block.path.split()
    if names[-1:] == ["title"] and len(names) > 1:
        return f":::{names[-2]}"
    kind = next((sign for name, sign in _SIGNS.items() if name in names), PARAGRAPH)
    callouts = [name for name in names if name in CALLOUTS or name.startswith(REGION)]
    return f":::{callouts[-1]} {kind}" if callouts else kind
