"""Who may join an incident whose answer has gone out without a person: what leads have looked at. After a change of
what decides who joins, new requests wait for a person until leads have looked again: one, or two where more than a
hundred have the answer."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext

from tickets import bulk_plan
from tickets.actions.change import require_lead
from tickets.enums import SendState
from tickets.errors import TransitionNotAllowed
from tickets.models import BulkApproval, BulkRecipient, BulkSend, Incident, JoiningApproval


def joins_since(incident: Incident) -> datetime | None:
    """From when on requests join by themselves: when the dry run was made of what was sent first of the present
    version, and not before the incident was described as it is now. None where nothing has gone out."""
    first = _sent(incident).order_by("pk").values_list("planned_at", flat=True).first()
    return max(first, incident.described_at or first) if first else None


def looked_at(incident: Incident) -> datetime | None:
    """When leads last looked at who belongs to the incident, and let an answer or new requests go."""
    sent = _sent(incident).aggregate(at=Max("planned_at"))["at"]
    joining = _looks(incident).aggregate(at=Max("at"))["at"]
    return max(filter(None, (sent, joining)), default=None)


def room_for_late(incident: Incident) -> int | None:
    """How many more may join by themselves as far as the description goes; None: as many as come."""
    if incident.described_at is None:
        return None
    people = len(approvers(incident))
    if people > 1:
        return None
    return max(0, bulk_plan.ALONE - _people_with_answer(incident)) if people else 0


def is_held(incident: Incident) -> bool:
    """Whether new requests wait because the incident was described anew, and too few have looked at that."""
    is_on = incident.is_running and incident.joins_late and incident.described_at is not None
    return is_on and joins_since(incident) is not None and room_for_late(incident) == 0


def approvers(incident: Incident) -> set[int]:
    """The people who have looked at what decides who joins as it is now: at it alone, or at a dry run that went out."""
    sends = BulkApproval.objects.filter(send__in=_sent(incident))
    if incident.described_at is not None:
        sends = sends.filter(send__planned_at__gte=incident.described_at)
    pairs = (_looks(incident).values_list("person", flat=True), sends.values_list("person", flat=True))
    return {person for people in pairs for person in people}


def approvers_needed(incident: Incident) -> int:
    """How many have to look before one more may join."""
    return bulk_plan.approvals_needed(_people_with_answer(incident) + 1)


def approve_joining(incident: Incident, *, by: Any, seen: str | None = None) -> bool:
    """Somebody has looked at the incident as it is described now, and lets requests join it again; returns whether they
    do, or somebody else has to look as well. `seen` is `described_at` as the page showed it (ISO 8601).

    Raises PermissionDenied, TransitionNotAllowed where it was described anew meanwhile, or is closed.
    """
    require_lead(by)
    with transaction.atomic():
        locked = Incident.objects.select_for_update(of=("self",), no_key=True).get(pk=incident.pk)
        if not locked.is_running:
            raise TransitionNotAllowed(gettext("This incident has been closed. Open a new one."))
        if locked.described_at is None or (seen is not None and seen != locked.described_at.isoformat()):
            raise TransitionNotAllowed(
                gettext("The incident was described anew meanwhile. Read it again, then decide.")
            )
        if not _looks(locked).filter(person=by).exists():
            JoiningApproval.objects.create(incident=locked, person=by, at=timezone.now())
        return room_for_late(locked) != 0


def _looks(incident: Incident) -> Any:
    found = JoiningApproval.objects.filter(incident=incident)
    return found if incident.described_at is None else found.filter(at__gte=incident.described_at)


def _sent(incident: Incident) -> Any:
    return BulkSend.objects.filter(incident=incident, version=incident.version, state=SendState.DONE)


def _people_with_answer(incident: Incident) -> int:
    return BulkRecipient.objects.of_present(incident).taken().count()
