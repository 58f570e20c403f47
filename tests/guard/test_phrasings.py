"""What people say around their secrets, in twelve languages (`phrasings.json`): written as natives say it before the
rules were mended, with values made by chance. What is found of each kind is not lost; other texts stay."""

import base64
import json
import random
import string
from pathlib import Path

import pytest

from tests.guard.made import cleaned

PHRASINGS = json.loads((Path(__file__).parent / "phrasings.json").read_text(encoding="utf-8"))
SHARES = {"password": 0.93, "code": 0.97, "backup": 0.95, "app": 0.97, "api": 0.97}
WORDS = [
    "tulip",
    "river",
    "marlow",
    "falcon",
    "biscuit",
    "hanoi",
    "lisboa",
    "gatito",
    "zaytun",
    "kestane",
    "borsch",
    "taro",
]
LETTERS, DIGITS = string.ascii_letters, string.digits


def password(dice: random.Random) -> str:
    word, other, number = dice.choice(WORDS), dice.choice(WORDS), str(dice.randrange(100, 9999))
    ways = (
        f"{word}{number}",
        f"{word.title()}{number}",
        f"{word}{number}{other.title()}",
        f"{number}{word}",
        f"{word}_{number}",
        f"{word}-{other.title()}{number}",
        f"{word.title()}{number}!",
        "".join(dice.choices(LETTERS, k=4) + dice.choices(DIGITS, k=2) + dice.choices(LETTERS, k=4)),
    )
    return dice.choice(ways)


def values(dice: random.Random) -> dict[str, str]:
    def token(length: int) -> str:
        return "".join(dice.choices(LETTERS + DIGITS + "-_", k=length - 2)) + "a7"

    secret = base64.b32encode(dice.randbytes(20)).decode()
    groups = " ".join(secret[place : place + 4] for place in range(0, 32, 4))
    code = f"{dice.randrange(10**6):06}"
    backup = dice.choice([lambda: f"{dice.randrange(10**8):08}", lambda: f"{token(4)[:3]}7-{dice.randrange(10**4):04}"])
    return {
        "p": password(dice),
        "p2": password(dice),
        "c": dice.choice([code, f"{code[:3]} {code[3:]}"]),
        **{name: backup().lower().replace("_", "x") for name in ("b", "b2", "b3")},
        "t": dice.choice([secret, groups, groups.lower()]),
        "k": token(24),
        "s": token(48),
    }


def written(template: str, made: dict[str, str]) -> tuple[str, list[str]]:
    """The text, and the secrets in it."""
    text, secrets = template, []
    for name, value in made.items():
        if f"{{{name}}}" in text:
            text = text.replace(f"{{{name}}}", value)
            secrets.append(value)
    return text, secrets


@pytest.mark.parametrize("kind", SHARES)
def test_secrets_are_found_as_people_tell_them(kind):
    dice = random.Random(kind)
    templates = [one for kinds in PHRASINGS.values() for one in kinds.get(kind, ())]
    texts = [written(template, values(dice)) for template in templates]
    missed = [text for text, secrets in texts if any(secret in cleaned(text) for secret in secrets)]
    assert len(missed) <= len(texts) * (1 - SHARES[kind]), missed


@pytest.mark.parametrize("language", PHRASINGS)
def test_what_people_say_about_secrets_without_telling_them_stays(language):
    clean = PHRASINGS[language]["clean"]
    assert [text for text in clean if cleaned(text) != text] == []
