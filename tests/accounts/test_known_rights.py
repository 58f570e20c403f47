"""What a process remembers of somebody's rights is never older than the rights themselves."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import transaction

from supportdesk.accounts import backends, sessions
from supportdesk.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)

RIGHT = "tickets.work_ticket"


@pytest.fixture(autouse=True)
def _forget():
    backends._kept_rights.clear()


@pytest.fixture
def person():
    return User.objects.create_user("somebody@example.com")


@pytest.fixture
def right():
    return Permission.objects.get(codename="work_ticket")


def now_may(person: User) -> bool:
    """What the next request finds out."""
    known = backends.RightsBackend().get_user(person.pk)
    return known is not None and known.has_perm(RIGHT)


def other_right(number: int) -> Permission:
    return Permission.objects.exclude(codename="work_ticket").order_by("pk")[number]


def test_a_right_of_ones_own_comes_and_goes_at_once(person, right):
    assert not now_may(person)
    person.user_permissions.add(right)
    assert now_may(person)
    person.user_permissions.set([other_right(0)])
    assert not now_may(person)


def test_a_right_of_a_role_comes_and_goes_at_once(person, right):
    role = Group.objects.create(name="Readers")
    person.groups.add(role)
    role.permissions.set([right])
    assert now_may(person)
    role.permissions.set([other_right(0)])
    assert not now_may(person)
    role.permissions.set([right])
    assert now_may(person)


def test_a_right_that_comes_and_goes_while_somebody_asks_does_not_stay(person, right):
    """Granted between the question who somebody is and the question what they may, and taken back after it."""
    person.user_permissions.add(other_right(0))
    asking = backends.RightsBackend().get_user(person.pk)
    person.user_permissions.add(right)
    assert asking.has_perm(RIGHT)
    person.user_permissions.remove(right)
    assert not now_may(person)


def test_a_role_that_is_changed_for_another_of_the_same_size(person, right):
    """Both have one right, and the person keeps a role whose rights are the youngest rows."""
    first, second, kept = (Group.objects.create(name=name) for name in ("First", "Second", "Kept"))
    first.permissions.set([right])
    second.permissions.set([other_right(0)])
    kept.permissions.set([other_right(1)])
    person.groups.set([first, kept])
    assert now_may(person)
    person.groups.set([second, kept])
    assert not now_may(person)


def test_nothing_of_a_transaction_that_is_taken_back_is_remembered(person, right):
    with transaction.atomic():
        person.user_permissions.set([right])
        assert now_may(person)
        transaction.set_rollback(True)
    assert not now_may(person)
    person.user_permissions.set([other_right(0)])  # perhaps under the number that the other row had
    assert not now_may(person)


def test_rights_are_read_once_while_they_stay_the_same(person, right, django_assert_num_queries):
    person.user_permissions.set([right])
    assert now_may(person)
    with django_assert_num_queries(1):
        assert now_may(person)


def test_whoever_is_switched_off_is_nobody(person):
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert backends.RightsBackend().get_user(person.pk) is None
    assert backends.SignInBackend().get_user(person.pk) is None


def test_a_session_that_was_changed_in_the_database_is_empty():
    kept = sessions.SessionStore()
    kept["what"] = ["kept"]
    kept.create()
    assert sessions.SessionStore(kept.session_key)["what"] == ["kept"]
    row = sessions.Session.objects.get(pk=kept.session_key)
    row.session_data = f"{row.session_data[:-1]}{'a' if row.session_data[-1] != 'a' else 'b'}"
    row.save()
    assert "what" not in sessions.SessionStore(kept.session_key)


def test_what_a_request_changes_of_its_session_is_not_seen_by_another_before_it_is_saved():
    kept = sessions.SessionStore()
    kept["what"] = ["kept"]
    kept.create()
    sessions.SessionStore(kept.session_key)["what"].append("changed")
    assert sessions.SessionStore(kept.session_key)["what"] == ["kept"]


def test_a_session_ends_with_its_time():
    kept = sessions.SessionStore()
    kept["what"] = "kept"
    kept.set_expiry(-1)
    kept.create()
    assert "what" not in sessions.SessionStore(kept.session_key)
