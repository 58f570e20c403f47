"""Which parts of a translation's newest text say something else than their source, kept for lists.

What a person saves is compared at once; what came otherwise (imports, a source that has moved on) by a periodic job, a
few dozen texts at a time, since comparing takes some 40 ms of a processor for each.
"""

import logging
from typing import Any

from django.db.models import F, Q

from helpcenter.actions import parity
from helpcenter.models import Article, TranslationState

logger = logging.getLogger(__name__)

AT_ONCE = 200  # texts in one run of the job


def note(article: Article, language: str) -> list[str]:
    """Compare the newest text of a language with its source, and keep the keys of the parts that differ and that nobody
    has accepted; returns them. A part that is known to be older than the source is none of them."""
    states = TranslationState.objects.of(article).filter(language=language, latest__isnull=False)
    state = states.select_related("latest__based_on").first()
    if state is None:
        return []
    assert state.latest is not None  # noqa: S101 - the filter says so
    state.latest.article = article
    return _note(state)


def _note(state: TranslationState) -> list[str]:
    assert state.latest is not None  # noqa: S101 - callers have looked
    found: Any = dict.fromkeys(one.part for one in parity.unaccepted(state.latest))
    # A newer text is compared in a run of its own; a source that changed meanwhile makes the pair wait again.
    own = TranslationState.objects.filter(pk=state.pk, latest=state.latest_id, compared=state.compared)
    own.update(differing=list(found), compared=state.latest_id)
    return list(found)


def compare_waiting(limit: int = AT_ONCE) -> int:
    """Compare the texts that nothing is known of (for the periodic job); returns how many there were."""
    unknown = Q(compared=None) | ~Q(compared=F("latest"))
    waiting = TranslationState.objects.filter(unknown, latest__isnull=False, article__archived_at__isnull=True)
    translated = waiting.exclude(language=F("article__source_language")).order_by("pk")
    pairs = translated.values_list("article", "language")[:limit]
    articles = Article.objects.reading([]).in_bulk({article for article, _language in pairs})
    for article, language in pairs:
        try:
            note(articles[article], language)
        except Exception:  # whatever is wrong with this text, the others are compared
            logger.exception("Article %d could not be compared in %s", article, language)
    return len(pairs)
