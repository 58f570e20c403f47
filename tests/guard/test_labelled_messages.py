"""Labelled messages, whose secrets are random (`cases.json`), and the articles of a real help centre."""

import json
from pathlib import Path

import pytest

from supportdesk import guard
from tests.guard.made import cleaned
from tests.services import need_corpus

CASES = json.loads((Path(__file__).parent / "cases.json").read_text(encoding="utf-8"))["cases"]
SECRETS = [case for case in CASES if case["expect"] == "redact"]
CLEAN = [case for case in CASES if case["expect"] != "redact"]


@pytest.mark.parametrize("case", SECRETS, ids=lambda case: case["id"])
def test_every_labelled_secret_is_gone_and_what_must_be_kept_is_there(case):
    text = cleaned(case["text"])
    assert [secret["value"] for secret in case["secrets"] if secret["value"] in text] == []
    assert [kept for kept in case["must_keep"] if kept not in text] == []


@pytest.mark.parametrize("case", CLEAN, ids=lambda case: case["id"])
def test_clean_messages_are_not_altered(case):
    assert cleaned(case["text"]) == case["text"]


@pytest.mark.corpus
def test_articles_of_a_real_help_centre_are_not_altered():
    """At most one in two thousand paragraphs."""
    files = sorted(need_corpus().glob("corpus/*/*.md"))
    paragraphs = [part for file in files for part in file.read_text(encoding="utf-8").split("\n\n") if part.strip()]
    altered = [paragraph for paragraph in paragraphs if guard.findings(paragraph)]
    assert len(paragraphs) > 10_000
    assert len(altered) <= len(paragraphs) * 0.0005
