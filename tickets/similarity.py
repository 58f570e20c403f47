"""How alike what a customer writes is to what is known of an incident, in whatever languages the two are. Pure.

A score from 0 to 1 is made of: thoughts that both have (`concepts`: what it is about, what went wrong), names that are
the same in every language (networks, coins, contracts, codes of errors), letters in a row where the languages are the
same, words that people gave to the incident, topic, and time. The weights of `_WEIGHTS` were fitted as a logistic
regression to labelled texts in twelve languages; `manage.py evaluate_incidents` measures it on others.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tickets import scripts
from tickets.concepts import ASKING, TERM, THING, TROUBLE, UNSPACED, Vocabulary, family, fold

THRESHOLD = 0.75  # from here on a candidate counts as certain enough to be proposed with a tick
SURE = 0.95  # from here on a late one joins without a person
WORTH_A_LOOK = 0.15
EARLY_S = 300.0  # before the beginning, seconds, that nobody can tell apart


@dataclass(frozen=True)
class Text:
    """What somebody wrote; `at` in Unix seconds, UTC, 0 where it does not matter."""

    language: str
    text: str
    topic: str = ""
    at: float = 0.0


@dataclass(frozen=True)
class Evidence:
    """Why: a code of `EVIDENCE`, with the words of the text; `is_against` where it speaks against."""

    code: str
    words: str
    is_against: bool = False


@dataclass(frozen=True)
class Match:
    score: float
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Signs:
    """What is found in one text: thoughts by kind, names by kind, pieces of letters."""

    language: str
    thoughts: Mapping[str, str]
    names: Mapping[str, frozenset[str]]
    pieces: Mapping[str, float]
    topic: str = ""


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
    its keywords by language."""

    known: tuple[Signs, ...]
    thoughts: Mapping[str, float]
    names: Mapping[str, Mapping[str, float]]
    keywords: Mapping[str, tuple[str, ...]]
    topics: frozenset[str]
    started_at: float
    vocabulary: Vocabulary = field(repr=False)


# Names that are the same in all languages

_NETWORKS = {
    "trc20": "trc ?-?20; tron; 波场; 波場; トロン; 트론; трон; ترون; trx network",
    "erc20": "erc ?-?20; ethereum (?:network|chain|mainnet); 以太坊; 이더리움 (?:네트워크|체인); イーサリアム",
    "bep20": "bep ?-?20; bsc; bnb chain; bnb smart chain; binance smart chain; 币安智能链",
    "solana": "solana; sol network; spl; 솔라나; ソラナ; солана; 索拉纳; سولانا",
    "polygon": "polygon; matic; 폴리곤; ポリゴン; полигон; بوليغون",
    "arbitrum": "arbitrum; arb one; 아비트럼; アービトラム; арбитрум; اربيتروم",
    "optimism": "optimism; op mainnet; 옵티미즘; оптимизм",
    "base": "base network; base chain",
    "avalanche": "avalanche; avax-?c; c-chain; 아발란체",
    "ton": "ton network; toncoin; the open network; تون",
    "bitcoin network": "bitcoin network; btc network; lightning; 比特币网络; 비트코인 네트워크; сеть биткоин",
}
_COINS = {
    "btc": "btc; bitcoins?; xbt; битк\\w*; биткоин; 비트; 비트코인; 比特币; 比特幣; ビットコイン; بيتكوين; البيتكوين",
    "eth": "eth; ether; ethereum; 以太坊; 以太币; イーサ; 이더; эфир; эфириум; ايثيريوم; إيثيريوم",
    "usdt": "usdt; tether; (?<=[\u4e00-\u9fff])u(?![a-z0-9]); 泰达币; テザー; 테더; тезер; юсдт; تيثر",
    "usdc": "usdc",
    "sol": "sol; solana",
    "xrp": "xrp; ripple; リップル; 리플; рипл; ريبل",
    "doge": "doge; dogecoin; 狗狗币; 도지",
    "bnb": "bnb",
    "ltc": "ltc; litecoin",
    "trx": "trx",
    "ada": "ada; cardano",
    "avax": "avax",
    "matic": "matic",
    "arb": "arb",
    "apt": "apt; aptos",
    "sui": "sui",
    "pepe": "pepe",
    "shib": "shib",
    "bch": "bch",
    "eos": "eos",
    "atom": "atom; cosmos",
    "fil": "fil",
    "eur": "eur; euros?; 欧元; ユーロ; 유로; евро; يورو",
    "usd": "usd; dollars?; 美元; ドル; 달러; доллар\\w*; dolar\\w*; دولار",
    "brl": "brl; reais",
    "krw": "krw; 원화",
    "rub": "rub; рубл\\w*",
    "vnd": "vnd",
}
_PLACES = {
    "ios": "ios; iphone; ipad; 苹果; 蘋果; アイフォン; 아이폰; айфон; ايفون",
    "android": "android; 安卓; アンドロイド; 안드로이드; андроид\\w*; اندرويد; samsung; pixel; xiaomi",
    "sms": "sms; смс; 短信; 簡訊; 문자; رسالة نصية; text message; tin nhan",
    "email": "e-?mails?; 邮件; 郵件; 邮箱; メール; 이메일; почт\\w*; البريد; correo",
    "websocket": "websockets?; wss?; 웹소켓; вебсокет\\w*; ウェブソケット",
    "rest": "rest",
    "sepa": "sepa; iban",
    "pix": "pix",
    "papara": "papara",
    "swift": "swift",
    "visa": "visa; mastercard",
    "apple pay": "apple pay",
    "google authenticator": "google authenticator",
    "telegram": "telegram; 电报; テレグラム; 텔레그램; телеграм\\w*; تيليجرام; تلغرام",
    "whatsapp": "whatsapp; ватсап; واتساب",
    "vpn": "vpn",
    "p2p": "p2p; c2c",
    "csv": "csv",
    "pdf": "pdf",
}


def _names(table: Mapping[str, str]) -> re.Pattern[str]:
    groups = []
    for number, aliases in enumerate(table.values()):
        written = "|".join(_alias(fold(alias.strip())) for alias in aliases.split(";"))
        groups.append(f"(?P<n{number}>{written})")
    return re.compile("|".join(groups))


def _alias(alias: str) -> str:
    """Latin names stand alone, also directly beside characters that put no blanks between words."""
    if re.match("[a-z]", alias):
        return rf"(?<![a-z0-9]){alias}(?![a-z0-9])"
    return alias


_TABLES = {
    kind: (tuple(table), _names(table))
    for kind, table in (("network", _NETWORKS), ("coin", _COINS), ("place", _PLACES))
}
_SYMBOL = re.compile(r"(?<![a-z0-9])([a-z0-9]{2,8}?)[-/_]?(?:usdt|usdc|usd)(?:[-_]?(?:perp|p))?(?![a-z0-9])")
_CODE = re.compile(
    r"(?<![a-z0-9.])(?:[a-z]{1,4}[-_]?\d{3,5}|-\d{4,5}|40[0134]|418|429|50[0234])"
    r"(?![a-z0-9%]|[.,]\d| ?[$€]| (?:us|usdt|usdc|usd|btc|eth|eur)\b)"
)
_NO_CODE = re.compile(r"(?:trc|erc|bep|spl|ngx|sha|utc|gmt|x)")
_PERCENT = re.compile(r"(?<![\d.,])(?:(\d+(?:[.,]\d+)?) ?[%٪]|[%٪] ?(\d+(?:[.,]\d+)?))")
_MINUTE = re.compile(r"(?<!\d)\d{1,2} ?[:h点點時时시.] ?(\d{2})(?![\d%])")


def names_in(text: str) -> dict[str, frozenset[str]]:
    """Networks, coins, means, codes of errors and figures of a text, under one name each. Of times the minute: it is
    the same in nearly every time zone."""
    folded = fold(text)
    found = {
        kind: {names[int(match.lastgroup[1:])] for match in pattern.finditer(folded) if match.lastgroup}
        for kind, (names, pattern) in _TABLES.items()
    }
    pairs = [match[1] for match in _SYMBOL.finditer(folded)]
    found["coin"] = {*found["coin"], *pairs}
    found["code"] = {re.sub("[-_]", "", match[0]) for match in _CODE.finditer(folded) if not _NO_CODE.match(match[0])}
    found["figure"] = {_plain(match[1] or match[2]) for match in _PERCENT.finditer(folded)}
    found["minute"] = {match[1] for match in _MINUTE.finditer(folded)}
    return {kind: frozenset(names) for kind, names in found.items() if names}


def _plain(number: str) -> str:
    """`1.0000` and `1` are the same figure."""
    return f"{float(number.replace(',', '.')):g}"


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


def _alike(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    few, many = (one, other) if len(one) < len(other) else (other, one)
    return sum(weight * many.get(piece, 0.0) for piece, weight in few.items())


# Profiles


def signs_of(text: Text, vocabulary: Vocabulary) -> Signs:
    written = scripts.sure_language_of(text.text) or text.language
    thoughts = vocabulary.found(text.text, dict.fromkeys([written, text.language]))
    return Signs(family(written), thoughts, names_in(text.text), pieces_of(text.text, written), text.topic)


_TITLE, _KEYWORDS, _REFERENCE, _EXAMPLE = 2.0, 2.0, 0.5, 1.0  # how much the words of each count


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
    )


def _shares(weighed: Sequence[tuple[Iterable[str], float]]) -> dict[str, float]:
    """Which share of the texts, by their weights, has each name."""
    total = sum(weight for _, weight in weighed) or 1.0
    found: dict[str, float] = {}
    for names, weight in weighed:
        for name in names:
            found[name] = found.get(name, 0.0) + weight / total
    return found


# Comparing

_PLAIN = {
    "fails": 0.5,
    "error": 0.5,
    "app": 0.6,
    "balance": 0.6,
    "website": 0.5,
    "delayed": 0.8,
    "how": 0.5,
    "price": 0.8,
}
_PLAIN |= {"email": 0.7, "order": 0.8, "position": 0.8, "address": 0.6}
_OF_KIND = {THING: 1.0, TROUBLE: 1.0, TERM: 0.3, ASKING: 0.0}
_NAMED = ("network", "coin", "place", "code")
_SHARED = ("figure", "minute")  # another one says nothing

# Of the logarithm of the odds. `_other`: the text names another one than the incident does.
_WEIGHTS = {
    "always": -5.48,
    "thing": 4.01,
    "trouble": 2.23,
    "no_trouble": -2.8,
    "core": 1.32,
    "strange": -1.41,
    "asking": -3.88,
    "asking_too": -0.37,
    "over": -1.19,
    "letters": 3.05,
    "keyword": 1.69,
    "topic": 0.66,
    "early": -8.61,
    "network_same": 1.64,
    "network_other": -4.69,
    "coin_same": 1.29,
    "coin_other": -4.0,
    "place_same": 1.08,
    "place_other": -1.82,
    "code_same": 3.39,
    "code_other": -1.73,
    "figure_same": 1.76,
    "minute_same": 2.21,
}


def compare(incident: Profile, text: Text) -> Match:
    """How surely a text is about the incident, and why."""
    signs = signs_of(text, incident.vocabulary)
    values = features(incident, text, signs)
    odds = sum(_WEIGHTS[name] * value for name, value in values.items())
    return Match(1 / (1 + math.exp(-odds)), tuple(_evidence(incident, text, signs, values)))


def features(incident: Profile, text: Text, signs: Signs) -> dict[str, float]:
    """What the score is made of: names of `_WEIGHTS` with values that are mostly from 0 to 1."""
    kinds = incident.vocabulary.kinds
    found = {"always": 1.0}
    found["thing"] = _overlap(incident, signs, (THING, TERM))
    found["trouble"] = _overlap(incident, signs, (TROUBLE,))
    found["core"] = _core(incident, signs)
    found["strange"] = _strange(incident, signs)
    found["no_trouble"] = float(all(kinds.get(key) != TROUBLE for key in signs.thoughts))
    found["asking"] = float("how" in signs.thoughts and not found["trouble"])
    found["asking_too"] = float("how" in signs.thoughts and bool(found["trouble"]))
    found["over"] = float("over" in signs.thoughts)
    found["letters"] = _letters(incident, signs)
    found["keyword"] = min(1.0, sum(_keywords(incident, signs, text).values()) / 2)
    found["topic"] = float(text.topic in incident.topics)
    found["early"] = float(0 < text.at < incident.started_at - EARLY_S)
    for kind in _NAMED:
        found |= _named(incident, signs, kind)
    for kind in _SHARED:
        found[f"{kind}_same"] = float(_named(incident, signs, kind)[f"{kind}_same"] > 0)
    return found


def _core(incident: Profile, signs: Signs) -> float:
    """How much of what the incident is mostly about is in the text."""
    kinds = incident.vocabulary.kinds
    core = {key: share for key, share in incident.thoughts.items() if share >= 0.4 and kinds[key] == THING}
    return sum(share for key, share in core.items() if key in signs.thoughts) / sum(core.values()) if core else 0.0


def _strange(incident: Profile, signs: Signs) -> float:
    """How many things the text is about that the incident is not."""
    kinds = incident.vocabulary.kinds
    here = [key for key in signs.thoughts if kinds[key] == THING and incident.thoughts.get(key, 0.0) < 0.05]
    return min(1.0, sum(_weight(incident, key) for key in here) / 2)


def _letters(incident: Profile, signs: Signs) -> float:
    alike = (_alike(signs.pieces, known.pieces) for known in incident.known if known.language == signs.language)
    return max(alike, default=0.0)


def _weight(incident: Profile, key: str) -> float:
    return _OF_KIND[incident.vocabulary.kinds.get(key, TERM)] * _PLAIN.get(key, 1.0)


def _overlap(incident: Profile, signs: Signs, kinds: tuple[str, ...]) -> float:
    """Cosine of the thoughts of some kinds."""
    of_kind = incident.vocabulary.kinds
    known = {key: share for key, share in incident.thoughts.items() if of_kind.get(key) in kinds}
    here = [key for key in signs.thoughts if of_kind.get(key) in kinds]
    shared = sum(known.get(key, 0.0) * _weight(incident, key) for key in here)
    length = sum(share * share * _weight(incident, key) for key, share in known.items())
    own = sum(_weight(incident, key) for key in here)
    return shared / math.sqrt(length * own) if length and own else 0.0


def _named(incident: Profile, signs: Signs, kind: str) -> dict[str, float]:
    """How far a text names what the incident names, or something else in its place."""
    known, here = incident.names.get(kind, {}), signs.names.get(kind, frozenset())
    same = max((known.get(name, 0.0) for name in here), default=0.0)
    has_other = bool(here) and same < 0.15
    return {f"{kind}_same": same, f"{kind}_other": max(known.values(), default=0.0) if has_other else 0.0}


def _keywords(incident: Profile, signs: Signs, text: Text) -> dict[str, float]:
    """The words of the incident that the text holds, in its own language or in English, each with how much of it."""
    folded = fold(text.text)
    own = [word for code, words in incident.keywords.items() if family(code) == signs.language for word in words]
    words = dict.fromkeys([*own, *incident.keywords.get("en", ())])
    return {word: share for word in words if (share := _held(folded, word, signs.language)) >= 0.5}


def _held(folded: str, word: str, language: str) -> float:
    """How much of a word or phrase a text has, in any order and with other endings: by words, or by pairs of
    characters where the language puts no blanks between words."""
    if language in UNSPACED and not word.isascii():
        joined, whole = word.replace(" ", ""), folded.replace(" ", "")
        pairs = [joined[at : at + 2] for at in range(max(1, len(joined) - 1))]
        return sum(pair in whole for pair in pairs) / len(pairs)
    parts = re.findall(r"[\w%.-]+", word)
    return sum(bool(re.search(rf"(?<!\w){re.escape(_stem(part))}", folded)) for part in parts) / max(1, len(parts))


def _stem(part: str) -> str:
    return part[: max(4, len(part) - 2)] if part.isalpha() else part


def _evidence(incident: Profile, text: Text, signs: Signs, values: Mapping[str, float]) -> Iterable[Evidence]:
    for kind in (*_NAMED, *_SHARED):
        is_other = values.get(f"{kind}_other", 0.0) > 0
        if values[f"{kind}_same"] or is_other:
            yield Evidence(kind, ", ".join(sorted(signs.names[kind])), is_other)
    words = [word for key, word in signs.thoughts.items() if _supports(incident, key)]
    if words:
        yield Evidence("words", ", ".join(dict.fromkeys(words)))
    if keywords := [word for word, share in _keywords(incident, signs, text).items() if share == 1]:
        yield Evidence("keyword", ", ".join(keywords))
    asks = [word for key, word in signs.thoughts.items() if incident.vocabulary.kinds.get(key) == ASKING]
    if asks and (values["asking"] or values["over"]):
        yield Evidence("asking", ", ".join(asks), is_against=True)
    if values["letters"] >= 0.3:
        yield Evidence("letters", f"{round(values['letters'] * 100)}%")
    if text.at:
        yield Evidence("sent", str(int(text.at)), is_against=values["early"] > 0)


def _supports(incident: Profile, key: str) -> bool:
    return incident.thoughts.get(key, 0.0) > 0 and incident.vocabulary.kinds.get(key) in (THING, TROUBLE)
