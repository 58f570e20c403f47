"""What the market says: sources with their secrets, and signals that are genuine, fresh and taken once."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from tickets import sealing
from tickets.errors import AlreadyDone, InvalidInput
from tickets.models import MarketSignal, SignalSource

TOLERANCE = timedelta(minutes=5)
LONGEST = 24 * 3600  # seconds that a signal may hold


@dataclass(frozen=True)
class Said:
    """The content of a signal; it holds for `ttl` seconds."""

    kind: str
    level: int
    symbol: str
    at: datetime
    ttl: int


def save_source(source: SignalSource, *, by: Any) -> str:
    """Store a source; the secret of a new one, which is shown once, empty for one that has its own. Raises
    PermissionDenied."""
    _require(by, "change" if source.pk else "add")
    secret = "" if source.sealed_secret else _new_secret(source)
    source.save()
    return secret


def renew_secret(source: SignalSource, *, by: Any) -> str:
    """Another secret, from now on; shown once. Raises PermissionDenied."""
    _require(by, "change")
    secret = _new_secret(source)
    source.save(update_fields=["sealed_secret"])
    return secret


def _new_secret(source: SignalSource) -> str:
    source.secret = f"sigsec_{secrets.token_urlsafe(32)}"
    return source.secret


def _require(by: Any, verb: str) -> None:
    if not by.has_perm(f"tickets.{verb}_signalsource"):
        raise PermissionDenied(gettext("You need the right to change sources of signals for this."))


def secret_of(name: str) -> tuple[SignalSource, str] | None:
    """An active source with its secret; None where there is none, or its secret cannot be opened any more."""
    source = SignalSource.objects.filter(name=name, is_active=True).first()
    try:
        return (source, source.secret) if source else None
    except sealing.Broken:
        return None


def is_genuine(signature: str, body: bytes, secret: str, now: datetime) -> bool:
    """Whether `t=<Unix time>,v1=<hex>` is HMAC-SHA256 of `<t>.<body>` with the secret, not older or newer than five
    minutes."""
    parts = dict(part.partition("=")[::2] for part in signature.split(","))
    written, given = parts.get("t", ""), parts.get("v1", "")
    if not (written.isascii() and written.isdigit() and len(written) < 12) or not given.isascii():
        return False
    if abs(now.timestamp() - int(written)) > TOLERANCE.total_seconds():
        return False
    wanted = hmac.new(secret.encode(), written.encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted, given)


def take_signal(source: SignalSource, said: Said, *, key: str, now: datetime | None = None) -> MarketSignal:
    """Keep a signal; the same content gives the one that is there, under whatever key: the key is not signed, so that
    somebody who has recorded a signal could send it again under another. Raises InvalidInput for one that
    is not of now, AlreadyDone for a key that came with something else."""
    _refuse_untimely(said.at, now or timezone.now())
    digest = hashlib.sha256(repr(said).encode()).hexdigest()
    known = MarketSignal.objects.filter(source=source, digest=digest, at=said.at).first()
    if known is not None:
        return known
    until = said.at + timedelta(seconds=said.ttl)
    values = {"kind": said.kind, "level": said.level, "symbol": said.symbol, "at": said.at, "until": until}
    try:
        with transaction.atomic():
            return MarketSignal.objects.create(source=source, key=key, digest=digest, **values)
    except IntegrityError:
        found = MarketSignal.objects.get(source=source, key=key)
    if found.digest != digest:
        raise AlreadyDone(gettext("This key came with another signal before. Give every signal a key of its own."))
    return found


def _refuse_untimely(at: datetime, now: datetime) -> None:
    if at.tzinfo is None:
        message = gettext("“at” must be a time with its zone, such as 2026-11-20T14:05:00Z.")
        raise InvalidInput(message, "at")
    if abs(at - now) > TOLERANCE:
        raise InvalidInput(gettext("“at” lies more than five minutes from now. Check the clock of the sender."), "at")
