"""What is known of an incident, and what is found in a text that may be about it, as the two are compared. Pure."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from helpcenter.search.concepts import THING, UNSPACED, Vocabulary, family, fold
from tickets import language_detection
from tickets.names import names_in, tokens_in


@dataclass(frozen=True)
class Text:
    """What somebody wrote; `at` in Unix seconds, UTC, 0 where it does not matter."""

    language: str
    text: str
    topic: str = ""
    at: float = 0.0


@dataclass(frozen=True)
class Signs:
    """What is found in one text: thoughts with their words and their places, names by kind, pieces of letters."""

    language: str
    thoughts: Mapping[str, str]
    places: Mapping[str, int]
    names: Mapping[str, frozenset[str]]
    pieces: Mapping[str, float]
    tokens: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Known:
    """What is known of an incident. `title` and `keywords` (by language) are its sharpest words; `reference` may say
    what is not affected too, and counts for less; `examples` are tickets that belong to it. `started_at` in Unix
    seconds, UTC."""

    title: Text
    reference: Text
    keywords: Mapping[str, Sequence[str]] = field(default_factory=dict)
    examples: Sequence[Text] = ()
    topics: frozenset[str] = frozenset()
    started_at: float = 0.0


@dataclass(frozen=True)
class Profile:
    """An incident as it is compared: the signs of the texts, which share of them has each thought and each name, and
    its keywords by language; `messages` are what the product shows, or what a lead calls the trouble, folded."""

    known: tuple[Signs, ...]
    thoughts: Mapping[str, float]
    names: Mapping[str, Mapping[str, float]]
    keywords: Mapping[str, tuple[str, ...]]
    topics: frozenset[str]
    started_at: float
    vocabulary: Vocabulary = field(repr=False)
    messages: tuple[str, ...] = ()


# Letters in a row


def pieces_of(text: str, language: str) -> dict[str, float]:
    """Runs of letters, weighed by how often they occur, to a length of one."""
    sizes = (1, 2, 3) if family(language) in UNSPACED else (3, 4, 5)
    folded = re.sub(r"[\W\d_]+", " ", fold(text))
    joined = f" {folded.strip()} "
    counts = Counter(joined[at : at + size] for size in sizes for at in range(len(joined) - size + 1))
    weights = {piece: 1 + math.log(count) for piece, count in counts.items() if not piece.isspace()}
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {piece: weight / length for piece, weight in weights.items()}


def alike(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    few, many = (one, other) if len(one) < len(other) else (other, one)
    return sum(weight * many.get(piece, 0.0) for piece, weight in few.items())


# Profiles


def signs_of(text: Text, vocabulary: Vocabulary) -> Signs:
    written = language_detection.sure_language_of(text.text) or text.language
    languages = list(dict.fromkeys([written, text.language]))
    reported = vocabulary.reported(text.text, languages)
    matches = vocabulary.matches(reported, languages)
    return Signs(
        language=family(written),
        thoughts={key: match[0].strip() for key, match in matches.items()},
        places={key: match.start() for key, match in matches.items()},
        names={**names_in(reported), **_named_thoughts(matches)},
        pieces=pieces_of(text.text, written),
        tokens=tokens_in(text.text),
    )


def _named_thoughts(keys: Iterable[str]) -> dict[str, frozenset[str]]:
    kinds = {"channel": CHANNELS & set(keys), "platform": PLATFORMS & set(keys)}
    return {kind: frozenset(found) for kind, found in kinds.items() if found}


# Thoughts that exclude each other as names do.
CHANNELS = frozenset({"email", "sms", "authenticator", "passkey", "captcha"})
PLATFORMS = frozenset({"app", "website", "api"})


_TITLE, _KEYWORDS, _REFERENCE, _EXAMPLE = 2.0, 2.0, 0.5, 1.0  # weight of each language's words


def profile(known: Known, vocabulary: Vocabulary) -> Profile:
    """What tickets are compared with."""
    words = [Text(code, " ; ".join(found)) for code, found in known.keywords.items() if found]
    weighed = [(known.title, _TITLE), (known.reference, _REFERENCE)]
    weighed += [(text, _KEYWORDS / len(words)) for text in words]
    weighed += [(text, _EXAMPLE) for text in known.examples]
    signs = [(signs_of(text, vocabulary), weight) for text, weight in weighed if text.text.strip()]
    kinds = {kind for one, _ in signs for kind in one.names}
    return Profile(
        known=tuple(one for one, _ in signs),
        thoughts=_shares([(one.thoughts, weight) for one, weight in signs]),
        names={kind: _shares([(one.names.get(kind, ()), weight) for one, weight in signs]) for kind in kinds},
        keywords={code: tuple(fold(word) for word in found) for code, found in known.keywords.items()},
        topics=known.topics - {""},
        started_at=known.started_at,
        vocabulary=vocabulary,
        messages=_messages(known, vocabulary),
    )


_QUOTED = re.compile(r'[«“„"「『]([^«»“”„"「」『』]{4,80})[»”“"」』]')
_SHORT_NAME = 6  # letters; a keyword that is so short and in capitals is a name that nobody listed


def _messages(known: Known, vocabulary: Vocabulary) -> tuple[str, ...]:
    """What the texts of an incident quote, and its keywords that name no thing: “System overloaded”, `10021`."""
    texts = (known.title, known.reference, *known.examples)
    quoted = [(text.language, match[1]) for text in texts for match in _QUOTED.finditer(text.text)]
    called = [(code, word) for code, words in known.keywords.items() for word in words if _says_enough(word)]
    return tuple(
        dict.fromkeys(fold(word) for code, word in (*quoted, *called) if _names_no_thing(code, word, vocabulary))
    )


def _says_enough(word: str) -> bool:
    """Whether a keyword may be what the product shows: words in a row, a code, or other letters than Latin ones. A
    Latin word by itself may be any name."""
    if word.isupper() and len(word) <= _SHORT_NAME:
        return False
    return " " in word.strip() or not word.isascii() or any(letter.isdigit() for letter in word)


def _names_no_thing(code: str, word: str, vocabulary: Vocabulary) -> bool:
    is_thing = any(vocabulary.kinds[key] == THING for key in vocabulary.found(word, [code]))
    return not is_thing and not names_in(word)


def _shares(weighed: Sequence[tuple[Iterable[str], float]]) -> dict[str, float]:
    """Which share of the texts, by their weights, has each name."""
    total = sum(weight for _, weight in weighed) or 1.0
    found: dict[str, float] = {}
    for names, weight in weighed:
        for name in names:
            found[name] = found.get(name, 0.0) + weight / total
    return found
