"""What a program may be allowed to do for a person: each app names its own in `AppConfig.ready()`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Scope:
    """`permission` is what the person themselves must be allowed to do; empty: everybody may give it away."""

    label: str | Promise
    permission: str = ""

    def is_for(self, person: Any) -> bool:
        return not self.permission or person.has_perm(self.permission)


SCOPES: dict[str, Scope] = {}


def register(scopes: Mapping[str, Scope]) -> None:
    """Make scopes known by their names (`shop:read`)."""
    SCOPES.update(scopes)


def offered_to(person: Any) -> list[tuple[str, Any]]:
    """Names and labels of what a person may let a program do."""
    return [(name, scope.label) for name, scope in SCOPES.items() if scope.is_for(person)]
