"""Texts and recordings of a browser are kept without their secrets."""

import json
from typing import Any

import pytest

from tests.tickets.attached import HAR, PHRASE, refusal
from tickets.attachments import examine


def test_a_text_is_kept_without_its_secrets() -> None:
    found = examine("notes.log", f"my phrase: {PHRASE}\nwhy?\n".encode())
    assert PHRASE.encode() not in found.data
    assert found.data.endswith(b"\nwhy?\n")
    assert [finding.kind.value for finding in found.text_findings] == ["mnemonic"]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_texts_become_utf_8(codec: str) -> None:
    assert examine("a.csv", "id,名前\n1,山田\n".encode(codec)).data == "id,名前\n1,山田\n".encode()


def test_json_is_kept_as_it_is_written() -> None:
    data = b'{"b":1,\n\n  "a":[1.50,2]}'
    assert examine("a.json", data).data == data


@pytest.mark.parametrize(
    "written",
    [
        json.dumps({"a": PHRASE.replace("a", "\\u0061")}).replace("\\\\", "\\"),
        json.dumps({"a": [{"b": PHRASE.replace(" ", "\n")}]}),
        json.dumps({"a": PHRASE}),
    ],
)
def test_escapes_of_json_hide_no_secret(written: str) -> None:
    found = examine("a.json", written.encode())
    assert "abandon" not in json.dumps(json.loads(found.data))


@pytest.mark.parametrize("name", ["session.har", "session.json", "session.txt", "session"])
def test_a_recording_of_a_browser_is_kept_without_its_session(name: str) -> None:
    found = examine(name, json.dumps(HAR).encode())
    assert b"CANARY" not in found.data
    entries = json.loads(found.data)["log"]["entries"]
    assert entries[0]["response"]["status"] == 403
    assert entries[0]["request"]["url"].startswith("https://northgate.example/api/order")
    assert {"name": "Accept", "value": "application/json"} in entries[0]["request"]["headers"]
    assert "rejected" in entries[1]["response"]["content"]["text"]
    assert found.blanked == 11


@pytest.mark.parametrize("entries", [None, 3, [None], [[]], [{"request": []}], [{"request": {"cookies": {"a": 1}}}]])
def test_a_recording_of_another_shape_is_no_error(entries: Any) -> None:
    assert examine("a.har", json.dumps({"log": {"entries": entries}}).encode()).blanked == 0


def test_a_broken_recording_is_refused() -> None:
    assert refusal("a.har", json.dumps(HAR).encode()[:-5]) == "not_json"
    assert refusal("a.txt", json.dumps(HAR).encode()[:-5]) == "not_json"
    assert refusal("a.har", b"[" * 100_000) == "not_json"


def test_deep_json_is_only_a_text() -> None:
    assert examine("a.json", b"[" * 100_000 + b"]" * 100_000).content_type == "application/json"


def test_json_that_is_nested_deeply_does_not_grow() -> None:
    data = b'["\\u0041", ' + b"[" * 200 + b"1, " * 1000 + b"1" + b"]" * 200 + b"]"
    assert examine("a.json", data).data == data
    entries = b'{"log": {"entries": [{"startedDateTime": "", "request": {"url": "https://a.example/?b"}}], "x": '
    found = examine("a.har", entries + data + b"}}")
    assert found.blanked == 1
    assert len(found.data) < 2 * len(data)


def test_a_recording_of_very_many_parts_is_not_read() -> None:
    assert refusal("a.har", b'["startedDateTime"' + b",[]" * 1_100_000 + b"]") == "text_too_large"
