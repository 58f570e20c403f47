"""The parts of two documents: the same keys in the same order, and no part built otherwise. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from django.utils.translation import gettext, ngettext

from helpcenter.content.parity.blocks import Block
from helpcenter.content.parity.kinds import Check, Difference


def differences(source: Sequence[Block], translation: Sequence[Block]) -> Iterator[Difference]:
    wanted, given = parts(source), parts(translation)
    yield from _keys(list(wanted), list(given), given)


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
            yield Difference(_check(key), key, 0, key.partition(":")[2] or key, "")
    for key in given:
        if key not in wanted:
            yield Difference(_check(key), key, blocks[key][0].line, "", key.partition(":")[2] or key)
    common, found = [key for key in wanted if key in given], [key for key in given if key in wanted]
    if common != found:
        one, other = next(pair for pair in zip(common, found, strict=True) if pair[0] != pair[1])
        yield Difference(_check(other), other, blocks[other][0].line, ", ".join(common), ", ".join(found))
