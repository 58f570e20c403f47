"""What an answer quotes of the help centre, and whether that has changed since. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from helpcenter.content.headings import Heading
from helpcenter.outline import Change, Part

WHOLE = ""  # the key of a quote that names no part

_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+", re.IGNORECASE)
_PLACE = re.compile(
    r"/(?P<language>[a-z]{2,3}(?:-[a-z]+)*)/(?:articles|troubleshoot)/(?P<slug>[A-Za-z0-9_-]+)"
    r"(?:/|(?=[?#]|[^\w.-]|$))(?:\?[^#\s]*)?(?:#(?P<anchor>[a-z0-9][a-z0-9-]*))?"
)
_VARIABLE = re.compile(r"\{\{\s*article:(?P<slug>[A-Za-z0-9_-]+)(?:#(?P<anchor>[a-z0-9][a-z0-9-]*))?\s*\}\}")


@dataclass(frozen=True)
class Link:
    """A link to an article of ours: the language of its address, empty where a macro leaves it to the customer's; and
    the place on the page, empty for the whole article."""

    slug: str
    language: str = ""
    anchor: str = ""


def links_in(text: str, site: str) -> list[Link]:
    """The links to articles of the site (`https://help.example.com`) in what somebody wrote, each once, in order."""
    host = urlsplit(site).netloc.lower()
    addresses = (address for address in _ADDRESS.findall(text))
    found = (_link(rest) for address in addresses if (rest := _below(address, host)))
    return list(dict.fromkeys(link for link in found if link is not None))


def links_of_macro(text: str, site: str) -> list[Link]:
    """Those of a prepared reply: links, and articles that its variables name."""
    named = (Link(match["slug"], "", match["anchor"] or "") for match in _VARIABLE.finditer(text))
    return list(dict.fromkeys([*named, *links_in(text, site)]))


def _below(address: str, host: str) -> str:
    """An address without its host, empty where that is another."""
    _scheme, _, rest = address.partition("://")
    place, slash, path = rest.partition("/")
    return slash + path if place.lower() == host else ""


def _link(path: str) -> Link | None:
    match = _PLACE.match(path)
    return Link(match["slug"], match["language"], (match["anchor"] or "").rstrip("-")) if match else None


def key_at(parts: Iterable[Part], anchor: str) -> str:
    """The key of the part at an anchor; `WHOLE` for a place that the text does not have."""
    return next((part.key for part in parts if anchor and part.anchor == anchor), WHOLE)


# What has changed


@dataclass(frozen=True)
class Changed:
    """A part whose text has changed. `title` is taken from the newer text, or from the last text that still had the
    part."""

    key: str
    change: Change
    title: str


@dataclass(frozen=True)
class Text:
    """One saved text: its parts, and whether its writer says that readers may have acted on the one before."""

    parts: Sequence[Part]
    is_major: bool = True


def changed_parts(texts: Sequence[Text]) -> list[Changed]:
    """What readers of the first text should know of the last: the parts that a major change among these texts touched
    and that are different in the end, in the order of the last text; those that are gone come after.

    A wording that was mended on the way counts only where something else about its part changed as well.
    """
    first, last = ({part.key: part for part in text.parts} for text in (texts[0], texts[-1]))
    touched = _touched(texts)
    found = [_changed(part, first) for part in last.values() if part.key in touched]
    gone = [part for part in first.values() if part.key not in last and part.key in touched]
    return [one for one in found if one is not None] + [Changed(p.key, Change.REMOVED, p.title) for p in gone]


def _touched(texts: Sequence[Text]) -> set[str]:
    """Keys of the parts that any major text of these left different from the text before it."""
    keys: set[str] = set()
    for before, after in zip(texts, texts[1:], strict=False):
        if after.is_major:
            then, now = hashes(before.parts), hashes(after.parts)
            keys |= {key for key in then.keys() | now.keys() if then.get(key) != now.get(key)}
    return keys


def hashes(parts: Iterable[Part]) -> dict[str, str]:
    """What each part says, as a hash, by its key."""
    return {part.key: part.hash for part in parts}


def _changed(part: Part, first: Mapping[str, Part]) -> Changed | None:
    before = first.get(part.key)
    if before is None:
        return Changed(part.key, Change.ADDED, part.title)
    return None if before.hash == part.hash else Changed(part.key, Change.CHANGED, part.title or before.title)


def enclosing(headings: Iterable[Heading]) -> dict[str, set[str]]:
    """The keys of the parts that each part stands in, by its key: a section, of a step below its heading."""
    under: list[Heading] = []
    found: dict[str, set[str]] = {}
    for heading in headings:
        while under and under[-1].depth >= heading.depth:
            under.pop()
        if heading.key:
            found[heading.key] = {above.key for above in under if above.key}
        under.append(heading)
    return found


def concerned(keys: Iterable[str], around: Iterable[Mapping[str, Collection[str]]]) -> set[str]:
    """Which quotes these parts concern: those of the parts, of what they stand in, and of the whole article. `around`
    are results of `enclosing`, of the text before and the one after."""
    changed = set(keys)
    above = {outer for inside in around for key in changed for outer in inside.get(key, ())}
    return changed | above | {WHOLE} if changed else set()


def is_old(quoted: str, changed: Collection[str], then: Mapping[str, str], now: Mapping[str, str]) -> bool:
    """Whether a quote still says something else than the text does now. `then` and `now` are the hashes of the quoted
    text and of the new one; a text that came back to what it was makes nobody's answer old."""
    looked_at = [quoted] if quoted in changed else changed
    return any(then.get(key) != now.get(key) for key in looked_at)
