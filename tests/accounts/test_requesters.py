"""Whoever proves an address is the one person with it, however often and in whatever letters they come."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test import Client

from supportdesk.accounts.models import User
from supportdesk.accounts.requesters import person_of
from tests.accounts.journeys import PASSWORD, ask_for_code, enter_code, member, person_in, sent_code, sign_up


@pytest.mark.django_db
def test_a_guest_becomes_a_person_without_a_password_whose_address_is_proven():
    person = person_of(" Guest@Example.COM", language="ko", time_zone="Asia/Seoul", name="김민준")
    assert (person.email, person.language, person.time_zone, person.name) == (
        "guest@example.com",
        "ko",
        "Asia/Seoul",
        "김민준",
    )
    assert not person.has_usable_password()
    assert not person.is_staff
    assert EmailAddress.objects.filter(user=person, verified=True, primary=True).count() == 1


@pytest.mark.django_db
def test_a_guest_signs_in_with_a_code_and_is_asked_for_no_second():
    person = person_of("guest@example.com", language="en")
    client = Client()
    ask_for_code(client, email=person.email)
    enter_code(client, sent_code())
    assert person_in(client) == person.pk
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_somebody_known_stays_what_they_said_of_themselves():
    before = member("toma@example.com", name="Toma", language="fr")
    person = person_of("TOMA@example.com", language="ko", name="Another")
    assert (person.pk, person.name, person.language) == (before.pk, "Toma", "fr")
    assert person.check_password(PASSWORD)


@pytest.mark.django_db
def test_a_password_of_whoever_could_not_prove_the_address_ends():
    sign_up(Client(), email="toma@example.com")
    person = person_of("toma@example.com", language="en")
    assert not User.objects.get(pk=person.pk).has_usable_password()
    assert EmailAddress.objects.get(user=person).verified


@pytest.mark.django_db
def test_staff_made_in_the_admin_keep_their_password(content_editor):
    person = person_of(content_editor.email, language="en")
    assert person.has_usable_password()
    assert EmailAddress.objects.get(user=person).verified


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["", "   "])
def test_nobody_is_made_of_an_empty_address(email):
    with pytest.raises(ValueError, match="address"):
        person_of(email, language="en")


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_make_one_person():
    def ask(number: int) -> int:
        try:
            return person_of("guest@example.com", language="en").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(ask, range(4)))
    assert found == {User.objects.get(email="guest@example.com").pk}
    assert EmailAddress.objects.count() == 1
