"""The language in which a stranger writes: by script, by letters that only one language has, by small words. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from helpcenter.search.analyzers import simplified

MOST = 4000  # characters that are looked at

_ONLY = (
    ("ko", re.compile(r"[\uac00-\ud7a3\u1100-\u11ff]")),
    ("ja", re.compile(r"[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d]")),
    ("ar", re.compile(r"[\u0620-\u064a]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("vi", re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)),
    ("tr", re.compile(r"[ğışİ]")),
)
_WORD = re.compile(r"[^\W\d_]+")
_LETTER = re.compile(r"[^\W\d_]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SMALL_WORDS = {
    "en": """the and is my not have you to of in for it was with this that but from i hello please how what why when
        your are can be there did does has been after do we they am still yesterday""",
    "es": """el la los las mi no que de en y por para con una un está pero desde hola se lo gracias aún mis me cómo
        cuándo qué ya hace su es del al cuenta puedo necesito quiero usted ustedes dónde dinero""",
    "fr": """le la les mon ma ne pas que de en et pour avec une un est mais depuis bonjour je vous il des merci mes du
        au sur dans ce cette été suis ai quand comment pourquoi votre compte peux toujours""",
    "pt-br": """o a os as meu minha não que de em e para com uma um está mas desde olá eu do da obrigado ainda no na
        meus como quando por foi já conta vocês você preciso quero fiz dinheiro uma ao""",
    "vi": """tôi của không là và cho một các đã được với này toi khong cua duoc bị bi tai khoan sao chưa chua giúp giup
        mình minh từ tu lúc làm lam vẫn van tiền tien như nhu thế nào""",
    "tr": """bir ve bu için ile benim değil çok ama merhaba ne da de hesabım icin degil cok hesabim var yok nasıl nasil
        neden kadar hala hâlâ mı mi lütfen lutfen olarak bana sizin""",
}
_WORDS = {code: frozenset(words.split()) for code, words in _SMALL_WORDS.items()}


def language_of(text: str, hints: Iterable[str] = (), *, default: str = "en") -> str:
    """The code of the language that a text is most likely in; `hints` are tags that its sender's program gave, and
    decide where the letters do not."""
    return by_script(text) or by_words(text, {}) or next((code for tag in hints if (code := _code(tag))), default)


def sure_language_of(text: str) -> str:
    """The code of the language that a text is written in where nothing speaks for another; empty where there is doubt,
    as with a few words, or characters that Chinese and Japanese share."""
    looked_at = text[:MOST]
    found = language_of(looked_at, default="")
    if found in _WORDS and found not in _RARE:
        return found if _leads_by_words(looked_at, found) else ""
    if found in ("zh-hans", "zh-hant"):
        return found if _leads_by_characters(looked_at, found) else ""
    return found


def _leads_by_words(text: str, code: str) -> bool:
    words = set(_WORD.findall(text.lower()))
    counts = {known: len(words & small) for known, small in _WORDS.items()}
    return counts[code] >= 3 and all(counts[code] >= count + 2 for other, count in counts.items() if other != code)


def _leads_by_characters(text: str, code: str) -> bool:
    """Traditional characters are Japanese too; only a longer text without a kana is surely Chinese."""
    old, new = _one_sided()
    lead = sum(letter in new for letter in text) - sum(letter in old for letter in text)
    return lead >= 2 if code == "zh-hans" else -lead >= 3 and len(_HAN.findall(text)) >= 12


def by_script(text: str) -> str:
    """The language where the letters alone decide; empty where they do not."""
    if text.isascii():
        return ""
    looked_at = text[:MOST]
    letters = len(_LETTER.findall(looked_at))
    for code, pattern in _ONLY:
        if letters and len(pattern.findall(looked_at)) * _RARE[code] >= letters:
            return code
    if len(_HAN.findall(looked_at)) * 3 >= max(letters, 1):
        return _chinese(looked_at)
    return ""


# How many letters of a text may stand to one of these letters: Japanese and Vietnamese are mixed with others.
_RARE = {"ko": 4, "ja": 8, "ar": 3, "ru": 3, "vi": 15, "tr": 40}


def _chinese(text: str) -> str:
    """By the characters that only one of the two has. One that both have, in other words, says nothing."""
    old, new = _one_sided()
    return "zh-hant" if sum(letter in old for letter in text) > sum(letter in new for letter in text) else "zh-hans"


@cache
def _one_sided() -> tuple[frozenset[str], frozenset[str]]:
    """Characters that are only traditional, and only simplified."""
    pairs = {(chr(old), new[:1]) for old, new in simplified().items() if chr(old) != new[:1]}
    old, new = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    return frozenset(old - new), frozenset(new - old - _BOTH)


# Characters that traditional texts have too, in senses of their own.
_BOTH = frozenset("后里面只系台干谷才表了云余几制板并折准冲别占卷向周咸困家岩志恒托据旋曲朱杯松松沈注涂淀采合回出")


def by_words(text: str, votes: Mapping[str, float]) -> str:
    """The language whose small words are most; empty where they are too few. `votes` (language -> how many) count
    beside them."""
    words = Counter(_WORD.findall(text[:MOST].lower()))
    counts = {
        code: sum(words[word] for word in known & words.keys()) + votes.get(code, 0) for code, known in _WORDS.items()
    }
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] >= 2 else ""


def _code(tag: str) -> str:
    """`zh-TW` -> `zh-hant`, `pt-PT` -> `pt-br`; empty for a language that is none of the site's first twelve."""
    first, *rest = tag.lower().split("-")
    if first == "zh":
        return "zh-hant" if {"hant", "tw", "hk", "mo"} & set(rest) else "zh-hans"
    if first == "pt":
        return "pt-br"
    return first if first in {"en", *_RARE, "es", "fr"} else ""
