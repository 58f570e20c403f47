"""What stands beside a conversation: the customer, the details, who has it, its clocks, what may help."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from supportdesk.accounts import reach
from supportdesk.ui.languages import is_known
from tickets import custody
from tickets.access import Access
from tickets.actions import drafting
from tickets.enums import PRIORITY_TONES, UNSOLVED, Metric, Priority, RuleKind
from tickets.models import (
    Clock,
    Incident,
    Reminder,
    SideConversation,
    Ticket,
    TicketLink,
    TicketTriage,
    TopicField,
    TriageRule,
)
from tickets.triage import LEARNED
from tickets.workspace import macros, old_answers
from tickets.workspace.assignment_reasons import why
from tickets.workspace.display import customer_name, masked, moment_and_zone, span, topic_name
from tickets.workspace.doors import zone_of
from tickets.workspace.rule_words import said

MOST_EARLIER = 12
MOST_WORDS = 4  # matches that are shown of a rule


@dataclass(frozen=True)
class ClockLine:
    """A clock beside the conversation: its subject, its state in words, and its colour."""

    label: str
    words: str
    tone: str


@dataclass(frozen=True)
class Detail:
    label: str
    value: str


@dataclass(frozen=True)
class Reason:
    """A rule that raised the priority: its name, what it advises to do first, and the words of the customer that it
    found."""

    name: str
    advice: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Triaged:
    """What triage found: why the priority, that nobody has chosen a topic yet, the words' language where it is
    another than the ticket's."""

    reasons: tuple[Reason, ...]
    needs_person: bool
    spoken: str


def side(ticket: Ticket, *, access: Access, now: datetime) -> dict[str, Any]:
    """All that the pane shows, for the template. Other tickets are named where the person may see them."""
    person = access.user
    others = list(
        Ticket.objects.visible_to(access)
        .filter(requester=ticket.requester_id)
        .exclude(pk=ticket.pk)
        .select_related("topic")
        .order_by("-created_at", "-pk")[:MOST_EARLIER]
    )
    return {
        "customer": customer_name(ticket.requester),
        "address": masked(ticket.requester.email),
        "mail_lost_since": reach.lost_since(ticket.requester.email),
        "local_time": timezone.localtime(now, zone_of(ticket.requester)),
        "topic": topic_name(ticket.topic),
        "priority_tone": PRIORITY_TONES[Priority(ticket.priority)],
        "details": list(_details(ticket)),
        "triaged": _triaged(ticket),
        "tags": list(ticket.tags.all()),
        "why": why(ticket, now),
        "custody": _custody(ticket, now),
        "clocks": [_clock(clock, now) for clock in ticket.clocks.order_by("pk")],
        "earlier": others,
        "duplicates": [t for t in others if t.topic_id == ticket.topic_id and t.status in UNSOLVED],
        "links": _links(ticket, access),
        "incidents": list(Incident.objects.of(ticket)),
        "is_lead": access.leads,
        "questions": list(ticket.side_conversations.select_related("department", "opened_by")),
        "reminders": _reminders(ticket, person),
        "old_answers": old_answers.beside(ticket),
        "articles": macros.found(ticket.subject, ticket.language)[:4],
        "onlookers": drafting.onlookers(ticket, but=person),
    }


def _triaged(ticket: Ticket) -> Triaged | None:
    """Two queries, one where no rule raised or lowered the priority, and one where a rule went by the form."""
    found = TicketTriage.objects.filter(ticket=ticket).first()
    if found is None:
        return None
    rules = TriageRule.objects.filter(key__in=found.deciding) if found.deciding else ()
    spoken = found.language if found.language != ticket.language and is_known(found.language) else ""
    fields = _fields_named(ticket, found)
    told = (Reason(said(rule.name), said(rule.advice), _words(rule.key, found, fields)) for rule in rules)
    return Triaged((*told, *_learned(found)), found.needs_person, spoken)


def _fields_named(ticket: Ticket, found: TicketTriage) -> dict[str, str]:
    """What the answers of the form are called that rules have gone by."""
    keys = {signal["field"] for signal in found.signals if signal["field"] and not signal["words"]}
    named = {"topic": gettext("Topic")}
    if keys - named.keys():
        asked = TopicField.objects.filter(topic=ticket.topic_id, key__in=keys)
        named |= {field.key: field.label or field.key for field in asked}
    return named


def _learned(found: TicketTriage) -> Iterator[Reason]:
    """What no rule has found: the words that spoke for the topic, or of a break-in."""
    words = _words(LEARNED, found, {})
    if words:
        yield Reason(str(RuleKind.LEARNED.label), "", words)


def _words(key: str, found: TicketTriage, fields: Mapping[str, str]) -> tuple[str, ...]:
    own = (signal for signal in found.signals if signal["rule"] == key)
    words = (signal["words"] or fields.get(signal["field"], signal["field"]) for signal in own)
    return tuple(dict.fromkeys(words))[:MOST_WORDS]


# What the page before the form said of itself (portal.forms.CARRIED); no field of a topic names it.
CARRIED = {"article": _("Article"), "path": _("Troubleshooter"), "journey": _("Pages seen before")}


def _details(ticket: Ticket) -> Any:
    """The answers to the form's questions, by their labels; a choice by what it is called."""
    fields = {
        field.key: field for field in TopicField.objects.filter(topic=ticket.topic_id).prefetch_related("choices")
    }
    return (_detail(fields.get(key), key, str(value)) for key, value in ticket.details.items())


def _detail(field: TopicField | None, key: str, value: str) -> Detail:
    if field is None:
        return Detail(str(CARRIED.get(key, key)), value)
    chosen = next((choice.label for choice in field.choices.all() if choice.value == value), "")
    return Detail(field.label or key, chosen or value)


def _custody(ticket: Ticket, now: datetime) -> custody.Custody:
    asked = SideConversation.objects.open().filter(ticket=ticket, answered_at__isnull=True)
    first = asked.select_related("department").order_by("due_at").first()
    return custody.of(ticket, (first.department.shown_name, first.due_at) if first else None, now)


class Near(NamedTuple):
    """A ticket that has to do with another; a link that somebody made can be taken back."""

    ticket: Ticket
    is_linked: bool


def _links(ticket: Ticket, access: Access) -> list[Near]:
    """Linked, followed, split from, merged into."""
    pairs = TicketLink.objects.filter(Q(first=ticket) | Q(second=ticket)).values_list("first_id", "second_id")
    linked: set[int | None] = {number for pair in pairs for number in pair}
    near = linked | {ticket.follows_id, ticket.split_from_id, ticket.merged_into_id}
    found = Ticket.objects.visible_to(access).filter(pk__in=near - {None, ticket.pk}).order_by("pk")
    return [Near(other, other.pk in linked) for other in found]


def _reminders(ticket: Ticket, person: Any) -> list[tuple[Reminder, str]]:
    """What somebody wants to be told of, with its time."""
    found = Reminder.objects.filter(ticket=ticket, person=person, told_at__isnull=True)
    return [(reminder, moment_and_zone(reminder.at)) for reminder in found]


def _clock(clock: Clock, now: datetime) -> ClockLine:
    label = str(Metric(clock.metric).label)
    if clock.void_reason:
        return ClockLine(label, gettext("does not count"), "")
    if clock.satisfied_at is not None:
        if clock.breached_at is not None:
            return ClockLine(label, gettext("missed"), "bad")
        return ClockLine(label, gettext("kept"), "ok")
    if clock.due_at is None:
        return ClockLine(label, gettext("paused"), "")
    if clock.due_at < now:
        return ClockLine(label, gettext("overdue %(time)s") % {"time": span(now - clock.due_at)}, "bad")
    return ClockLine(label, gettext("%(time)s left") % {"time": span(clock.due_at - now)}, "")
