"""Who may do what to content. None stands for the system itself: commands that an operator runs."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext


def require(by: Any, permission: str) -> None:
    """Refuse a person without a right. Raises PermissionDenied."""
    if by is not None and not by.has_perm(permission):
        raise PermissionDenied(gettext("You do not have the right “%(right)s”.") % {"right": permission})
