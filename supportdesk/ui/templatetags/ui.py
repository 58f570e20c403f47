"""Small pieces of markup that many pages share."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from supportdesk.ui import drawn, language_menu, languages, markup, places, zones

register = template.Library()

# Outlines on a 24 x 24 grid, drawn with the colour of the text around them.
ICONS = {
    "globe": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
    "moon": "M20 14.5A8 8 0 0 1 9.5 4a8 8 0 1 0 10.5 10.5",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "search": "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M20 20l-4.8-4.8",
    "arrow": "M5 12h14M13 6l6 6-6 6",
    "back": "M19 12H5M11 6l-6 6 6 6",
    "bell": "M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 21h4",
    "check": "M4 12.5l5 5L20 6.5",
    "clock": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5l3.5 2",
    "words": "M4 5h16v11H10l-4 4v-4H4z",
    "pen": "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
    "warning": "M12 4l9 16H3zM12 10v4.5M12 17.2v.3",
    "shield": "M12 3l7.5 3v5.5c0 4.5-3 8-7.5 9.5-4.5-1.5-7.5-5-7.5-9.5V6zM9 12l2.2 2.2L15.4 10",
    "yes": "M7 11v9H4v-9zM7 11l4-8c1.6 0 2.5 1 2.2 2.6L12.6 9H19a1.8 1.8 0 0 1 1.7 2.3l-2 7A2.4 2.4 0 0 1 16.4 20H7",
    "no": "M7 13V4H4v9zM7 13l4 8c1.6 0 2.5-1 2.2-2.6L12.6 15H19a1.8 1.8 0 0 0 1.7-2.3l-2-7A2.4 2.4 0 0 0 16.4 4H7",
}
MIRRORED = {"arrow", "back"}


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon that says nothing to a screen reader: the words stand beside it."""
    flip = " flip" if name in MIRRORED else ""
    return format_html(
        '<svg class="i{}" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>', flip, ICONS[name]
    )


class DrawnOnce(template.Node):
    """What `drawn_once` stands around."""

    def __init__(self, inside: NodeList, word: str, value: FilterExpression | None) -> None:
        self.nodelist, self.word, self.value = inside, word, value

    def render(self, context: template.Context) -> SafeString:
        value = self.value.resolve(context, ignore_failures=True) if self.value is not None else None
        # Drawn without a request, what every page knows is missing.
        if "site_name" not in context or (self.word == "unless" and value):
            return self.nodelist.render(context)
        made_from = value if self.word == "from" else None
        return drawn.once(self, get_language() or "", lambda: self.nodelist.render(context), made_from)


@register.tag
def drawn_once(parser: Parser, token: Token) -> DrawnOnce:
    """What is the same on all pages of a language, whoever reads them: drawn for the first of them and kept by the
    process. It asks for nothing but words, addresses and settings; no form with its token. `{% drawn_once unless x %}`
    is drawn for each page where `x` is true, `{% drawn_once from x %}` anew when `x` is another than before."""
    _, *rest = token.split_contents()
    if rest and (len(rest) != 2 or rest[0] not in ("unless", "from")):
        raise template.TemplateSyntaxError(
            "Write {% drawn_once %}, {% drawn_once unless x %} or {% drawn_once from x %}."
        )
    inside = parser.parse(["enddrawn_once"])
    parser.delete_first_token()
    return DrawnOnce(inside, rest[0] if rest else "", parser.compile_filter(rest[1]) if rest else None)


@register.simple_tag
def language_links(items: Iterable[Any]) -> SafeString:
    """The lines of the language menu; a page that has drawn them already gives them as they are."""
    return items if isinstance(items, SafeString) else markup.language_links(items)


@register.simple_tag
def place(name: str) -> str:
    """Path of a screen that another app may offer; empty where none does, and then no link is drawn."""
    return places.address(name)


@register.simple_tag(takes_context=True, name="language_menu")
def lines_of_language_menu(context: dict[str, Any]) -> list[Any]:
    """The lines of the language menu for a page whose view has not found them (`language_links` draws them)."""
    return language_menu.of(context["request"])


@register.filter
def language_tag(code: str) -> str:
    """BCP 47 form of a language code, for `lang` attributes."""
    return languages.tag(code)


@register.filter
def moment(at: datetime | None) -> str:
    """A day and a time with its zone; nothing where there is none, as Django's own filters of dates."""
    return zones.moment(at) if at else ""


@register.filter
def percent(number: int) -> str:
    """A whole percentage as the reader's language writes it."""
    return gettext("%(number)s%%") % {"number": number_format(number)}


@register.filter
def direction(code: str) -> str:
    return languages.language(code).direction


@register.simple_tag(takes_context=True)
def foreign(context: dict[str, Any], code: str) -> SafeString:
    """`lang` and `dir` for words in another language than the page's; nothing where it is the same."""
    return markup.spoken(code, context["language"].code)


@register.simple_tag(takes_context=True)
def foreign_words(context: dict[str, Any], words: str, code: str) -> SafeString:
    """Words of another language, with their language and direction, to be put into a sentence."""
    return format_html("<bdi{}>{}</bdi>", foreign(context, code), words)


@register.simple_tag(takes_context=True)
def between_words(context: dict[str, Any]) -> str:
    """What stands between the words of a list in the page's language."""
    return languages.BETWEEN_WORDS.get(context["language"].code, ", ")


@register.simple_tag
def language_name(code: str) -> str:
    """The name of a language in that language."""
    return languages.language(code).name


register.simple_tag(markup.published_html)
register.filter(markup.own_links)
