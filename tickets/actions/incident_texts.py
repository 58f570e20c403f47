"""The answer of an incident, a text in each language: written by one person, approved by another, and put on the public
page in the languages that have a heading."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext, override

from helpcenter.actions import announcing
from helpcenter.enums import AnnouncementKind
from helpcenter.errors import ContentError
from helpcenter.models import Announcement
from supportdesk.ui import languages
from tickets.actions import guarding, pinning
from tickets.actions.change import require_lead
from tickets.bulk_plan import ENGLISH
from tickets.enums import AnswerState, IncidentState, RecipientState, SendState
from tickets.errors import InvalidInput, TransitionNotAllowed
from tickets.models import BulkRecipient, BulkSend, Incident, IncidentAnswer

LONGEST_TITLE = 200


def refuse_unknown(language: str) -> None:
    """Raises InvalidInput for a language that the site does not have."""
    if not languages.is_known(language):
        raise InvalidInput(gettext("Choose one of the languages of this site."), "language")


@transaction.atomic
def write_answer(
    incident: Incident, language: str, body: str, *, by: Any, title: str = "", is_machine: bool = False
) -> IncidentAnswer:
    """Write the answer in one language, for a second person to approve. The same words change nothing.

    Raises PermissionDenied, InvalidInput, SecretFound, TransitionNotAllowed once it has gone out in this language.
    """
    require_lead(by)
    refuse_unknown(language)
    text = guarding.outgoing(body)
    heading = _heading(title) if title.strip() else ""
    answer = _writable(incident, language)
    new = {"body": text, "title": heading, "is_machine": is_machine, "is_fallback": False}
    if answer.pk and all(getattr(answer, name) == value for name, value in new.items()):
        return answer
    return _write(answer, by, **new)


def _heading(title: str) -> str:
    """A heading as readers may see it. Raises SecretFound, InvalidInput."""
    guarding.outgoing(title, field="title")
    return guarding.line(title, door="incident", longest=LONGEST_TITLE, field="title")[0]


@transaction.atomic
def fall_back(incident: Incident, language: str, *, by: Any) -> IncidentAnswer:
    """Customers of a language get the English text under a note in their own; a second person approves that too.
    Raises PermissionDenied, InvalidInput, TransitionNotAllowed."""
    require_lead(by)
    refuse_unknown(language)
    if language == ENGLISH:
        raise InvalidInput(gettext("English cannot stand in for itself. Write the English text."), "language")
    return _write(_writable(incident, language), by, body="", title="", is_machine=False, is_fallback=True)


def _write(answer: IncidentAnswer, by: Any, **values: Any) -> IncidentAnswer:
    for name, value in values.items():
        setattr(answer, name, value)
    answer.state, answer.written_by, answer.written_at = AnswerState.DRAFT, by, timezone.now()
    for name in ("approved_by", "approved_at"):
        setattr(answer, name, None)
    answer.save()
    return answer


def _writable(incident: Incident, language: str) -> IncidentAnswer:
    """The text of the present version, new or as it is. Raises TransitionNotAllowed."""
    locked = _locked(incident)
    if BulkSend.objects.filter(incident=locked, state=SendState.SENDING).exists():
        raise TransitionNotAllowed(gettext("The answer is on its way. Wait until it has gone out, or take it back."))
    gone = BulkRecipient.objects.filter(incident=locked, version=locked.version, state=RecipientState.SENT)
    if (gone.filter(language=language) | gone.filter(for_language=language)).exists():
        message = gettext("The answer has gone out in this language. Begin an update, then write it anew.")
        raise TransitionNotAllowed(message)
    found = IncidentAnswer.objects.filter(incident=locked, version=locked.version, language=language).first()
    return found or IncidentAnswer(incident=locked, version=locked.version, language=language)


def _locked(incident: Incident) -> Incident:
    locked = Incident.objects.select_for_update(of=("self",), no_key=True).get(pk=incident.pk)
    if locked.state == IncidentState.CLOSED:
        raise TransitionNotAllowed(gettext("This incident has been closed. Open a new one."))
    return locked


@transaction.atomic
def approve_answer(answer: IncidentAnswer, *, by: Any, seen: str | None = None) -> IncidentAnswer:
    """Let a text go out that somebody else wrote. `seen` is what the person has read: `as_read` of the answer.

    Raises PermissionDenied, TransitionNotAllowed where it was changed meanwhile or waits no more.
    """
    require_lead(by)
    _locked(answer.incident)
    found = IncidentAnswer.objects.select_for_update(of=("self",)).get(pk=answer.pk)
    if found.is_approved:
        return found
    if found.written_by_id == by.pk:
        raise PermissionDenied(gettext("Somebody else has to approve the text that you wrote yourself."))
    if seen is not None and seen.replace("\r\n", "\n") != found.as_read:
        raise TransitionNotAllowed(gettext("The text was changed meanwhile. Read it again, then decide."))
    found.state, found.approved_by, found.approved_at = AnswerState.APPROVED, by, timezone.now()
    found.save()
    return found


@transaction.atomic
def begin_update(incident: Incident, *, by: Any) -> Incident:
    """Begin the next version of the answer: everybody in the incident may get it once more. The texts of the last
    version are its drafts. Raises PermissionDenied, TransitionNotAllowed."""
    require_lead(by)
    locked = _locked(incident)
    if not BulkRecipient.objects.filter(incident=locked, version=locked.version, state=RecipientState.SENT).exists():
        raise TransitionNotAllowed(gettext("This version has not gone out yet. Change its texts instead."))
    if BulkSend.objects.filter(incident=locked, state=SendState.SENDING).exists():
        raise TransitionNotAllowed(gettext("The answer is on its way. Wait until it has gone out, or take it back."))
    BulkSend.objects.filter(incident=locked, state=SendState.PLANNED).delete()
    drafts = list(IncidentAnswer.objects.filter(incident=locked, version=locked.version))
    locked.version += 1
    locked.save(update_fields=["version"])
    for answer in drafts:
        answer.pk, answer.version = None, locked.version
        _write(answer, answer.written_by or by)  # whoever begins has not read them: the author still cannot approve
    return locked


def approved_texts(incident: Incident, version: int | None = None) -> dict[str, IncidentAnswer]:
    """The approved texts of a version, the present one unless told, by language."""
    wanted = incident.version if version is None else version
    rows = IncidentAnswer.objects.filter(incident=incident, version=wanted, state=AnswerState.APPROVED)
    return {answer.language: answer for answer in rows}


def as_sent(answer: IncidentAnswer, for_language: str = "") -> str:
    """The text as a customer gets it: under a note in their language where it is not in it, and marked where a machine
    has translated it."""
    if for_language:
        with override(for_language):
            note = gettext("We do not have this answer in your language yet. Here it is in English:")
        return f"{note}\n\n{answer.body}"
    if answer.is_machine:
        with override(answer.language):
            mark = gettext("A machine has translated this message, and a person has checked it.")
        return f"{answer.body}\n\n{mark}"
    return answer.body


# The public page


@transaction.atomic
def publish_page(incident: Incident, *, by: Any, is_band: bool = False) -> Announcement:
    """Put the approved texts that have a heading on the public page; `is_band` also on top of every page.

    Raises PermissionDenied, TransitionNotAllowed without such a text, InvalidInput for what the help centre refuses.
    """
    require_lead(by)
    locked = _locked(incident)
    texts = {
        language: announcing.AnnouncementText(answer.title, "", answer.body)
        for language, answer in approved_texts(locked).items()
        if answer.title and not answer.is_fallback
    }
    if not texts:
        message = gettext("No approved text has a heading yet. Write a heading, and let somebody else approve it.")
        raise TransitionNotAllowed(message)
    source = ENGLISH if ENGLISH in texts else next(iter(texts))
    page = locked.announcement or _new_page(locked, texts[source].title)
    page.is_band, page.source_language = is_band, source
    try:
        announcing.save_announcement(page, texts, by=None)
    except ContentError as error:
        raise InvalidInput(str(error)) from error
    locked.announcement = page
    locked.save(update_fields=["announcement"])
    incident.announcement = page
    pinning.follow_page(locked, by=by)
    return page


def _new_page(incident: Incident, heading: str) -> Announcement:
    """Its address is made of the public heading: the incident's own is of words for colleagues."""
    slug = slugify(heading)[:60].strip("-") or f"incident-{incident.started_at:%Y-%m-%d}"
    if Announcement.objects.filter(slug=slug).exists():
        slug = f"{slug}-{incident.pk}"
    return Announcement(
        slug=slug, kind=AnnouncementKind.INCIDENT, published_at=timezone.now(), starts_at=incident.started_at
    )


def end_page(incident: Incident) -> None:
    """The public page says that it is over, and the band goes."""
    page = incident.announcement
    if page is None or page.ends_at is not None:
        return
    page.is_band, page.ends_at = False, max(timezone.now(), page.starts_at or timezone.now())
    announcing.save_announcement(page, {}, by=None)
    pinning.take_down_page(incident)
