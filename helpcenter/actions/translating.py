"""Handing texts to translators: when a source is ready for them, and whose work a translation is."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from helpcenter.actions import access, events
from helpcenter.enums import EventKind
from helpcenter.errors import NotAllowedNow
from helpcenter.models import Article, TranslationState


@transaction.atomic
def make_ready(article: Article, *, by: Any) -> TranslationState:
    """Hand the public text of the source over to translators. Raises PermissionDenied, NotAllowedNow."""
    article = _locked(article)
    access.require_publishing(by, article, article.source_language)
    state = TranslationState.objects.of(article).filter(language=article.source_language).published().first()
    if state is None:
        raise NotAllowedNow(gettext("Publish the source first; translators work from what readers see."))
    if state.ready_id != state.published_id:
        state.ready, state.ready_at = state.published, timezone.now()
        state.save(update_fields=["ready", "ready_at"])
        TranslationState.objects.of(article).update(compared=None)  # what translators are held against is another text
        events.record(
            EventKind.READY, by=by, article=article, language=article.source_language, revision=state.published
        )  # fmt: skip
    return state


@transaction.atomic
def assign(article: Article, language: str, *, by: Any, to: Any) -> TranslationState:
    """Make a translation somebody's work, or nobody's (`to` None). Whoever writes in the language may take it for
    themselves; giving it to somebody else is for those who review or lead. Raises PermissionDenied, NotAllowedNow."""
    article = _locked(article)
    access.require_writing(by, article, language)
    if to is not None and by is not None and to.pk != by.pk:
        access.require_reviewing(by, article, language)
    if to is not None and not access.may_write(to, article, language):
        raise NotAllowedNow(gettext("%(person)s does not write in this language.") % {"person": to})
    state, _ = TranslationState.objects.get_or_create(article=article, language=language)
    state.assignee = to
    state.save(update_fields=["assignee"])
    events.record(EventKind.ASSIGNED, by=by, article=article, language=language)
    return state


def _locked(article: Article) -> Article:
    return Article.objects.select_for_update(of=("self",)).reading([]).get(pk=article.pk)
