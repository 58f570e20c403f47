"""Messages by somebody who had read what the guard must do and not how it does it.

`fifth_read.json`: 150 messages in twelve languages, half of what was written; secrets are random, people are invented.
`fifth_unread.json`: the other half, which was measured when the rules were made; only its three seed phrases that were
missed then have been read. `sixth_read.json` and `sixth_unread.json`: the same by another hand, 300 messages, of which
the second half has only ever been measured. `seventh_read.json` and `seventh_unread.json`: 300 by a third one.
"""

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.guard.made import cleaned

FOLDER = Path(__file__).parent


def messages(name: str) -> list[dict]:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def secrets_in(cases: list[dict]) -> list[tuple[dict, dict]]:
    return [(case, secret) for case in cases for secret in case.get("secrets_typed", case["secrets"])]


CASES = [*messages("fifth_read.json"), *messages("sixth_read.json"), *messages("seventh_read.json")]
UNREAD = {name: messages(f"{name}_unread.json") for name in ("fifth", "sixth", "seventh")}
REACHED = {
    "fifth": {
        "api_key": 6,
        "api_secret": 6,
        "card": 5,  # of 6
        "iban": 1,
        "jwt": 1,
        "mnemonic": 36,
        "otp_code": 14,
        "otpauth": 2,
        "password": 13,  # of 14
        "pem": 2,
        "private_key": 13,
        "session_cookie": 3,
        "totp_secret": 5,
    },
    "sixth": {
        "api_key": 11,
        "api_secret": 11,
        "backup_code": 11,
        "card": 5,
        "cvv": 4,  # of 5
        "mnemonic": 3,
        "otp": 32,
        "password": 18,  # of 27
        "private_key": 3,
        "private_key_solana": 1,
        "session": 1,
        "totp_secret": 3,
    },
    "seventh": {
        "api_key_id": 9,  # of 11
        "api_secret": 9,  # of 11
        "backup_code": 3,  # of 5
        "card": 3,
        "mnemonic": 4,
        "otp": 9,  # of 11
        "otpauth": 3,
        "password": 29,  # of 39
        "pem": 1,
        "private_key": 3,  # of 4
        "session": 1,
        "totp_secret": 5,
    },
}
SECRETS = secrets_in(CASES)
CLEAN = [case for case in CASES if case["expect"] != "redact"]


@pytest.mark.parametrize("kind", sorted({secret["type"] for _, secret in SECRETS}))
def test_every_secret_of_a_kind_is_gone(kind):
    found = Counter(secret["value"] not in cleaned(case["text"]) for case, secret in SECRETS if secret["type"] == kind)
    assert found[False] == 0


def test_no_word_of_a_phrase_is_left_beside_another():
    for case, secret in SECRETS:
        parts, text = secret.get("parts") or [], cleaned(case["text"])
        assert [part for part in parts if len(parts) > 1 and part in text][3:] == []


@pytest.mark.parametrize("case", CLEAN, ids=lambda case: case["id"])
def test_messages_without_a_secret_stay(case):
    assert cleaned(case["text"]) == case["text"]


def test_what_stands_beside_a_secret_stays():
    kept = [(case["text"], words) for case in CASES for words in case.get("must_keep") or []]
    assert kept
    assert [words for text, words in kept if words not in cleaned(text)] == []


@pytest.mark.parametrize(("name", "kind"), [(name, kind) for name in REACHED for kind in REACHED[name]])
def test_what_is_reached_on_messages_that_nobody_read_is_not_lost(name, kind):
    secrets = [(case, secret) for case, secret in secrets_in(UNREAD[name]) if secret["type"] == kind]
    assert sum(secret["value"] not in cleaned(case["text"]) for case, secret in secrets) >= REACHED[name][kind]


@pytest.mark.parametrize("name", UNREAD)
def test_no_clean_message_that_nobody_read_is_altered(name):
    clean = [case["text"] for case in UNREAD[name] if case["expect"] != "redact"]
    assert clean
    assert [text for text in clean if cleaned(text) != text] == []
