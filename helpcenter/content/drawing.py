"""How each kind of token is drawn as HTML."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import mdit_py_cjk_friendly
from django.utils.translation import gettext, gettext_noop
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from helpcenter.content.rendered import ShownPicture, Warned
from helpcenter.content.sanitising import OUR_RELATIONS

CALLOUTS = {
    "note": gettext_noop("Note"),
    "tip": gettext_noop("Tip"),
    "warning": gettext_noop("Warning"),
    "danger": gettext_noop("Danger"),
}
SCAM_EXAMPLE = "scam-example"
ANY_LANGUAGE = "/_/"
SIZES = "(min-width: 44rem) 43rem, 94vw"  # the measure of the text, or almost the whole phone

_ARTICLE_LINK = re.compile(r"(?:\./)?(?P<slug>[A-Za-z0-9][A-Za-z0-9_-]*)\.md(?:#(?P<anchor>[\w-]+))?")
_PICTURE_LINK = re.compile(r"pictures/(?P<name>[\w][\w.-]*)")
_HANGUL = "\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f"

# The plugin knows ideographs and kana; without hangul `**(청산)**입니다` stays unbold. Line breaks keep their space in
# Korean, hence our own `softbreak` below.
_CJK_WITHOUT_HANGUL = mdit_py_cjk_friendly._CJK_RE
mdit_py_cjk_friendly._CJK_RE = re.compile(_CJK_WITHOUT_HANGUL.pattern[:-1] + _HANGUL + "]")


class Renderer(RendererHTML):
    """How each token is drawn. `env["result"]` collects what is found, `env["pictures"]` knows the files."""

    def softbreak(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        before = tokens[idx - 1].content[-1:] if idx else ""
        after = tokens[idx + 1].content[:1] if idx + 1 < len(tokens) else ""
        joined = _CJK_WITHOUT_HANGUL.match(before) and _CJK_WITHOUT_HANGUL.match(after)
        return "" if joined else "\n"

    def anchor(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        label = gettext("Link to this part")
        return f'<a class="anc" href="#{tokens[idx].meta["anchor"]}" aria-label="{label}">#</a>'

    def code_inline(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        return f'<code dir="ltr">{_escape(tokens[idx].content)}</code>'

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
        if _lone_picture(tokens[idx + 1]):
            return ""
        return super().renderToken(tokens, idx, options, env)

    def paragraph_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        if _lone_picture(tokens[idx - 1]):
            return ""
        return super().renderToken(tokens, idx, options, env)

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        token, result = tokens[idx], env["result"]
        words = self.renderInlineAsText(token.children, options, env)
        source = str(token.attrs.get("src", ""))
        name = _PICTURE_LINK.fullmatch(source)
        if name:
            result.pictures.add(name["name"])
        shown = env["pictures"](name["name"]) if name else None
        if shown is None:
            message = gettext("The picture “%(path)s” is not here; its description stands in its place.")
            result.warnings.append(Warned(token.meta.get("line", 1), message % {"path": source[:120]}))
            return f'<span class="no-picture">{_escape(words)}</span>' if words else ""
        return _picture(shown, words, str(token.attrs.get("title", "")), lone=len(tokens) == 1)

    def link_open(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        token, result = tokens[idx], env["result"]
        target = Target.of(str(token.attrs.get("href", "")))
        token.meta["target"] = target
        line = token.meta.get("line", 1)
        if target.article:
            result.articles.add(target.article)
        if not target.href:
            message = gettext("The link “%(href)s” leads nowhere here; only its words stay.")
            result.warnings.append(Warned(line, message % {"href": str(token.attrs.get("href", ""))[:120]}))
            return "<span>"
        away = f' class="ext" rel="{OUR_RELATIONS}"' if target.host else ""
        return f'<a href="{_escape(target.href)}"{away}>'

    def link_close(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        opening = next(t for t in reversed(tokens[:idx]) if t.type == "link_open" and t.level == tokens[idx].level)
        target: Target = opening.meta["target"]
        if not target.href:
            return "</span>"
        words = "".join(t.content for t in tokens[tokens.index(opening) + 1 : idx]).lower()
        shown = (
            f' <small class="host">{_escape(target.host)}</small>' if target.host and target.host not in words else ""
        )
        return f"</a>{shown}"

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
    words = title.strip() or gettext(CALLOUTS[kind])
    return f'<div class="notice {kind}" role="note"><p class="notice-t">{_escape(words)}</p>\n'


def draw_scam_example(renderer: Any, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
    if tokens[idx].nesting < 0:
        return "</blockquote></figure>\n"
    label = gettext("Example of a fraudulent message")
    return f'<figure class="scam"><figcaption>{label}</figcaption><blockquote>\n'


@dataclass(frozen=True)
class Target:
    """Where a link leads: `href` is empty where it leads nowhere that we know."""

    href: str
    host: str = ""
    article: str = ""

    @classmethod
    def of(cls, href: str) -> "Target":
        if article := _ARTICLE_LINK.fullmatch(href):
            anchor = f"#{article['anchor']}" if article["anchor"] else ""
            return cls(f"{ANY_LANGUAGE}articles/{article['slug']}/{anchor}", article=article["slug"])
        if href.startswith("#"):
            return cls(href)
        try:
            parts = urlsplit(href)
        except ValueError:
            return cls("")
        if parts.scheme in ("http", "https") and parts.hostname:
            return cls(href, host=parts.hostname)
        if parts.scheme == "mailto" and parts.path:
            return cls(f"mailto:{parts.path}")
        return cls("")


def _lone_picture(inline: Token) -> bool:
    children = inline.children or []
    return len(children) == 1 and children[0].type == "image"


def _picture(shown: ShownPicture, words: str, caption: str, *, lone: bool) -> str:
    widths = sorted(shown.sources)
    candidates = ", ".join(f"{ANY_LANGUAGE}{shown.sources[width]} {width}w" for width in widths)
    fallback = next((width for width in widths if width >= 800), widths[-1])
    image = (
        f'<img src="{ANY_LANGUAGE}{shown.sources[fallback]}" srcset="{candidates}" sizes="{SIZES}"'
        f' width="{shown.width}" height="{shown.height}" alt="{_escape(words)}" loading="lazy" decoding="async">'
    )
    if not lone:
        return image
    line = f"<figcaption>{_escape(caption)}</figcaption>" if caption else ""
    return f"<figure>{image}{line}</figure>\n"


def _alignment(token: Token) -> str:
    return ' class="n"' if "right" in str(token.attrs.get("style", "")) else ""


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
