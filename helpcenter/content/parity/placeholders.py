"""Places in a text that a program fills: `{name}`, `%(name)s`, `<symbol>`."""

import re

from helpcenter.content.parity.blocks import Block

_PLACE = re.compile(r"\{[A-Za-z_][\w:.-]*\}|%\([A-Za-z_]\w*\)[sd]|\$\{[A-Za-z_]\w*\}|<[A-Za-z_][\w-]*>")


def of(block: Block) -> tuple[str, ...]:
    return (*(match for text in block.texts for match in _PLACE.findall(text)), *block.tags)
