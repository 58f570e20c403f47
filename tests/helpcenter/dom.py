"""What a browser makes of a page: its elements with their attributes and words, and the addresses in its head."""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from html.parser import HTMLParser
from operator import attrgetter
from typing import Any

from django.conf import settings

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
TWELVE = ("en", "zh-hans", "zh-hant", "ja", "ko", "ru", "es", "fr", "pt-br", "tr", "vi", "ar")
# As BCP 47 writes them; the tests say it themselves rather than ask the product.
TAGS = {code: code for code in TWELVE} | {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "pt-br": "pt-BR"}


class Element:
    """An element. `place` is its number in the order of the page, `end` that of the first one after it."""

    def __init__(self, page: "Page", tag: str, attrs: dict[str, str], parent: "Element | None") -> None:
        self.page, self.tag, self.attrs, self.parent = page, tag, attrs, parent
        self.children: list[Element | str] = []
        self.place = self.end = len(page.elements)
        page.elements.append(self)
        page.of_tag.setdefault(tag, []).append(self)
        if "id" in attrs:
            page.of_id.setdefault(attrs["id"], []).append(self)

    def __getitem__(self, name: str) -> str:
        return self.attrs[name]

    def get(self, name: str) -> str | None:
        return self.attrs.get(name)

    @property
    def words(self) -> str:
        """All words inside, white space folded."""
        return fold("".join(self._texts()))

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            yield from [child] if isinstance(child, str) else child._texts()

    def below(self) -> list["Element"]:
        return self.page.elements[self.place + 1 : self.end]

    def all(self, tag: str = "", **attrs: Any) -> list["Element"]:
        """Elements below; `data_article=True` asks for an attribute, `rel="next"` for its value, a class for one of
        several."""
        wanted = [(name.rstrip("_").replace("_", "-"), value) for name, value in attrs.items()]
        return [e for e in self._candidates(tag, attrs) if all(_fits(e, *w) for w in wanted)]

    def _candidates(self, tag: str, attrs: dict[str, Any]) -> list["Element"]:
        """Elements below that may be meant: those of a tag or an id are known, nobody looks through a whole page."""
        if isinstance(known := attrs.get("id"), str):
            found = self.page.of_id.get(known, [])
            return [e for e in found if self.place < e.place < self.end and tag in ("", e.tag)]
        if not tag:
            return self.below()
        found = self.page.of_tag.get(tag, [])
        return found[bisect_right(found, self.place, key=_place) : bisect_left(found, self.end, key=_place)]

    def one(self, tag: str = "", **attrs: Any) -> "Element":
        found = self.all(tag, **attrs)
        assert len(found) == 1, f"{len(found)} of <{tag} {attrs}>"
        return found[0]

    def inherited(self, name: str) -> str | None:
        """The value of `lang` or `dir` that holds for this element."""
        element: Element | None = self
        while element is not None:
            if name in element.attrs:
                return element.attrs[name]
            element = element.parent
        return None


_place = attrgetter("place")


def _fits(element: Element, name: str, value: Any) -> bool:
    if value is True:
        return name in element.attrs
    if name == "class":
        return value in element.attrs.get("class", "").split()
    return element.attrs.get(name) == value


class Page(HTMLParser):
    """A parsed page. Raises AssertionError for tags that do not nest."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.elements: list[Element] = []
        self.of_tag: dict[str, list[Element]] = {}
        self.of_id: dict[str, list[Element]] = {}
        self.root = self.at = Element(self, "", {}, None)
        self.feed(html)
        self.close()
        assert self.at is self.root, f"<{self.at.tag}> is not closed"
        self.root.end = len(self.elements)

    def updatepos(self, i: int, j: int) -> int:
        """The parser would count lines, which nobody asks for."""
        return j

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = self._add(tag, attrs)
        if tag not in VOID:
            self.at = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._add(tag, attrs)

    def _add(self, tag: str, attrs: list[tuple[str, str | None]]) -> Element:
        element = Element(self, tag, {name: value or "" for name, value in attrs}, self.at)
        element.end = element.place + 1
        self.at.children.append(element)
        return element

    def handle_endtag(self, tag: str) -> None:
        assert self.at.tag == tag, f"</{tag}> inside <{self.at.tag}>"
        assert self.at.parent is not None
        self.at.end = len(self.elements)
        self.at = self.at.parent

    def handle_data(self, data: str) -> None:
        self.at.children.append(data)

    def all(self, tag: str = "", **attrs: Any) -> list[Element]:
        return self.root.all(tag, **attrs)

    def one(self, tag: str = "", **attrs: Any) -> Element:
        return self.root.one(tag, **attrs)

    @property
    def main(self) -> Element:
        return self.one("main")

    @property
    def words(self) -> str:
        return self.root.words

    @property
    def scripts(self) -> list[Element]:
        """What a browser runs: blocks of linked data are no scripts to it."""
        return [script for script in self.all("script") if script.get("type") != "application/ld+json"]

    @property
    def linked_data(self) -> dict[str, Any]:
        """Type -> node of the block of linked data, as other software reads it."""
        (data,) = self.one("script", type="application/ld+json").children
        document = json.loads(str(data))
        assert document["@context"] == "https://schema.org"
        return {node["@type"]: node for node in document["@graph"]}

    @property
    def canonical(self) -> str:
        return path_of(self.one("link", rel="canonical")["href"])

    @property
    def alternates(self) -> dict[str, str]:
        """hreflang -> path."""
        return {e["hreflang"]: path_of(e["href"]) for e in self.all("link", rel="alternate", hreflang=True)}

    @property
    def menu(self) -> dict[str, Element]:
        """hreflang -> link of the language menu."""
        return {link["hreflang"]: link for link in self.one("ul", data_languages=True).all("a")}

    def links(self) -> list[str]:
        return [link["href"] for link in self.all("a", href=True)]


def fold(text: str) -> str:
    """White space of any kind as single spaces, as `words` has it."""
    return " ".join(text.split())


def path_of(address: str) -> str:
    """The path of an absolute address of this site; another site's is an error."""
    assert address.startswith(settings.SITE_URL + "/"), address
    return address.removeprefix(settings.SITE_URL)


def read(client: Any, path: str, status: int = 200, **extra: Any) -> Page:
    """Get a page that has to answer with a status, and parse it."""
    response = client.get(path, **extra)
    assert response.status_code == status, f"{path}: {response.status_code}"
    return Page(response.content.decode())
