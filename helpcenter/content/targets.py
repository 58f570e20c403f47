"""Where the links and pictures of a text lead."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

ANY_LANGUAGE = "/_/"
NODE = "#node-"  # the beginning of a link to a node of the same troubleshooter
PICTURES = "pictures/"
REQUESTS = f"{ANY_LANGUAGE}request/"  # and a topic; a page draws the address that takes requests in its place
LONGEST_NAME = 120  # characters of a picture's file name

_ARTICLE = re.compile(r"(?:\./)?(?P<slug>[A-Za-z0-9][A-Za-z0-9_-]*)\.md(?:#(?P<anchor>[\w-]+))?")
_REQUEST = re.compile(r"request:(?P<topic>[a-z0-9][a-z0-9-]{0,59})")
_PICTURE = re.compile(r"pictures/(?P<name>[^./\\\0-\x1f*?][^/\\\0-\x1f*?]*)")


@dataclass(frozen=True)
class Target:
    """Where a link leads: `href` is empty where it leads nowhere that we know."""

    href: str
    host: str = ""
    article: str = ""

    @classmethod
    def of(cls, href: str) -> "Target":
        if inside := cls._inside(href):
            return inside
        try:
            parts = urlsplit(href)
        except ValueError:
            return cls("")
        if parts.scheme in ("http", "https") and parts.hostname:
            return cls(href, host=parts.hostname)
        if parts.scheme == "mailto" and parts.path:
            return cls(f"mailto:{parts.path}")
        return cls("")

    @classmethod
    def _inside(cls, href: str) -> "Target | None":
        """A place in this help centre; None for any other."""
        if article := _ARTICLE.fullmatch(href):
            anchor = f"#{article['anchor']}" if article["anchor"] else ""
            return cls(f"{ANY_LANGUAGE}articles/{article['slug']}/{anchor}", article=article["slug"])
        if request := _REQUEST.fullmatch(href):
            return cls(f"{REQUESTS}{request['topic']}")
        return cls(href) if href.startswith("#") else None


def picture_name(source: str) -> str:
    """The file name in `pictures/<name>`, percent-decoded; empty for anything else."""
    match = _PICTURE.fullmatch(unquote(source))
    return match["name"] if match and len(match["name"]) <= LONGEST_NAME else ""


def climbs_out(href: str, depth: int) -> bool:
    """Whether a relative path of a document that lies `depth` folders below the root leads out of it."""
    path = unquote(href).partition("#")[0].partition("?")[0]
    if ":" in path or path.startswith("/"):
        return False
    for part in path.replace("\\", "/").split("/"):
        if part not in ("", "."):
            depth += -1 if part == ".." else 1
        if depth < 0:
            return True
    return False
