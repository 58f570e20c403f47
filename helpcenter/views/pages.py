"""What all pages share: the frame around them, with the language menu and the bands."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, repeat
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.encoding import escape_uri_path
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext

from helpcenter import factbook, freshness, localization
from helpcenter.enums import Display
from helpcenter.localization import Shown
from helpcenter.models import Announcement
from helpcenter.sharing.cards import Card, Image, locales
from helpcenter.views.rows import reading_order
from supportdesk.ui import drawn, languages, markup, places
from supportdesk.ui.languages import Language, content_languages

MOST_BANDS = 20
NO_IMAGE = Image("", 0, 0, "")
REST = "-rest-of-the-address-"


@dataclass(frozen=True)
class Texts:
    """The languages in which the text of a page is published, and the one that it was written in first."""

    published: tuple[str, ...]
    source: str = localization.COMMON

    def shown_to(self, language: str = "") -> Shown:
        """What a reader of `language` (of the request's, if it is not named) gets. Raises Http404 where there is no
        text in any language."""
        shown = self.found_for(language)
        if shown is None:
            raise Http404
        return shown

    def found_for(self, language: str = "") -> Shown | None:
        """As `shown_to`; None where there is no text in any language."""
        asked = language or get_language() or settings.LANGUAGE_CODE
        return _chosen(asked, reading_order(self.source, asked), self.published)


# A page asks it for each line of its menu.
_chosen = lru_cache(maxsize=2000)(localization.choose)


@dataclass(frozen=True)
class MenuItem:
    """A line of the language menu: the same page in that language; `instead` is what is shown where it is missing."""

    language: Language
    path: str
    is_current: bool
    instead: Language | None


@dataclass(frozen=True)
class Band:
    """An announcement on top of every page, in the language in which it is shown."""

    slug: str
    title: str
    summary: str
    language: str
    display: Display


def leave_language(request: HttpRequest, language: str) -> HttpResponse:
    """A language that was switched off: the same page in the next best one, with a notice."""
    snapshot = freshness.current()
    order = localization.chain(language, snapshot.fallbacks)
    there = next(code for code in (*order, *snapshot.public) if snapshot.is_public(code))
    query = urlencode({**request.GET.dict(), "off": language})
    return HttpResponseRedirect(f"{path_in(there, request.path)}?{query}")


def left_language(request: HttpRequest) -> Language | None:
    """The language that a reader was led away from, where it is really switched off."""
    code = request.GET.get("off", "")
    is_off = languages.is_known(code) and not freshness.current().is_public(code)
    return languages.language(code) if is_off else None


def path_in(language: str, path: str) -> str:
    """The address of the same page in another language, escaped for a link."""
    return f"/{language}/{_below_language(path)}"


def _below_language(path: str) -> str:
    """What follows the language in an address, escaped for a link."""
    return escape_uri_path(path.split("/", 2)[2]) if path.count("/") > 1 else ""


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    texts: Texts | None = None,
    path: str = "",
    query: str = "",
    status: int = 200,
    card: Card | None = None,
) -> HttpResponse:
    """Render a page inside the frame. `texts` says where its text exists (nothing: everywhere, as the interface does),
    `path` and `query` what the language menu leads to, where that is not the address of the request alone, `card` what
    other software gets of the page."""
    shape, words = _frame_shape(request, card), _frame_words(path or request.path, query, texts, card)
    frame = drawn.nested({**shape, **words})
    return HttpResponse(render_to_string(template, {**frame, **(context or {})}, request), status=status)


def fill_page(
    request: HttpRequest,
    template: str,
    shape: Mapping[str, Hashable],
    words: Mapping[str, str],
    *,
    texts: Texts | None = None,
    query: str = "",
    card: Card | None = None,
) -> HttpResponse:
    """As `render_page`, for a page that is drawn once for each shape and filled with its words (`drawn.fill`)."""
    shape = {**_frame_shape(request, card), **shape}
    words = {**_frame_words(request.path, query, texts, card), **words}
    return HttpResponse(drawn.fill(template, shape, words))


def _frame_shape(request: HttpRequest, card: Card | None) -> dict[str, Hashable]:
    """What decides how the frame of a page is drawn."""
    return {
        "bands": tuple(bands_now()),
        "switched_off": left_language(request),
        "card.kind": card.kind if card else "",
    }


def _frame_words(path: str, query: str, texts: Texts | None, card: Card | None) -> dict[str, str]:
    """What the frame of a page says of this one."""
    snapshot = freshness.current()
    written = tuple(code for code in snapshot.public if texts is None or code in texts.published)
    links = _alternate_links(written, settings.SITE_URL)
    words = {
        "menu": menu_links(path, query, texts),
        "alternates": markup.joined(links, _below_language(path)),
        "canonical": canonical(path, texts),
        "usual_reply": usual_reply(snapshot.usual.get(get_language() or settings.LANGUAGE_CODE)),
    }
    return words | (_card_words(card, _shown_first(written, texts)) if card else {})


def _card_words(card: Card, codes: Iterable[str]) -> dict[str, str]:
    image = card.image or NO_IMAGE
    return {
        "card.title": card.title,
        "card.description": card.description,
        "card.image.url": image.url,
        "card.image.width": str(image.width),
        "card.image.height": str(image.height),
        "card.image.description": image.description,
        "locales": _locale_tags(tuple(codes)),
        "linked_data": markup.data_block(card.data) if card.nodes else "",
    }


@lru_cache(maxsize=500)
def _locale_tags(codes: tuple[str, ...]) -> SafeString:
    """The languages of a page, that of the page itself first, for messengers and social networks."""
    kinds = chain(["og:locale"], repeat("og:locale:alternate"))
    return markup.lines('<meta property="{}" content="{}">', zip(kinds, locales(codes), strict=False), "\n")


def usual_reply(minutes: int | None) -> str:
    """How soon people usually hear from us, as a sentence; empty where that is not known."""
    if minutes is None:
        return ""
    if minutes < 60:
        words = ngettext(
            "We usually answer within %(count)d minute.", "We usually answer within %(count)d minutes.", minutes
        )
        return words % {"count": minutes}
    hours = -(-minutes // 60)
    words = ngettext("We usually answer within %(count)d hour.", "We usually answer within %(count)d hours.", hours)
    return words % {"count": hours}


def canonical(path: str, texts: Texts | None = None) -> str:
    """The absolute address of a page in the language of the text that is shown on it, where that one is public."""
    language = get_language() or settings.LANGUAGE_CODE
    shown = texts.shown_to().language if texts else language
    return absolute(path_in(shown if freshness.current().is_public(shown) else language, path))


def _shown_first(written: Iterable[str], texts: Texts | None) -> list[str]:
    shown = texts.shown_to().language if texts else get_language()
    return sorted(written, key=lambda code: code != shown)


def request_path(article: str, topic: str = "", path: str = "", query: str = "") -> str:
    """Where to write to us about an article: a request that says already what it is about, the answers given in a
    troubleshooter or what was searched for among it; where no app takes requests, the contact page; empty where there
    is none either."""
    form = places.address("new_request")
    if not form:
        return places.address("contact")
    known = {"article": article, "topic": topic, "path": path, "q": query}
    said = urlencode({name: value for name, value in known.items() if value})
    return f"{form}?{said}" if said else form


def absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"


def menu_of(request: HttpRequest) -> list[MenuItem]:
    """The language menu of a page of another app, whose text is the interface alone; none where the address has no
    language."""
    if not languages.is_known(request.path.split("/")[1]):
        return []
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return menu(request.path, query, get_language() or settings.LANGUAGE_CODE, None)


def menu(path: str, query: str, current: str, texts: Texts | None) -> list[MenuItem]:
    """The language menu: every public language, each on the same page."""
    return [
        MenuItem(
            language=languages.language(code),
            path=path_in(code, path) + query,
            is_current=code == current,
            instead=_instead(code, texts),
        )
        for code in freshness.current().public
    ]


def menu_links(path: str, query: str, texts: Texts | None) -> SafeString:
    """The lines of the language menu, drawn."""
    language, order = get_language() or settings.LANGUAGE_CODE, freshness.current().order
    return markup.joined(_menu_links(language, texts, order), _below_language(path) + query)


# What the addresses of a page in all languages have in common stands between the pieces of these.
@lru_cache(maxsize=1000)
def _menu_links(current: str, texts: Texts | None, order: Any) -> list[SafeString]:
    """The menu for texts that exist in the same languages; `order` is that of the snapshot."""
    return markup.pieces(markup.language_links(menu(f"/{current}/{REST}", "", current, texts)), REST)


@lru_cache(maxsize=1000)
def _alternate_links(codes: tuple[str, ...], site: str) -> list[SafeString]:
    pairs = [(languages.tag(code), f"{site}/{code}/{REST}") for code in codes]
    return markup.pieces(markup.alternate_links(pairs), REST)


def _instead(code: str, texts: Texts | None) -> Language | None:
    """The language that a line of the menu really leads to, where the text is missing in its own."""
    if texts is None or code in texts.published:
        return None
    return languages.language(texts.shown_to(code).language)


def bands_now() -> list[Band]:
    """The bands of this moment, the newest first."""
    if not freshness.current().has_bands:
        return []
    return [_band(row) for row in freshness.remembered("bands", _announcements_in_band)]


def _announcements_in_band() -> list[Announcement]:
    return list(Announcement.objects.in_band().written().reading(list(content_languages()))[:MOST_BANDS])


def _band(row: Announcement) -> Band:
    code = Texts(tuple(row.languages()), row.source_language).shown_to().language
    summary = factbook.in_words(row.text("summary", code), code)
    return Band(row.slug, row.text("title", code), summary, code, row.display)
