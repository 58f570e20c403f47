"""In which language a stranger writes: by script, by letters that only one language has, by its small words. Pure."""

import re
from collections.abc import Iterable

MOST = 4000  # characters that are looked at

_SIMPLIFIED = set("们这个为来说时会过没还对问题账户请谢您发现钱币转两开关动给从让应该样现实经与单号码张报记证网络确认")
_TRADITIONAL = set("們這個為來說時會過沒還對問題帳戶請謝發現錢幣轉兩開關動給從讓應該樣現實經與單號碼張報記證網絡確認")
_ONLY = (
    ("ko", re.compile(r"[\uac00-\ud7a3\u1100-\u11ff]")),
    ("ja", re.compile(r"[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d]")),
    ("ar", re.compile(r"[\u0620-\u064a]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("vi", re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)),
    ("tr", re.compile(r"[ğışİ]")),
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SMALL_WORDS = {
    "en": "the and is my not have you to of in for it was with this that but from i hello please",
    "es": "el la los las mi no que de en y por para con una un está pero desde hola se lo gracias aún",
    "fr": "le la les mon ma ne pas que de en et pour avec une un est mais depuis bonjour je vous il des merci",
    "pt-br": "o a os as meu minha não que de em e para com uma um está mas desde olá eu do da obrigado ainda",
    "vi": "tôi của không là và cho một các đã được với này",
    "tr": "bir ve bu için ile benim değil çok ama merhaba ne da de hesabım",
}
_WORDS = {code: frozenset(words.split()) for code, words in _SMALL_WORDS.items()}


def language_of(text: str, hints: Iterable[str] = (), *, default: str = "en") -> str:
    """The code of the language that a text is most likely in; `hints` are tags that its sender's program gave, and
    decide where the letters do not."""
    looked_at = text[:MOST]
    letters = sum(letter.isalpha() for letter in looked_at)
    for code, pattern in _ONLY:
        if letters and len(pattern.findall(looked_at)) * _RARE[code] >= letters:
            return code
    if len(_HAN.findall(looked_at)) * 3 >= max(letters, 1):
        return _chinese(looked_at)
    return _by_words(looked_at) or next((code for tag in hints if (code := _code(tag))), default)


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
    words = set(re.findall(r"[^\W\d_]+", text.lower()))
    counts = {known: len(words & small) for known, small in _WORDS.items()}
    return counts[code] >= 3 and all(counts[code] >= count + 2 for other, count in counts.items() if other != code)


def _leads_by_characters(text: str, code: str) -> bool:
    """Traditional characters are Japanese too; only a longer text without a kana is surely Chinese."""
    own, other = (_SIMPLIFIED, _TRADITIONAL) if code == "zh-hans" else (_TRADITIONAL, _SIMPLIFIED)
    lead = sum(letter in own - other for letter in text) - sum(letter in other - own for letter in text)
    return lead >= 2 if code == "zh-hans" else lead >= 3 and len(_HAN.findall(text)) >= 12


# How many letters of a text may stand to one of these letters: Japanese and Vietnamese are mixed with others.
_RARE = {"ko": 4, "ja": 8, "ar": 3, "ru": 3, "vi": 15, "tr": 40}


def _chinese(text: str) -> str:
    simplified = sum(letter in _SIMPLIFIED - _TRADITIONAL for letter in text)
    traditional = sum(letter in _TRADITIONAL - _SIMPLIFIED for letter in text)
    return "zh-hant" if traditional > simplified else "zh-hans"


def _by_words(text: str) -> str:
    words = re.findall(r"[^\W\d_]+", text.lower())
    counts = {code: sum(word in known for word in words) for code, known in _WORDS.items()}
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
