"""What notices there are: each app names its own in `AppConfig.ready()`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Kind:
    """`sentence` says what waits and names it by `%(subject)s`; `icon` is one of `ui.templatetags.ui.ICONS`. A kind
    that `mails` is sent by mail as well. One that `gathers` comes by the hundred when many people write at once: the
    bell shows all of it as one line. Who lacks the right `permission` is not asked how to hear of it."""

    sentence: str | Promise
    icon: str = "bell"
    mails: bool = False
    gathers: bool = False
    permission: str = ""


KINDS: dict[str, Kind] = {}
_UNKNOWN = Kind("%(subject)s")


def register(kinds: Mapping[str, Kind], permission: str = "") -> None:
    """Make kinds of notices known, for those who have a right."""
    KINDS.update({name: replace(kind, permission=kind.permission or permission) for name, kind in kinds.items()})


def known_to(person: Any) -> dict[str, Kind]:
    """The kinds that a person may come to hear of."""
    return {name: kind for name, kind in KINDS.items() if not kind.permission or person.has_perm(kind.permission)}


def gathering() -> tuple[str, ...]:
    """The names of the kinds that the bell shows as one line each."""
    return tuple(sorted(name for name, kind in KINDS.items() if kind.gathers))


def of(name: str) -> Kind:
    """The kind of a notice; one whose app is switched off shows its subject alone."""
    return KINDS.get(name, _UNKNOWN)
