"""Hosts in the letters of every language: one address in two spellings is one person's, and mail finds it."""

import importlib
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from supportdesk.accounts import addresses, requesters
from supportdesk.accounts.models import User
from tests.accounts.journeys import (
    PASSWORD,
    ask_for_code,
    at,
    enter_code,
    member,
    person_in,
    sent_code,
    sign_in,
    sign_up,
)

pytestmark = pytest.mark.django_db

HOSTS = {
    "straße.de": "xn--strae-oqa.de",
    "пример.рф": "xn--e1afmkfd.xn--p1ai",
    "bücher.example": "xn--bcher-kva.example",
    "例え.jp": "xn--r8jz45g.jp",
    "مثال.إختبار": "xn--mgbh0fb.xn--kgbechtv",
}
pairs = pytest.mark.parametrize(("written", "in_ascii"), HOSTS.items())


@pairs
def test_both_spellings_are_one_address(written: str, in_ascii: str) -> None:
    spellings = [f"Toma@{written}", f"toma@{written.upper()}", f" toma@{in_ascii} ", f"TOMA@{in_ascii.upper()}"]
    if "ß" in written:
        spellings.pop(1)  # whose capitals are SS, another host
    assert {addresses.canonical(one) for one in spellings} == {f"toma@{in_ascii}"}
    assert {addresses.mailbox_of(one) for one in spellings} == {f"toma@{in_ascii}"}


def test_a_sharp_s_is_not_a_double_one() -> None:
    assert addresses.canonical("toma@straße.de") != addresses.canonical("toma@strasse.de")


@pairs
def test_whoever_opens_an_account_by_one_spelling_signs_in_by_the_other(written: str, in_ascii: str) -> None:
    sign_up(Client(), email=f"toma@{written}")
    person = User.objects.get()
    assert person.email == f"toma@{in_ascii}"
    assert mail.outbox[-1].message()["To"] == person.email
    for spelling in (written, in_ascii):
        client = Client()
        ask_for_code(client, email=f"toma@{spelling}")
        assert mail.outbox[-1].recipients() == [person.email]
        enter_code(client, sent_code())
        assert person_in(client) == person.pk


@pairs
def test_a_password_is_taken_and_set_anew_under_both(written: str, in_ascii: str) -> None:
    person = member(f"toma@{written}")
    for spelling in (written, in_ascii):
        client = Client()
        sign_in(client, email=f"toma@{spelling}")
        assert person_in(client) == person.pk
        other = Client()
        other.post(at("account_reset_password"), {"email": f"toma@{spelling}"})
        enter_code(other, sent_code(), where="account_confirm_password_reset_code")
        answer = other.post(at("account_complete_password_reset"), {"password1": PASSWORD})
        assert answer.status_code == 302
        assert mail.outbox[-1].recipients() == [person.email]


@pairs
def test_nobody_opens_a_second_account_under_the_other_spelling(written: str, in_ascii: str) -> None:
    member(f"toma@{in_ascii}")
    sign_up(Client(), email=f"toma@{written}")
    assert requesters.person_of(f"toma@{written}", language="en") == User.objects.get()


def test_the_admin_stores_the_form_in_ascii_and_lets_staff_in_by_both(client: Client, administrator: User) -> None:
    client.force_login(administrator)
    form = {"email": "Uma@Bücher.example", "name": "Uma", "usable_password": "false"}
    client.post(reverse("admin:accounts_user_add"), form)
    assert User.objects.filter(email="uma@xn--bcher-kva.example").exists()
    assert User.objects.get_by_natural_key("uma@bücher.example").name == "Uma"


@pytest.mark.parametrize("host", ["ｅxample.com", "exam\u200bple.com", "exam\u200cple.com", "xn--bücher.de"])
def test_a_host_that_mail_would_not_find_is_refused_with_what_to_type(host: str) -> None:
    answer = ask_for_code(Client(), email=f"toma@{host}")
    (error,) = answer.context["form"].errors["email"]
    assert not mail.outbox
    assert error == addresses.NO_WAY_TO


def test_what_was_stored_before_is_found_by_both_spellings_afterwards() -> None:
    written, taken, odd = (User.objects.create_user(f"{name}@example.com") for name in ("one", "two", "odd"))
    proof = EmailAddress.objects.create(user=written, email=written.email, verified=True, primary=True)
    User.objects.filter(pk=written.pk).update(email="toma@пример.рф")
    EmailAddress.objects.filter(pk=proof.pk).update(email="toma@пример.рф")
    User.objects.filter(pk=taken.pk).update(email="uma@bücher.example")
    User.objects.filter(pk=odd.pk).update(email="odd@☃.example")
    other = User.objects.create_user("uma@xn--bcher-kva.example")
    migration = importlib.import_module("supportdesk.accounts.migrations.0013_hosts_in_ascii")
    migration.write_in_ascii(apps, SimpleNamespace(connection=connection))
    proof.refresh_from_db()
    assert proof.email == "toma@xn--e1afmkfd.xn--p1ai"
    assert requesters.person_of("toma@пример.рф", language="en") == written
    assert requesters.person_of("uma@bücher.example", language="en") == other
    assert User.objects.get(pk=taken.pk).email == "uma@bücher.example"
    assert User.objects.get(pk=odd.pk).email == "odd@☃.example"


def test_an_address_that_somebody_else_has_proven_in_ascii_does_not_stop_an_upgrade() -> None:
    written, other = (User.objects.create_user(f"{name}@example.com") for name in ("one", "two"))
    User.objects.filter(pk=written.pk).update(email="toma@пример.рф")
    EmailAddress.objects.create(user=written, email="toma@пример.рф", verified=True, primary=True)
    EmailAddress.objects.create(user=other, email="toma@xn--e1afmkfd.xn--p1ai", verified=True)
    migration = importlib.import_module("supportdesk.accounts.migrations.0013_hosts_in_ascii")
    migration.write_in_ascii(apps, SimpleNamespace(connection=connection))
    assert User.objects.get(pk=written.pk).email == "toma@пример.рф"


# What operators see


@pairs
def test_the_admin_finds_people_and_agents_by_either_spelling(written: str, in_ascii: str, administrator: User) -> None:
    person = User.objects.create_user(f"toma@{in_ascii}", name="Toma")
    client = Client()
    client.force_login(administrator)
    for term in (f"toma@{written}", written, f"Toma {written}", f"toma@{in_ascii}"):
        page = client.get(reverse("admin:accounts_user_changelist"), {"q": term})
        assert list(page.context["cl"].queryset) == [person], term
    assert not client.get(reverse("admin:tickets_agent_changelist"), {"q": written}).context["cl"].queryset.exists()


def test_a_name_in_its_own_letters_is_found_as_before(administrator: User) -> None:
    person = User.objects.create_user("olga@example.com", name="Ольга И. Петрова")
    client = Client()
    client.force_login(administrator)
    page = client.get(reverse("admin:accounts_user_changelist"), {"q": "Ольга И."})
    assert list(page.context["cl"].queryset) == [person]


def listed(capsys: pytest.CaptureFixture[str]) -> str:
    call_command("list_unreachable_accounts")
    return capsys.readouterr().out


def test_accounts_that_nobody_gets_into_are_listed_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    plain = User.objects.create_user("toma@xn--strae-oqa.de")
    assert listed(capsys) == "Every account is found by its address.\n"
    old, alone = (User.objects.create_user(f"{name}@example.com") for name in ("a", "b"))
    User.objects.filter(pk=old.pk).update(email="toma@straße.de", is_active=False)
    User.objects.filter(pk=alone.pk).update(email="Ann@example.com")
    said = listed(capsys)
    other = f"in ASCII toma@xn--strae-oqa.de, which account {plain.pk} has."
    assert f"Account {old.pk} (deactivated): toma@straße.de, {other}\n" in said
    assert f"Account {alone.pk}: Ann@example.com, in ASCII ann@example.com, which no account has.\n" in said
    assert "give the one listed here another address" in said
