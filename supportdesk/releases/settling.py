"""Choosing between the desk's wording of a row and that of a release."""

import hashlib
import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from supportdesk.releases.kinds import Kind, Shipped
from supportdesk.releases.merging import Content
from supportdesk.releases.models import ShippedRow


class CannotSettle(Exception):
    """What was asked for cannot be done now; the message is a sentence for the person who asked."""


@transaction.atomic
def take_release(row: ShippedRow, *, by: Any, seen: str = "") -> None:
    """Give a row the wording of the release. With `seen`, the mark of what somebody looked at, that or nothing.

    Raises PermissionDenied, and CannotSettle where nothing is offered, something has changed since, or the wording
    cannot be stored.
    """
    locked, kind = _locked(row, by, seen)
    try:
        kind.write(Shipped(locked.key, locked.offered or {}, locked.key), by=by)
    except kind.refusals as error:
        raise CannotSettle(str(error)) from error
    kind.changed()
    _settle(locked, by)


@transaction.atomic
def keep_own(row: ShippedRow, *, by: Any, seen: str = "") -> None:
    """Leave a row as the desk has it, until a release changes it again. Raises as `take_release` does."""
    locked, _ = _locked(row, by, seen)
    _settle(locked, by)


def mark_of(row: ShippedRow, mine: Content) -> str:
    """Tells whether what somebody looked at is still what stands here and what is offered."""
    written = json.dumps([mine, row.offered], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def _locked(row: ShippedRow, by: Any, seen: str) -> tuple[ShippedRow, Kind]:
    kind = row.described
    if kind is None or not by.has_perm(kind.permission):
        raise PermissionDenied
    locked = ShippedRow.objects.select_for_update().get(pk=row.pk)
    if locked.offered is None:
        raise CannotSettle(gettext("Somebody has chosen a wording already."))
    if seen and seen != mark_of(locked, kind.present().get(locked.key, {})):
        raise CannotSettle(gettext("One of the two has changed since this was shown. Look again, then choose."))
    return locked, kind


def _settle(row: ShippedRow, by: Any) -> None:
    row.base, row.offered = row.offered, None
    row.decided_by, row.decided_at = by, timezone.now()
    row.save()
