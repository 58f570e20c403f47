"""What becomes of an event that others are to hear of: a sending for each endpoint, until it is taken or given up."""

import json
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from tickets import sealing
from tickets.models import TicketEvent
from tickets.webhooks import signing
from tickets.webhooks.models import TOLD, Endpoint, Sending, State

LEASE = timedelta(seconds=60)
# After the first attempt: seven more within about a day and a half.
BACKOFF = tuple(timedelta(seconds=s) for s in (10, 60, 300, 1800, 2 * 3600, 8 * 3600, 24 * 3600))
BATCH = 50
PATIENCE = 5.0  # seconds of a round for one endpoint; it is told to answer within as many
KEPT = timedelta(days=30)
TASK = "tickets.webhooks.tasks.send_webhooks"


def save_endpoint(endpoint: Endpoint, *, by: Any) -> str:
    """Store an endpoint; the secret of a new one, which is shown once, empty for one that has its own.

    Raises PermissionDenied, ValidationError for an address that is not sent to, or an event that is not told.
    """
    _require(by, "change" if endpoint.pk else "add")
    endpoint.clean()
    unknown = set(endpoint.events) - set(TOLD)
    if unknown:
        message = gettext("Nobody is told of %(events)s.") % {"events": ", ".join(sorted(unknown))}
        raise ValidationError({"events": message})
    secret = "" if endpoint.sealed_secret else _new_secret(endpoint)
    endpoint.created_by = endpoint.created_by or by
    endpoint.save()
    return secret


def renew_secret(endpoint: Endpoint, *, by: Any) -> str:
    """Another secret, from the next sending on; shown once. Raises PermissionDenied."""
    _require(by, "change")
    secret = _new_secret(endpoint)
    endpoint.save(update_fields=["sealed_secret"])
    return secret


def _new_secret(endpoint: Endpoint) -> str:
    endpoint.secret = f"whsec_{secrets.token_urlsafe(32)}"
    return endpoint.secret


def _require(by: Any, verb: str) -> None:
    if not by.has_perm(f"tickets_webhooks.{verb}_endpoint"):
        raise PermissionDenied(gettext("You need the right to change webhooks for this."))


def hear(event_id: int) -> None:
    """Owe an event to every endpoint that wants it (consumer of the outbox; a second time changes nothing)."""
    event = TicketEvent.objects.filter(pk=event_id).first()
    if event is None:
        return
    wanted = [endpoint for endpoint in Endpoint.objects.active() if endpoint.wants(event.kind)]
    rows = [Sending(endpoint=endpoint, event=event) for endpoint in wanted]
    Sending.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        transaction.on_commit(lambda: import_string(TASK).enqueue())


def send_due(now: Callable[[], datetime] = timezone.now) -> int:
    """Send what is due, oldest first; returns how many were taken. An endpoint that failed, or that took its time, is
    left alone for the rest of this round, so that one server keeps no other waiting, however much it is owed."""
    sent, left_alone = 0, set[int]()
    spent: defaultdict[int, float] = defaultdict(float)  # seconds, by endpoint
    for _turn in range(BATCH):
        begin = now()
        due = Sending.objects.due(begin).exclude(endpoint__in=left_alone).select_related("endpoint", "event__ticket")
        row = due.order_by("next_at", "pk").first()
        if row is None:
            break
        if not _claim(row, begin):
            continue
        is_taken = _send(row, now)
        sent += is_taken
        spent[row.endpoint_id] += (now() - begin).total_seconds()
        if not is_taken or spent[row.endpoint_id] > PATIENCE:
            left_alone.add(row.endpoint_id)
    return sent


def _claim(row: Sending, at: datetime) -> bool:
    lease = at + LEASE
    claimed = Sending.objects.due(at).filter(pk=row.pk).update(lease_until=lease, attempts=F("attempts") + 1)
    row.attempts, row.lease_until = row.attempts + 1, lease
    return claimed == 1


def _send(row: Sending, now: Callable[[], datetime]) -> bool:
    from tickets.webhooks import sending  # ten megabytes that a process which serves pages never needs

    row.status, row.error = None, ""
    try:
        row.status = sending.post(row.endpoint.url, *_signed(row, now()))
        is_taken = 200 <= row.status < 300
    except (sending.NotSent, sealing.Broken) as error:
        row.error, is_taken = str(error) or type(error).__name__, False
    _keep(row, is_taken, now())
    return is_taken


def _signed(row: Sending, at: datetime) -> tuple[bytes, dict[str, str]]:
    body = json.dumps(payload(row.event), separators=(",", ":")).encode()
    signature = signing.header(body, row.endpoint.secret, int(at.timestamp()))
    return body, {"X-Signature": signature, "X-Event-Id": event_key(row.event)}


def event_key(event: TicketEvent) -> str:
    """The same in every attempt and for every endpoint, so that a receiver knows what it has had; says nothing of how
    many there are."""
    return "evt_" + salted_hmac("webhook.event", str(event.pk), algorithm="sha256").hexdigest()[:24]


def payload(event: TicketEvent) -> dict[str, Any]:
    """Ids and kinds, never what people wrote. Status and version are those after the change that the event was part of,
    so that a receiver can put events in order and the one with the highest version is right."""
    public_id = event.ticket.public_id
    last = TicketEvent.objects.filter(ticket=event.ticket_id, version=event.version).order_by("-pk").first()
    return {
        "id": event_key(event),
        "kind": f"ticket.{event.kind}",
        "at": event.at.isoformat().replace("+00:00", "Z"),
        "ticket": {
            "public_id": public_id,
            "url": f"{settings.SITE_URL}/desk/tickets/{public_id}/",
            "status": (last or event).to_status,
            "version": event.version,
        },
    }


def _keep(row: Sending, is_taken: bool, at: datetime) -> None:
    """Write down how it went, as long as our lease stands."""
    is_over = row.attempts > len(BACKOFF)
    state = State.SENT if is_taken else State.DEAD if is_over else State.WAITING
    later = at if is_taken or is_over else at + BACKOFF[row.attempts - 1]
    Sending.objects.filter(pk=row.pk, lease_until=row.lease_until).update(
        state=state,
        next_at=later,
        lease_until=None,
        status=row.status,
        error=row.error.replace("\0", "")[:300],
        sent_at=at if is_taken else None,
    )


def send_again(rows: Iterable[Sending], *, by: Any) -> int:
    """Try what was given up, or what was taken already, once more from the beginning; returns how many.

    Raises PermissionDenied.
    """
    if not by.has_perm("tickets_webhooks.change_sending"):
        raise PermissionDenied(gettext("You need the right to change webhooks for this."))
    numbers = [row.pk for row in rows]
    ended = Sending.objects.filter(pk__in=numbers).exclude(state=State.WAITING)
    return ended.update(state=State.WAITING, attempts=0, next_at=timezone.now(), lease_until=None, error="")


def forget_sent(at: datetime | None = None) -> int:
    """Forget what was taken a month ago; what was given up stays until somebody has looked."""
    before = (at or timezone.now()) - KEPT
    return Sending.objects.filter(state=State.SENT, sent_at__lt=before).delete()[0]
