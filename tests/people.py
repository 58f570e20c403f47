"""Somebody with the rights of groups; the cast itself stands in tests/conftest.py."""

from typing import Any

from django.contrib.auth.models import Group

from supportdesk.accounts.models import User


def make_person(*groups: str, **fields: Any) -> User:
    """Make a person: `make_person("Content editors", name="Clara")`."""
    number = User.objects.count()
    staff = bool(groups) or fields.get("is_superuser", False)
    fields = {"email": f"person{number}@example.com", "is_staff": staff, **fields}
    user = User.objects.create_user(password="correct horse battery", **fields)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user
