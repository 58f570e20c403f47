"""The parts of a published text as other software gets them: their words and their pictures, cut out of stored HTML.

The HTML is our own (helpcenter.content), so one pass of a regular expression finds where parts begin; a parser would
cost more than the rest of the page.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from helpcenter.content import text
from helpcenter.outline import Part
from helpcenter.sharing.linked_data import Said, is_question

LONGEST_ANSWER = 600  # characters
LONGEST_STEP = 240
ALL_STEPS = 1000  # characters of all steps together: the more steps, the shorter each
MOST_QUESTIONS = 10  # an answer page with more of them is an index, and the page has to stay small
MOST_STEPS = 15

# `<`, `>` and `"` of words and attributes are escaped where they could be taken for one of these.
_START = re.compile(
    r'<(?:li id="(?P<step>[^"]+)">(?:\s|<span id="[^"]+"></span>)*<)?'
    r'h(?P<level>[2-6])(?: id="(?P<anchor>[^"]+)")?>.*?</h(?P=level)>',
    re.DOTALL,
)
_PICTURE = re.compile(
    r'<img src="(?P<src>[^"]+)"(?: srcset="[^"]*")?(?: sizes="[^"]*")?'
    r' width="(?P<width>\d+)" height="(?P<height>\d+)" alt="(?P<alt>[^"]*)"'
)
_SIZED = re.compile(r"-(\d+)\.webp$")  # the width of the file that an address names


@dataclass(frozen=True)
class Picture:
    """A picture of a text: its path, the size of that file in pixels, and the words for those who cannot see it."""

    path: str
    width: int
    height: int
    description: str


@dataclass(frozen=True)
class Piece:
    """What stands between the heading of a part and the next part; `start` is where its heading begins. The first piece
    of a text has no anchor, and so has what follows a heading without one."""

    anchor: str
    start: int
    html: str


def cut(markup: str) -> list[Piece]:
    """The pieces of a text. A heading without a key ends the part that it stands in only from that part's level up."""
    pieces: list[Piece] = []
    anchor, level, start, body = "", 0, 0, 0
    for found in _START.finditer(markup):
        opened, depth = found["step"] or found["anchor"] or "", int(found["level"])
        if not opened and depth > level:
            continue
        pieces.append(Piece(anchor, start, markup[body : found.start()]))
        anchor, level, start, body = opened, depth, found.start(), found.end()
    return [*pieces, Piece(anchor, start, markup[body:])]


def first_picture(markup: str) -> Picture | None:
    found = _PICTURE.search(markup)
    if found is None:
        return None
    width, sized = int(found["width"]), _SIZED.search(found["src"])
    shown = int(sized[1]) if sized else width
    height = round(int(found["height"]) * shown / max(1, width))
    return Picture(found["src"], shown, height, html.unescape(found["alt"]))


def answers(title: str, markup: str, parts: Sequence[Part], url: str) -> list[Said]:
    """The questions that a text answers: its title, and those of its sections that ask something. The title's answer
    is what comes before the first of these, and the whole text where nothing does and the title asks something. A
    question without a word of an answer is left out."""
    titles = {part.anchor: part.title for part in parts if part.is_section}
    asking = [piece for piece in cut(markup) if is_question(titles.get(piece.anchor, ""))]
    before = markup[: asking[0].start] if asking else markup
    own = text.excerpt(before, LONGEST_ANSWER) or (is_question(title) and text.excerpt(markup, LONGEST_ANSWER)) or ""
    found = [Said(title, own, url)]
    for piece in asking[: MOST_QUESTIONS - 1]:
        words = text.excerpt(piece.html, LONGEST_ANSWER)
        found.append(Said(titles[piece.anchor], words, f"{url}#{piece.anchor}"))
    return [said for said in found if said.words]


def steps(markup: str, parts: Sequence[Part], url: str, site: str) -> list[Said]:
    """The steps of a guide with their words and pictures; `site` is put before the paths of pictures."""
    pieces = {piece.anchor: piece for piece in cut(markup)}
    shown = [part for part in parts if part.is_step and part.anchor in pieces]
    longest = min(LONGEST_STEP, ALL_STEPS // max(len(shown[:MOST_STEPS]), 1))
    return [_step(part, pieces[part.anchor], url, site, longest) for part in shown[:MOST_STEPS]]


def _step(part: Part, piece: Piece, url: str, site: str, longest: int) -> Said:
    picture = first_picture(piece.html)
    image = f"{site}{picture.path}" if picture else ""
    return Said(part.title, text.excerpt(piece.html, longest), f"{url}#{part.anchor}", image)
