"""What somebody who writes a text can point to: articles, their sections and steps, facts."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import get_language, gettext

from helpcenter import factbook, localization, outline, units
from helpcenter.facts import DatedFact
from helpcenter.models import Article, TranslationState
from supportdesk.ui import languages

MOST_FOUND = 20
MOST_WORDS = 6  # of a question; more would make it no clearer


def articles(question: str, language: str) -> list[dict[str, Any]]:
    """Articles whose slug or title, in any language, holds every word of a question; nothing asked: the first ones.

    Two queries. The title is that of the edited language, or the next best one, with its language.
    """
    found = list(_matching(question.split()[:MOST_WORDS])[:MOST_FOUND])
    titles = _titles([article.pk for article in found])
    return [_row(article, titles.get(article.pk, {}), language) for article in found]


def parts(slug: str, language: str) -> list[dict[str, str]]:
    """The sections and steps of an article that a link can lead to, as the edited language names them. One query."""
    states = TranslationState.objects.filter(article__slug=slug, latest__isnull=False)
    wanted = states.filter(Q(language__in=localization.chain(language, {})) | Q(language=F("article__source_language")))
    rows = {row[0]: row for row in wanted.values_list("language", "article__source_language", "latest__outline")}
    source = next((row[1] for row in rows.values()), language)
    shown = localization.first_with(localization.chain(language, {}, source), rows.__contains__)
    return [_part(part, slug) for part in outline.load(rows[shown][2] if shown else []) if _is_target(part)]


def facts(question: str, language: str) -> list[dict[str, str]]:
    """Facts whose key or name holds every word of a question, with what readers of a language see today."""
    words = [word.casefold() for word in question.split()]
    now = timezone.now()
    told = (fact for fact in factbook.book().facts.values() if _is_asked_for(fact, words, language))
    found = sorted(told, key=lambda fact: fact.key)[:MOST_FOUND]
    return [_fact(fact, language, now) for fact in found]


def _matching(words: Sequence[str]) -> QuerySet[Article]:
    found = Article.objects.reading([]).filter(archived_at__isnull=True)
    for word in words:
        titled = TranslationState.objects.filter(_spelt("latest__title", word), article=OuterRef("pk"))
        found = found.filter(_spelt("slug", word) | Exists(titled))
    first = words[0] if words else ""
    nearness = Case(When(slug__iexact=first, then=Value(0)), When(slug__istartswith=first, then=Value(1)), default=2)
    return found.order_by(nearness, "slug")


def _spelt(field: str, word: str) -> Q:
    """A word in the cases that it may be written in: SQLite itself folds the case of ASCII alone."""
    asked = Q()
    for spelling in {word, word.lower(), word.upper(), word.capitalize()}:
        asked |= Q(**{f"{field}__icontains": spelling})
    return asked


def _titles(keys: Iterable[int]) -> dict[int, dict[str, str]]:
    """The newest titles of articles, by language."""
    states = TranslationState.objects.filter(article__in=list(keys), latest__isnull=False)
    titles: dict[int, dict[str, str]] = {}
    for key, code, title in states.values_list("article_id", "language", "latest__title"):
        titles.setdefault(key, {})[code] = title
    return titles


def _row(article: Article, titles: dict[str, str], language: str) -> dict[str, Any]:
    shown = localization.choose(language, localization.chain(language, {}, article.source_language), titles.keys())
    spoken = languages.language(shown.language if shown else language)
    return {
        "value": f"{article.slug}.md",
        "slug": article.slug,
        "title": titles[shown.language] if shown else article.slug,
        "lang": spoken.tag,
        "dir": spoken.direction,
        "note": spoken.name if shown and shown.is_fallback else "",
    }


def _is_target(part: outline.Part) -> bool:
    """Whether a link to the part goes on to hold: its key was given by somebody, and it is no page of its own."""
    return bool(part.anchor) and (part.is_step or (part.is_section and not part.name.isdigit()))


def _part(part: outline.Part, slug: str) -> dict[str, str]:
    kind = gettext("step") if part.is_step else gettext("section")
    return {"value": f"{slug}.md#{part.anchor}", "title": part.title, "note": kind}


def _is_asked_for(fact: DatedFact, words: Sequence[str], language: str) -> bool:
    names = (fact.key, fact.name(language), fact.name("en"), fact.name(get_language() or "en"))
    told = " ".join(names).casefold()
    return all(word in told for word in words)


def _fact(fact: DatedFact, language: str, now: datetime) -> dict[str, str]:
    held = fact.at(now)
    value = fact.unit.draw(held.text, language) if held else "–"
    notes = [_standing(fact, now)]
    if coming := fact.coming(now):
        told = {"date": units.draw_date(coming[0]), "value": fact.unit.draw(coming[1].text, language)}
        notes.append(gettext("%(value)s from %(date)s on") % told)
    return {
        "value": fact.key,
        "title": fact.key,
        "name": fact.name(get_language() or language),
        "today": value,
        "note": " · ".join(notes),
    }


def _standing(fact: DatedFact, now: datetime) -> str:
    """Since when the value holds, or that none does."""
    held, shown = fact.in_force(now), fact.at(now)
    if held:
        return gettext("since %(date)s") % {"date": units.draw_date(held.since)}
    return gettext("no value today, the last one is shown") if shown else gettext("no value yet")
