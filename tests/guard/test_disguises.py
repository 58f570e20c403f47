"""A secret is found in the forms that programs give it on the way: addresses, JSON, web pages, base64, broken lines,
characters that nobody sees."""

import base64
import json
import random
from urllib.parse import quote, quote_plus

import pytest

from supportdesk import guard
from tests.guard.made import BODY, OTPAUTH, base58check, cleaned, numbered, phrase, seeded_phrases, token, work

WORDS = phrase("english", random.Random(11).randbytes(16))
PHRASE = " ".join(WORDS)
REMOVED = "[seed phrase removed]"

FORMS = {
    "smart quotes": lambda words: " ".join(f"“{word}”" for word in words),
    "corner brackets": lambda words: "".join(f"「{word}」" for word in words),
    "Arabic commas": "، ".join,
    "arrows": " → ".join,
    "plus signs": "+".join,
    "underscores": "_".join,
    "ticks": " ✅ ".join,
    "braille blanks": "\u2800".join,
    "keycaps": numbered("{}\ufe0f\u20e3 {}\n"),
    "labels": numbered("word {}: {}\n"),
    "keys of JSON": lambda words: json.dumps(dict(enumerate(words))),
    "line ends of JSON": r"\n".join,
    "a list of a web page": lambda words: "".join(f"<li>{word}</li>" for word in words),
    "cells of a web page": lambda words: "</td><td>".join(words),
    "percent signs": lambda words: quote(" ".join(words)),
    "letters": lambda words: "\n".join(f"{chr(97 + n)}. {word}" for n, word in enumerate(words)),
    "Roman numbers": lambda words: "\n".join(f"{'x' * (n % 3)}iv. {word}" for n, word in enumerate(words)),
    "Korean counters": numbered("{}번 {} "),
    "Korean counters without blanks": numbered("{}번{} "),
    "Chinese ordinals": lambda words: (
        "".join(f"第{number}个{word}" for number, word in zip("一二三四五六七八九十", words, strict=False))
        + f"第十一个{words[10]}第十二个{words[11]}"
        if len(words) == 12
        else " ".join(words)
    ),
    "a list that ends in and": lambda words: f"{', '.join(words[:-1])} and {words[-1]}",
    "four letters of each": lambda words: " ".join(word[:4] for word in words),
    "look-alikes of another script": lambda words: " ".join(words).translate(str.maketrans("aeo", "аео")),
    "a query": lambda words: quote_plus(" ".join(words)),
    "escapes of JSON": lambda words: "".join(f"\\u{ord(letter):04x}" for letter in " ".join(words)),
    "base64": lambda words: base64.b64encode(" ".join(words).encode()).decode(),
    "base64 in lines": lambda words: base64.encodebytes(" ".join(words).encode()).decode().strip(),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_phrase_is_found_in_the_forms_that_programs_give_it(form):
    for words in seeded_phrases("english", 5):
        before, found, after = cleaned(f"it: {FORMS[form](words)} .").partition(REMOVED)
        assert found
        assert [word for word in words if word in before.replace("word", "") + after] == []


@pytest.mark.parametrize(
    "form", ["我的助记词是{}请帮我", "私のフレーズは{}です", "시드 구문은 {}입니다", "кошелёк{}не открывается"]
)
def test_an_english_phrase_in_a_sentence_without_blanks_is_removed_whole(form):
    assert cleaned(form.format(PHRASE)) == form.format(REMOVED)


@pytest.mark.parametrize("form", ["助记词：{}，帮我恢复", "錢包助記詞是{}", "恢复短语 {} 请查"])
@pytest.mark.parametrize("language", ["chinese_simplified", "chinese_traditional"])
def test_a_chinese_phrase_without_blanks_is_found_behind_its_name(form, language):
    for words in seeded_phrases(language, 5, 12):
        assert cleaned(form.format("".join(words))) == form.format(REMOVED)


def test_chinese_prose_behind_the_name_of_a_phrase_stays():
    text = "助记词是什么意思我不太明白请你们告诉我一下好吗"
    assert cleaned(text) == text


@pytest.mark.parametrize(
    ("language", "form"), [("japanese", "フレーズは{}です"), ("korean", "복구 문구는 {}입니다")], ids=["ja", "ko"]
)
def test_a_phrase_that_touches_the_sentence_around_it_is_removed_whole(language, form):
    for words in seeded_phrases(language, 5, 12):
        assert cleaned(form.format(" ".join(words))) == form.format(REMOVED)


HIDDEN = [
    "\u034f",
    "\ufe0f",
    "\u180b",
    "\u115f",
    "\u3164",
    "\uffa0",
    "\U000e0101",
    "\x00",
    "\x08",
    "\x1b",
    "\x7f",
    "\x90",
]


@pytest.mark.parametrize("hidden", HIDDEN, ids=ascii)
def test_what_nobody_sees_hides_no_secret(hidden):
    key = base58check("80", random.Random(7).randbytes(32) + b"\x01")
    inside = " ".join(word[0] + hidden + word[1:] for word in WORDS)
    assert cleaned(f"a {inside} b") == f"a {REMOVED} b"
    assert cleaned(f"a {key[:5]}{hidden}{key[5:]} b") == "a [private key removed] b"


LONG_TOKEN = token({"alg": "HS256"}).replace(".", "." + "eyJzdWIiOiAiOTYzNjMzIiwg" * 6, 1)
LONG = base58check("0488ade4", random.Random(8).randbytes(41) + b"\0" + random.Random(9).randbytes(32))


@pytest.mark.parametrize("columns", [64, 76, 80])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\n> ", " \n  "])
@pytest.mark.parametrize(("secret", "note"), [(LONG, "[private key removed]"), (LONG_TOKEN, "[access token removed]")])
def test_a_key_that_a_program_broke_into_lines_is_removed(secret, note, end, columns):
    lines = end.join(secret[place : place + columns] for place in range(0, len(secret), columns))
    assert cleaned(f"see {lines} end") == f"see {note} end"


@pytest.mark.parametrize("before", ["token_", "Bearer-", "x", r"\n"])
def test_a_token_is_found_right_after_another_word(before):
    assert cleaned(f"{before}{token({'alg': 'HS256'})} end") == f"{before}[access token removed] end"


@pytest.mark.parametrize("header", ['{ "alg":"HS256"}', '{\n  "alg": "HS256"\n}', '{\r\n "alg":"none"}'])
def test_the_first_part_of_a_token_may_be_written_with_blanks(header):
    first = base64.urlsafe_b64encode(header.encode()).decode().rstrip("=")
    assert cleaned(f"a {first}.eyJzdWIiOjF9.abc b") == "a [access token removed] b"


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("—--BEGIN RSA PRIVATE KEY—--", "—--END RSA PRIVATE KEY—--"),
        ("----- BEGIN PRIVATE KEY -----", "----- END PRIVATE KEY -----"),
        ("-----begin private key-----", "-----end private key-----"),
        ("-----BEGIN  EC\nPRIVATE  KEY-----", "-----END  EC\nPRIVATE  KEY-----"),
        ("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----", "---- END SSH2 ENCRYPTED PRIVATE KEY ----"),
        ("PuTTY-User-Key-File-3: ssh-ed25519", "Private-MAC: 0123456789abcdef"),
    ],
)
def test_private_keys_in_other_frames_are_removed(begin, end):
    assert cleaned(f"文件：\n{begin}\n{BODY}\n{end}\nthanks") == "文件：\n[private key removed]\nthanks"


def test_a_private_key_in_base64_is_removed():
    key = base64.b64encode(f"-----BEGIN PRIVATE KEY-----\n{BODY}\n-----END PRIVATE KEY-----".encode()).decode()
    assert cleaned(f"tls.key: {key}\nkind: Secret") == "tls.key: [private key removed]\nkind: Secret"


@pytest.mark.parametrize(
    "address",
    [
        quote(OTPAUTH, safe=""),
        OTPAUTH.replace("/", r"\/"),
        OTPAUTH.replace("Northgate:", "Northgate Exchange:"),
        OTPAUTH.replace("&", "&amp;"),
    ],
)
def test_the_address_of_an_authenticator_is_found_where_it_was_rewritten(address):
    assert cleaned(f"chl={address} end") == "chl=[two-factor secret removed] end"


@pytest.mark.parametrize(
    "text",
    [
        "https://help.northgate.example/search?q=open%20orders+and%20margin%E2%9C%93",
        r'{"path": "C:\\Users\\new\\report.txt", "note": "a\u00e9b"}',
        "<p>Price < 3 and > 2</p>",
        base64.b64encode(b"an ordinary sentence about an order that was filled twice").decode(),
        "0x" + "ab" * 32 + "\n" + "cd" * 32,
        "PuTTY is what I use; the PRIVATE KEY page says BEGIN here -- and END there",
    ],
)
def test_what_holds_no_secret_stays_as_it_is_written(text):
    assert cleaned(text) == text


PACKED = {
    "percent signs": "%61%",
    "backslashes": "\\",
    "escapes": r"\u0061",
    "tags": "<a",
    "open tags": '<a b="',
    "base64": base64.b64encode(b"abandon ability ").decode(),
    "broken lines": "a" * 40 + "\n",
    "controls": "\x1babandon ",
    "labels": "word 1: able ",
    "beginnings of tokens": "-eyJ",
    "frames": "----- BEGIN A A A A ",
    "addresses": "otpauth://a b?",
}


@pytest.mark.parametrize("name", PACKED)
def test_twice_of_what_is_packed_is_about_twice_the_work(name):
    times = 8_000 // len(PACKED[name])
    work(PACKED[name] * times)
    assert work(PACKED[name] * times * 2) <= work(PACKED[name] * times) * 2.5


@pytest.mark.parametrize("name", PACKED)
def test_64_kilobytes_of_what_is_packed_come_to_an_end(name):
    guard.findings(PACKED[name] * (65_536 // len(PACKED[name])))


def test_a_secret_that_goes_on_in_the_next_line_is_removed_whole():
    for at in (15, 24, 30):
        begin, secret = OTPAUTH.split("secret=")
        broken = f"{begin}secret={secret[:at]}\n{secret[at:]}"
        assert cleaned(f"it: {broken} .") == "it: [two-factor secret removed] ."


@pytest.mark.parametrize("words", ["thanks for your help", "Thanks.", "USDT is gone", "2FA is lost"])
def test_what_somebody_writes_in_the_next_line_stays(words):
    key = OTPAUTH.partition("&")[0]
    assert cleaned(f"{key}\n{words}") == f"[two-factor secret removed]\n{words}"
    assert cleaned(f"{token({'alg': 'HS256'})}\n{words}").endswith(f"]\n{words}")


def test_a_letter_too_many_does_not_hide_base64():
    text = base64.b64encode(f"my key: {PHRASE}".encode()).decode().rstrip("=")
    for more in range(4):
        assert text not in cleaned(f"it: {text}{'A' * more} .")
