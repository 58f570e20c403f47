"""Telling everybody who got an old text: one answer to many, written, approved and sent as that of an incident."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext

from tickets.access import Access
from tickets.actions import incidents
from tickets.actions.change import require_lead
from tickets.enums import LIVE
from tickets.errors import AlreadyDone
from tickets.models import ArticleChange, Incident, OldAnswer, Ticket

MOST_AT_ONCE = 300  # tickets that are handed over in one request; the next click takes the next ones
LONGEST_TITLE = 120  # characters


def tell_them(change: ArticleChange, *, by: Any) -> tuple[Incident, int]:
    """Hand the tickets whose customers have the old text over to one answer to many; a second time adds those that are
    not part of it yet. Nothing is sent. Returns the incident and how many tickets were added.

    Raises PermissionDenied, AlreadyDone where there is nobody to tell.
    """
    require_lead(by)
    incident = running_incident(change)
    tickets = list(_to_hand_over(change, incident, by)[:MOST_AT_ONCE])
    if not tickets:
        raise AlreadyDone(gettext("All customers with the old text have been told, or are part of the answer to many."))
    if incident is None:
        incident = _open(change, by)
    return incident, incidents.link_tickets(incident, tickets, by=by)


def _open(change: ArticleChange, by: Any) -> Incident:
    """An incident that begins with the change: whom somebody has answered since is told apart before a sending."""
    title = gettext("Correction: %(article)s") % {"article": change.after.title}
    parts = ", ".join(change.part_titles) or gettext("the text before the first heading")
    about = gettext("Customers were sent a text that has changed since. Changed: %(parts)s") % {"parts": parts}
    incident = incidents.open_incident(
        Truncator(title).chars(LONGEST_TITLE), by=by, started_at=change.at, description=about
    )
    Incident.objects.filter(pk=incident.pk).update(joins_late=False)  # who writes from now on is given the new text
    change.handed_at, change.handed_by, change.handed_to = timezone.now(), by, _address(incident)
    change.save(update_fields=["handed_at", "handed_by", "handed_to"])
    return incident


def _address(incident: Incident) -> str:
    return reverse("workspace:incident", args=[incident.slug])


def running_incident(change: ArticleChange) -> Incident | None:
    """The answer to many that a change was handed over to, unless it has been closed."""
    running = Incident.objects.running().filter(slug=change.handed_to.rstrip("/").rpartition("/")[2])
    return running.first() if change.handed_to else None


def _to_hand_over(change: ArticleChange, incident: Incident | None, by: Any) -> Any:
    open_ones = OldAnswer.objects.open().filter(change=change).values("quote__message__ticket")
    tickets = Ticket.objects.visible_to(Access.of_staff(by)).filter(pk__in=open_ones)
    waiting = tickets.filter(status__in=[status.value for status in LIVE]).order_by("pk")
    return waiting.exclude(incidents__incident=incident) if incident is not None else waiting


def told_by_many(ticket: Ticket, incident_id: int, *, at: datetime) -> int:
    """The answer to many has reached a ticket: those that it was written for need no other. Returns how many."""
    incident = Incident.objects.filter(pk=incident_id).first()
    if incident is None:
        return 0
    old = OldAnswer.objects.open().of(ticket).filter(change__handed_to=_address(incident))
    return old.update(told_at=at)
