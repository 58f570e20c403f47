"""What a session holds is written and read on, with one statement; one that is gone is not brought back."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as OfDjango
from django.contrib.sessions.models import Session
from django.utils import timezone

from supportdesk.accounts.sessions import SessionStore
from supportdesk.accounts.tasks import forget_sessions
from tests.people import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def begun():
    session = SessionStore()
    session["seen"] = 1
    session.create()
    return session


def test_what_changes_is_written_with_one_statement(begun, django_assert_num_queries):
    begun["seen"] = 2
    begun.set_expiry(600)
    with django_assert_num_queries(1):
        begun.save()
    assert SessionStore(begun.session_key)["seen"] == 2
    left = Session.objects.get(pk=begun.session_key).expire_date - timezone.now()
    assert 500 < left.total_seconds() < 601


def test_only_its_own_row_is_written(begun):
    other = SessionStore()
    other.create()
    begun["seen"] = 3
    begun.save()
    assert dict(SessionStore(other.session_key).items()) == {}


def test_django_reads_what_was_written(begun):
    """Its own way, with our name, which is part of the salt."""
    begun["seen"] = [1, {"two": "drei"}]
    begun.save()
    assert OfDjango.load(SessionStore(begun.session_key)) == {"seen": [1, {"two": "drei"}]}


def test_a_session_that_is_gone_is_not_written_again(begun):
    Session.objects.all().delete()
    begun["seen"] = 4
    with pytest.raises(UpdateError):
        begun.save()
    assert not Session.objects.exists()


def test_a_session_without_a_key_gets_one():
    session = SessionStore()
    session["seen"] = 5
    session.save()
    assert SessionStore(session.session_key)["seen"] == 5


def of(trader, days_ago):
    """A session of a person that ended so many days ago (a negative number: will end), with its address."""
    session = SessionStore()
    session["seen"] = 6
    session.create()
    moment = timezone.now() - timedelta(days=days_ago)
    Session.objects.filter(pk=session.session_key).update(expire_date=moment)
    UserSession.objects.create(user=trader, ip="203.0.113.5", session_key=session.session_key, last_seen_at=moment)
    return session.session_key


def test_sessions_that_ended_are_forgotten_with_the_address_they_were_used_from():
    trader = make_person()
    kept, _ended = of(trader, -3), of(trader, 3)
    assert forget_sessions.call() == 1
    assert list(Session.objects.values_list("pk", flat=True)) == [kept]
    assert list(UserSession.objects.values_list("session_key", flat=True)) == [kept]


def test_the_address_of_a_session_that_was_ended_goes_a_day_later():
    trader = make_person()
    for days in (0.9, 1.1):
        Session.objects.filter(pk=of(trader, days)).delete()
    forget_sessions.call()
    assert UserSession.objects.count() == 1
