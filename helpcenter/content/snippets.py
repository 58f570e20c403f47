"""Lines of the dialect that the product writes on behalf of somebody. Pure."""

import re
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import quote

from django.utils.text import slugify

LONGEST_STEM = 60  # characters of a file name before its ending

# Names that programs give to whatever they copy: they say nothing of the picture.
_SAYS_NOTHING = re.compile(
    r"(?:image|img|screenshot|screen-shot|bildschirmfoto|clipboard|pasted|unnamed|unknown|picture|file)?[\d-]*"
)
_ENDING = re.compile(r"\.(?:png|jpe?g|webp|gif)$", re.I)
_MARKS = re.compile(r"([\\\[\]{}<>*_`!|~])")


def picture_line(description: str, name: str) -> str:
    """A picture on a line of its own; the description stays words whatever signs are in it."""
    words = _MARKS.sub(r"\\\1", " ".join(description.split()))
    return f"![{words}](pictures/{quote(name)})"


def without_ending(name: str) -> str:
    return _ENDING.sub("", name.strip())


def picture_stem(description: str, given: str = "") -> str:
    """A file name without its ending: made of what the picture shows, else of the name that the file had."""
    own = slugify(PurePosixPath(given.replace("\\", "/")).stem)[:LONGEST_STEM]
    told = "" if _SAYS_NOTHING.fullmatch(own) else own
    plain = unicodedata.normalize("NFKD", description)
    return (slugify(plain)[:LONGEST_STEM] or told or "screenshot").strip("-_")
