"""Secrets that are out already: taken from what is stored, wherever it is stored, in one go."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext, override

from helpcenter.models import ContentTask
from tickets import search
from tickets.actions.change import changing
from tickets.enums import EventKind
from tickets.errors import InvalidInput
from tickets.models import (
    Attachment,
    Decline,
    EventNote,
    Incident,
    Macro,
    Message,
    PendingRequest,
    Rating,
    Reminder,
    ReplyDraft,
    SideConversation,
    SideMessage,
    Tag,
    TicketTriage,
    Upload,
)
from tickets.triage import LEARNED

TEXTS = {"subject", "body", "quoted", "comment", "note", "name", "reference"}  # columns that hold what people wrote


@transaction.atomic
def redact_message(message: Message, words: Iterable[str], *, by: Any) -> int:
    """Take words out of a message and out of everything that repeats them on its ticket: other messages, drafts, names
    of files, questions to departments, the rating, reminders, reasons that colleagues gave, the subject, the details,
    what was reported to the content team, the sample of an incident; a tag that holds them goes. Returns how many
    places changed; leaves one event.

    Raises PermissionDenied, InvalidInput when no words are named.
    """
    wanted = sorted({word.strip() for word in words if len(word.strip()) >= 4}, key=len, reverse=True)
    if not wanted:
        raise InvalidInput(gettext("Name what is to be taken out, at least four characters of it."), "words")
    with changing(message.ticket, by=by) as change:
        ticket = change.ticket
        with override(ticket.language):
            note = gettext("[removed by support]")
        places = 0
        for row in _rows(ticket):
            places += _take_out(row, wanted, note)
        subject = _without(ticket.subject, wanted, note)
        details = {key: _without(value, wanted, note) for key, value in ticket.details.items()}
        places += (subject != ticket.subject) + (details != ticket.details)
        ticket.subject, ticket.details = subject[:200], details
        _take_out_of_triage(ticket, wanted, note)
        _take_off_tags(ticket, wanted)
        ticket.hold_reason = _without(ticket.hold_reason, wanted, note)[:200]
        change.record(EventKind.REDACTED, message=message, places=places)
    search.keep([message.ticket_id])
    return places


def _rows(ticket: Any) -> list[Any]:
    return [
        *Message.objects.filter(ticket=ticket),
        *ReplyDraft.objects.filter(ticket=ticket),
        *SideConversation.objects.filter(ticket=ticket),
        *SideMessage.objects.filter(conversation__ticket=ticket),
        *PendingRequest.objects.filter(ticket=ticket),
        *Rating.objects.filter(ticket=ticket),
        *Reminder.objects.filter(ticket=ticket),
        *EventNote.objects.filter(event__ticket=ticket),
        *Decline.objects.filter(ticket=ticket),
        *Attachment.objects.filter(ticket=ticket),
        *Upload.objects.filter(owner__startswith=f"{ticket.pk}."),
        *Incident.objects.filter(members__ticket=ticket),
        *ContentTask.objects.filter(note__startswith=f"{ticket.reference}: "),
    ]


def _take_out(row: Any, words: Iterable[str], note: str) -> int:
    """Take words out of every text of a row; returns how many of its texts changed. A row that its author has let go
    meanwhile, as one does with a draft, is no error."""
    changed: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        text = getattr(row, field.name) if field.name in TEXTS else ""
        if text and (clean := _without(text, words, note)) != text:
            changed[field.name] = clean[: field.max_length]
    answers = getattr(row, "details", {})
    clean_answers = {key: _without(str(value), words, note) for key, value in answers.items()}
    if clean_answers != answers:
        changed["details"] = clean_answers
    if changed:
        type(row).objects.filter(pk=row.pk).update(**changed)
    return len(changed)


def _take_off_tags(ticket: Any, words: Iterable[str]) -> None:
    """The name of a tag is in small letters. One that other tickets have, or a macro gives, goes from this one only."""
    small = [word.lower() for word in words]
    found = [tag.pk for tag in ticket.tags.all() if any(word in tag.name for word in small)]
    ticket.tags.remove(*found)
    in_macros = Macro.add_tags.through.objects.values("tag")
    Tag.objects.filter(pk__in=found, tickets=None).exclude(pk__in=in_macros).delete()


def _take_out_of_triage(ticket: Any, words: Iterable[str], note: str) -> None:
    """A match may hold what stood between its words, and a learned wording is any single word."""
    for row in TicketTriage.objects.filter(ticket=ticket):
        clean = [{**signal, "words": _clean_signal(signal, words, note)} for signal in row.signals]
        if clean != row.signals:
            row.signals = clean
            row.save(update_fields=["signals"])


def _clean_signal(signal: Mapping[str, Any], words: Iterable[str], note: str) -> str:
    said = signal["words"]
    is_part = signal["rule"] == LEARNED and any(said.casefold() in word.casefold() for word in words)
    return note if is_part else _without(said, words, note)


def _without(text: str, words: Iterable[str], note: str) -> str:
    for word in words:
        text = text.replace(word, note)
    return text
