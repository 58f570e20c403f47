"""What nobody here may ask a trader for: passwords, keys, seed phrases, codes, remote access, another channel, and
money to a "safe wallet".

A text asks where, in one clause, the name of such a thing is governed by a verb that asks, and nothing in the clause
refuses or warns ("we never ask for your password"). The governing verb is the nearest one before the name, or the
nearest after it in languages whose verb comes last; "change your password" is governed by a verb that guides. A clause
without a verb takes the verb of its neighbour, as the items of a list do. Words: `wording/`. Linear in the text.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from supportdesk.guard.folding import fold
from supportdesk.guard.normalise import normalise
from supportdesk.guard.phrases import CHINESE, LATIN, Phrases, latin_words, phrases
from supportdesk.guard.spans import Asked, Finding

LONGEST_ITEM = 90  # characters of a clause that may be an item of a list
LONGEST_QUESTION = 12  # characters beside the name in a question such as "Your password?"
LONGEST_PLEASE = 22  # characters of a clause that says no more than that: "Your password, please."
LONGEST_MARK = 2  # characters behind a name that mark it as an object
LONGEST_REFUSAL = 30  # characters of a clause that refuses what follows and has no verb: "Under no circumstances, …"
LONGEST_TAIL = 30  # characters behind a question: "…, right now?"
LONGEST_SENTENCE = 2000  # characters; a text without full stops is read in pieces
WITHOUT_NEAR = 24  # characters between the name of a secret and "without" before it or behind it

# Verbs that ask for these besides the ones that ask for a secret.
_EXTRA = {
    Asked.REMOTE_ACCESS: "install",
    Asked.OTHER_CHANNEL: "contact",
    Asked.UNSAFE_TRANSFER: "transfer",
    Asked.TEST_TRANSFER: "transfer",
}

_SENTENCE_END = re.compile(
    r"[!?؟。۔]+|(?<![\s:(]\d)(?<![\s:(]\d\d)\.(?=\s|$|[^\x00-\x7f])"
    r"|(?<![:,;،])\n {0,40}+\n\s{0,40}+(?![-*•]|\d{1,2}[.)])"
)
_CLAUSE_END = re.compile(
    r"(?<!거나),|[;:|،؛()\[\]—–]|(?<=[ぁ-ん])(?<!も)(?<!たり)(?<!とか)(?<!など)、"
    r"|\n(?= *+(?:[-*•]|\d{1,2}[.)]))| - | (?=\d{1,2}[.)] )"
)
# The end of a verb that goes on in another one, in Turkish, Korean and Japanese.
_CHAIN = re.compile("[ıiuü]p |(?:ar|er)ak |(?<=[가-힣])[고서여] |[てで](?!くださ|下さ|いただ|頂)")
# The lines of a form: a label and nothing behind its colon but room for the answer.
_FIELD = re.compile(r"^[^\S\n]*(?:[-*•·▪□☐]|\d{1,2}[.)])?[^\S\n]*([^\n:]{2,60}?)[^\S\n]*:[\s_.…\-–—\[\]<>()*]*$")
_WORD = re.compile(r"[^\W\d_]+")
_KANA = re.compile("[ぁ-んァ-ヶ]")
_HAN = re.compile("[\u4e00-\u9fff]")
_SCRIPTS = {"ko": re.compile("[가-힣]"), "ru": re.compile("[а-я]"), "ar": re.compile("[ء-ي]")}
_LATIN = re.compile("[a-z]{2}")
_OWN_LETTERS = {
    "es": re.compile("[ñ¿¡]"),
    "fr": re.compile(r"[èœ]|(?<![^\W\d_])[cdjlmnst]'"),
    "pt-br": re.compile("[ãõ]"),
    "tr": re.compile("[ğışı]"),
    "vi": re.compile("[ăđơư\u1ea0-\u1ef9]"),
}


@dataclass(frozen=True)
class Noun:
    """The name of a secret in a sentence that begins at `offset` of the text."""

    start: int
    end: int
    kind: Asked
    offset: int


@dataclass
class Clause:
    """A part of a sentence up to a comma or a conjunction. Masked by NUL characters are in `text` names and verbs that
    mean something else, in `refusing` also refusals that are none ("do not hesitate to")."""

    text: str
    refusing: str
    start: int
    end: int
    languages: tuple[Phrases, ...]
    nouns: list[Noun]
    is_refused: bool = False

    @cached_property
    def verbs(self) -> list[tuple[int, str]]:
        """Place and role of each verb, in order."""
        found = ((match.start(), match.lastgroup or "") for one in self.languages for match in self._all(one.verbs))
        return sorted(found)

    def _all(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        return pattern.finditer(self.text, self.start, self.end)

    def has(self, name: str) -> bool:
        """Whether an entry of the list `name` stands in the clause."""
        text = self.refusing if name in ("negation", "warning") else self.text
        return any(getattr(one, name).search(text, self.start, self.end) for one in self.languages)

    def is_in_sentence(self, name: str) -> bool:
        """Whether an entry of the list `name` stands anywhere in the sentence."""
        return any(getattr(one, name).search(self.text) for one in self.languages)

    def has_extra(self, role: str, noun: Noun) -> bool:
        """Whether a verb of this role stands beside a noun, of which it is no part."""
        parts = ((self.start, noun.start), (noun.end, self.end))
        return any(one.extra[role].search(self.text, *part) for one in self.languages for part in parts)

    def misses(self, noun: Noun) -> bool:
        """Whether nothing can go on without it: "without your password we can't …"."""
        before = self.text[max(noun.start - WITHOUT_NEAR, 0) : noun.start]
        behind = self.text[noun.end : noun.end + WITHOUT_NEAR]
        return any(
            one.without.search(behind if one.is_verb_last else before) and one.unable.search(self.text)
            for one in self.languages
        )

    def asks_by(self, role: str) -> bool:
        """Whether a verb of this role asks the reader to tell us, rather than to act on a page."""
        if role == "offer":
            return not self.has("place") or self.has("here")
        if role == "need":
            return self.is_in_sentence("purpose")
        return role == "ask" or (role == "enter" and self.has("here") and not self.has("place"))

    @property
    def is_followed_by_verb(self) -> bool:
        return any(one.verbs.search(self.text, self.end) for one in self.languages)

    def role_over(self, noun: Noun) -> str | None:
        """The role of the verb that governs a noun."""
        before = [role for place, role in self.verbs if place < noun.start]
        after = [role for place, role in self.verbs if place >= noun.end]
        if self.languages[0].is_verb_last:
            if not after and self.end - noun.end <= LONGEST_MARK:  # an object whose verb is in the next clause
                return None
            return self._end_of_chain(noun) or (after[0] if after else (before[-1] if before else None))
        return before[-1] if before else (after[0] if after else None)

    def _end_of_chain(self, noun: Noun) -> str | None:
        """The role of the second of two verbs: "write it and send it", but for "write it in the app and …"."""
        behind = [(place, role) for place, role in self.verbs if place >= noun.end]
        if not behind or behind[0][1] != "enter" or self.has("place"):
            return None
        asks = (place for place, role in behind if role == "ask" and _CHAIN.search(self.text, behind[0][0], place))
        return "ask" if any(asks) else None

    def asks_for(self, noun: Noun) -> bool | None:
        """None where no verb governs the noun."""
        if self.misses(noun):
            return True
        if self.is_refused:
            return False
        if noun.kind == Asked.TEST_TRANSFER:
            return self.has_extra("transfer", noun) and self.is_in_sentence("ours")
        if noun.kind in _EXTRA and self.has_extra(_EXTRA[noun.kind], noun):
            return True
        role = self.role_over(noun)
        return None if role is None else self.asks_by(role)

    @cached_property
    def stance(self) -> bool | None:
        """What the clause hands on to an item after it: True asks, False does not, None has no verb."""
        if self.is_refused:
            return False
        return self.asks_by(self.verbs[-1][1]) if self.verbs else None


@dataclass
class Reading:
    """What is known of a text while its clauses are read in order."""

    asked: list[Noun] = field(default_factory=list)
    named: list[Noun] = field(default_factory=list)  # of this sentence and the one before: "… Send it to us."
    warned: list[Noun] = field(default_factory=list)  # the same, of what was refused: "Never share it. But send it …"
    waiting: list[Noun] = field(default_factory=list)  # of this sentence, without a verb so far
    stance: bool | None = None
    is_refusing: bool = False  # "Never, ever, …" refuses the next verb,
    is_list: bool = False  # "We never: …" all that follow

    def begin_sentence(self) -> frozenset[Noun]:
        """What the sentence before named, for an "it" in this one."""
        self.waiting, self.stance, self.is_refusing = [], None, False
        return frozenset((*self.named, *self.warned))

    def read(self, clause: Clause, is_question: bool) -> None:
        self._refuse(clause)
        if clause.stance is not None:
            self._resolve(clause)
        for noun in clause.nouns:
            self._judge(noun, clause, is_question)
        if clause.stance is not None:
            self.stance = clause.stance

    def _refuse(self, clause: Clause) -> None:
        clause.is_refused = clause.has("negation") or clause.has("warning")
        is_bare = not clause.verbs and clause.end - clause.start > LONGEST_REFUSAL
        opens_list = clause.text[clause.end : clause.end + 1] == ":" and not is_bare
        if self.is_refusing and (clause.verbs or clause.nouns):
            clause.is_refused = True
            self.is_refusing = self.is_list
        elif clause.is_refused and (
            opens_list or (clause.has("negation") and not (clause.verbs or clause.nouns or is_bare))
        ):
            self.is_refusing, self.is_list = True, opens_list

    def _resolve(self, clause: Clause) -> None:
        """A clause with a verb decides about the nouns before it that wait for one, and about "it"."""
        if clause.stance and "\0" in clause.text[clause.start : clause.end]:  # it asks for something harmless
            return
        if clause.stance and not clause.nouns and clause.has("it"):
            self.asked += self.named
            self.named = []
            if clause.is_in_sentence("contrast"):
                self.asked += self.warned
                self.warned = []
        elif clause.stance and (clause.languages[0].is_verb_last or clause.end - clause.start <= LONGEST_PLEASE):
            self.asked += self.waiting
        self.waiting = []

    def _judge(self, noun: Noun, clause: Clause, is_question: bool) -> None:
        is_asked = clause.asks_for(noun)
        if is_asked is None and clause.end - clause.start <= LONGEST_ITEM:
            is_asked = self.stance
        is_last = len(clause.text) - clause.end <= LONGEST_TAIL and not clause.is_followed_by_verb
        is_short = clause.end - clause.start - (noun.end - noun.start) <= LONGEST_QUESTION
        if is_asked is None and is_question and is_last and is_short:
            is_asked = True
        if is_asked:
            self.asked.append(noun)
        elif clause.is_refused:
            self.warned.append(noun)
        else:
            self.named.append(noun)
            if is_asked is None:
                self.waiting.append(noun)


def asks_secret(text: str) -> tuple[Finding, ...]:
    """What the text asks its reader for and nobody may ask for, by place; empty for a text that may go out."""
    return tuple(finding for finding in _asked(text) if finding.kind != Asked.IDENTITY_DOCUMENT)


def asks_document(text: str) -> tuple[Finding, ...]:
    """Identity documents that the text asks for: not forbidden, but a plain message is the wrong place."""
    return tuple(finding for finding in _asked(text) if finding.kind == Asked.IDENTITY_DOCUMENT)


def _asked(text: str) -> list[Finding]:
    normalised = normalise(text)
    folded, places = fold(normalised.text)
    reading = Reading()
    for start, end in _sentences(folded):
        _read_sentence(folded, start, end, reading)
    reading.asked += _of_form(folded, _languages(folded[:LONGEST_SENTENCE]))
    found = set()
    for noun in reading.asked:
        first, last = places[noun.offset + noun.start], places[noun.offset + noun.end - 1]
        found.add(Finding(*normalised.span(first, last + 1), noun.kind))
    return sorted(found)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    position = 0
    for match in _SENTENCE_END.finditer(text):
        yield from _pieces(position, match.end())
        position = match.end()
    yield from _pieces(position, len(text))


def _pieces(start: int, end: int) -> Iterator[tuple[int, int]]:
    for position in range(start, end, LONGEST_SENTENCE):
        yield position, min(position + LONGEST_SENTENCE, end)


def _read_sentence(text: str, start: int, end: int, reading: Reading) -> None:
    sentence = text[start:end]
    languages = _languages(sentence)
    masked = _masked(sentence, languages, "harmless")
    nouns = _nouns(masked, languages, start)
    earlier = reading.begin_sentence()
    if not nouns and not earlier:
        return
    is_question = sentence.rstrip().endswith(("?", "؟"))
    if not is_question and not _has_verb(masked, languages, nouns):
        reading.named, reading.warned = nouns, []
        return
    for clause in _clauses(masked, _masked(masked, languages, "idiom"), languages, nouns):
        reading.read(clause, is_question)
    reading.named = [noun for noun in reading.named if noun not in earlier]
    reading.warned = [noun for noun in reading.warned if noun not in earlier]


def _of_form(text: str, languages: tuple[Phrases, ...]) -> Iterator[Noun]:
    """What the empty fields of a form are for, two of which stand below one another."""
    lines, before, was_field, position = text.split("\n"), "", False, 0
    fields = [_FIELD.match(line) for line in lines]
    for number, (line, label) in enumerate(zip(lines, fields, strict=True)):
        if label and (was_field or any(fields[number + 1 : number + 2])) and not _refuses(before):
            yield from _in_label(label[1], position + label.start(1), languages)
        is_heading = label is None or (not was_field and _refuses(line))
        if line.strip() and is_heading:
            before = line
        was_field = not is_heading or (was_field and not line.strip())
        position += len(line) + 1


def _refuses(line: str) -> bool:
    """Whether the line above a form says that it is none: "Never send us:"."""
    languages = _languages(line)
    line = _masked(line, languages, "idiom")
    return line.rstrip().endswith(":") and any(
        one.negation.search(line) or one.warning.search(line) for one in languages
    )


def _in_label(label: str, offset: int, languages: tuple[Phrases, ...]) -> list[Noun]:
    languages = tuple(dict.fromkeys((*languages, *_languages(label))))
    if any(one.negation.search(label) for one in languages):
        return []
    return _nouns(_masked(label, languages, "harmless"), languages, offset)


def _has_verb(sentence: str, languages: tuple[Phrases, ...], nouns: list[Noun]) -> bool:
    """Whether the sentence needs a closer look; many that only name a secret must not take long."""
    is_special = any(noun.kind in _EXTRA for noun in nouns)
    return is_special or any(one.verbs.search(sentence) or one.unable.search(sentence) for one in languages)


def _languages(sentence: str) -> tuple[Phrases, ...]:
    """The languages that a sentence may be in, the likeliest first; several where its script does not tell."""
    codes = [code for code, script in _SCRIPTS.items() if not sentence.isascii() and script.search(sentence)]
    if not sentence.isascii() and _HAN.search(sentence) and "ko" not in codes:
        codes += CHINESE
    if not sentence.isascii() and _KANA.search(sentence):
        codes = ["ja"]
    if _LATIN.search(sentence):
        codes += _latin(sentence, bool(codes))
    return tuple(phrases(code, is_bare=code == "vi" and sentence.isascii()) for code in codes)


def _latin(sentence: str, is_mixed: bool) -> list[str]:
    """Languages by their common words and by letters of their own. English names of secrets stand in any other
    language."""
    speaks = latin_words()
    scores = Counter(code for word in _WORD.findall(sentence) for code in speaks.get(word, ()))
    if not sentence.isascii():
        scores.update({code: len(letters.findall(sentence)) for code, letters in _OWN_LETTERS.items()})
    if is_mixed:
        return ["en"] if scores["en"] > 1 else []
    best = max(scores.values(), default=0)
    codes = [code for code in LATIN if scores[code] == best]
    return codes if "en" in codes or scores["en"] < 2 else [*codes, "en"]


def _masked(sentence: str, languages: tuple[Phrases, ...], name: str) -> str:
    """The sentence without the entries of the list `name`."""
    for language in languages:
        sentence = getattr(language, name).sub(_blot, sentence)
    return sentence


def _blot(match: re.Match[str]) -> str:
    return "\0" * len(match.group())


def _nouns(sentence: str, languages: tuple[Phrases, ...], offset: int) -> list[Noun]:
    """What the sentence names, the longest of two that overlap; English names count in every language."""
    found = [
        Noun(match.start(), match.end(), Asked(match.lastgroup or ""), offset)
        for language in dict.fromkeys((*languages, phrases("en")))
        for match in language.nouns.finditer(sentence)
    ]
    kept: list[Noun] = []
    for noun in sorted(found, key=lambda noun: (noun.start, -noun.end)):
        if not kept or noun.start >= kept[-1].end:
            kept.append(noun)
    return kept


def _clauses(sentence: str, refusing: str, languages: tuple[Phrases, ...], nouns: list[Noun]) -> Iterator[Clause]:
    ends = {match.start() for match in _CLAUSE_END.finditer(sentence)}
    for language in languages:
        ends |= {match.start() for match in language.split.finditer(sentence)}
    taken, start = 0, 0
    for end in [*sorted(ends), len(sentence)]:
        first = taken
        while taken < len(nouns) and nouns[taken].start < end:
            taken += 1
        yield Clause(sentence, refusing, start, end, languages, nouns[first:taken])
        start = end
