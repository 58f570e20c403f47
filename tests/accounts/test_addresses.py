"""Many addresses lead to one mail box, and some only look like another's: neither helps a stranger."""

import pytest
from django.contrib.auth import authenticate
from django.core import mail
from django.test import Client

from supportdesk.accounts import addresses
from supportdesk.accounts.models import User
from tests.accounts.journeys import PASSWORD, ask_for_code, at, member, sign_in, sign_up

pytestmark = pytest.mark.django_db

SPELLINGS = ["TOMA@EXAMPLE.COM", "toma+a@example.com", "Toma+b+c@example.com", " toma@example.com "]
DISGUISED = [
    "toma@ｅxample.com",
    "toma@exam\u200bple.com",  # a blank without width
    "toma@example。com",
    "tom\u0131@example.com",  # an i without its dot, which is a capital I to a database
    "\u017ftoma@example.com",  # a long s, which is a capital S
    "toma@exam\u00adple.com",
]


def ask_for_password(client: Client, language: str = "en", email: str = "") -> object:
    return client.post(at("account_reset_password", language), {"email": email})


WAYS = [ask_for_code, ask_for_password, sign_up]


@pytest.mark.parametrize("address", SPELLINGS)
def test_spellings_of_one_mail_box_are_counted_as_one(address):
    assert addresses.mailbox_of(address) == "toma@example.com"


def test_a_host_is_counted_as_mail_finds_it():
    assert (
        addresses.mailbox_of("a@exämple.com") == addresses.mailbox_of("a@xn--exmple-cua.com") == "a@xn--exmple-cua.com"
    )
    assert addresses.mailbox_of("a@" + "x" * 80 + "ä.com") == "a@" + "x" * 80 + "ä.com"


@pytest.mark.parametrize(
    "address", ["toma@example.com", "toma@exämple.com", "toma@пример.рф", "t@例え.jp", "t@[127.0.0.1]"]
)
def test_addresses_of_every_script_of_hosts_are_plain(address):
    assert addresses.is_plain(address)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("address", DISGUISED)
def test_what_only_looks_like_an_address_is_refused_and_nothing_is_sent(way, address):
    answer = way(Client(), email=address)
    assert answer.status_code == 200
    assert answer.context["form"].errors["email"]
    assert not mail.outbox
    assert not User.objects.exists()


@pytest.mark.parametrize("way", WAYS)
def test_a_mail_box_is_not_flooded_under_its_other_addresses(way):
    member("toma@example.com")
    for number in range(8):
        way(Client(REMOTE_ADDR=f"192.0.2.{number}"), email=f"toma+{number}@example.com")
    assert len(mail.outbox) <= 3


def test_who_mends_a_form_under_another_spelling_has_used_up_nothing(client):
    for number in range(3):
        assert sign_up(client, email="toma+shop@example.com", password1="short").status_code == 200, number
    assert sign_up(client, email="toma+shop@example.com").status_code == 302
    assert len(mail.outbox) == 1


def test_a_mail_box_is_not_flooded_by_signing_in_before_it_is_proven():
    for number in range(8):
        person = User.objects.create_user(f"toma+{number}@example.com", PASSWORD)
        sign_in(Client(REMOTE_ADDR=f"192.0.2.{number}"), email=person.email)
    assert len(mail.outbox) <= 3


@pytest.mark.parametrize(("one", "other"), [("+a@example.com", "+b@example.com"), ('"a+b"@x.example', '"a"@x.example')])
def test_what_begins_with_a_plus_or_is_quoted_is_a_mail_box_of_its_own(one, other):
    assert addresses.mailbox_of(one) != addresses.mailbox_of(other)


@pytest.mark.both
def test_an_address_that_is_another_in_capitals_shuts_nobody_out():
    sam = User.objects.create_user("sam@example.com", PASSWORD)
    User.objects.create_user("\u017fam@example.com", "something else entirely")
    assert authenticate(username="SAM@example.com", password=PASSWORD) == sam
