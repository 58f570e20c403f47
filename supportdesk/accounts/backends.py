"""Who somebody is, and whether they may: the rights of a person, read at once."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group, Permission
from django.db import connections, models
from django.db.models import Count, Q, Subquery, Sum
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
        return _remembered_rights(user_obj.pk, standing)


def _named(rows: list[dict[str, Any]]) -> set[str]:
    return {f"{row['content_type__app_label']}.{row['codename']}" for row in rows}


@Prepared
def _all_rights() -> Any:
    return Permission.objects.order_by().values("content_type__app_label", "codename").distinct()


# A lead has a hundred rights, and to read them took three times as long as to read the person. How somebody stands says
# whether they are still the same: rows that link people, groups and rights are added, under a number that no row had
# before, or taken away, never changed, so that no two sets of them have both the same number of rows and the same sum.
# Rights are kept under the standing that the same statement has read: between two statements a right may come and go.
_STANDING = tuple(f"{of}_{what}" for of in ("own", "member", "group") for what in ("count", "sum"))
_MOST = 1000  # people whose rights a process keeps

_kept_rights: dict[tuple[int, Standing], frozenset[str]] = {}


def _remembered_rights(person: int, standing: Standing) -> set[str]:
    if not any(standing):
        return set()  # nothing gives them a right
    known = _kept_rights.get((person, standing))
    if known is None:
        rows = _rights_of(person=person)
        known = frozenset(_named(rows))
        if rows:
            while len(_kept_rights) >= _MOST:  # the oldest goes
                _kept_rights.pop(next(iter(_kept_rights), (0, ())), None)
            _kept_rights[person, tuple(rows[0][name] for name in _STANDING)] = known
    return set(known)


@Prepared
def _rights_of(*, person: int) -> Any:
    rights = Permission.objects.order_by().filter(Q(user=person) | Q(group__user=person))
    return rights.values("content_type__app_label", "codename", **_standing_of(person)).distinct()


@Prepared
def _person(*, person: int) -> Any:
    columns = [field.attname for field in User._meta.concrete_fields]
    return User.objects.filter(pk=person).values(*columns, **_standing_of(person))


def _standing_of(person: int) -> dict[str, Subquery]:
    links = (
        User.user_permissions.through.objects.filter(user=person),
        User.groups.through.objects.filter(user=person),
        Group.permissions.through.objects.filter(group__user=person),
    )
    totals = (_total(rows, of) for rows in links for of in (Count("pk"), Sum("pk")))
    return dict(zip(_STANDING, totals, strict=True))


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
