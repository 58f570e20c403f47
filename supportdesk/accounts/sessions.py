"""Sessions as Django keeps them in the database, read and written with less work: SQL that is written once, and a
signature that is checked once for each text."""

from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.core import signing
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import timezone

from supportdesk.ui import written
from supportdesk.ui.prepared import Prepared

_END = "_session_expiry"  # Django's name: a moment as text, or seconds after the last change
_WRITTEN_WITHIN = timedelta(days=1)
_REMEMBERED = 1000  # texts of sessions, of some hundred letters each


def begin(request: HttpRequest) -> None:
    """Say until when whoever has just signed in is in: somebody of the staff for a working day from now, however busy
    they are; others as the settings say."""
    if getattr(request.user, "is_staff", False):
        request.session.set_expiry(timezone.now() + timedelta(hours=settings.STAFF_SESSION_HOURS))


def end_in_time(request: HttpRequest) -> None:
    """Let the day of somebody of the staff begin now where their session has no end of its own: it is from before an
    upgrade, or they joined the staff in it."""
    if getattr(request.user, "is_staff", False) and not isinstance(request.session.get(_END), str):
        begin(request)


def forget_ended() -> int:
    """Forget sessions whose time is over; returns how many. With them goes what allauth keeps beside each, an address
    and a browser, which nobody else takes away; not that of the last day, whose session may be about to be written."""
    from allauth.usersessions.models import UserSession

    now = timezone.now()
    ended, _ = Session.objects.filter(expire_date__lt=now).delete()
    known = Session.objects.values("session_key")
    UserSession.objects.filter(last_seen_at__lt=now - _WRITTEN_WITHIN).exclude(session_key__in=known).delete()
    return ended


class SessionStore(db.SessionStore):
    """The name is part of the salt of what is stored: sessions that Django's own has written are read on."""

    def load(self) -> dict[str, Any]:
        kept = next(iter(_kept(key=self.session_key)), None) if self.session_key else None
        if kept is None or kept["expire_date"] <= timezone.now():
            self._session_key = None
            return {}
        return self.decode(kept["session_data"])

    def save(self, must_create: bool = False) -> None:
        """Of a session that is there, one statement without a transaction around it. Raises CreateError, UpdateError as
        Django's does."""
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        kept = self.create_model_instance(self._session)  # type: ignore[attr-defined]
        try:
            written.update(kept, {})
        except (DatabaseError, Session.DoesNotExist) as error:
            raise UpdateError from error

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        try:
            text = _opened(session_data, self.key_salt, settings.SECRET_KEY)
        except signing.BadSignature:
            return super().decode(session_data)  # which says so in the log
        found: dict[str, Any] = self.serializer().loads(text)  # anew each time: a request may change what it holds
        return found


@lru_cache(_REMEMBERED)
def _opened(session_data: Any, salt: str, key: str) -> bytes:
    """What was signed. Raises BadSignature. `key` is the one that checks it: with another it is checked anew."""
    opened: bytes = signing.loads(session_data, salt=salt, serializer=_AsItIs)
    return opened


class _AsItIs:
    def dumps(self, obj: bytes) -> bytes:
        return obj

    def loads(self, data: bytes) -> bytes:
        return data


@Prepared
def _kept(*, key: str) -> Any:
    return Session.objects.filter(session_key=key).values("session_data", "expire_date")
