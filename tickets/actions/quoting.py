"""Remembering what answers quote of the help centre, when they go out."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from helpcenter import freshness, localization
from helpcenter.enums import EventKind as ContentKind
from helpcenter.models import Article, ArticleUse, ContentEvent, Revision
from tickets.actions import correcting, old_answers
from tickets.actions.cited_articles import articles_of
from tickets.enums import Delivery, MessageKind
from tickets.models import Message, Quote, TicketEvent
from tickets.quotes import Link, key_at, links_in

TICKET = "ticket"  # how a use of an article names this kind of place


def remember(event_id: int) -> None:
    """Keep what an answer that has gone out quotes (consumer of the outbox; a second time changes nothing)."""
    events = TicketEvent.objects.select_related("message", "ticket").filter(pk=event_id, message__isnull=False)
    event = events.first()
    if event is None or event.message is None or not _is_answer(event.message):
        return
    quotes = remember_quotes(event.message, at=event.at)
    if event.data.get("incident"):
        correcting.told_by_many(event.ticket, event.data["incident"], at=event.at)
    _note_uses(quotes, event.ticket.reference, reverse("workspace:thread", args=[event.ticket.public_id]))


def _is_answer(message: Message) -> bool:
    return message.kind in (MessageKind.REPLY, MessageKind.AUTOMATIC) and message.delivery == Delivery.SENT


def remember_quotes(message: Message, *, at: datetime) -> list[Quote]:
    """Keep the articles that a message to a customer links to, each with the text that was public at that moment
    (UTC). What was quoted of a text that changes at the same time is looked at again."""
    links = links_in(message.body, settings.SITE_URL)
    if not links:
        return []
    found = [Quote(message=message, at=at, **values) for values in _quoted(links, at)]
    Quote.objects.bulk_create(found, ignore_conflicts=True)
    kept = list(Quote.objects.filter(message=message).select_related("revision"))
    # In a transaction of its own: a change of the text at this moment looks for quotes itself.
    old_answers.look_at_quotes(kept)
    return kept


def _quoted(links: Iterable[Link], at: datetime) -> Iterator[dict]:
    articles = articles_of(links)
    texts = _public_at(articles.values(), at)
    seen = set()
    for link in links:
        article = articles.get(link.slug)
        text = _shown(article, link.language, texts[article.pk]) if article else None
        if article is None or text is None:
            continue
        key = key_at(text.parts, link.anchor)
        if (text.pk, key) not in seen:
            seen.add((text.pk, key))
            yield {"article_id": article.pk, "language": text.language, "step_key": key, "revision": text}


def _public_at(articles: Iterable[Article], at: datetime) -> dict[int, dict[str, Revision]]:
    """The texts that readers found at a moment, by article and language."""
    kinds = (ContentKind.PUBLISHED, ContentKind.UNPUBLISHED)
    texts: dict[int, dict[str, int | None]] = {article.pk: {} for article in articles}
    events = ContentEvent.objects.filter(article__in=list(texts), kind__in=kinds, at__lte=at).order_by("at", "pk")
    for article, language, revision, kind in events.values_list("article", "language", "revision", "kind"):
        texts[article][language] = revision if kind == ContentKind.PUBLISHED else None
    wanted = {pk for languages in texts.values() for pk in languages.values() if pk}
    rows = Revision.objects.in_bulk(wanted) if wanted else {}
    return {
        article: {code: rows[pk] for code, pk in languages.items() if pk} for article, languages in texts.items()
    }  # fmt: skip


def _shown(article: Article, language: str, texts: dict[str, Revision]) -> Revision | None:
    """The text that readers of a language got."""
    order = localization.chain(language, freshness.current().fallbacks, article.source_language)
    shown = localization.choose(language, order, texts)
    return texts[shown.language] if shown else None


def _note_uses(quotes: Iterable[Quote], label: str, address: str) -> None:
    """Keep that an answer links to articles, so that their writers see where they are used."""
    places = {(quote.article_id, quote.step_key) for quote in quotes}
    ArticleUse.objects.bulk_create(
        (
            ArticleUse(source_kind=TICKET, source_url=address, label=label, article_id=article, step_key=key)
            for article, key in sorted(places)
        ),
        ignore_conflicts=True,
    )
