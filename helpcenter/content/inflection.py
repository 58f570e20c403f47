"""What makes two forms of a word one: the plural in English and the Romance languages, the cases in Russian, Turkish
and Arabic. Narrower than the stems of the search, because a wrong guess becomes a link: `marginal` is no form of
`margin`.
"""

import re
import threading
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache

import Stemmer

CASES = {"ru": "russian", "tr": "turkish", "ar": "arabic"}

_SIBILANT = re.compile(r"(?:ss|x|ch|sh)es$")
_NO_PLURAL = re.compile(r"(?:ss|us|is)$")
_SPANISH_CONSONANT = re.compile(r"(?<=[dlnrzj])es$")
_PORTUGUESE = {"coes": "cao", "soes": "sao", "aes": "ao", "ens": "em", "ins": "im", "ais": "al", "eis": "el"}


def fold(language: str) -> Callable[[str], str]:
    """The function that gives the forms of a word in a language the same key. In unknown languages a word has one."""
    return _FOLDS.get(language, _case_forms(language) if language in CASES else _plain)


def _plain(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()


@lru_cache(maxsize=20_000)
def _bare(word: str) -> str:
    """Small letters without accents, which come and go between singular and plural: órdenes, orden."""
    folded = unicodedata.normalize("NFD", _plain(word))
    return "".join(c for c in folded if not unicodedata.combining(c))


def _english(word: str) -> str:
    word = _plain(word).replace("iz", "is")  # realized and realised are one word
    if _SIBILANT.search(word):
        return word[:-2]
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and len(word) > 3 and not _NO_PLURAL.search(word) else word


def _spanish(word: str) -> str:
    word = _bare(word)
    singular = _SPANISH_CONSONANT.sub("", word)
    return singular if singular != word else word.removesuffix("s")


def _french(word: str) -> str:
    word = _bare(word)
    return word[:-1] if word.endswith(("s", "x")) and len(word) > 3 else word


def _portuguese(word: str) -> str:
    word = _bare(word)
    ending = next((ending for ending in _PORTUGUESE if word.endswith(ending) and len(word) > len(ending) + 1), "")
    if ending:
        return word.removesuffix(ending) + _PORTUGUESE[ending]
    return word.removesuffix("es") if word.endswith("res") else word.removesuffix("s")


_FOLDS: dict[str, Callable[[str], str]] = {
    "en": _english,
    "es": _spanish,
    "fr": _french,
    "pt-br": _portuguese,
}


@cache
def _case_forms(language: str) -> Callable[[str], str]:
    stemmer, lock = Stemmer.Stemmer(CASES[language]), threading.Lock()

    @lru_cache(maxsize=20_000)
    def stem(word: str) -> str:
        with lock:  # a stemmer keeps the word that it works on
            stemmed: str = stemmer.stemWord(_plain(word).replace("ё", "е"))
        return stemmed

    return stem
