"""Colleagues, found by a few letters or named in a note; never a list of everybody."""

import re
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet

from supportdesk.accounts.models import User

MOST = 8
MOST_CALLED = 20  # by one note
_MENTION = re.compile(r"(?<![\w@.])@([^\s@,;:!?()<>]+(?:[ ][^\s@,;:!?()<>]+){0,3})")


def colleagues() -> "QuerySet[User]":
    """Who works on tickets: by a right of their own or of a group; administrators too."""
    right = {"codename": "work_ticket", "content_type__app_label": "tickets"}
    own = {f"user_permissions__{name}": value for name, value in right.items()}
    group = {f"groups__permissions__{name}": value for name, value in right.items()}
    return User.objects.filter(Q(is_superuser=True) | Q(**own) | Q(**group), is_active=True, is_staff=True).distinct()


def suggested(begun: str) -> list[User]:
    """Colleagues whose name has a word that begins so, or whose address does; at most `MOST`."""
    plain = " ".join(begun.replace("@", " ").split())
    if not plain:
        return []
    named = Q(name__istartswith=plain) | Q(name__icontains=f" {plain}") | Q(email__istartswith=plain)
    return list(colleagues().filter(named).order_by("name", "email")[:MOST])


def named(text: str) -> User | None:
    """The one colleague with a name, the beginning of one, or an address; None where there is none or more."""
    plain = " ".join(text.split())
    exact = list(colleagues().filter(Q(name__iexact=plain) | Q(email__iexact=plain))[:2])
    found = exact or (suggested(plain)[:2] if "@" not in plain else [])
    return found[0] if len(found) == 1 else None


def mentioned(text: str) -> list[Any]:
    """Colleagues that a note calls by `@name`, each once: the longest name that fits counts. No more than
    `MOST_CALLED` are looked for."""
    found: dict[int, User] = {}
    for match in islice(_MENTION.finditer(text), MOST_CALLED):
        words = match[1].split(" ")
        for length in range(len(words), 0, -1):
            person = named(" ".join(words[:length]).rstrip(".'’"))
            if person is not None:
                found[person.pk] = person
                break
    return list(found.values())
