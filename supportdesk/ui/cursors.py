"""Places in a list that programs page through: signed, so that nobody makes one up, and good for one list alone."""

from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from supportdesk.ui.problems import Problem

LONGEST = 400  # characters


def seal(place: list[Any], of: str) -> str:
    """The cursor of a place (numbers and strings) in the list called `of`."""
    return signing.dumps(place, salt=f"cursor:{of}", compress=False)


def unseal(cursor: str, of: str) -> list[Any] | None:
    """The place; None for the beginning. Raises Problem for what is no cursor of this list."""
    if not cursor:
        return None
    try:
        found: list[Any] = signing.loads(cursor[:LONGEST], salt=f"cursor:{of}")
    except (signing.BadSignature, ValueError, UnicodeError) as error:
        message = gettext("This is no cursor of this list. Begin without one, and keep the filters while you go on.")
        raise Problem("invalid", message, field="cursor") from error
    return found


def page(rows: QuerySet[Any], by: str, cursor: str, limit: int, of: str) -> tuple[list[Any], str | None]:
    """At most `limit` rows in the order of a column (`-created_at`) and of their numbers, after the place of `cursor`;
    and the cursor of the next page, None behind the last. What comes in between shifts nothing."""
    name, is_down = by.removeprefix("-"), by.startswith("-")
    found = list(_after(rows, name, is_down, unseal(cursor, of)).order_by(by, "-pk" if is_down else "pk")[: limit + 1])
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    value = last[name] if isinstance(last, dict) else getattr(last, name)
    pk = last["pk"] if isinstance(last, dict) else last.pk
    return found[:limit], seal([value.isoformat() if isinstance(value, datetime) else value, pk], of)


def _after(rows: QuerySet[Any], name: str, is_down: bool, place: list[Any] | None) -> QuerySet[Any]:
    if place is None:
        return rows
    value, pk = rows.model._meta.get_field(name).to_python(place[0]), place[1]
    beyond = "lt" if is_down else "gt"
    tie = Q(**{name: value, f"pk__{beyond}": pk})
    return rows.filter(Q(**{f"{name}__{beyond}": value}) | tie, **{f"{name}__{beyond}e": value})
