"""Messages by somebody who had read what the guard must do and not how it does it.

`fifth_read.json`: 150 messages in twelve languages, half of what was written; secrets are random, people are invented.
`fifth_unread.json`: the other half, which was measured when the rules were made; only its three seed phrases that were
missed then have been read.
"""

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.guard.made import cleaned

FOLDER = Path(__file__).parent
CASES = json.loads((FOLDER / "fifth_read.json").read_text(encoding="utf-8"))
UNREAD = json.loads((FOLDER / "fifth_unread.json").read_text(encoding="utf-8"))
REACHED = {
    "api_key": 4,  # of 6
    "api_secret": 5,  # of 6
    "card": 5,  # of 6
    "iban": 1,
    "jwt": 1,
    "mnemonic": 36,
    "otp_code": 11,  # of 14
    "otpauth": 2,
    "password": 8,  # of 14
    "pem": 2,
    "private_key": 13,
    "session_cookie": 3,
    "totp_secret": 4,  # of 5
}
SECRETS = [(case, secret) for case in CASES for secret in case["secrets"]]
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


@pytest.mark.parametrize("kind", REACHED)
def test_what_is_reached_on_messages_that_nobody_read_is_not_lost(kind):
    secrets = [(case, secret) for case in UNREAD for secret in case["secrets"] if secret["type"] == kind]
    assert sum(secret["value"] not in cleaned(case["text"]) for case, secret in secrets) >= REACHED[kind]


def test_no_clean_message_that_nobody_read_is_altered():
    clean = [case["text"] for case in UNREAD if case["expect"] != "redact"]
    assert clean
    assert [text for text in clean if cleaned(text) != text] == []
