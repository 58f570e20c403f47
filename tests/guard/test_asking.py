"""No text of ours asks a person for a secret, in twelve languages; warnings and instructions go out.

`asking.toml` holds labelled replies, written for these tests, `asking_later.toml` such that were written after the word
lists, `asking_moods.toml` those that ask in other ways than by a verb, `outbound_cases.json` replies that others
labelled.
"""

import io
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from supportdesk import guard
from supportdesk.guard import Asked, phrases
from supportdesk.settings.languages import SHIPPED

CASES = tomllib.loads((Path(__file__).parent / "asking.toml").read_text(encoding="utf-8"))
LATER = tomllib.loads((Path(__file__).parent / "asking_later.toml").read_text(encoding="utf-8"))
MOODS = tomllib.loads((Path(__file__).parent / "asking_moods.toml").read_text(encoding="utf-8"))
GIVEN = json.loads((Path(__file__).parent / "outbound_cases.json").read_text(encoding="utf-8"))["cases"]
LANGUAGES = [code for code, _ in SHIPPED]
RECALL, FALSE_BLOCKS = 0.95, 0.02


def kinds(text: str) -> set[str]:
    return {finding.kind.value for finding in guard.asks_secret(text)}


# Labelled replies


def test_every_language_has_its_cases() -> None:
    assert list(CASES) == LANGUAGES
    assert all(len(cases["asks"]) >= 12 and len(cases["safe"]) >= 12 for cases in CASES.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_requests_are_found_with_their_kind(language: str) -> None:
    asks = [case.split(": ", 1) for case in CASES[language]["asks"]]
    missed = [text for kind, text in asks if kind not in kinds(text)]
    assert len(missed) <= len(asks) * (1 - RECALL), missed


@pytest.mark.parametrize("language", LANGUAGES)
def test_statements_pass(language: str) -> None:
    blocked = [text for text in CASES[language]["safe"] if kinds(text)]
    assert len(blocked) <= len(CASES[language]["safe"]) * FALSE_BLOCKS, blocked


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_request_is_found_behind_statements_and_before_them(language: str) -> None:
    """A warning in one sentence does not excuse a request in another."""
    safe, asks = CASES[language]["safe"], CASES[language]["asks"]
    texts = [
        (kind, "\n\n".join([safe[n % len(safe)], text, safe[(n + 1) % len(safe)]]))
        for n, (kind, text) in enumerate(case.split(": ", 1) for case in asks)
    ]
    missed = [text for kind, text in texts if kind not in kinds(text)]
    assert len(missed) <= len(texts) * (1 - RECALL), missed


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_statements_in_one_reply_pass(language: str) -> None:
    assert not kinds("\n\n".join(CASES[language]["safe"]))


def test_the_lists_reach_further_than_the_replies_they_were_written_with() -> None:
    missed = [text for text in LATER["asks"] if not kinds(text)]
    blocked = [text for text in LATER["safe"] if kinds(text)]
    assert len(missed) <= len(LATER["asks"]) * (1 - RECALL), missed
    assert len(blocked) <= len(LATER["safe"]) * FALSE_BLOCKS, blocked


@pytest.mark.parametrize("language", LANGUAGES)
def test_requests_in_any_mood_are_found_and_what_looks_like_them_passes(language: str) -> None:
    """Of 28 that ask at most two are missed, of 32 that do not at most one is stopped."""
    assert len([text for text in MOODS[language]["asks"] if not kinds(text)]) <= 2
    assert len([text for text in MOODS[language]["safe"] if kinds(text)]) <= 1


@pytest.mark.parametrize(
    "text",
    [
        "Please fill in:\nName:\nPassword:",
        "Name: ____\nPassword: ____",
        "お名前：\n秘密鍵：\n発生日時：",
    ],
)
def test_an_empty_line_of_a_form_asks(text: str) -> None:
    assert kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "Never send us:\nPassword:\nPIN:",
        "Password:\nYou can change it on the page of your account.",
        "Name:\nPassword (do not fill in):",
    ],
)
def test_other_labels_do_not(text: str) -> None:
    assert not kinds(text)


def test_a_condition_asks_where_we_cannot_go_on() -> None:
    assert kinds("Without your seed phrase we cannot lift the block.") == {"seed_phrase"}
    assert not kinds("Without your seed phrase nobody can open the wallet.")


def test_a_card_number_is_asked_for_but_not_its_end() -> None:
    assert kinds("Please send us your card number and the CVV.") == {"card"}
    assert not kinds("Please send us the last four digits of your card number.")


def test_a_part_of_a_key_and_a_picture_without_codes_may_be_asked_for() -> None:
    assert not kinds("Please give us the last 4 characters of the API key so that we can find it in the log.")
    assert not kinds("Please send a screenshot of the withdrawal page without your codes.")
    assert kinds("We can't unlock the account without your code.") == {"code"}


def test_a_warning_does_not_excuse_an_exception_to_it() -> None:
    assert kinds("Never share your password. In this case, however, please reply with it.") == {"password"}
    assert not kinds("Never share your password. Please reply with the order number.")


def test_a_test_transfer_to_us_is_asked_for_but_not_one_to_oneself() -> None:
    assert kinds("Please make a test transfer of 5 USDT to the address I send you.") == {"test_transfer"}
    assert not kinds("Make a small test transfer to your own address first.")
    assert not kinds("Please send a small test withdrawal from your wallet if you are not sure about the address.")


@pytest.mark.parametrize("case", GIVEN, ids=lambda case: case["id"])
def test_replies_that_others_labelled_are_judged_alike(case: dict[str, str]) -> None:
    text = case["text"]
    verdict = "block" if guard.asks_secret(text) else "warn" if guard.asks_document(text) else "allow"
    assert verdict == case["expect"]


# Disguises


@pytest.mark.parametrize(
    "text",
    [
        "Please send us your p\u0430ssw\u043erd.",  # Cyrillic а and о
        "Please send us your p\u200bass\u200dword.",
        "Ｐｌｅａｓｅ ｓｅｎｄ ｕｓ ｙｏｕｒ ｐａｓｓｗｏｒｄ",
        "PLEASE SEND US YOUR PASSWORD!",
        "Please send us your &#112;assword.",
        "Please\u00a0send\tus your\npassword.",
        "Please send us your **password**.",
        "Пришлите нам ваш п\u0061р\u006fль.",  # Latin a and o
        "請將\u200b密\u200b碼發給我們。",
    ],
)
def test_disguised_words_are_read(text: str) -> None:
    assert "password" in kinds(text)


def test_a_finding_points_at_the_name_in_the_original() -> None:
    text = "Hello 👋🏽\u200b, ｓｅｎｄ us your pass\u200bword now."
    (finding,) = guard.asks_secret(text)
    assert text[finding.start : finding.end] == "pass\u200bword"
    assert finding.kind is Asked.PASSWORD


def test_two_requests_are_two_findings_in_order() -> None:
    found = guard.asks_secret("Send us your password. What is your seed phrase?")
    assert [finding.kind for finding in found] == [Asked.PASSWORD, Asked.SEED_PHRASE]


def test_items_of_a_list_share_its_verb() -> None:
    asked = "Please send us:\n1. your password\n2. your private key\n3. the transaction hash"
    assert kinds(asked) == {"password", "private_key"}
    assert not kinds(asked.replace("Please", "Never"))


@pytest.mark.parametrize(
    "text",
    [
        "Please send us the ID of your API key, not the key itself.",
        "Please tell us the name of your API key.",
        "Send us the error code that you see.",
        "Which password manager do you use?",
        "Please send me the promo code.",
        "Send us the public key.",
        "Our official Telegram channel has announcements.",
        "Your line of credit was extended.",
        "",
        "?",
    ],
)
def test_neighbours_of_secrets_pass(text: str) -> None:
    assert not kinds(text)


def test_a_document_is_another_question() -> None:
    text = "Please send us a photo of your passport."
    assert not guard.asks_secret(text)
    assert [finding.kind for finding in guard.asks_document(text)] == [Asked.IDENTITY_DOCUMENT]
    assert not guard.asks_document("Do not send us your passport.")


@pytest.mark.parametrize("letters", phrases._LETTERS.values())
def test_no_character_is_a_letter_and_a_gap(letters: str) -> None:
    """Otherwise a hostile text makes the patterns try very many ways to part it."""
    assert not re.search(f"[{letters}]", phrases._GAP.strip("[]"))


# Any text


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.text(max_size=300)
    | st.lists(st.sampled_from([*" .,:;\n?", "send us", "password", "密码", "пароль"])).map("".join)
)
def test_any_text_is_read_and_spans_are_in_it(text: str) -> None:
    for finding in guard.asks_secret(text):
        assert 0 <= finding.start < finding.end <= len(text)


# The command


def run(*messages: Any, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    lines = [message if isinstance(message, str) else json.dumps(message) for message in messages]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    out = io.StringIO()
    call_command("guard", stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_command_answers_each_line(monkeypatch: pytest.MonkeyPatch) -> None:
    phrase = " ".join(["abandon"] * 11 + ["about"])
    answers = run(
        {"id": "a", "direction": "inbound", "language": "en", "text": f"My phrase: {phrase}"},
        {"id": "b", "direction": "inbound", "language": "xx", "text": "Where is my deposit?"},
        {"id": "c", "direction": "outbound", "language": "zh", "text": "请提供您的密码。"},
        "",
        {"id": "d", "direction": "outbound", "language": "en", "text": "Please upload your passport."},
        {"id": "e", "direction": "outbound", "language": "en", "text": "We never ask for your password."},
        {"id": "f", "direction": "outbound", "language": "en", "text": f"You wrote: {phrase}"},
        monkeypatch=monkeypatch,
    )
    assert [answer["verdict"] for answer in answers] == ["redacted", "pass", "block", "warn", "pass", "block"]
    assert phrase not in answers[0]["text"]
    assert answers[0]["findings"] == [{"type": "mnemonic", "start": 11, "end": 11 + len(phrase)}]
    assert answers[2]["text"] == "请提供您的密码。"
    assert answers[2]["findings"] == [{"type": "password", "start": 5, "end": 7}]


@pytest.mark.parametrize("line", ["{", "[]", '{"direction": "sideways", "text": ""}', '{"direction": "inbound"}'])
def test_the_command_names_the_line_that_it_cannot_read(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="Line 2"):
        run({"direction": "inbound", "text": "x"}, line, monkeypatch=monkeypatch)


# Replies by other hands that had not seen the word lists (`*_outbound_*.json`); the second halves nobody read


@pytest.mark.parametrize(
    ("name", "blocked", "passed"),
    [
        ("sixth_outbound_read", 34, 38),  # of 34 that ask and 38 that do not
        ("sixth_outbound_unread", 23, 43),  # of 26 and 46
        ("seventh_outbound_read", 48, 71),  # of 49 and 71
        ("seventh_outbound_unread", 45, 52),  # of 59 and 61
    ],
)
def test_what_is_reached_on_replies_by_others_is_not_lost(name: str, blocked: int, passed: int) -> None:
    replies = json.loads((Path(__file__).parent / f"{name}.json").read_text(encoding="utf-8"))
    assert sum(bool(kinds(reply["text"])) for reply in replies if reply["asks"]) >= blocked
    assert sum(not kinds(reply["text"]) for reply in replies if not reply["asks"]) >= passed
