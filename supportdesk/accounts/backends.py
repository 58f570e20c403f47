"""Who somebody is, and whether they may: the rights of a person, read at once."""

from functools import lru_cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group, Permission
from django.db import connections, models
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.http import HttpRequest

from supportdesk.accounts.models import User
from supportdesk.ui.made import made
from supportdesk.ui.prepared import Prepared

Standing = tuple[int | None, ...]


class _KnownByNumber:
    """Reads whoever a session names, with SQL that is written once."""

    def get_user(self, user_id: int) -> User | None:
        """A person with how they stand; their rights are read when somebody asks for them, or known from before."""
        row = next(iter(_person(person=user_id)), None)
        if row is None or not row["is_active"]:
            return None
        standing = tuple(row.pop(name) for name in _STANDING)
        user = made(User, row)
        vars(user)["_standing"] = standing
        return user


class RightsBackend(_KnownByNumber, ModelBackend):
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
        if user_obj.is_superuser:
            return _named(_all_rights())
        standing = vars(user_obj).get("_standing")
        if standing is None or connections[User.objects.db].in_atomic_block:
            return _named(_rights_of(person=user_obj.pk))  # a transaction may be taken back: nothing of it is kept
        return set(_rights_by_standing(user_obj.pk, standing))


def _named(rows: list[dict[str, Any]]) -> set[str]:
    return {f"{row['content_type__app_label']}.{row['codename']}" for row in rows}


@Prepared
def _all_rights() -> Any:
    return Permission.objects.order_by().values("content_type__app_label", "codename").distinct()


@Prepared
def _rights_of(*, person: int) -> Any:
    rights = Permission.objects.order_by().filter(Q(user=person) | Q(group__user=person))
    return rights.values("content_type__app_label", "codename").distinct()


# A lead has a hundred rights, and to read them took three times as long as to read the person. How somebody stands says
# whether they are still the same: rows that link people, groups and rights are added, under a number that no row had
# before, or taken away, never changed, so that no two sets of them have both the same number of rows and the same sum.
@lru_cache(1000)
def _rights_by_standing(person: int, standing: Standing) -> frozenset[str]:
    return frozenset(_named(_rights_of(person=person)))


_STANDING = tuple(f"{of}_{what}" for of in ("own", "member", "group") for what in ("count", "sum"))


@Prepared
def _person(*, person: int) -> Any:
    links = (
        User.user_permissions.through.objects.filter(user=OuterRef("pk")),
        User.groups.through.objects.filter(user=OuterRef("pk")),
        Group.permissions.through.objects.filter(group__user=OuterRef("pk")),
    )
    totals = [_total(rows, of) for rows in links for of in (Count("pk"), Sum("pk"))]
    columns = [field.attname for field in User._meta.concrete_fields]
    return User.objects.filter(pk=person).values(*columns, **dict(zip(_STANDING, totals, strict=True)))


def _total(rows: Any, of: models.Aggregate) -> Subquery:
    """One figure about rows that belong to another."""
    return Subquery(rows.order_by().annotate(all=models.Value(1)).values("all").annotate(total=of).values("total"))


class SignInBackend(_KnownByNumber, AuthenticationBackend):
    """allauth's, for the pages of accounts: it knows people by an address, and no rights."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        return super().authenticate(request, **credentials) if "email" in credentials else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return False
