"""Keys of programs: made once, shown once, known by their digest, counted by the minute."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext

from supportdesk.accounts import scopes
from supportdesk.accounts.models import ApiToken, ApiTokenQuerySet, User
from supportdesk.outbox import delivery

SECRET = 32  # bytes: 256 random bits
LONGEST = 100  # characters of a key that anybody looks up
MINUTE = timedelta(minutes=1)
MADE, ENDED = "token_made", "tokens_ended"  # the events of which `mailing` tells the person


@dataclass(frozen=True)
class Made:
    """A new token with its key, which exists nowhere else."""

    token: ApiToken
    key: str


@transaction.atomic
def make_token(
    person: User, name: str, wanted: Iterable[str], *, by: Any = None, expires_at: datetime | None = None
) -> Made:
    """Make a token for a person, who is told by mail; without `by` it is an operator at the console.

    Raises PermissionDenied where somebody makes one for somebody else, ValidationError for no name, an unknown scope,
    one that the person may not give away, or an end that is past (UTC).
    """
    if by is not None and by.pk != person.pk:
        raise PermissionDenied(gettext("A token acts for the person who makes it. Nobody makes one for somebody else."))
    granted = sorted(set(wanted))
    refuse(person, name, granted, expires_at)
    prefix = f"sd_{secrets.token_hex(4)}"
    key = f"{prefix}_{secrets.token_urlsafe(SECRET)}"
    fields = {"prefix": prefix, "digest": _digest(key), "scopes": granted, "expires_at": expires_at}
    token = ApiToken.objects.create(person=person, name=name.strip()[:80], **fields)
    delivery.post(MADE, token.pk)
    return Made(token, key)


def refuse(person: User, name: str, granted: list[str], expires_at: datetime | None) -> None:
    """Raises ValidationError for what `make_token` does not take."""
    if not name.strip():
        raise ValidationError({"name": gettext("Say what the token is for, so that you know later what to take back.")})
    if not granted:
        raise ValidationError({"scopes": gettext("Choose what the token may do.")})
    allowed = dict(scopes.offered_to(person))
    unknown = [scope for scope in granted if scope not in allowed]
    if unknown:
        message = gettext("This cannot be given to a token of yours: %(scopes)s.")
        raise ValidationError({"scopes": message % {"scopes": ", ".join(unknown)}})
    if expires_at is not None and expires_at <= timezone.now():
        raise ValidationError({"expires_at": gettext("The token would have run out already. Choose a later time.")})


@transaction.atomic
def revoke_token(token: ApiToken, *, by: Any) -> None:
    """Take a token back, at once and for good: its person, or who may change tokens; then its person is told by mail,
    unless it had run out already. Raises PermissionDenied."""
    is_own = by.pk == token.person_id
    if not is_own and not by.has_perm("accounts.change_apitoken"):
        raise PermissionDenied(gettext("Only the person it acts for, or an administrator, takes a token back."))
    had_run_out = not ApiToken.objects.usable(timezone.now()).filter(pk=token.pk).exists()
    if _end(ApiToken.objects.filter(pk=token.pk)) and not is_own and not had_run_out:
        delivery.post(ENDED, token.pk)
    token.refresh_from_db(fields=["revoked_at"])


@transaction.atomic
def revoke_tokens_of(person: User) -> int:
    """Take back all tokens of somebody whose account may have been in other hands, and tell them by one mail; returns
    how many counted."""
    usable = ApiToken.objects.usable(timezone.now()).filter(person=person)
    newest = usable.order_by("-pk").values_list("pk", flat=True).first()
    ended = _end(ApiToken.objects.filter(person=person))
    if newest is not None:
        delivery.post(ENDED, newest)
    return ended


def ended_with(token: ApiToken) -> ApiTokenQuerySet:
    """The tokens of its person that were taken back at the same moment, this one among them; not what had run out."""
    lasted = Q(expires_at__isnull=True) | Q(expires_at__gt=token.revoked_at)
    return ApiToken.objects.filter(lasted, person=token.person_id, revoked_at=token.revoked_at)


def _end(found: ApiTokenQuerySet) -> int:
    return found.filter(revoked_at=None).update(revoked_at=timezone.now())


def find(key: str) -> ApiToken | None:
    """The token of a key, where it still counts. Only the digest is looked for, so that time tells nothing."""
    if not key or len(key) > LONGEST:
        return None
    usable = ApiToken.objects.usable(timezone.now()).select_related("person")
    return usable.filter(digest=_digest(key)).first()


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode(errors="surrogateescape")).hexdigest()


def count_use(token: ApiToken) -> bool:
    """Count a request; False where the token has used up its minute. One statement, right for any number of
    processes."""
    now = timezone.now()
    minute = minute_of(now)
    rows = ApiToken.objects.filter(pk=token.pk).filter(
        Q(minute__isnull=True) | ~Q(minute=minute) | Q(used__lt=settings.API_REQUESTS_PER_MINUTE)
    )
    counted = Case(When(minute=minute, then=F("used") + 1), default=Value(1))
    return rows.update(used=counted, minute=minute, last_used_at=now) == 1


def minute_of(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def wait(at: datetime | None = None) -> int:
    """Seconds until the next minute begins."""
    now = at or timezone.now()
    return max(1, round((minute_of(now) + MINUTE - now).total_seconds()))
