"""Whom the exchange has signed in: only what it signed with a published key, for this site, this visit and now; and
whose account an address may open."""

import base64
import json
import time

import jwt
import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core import mail
from django.test import Client
from django.urls import reverse

from supportdesk.accounts.models import User
from tests.accounts.exchange import BACK, CLIENT, code_for, come_back, leave, private_key, public_key, signed
from tests.accounts.journeys import PASSWORD, at, member, person_in

pytestmark = pytest.mark.django_db
MOMENTS = {"an hour ago": -3600, "in an hour": 3600}  # seconds from now


def is_refused(client, answer) -> bool:
    return answer.status_code == 401 and person_in(client) is None and not User.objects.exists()


@pytest.mark.parametrize(
    "bent",
    [
        {"aud": "another-site"},
        {"aud": ["another-site", "a-third"]},
        {"aud": [CLIENT, "another-site"]},
        {"aud": [CLIENT, "another-site"], "azp": "another-site"},
        {"azp": "another-site"},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"sub": "4712"},
        {"sub": None},
        {"exp": "an hour ago"},
        {"exp": None},
        {"iat": "in an hour"},
        {"iat": None},
        {"nbf": "in an hour"},
        {"nonce": "of another visit"},
        {"nonce": ""},
        {"nonce": None},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_and_now_signs_nobody_in(client, exchange, bent):
    moments = {name: int(time.time()) + MOMENTS[said] for name, said in bent.items() if str(said) in MOMENTS}
    exchange.bend = {**bent, **moments}
    assert is_refused(client, come_back(client, leave(client)))


def of_none(claims):
    return jwt.encode(claims, "", "none", {"kid": "one"})


def with_the_public_key(claims):
    """A signature with a shared key that everybody knows: the published one."""
    published = private_key("one").public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head, body = ({"alg": "HS256", "typ": "JWT", "kid": "one"}, claims)
    bare = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (head, body))
    shared = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    return b".".join([bare, base64.urlsafe_b64encode(shared.sign(bare, published)).rstrip(b"=")]).decode()


def altered(claims):
    head, _, signature = signed({**claims, "sub": "4712"}).split(".")
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"{head}.{body}.{signature}"


@pytest.mark.parametrize(
    "sign",
    [
        of_none,
        with_the_public_key,
        altered,
        lambda claims: signed(claims, key="two"),
        lambda claims: signed(claims, key="two", kid="one"),
        lambda claims: signed(claims).rpartition(".")[0] + ".",
        lambda claims: "words",
        lambda claims: {"alg": "RS256"},
        lambda claims: None,
    ],
    ids=["none", "HS256", "altered", "unknown key", "another key", "no signature", "words", "an object", "nothing"],
)
def test_what_no_published_key_has_signed_signs_nobody_in(client, exchange, sign):
    exchange.sign = sign
    assert is_refused(client, come_back(client, leave(client)))


@pytest.mark.parametrize(
    "keys",
    [
        [],
        [public_key("two")],
        [public_key("one", use="enc")],
        [{"kty": "oct", "kid": "one", "alg": "HS256", "k": "c2hhcmVk"}],
        [public_key("one"), public_key("two", kid="one")],
        ["one"],
    ],
    ids=["none", "another", "for something else", "a shared one", "two of a name", "no key"],
)
def test_a_token_whose_key_is_not_published_signs_nobody_in(client, exchange, keys):
    exchange.keys = keys
    assert is_refused(client, come_back(client, leave(client)))


@pytest.mark.parametrize("algorithm", ["RS256", "RS512", "PS256"])
def test_a_key_need_not_name_its_algorithm(client, exchange, algorithm):
    published = public_key("one")
    del published["alg"]
    exchange.keys = [{"kty": "EC", "kid": "one", "crv": "P-256"}, published]
    exchange.sign = lambda claims: signed(claims, algorithm=algorithm)
    come_back(client, leave(client))
    assert person_in(client) is not None


def test_a_key_that_names_an_algorithm_signs_with_no_other(client, exchange):
    exchange.sign = lambda claims: signed(claims, algorithm="PS256")
    assert is_refused(client, come_back(client, leave(client)))


def test_a_new_key_is_known_at_once(client, exchange):
    exchange.keys.append(public_key("two"))
    exchange.sign = lambda claims: signed(claims, key="two")
    come_back(client, leave(client))
    assert person_in(client) is not None


def test_clocks_may_differ_a_little(client, exchange):
    now = int(time.time())
    exchange.bend = {"iat": now + 30, "exp": now - 30}
    come_back(client, leave(client))
    assert person_in(client) is not None


# The visit


def test_what_is_asked_names_nothing_but_ours(client, exchange, settings):
    settings.SITE_URL = "https://help.northgate.example"
    more = "?auth_params=redirect_uri%3Dhttps%3A%2F%2Fevil.example%26nonce%3Dx%26state%3Dx&scope=admin"
    answer = client.post(f"{at('openid_connect_login')}{more}")
    asked = answer.headers["Refresh"]
    assert "redirect_uri=https%3A%2F%2Fhelp.northgate.example%2Faccount%2Fexchange%2Fcallback%2F" in asked
    assert "evil.example" not in asked
    assert "admin" not in asked
    assert asked.count("nonce=") == asked.count("state=") == 1


def test_each_visit_asks_for_its_own_signature(client, exchange):
    visits = [leave(client) for _ in range(3)]
    for name in ("state", "nonce", "code_challenge"):
        assert len({asked[name][0] for asked in visits}) == 3
    assert {asked["code_challenge_method"][0] for asked in visits} == {"S256"}


def test_an_answer_counts_once(client, exchange):
    asked = leave(client)
    come_back(client, asked)
    first = person_in(client)
    client.logout()
    assert come_back(client, asked).status_code == 401
    assert (person_in(client), exchange.asked[1:]) == (None, [])
    assert first is not None


def test_a_code_of_another_visit_is_no_use(client, exchange):
    """Somebody has got hold of the code that the exchange gave another browser."""
    stolen, own = leave(Client()), leave(client)
    answer = client.get(BACK, {"state": own["state"][0], "code": code_for(stolen)})
    assert is_refused(client, answer)


def test_a_token_of_another_visit_is_none_of_this(client, exchange):
    stolen, own = leave(Client()), leave(client)
    exchange.bend = {"nonce": stolen["nonce"][0]}
    assert is_refused(client, come_back(client, own))


def test_whoever_takes_too_long_begins_again(client, exchange):
    asked = leave(client)
    with time_machine.travel(time.time() + 11 * 60):
        assert is_refused(client, come_back(client, asked))


# Whose account


def test_a_tie_leads_to_its_own_account_whatever_address_the_exchange_tells(client, exchange):
    come_back(client, leave(client))
    own = User.objects.get()
    victim = member("olga@example.org")
    exchange.claims["email"] = victim.email
    other = Client()
    come_back(other, leave(other))
    assert person_in(other) == own.pk
    assert (User.objects.get(pk=own.pk).email, User.objects.get(pk=victim.pk).email) == (
        "toma@example.com",
        victim.email,
    )
    assert not EmailAddress.objects.filter(user=own, email=victim.email).exists()


def test_an_address_that_has_changed_hands_opens_nobodys_account(client, exchange):
    """At the exchange somebody else has the address now; the account here is tied to who had it."""
    come_back(client, leave(client))
    exchange.claims |= {"sub": "4712"}
    other = Client()
    come_back(other, leave(other))
    assert person_in(other) is None
    assert SocialAccount.objects.get().uid == "4711"
    assert [message.subject for message in mail.outbox] == ["You have an account already"]


def test_an_unproven_address_ties_nobody_to_a_traders_account(client, exchange):
    person = member()
    exchange.claims["email_verified"] = False
    come_back(client, leave(client))
    client.post(reverse("socialaccount_signup"), {"email": person.email})
    assert person_in(client) is None
    assert not SocialAccount.objects.exists()
    assert User.objects.get().check_password(PASSWORD)
