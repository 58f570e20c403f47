"""What each page says of itself to other software: its linked data and its card."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, gettext

from helpcenter.enums import AnnouncementKind, ArticleKind
from helpcenter.models import Announcement, Article
from helpcenter.sharing import excerpts, linked_data
from helpcenter.sharing.cards import Card, Image
from helpcenter.sharing.linked_data import Node, Place, Publisher, Text
from helpcenter.tree import Node as Topic
from helpcenter.views.pages import Texts, absolute, canonical
from supportdesk.ui import languages

SHARED_PICTURE = "ui/img/share.png"
NEWS = (AnnouncementKind.ANNOUNCEMENT, AnnouncementKind.MARKET_RISK, AnnouncementKind.PHISHING)


def of_home(request: HttpRequest) -> Card:
    description = gettext(
        "Answers and step-by-step guides of %(site_name)s: account, identity, deposits and withdrawals, trading, margin"
        " and liquidation, API."
    )
    search = f"{absolute(reverse('helpcenter:search'))}?q={{search_term_string}}"
    nodes = linked_data.site(
        publisher(), url=canonical(request.path), name=settings.SITE_NAME, language=_tag(), search=search
    )
    return Card(gettext("How can we help?"), description % {"site_name": settings.SITE_NAME}, nodes=nodes)


def of_topic(request: HttpRequest, topic: Topic) -> Card:
    here = Place(topic.name, canonical(request.path))
    return Card(topic.name, topic.description, nodes=[_trail(_topics(topic.ancestors()), here)])


def of_announcements(request: HttpRequest) -> Card:
    title = gettext("Announcements")
    return Card(title, "", nodes=[_trail([], Place(title, canonical(request.path)))])


def of_announcement(request: HttpRequest, item: Announcement, texts: Texts, shown: dict[str, Any]) -> Card:
    """`shown` is the text as the page shows it: language, title, summary, html."""
    image = _image(shown["html"])
    text = _text(request, texts, shown, image)
    text = replace(text, published=item.published_at, updated=item.updated_at)
    above = [Place(gettext("Announcements"), absolute(reverse("helpcenter:announcements")))]
    about = linked_data.article(text, publisher(), is_news=item.kind in NEWS)
    return Card(text.title, shown["summary"], "article", image, [_trail(above, Place(text.title, text.url)), about])


def of_article(request: HttpRequest, item: Article, texts: Texts, shown: dict[str, Any], crumbs: Iterable[Any]) -> Card:
    """`shown` is the text as the page shows it: language, title, summary, html, contents, updated."""
    image = _image(shown["html"])
    text = replace(_text(request, texts, shown, image), updated=shown["updated"])
    trail = _trail(_topics(crumbs), Place(text.title, text.url))
    return Card(text.title, shown["summary"], "article", image, [trail, *_said(item, text, shown)])


def publisher() -> Publisher:
    return Publisher(settings.SITE_NAME, absolute("/"), absolute(static(SHARED_PICTURE)))


def _said(item: Article, text: Text, shown: dict[str, Any]) -> list[Node]:
    """The text by its kind: steps, questions with answers, and an article where there is neither."""
    if item.kind == ArticleKind.GUIDE:
        steps = excerpts.steps(shown["html"], shown["contents"], text.url, settings.SITE_URL)
        if steps:
            return [linked_data.guide(text, steps)]
    if item.kind == ArticleKind.FAQ:
        answered = excerpts.answers(text.title, shown["html"], shown["contents"], text.url)
        if answered:
            return [linked_data.questions(text, answered)]
    return [linked_data.article(text, publisher())]


def _text(request: HttpRequest, texts: Texts, shown: dict[str, Any], image: Image | None) -> Text:
    address = image.url if image else ""
    return Text(shown["title"], canonical(request.path, texts), shown["language"].tag, image=address)


def _image(html: str) -> Image | None:
    """The first picture of a text."""
    picture = excerpts.first_picture(html)
    if picture is None:
        return None
    return Image(absolute(picture.path), picture.width, picture.height, picture.description)


def _trail(above: Iterable[Place], here: Place) -> Node:
    """The bread crumbs of a page, with the page itself as the last of them."""
    return linked_data.breadcrumbs([_home(get_language() or settings.LANGUAGE_CODE, settings.SITE_URL), *above, here])


@lru_cache(maxsize=100)
def _home(language: str, site: str) -> Place:
    """Where the bread crumbs begin, in the active language; `language` tells the answers apart."""
    return Place(gettext("Help centre"), f"{site}{reverse('helpcenter:home')}")


def _topics(topics: Iterable[Any]) -> list[Place]:
    """Categories of the way to the page; each has a path and a name."""
    return [Place(topic.name, absolute(topic.path)) for topic in topics]


def _tag() -> str:
    return languages.tag(get_language() or settings.LANGUAGE_CODE)
