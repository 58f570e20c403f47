"""What readers of a generated site ask: in equal parts one word, two words, a phrase, a typo, nonsense."""

import random
import re
import string
from collections.abc import Callable, Iterator
from itertools import cycle

from bench import texts
from bench.vocabulary import SEED, vocabulary

MIX = 40  # queries after which the mix repeats, with other words
LANGUAGE = "en"


def stream(articles: int, round_number: int) -> Iterator[str]:
    """Queries without end; the same for the same numbers. Phrases and typos are taken from `articles` articles."""
    rng = random.Random(f"{SEED}/queries/{round_number}")
    for make in cycle(KINDS):
        yield make(rng, articles)


def _one_word(rng: random.Random, articles: int) -> str:
    return _common_or_rare(rng)


def _two_words(rng: random.Random, articles: int) -> str:
    return f"{_common_or_rare(rng)} {_common_or_rare(rng)}"


def _phrase(rng: random.Random, articles: int) -> str:
    """Four to six consecutive words of an article's text."""
    words = _sentence(rng, articles)
    count = min(rng.randint(4, 6), len(words))
    start = rng.randrange(len(words) - count + 1)
    return " ".join(words[start : start + count]).lower()


def _typo(rng: random.Random, articles: int) -> str:
    """A word of an article's title with one wrong letter, beside a right one."""
    words = texts.title(rng.randrange(articles), LANGUAGE).lower().split()
    longest = max(words, key=len)
    place = rng.randrange(1, len(longest))
    wrong = longest[:place] + rng.choice(string.ascii_lowercase) + longest[place + 1 :]
    return f"{wrong} {next(word for word in words if word != longest)}"


def _nonsense(rng: random.Random, articles: int) -> str:
    return " ".join("".join(rng.choices(string.ascii_lowercase, k=rng.randint(5, 9))) for _ in range(2))


def _common_or_rare(rng: random.Random) -> str:
    """A content word whose rank is drawn evenly on a logarithmic scale: some are in most articles, some in few."""
    words = vocabulary(LANGUAGE)
    low, high = len(words.function_words), len(words.words) // 2
    return words.words[int(low * (high / low) ** rng.random())]


def _sentence(rng: random.Random, articles: int) -> list[str]:
    body = texts.body(rng.randrange(articles), LANGUAGE, links=[], is_guide=False)
    sentences = re.findall(r"^[A-Z][a-z ]+(?=\.)", body, flags=re.MULTILINE)
    return rng.choice(sentences).split()


KINDS: tuple[Callable[[random.Random, int], str], ...] = (_one_word, _two_words, _phrase, _typo, _nonsense)
