"""Which event of content tells whom: one table of kinds, one of who hears of it."""

from collections.abc import Callable, Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from helpcenter.actions import access, announcing
from helpcenter.actions.reviewers import reviewers
from helpcenter.enums import EventKind, TeamRole
from helpcenter.models import (
    Announcement,
    Article,
    ContentEvent,
    ReviewNote,
    TeamMember,
    TranslationState,
    WorkingDraft,
)
from supportdesk.accounts import notices
from supportdesk.accounts.kinds import Kind
from supportdesk.accounts.models import Notice, User
from supportdesk.ui import languages

KINDS = {
    "submitted": Kind(_("“%(subject)s” waits for your review."), "shield"),
    "changes_asked": Kind(_("The reviewer of “%(subject)s” asks for changes."), "pen"),
    "rejected": Kind(_("“%(subject)s” was rejected."), "warning"),
    "approved": Kind(_("“%(subject)s” was approved."), "check"),
    "commented": Kind(_("There is a new comment on “%(subject)s”."), "words"),
    "ready": Kind(_("“%(subject)s” is ready to be translated."), "globe"),
    "assigned": Kind(_("The translation of “%(subject)s” is yours now."), "globe"),
    "taken_over": Kind(_("Somebody else goes on editing “%(subject)s”. Your text is kept."), "pen"),
    "published_on_time": Kind(_("“%(subject)s” was published as planned."), "check"),
    "schedule_failed": Kind(_("“%(subject)s” could not be published as planned."), "warning", mails=True),
    "check_soon": Kind(_("Check soon whether “%(subject)s” is still true."), "clock", mails=True),
    "check_overdue": Kind(_("“%(subject)s” should have been checked by now."), "clock", mails=True),
    "task": Kind(_("A task is yours: %(subject)s"), "pen"),
}


def tell(event_id: int) -> None:
    """Tell everybody whom an event concerns but the person behind it (consumer of the outbox; telling twice changes
    nothing)."""
    event = ContentEvent.objects.select_related("revision", "by").get(pk=event_id)
    if event.announcement_id is not None:
        _tell_of_alert(event, event.announcement_id)
    if event.article_id is None:
        return
    state = TranslationState.objects.select_related("reviewer", "submitted_by", "assignee", "latest")
    found = state.filter(article=event.article_id, language=event.language).first()
    if found is None:
        return
    found.article = Article.objects.reading([]).get(pk=event.article_id)
    for person in _once(WHOM[EventKind(event.kind)](event, found), but=event.by_id):
        own = {"subject": _subject(event, found), "link": _link(event), "event": f"content:{event.pk}"}
        notices.notify(person, event.kind, **own)


def _reviewers(event: ContentEvent, state: TranslationState) -> Iterable[User | None]:
    if state.reviewer is not None:
        return [state.reviewer]
    author = event.revision.created_by_id if event.revision else None
    others = [person for person in reviewers(state.article, state.language).people if person.pk != author]
    return access.on_duty(others)


def _writers(event: ContentEvent, state: TranslationState) -> Iterable[User | None]:
    return [event.revision.created_by if event.revision else None, state.submitted_by]


def _thread(event: ContentEvent, state: TranslationState) -> Iterable[User | None]:
    notes = ReviewNote.objects.on(state.article, state.language).filter(revision=event.revision_id, at__lte=event.at)
    return [*User.objects.filter(pk__in=notes.values("by")), *_writers(event, state)]


def _translators(event: ContentEvent, state: TranslationState) -> Iterable[User | None]:
    teams = TeamMember.objects.filter(role=TeamRole.TRANSLATOR).exclude(language=state.language)
    return User.objects.filter(pk__in=teams.values("person"))


def _assignee(event: ContentEvent, state: TranslationState) -> Iterable[User | None]:
    return [state.assignee]


def _former_editors(event: ContentEvent, state: TranslationState) -> Iterable[User | None]:
    """Those who have typed something that they have not saved: the lock itself is somebody else's by now."""
    begun = WorkingDraft.objects.filter(article=event.article_id, language=event.language)
    return User.objects.filter(pk__in=begun.values("person"))


Whom = Callable[[ContentEvent, TranslationState], Iterable["User | None"]]
WHOM: dict[EventKind, Whom] = {
    EventKind.SUBMITTED: _reviewers,
    EventKind.CHANGES_ASKED: _writers,
    EventKind.REJECTED: _writers,
    EventKind.APPROVED: _writers,
    EventKind.COMMENTED: _thread,
    EventKind.READY: _translators,
    EventKind.ASSIGNED: _assignee,
    EventKind.TAKEN_OVER: _former_editors,
}


def _tell_of_alert(event: ContentEvent, pk: int) -> None:
    """An alert waits for a second person: those who may approve it hear of it, its writer hears what came of it. Who
    has not read the last notice of an alert needs no other."""
    alert = announcing.with_pending(Announcement.objects.rewrite(False).select_related("written_by").get(pk=pk))
    link = reverse("admin:helpcenter_announcement_change", args=[pk])
    own = {"subject": alert.text("title", alert.source_language) or alert.slug, "link": link}
    for person in _once(_concerned(event, alert), but=event.by_id):
        if not Notice.objects.unread().filter(person=person, kind=event.kind, link=link).exists():
            notices.notify(person, event.kind, **own, event=f"content:{event.pk}")


def _concerned(event: ContentEvent, alert: Announcement) -> Iterable[User | None]:
    if event.kind in (EventKind.APPROVED, EventKind.REJECTED):
        return [alert.written_by]
    if event.kind != EventKind.SUBMITTED or not alert.is_waiting:
        return []
    others = [person for person in access.people_with("approve_announcement") if person.pk != alert.written_by_id]
    return access.on_duty(others)


def _once(people: Iterable[User | None], *, but: int | None) -> list[User]:
    """Each active person once, without the person who did it."""
    found = {person.pk: person for person in people if person is not None and person.is_active and person.is_staff}
    return [person for pk, person in found.items() if pk != but]


def _subject(event: ContentEvent, state: TranslationState) -> str:
    revision = event.revision or state.latest
    name = revision.title if revision else state.article.slug
    is_source = event.language == state.article.source_language
    return name if is_source else f"{name} ({languages.language(event.language).name})"


def _link(event: ContentEvent) -> str:
    """The review screen where the turn is a reviewer's, else the form of the text."""
    own: Any = [event.article_id, event.language]
    if event.kind in (EventKind.SUBMITTED, EventKind.COMMENTED):
        return reverse("admin:helpcenter_article_review", args=own)
    form = reverse("admin:helpcenter_article_change", args=own[:1])
    return form if event.kind == EventKind.READY else f"{form}?language={event.language}"
