"""Whether somebody may: the rights of a person, read at once."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import Q


class RightsBackend(ModelBackend):
    """Django's own, which asks the database twice, once for a person's rights and once for those of their groups."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_perm_cache"):  # the name that Django forgets when rights change
            user_obj._perm_cache = self._rights(user_obj)
        known: set[str] = user_obj._perm_cache
        return known

    def _rights(self, user_obj: Any) -> set[str]:
        rights = Permission.objects.order_by()
        if not user_obj.is_superuser:
            rights = rights.filter(Q(user=user_obj) | Q(group__user=user_obj))
        named = rights.values_list("content_type__app_label", "codename").distinct()
        return {f"{label}.{codename}" for label, codename in named}
