"""YAML that people send: what it says, never more than it is long.

An alias (`*name`) stands for a value that was written once, and aliases of aliases for billions of them; none of our
documents needs one. A number of more digits than anybody counts is a word: to compute it would take minutes.
"""

from typing import Any

import yaml
from yaml.composer import Composer, ComposerError

LONGEST_NUMBER = 100  # characters


class _WithoutAliases(Composer):
    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        own: Any = self
        if own.check_event(yaml.AliasEvent):
            raise ComposerError(None, None, "found an alias; write the value itself", own.peek_event().start_mark)
        found: yaml.Node | None = super().compose_node(parent, index)
        return found


class Words(_WithoutAliases, yaml.BaseLoader):
    """Every value is a text, a list or a mapping of them."""


class Values(_WithoutAliases, yaml.SafeLoader):
    """Numbers, dates, yes and no are what YAML takes them for."""

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> Any:
        if kind is yaml.ScalarNode and implicit[0] and len(value) > LONGEST_NUMBER:
            return self.DEFAULT_SCALAR_TAG
        return super().resolve(kind, value, implicit)


def load(text: str) -> Any:
    """What a document says. Raises yaml.YAMLError, ValueError, RecursionError."""
    return yaml.load(text, Loader=Values)  # noqa: S506 - a safe one
