"""Raw HTML in Markdown, reduced to harmless tags that close where they were opened."""

from collections.abc import Sequence

from django.utils.translation import gettext
from markdown_it.token import Token

from helpcenter.content.rendered import Rendered
from helpcenter.content.sanitising import HIDDEN_CONTENT, clean_raw_html, odd_html, tag_name


def tidy(tokens: Sequence[Token], result: Rendered) -> None:
    """Take out what may not stay, and say what went. Tags never reach beyond the line of text that they stand in."""
    for token in tokens:
        line = (token.map or [0])[0] + 1
        if token.type == "html_block":
            _warn(odd_html(token.content), line, result)
            token.content = clean_raw_html(token.content)
        elif token.children:
            token.children = _tidy_inline(token.children, result)


def _tidy_inline(children: list[Token], result: Rendered) -> list[Token]:
    names = {i: tag_name(child.content) for i, child in enumerate(children) if child.type == "html_inline"}
    hidden = _hidden(children, names)
    odd = {i: odd_html(children[i].content) for i in names}
    harmless = {i: name for i, name in names.items() if name and not odd[i] and i not in hidden}
    for i in _left_open(children, harmless):
        odd[i] = [f"<{names[i]}>"]
    opened = {name for removed in odd.values() for name in removed if not name.startswith("</")}
    for i, removed in odd.items():
        if i not in hidden:  # a tag that was named needs no second line for its end
            told = [name for name in removed if name.replace("</", "<") not in opened or name in opened]
            _warn(told, children[i].meta.get("line", 1), result)
    return [child for i, child in enumerate(children) if i not in hidden and not odd.get(i)]


def _hidden(children: Sequence[Token], names: dict[int, str]) -> set[int]:
    """What stands between `<script>` and its `</script>`: no words for readers. Only where the two enclose whole
    emphases and links, never half of one."""
    hidden: set[int] = set()
    for start, name in names.items():
        if name not in HIDDEN_CONTENT or start in hidden:
            continue
        for end in range(start + 1, len(children)):
            if children[end].level < children[start].level:
                break
            if names.get(end) == f"/{name}" and children[end].level == children[start].level:
                hidden |= set(range(start + 1, end))
                break
    return hidden


def _left_open(children: Sequence[Token], names: dict[int, str]) -> list[int]:
    """Tags without their other half inside the same emphasis or link."""
    open_tags: list[tuple[int, str]] = []  # "" stands for an emphasis or a link
    left: list[int] = []
    for i, child in enumerate(children):
        name = names.get(i, "")
        if child.nesting > 0:
            open_tags.append((i, ""))
        elif child.nesting < 0:
            left += _close(open_tags, "")
        elif name == "br" or not name:
            continue
        elif not name.startswith("/"):
            open_tags.append((i, name))
        elif name[1:] in _within(open_tags):
            left += _close(open_tags, name[1:])
        else:
            left.append(i)
    return left + [i for i, name in open_tags if name]


def _within(open_tags: Sequence[tuple[int, str]]) -> set[str]:
    """The tags that are open inside the innermost emphasis or link."""
    names = [name for _, name in open_tags]
    return set(names[len(names) - names[::-1].index("") :] if "" in names else names)


def _close(open_tags: list[tuple[int, str]], wanted: str) -> list[int]:
    """Close the innermost `wanted`; returns what was still open inside it."""
    left = []
    while open_tags:
        i, name = open_tags.pop()
        if name == wanted:
            break
        left.append(i)
    return left


def _warn(removed: Sequence[str], line: int, result: Rendered) -> None:
    for name in removed:
        result.warn(line, gettext("The HTML “%(tag)s” was removed.") % {"tag": name})
