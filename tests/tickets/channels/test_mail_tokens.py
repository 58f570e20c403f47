"""A reply token says who may add to which ticket, cannot be guessed or changed, and survives its way."""

import re
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickets.channels.mail import tokens
from tickets.channels.mail.tokens import Claim

KEY = b"a key of the tests, thirty-two b"
TICKET = "k3v9q2x7m4pa"

quick = settings(max_examples=60, deadline=None, derandomize=True)
people = st.integers(min_value=0, max_value=2**40)


@quick
@given(ticket=st.text("abcdefghjkmnpqrstuvwxyzABC0123456789-_", min_size=1, max_size=20), person=people)
def test_a_token_says_what_was_signed(ticket, person):
    assert tokens.read(tokens.sign(ticket, person, key=KEY), key=KEY) == Claim(ticket, person)


@quick
@given(identity=st.uuids(), person=people)
def test_a_long_id_of_hexadecimal_digits_fits_into_an_address(identity, person):
    token = tokens.sign(str(identity), person, key=KEY)
    assert tokens.read(token, key=KEY) == Claim(str(identity), person)
    assert len(f"help+{token}") <= 64


def test_a_token_is_safe_in_a_local_part_and_bears_folded_case():
    token = tokens.sign(TICKET, 7, key=KEY)
    assert re.fullmatch("[a-z2-7]+", token)
    assert len(f"support+{token}") <= 64
    assert tokens.read(token.upper(), key=KEY) == Claim(TICKET, 7)


@quick
@given(place=st.integers(min_value=0, max_value=200), character=st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_a_token_with_another_character_says_nothing(place, character):
    token = tokens.sign(TICKET, 7, key=KEY)
    at = place % len(token)
    changed = token[:at] + character + token[at + 1 :]
    assert changed == token or tokens.read(changed, key=KEY) is None


@pytest.mark.parametrize("token", ["", "a", "k3v9q2x7m4pa", "=" * 40, "é" * 40, "a" * 60, "1" * 40, "a b", "\0" * 30])
def test_what_is_no_token_says_nothing(token):
    assert tokens.read(token, key=KEY) is None


def test_a_token_cut_short_or_made_with_another_key_says_nothing():
    token = tokens.sign(TICKET, 7, key=KEY)
    assert tokens.read(token[:-1], key=KEY) is None
    assert tokens.read(token + "a", key=KEY) is None
    assert tokens.read(token, key=b"another key") is None


def test_an_id_that_would_not_fit_into_an_address_is_refused():
    with pytest.raises(ValueError, match="too long"):
        tokens.sign("x" * 21, 7, key=KEY)


def test_tokens_are_found_in_our_addresses_only():
    token = tokens.sign(TICKET, 7, key=KEY)
    addresses = [f"help+{token.upper()}@support.example", f"help+{token}@elsewhere.example", "help@support.example"]
    assert tokens.in_addresses(addresses, domain="Support.example") == (token,)
    assert tokens.in_addresses(addresses) == (token,)
    assert tokens.in_addresses([f"x+{token}@a.example@support.example"], domain="support.example") == ()


def test_tokens_are_found_in_the_ids_that_a_message_answers():
    first, second = (tokens.sign(TICKET, person, key=KEY) for person in (7, 8))
    ids = [tokens.message_id(token, uuid.uuid4().hex, "support.example") for token in (first, second)]
    field = f"{ids[0]} <a.b@elsewhere.example>\r\n\t{ids[1].upper()}"
    assert tokens.in_message_ids(field, domain="support.example") == (second, first)
    assert tokens.in_message_ids(field, domain="elsewhere.example") == ()


def test_a_field_full_of_tokens_gives_few():
    field = " ".join(tokens.message_id(tokens.sign(TICKET, n, key=KEY), "r", "support.example") for n in range(100))
    assert len(tokens.in_message_ids(field)) == tokens.MOST_FOUND
