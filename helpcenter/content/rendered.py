"""What comes out of rendering a document."""

from collections.abc import Callable
from dataclasses import dataclass, field

from helpcenter.outline import Answer, Part


@dataclass(frozen=True)
class Warned:
    """Something that was changed on the way to HTML; `line` counts from one within the document's text."""

    line: int
    message: str


@dataclass(frozen=True)
class Reference:
    """A link or a picture as it is written; `href` may be percent-encoded."""

    href: str
    line: int
    is_picture: bool


@dataclass(frozen=True)
class Block:
    """A block of a document: its first line and the one after its last, counted from zero."""

    kind: str
    start: int
    end: int
    content: str


@dataclass(frozen=True)
class Link:
    host: str
    line: int


@dataclass(frozen=True)
class FactReference:
    """A fact that a text names; `key` ends with `.*` where it means all facts of a subject."""

    key: str
    line: int


@dataclass(frozen=True)
class ShownPicture:
    """A picture ready to be drawn: `sources` maps a width in pixels to a path below the language."""

    sources: dict[int, str]
    width: int
    height: int


@dataclass(frozen=True)
class Node:
    """A node of a troubleshooter where it stands: its line, whether it says anything besides its heading and answers,
    and its answers, each with its own line."""

    name: str
    line: int
    has_text: bool
    answers: tuple[tuple[Answer, int], ...] = ()


@dataclass
class Rendered:
    """HTML, the parts of the text, and what was found on the way.

    `lost_line` is the line of a block that is nested too deeply to be read, 0 where there is none;
    `misplaced_fact` that of a fact in a heading or in the words of a picture. `owners` are the keys of the parts that
    the lines belong to, one for each line.
    """

    html: str = ""
    parts: list[Part] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    articles: set[str] = field(default_factory=set)
    nodes: list[Node] = field(default_factory=list)
    facts: list[FactReference] = field(default_factory=list)
    lost_line: int = 0
    misplaced_fact: int = 0
    owners: list[str] = field(default_factory=list)

    def warn(self, line: int, message: str) -> None:
        self.warnings.append(Warned(line, message))


Pictures = Callable[[str], ShownPicture | None]
