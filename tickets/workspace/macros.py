"""Prepared replies in the customer's language, their variables filled in; and articles as links to be sent."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from helpcenter import factbook, freshness, localization
from helpcenter.content.fact_filling import NOTHING
from helpcenter.models import Article
from helpcenter.search import asking
from helpcenter.search.backend import SearchUnavailable
from supportdesk.ui.languages import column, content_languages
from tickets.models import Agent, Macro, Ticket
from tickets.workspace.display import badge

MOST_ARTICLES = 8
_VARIABLE = re.compile(r"\{\{\s*(?P<name>[a-z_]+)(?::(?P<value>[^{}\s]+))?\s*\}\}")


@dataclass(frozen=True)
class Rendered:
    """A macro's text for a ticket. `language` is the one that it was written in, `unknown` the variables that nobody
    knows, left as they stand."""

    text: str
    language: str
    asked: str
    unknown: tuple[str, ...] = ()

    @property
    def is_fallback(self) -> bool:
        return self.language != self.asked


def chain(language: str) -> list[str]:
    """Which languages to try for a customer, in order."""
    order = localization.chain(language, freshness.current().fallbacks)
    return [code for code in dict.fromkeys([*order, *content_languages()]) if code in content_languages()]


def render(macro: Macro, ticket: Ticket, agent: Agent) -> Rendered:
    """The macro in the customer's language, or the first that it is written in."""
    texts = {code: getattr(macro, column("body", code)) or "" for code in content_languages()}
    language = localization.first_with(chain(ticket.language), lambda code: bool(texts.get(code))) or "en"
    unknown: list[str] = []

    def value(match: re.Match[str]) -> str:
        found = _value(match["name"], match["value"] or "", ticket, agent)
        if found is None:
            unknown.append(match.group())
        return match.group() if found is None else found

    text = _VARIABLE.sub(value, texts.get(language, ""))
    return Rendered(text, language, ticket.language, tuple(unknown))


def _value(name: str, argument: str, ticket: Ticket, agent: Agent) -> str | None:
    if name == "customer":
        return str(ticket.requester.name)
    if name == "reference":
        return ticket.reference
    if name == "agent":
        return agent.shown_name
    if name == "article":
        slug, _, anchor = argument.partition("#")
        address = _address_of(slug, ticket.language)
        return f"{address}#{anchor}" if address and anchor else address
    if name == "fact":
        said = factbook.in_words(f"{{fact:{argument}}}", ticket.language, region=ticket.region)
        return said if said and said != NOTHING and "{fact:" not in said else None
    return None


def _address_of(slug: str, language: str) -> str | None:
    article = Article.objects.public().published().filter(slug=slug).reading([]).first()
    return f"{settings.SITE_URL}{article.path(language)}" if article is not None else None


# Articles


@dataclass(frozen=True)
class Offer:
    """An article for a customer. `only` names the language where theirs is not published."""

    pk: int
    title: str
    address: str
    language: str
    only: str = ""

    @property
    def badge(self) -> str:
        return badge(self.language)


def offers(pks: Iterable[int], language: str) -> list[Offer]:
    """Public articles as they are offered to customers of a language, in the order given."""
    wanted = list(pks)
    rows = {row.pk: row for row in Article.objects.public().published().filter(pk__in=wanted).reading([])}
    return [_offer(rows[pk], language) for pk in wanted if pk in rows]


def _offer(article: Article, language: str) -> Offer:
    shown = localization.first_with(chain(language), article.is_published_in) or "en"
    title = article.card(shown).title if article.is_published_in(shown) else article.slug
    only = "" if shown == language else badge(shown)
    return Offer(article.pk, title, f"{settings.SITE_URL}{article.path(language)}", shown, only)


def found(text: str, language: str) -> list[Offer]:
    """Articles for words, in the customer's language first; nothing when the search is not at hand."""
    words = " ".join(text.split())[:200]
    if not words:
        return []
    try:
        answer = asking.ask(words, language if language in content_languages() else "en")
    except SearchUnavailable:
        return []
    return offers([result.article for result in answer.results[:MOST_ARTICLES]], language)
