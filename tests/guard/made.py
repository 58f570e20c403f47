"""Secrets that are made by chance, and what the guard leaves of a text that holds them."""

import base64
import json
import random
import sys
from collections.abc import Callable
from pathlib import Path

import base58
from hypothesis import settings
from hypothesis import strategies as st
from mnemonic import Mnemonic

from supportdesk import guard

# The ten lists of https://github.com/bitcoin/bips/blob/master/bip-0039/bip-0039-wordlists.md
LISTS = (
    "english",
    "japanese",
    "korean",
    "spanish",
    "chinese_simplified",
    "chinese_traditional",
    "french",
    "italian",
    "czech",
    "portuguese",
)
CHINESE = ("chinese_simplified", "chinese_traditional")
ENTROPIES = (16, 20, 24, 28, 32)  # bytes: phrases of 12, 15, 18, 21 and 24 words
BODY = "\n".join(["MHQCAQEEIAAapZ36xjsDku8tzvw+zEs581JGNJjAYtpfDpEHI4M9oAcGBSuBBAAK"] * 3)  # of a key in a frame
OTPAUTH = "otpauth://totp/Northgate:a%40example.com?secret=GB5XTUPTAZPZWAYHVHYIQ6LIHJRDSXVR&issuer=Northgate"

quick = settings(max_examples=25, deadline=None, derandomize=True)


def cleaned(text: str) -> str:
    return guard.clean(text, door="test").text


def is_covered(text: str, secret: str) -> bool:
    """Whether no letter and no digit of the secret would be stored."""
    start = text.index(secret)
    taken = {place for finding in guard.findings(text) for place in range(finding.start, finding.end)}
    return all(place in taken for place in range(start, start + len(secret)) if text[place].isalnum())


def phrase(language: str, entropy: bytes) -> list[str]:
    return Mnemonic(language).to_mnemonic(entropy).split()


def seeded_phrases(language: str, count: int, words: int | None = None) -> list[list[str]]:
    dice = random.Random(f"{language} {count}")
    sizes = ENTROPIES if words is None else (words * 4 // 3,)
    return [phrase(language, dice.randbytes(sizes[n % len(sizes)])) for n in range(count)]


entropies = st.sampled_from(ENTROPIES).flatmap(lambda size: st.binary(min_size=size, max_size=size))
phrases = st.tuples(st.sampled_from(LISTS), entropies).map(lambda drawn: phrase(*drawn))


def numbered(form: str) -> Callable[[list[str]], str]:
    return lambda words: "".join(form.format(n, word) for n, word in enumerate(words, 1)).strip()


def base58check(version: str, payload: bytes) -> str:
    return base58.b58encode_check(bytes.fromhex(version) + payload).decode()


def token(header: dict[str, str], parts: int = 3) -> str:
    packed = base64.urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")
    return ".".join([packed, *["eyJzdWIiOiAiOTYzNjMzIn0"] * (parts - 2), "DvLxNuDB0YzMLjiyIWu2d8WuWtN-RPCT71m5oAyGSQI"])


def work(text: str) -> int:
    """Calls that the guard makes for a text, each resumption of a generator counted."""
    folder = str(Path(guard.__file__).parent)
    calls = 0

    def count(frame, event, argument):
        nonlocal calls
        calls += frame.f_code.co_filename.startswith(folder)

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        guard.findings(text)
    finally:
        sys.setprofile(before)
    return calls
