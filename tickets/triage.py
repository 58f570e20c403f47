"""What a request is about, how urgent it is and in which language, by rules that can be shown. Pure: the rows of the
rules, the answers of the form and the clock are arguments.

A topic's score is the sum of the weights of its phrases that are found, each counted once. A phrase of weight 0 says
that its words mean nothing for the topic (“not about fees”): what else is found in them does not count, unless the
text is about nothing else, or asks whether there was a break-in. The topic that
the customer chose wins; without one the best does, where it leads the second by `MARGIN` of its own score; else a
person decides. Urgency is the highest of the rules that are met. A rule of low priority (how-to) speaks only where no
other does.

What the desk has learned (`tickets.wordings`) speaks beside the rules: the logarithm of a topic's probability is added
to its score times `WORTH`, and never less than `DOUBT`. Rules that lead by `ALONE` points decide whatever was learned.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from tickets import language_detection
from tickets.enums import Priority, RuleKind
from tickets.phrases import Folded
from tickets.request_figures import RequestFigures
from tickets.triage_rules import Rule, Rules, Signal
from tickets.wordings import softmax
from tickets.wordlists import FORM, conditions_of

MARGIN = 0.08  # share of the best score; a topic that leads the next one by less is not taken
CAUTION = 1.05  # the score of security counts times this in comparisons: overlooking a break-in costs the most
LEAST = 2.0  # a score below it is chance
FOREIGN = 0.5  # factor on a phrase of another language than the text's, where both use the same letters
LONGEST = 8000  # letters; what follows in a text is not read
OTHER, SECURITY = "other", "security"
ALARM = "security!"  # the label of a text about a break-in that harms now, or is feared to
LEARNED = "learned"  # stands in place of a rule's key in signals that come from the learned table
WORTH = 0.4  # how much one point of a rule's score adds to the logarithm of a learned probability
DOUBT = -5.0  # a learned log probability never counts as less than this
ALONE = 7.2  # points; rules that lead the next topic by so many decide without the learned table
SURE = 0.26  # where rules are unclear: the probability, of rules and table together, that a topic needs
ALARMING = 0.75  # the table's probability of a break-in from which a request is urgent
CERTAIN = 0.5  # the same as SURE, for the topic security: it moves a request to the front
SUSPECT = 0.15  # probability of security from which a person looks at a request that got another topic
RANK = {Priority.LOW: 0, Priority.NORMAL: 1, Priority.HIGH: 2, Priority.URGENT: 3}
_SENTENCE_END = re.compile(r"[!?。！？؟\n]|\.(?!\w)")
_QUESTION_MARKS = frozenset("?？؟")
_QUESTION_ENDINGS = ("か", "かな", "吗", "嗎", "呢", "么", "麼", "까", "까요", "나요", "은지", "는지")
_QUESTION_BEFORE = ("有没", "有沒", "是不", "会不", "會不", "能不", "要不")  # 有没有…, 是不是…: whether or not
_QUESTION_AFTER = re.compile(r"\s*(?:ли|m[iıuü])\b")  # what makes a question of the word before, in Russian and Turkish
_LATIN = frozenset({"en", "es", "fr", "pt-br", "tr", "vi"})


class Scored(NamedTuple):
    """Signals that count, the keys of the rules that they meet, and the score of each topic."""

    signals: list[Signal]
    met: set[str]
    scores: dict[str, float]


@dataclass(frozen=True)
class Triage:
    """`topic_score` and `margin` (0 to 1) are those of the best topic of the text, also where it was not taken.
    `urgency` is empty where no rule of urgency was met; `lowers` says that it may lie below the topic's own."""

    topic: str
    topic_score: float
    margin: float
    urgency: str
    language: str
    signals: Sequence[Signal]
    best_topic: str = ""
    department: str = ""
    lowers: bool = False
    needs_person: bool = False
    is_language_sure: bool = False
    deciding: tuple[str, ...] = ()  # keys of the rules that the urgency is due to
    scores: Mapping[str, float] = field(default_factory=dict)
    shares: Mapping[str, float] = field(default_factory=dict)  # probabilities of topics, of rules and wordings together


def classify(
    text: str,
    language: str,
    fields: Mapping[str, Any],
    rules: Rules,
    *,
    chosen: str = "",
    now: datetime | None = None,
) -> Triage:
    """What the rules say of a request. `language` is the form's (or the mail program's), `fields` are the form's
    answers by key, `chosen` the key of the topic that the customer chose, `now` (UTC) the moment for ages of events."""
    looked_at = text[:LONGEST]
    figures = RequestFigures.of(looked_at, {**fields, "topic": chosen}, now)
    signals = [*_of_words(looked_at, rules), *_of_answers(figures, rules)]
    spoken, is_sure = _language(looked_at, language, signals)
    signals = sorted(_weighed(signals, spoken), key=lambda one: (one.start, one.end, one.rule_id, one.field))
    signals, met, scores = _about(looked_at, signals, rules)
    read = rules.learned.probabilities(looked_at) if rules.learned else {}
    judged = judge(scores, read)
    topic = chosen or (judged.best if judged.is_clear else OTHER)
    urgency = _urgency(met, rules, topic)
    is_alarm = urgency.get("urgency") != Priority.URGENT and read.get(ALARM, 0.0) >= ALARMING
    said_for = ALARM if is_alarm else topic if judged.is_clear and not chosen else ""
    return Triage(
        topic=topic,
        topic_score=judged.score,
        margin=judged.margin,
        language=spoken,
        signals=(*(one for one in signals if one.rule_id in met), *_of_wordings(looked_at, rules, said_for)),
        best_topic=judged.best,
        needs_person=_needs_person(judged, chosen, topic),
        is_language_sure=is_sure,
        scores=scores,
        shares=judged.shares,
        **(_alarmed(urgency) if is_alarm else urgency),
    )


def _of_words(text: str, rules: Rules) -> list[Signal]:
    found = rules.found_in(Folded(text))
    return [
        Signal(rule.key, rule.kind, start, end, line.weight, language=line.language)
        for rule, line, start, end in found
    ]  # fmt: skip


def _of_answers(figures: RequestFigures, rules: Rules) -> Iterator[Signal]:
    for rule, line in rules.conditions:
        places = [(part["name"], figures.meets(part)) for part in conditions_of(line.text)]
        if all(place is not None for _, place in places):
            name, (start, end) = next(((n, p) for n, p in places if p and p[1]), (places[0][0], (0, 0)))
            yield Signal(rule.key, rule.kind, start, end, line.weight, field="" if end else name, language=FORM)


def _language(text: str, form: str, signals: Sequence[Signal]) -> tuple[str, bool]:
    """The language of a text, and whether its letters or several of its words leave no doubt."""
    if script := language_detection.by_script(text):
        return script, True
    votes: dict[str, float] = {}
    for one in signals:
        votes[one.language] = votes.get(one.language, 0) + (1 if one.kind != RuleKind.LANGUAGE else one.weight)
    return language_detection.by_words(text, votes) or form, False


def _about(text: str, signals: Sequence[Signal], rules: Rules) -> Scored:
    """The signals that count. What a text denies does not, unless the text is about nothing else: people ask whether
    they were hacked, and say that a withdrawal which is completed has not arrived."""
    meant = _scored(_meant(text, signals, rules), rules)
    if _best(meant.scores)[1] >= LEAST:
        return meant
    return _scored([one for one in signals if not _is_denial(one, rules)], rules)


def _scored(signals: list[Signal], rules: Rules) -> Scored:
    met = _met(signals, rules)
    return Scored(signals, met, _scores(signals, met, rules))


def _is_denial(one: Signal, rules: Rules) -> bool:
    """Whether it stands for words which mean nothing for a topic."""
    return not one.weight and rules.by_key[one.rule_id].kind == RuleKind.TOPIC


def _meant(text: str, signals: Sequence[Signal], rules: Rules) -> list[Signal]:
    """The signals without those that stand in words which mean nothing for their topic."""
    denials = [one for one in signals if _is_denial(one, rules) and not _fears(text, one, rules)]
    return [
        one
        for one in signals
        if not _is_denial(one, rules) and not any(_is_void(one, other, rules) for other in denials)
    ]


def _fears(text: str, one: Signal, rules: Rules) -> bool:
    """Whether it is asked, not said, that nothing was stolen. Of other topics nobody is afraid: “this is not about
    fees, why did you cancel it?” is a question about something else."""
    return rules.by_key[one.rule_id].topic == SECURITY and _asks(text, one)


def _asks(text: str, one: Signal) -> bool:
    if text[max(one.start - 1, 0) :].startswith(_QUESTION_BEFORE) or _QUESTION_AFTER.match(text, one.end):
        return True
    end = _SENTENCE_END.search(text, one.end)
    if end is not None and end.group() in _QUESTION_MARKS:
        return True
    return text[: end.start() if end else len(text)].rstrip().endswith(_QUESTION_ENDINGS)


def _is_void(one: Signal, denial: Signal, rules: Rules) -> bool:
    return rules.by_key[one.rule_id].topic == rules.by_key[denial.rule_id].topic and _overlap(one, denial)


def _overlap(one: Signal, other: Signal) -> bool:
    return one.start < other.end and other.start < one.end


def _weighed(signals: Iterable[Signal], language: str) -> Iterator[Signal]:
    """A phrase of another language that shares its letters may be there by chance."""
    for one in signals:
        is_foreign = one.language in _LATIN - {"en", language}
        yield one._replace(weight=one.weight * FOREIGN) if is_foreign else one


def _met(signals: Sequence[Signal], rules: Rules) -> set[str]:
    """Keys of the rules that have a signal, and whose need is met."""
    hit = {one.rule_id for one in signals}
    return {key for key in hit if not rules.by_key[key].needs or rules.by_key[key].needs in hit}


def _scores(signals: Sequence[Signal], met: set[str], rules: Rules) -> dict[str, float]:
    """Topic -> sum of weights. One place of the text counts once for a topic: of several phrases that say the same the
    heaviest."""
    own: dict[str, list[Signal]] = {}
    for one in signals:
        rule = rules.by_key[one.rule_id]
        if one.rule_id in met and rule.topic and rule.kind in (RuleKind.TOPIC, RuleKind.URGENCY):
            own.setdefault(rule.topic, []).append(one)
    return {topic: _apart(found) for topic, found in own.items()}


def _apart(signals: Sequence[Signal]) -> float:
    """The sum of the weights of the heaviest signals that do not overlap."""
    total, taken = 0.0, list[Signal]()
    for one in sorted(signals, key=lambda one: (-one.weight, one.start)):
        if one.field or all(one.end <= other.start or one.start >= other.end for other in taken):
            taken.append(one)
            total += one.weight
    return total


class Judged(NamedTuple):
    """The best topic, its score by the rules, and by what part of it (0 to 1) it leads the rules' next; `shares` are
    empty where nothing was learned."""

    best: str
    score: float
    margin: float
    is_clear: bool
    shares: dict[str, float]


def judge(scores: Mapping[str, float], read: Mapping[str, float]) -> Judged:
    """What scores of rules and probabilities of wordings say together. Where nothing was learned the rules say it
    alone, and so they do where they lead by `ALONE`; where both have the same topic it is enough that the rules are
    clear, and nothing takes from rules that are clear about a break-in."""
    best, score, margin = _best(scores)
    is_clear = score >= LEAST and margin >= MARGIN
    if not read:
        return Judged(best, score, margin, is_clear, {})
    shares = _together(scores, read)
    likeliest = max(shares, key=lambda topic: (shares[topic], topic))
    if is_clear and (best in (likeliest, SECURITY) or score * margin >= ALONE):
        return Judged(best, score, margin, True, shares)
    is_sure = shares[likeliest] >= (CERTAIN if likeliest == SECURITY else SURE)
    return Judged(likeliest, scores.get(likeliest, 0.0), margin if likeliest == best else 0.0, is_sure, shares)


def _together(scores: Mapping[str, float], read: Mapping[str, float]) -> dict[str, float]:
    learned = {topic: share for topic, share in read.items() if topic != ALARM}
    if ALARM in read:
        learned[SECURITY] = learned.get(SECURITY, 0.0) + read[ALARM]
    topics = sorted({*scores, *learned})
    logits = [
        max(math.log(learned.get(topic, 0.0) or 1e-9), DOUBT)
        + WORTH * scores.get(topic, 0.0) * (CAUTION if topic == SECURITY else 1)
        for topic in topics
    ]
    return dict(zip(topics, softmax(logits), strict=True))


def _of_wordings(text: str, rules: Rules, label: str) -> Iterator[Signal]:
    """The words that spoke most for a label, where what was learned knows it."""
    if rules.learned is None or label not in rules.learned.labels:
        return
    for start, end, weight in rules.learned.spans(text, label):
        yield Signal(LEARNED, RuleKind.LEARNED, start, end, round(weight, 2))


def _needs_person(judged: Judged, chosen: str, topic: str) -> bool:
    """Whether nothing is clear, or what was taken for something else may be about a break-in."""
    is_suspect = topic != SECURITY and judged.shares.get(SECURITY, 0.0) >= SUSPECT
    return is_suspect or (not chosen and not judged.is_clear)


def _alarmed(urgency: Mapping[str, Any]) -> dict[str, Any]:
    """What signs of a break-in do, where wordings alone tell of one."""
    return {
        **urgency,
        "department": urgency.get("department") or SECURITY,
        "urgency": Priority.URGENT.value,
        "lowers": False,
        "deciding": (LEARNED,),
    }


def _best(scores: Mapping[str, float]) -> tuple[str, float, float]:
    """The best topic, its score, and its lead over the next one as a share of its score."""
    compared = {topic: score * CAUTION if topic == SECURITY else score for topic, score in scores.items()}
    ordered = sorted(compared.items(), key=lambda pair: (-pair[1], pair[0] != SECURITY, pair[0]))
    if not ordered or ordered[0][1] <= 0:
        return "", 0.0, 0.0
    best, score = ordered[0]
    second = ordered[1][1] if len(ordered) > 1 else 0.0
    return best, scores[best], (score - second) / score


def _urgency(met: set[str], rules: Rules, topic: str) -> dict[str, Any]:
    """What the rules of urgency say, as fields of `Triage`: the highest of those that raise. Where there are none a
    how-to lowers, but never for a break-in."""
    urgent = [rule for key, rule in rules.by_key.items() if key in met and rule.kind == RuleKind.URGENCY]
    raising = sorted((rule for rule in urgent if rule.priority != Priority.LOW), key=_rank, reverse=True)
    if raising:
        highest = raising[0].priority
        return {
            "urgency": highest,
            "department": next((rule.department for rule in raising if rule.department), ""),
            "deciding": tuple(rule.key for rule in raising if rule.priority == highest),
        }
    if urgent and topic != SECURITY:
        return {"urgency": Priority.LOW.value, "lowers": True, "deciding": tuple(rule.key for rule in urgent)}
    return {"urgency": "", "lowers": False}


def _rank(rule: Rule) -> int:
    return RANK[Priority(rule.priority)]


def priority_of(default: str, triage: Triage) -> str:
    """The priority of a ticket: the topic's own, raised by what was found; lowered by a how-to alone, and never where
    the topic itself is urgent."""
    if not triage.urgency:
        return default
    if triage.lowers:
        return default if default == Priority.URGENT else triage.urgency
    return max(default, triage.urgency, key=lambda one: RANK[Priority(one)])
