"""The form in which words are compared: lower case, one form of each Arabic letter, and look-alikes of another script
put back into the script of their word. Every character stays one character, so positions hold."""

import re
import unicodedata
from collections.abc import Container
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]+")

# Where a word goes from one script to another, or has a letter that Russian has not. All others stand as they are.
_MAY_MIX = re.compile("[A-Za-z\u00c0-\u024f][\u0370-\u052fɡ]|[\u0370-\u052fɡ][A-Za-z\u00c0-\u024f]|[ѕіјԁԛԝһӏ]")
_ALPHABETS = re.compile("[A-Za-z\u00c0-\u052f]+")

# Letters of other scripts that look like a Latin one, and the Cyrillic letters that stand for Latin ones in reverse.
_LATIN = dict(zip("аеѕіјкморстухԁԛԝһӏвнɡαορνικτυχεη", "aesijkmopctyxdqwhlbhgaopviktuxen", strict=True))
_CYRILLIC = dict(zip("aeijkmopctyxbh", "аеијкморстухвн", strict=True))
_NOT_RUSSIAN = frozenset("ѕіјԁԛԝһӏ")
_ARABIC = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ک": "ك", "ی": "ي"}


def fold(text: str) -> tuple[str, list[int]]:
    """The folded text and, for each of its characters, its place in the text that was given. Marks that stand alone
    (Arabic vowels, strokes laid over letters) are dropped."""
    if text.isascii():
        return text.lower(), list(range(len(text)))
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if letter := _plain(character):
            folded.append(letter)
            places.append(place)
    return plain("".join(folded)), places


@lru_cache(maxsize=8192)
def _plain(character: str) -> str:
    """One character in lower case; nothing for a mark and for the Arabic letter that only stretches a word."""
    if unicodedata.combining(character) or character == "\u0640":
        return ""
    lower = "i" if character == "İ" else character.lower()
    return {"ё": "е", "’": "'", "‘": "'", "`": "'"}.get(lower) or _ARABIC.get(lower, lower)


@lru_cache(maxsize=4)
def lowered(text: str) -> str:
    """A text in small letters, as long as it was; for looks that several detectors begin with."""
    return text.replace("İ", "i").lower()


def plain(text: str) -> str:
    """The text with look-alikes put back into the script of their word."""
    if not _MAY_MIX.search(text):
        return text
    return _WORD.sub(lambda word: _one_script(word.group()), text)


def plain_latin(text: str, known: Container[str]) -> str:
    """The text with every look-alike in a Latin word put right, where that makes a `known` word of it."""
    if text.isascii():
        return text

    def known_or_as_it_was(word: re.Match[str]) -> str:
        latin = _one_script(word.group())
        return latin if latin.lower() in known else word.group()

    return _ALPHABETS.sub(known_or_as_it_was, text)


def _one_script(word: str) -> str:
    """`pаssword` with a Cyrillic a becomes Latin, `пapoль` with Latin letters becomes Cyrillic."""
    if word.isascii() or not any("\u0370" <= letter <= "\u052f" or letter == "ɡ" for letter in word):
        return word
    latin = "".join(_LATIN.get(letter, letter) for letter in word)
    has_latin = any(letter.isascii() for letter in word)
    if latin.isascii() and (has_latin or not _NOT_RUSSIAN.isdisjoint(word)):
        return latin
    return "".join(_CYRILLIC.get(letter, letter) for letter in word) if has_latin else word
