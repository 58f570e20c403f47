"""Who somebody is, and whether they may: the rights of a person, read at once."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import Q
from django.http import HttpRequest

from supportdesk.ui.prepared import Prepared


class RightsBackend(ModelBackend):
    """Django's own, which asks the database twice, once for a person's rights and once for those of their groups."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **known: Any
    ) -> Any:
        """For the admin's own page, which asks for a `username`; what asks for an address has `SignInBackend`, and each
        attempt costs one hash."""
        return super().authenticate(request, username, password, **known) if "email" not in known else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_perm_cache"):  # the name that Django forgets when rights change
            user_obj._perm_cache = self._rights(user_obj)
        known: set[str] = user_obj._perm_cache
        return known

    def _rights(self, user_obj: Any) -> set[str]:
        rows = _all_rights() if user_obj.is_superuser else _rights_of(person=user_obj.pk)
        return {f"{row['content_type__app_label']}.{row['codename']}" for row in rows}


@Prepared
def _all_rights() -> Any:
    return Permission.objects.order_by().values("content_type__app_label", "codename").distinct()


@Prepared
def _rights_of(*, person: int) -> Any:
    rights = Permission.objects.order_by().filter(Q(user=person) | Q(group__user=person))
    return rights.values("content_type__app_label", "codename").distinct()


class SignInBackend(AuthenticationBackend):
    """allauth's, for the pages of accounts: it knows people by an address, and no rights."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        return super().authenticate(request, **credentials) if "email" in credentials else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return False
