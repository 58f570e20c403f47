"""What HTML an article may hold. Everything that reaches a page or a mail passes here last."""

import re

import nh3

INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "s"}
    | {"small", "span", "strong", "sub", "sup", "u", "var"}
)
BLOCK = frozenset(
    {"blockquote", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr"}
    | {"img", "li", "ol", "p", "pre", "summary", "table", "tbody", "td", "th", "thead", "tr", "ul"}
)
OURS = frozenset({"data"})  # what only we write: the place of a fact
# What writers may type as raw HTML without a warning: words in a line, nothing that builds a page.
HARMLESS = INLINE - {"a", "span"}

ATTRIBUTES = {
    "*": {"lang"},
    "a": {"href", "aria-label", "title"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "h5": {"id"},
    "h6": {"id"},
    "li": {"id"},
    "ol": {"start"},
    "img": {"src", "srcset", "sizes", "width", "height", "alt", "loading", "decoding"},
    "code": {"dir"},
    "pre": {"dir", "tabindex"},
    "bdi": {"dir"},
    "bdo": {"dir"},
    "div": {"role", "tabindex", "aria-label", "data-facts", "data-kinds", "data-table"},
    "data": {"data-fact"},
    "details": {"data-regions"},
    "th": {"scope"},
}
CLASSES = {
    "a": {"anc", "ext", "term"},
    "div": {"notice", "note", "tip", "warning", "danger", "scroll-x", "facts"},
    "data": {"fact"},
    "details": {"region"},
    "p": {"notice-t", "no-picture"},
    "ol": {"steps"},
    "ul": {"answers"},
    "figure": {"scam"},
    "small": {"host"},
    "span": {"no-picture"},
    "th": {"n"},
    "td": {"n"},
}
OUR_RELATIONS = "noopener noreferrer nofollow"
HIDDEN_CONTENT = frozenset({"script", "style", "iframe", "object", "template", "noscript"})

FACT_NAMES = frozenset({"data-fact", "data-facts", "data-kinds", "data-table", "data-regions"})  # and of regions

_OUR_PICTURE = re.compile(r"/(_|[a-z][a-z-]*)/pictures/")  # of any language, or of the one that a page is drawn in
_FACT_NAMES = re.compile(r"[a-z0-9. -]*")
_TAG = re.compile(r"<\s*(/?)\s*([A-Za-z!][\w-]*)([^>]*)>?")
_INSTRUCTIONS = ("<?", "<![CDATA[")  # processing instructions and character data: nothing for an article


def clean_html(markup: str) -> str:
    """Keep the tags, attributes and classes above; scripts and styles go with their content."""
    return nh3.clean(
        markup,
        tags=set(INLINE | BLOCK | OURS),
        clean_content_tags=set(HIDDEN_CONTENT),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        allowed_classes={tag: set(names) for tag, names in CLASSES.items()},
        attribute_filter=_our_values_only,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
        tag_attribute_values={"a": {"rel": {OUR_RELATIONS}}},
    )


def clean_raw_html(markup: str) -> str:
    """The harmless rest of a block of raw HTML."""
    return nh3.clean(markup, tags=set(HARMLESS), clean_content_tags=set(HIDDEN_CONTENT), attributes={}, link_rel=None)


def _our_values_only(tag: str, name: str, value: str) -> str | None:
    """Pictures come from our own pages: one of another host would tell that host who reads what. The names of facts
    are names; what is none becomes an empty one, which no fact has."""
    if name in FACT_NAMES:
        return value if _FACT_NAMES.fullmatch(value) else ""
    if tag == "img" and name in ("src", "srcset"):
        paths = [candidate.strip().split(" ")[0] for candidate in value.split(",")]
        return value if all(_OUR_PICTURE.match(path) for path in paths) else None
    return value


def odd_html(markup: str) -> list[str]:
    """The raw tags in a piece of Markdown that are not kept as they stand, each once."""
    found = [f"{start}…" for start in _INSTRUCTIONS if start in markup]
    for closing, name, rest in _TAG.findall(markup):
        tag = name.lower()
        harmless = tag in HARMLESS and not rest.strip().strip("/")
        if not harmless and not tag.startswith("!"):
            found.append(f"<{closing}{tag}>")
    opened = {tag for tag in found if not tag.startswith("</")}
    return list(dict.fromkeys(tag for tag in found if tag in opened or tag.replace("/", "") not in opened))


def tag_name(markup: str) -> str:
    """Name of a single tag, with its slash where it closes: `</B>` -> `/b`; empty for comments and the like."""
    match = _TAG.match(markup)
    return f"{match[1]}{match[2].lower()}" if match and match[2][0] != "!" else ""
