"""What an agent has begun to write, and who is looking at a ticket just now."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from supportdesk.accounts.models import User
from supportdesk.ui.prepared import Prepared
from tickets.access import Access
from tickets.actions import wording
from tickets.actions.change import require_staff
from tickets.models import Agent, Looking, Mention, ReplyDraft, Ticket

FADES = timedelta(seconds=30)
WRITE_AFTER = timedelta(seconds=12)  # a look that is younger need not be written again


def keep_draft(
    ticket: Ticket, body: str, *, by: Any, is_note: bool = False, is_shared: bool = False
) -> ReplyDraft | None:
    """Keep what an agent has written so far; an empty text lets the draft go. Raises PermissionDenied,
    Ticket.DoesNotExist."""
    require_staff(by)
    Ticket.objects.visible_to(Access.of_staff(by)).only("pk").get(pk=ticket.pk)
    if not body.strip():
        ReplyDraft.objects.filter(ticket=ticket, author=by).delete()
        return None
    text = wording.incoming(body, door="draft")[0]
    values = {"body": text, "is_note": is_note, "is_shared": is_shared, "updated_at": timezone.now()}
    return ReplyDraft.objects.update_or_create(ticket=ticket, author=by, defaults=values)[0]


def look(ticket: Ticket, *, by: Any, is_writing: bool) -> None:
    """Say that somebody has a ticket open; written again only when it changed or is about to fade."""
    now = timezone.now()
    mine = Looking.objects.filter(ticket=ticket, person=by).first()
    if mine and mine.is_writing == is_writing and mine.seen_at > now - WRITE_AFTER:
        return
    Looking.objects.update_or_create(
        ticket=ticket, person=by, defaults={"is_writing": is_writing, "seen_at": now}
    )  # fmt: skip


def onlookers(ticket: Ticket, *, but: Any) -> list[Looking]:
    """Colleagues who have the ticket open now, those who write first."""
    since = timezone.now() - FADES
    rows = [row for row in _looks(ticket=ticket.pk) if row["seen_at"] > since and row["person"] != but.pk]
    rows.sort(key=lambda row: (not row["is_writing"], row["person__name"]))
    return [_look(ticket, row) for row in rows]


@Prepared
def _looks(*, ticket: int) -> Any:
    looks = Looking.objects.filter(ticket=ticket)
    return looks.values("person", "is_writing", "seen_at", "person__name", "person__email")


def _look(ticket: Ticket, row: dict[str, Any]) -> Looking:
    person = User(pk=row["person"], name=row["person__name"], email=row["person__email"])
    return Looking(ticket=ticket, person=person, is_writing=row["is_writing"], seen_at=row["seen_at"])


def see_mentions(ticket: Ticket, *, by: Any) -> int:
    """Somebody has opened what they were called to; returns how many calls were new."""
    return Mention.objects.filter(ticket=ticket, person=by, seen_at__isnull=True).update(seen_at=timezone.now())


def agent_of(person: Any) -> Agent:
    """The desk's row of a person, made when it is first asked for."""
    return Agent.objects.get_or_create(person=person)[0]
