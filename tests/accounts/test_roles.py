"""The table of roles names permissions that exist, and a group has those of its role and no other."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission

from supportdesk.accounts import roles

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", roles.ROLES, ids=lambda role: role.group)
def test_every_permission_that_a_role_names_exists_and_is_named_once(role):
    known = {f"{p.content_type.app_label}.{p.codename}" for p in Permission.objects.select_related("content_type")}
    assert set(role.permissions) - known == set()
    assert len(role.permissions) == len(set(role.permissions))


def test_a_group_gets_exactly_the_permissions_of_its_role():
    group = Group.objects.get(name="Translators")
    group.permissions.add(Permission.objects.get(codename="delete_article"))
    roles.write_groups()
    roles.write_groups()
    held = {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.select_related("content_type")}
    assert held == set(next(role for role in roles.ROLES if role.group == "Translators").permissions)


def test_a_role_with_an_unknown_permission_is_refused_by_name(monkeypatch):
    wrong = roles.Role("Ghosts", ("helpcenter.view_article", "helpcenter.haunt_article"))
    monkeypatch.setattr(roles, "ROLES", (wrong,))
    with pytest.raises(LookupError, match=r"Ghosts.*helpcenter\.haunt_article"):
        roles.write_groups()
    assert not Group.objects.filter(name="Ghosts").exists()


def test_every_permission_that_the_code_asks_for_exists():
    known = {f"{p.content_type.app_label}.{p.codename}" for p in Permission.objects.select_related("content_type")}
    asked = re.compile(r"(?:has_perm\(|require\(by, |permission_required\()\s*\"(\w+\.\w+)\"")
    files = [file for name in ("helpcenter", "supportdesk") for file in Path(settings.BASE_DIR, name).rglob("*.py")]
    found = {name for file in files for name in asked.findall(file.read_text(encoding="utf-8"))}
    assert found
    assert found - known == set()
