"""The YAML files of what a desk begins with, read with messages that name the file and the place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext

from supportdesk.releases.kinds import shipped_languages
from supportdesk.ui.languages import content_languages
from tickets.errors import InvalidInput

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the first is some ten times as fast, where it was built


@dataclass(frozen=True)
class Entry:
    """A mapping of a file; `place` says where it stands, for messages."""

    place: str
    values: Mapping[str, Any]

    def fault(self, message: str) -> InvalidInput:
        return InvalidInput(f"{self.place}: {message}")

    def below(self, name: str, found: Any) -> "Entry":
        place = f"{self.place}, {name}"
        if not isinstance(found, Mapping):
            raise InvalidInput(gettext("%(place)s: A mapping of names belongs here.") % {"place": place})
        return Entry(place, found)

    def plain(self, *known: str) -> dict[str, Any]:
        """The values of these names that are given. Raises InvalidInput for a name that is not known here."""
        unknown = sorted(str(name) for name in self.values if name not in known)
        if unknown:
            raise self.fault(gettext("These names are not known: %(names)s.") % {"names": ", ".join(unknown)})
        return {name: self.values[name] for name in known if name in self.values}

    def listed(self, name: str) -> list[Any]:
        found = self.values.get(name, [])
        if not isinstance(found, list):
            raise self.fault(gettext("“%(name)s” must be a list.") % {"name": name})
        return found

    def texts(self, *names: str) -> dict[str, str]:
        """Texts by name and language, `name.zh-hans`, in every language that the product ships."""
        texts: dict[str, str] = {}
        for name in names:
            words = self.below(name, self.values.get(name, {})).plain(*content_languages())
            texts.update({f"{name}.{code}": tidy(words.get(code, "")) for code in shipped_languages()})
        return texts


def tidy(text: Any) -> str:
    """A text as it is compared and stored: line breaks of one kind, no space around it."""
    return "\n".join(str("" if text is None else text).splitlines()).strip()


def read(file: Path) -> Entry:
    """The content of a file. Raises InvalidInput where it is no YAML or no mapping."""
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 - both are safe
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidInput(f"{file.name}: {error}") from error
    if not isinstance(content, dict):
        raise InvalidInput(gettext("%(place)s: A mapping of names belongs here.") % {"place": file.name})
    return Entry(file.name, content)


def rows_of(file: Path, by: str) -> Iterator[tuple[int, Entry]]:
    """The rows of a file, each with its place in the order; `by` names what they are known by."""
    source = read(file)
    source.plain("fields", file.stem)
    for position, row in enumerate(source.listed(file.stem), 1):
        entry = source.below(f"{file.stem} {position}", row)
        yield position, Entry(f"{file.name}, {entry.values.get(by) or position}", entry.values)
