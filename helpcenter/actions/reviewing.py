"""A text's way from draft to approval: who asks whom, what they answer, and what they say to one another.

Every decision is on a fixed revision: it names the number that the person saw, and is refused when a newer text came in
or somebody else decided first.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from helpcenter.actions import access, checking, editing_locks, events, parity
from helpcenter.enums import STANDING_DISPLAY, EventKind, Standing, Verdict
from helpcenter.errors import InvalidText, NotAllowedNow, StaleDraft
from helpcenter.models import Article, ReviewNote, Revision, TranslationState
from supportdesk import guard

LONGEST_NOTE = 2000  # characters


@transaction.atomic
def submit(revision: Revision, *, by: Any, reviewer: Any = None, note: str = "") -> TranslationState:
    """Send the newest text of a language for review, to a person or to all who may review it; the sender lets go of it.

    Raises PermissionDenied, NotAllowedNow, StaleDraft, and NotPublishable for what could never be published as it is:
    readers would get lost in it, or it differs from its source and nobody has accepted that.
    """
    state = _locked(revision)
    access.require_writing(by, state.article, state.language)
    _refuse_reviewer(reviewer, state)
    checking.refuse_faults(state.article, revision)
    parity.refuse_differences(revision)
    _move(state, Standing.IN_REVIEW)
    state.submitted_by, state.submitted_at, state.reviewer = by, timezone.now(), reviewer
    state.save()
    _write_note(revision, Verdict.SUBMITTED, note, by)
    if by is not None:
        editing_locks.release(state.article, state.language, by=by)
    events.record(EventKind.SUBMITTED, by=by, article=state.article, language=state.language, revision=revision)
    return state


@transaction.atomic
def withdraw(revision: Revision, *, by: Any) -> TranslationState:
    """Take a text back from review. Raises PermissionDenied, NotAllowedNow, StaleDraft."""
    state = _locked(revision)
    access.require_writing(by, state.article, state.language)
    _refuse_unless_in_review(state)
    _move(state, Standing.DRAFT)
    state.save()
    events.record(EventKind.WITHDRAWN, by=by, article=state.article, language=state.language, revision=revision)
    return state


@transaction.atomic
def approve(revision: Revision, *, by: Any, note: str = "") -> TranslationState:
    """Release a text for publishing. Raises PermissionDenied (also for one's own text), NotAllowedNow, StaleDraft, and
    NotPublishable where a check has failed meanwhile."""
    state = _locked(revision)
    access.require_reviewing(by, state.article, state.language)
    if not access.may_approve(by, state):
        raise PermissionDenied(gettext("Somebody else has to approve what you wrote or sent yourself."))
    if not access.leads(by, state.language) or not state.may_become(Standing.APPROVED):
        _refuse_unless_in_review(state)
    checking.refuse_faults(state.article, revision)
    parity.refuse_differences(revision)
    _move(state, Standing.APPROVED)
    state.approved, state.approved_by, state.publish_at = revision, by, None
    state.save()
    _write_note(revision, Verdict.APPROVED, note, by)
    events.record(EventKind.APPROVED, by=by, article=state.article, language=state.language, revision=revision)
    return state


def ask_changes(revision: Revision, *, by: Any, note: str) -> TranslationState:
    """Give a text back to its author with what is to be changed. Raises PermissionDenied, NotAllowedNow, StaleDraft,
    InvalidText without a note."""
    return _send_back(revision, Standing.CHANGES_ASKED, by, note)


def reject(revision: Revision, *, by: Any, note: str) -> TranslationState:
    """Refuse a text, with the reason. Raises as `ask_changes`."""
    return _send_back(revision, Standing.REJECTED, by, note)


_SENT_BACK = {
    Standing.CHANGES_ASKED: (Verdict.CHANGES_ASKED, EventKind.CHANGES_ASKED),
    Standing.REJECTED: (Verdict.REJECTED, EventKind.REJECTED),
}


@transaction.atomic
def _send_back(revision: Revision, standing: Standing, by: Any, note: str) -> TranslationState:
    state = _locked(revision)
    access.require_reviewing(by, state.article, state.language)
    _refuse_unless_in_review(state)
    if len(note.strip()) < 2:
        raise InvalidText(gettext("Say what has to change, or why it is rejected, in a few words."))
    verdict, kind = _SENT_BACK[standing]
    _move(state, standing)
    state.save()
    _write_note(revision, verdict, note, by)
    events.record(kind, by=by, article=state.article, language=state.language, revision=revision)
    return state


@transaction.atomic
def comment(revision: Revision, text: str, *, by: Any, part: str = "", answers: ReviewNote | None = None) -> ReviewNote:
    """Say something about a text or one of its parts, or answer somebody who did. Raises PermissionDenied, InvalidText.

    Writers and reviewers of the language may; secrets are taken out.
    """
    _require_taking_part(by, revision.article, revision.language)
    if not text.strip():
        raise InvalidText(gettext("The comment is empty."))
    if answers is not None and (answers.article_id, answers.language) != (revision.article_id, revision.language):
        raise InvalidText(gettext("The comment that you answer belongs to another text."))
    note = ReviewNote.objects.create(
        article=revision.article,
        language=revision.language,
        revision=revision,
        part=part if part in {p.key for p in revision.parts} else "",
        text=_cleaned(text),
        answers=(answers.answers or answers) if answers else None,
        by=by,
        at=timezone.now(),
    )
    events.record(
        EventKind.COMMENTED, by=by, article=revision.article, language=revision.language, revision=revision
    )  # fmt: skip
    return note


@transaction.atomic
def settle(note: ReviewNote, *, by: Any, is_settled: bool = True) -> ReviewNote:
    """Mark a comment as settled, or open it again. Raises PermissionDenied."""
    _require_taking_part(by, note.article, note.language)
    note.settled_by, note.settled_at = (by, timezone.now()) if is_settled else (None, None)
    note.save(update_fields=["settled_by", "settled_at"])
    return note


def _require_taking_part(by: Any, article: Article, language: str) -> None:
    if not access.may_write(by, article, language):
        access.require_reviewing(by, article, language)


def _refuse_reviewer(reviewer: Any, state: TranslationState) -> None:
    if reviewer is not None and not access.may_review(reviewer, state.article, state.language):
        message = gettext("%(person)s does not review texts in this language. Choose somebody else, or nobody.")
        raise NotAllowedNow(message % {"person": reviewer})


def _refuse_unless_in_review(state: TranslationState) -> None:
    if state.standing != Standing.IN_REVIEW:
        raise NotAllowedNow(_standing_now(state))


def _standing_now(state: TranslationState) -> str:
    message = gettext("This text is not waiting for a review any more. It stands at “%(standing)s” now.")
    return message % {"standing": STANDING_DISPLAY[Standing(state.standing)].label}


def _move(state: TranslationState, standing: Standing) -> None:
    """Raises NotAllowedNow where the table of moves has no such step."""
    if not state.may_become(standing):
        message = gettext("From “%(now)s” a text does not go to “%(wanted)s”.")
        labels = {"now": STANDING_DISPLAY[Standing(state.standing)].label, "wanted": standing.label}
        raise NotAllowedNow(message % labels)
    state.standing = standing


def _locked(revision: Revision) -> TranslationState:
    """Where the text stands, with its article locked. Raises StaleDraft where a newer text came in."""
    article = Article.objects.select_for_update(of=("self",)).reading([]).get(pk=revision.article_id)
    state = TranslationState.objects.select_related("latest").get(article=article, language=revision.language)
    state.article = article
    if state.latest_id != revision.pk:
        raise StaleDraft(gettext("A newer text was saved meanwhile. Look at that one, then decide."))
    return state


def _write_note(revision: Revision, verdict: Verdict, text: str, by: Any) -> None:
    own = {"article_id": revision.article_id, "language": revision.language, "revision": revision}
    ReviewNote.objects.create(verdict=verdict, text=_cleaned(text), by=by, at=timezone.now(), **own)


def _cleaned(text: str) -> str:
    if len(text) > LONGEST_NOTE:
        message = gettext("The comment has %(length)d characters; at most %(limit)d fit.")
        raise InvalidText(message % {"length": len(text), "limit": LONGEST_NOTE})
    return guard.clean(text.strip(), door="review").text
