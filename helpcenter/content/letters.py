"""Under which letter a word stands in an alphabetical list, and in which order, language by language. Pure.

Chinese and Japanese have none: their words would need readings, which nobody writes down; lists go by subject there.
"""

import unicodedata

WITHOUT_LETTERS = frozenset({"zh-hans", "zh-hant", "ja"})
OTHER = "#"  # digits and signs

# Alphabets with letters of their own; elsewhere an accent makes no letter.
ALPHABETS = {
    "es": "abcdefghijklmnñopqrstuvwxyz",
    "ru": "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "tr": "abcçdefgğhıijklmnoöpqrsştuüvwxyz",
    "vi": "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz",
}
# Of the 19 initial consonants; a doubled one stands with the single one.
_INITIALS = "ㄱㄱㄴㄷㄷㄹㅁㅂㅂㅅㅅㅇㅈㅈㅊㅋㅌㅍㅎ"
_FIRST_SYLLABLE, _LAST_SYLLABLE, _PER_INITIAL = 0xAC00, 0xD7A3, 588
_ARTICLE = "ال"
_HAMZA = str.maketrans("أإآٱى", "ااااي")


def letter(word: str, language: str) -> str:
    """The letter under which a word stands: `Ордер` -> `О`, `무기한` -> `ㅁ`, `الهامش` -> `ه`, `2FA` -> `#`."""
    first = _ordered(word, language)[:1]
    if first and _FIRST_SYLLABLE <= ord(first) <= _LAST_SYLLABLE:
        return _INITIALS[(ord(first) - _FIRST_SYLLABLE) // _PER_INITIAL]
    if not first.isalpha():
        return OTHER
    return {"i": "İ", "ı": "I"}.get(first, first.upper()) if language == "tr" else first.upper()


def order(word: str, language: str) -> tuple[int, list[int]]:
    """What to sort words by: signs and digits first, Latin words last in Russian, Korean and Arabic."""
    text = _ordered(word, language)
    alphabet = ALPHABETS.get(language, "")
    places = [alphabet.find(c) + 1 or 1000 + ord(c) for c in text if c.isalnum()]
    if letter(word, language) == OTHER:
        return 0, places
    is_foreign = language in ("ru", "ko", "ar") and text[:1].isascii()
    return 2 if is_foreign else 1, places


def _ordered(word: str, language: str) -> str:
    """Small letters, without the accents that make no letter of their own and without an Arabic article."""
    if language == "ar":
        bare = "".join(c for c in unicodedata.normalize("NFC", word) if not unicodedata.combining(c)).translate(_HAMZA)
        return (bare.removeprefix(_ARTICLE) or bare).casefold()
    if language == "ko":
        return unicodedata.normalize("NFC", word).casefold()
    if language == "tr":
        word = word.replace("İ", "i").replace("I", "ı")
    own = ALPHABETS.get(language, "")
    return "".join(_unaccented(c, own) for c in unicodedata.normalize("NFC", word).casefold())


def _unaccented(character: str, own: str) -> str:
    """The character without marks, as far as the alphabet has it: `ế` -> `ê` in Vietnamese, `é` -> `e` elsewhere."""
    while character not in own and len(parts := unicodedata.normalize("NFD", character)) > 1:
        # The last mark is the tone; what remains may be a letter of the alphabet.
        shorter = _without_tone(parts, own)
        if shorter == character:
            break
        character = shorter
    return character


def _without_tone(parts: str, own: str) -> str:
    candidates = [unicodedata.normalize("NFC", parts[0] + mark) for mark in parts[1:]]
    return next((c for c in candidates if c in own and len(parts) > 2), parts[0])
