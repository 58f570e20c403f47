"""What an agent has begun to write, and who is looking at a ticket just now."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from supportdesk.accounts.models import User
from supportdesk.ui.made import made
from supportdesk.ui.prepared import Prepared
from tickets.access import Access
from tickets.actions import guarding, uploading
from tickets.actions.change import require_staff
from tickets.attachments import Examined
from tickets.models import Agent, Looking, Mention, ReplyDraft, Ticket, Upload

FADES = timedelta(seconds=30)
WRITE_AFTER = timedelta(seconds=12)  # a look that is younger need not be written again


def keep_draft(
    ticket: Ticket, body: str, *, by: Any, is_note: bool = False, is_shared: bool = False
) -> ReplyDraft | None:
    """Keep what an agent has written so far, of a reply or of a note; an empty text lets that draft go. Raises
    PermissionDenied, Ticket.DoesNotExist, InvalidInput."""
    _require_sight(ticket, by)
    if not body.strip():
        ReplyDraft.objects.filter(ticket=ticket, author=by, is_note=is_note).delete()
        return None
    text = guarding.incoming(body, door="draft")[0]
    values = {"body": text, "is_shared": is_shared, "updated_at": timezone.now()}
    return ReplyDraft.objects.update_or_create(ticket=ticket, author=by, is_note=is_note, defaults=values)[0]


def keep_file(ticket: Ticket, file: Examined, *, by: Any, is_note: bool) -> Upload:
    """Keep a file beside what an agent has begun to write. Raises PermissionDenied, Ticket.DoesNotExist, TooMany."""
    _require_sight(ticket, by)
    return uploading.keep_upload(file, owner=uploading.draft_owner(ticket.pk, by.pk, is_note=is_note))


def drop_file(ticket: Ticket, public_id: str, *, by: Any) -> None:
    """Forget a file that waits for what an agent has begun to write; a colleague's stays with the colleague. Raises
    PermissionDenied, Ticket.DoesNotExist."""
    _require_sight(ticket, by)
    own = [uploading.draft_owner(ticket.pk, by.pk, is_note=is_note) for is_note in (False, True)]
    uploading.remove_uploads(uploading.waiting_of(own, [public_id]))


def owners_for(ticket: Ticket, *, by: Any, is_note: bool) -> list[str]:
    """Whose waiting files somebody may send with a reply, or with a note: their own, first, and those of the drafts
    that colleagues share."""
    shared = ReplyDraft.objects.filter(ticket=ticket, is_shared=True, is_note=is_note).exclude(author=by)
    authors = [by.pk, *shared.values_list("author", flat=True)]
    return [uploading.draft_owner(ticket.pk, author, is_note=is_note) for author in authors]


def _require_sight(ticket: Ticket, by: Any) -> None:
    require_staff(by)
    Ticket.objects.visible_to(Access.of_staff(by)).only("pk").get(pk=ticket.pk)


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
    row = next(iter(_agents(person=person.pk)), None)
    agent = made(Agent, row) if row else Agent.objects.get_or_create(person=person)[0]
    agent.person = person
    return agent


@Prepared
def _agents(*, person: int) -> Any:
    return Agent.objects.filter(person=person).values(*[field.attname for field in Agent._meta.concrete_fields])
