"""What notices there are: each app names its own in `AppConfig.ready()`."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Kind:
    """`sentence` says what waits and names it by `%(subject)s`; `icon` is one of `ui.templatetags.ui.ICONS`. A kind
    that `mails` is sent by mail as well."""

    sentence: str | Promise
    icon: str = "bell"
    mails: bool = False


KINDS: dict[str, Kind] = {}
_UNKNOWN = Kind("%(subject)s")


def register(kinds: Mapping[str, Kind]) -> None:
    """Make kinds of notices known."""
    KINDS.update(kinds)


def of(name: str) -> Kind:
    """The kind of a notice; one whose app is switched off shows its subject alone."""
    return KINDS.get(name, _UNKNOWN)
