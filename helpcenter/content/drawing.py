"""How each kind of token is drawn as HTML."""

import re
from collections.abc import Sequence
from typing import Any

import mdit_py_cjk_friendly
from django.utils.translation import gettext, gettext_noop
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from helpcenter.content import fact_marks, regions
from helpcenter.content.rendered import ShownPicture
from helpcenter.content.sanitising import OUR_RELATIONS
from helpcenter.content.targets import ANY_LANGUAGE, NODE, Target, picture_name

CALLOUTS = {
    "note": gettext_noop("Note"),
    "tip": gettext_noop("Tip"),
    "warning": gettext_noop("Warning"),
    "danger": gettext_noop("Danger"),
}
SCAM_EXAMPLE = "scam-example"
SIZES = "(min-width: 44rem) 43rem, 94vw"  # the measure of the text, or almost the whole phone

_HOST = re.compile(r"(?<![\w-])[\w-]++(?:\.[\w-]++)+")
_HANGUL = "\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f"

# The plugin knows ideographs and kana; without hangul `**(청산)**입니다` stays unbold. Line breaks keep their space in
# Korean, hence our own `softbreak` below.
_CJK_WITHOUT_HANGUL = mdit_py_cjk_friendly._CJK_RE
mdit_py_cjk_friendly._CJK_RE = re.compile(_CJK_WITHOUT_HANGUL.pattern[:-1] + _HANGUL + "]")


class Renderer(RendererHTML):
    """How each token is drawn. `env["result"]` collects what is found, `env["pictures"]` knows the files."""

    def softbreak(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        before = next((found[-1] for at in range(idx - 1, -1, -1) if (found := words([tokens[at]]))), "")
        after = next((found[0] for at in range(idx + 1, len(tokens)) if (found := words([tokens[at]]))), "")
        joined = _CJK_WITHOUT_HANGUL.match(before) and _CJK_WITHOUT_HANGUL.match(after)
        return "" if joined else "\n"

    def anchor(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        label = gettext("Link to this part")
        return f'<a class="anc" href="#{tokens[idx].meta["anchor"]}" aria-label="{label}">#</a>'

    def code_inline(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f'<code dir="ltr">{_escape(tokens[idx].content)}</code>'

    def fact(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return fact_marks.place(tokens[idx].meta["key"])

    def facts(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        env["tables"] = env.get("tables", 0) + 1
        meta = tokens[idx].meta
        return fact_marks.table_place(meta["subject"], meta["kinds"], env["tables"])

    def fence(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f'<pre dir="ltr" tabindex="0"><code>{_escape(tokens[idx].content)}</code></pre>\n'

    code_block = fence

    def table_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        env["tables"] = env.get("tables", 0) + 1  # two regions of a page may not have the same name
        label = gettext("Table %(number)d") % {"number": env["tables"]}
        return f'<div class="scroll-x" tabindex="0" role="region" aria-label="{label}"><table>\n'

    def table_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return "</table></div>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f'<th scope="col"{_alignment(tokens[idx])}>'

    def td_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f"<td{_alignment(tokens[idx])}>"

    def paragraph_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        if _is_lone_picture(tokens[idx + 1]):
            return ""
        return super().renderToken(tokens, idx, options, env)

    def paragraph_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        if _is_lone_picture(tokens[idx - 1]):
            return ""
        return super().renderToken(tokens, idx, options, env)

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        token, result = tokens[idx], env["result"]
        description = words(token.children or [])
        source, line = str(token.attrs.get("src", "")), token.meta.get("line", 1)
        name = picture_name(source)
        shown = env["pictures"](name) if name else None
        is_alone = len(tokens) == 1
        if not description:
            result.warn(line, gettext("The picture “%(path)s” has no description.") % {"path": source[:120]})
        if shown is None:
            message = gettext("The picture “%(path)s” is not here; its description stands in its place.")
            result.warn(line, message % {"path": source[:120]})
            return _missing_picture(description, is_alone=is_alone)
        return _picture(shown, description, str(token.attrs.get("title", "")), is_alone=is_alone)

    def link_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        token, result = tokens[idx], env["result"]
        href = str(token.attrs.get("href", ""))
        target = token.meta["target"] = _target(token, href)
        line = token.meta.get("line", 1)
        if target.article:
            result.articles.add(target.article)
        if not target.href:
            message = gettext("The link “%(href)s” leads nowhere here; only its words stay.")
            result.warn(line, message % {"href": href[:120]})
            return "<span>"
        away = f' class="ext" rel="{OUR_RELATIONS}"' if target.host else ""
        return f'<a href="{_escape(target.href)}"{away}>'

    def link_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        place = idx - 1
        while (tokens[place].type, tokens[place].level) != ("link_open", tokens[idx].level):
            place -= 1
        target: Target = tokens[place].meta["target"]
        if not target.href:
            return "</span>"
        found = words(tokens[place + 1 : idx]).lower()
        # Words that name the host, and no other, need not be followed by it.
        if not target.host or set(_HOST.findall(found)) == {target.host}:
            return "</a>"
        return f'</a> <small class="host">{_escape(target.host)}</small>'

    def heading_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        if tokens[idx].level:  # a heading inside a quotation, list or callout is no part of the page's outline
            return "<p><strong>"
        return super().renderToken(tokens, idx, options, env)

    def heading_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        if tokens[idx].level:
            return "</strong></p>\n"
        return super().renderToken(tokens, idx, options, env)


def draw_callout(renderer: Any, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
    if tokens[idx].nesting < 0:
        return "</div>\n"
    kind, _, title = tokens[idx].info.strip().partition(" ")
    heading = title.strip() or gettext(CALLOUTS[kind])
    words_with_facts = fact_marks.replace_marks(_escape(heading), fact_marks.place)
    return f'<div class="notice {kind}" role="note"><p class="notice-t">{words_with_facts}</p>\n'


def draw_region(renderer: Any, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
    token = tokens[idx]
    if not token.meta.get("is_drawn"):
        return ""
    return "</details>\n" if token.nesting < 0 else regions.opened(regions.codes_of(token.info))


def draw_scam_example(renderer: Any, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
    if tokens[idx].nesting < 0:
        return "</blockquote></figure>\n"
    label = gettext("Example of a fraudulent message")
    return f'<figure class="scam"><figcaption>{label}</figcaption><blockquote>\n'


def words(tokens: Sequence[Token]) -> str:
    """The words of inline tokens, without marks."""
    breaks = {"softbreak": " ", "hardbreak": " "}
    with_words = ("text", "text_special", "code_inline")
    return "".join(
        breaks.get(token.type, token.content if token.type in with_words else words(token.children or []))
        for token in tokens
    )


def _target(link: Token, href: str) -> Target:
    """Where a link leads. Nodes are pages of their own, which only an answer leads to."""
    if href.startswith(NODE) and not link.meta.get("is_answer"):
        return Target("")
    return Target.of(href)


def _is_lone_picture(inline: Token) -> bool:
    children = inline.children or []
    return len(children) == 1 and children[0].type == "image"


def _missing_picture(description: str, *, is_alone: bool) -> str:
    if not description:
        return ""
    tag = "p" if is_alone else "span"
    return f'<{tag} class="no-picture">{_escape(description)}</{tag}>'


def _picture(shown: ShownPicture, description: str, caption: str, *, is_alone: bool) -> str:
    widths = sorted(shown.sources)
    candidates = ", ".join(f"{ANY_LANGUAGE}{shown.sources[width]} {width}w" for width in widths)
    fallback = next((width for width in widths if width >= 800), widths[-1])
    image = (
        f'<img src="{ANY_LANGUAGE}{shown.sources[fallback]}" srcset="{candidates}" sizes="{SIZES}"'
        f' width="{shown.width}" height="{shown.height}" alt="{_escape(description)}" loading="lazy" decoding="async">'
    )
    if not is_alone:
        return image
    line = f"<figcaption>{_escape(caption)}</figcaption>" if caption else ""
    return f"<figure>{image}{line}</figure>\n"


def _alignment(token: Token) -> str:
    return ' class="n"' if "right" in str(token.attrs.get("style", "")) else ""


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
