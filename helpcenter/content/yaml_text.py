"""YAML that people send: what it says, never more than it is long.

An alias (`*name`) stands for a value that was written once, and aliases of aliases for billions of them; none of our
documents needs one. Nor does any need a tag (`!!int`), which has a value taken for what it is not. A number of more
digits than anybody counts is a word: to compute it would take minutes.
"""

from typing import Any

import yaml
from django.utils.translation import gettext
from yaml.composer import Composer, ComposerError
from yaml.scanner import Scanner, ScannerError

LONGEST_NUMBER = 100  # characters


class _AsWritten(Composer):
    """Neither aliases nor tags."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        own: Any = self
        event = own.peek_event()
        if own.check_event(yaml.AliasEvent):
            raise ComposerError(None, None, gettext("found an alias; write the value itself"), event.start_mark)
        if event.tag is not None:
            problem = gettext("found a tag (“!” in front of a value); put the value in quotes if the “!” belongs to it")
            raise ComposerError(None, None, problem, event.start_mark)
        found: yaml.Node | None = super().compose_node(parent, index)
        return found


class _RealCharacters(Scanner):
    """An escape (`\\uD800`) that stands for no character is refused: nothing could store it."""

    def scan_flow_scalar_non_spaces(self, double: Any, start_mark: Any) -> list[str]:
        try:
            found: list[str] = super().scan_flow_scalar_non_spaces(double, start_mark)
            "".join(found).encode()
        except (OverflowError, ValueError) as error:
            own: Any = self
            problem = gettext("found an escaped number that is no character")
            raise ScannerError(None, None, problem, own.get_mark()) from error
        return found


class Words(_AsWritten, _RealCharacters, yaml.BaseLoader):
    """Every value is a text, a list or a mapping of them."""


class Values(_AsWritten, _RealCharacters, yaml.SafeLoader):
    """Numbers, dates, yes and no are what YAML takes them for."""

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> Any:
        if kind is yaml.ScalarNode and implicit[0] and len(value) > LONGEST_NUMBER:
            return self.DEFAULT_SCALAR_TAG
        return super().resolve(kind, value, implicit)


def load(text: str) -> Any:
    """What a document says. Raises yaml.YAMLError, ValueError, RecursionError."""
    return yaml.load(text, Loader=Values)  # noqa: S506 - a safe one
