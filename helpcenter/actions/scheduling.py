"""Publishing and unpublishing at a moment: the moment is owed by the outbox, and checked again when it comes."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from helpcenter.actions import access, events, publishing
from helpcenter.enums import EventKind, Significance
from helpcenter.errors import ContentError, InvalidTime, NotAllowedNow
from helpcenter.models import Article, ContentEvent, Revision, TranslationState
from supportdesk.accounts import notices


@transaction.atomic
def schedule_publishing(revision: Revision, *, by: Any, at: datetime) -> TranslationState:
    """Have an approved revision published at a moment (UTC). A moment that was set before is replaced.

    Raises PermissionDenied, InvalidTime for a moment that has passed, NotAllowedNow for a text that is not approved.
    """
    state = _locked(revision.article, revision.language)
    access.require_publishing(by, state.article, state.language)
    _refuse_past(at)
    if state.approved_id != revision.pk:
        raise NotAllowedNow(gettext("Nobody has approved this text yet. Send it for review first."))
    _refuse_order(at, state.unpublish_at)
    state.publish_at, state.scheduled_by = at, by
    state.save(update_fields=["publish_at", "scheduled_by"])
    _owe(state, at, by, revision)
    return state


@transaction.atomic
def schedule_unpublishing(article: Article, language: str, *, by: Any, at: datetime) -> TranslationState:
    """Have the public text of a language taken back at a moment (UTC). Raises PermissionDenied, InvalidTime,
    NotAllowedNow where nothing is public then."""
    state = _locked(article, language)
    access.require_publishing(by, state.article, language)
    _refuse_past(at)
    if not state.is_published and state.publish_at is None:
        raise NotAllowedNow(gettext("There is no public text in this language."))
    if not state.is_published:
        _refuse_order(state.publish_at, at)
    state.unpublish_at, state.scheduled_by = at, by
    state.save(update_fields=["unpublish_at", "scheduled_by"])
    _owe(state, at, by, state.published or state.approved)
    return state


@transaction.atomic
def unschedule(article: Article, language: str, *, by: Any) -> TranslationState:
    """Forget the moments that lie ahead of a text. Raises PermissionDenied."""
    state = _locked(article, language)
    access.require_publishing(by, state.article, language)
    state.publish_at = state.unpublish_at = None
    state.save(update_fields=["publish_at", "unpublish_at"])
    events.record(EventKind.UNSCHEDULED, by=by, article=state.article, language=language)
    return state


def moment_reached(event_id: int) -> None:
    """A moment has come: do what is still planned for it (consumer of the outbox; doing it twice changes nothing).

    Raises NotPublishable where a check refuses the text now; the delivery is tried again, and shows the reason.
    """
    event = ContentEvent.objects.get(pk=event_id)
    if event.article is None:
        return
    try:
        _do_what_is_planned(event, event.article)
    except ContentError:
        _tell_planner(event, event.article)
        raise


@transaction.atomic
def _do_what_is_planned(event: ContentEvent, article: Article) -> None:
    state = _locked(article, event.language)
    if state.publish_at is not None and state.publish_at <= event.at and state.approved is not None:
        # A major change of a source waits until somebody hands it to the translators, as on the form.
        is_ready = state.approved.significance != Significance.MAJOR
        publishing.publish(state.approved, by=None, at=max(event.at, state.publish_at), is_ready=is_ready)
        _tell_writers(event, state)
        state = _locked(article, event.language)
    # Both in one go where the first was late: its own event will find nothing left to do.
    if state.unpublish_at is not None and state.unpublish_at <= event.at and state.is_published:
        publishing.unpublish(state.article, state.language, by=None)


def _tell_writers(event: ContentEvent, state: TranslationState) -> None:
    """The text of a plan is public: its author and who sent it for review hear of it."""
    author = state.approved.created_by if state.approved else None
    for person in {author, state.submitted_by} - {None}:
        notices.notify(person, "published_on_time", **_notice(event, state))


@transaction.atomic
def _tell_planner(event: ContentEvent, article: Article) -> None:
    """A plan came to nothing: whoever made it hears of it once, however often it is tried again."""
    state = _locked(article, event.language)
    if state.scheduled_by is not None:
        notices.notify(state.scheduled_by, "schedule_failed", **_notice(event, state))


def _notice(event: ContentEvent, state: TranslationState) -> dict[str, str]:
    form = reverse("admin:helpcenter_article_change", args=[state.article_id])
    subject = state.approved.title if state.approved else state.article.slug
    return {"subject": subject, "link": f"{form}?language={state.language}", "event": f"content:{event.pk}"}


def _owe(state: TranslationState, at: datetime, by: Any, revision: Revision | None) -> None:
    own: dict[str, Any] = {"article": state.article, "language": state.language, "revision": revision}
    events.record(EventKind.SCHEDULED, by=by, **own)
    events.record(EventKind.DUE, by=by, at=at, **own)


def _refuse_past(at: datetime) -> None:
    if at <= timezone.now():
        message = gettext("%(moment)s UTC has passed. Choose a later moment, or publish now.")
        raise InvalidTime(message % {"moment": f"{at:%Y-%m-%d %H:%M}"})


def _refuse_order(begin: datetime | None, end: datetime | None) -> None:
    if begin is not None and end is not None and end <= begin:
        raise InvalidTime(
            gettext("The text would be taken back before it is published. Change one of the two moments.")
        )


def _locked(article: Article, language: str) -> TranslationState:
    article = Article.objects.select_for_update(of=("self",)).reading([]).get(pk=article.pk)
    states = TranslationState.objects.select_related("approved", "published")
    state = states.filter(article=article, language=language).first()
    if state is None:
        raise NotAllowedNow(gettext("There is no text in this language."))
    state.article = article
    return state
