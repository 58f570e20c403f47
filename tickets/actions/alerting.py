"""What a state of the desk brings and takes back: notices to leads, the band on the pages for readers, pinned texts,
acknowledgements of new requests. Called inside the transaction that changes the state."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import caches
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from helpcenter.actions import announcing
from helpcenter.actions.announcing import AnnouncementText
from helpcenter.enums import AnnouncementKind
from helpcenter.models import Announcement
from supportdesk.accounts import notices
from supportdesk.ui.languages import BETWEEN_WORDS, column, content_languages, is_known, name_in_words
from tickets.actions import pinning, surge_rules
from tickets.actions.change import changing
from tickets.arrivals import TOTAL
from tickets.enums import Delivery, EventKind, MessageKind, Role
from tickets.models import Message, SurgeSetup, SurgeState, SurgeText, Ticket, TicketEvent, Topic
from tickets.surge import State

MOST_NAMED = 4  # topics, and languages, in a notice
TOLD = {State.WATCH: "surge_watch", State.SURGE: "surge_begun", State.RECOVERY: "surge_over"}


def follow(row: SurgeState, *, came_from: State) -> None:
    """Bring what the state of the row asks for, and take back what that of `came_from` had brought."""
    to = State(row.state)
    if to == came_from:
        return
    if to == State.SURGE:
        row.band = _show_band(row)
    elif came_from == State.SURGE or row.band is not None:
        _end_band(row)
    if to not in pinning.WHILE:
        pinning.take_down_all()
    if State.NORMAL in (to, came_from):  # also what was undone after the end of the last one
        surge_rules.begin_anew()
    if to in TOLD:
        _tell_leads(TOLD[to], row)


def is_surge() -> bool:
    return SurgeState.objects.filter(pk=1, state=State.SURGE).exists()


def poll_after() -> int:
    """After how many seconds a page should ask for news again; 0: as it does anyway. As old as half a minute."""
    return caches["pages"].get_or_set("poll_after", lambda: setup().poll_after if is_surge() else 0, 30) or 0


# The band


def setup() -> SurgeSetup:
    return SurgeSetup.objects.first() or SurgeSetup()


def text_for(streams: list[str]) -> SurgeText | None:
    """The text of the first topic that alarms and has one of its own, else the general one."""
    keys = [stream.partition(":")[2] for stream in streams if stream.startswith("topic:")]
    texts = SurgeText.objects.rewrite(False).select_related("topic").filter(Q(topic__key__in=keys) | Q(topic=None))
    own = {text.topic.key if text.topic else "": text for text in texts}
    return next((own[key] for key in (*keys, "") if key in own), None)


def band_texts(text: SurgeText) -> dict[str, AnnouncementText]:
    """What the band says, by language; languages without a title or a text are left out."""
    found = {}
    for code in content_languages():
        title, body = getattr(text, column("title", code)), getattr(text, column("body", code))
        if title and body:
            found[code] = AnnouncementText(title=title, summary="", body=body)
    return found


def missing_languages(text: SurgeText) -> list[str]:
    """The languages whose readers get the notice in English."""
    written = band_texts(text)
    return [code for code in content_languages() if code not in written]


def _show_band(row: SurgeState) -> Announcement | None:
    text = text_for(row.streams)
    if row.band is not None or text is None or not setup().shows_band or not band_texts(text):
        return row.band
    now = timezone.now()
    announcement = Announcement(
        slug=f"busy-{now:%Y-%m-%d-%H%M%S}",
        kind=AnnouncementKind.INCIDENT,
        is_band=True,
        published_at=now,
        starts_at=now,
    )
    return announcing.save_announcement(announcement, band_texts(text), by=None)


def _end_band(row: SurgeState) -> None:
    """The band is over; the announcement stays in the list, as what was said."""
    if row.band is None:
        return
    row.band.ends_at = timezone.now()
    announcing.save_announcement(row.band, {}, by=None)
    row.band = None


# Leads


def leads() -> list[Any]:
    people = get_user_model()._default_manager.filter(is_active=True, is_staff=True)
    return [person for person in people if person.has_perm("tickets.lead_ticket")]


def _tell_leads(kind: str, row: SurgeState) -> None:
    event = f"{kind}:{row.since:%Y-%m-%dT%H:%M}"
    for person in leads():
        code = person.language if is_known(person.language) else settings.LANGUAGE_CODE
        with override(code):
            subject = in_words(row.streams, code)
        notices.notify(person, kind, subject=subject, link=reverse("workspace:surge"), event=event)


def in_words(streams: Sequence[str], code: str) -> str:
    """Streams as a list in the active language `code`: all requests, then topics, then languages, a few of each."""
    keys = {
        kind: [key for one, _colon, key in (stream.partition(":") for stream in streams) if one == kind]
        for kind in ("topic", "language")
    }
    names = {topic.key: str(topic) for topic in Topic.objects.filter(key__in=keys["topic"])}
    topics = _few([names.get(key, key) for key in keys["topic"]], code)
    languages = _few([name_in_words(key) if is_known(key) else key for key in keys["language"]], code)
    parts = [
        gettext("All requests") if TOTAL in streams else "",
        gettext("Topics: %(names)s") % {"names": topics} if topics else "",
        gettext("Languages: %(names)s") % {"names": languages} if languages else "",
    ]
    return " · ".join(part for part in parts if part)


def _few(names: Sequence[str], code: str) -> str:
    shown = [*names[:MOST_NAMED], *(["…"] if len(names) > MOST_NAMED else [])]
    return BETWEEN_WORDS.get(code, ", ").join(shown)


# New requests


def acknowledge(event_id: int) -> None:
    """Tell who asks during a surge that answers take longer (consumer of the outbox), once for each ticket. It stops no
    clock, and counts as no reply."""
    event = TicketEvent.objects.select_related("ticket").filter(pk=event_id, role=Role.CUSTOMER).first()
    row = SurgeState.objects.filter(pk=1, state=State.SURGE).first()
    if event is None or row is None or not setup().acknowledges or _was_acknowledged(event.ticket):
        return
    text = text_for(row.streams)
    words = _acknowledgement(text, event.ticket.language) if text else ""
    if words:
        _write_acknowledgement(event.ticket, words)


def _acknowledgement(text: SurgeText, language: str) -> str:
    own = getattr(text, column("acknowledgement", language), "") if language in content_languages() else ""
    return own or getattr(text, column("acknowledgement", "en")) or ""


def _was_acknowledged(ticket: Ticket) -> bool:
    return ticket.messages.filter(kind=MessageKind.AUTOMATIC, source_key=_source_key(ticket)).exists()


def _source_key(ticket: Ticket) -> str:
    return f"surge:{ticket.pk}"


def _write_acknowledgement(ticket: Ticket, words: str) -> None:
    with changing(ticket, by=None, role=Role.SYSTEM) as change:
        if not change.ticket.is_unsolved or _was_acknowledged(change.ticket):
            return
        message = Message.objects.create(
            ticket=change.ticket,
            kind=MessageKind.AUTOMATIC,
            body=words,
            language=change.ticket.language,
            channel=change.ticket.channel,
            created_at=change.at,
            visible_at=change.at,
            delivery=Delivery.SENT,
            source_key=_source_key(ticket),
        )
        change.ticket.message_count += 1
        change.record(EventKind.ACKNOWLEDGED, message=message)
