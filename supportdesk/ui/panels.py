"""What apps show on the start page of the admin, above the list of everything that it holds."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Panel:
    """`template` is drawn with what the callable behind the dotted path `reader` gives for a request, under the name
    `panel`; it gives None to whom the panel is not for."""

    template: str
    reader: str


_PANELS: dict[str, Panel] = {}


def register(name: str, template: str, reader: str) -> None:
    """Make a panel known; called from `AppConfig.ready()`."""
    _PANELS[name] = Panel(template, reader)


def shown(request: HttpRequest) -> list[tuple[str, Any]]:
    """The panels of a person: template and values of each."""
    found = ((panel.template, import_string(panel.reader)(request)) for panel in _PANELS.values())
    return [(template, values) for template, values in found if values is not None]
