"""How alike what a customer writes is to what is known of an incident, in whatever languages the two are. Pure.

A score from 0 to 1 is made of what `comparison` finds: how much of what an incident's own texts say is in the text too,
and how much of the text is in them, where what few requests say counts most; whether the same went wrong, whether the
text names something else in its place, another side of the product or another way that money goes, and time. The
weights belong to no product and no kind of incident. They were fitted as a logistic regression to labelled texts of 46
incidents in twelve languages, and to the same texts with every fifth thought left out, since many of a new incident's
words are unknown; they were judged by leaving out whole sets of incidents, and stretched so that 75 % and 95 % say what
`THRESHOLD` and `SURE` say. `manage.py evaluate_incidents` measures them on others.
"""

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from helpcenter.search.concepts import ASKING, PAST, REASON, THING, TROUBLE
from tickets import comparison
from tickets.profiles import Profile, Signs, Text, signs_of

THRESHOLD = 0.75  # from here on a candidate counts as certain enough to be proposed with a tick
SURE = 0.95  # from here on a late one joins without a person
WORTH_A_LOOK = 0.15


@dataclass(frozen=True)
class Evidence:
    """Why: a code, which the screen puts into words, and words of the text; `is_against` where it speaks against."""

    code: str
    words: str
    is_against: bool = False


@dataclass(frozen=True)
class Match:
    score: float
    evidence: tuple[Evidence, ...] = ()


# Of the logarithm of the odds. Few and of no product: what counts is read from each incident's own texts.
_WEIGHTS = {
    "always": -6.04,
    "cover": 5.10,
    "contain": 1.45,
    "other": -4.93,
    "also": -1.90,
    "apart": -1.79,
    "other_way": -3.90,
    "way_too": -2.00,
    "trouble": 2.50,
    "no_trouble": -1.12,
    "other_trouble": -1.22,
    "asking": -3.97,
    "asking_too": -2.40,
    "keyword": 0.91,
    "platform_other": -1.43,
    "early": -6.57,
    "past": -2.77,
    "reason": -3.97,
}


def compare(incident: Profile, text: Text) -> Match:
    """How surely a text is about the incident, and why."""
    signs = signs_of(text, incident.vocabulary)
    values = comparison.features(incident, text, signs)
    odds = sum(weight * values[name] for name, weight in _WEIGHTS.items())
    return Match(1 / (1 + math.exp(-odds)), tuple(_evidence(incident, text, signs, values)))


def _evidence(incident: Profile, text: Text, signs: Signs, values: Mapping[str, float]) -> Iterator[Evidence]:
    yield from _of_names(incident, signs, values)
    asks = _words_of(incident, signs, (ASKING,)) if values["asking"] or values["over"] else []
    causes = _words_of(incident, signs, (REASON, PAST)) if values["reason"] or values["past"] else []
    shared = dict.fromkeys(word for key, word in signs.thoughts.items() if _supports(incident, key))
    held = [word for word, share in comparison.keywords(incident, signs, text).items() if share == 1]
    found = (("words", shared, False), ("keyword", held, False), ("asking", asks, True), ("cause", causes, True))
    yield from (Evidence(code, ", ".join(words), is_against) for code, words, is_against in found if words)
    if values["letters"] >= 0.3:
        yield Evidence("letters", f"{round(values['letters'] * 100)}%")
    if text.at:
        yield Evidence("sent", str(int(text.at)), is_against=values["early"] > 0)


def _of_names(incident: Profile, signs: Signs, values: Mapping[str, float]) -> Iterator[Evidence]:
    """Networks, coins, codes and the like, each kind once: the same as the incident's, or others."""
    for kind in (*comparison.NAMED, *comparison.SHARED):
        is_other = values.get(f"{kind}_other", 0.0) > 0
        if values[f"{kind}_same"] or is_other:
            yield Evidence(kind, ", ".join(sorted(comparison.names_here(incident, signs, kind))), is_other)


def _words_of(incident: Profile, signs: Signs, kinds: Collection[str]) -> list[str]:
    """The words of the text whose thoughts are of these kinds."""
    return [word for key, word in signs.thoughts.items() if incident.vocabulary.kinds.get(key) in kinds]


def _supports(incident: Profile, key: str) -> bool:
    is_shared = key != "not" and incident.thoughts.get(key, 0.0) > 0
    return is_shared and incident.vocabulary.kinds.get(key) in (THING, TROUBLE)
