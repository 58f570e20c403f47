"""From text to search terms, language by language.

A *word* is a run of letters and digits, or a run of Han and kana, or a run of hangul. A *term* is what the index knows:
the folded stem of a word, or a pair of neighbouring characters (and each character) of a CJK run. A *pair* is two
neighbouring words, or three neighbouring characters: what makes a phrase a phrase.

Folding: NFKC and case everywhere; diacritics after stemming, so that `liquidacion` and `liquidación` share a *plain*
form; Traditional characters become Simplified ones, so that the Chinese scripts find each other.
"""

import re
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import opencc
import Stemmer

from helpcenter.search import korean
from helpcenter.search.families import families_of, lines_of

MOST_KEPT = 32_768  # words whose stem a process keeps, 0.3 KB each
VERSION = 6  # a change of this number rebuilds every index

CHINESE = frozenset({"zh-hans", "zh-hant"})
STEMMERS = {
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "pt-br": "portuguese",
    "ru": "russian",
    "tr": "turkish",
    "ar": "arabic",
    # Latin words inside CJK text are nearly always English.
    "zh-hans": "english",
    "zh-hant": "english",
    "ja": "english",
    "ko": "english",
}

STRIPPED_IN_FRONT = frozenset({"ar"})  # stemmers of other languages take off endings alone
# Where folding makes one of many words: Vietnamese `ban` is `bạn`, `bán`, `bản` and `bàn`.
TOLD_BY_MARKS = frozenset({"vi"})
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
# Whose families of words (`families.py`) count.
STEMMED_AS = {language: "en" for language, stemmer in STEMMERS.items() if stemmer == "english"}
# Endings that the stemmer only knows with their accents, and that people type without; and `transações`, which it gives
# another stem than `transação`.
_ENDINGS = {
    "es": (("cion", "ción"), ("sion", "sión")),
    "pt-br": (("coes", "ção"), ("ções", "ção"), ("cao", "ção"), ("sao", "são")),
}
# The article of Arabic with what is glued in front of it. The stemmer takes it off some words, leaves it on others, and
# takes letters of the word itself off where there is none: `البريد` was no `بريد`. Words that begin with these letters
# of their own, once typed without hamza, are left alone.
_ARTICLE = re.compile(r"^(?:[وف]?[بك]?ال|[وف]?لل)(?!غا[ءئؤ]|غي$|كترون|تزام|زام)(?=\w{3})")
# The letters in front are counted, not those of the word: every form of `raise` and of `four` is left as it is. So is
# `precise`, for `precision`.
_ISE = re.compile(r"(?<=\w{4})(?<!prec)is(?=(?:e|es|ed|er|ers|ing|ely|ation|ations)$)")
_OUR = re.compile(r"(?<=\w{3})our(?=(?:s|ed|ing|ite|ites|able)?$)")

# What a stemmer leaves of a verb and of its noun: `пополни` and `пополнен`, `провер` and `проверк`; `подтвержд` is
# `подтверд` too. Words in -ировать keep their `ир`, which tells them from shorter ones: `конверт` is a thing.
_NOUN_OF_VERB = re.compile(
    r"(?<=\w{4})(?:(?<=ир)(?:ова|овк|овани|ован)|овк|овани|ован|евани|ыван|иван|ывани|ивани|ова|ева|ыва|ива"
    r"|ени|ани|ен|ан|к|а|и|е|я|у)$"
)
# A stressed vowel of Spanish verbs and their nouns: `recuerdo` and `recordar`. Short stems stay: `bueno` is no `bono`.
_STRESSED = re.compile(r"(?<=\w)(?:ie|ue)(?=[^aeiou]+$)")
_SHORTEST_STRESSED = 5

_SHORTEST_KEPT = 4  # letters of a stem whose first two are those of its words: `dying` is `die`, Turkish `adı` is `at`

HAN_KANA = r"\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々〇\U00020000-\U0003134f"
HANGUL = r"\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f"
_MARKS = r"\u0300-\u036f\u064b-\u065f\u0670"
WORD = re.compile(rf"(?P<cjk>[{HAN_KANA}]+)|(?P<hangul>[{HANGUL}]+)|(?:(?![{HAN_KANA}{HANGUL}])[^\W_][{_MARKS}]*)+")
_PARTED_WORD = re.compile(r"[^\W_]+")  # finds what `WORD` finds, where none of these characters is about:
_NOT_PARTED = re.compile(rf"[{HAN_KANA}{HANGUL}{_MARKS}]")
_BEYOND_ASCII = re.compile(rf"[^\x00-\x7f\W_]|[{_MARKS}]")
_RUN = re.compile(rf"[{HAN_KANA}]+|[{HANGUL}]+")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")

# Letters that keep their identity under NFD but that people type plain, and Arabic spelling variants.
_PLAIN = str.maketrans(
    {"ı": "i", "đ": "d", "ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "ё": "е"}
    | {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه"}
)
# Dots inside katakana compounds come and go, ビットコイン・ユーザー, and tatweel only stretches an Arabic word.
_DROPPED = str.maketrans({"・": None, "·": None, "\u00ad": None, "ـ": None})


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a folded text; `is_run` marks Han, kana and hangul, which have no blanks between words."""

    text: str
    is_run: bool
    is_hangul: bool = False


def normal(text: str, language: str) -> str:
    """NFKC, case folded, without invisible characters; Chinese in Simplified characters."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_DROPPED)
    if not folded.isascii():
        folded = "".join(c for c in folded if unicodedata.category(c) != "Cf")
    return folded.translate(simplified()) if language in CHINESE else folded


def parted_words(folded: str) -> set[str] | None:
    """The different words of a folded text whose words are all parted by what is neither letter nor digit; None of any
    other text. Much faster than `WORD` one by one."""
    return None if _NOT_PARTED.search(folded) else set(_PARTED_WORD.findall(folded))


def has_ascii_words(folded: str) -> bool:
    """Whether all words of a folded text are of ASCII letters and digits, whatever stands between them."""
    return not _BEYOND_ASCII.search(folded)


def words(text: str, language: str) -> Iterator[Word]:
    for match in WORD.finditer(_APOSTROPHE.sub(" ", normal(text, language))):
        hangul = match["hangul"] is not None
        yield Word(match.group(), hangul or match["cjk"] is not None, hangul)


def terms(word: Word, language: str, *, asking: bool = False) -> list[str]:
    """The terms of a word. Of a run, a query asks for its pairs of characters; the index holds each character too."""
    if not word.is_run:
        return [stem(word.text, language)]
    if len(word.text) == 1:
        return [word.text]
    pairs_of = [word.text[i : i + 2] for i in range(len(word.text) - 1)]
    return pairs_of if asking else [*word.text, *pairs_of]


def is_run(term: str) -> bool:
    """Whether a term is a piece of a run of Han, kana or hangul."""
    return _RUN.fullmatch(term) is not None


def plain(word: Word) -> str:
    """The word as people may type it: folded, without diacritics, unstemmed."""
    return word.text if word.is_run else without_marks(word.text)


def has_marks(question: Iterable[Word], language: str) -> bool:
    """Whether a question is typed with the marks that tell the words of its language apart: then its words without any
    are meant to have none."""
    return language in TOLD_BY_MARKS and any(not word.is_run and plain(word) != word.text for word in question)


def written(word: Word) -> str:
    """The term of a syllable with its marks, the tone at the end: `khóa` is `khoá`, `bán` is not `bạn`."""
    return _written(word.text)


@lru_cache(maxsize=MOST_KEPT)
def _written(syllable: str) -> str:
    parts = unicodedata.normalize("NFD", syllable)
    tone = "".join(part for part in parts if part in _TONES)
    toneless = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
    return f"{toneless}/{tone}"


def whole(word: Word) -> str:
    """The term of a Korean word without what is glued to its end: `비트가` is of `비트`, and `비트코인` is not."""
    return f"{word.text[: korean.stem_length(word.text)]}/"


def text_terms(text: str, language: str) -> Iterator[str]:
    """All terms of a text, for the index."""
    for word in words(text, language):
        yield from terms(word, language)


def indexed_terms(text: str, language: str) -> Iterator[str]:
    """All terms of a text, and beside them its words as they are written where a question may ask for these, and those
    of hangul as a whole."""
    if language not in TOLD_BY_MARKS and language != "ko":
        yield from text_terms(text, language)
        return
    for word in words(text, language):
        yield from terms(word, language)
        if word.is_hangul:
            yield whole(word)
        elif not word.is_run and language in TOLD_BY_MARKS:
            yield written(word)


def text_words(text: str, language: str) -> Iterator[str]:
    """All plain words of a text, for typos and prefixes."""
    for word in words(text, language):
        yield plain(word)


def text_pairs(text: str, language: str) -> Iterator[str]:
    """Neighbours: two stems, or three characters. Punctuation between CJK runs does not part them: `、` and `・` are
    typed or left out as people please."""
    run, before = "", ""
    for word in words(text, language):
        if word.is_run and not word.is_hangul:
            run, before = run + word.text, ""
            continue
        yield from _threes(run)
        run = ""
        own = word.text if word.is_hangul else stem(word.text, language)
        if word.is_hangul:
            yield from _threes(word.text)
        if before:
            yield f"{before} {own}"
        before = own
    yield from _threes(run)


def _threes(run: str) -> Iterator[str]:
    for i in range(len(run) - 2):
        yield run[i : i + 3]


@lru_cache(maxsize=MOST_KEPT)
def stem(word: str, language: str) -> str:
    """The term of a word: that of its family, or else its own stem, without diacritics."""
    families = families_of(STEMMED_AS.get(language, language))
    bare = _without_article(word, language)
    first = families.of(without_marks(word)) or families.of(without_marks(bare)) if families else None
    own = _own_stem(first or bare, language)
    if first is not None:
        return own
    return _family_stems(language).get(own) or _levelled(own, language)


def _without_article(word: str, language: str) -> str:
    return _ARTICLE.sub("", word) if language == "ar" else word


def _own_stem(word: str, language: str) -> str:
    for plain_ending, ending in _ENDINGS.get(language, ()):
        if word.endswith(plain_ending):
            word = word.removesuffix(plain_ending) + ending
    if STEMMERS.get(language) == "english":
        word = _british(word)
    return without_marks(_stemmer(language)(word))


def _levelled(stem: str, language: str) -> str:
    """The stem, of a word without a family, less what sets a verb apart from its noun."""
    if language == "ru":
        level = _NOUN_OF_VERB.sub("", stem)
        return f"{level[:-2]}д" if level.endswith("жд") else level
    if language == "es" and len(stem) >= _SHORTEST_STRESSED:
        return _STRESSED.sub(lambda vowel: "e" if vowel.group() == "ie" else "o", stem)
    return stem


def _british(word: str) -> str:
    """`recognise` and `colour` as `recognize` and `color`; short words, such as `noise` and `four`, stay."""
    return _OUR.sub("or", _ISE.sub("iz", word))


def beginnings(term: str, language: str) -> set[str]:
    """How a word of ASCII letters may begin whose term this is, where no stemmer takes anything off in front of it: by
    two letters, where an ending cannot change them, or by one."""
    length = 2 if len(term) >= _SHORTEST_KEPT else 1
    own = {term[:length]}
    if language == "es" and length > 1:  # `cont` is of `cuenta`
        own |= {term[0] + {"e": "i", "o": "u"}.get(term[1], term[1])}
    return own | _family_beginnings(language).get(term, set())


@cache
def _family_beginnings(language: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for first, *others in lines_of(STEMMED_AS.get(language, language)):
        found.setdefault(_own_stem(first, language), set()).update(form[:2].rstrip("*") for form in others)
    return found


@cache
def _family_stems(language: str) -> dict[str, str]:
    """Stem of a word that is written out in a family -> term of the family: for its other endings."""
    families = families_of(STEMMED_AS.get(language, language))
    listed = families.words.items() if families else ()
    return {_own_stem(word, language): _own_stem(first, language) for word, first in listed}


def without_marks(word: str) -> str:
    return word if word.isascii() else _bare(word)


@lru_cache(maxsize=MOST_KEPT)
def _bare(word: str) -> str:
    word = word.translate(_PLAIN)
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    """What takes the endings off the words of a language, one word at a time: a stemmer keeps the word that it works
    on, and threads that share it would get parts of one another's."""
    name = STEMMERS.get(language)
    if not name:
        return str
    stemmer, lock = Stemmer.Stemmer(name), threading.Lock()

    def stemmed(word: str) -> str:
        with lock:
            found: str = stemmer.stemWord(word)
        return found

    return stemmed


@cache
def simplified() -> dict[int, str]:
    """Traditional character -> Simplified one, from the table that OpenCC's dictionaries carry."""
    table = Path(opencc.__file__).parent / "dictionary" / "TSCharacters.txt"
    rows = (line.split("\t") for line in table.read_text(encoding="utf-8").splitlines() if "\t" in line)
    return {ord(traditional): options.split(" ")[0] for traditional, options in rows if len(traditional) == 1}
