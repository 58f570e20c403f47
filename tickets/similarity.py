"""How alike what a customer writes is to what is known of an incident, in whatever languages the two are. Pure.

A score from 0 to 1 is made of: how much of what an incident's own texts have in common is in the text too (things, and
names that are the same in every language: networks, coins, codes of errors), whether the same went wrong, whether it
names something else in the place of that, words that people gave to the incident, letters in a row, topic, and time.
The weights of `_WEIGHTS` belong to no product and no kind of incident. They were fitted as a logistic regression to
labelled texts in twelve languages, judged by leaving out one incident at a time; `manage.py evaluate_incidents`
measures it on others.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tickets import scripts
from tickets.concepts import ASKING, THING, TROUBLE, UNSPACED, Vocabulary, family, fold

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
    "trc20": "trc ?-?20; tron; tronscan; 波场; 波場; トロン; 트론; трон; ترون; trx network",
    "erc20": "erc ?-?20; etherscan; ethereum (?:network|chain); 以太坊; 이더리움 (?:네트워크|체인); イーサリアム",
    "bep20": "bep ?-?20; bscscan; bsc; bnb chain; bnb smart chain; binance smart chain; 币安智能链",
    "solana": "solana; sol network; solscan; spl; 솔라나; ソラナ; солана; 索拉纳; سولانا",
    "polygon": "polygon; matic; 폴리곤; ポリゴン; полигон; بوليغون",
    "arbitrum": "arbitrum; arb one; 아비트럼; アービトラム; арбитрум; اربيتروم",
    "optimism": "optimism; op mainnet; 옵티미즘; оптимизм",
    "base": "base network; base chain",
    "avalanche": "avalanche; avax-?c; c-chain; 아발란체",
    "ton": "ton network; toncoin; the open network; تون",
    "lightning": "lightning; 闪电网络; ライトニング; 라이트닝; лайтнинг",
    "bitcoin network": "bitcoin network; btc network; 比特币网络; 비트코인 네트워크; сеть биткоин",
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
    "ios": "ios; iphones?; ipad; app store; testflight; 苹果; 蘋果; アイフォン; 아이폰; айфон; ايفون",
    "android": "android; 安卓; アンドロイド; 안드로이드; андроид\\w*; اندرويد; samsung; galaxy; pixel; xiaomi; redmi; "
    "huawei; oneplus; oppo; play store; google play; apk; 三星; 小米; 华为; 갤럭시; самсунг",
    "websocket": "websockets?; wss?; 웹소켓; вебсокет\\w*; ウェブソケット",
    "rest": "rest",
    "sepa": "sepa; iban",
    "pix": "pix",
    "papara": "papara",
    "swift": "swift",
    "visa": "visa; mastercard",
    "apple pay": "apple pay",
    "vpn": "vpn",
    "p2p": "p2p; c2c",
    "csv": "csv",
    "pdf": "pdf",
    "telegram": "telegram; 电报; テレグラム; 텔레그램; телеграм\\w*; تيليجرام; تلغرام",
    "whatsapp": "whatsapp; ватсап; واتساب",
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
_AMOUNT = re.compile(r"\d ?[km]? ?(usdt|usdc|usd|eur|euros?|dollars?)(?![a-z0-9])")
_CODE = re.compile(
    r"(?<![a-z0-9.])(?:[a-z]{1,4}[-_]?\d{3,5}|-\d{4,5}|40[0134]|418|429|50[0234])"
    r"(?![a-z0-9%]|[.,]\d| ?[$€]| (?:us|usdt|usdc|usd|btc|eth|eur)\b)"
)
_VERSION = re.compile(
    r"(?<![\w.,])(?:v\.? ?(\d{1,2}\.\d{1,3}(?:\.\d{1,3})?)|(\d{1,2}\.\d{1,2}\.\d{1,3}))(?![\w]|[.,]\d)"
)
_NO_CODE = re.compile(r"(?:trc|erc|bep|spl|ngx|sha|utc|gmt|x)")
_PERCENT = re.compile(r"(?<![\d.,])(?:(\d+(?:[.,]\d+)?) ?[%٪]|[%٪] ?(\d+(?:[.,]\d+)?))")
_MINUTE = re.compile(r"(?<!\d)\d{1,2} ?[:h点點時时시.] ?(\d{2})(?![\d%])")


_PLAIN_MONEY = {"euro": "eur", "euros": "eur", "dollar": "usd", "dollars": "usd"}


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
    found["version"] = {match[1] or match[2] for match in _VERSION.finditer(folded)}
    found["amount"] = {_PLAIN_MONEY.get(match[1], match[1]) for match in _AMOUNT.finditer(folded)}
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
    names = names_in(text.text)
    if channels := _CHANNELS & thoughts.keys():
        names["channel"] = channels
    return Signs(family(written), thoughts, names, pieces_of(text.text, written), text.topic)


_CHANNELS = frozenset({"email", "sms", "authenticator"})  # thoughts that exclude each other as names do


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

# How much a thought says about which incident it is. What a text is about besides, such as a position that somebody
# fears for, tells little; another product tells much.
_PLAIN = {"balance": 0.4, "website": 0.4, "app": 0.6, "order": 0.7, "position": 0.4}
_PLAIN |= {"price": 0.6, "profit": 0.6, "margin": 0.6, "bank": 0.7, "liquidation": 0.7, "notification": 0.5}
_NAMED = ("network", "coin", "channel", "place", "code", "version")
_SHARED = ("figure", "minute")  # another one says nothing
_ESSENTIAL = 0.4  # what so many of an incident's texts say, by their weights, a ticket has to say too
_KNOWN = 0.1  # what fewer say is not of the incident
_MONEY = frozenset({"usdt", "usdc", "usd", "eur"})  # amounts are given in it

# Of each row an incident is about one: a text that has only another is about something else.
_APART = (
    frozenset({"deposit", "withdrawal", "transfer", "convert"}),
    frozenset({"funding", "fee", "earn", "bonus", "settlement"}),
    frozenset({"stop_order", "take_profit"}),
    frozenset({"card", "bank", "p2p"}),
    frozenset({"sign_in", "identity", "withdrawal", "deposit", "statement", "bonus", "copy", "earn"}),
    frozenset({"profit", "funding", "chart"}),
    frozenset({"app", "website", "api"}),
)
# Troubles that different people call by different names.
_ALIKE = (
    frozenset({"missing", "delayed"}),
    frozenset({"delayed", "paused"}),
    frozenset({"fails", "error", "paused"}),
    frozenset({"fails", "error", "disconnect", "crash"}),
    frozenset({"fails", "rejected", "invalid"}),
    frozenset({"fails", "limited"}),
    frozenset({"unexpected", "not_closed"}),
    frozenset({"wrong", "unexpected"}),
    frozenset({"wrong", "double"}),
)
_SYMPTOMS = frozenset({"liquidation", "phishing", "freeze", "adl"})  # things that are a trouble in themselves

# Of the logarithm of the odds. Few and of no product: what is essential is read from each incident's own texts.
_WEIGHTS = {
    "always": -3.63,
    "essential": 2.08,
    "lacking": -0.87,
    "without": -1.31,
    "minute_other": -1.58,
    "other": -7.27,
    "apart": -4.5,
    "strange": -3.22,
    "trouble": 3.56,
    "no_trouble": -1.78,
    "other_trouble": -2.16,
    "asking": -3.9,
    "asking_too": -1.32,
    "over": -1.52,
    "letters": 0.95,
    "keyword": 0.87,
    "topic": 0.72,
    "early": -13.62,
}


def compare(incident: Profile, text: Text) -> Match:
    """How surely a text is about the incident, and why."""
    signs = signs_of(text, incident.vocabulary)
    values = features(incident, text, signs)
    odds = sum(weight * values[name] for name, weight in _WEIGHTS.items())
    return Match(1 / (1 + math.exp(-odds)), tuple(_evidence(incident, text, signs, values)))


def features(incident: Profile, text: Text, signs: Signs) -> dict[str, float]:
    """What the score is made of: the names of `_WEIGHTS` with values that are mostly from 0 to 1, and for the evidence
    which names are the same and which are others."""
    found = {"always": 1.0}
    for kind in (*_NAMED, *_SHARED):
        found |= _named(incident, signs, kind)
    found["essential"] = _essential(incident, signs)
    found["lacking"] = _lacking(incident, signs)
    found["without"] = _without(incident, signs)
    found["other"] = max(found[f"{kind}_other"] for kind in _NAMED)
    found["apart"] = _apart(incident, signs)
    found["strange"] = _strange(incident, signs)
    found |= _troubles(incident, signs, found)
    found["letters"] = _letters(incident, signs)
    found["keyword"] = min(1.0, sum(_keywords(incident, signs, text).values()) / 2)
    found["topic"] = float(text.topic in incident.topics)
    found["early"] = float(0 < text.at < incident.started_at - EARLY_S)
    return found


def _essentials(incident: Profile) -> dict[str, float]:
    """The things that the incident's texts have in common, with how much each says."""
    kinds = incident.vocabulary.kinds
    things = {key: share for key, share in incident.thoughts.items() if kinds.get(key) == THING}
    shares = {key: share for key, share in things.items() if key not in _CHANNELS}
    most = max(shares.values(), default=0.0)
    return {key: share * _PLAIN.get(key, 1.0) for key, share in shares.items() if share >= min(_ESSENTIAL, most)}


def _named_essentials(incident: Profile) -> dict[str, float]:
    """The kinds of names that the incident's texts have in common, with how many have the most frequent one."""
    most = {kind: max(incident.names.get(kind, {}).values(), default=0.0) for kind in _NAMED}
    return {kind: share for kind, share in most.items() if share >= _ESSENTIAL and kind != "version"}


def _essential(incident: Profile, signs: Signs) -> float:
    """How much of what the incident is about is in the text, things and names alike."""
    things, names = _essentials(incident), _named_essentials(incident)
    here = sum(weight**2 for key, weight in things.items() if key in signs.thoughts)
    here += sum(share**2 for kind, share in names.items() if _has_same(incident, signs, kind))
    return here / (sum(share**2 for share in (*things.values(), *names.values())) or 1.0)


def _lacking(incident: Profile, signs: Signs) -> float:
    """How much is lacking of the name that sets the incident apart most: which network, which coin, which code."""
    names = _named_essentials(incident)
    lacking = max((share for kind, share in names.items() if not _has_same(incident, signs, kind)), default=0.0)
    return lacking / 2 if any(_has_same(incident, signs, kind) for kind in names) else lacking


def _without(incident: Profile, signs: Signs) -> float:
    """How much of the incident's main thing is lacking, where no other of its things stands in for it."""
    things = _essentials(incident)
    most = max(things.values(), default=0.0)
    here = max((weight for key, weight in things.items() if key in signs.thoughts), default=0.0)
    without = 1 - (here / most) ** 2 if most else 0.0
    names = _named_essentials(incident)
    return without / 2 if names and all(_has_same(incident, signs, kind) for kind in names) else without


def _has_same(incident: Profile, signs: Signs, kind: str) -> bool:
    known = incident.names.get(kind, {})
    return any(known.get(name, 0.0) >= _KNOWN for name in signs.names.get(kind, ()))


def _apart(incident: Profile, signs: Signs) -> float:
    """Whether the text is about another side of the product than the incident: a withdrawal, where that is about
    deposits."""
    own = set(_essentials(incident))
    known = {key for key, share in incident.thoughts.items() if share >= _KNOWN}
    rows = [row for row in _APART if row & own]
    return float(any((row & signs.thoughts.keys()) - known and not row & known & signs.thoughts.keys() for row in rows))


def _strange(incident: Profile, signs: Signs) -> float:
    """How many things the text is about that the incident is not."""
    kinds = incident.vocabulary.kinds
    here = [key for key in signs.thoughts if kinds[key] == THING and incident.thoughts.get(key, 0.0) < _KNOWN]
    here = [key for key in here if key not in _CHANNELS]
    return min(1.0, sum(_PLAIN.get(key, 1.0) for key in here) / 2)


def _troubles(incident: Profile, signs: Signs, named: Mapping[str, float]) -> dict[str, float]:
    """Whether the same went wrong, another trouble, or none: then it may be a question."""
    kinds = incident.vocabulary.kinds
    here = {key for key in signs.thoughts if kinds.get(key) == TROUBLE and key != "redress"}
    is_asked = "how" in signs.thoughts
    symptoms = _SYMPTOMS - {"liquidation"} if is_asked else _SYMPTOMS
    here |= symptoms & signs.thoughts.keys() & _essentials(incident).keys()
    same = max((_trouble_share(incident, key) for key in here), default=0.0)
    clear = here - {"not"}
    is_shown = max(named["code_same"], named["figure_same"], named["minute_same"]) >= _KNOWN
    is_redress = "redress" in signs.thoughts  # who wants to be paid for something writes of what happened
    same = max(same, 1.0 if is_shown else 0.0, 0.4 if is_redress else 0.0)
    return {
        "trouble": same,
        "no_trouble": 0.0 if here or is_shown or is_redress else min(1.0, 2.5 * _most_trouble(incident)),
        "other_trouble": float(bool(clear) and same < 0.4),
        "asking": float(is_asked and same < 0.3),
        "asking_too": float(is_asked and same >= 0.3),
        "over": float("over" in signs.thoughts),
    }


def _most_trouble(incident: Profile) -> float:
    kinds = incident.vocabulary.kinds
    return max((share for name, share in incident.thoughts.items() if kinds[name] == TROUBLE), default=0.0)


def _trouble_share(incident: Profile, key: str) -> float:
    """How usual a trouble is in the incident, from 0 to 1; one that is called alike counts for a part."""
    kinds = incident.vocabulary.kinds
    known = {name: share for name, share in incident.thoughts.items() if kinds[name] == TROUBLE or name in _SYMPTOMS}
    most = max((share for name, share in known.items() if name != "not"), default=0.0)
    if key == "not":
        return 0.5 * min(1.0, 2 * known.get(key, 0.0))
    most = most or 1.0
    alike = [share for row in _ALIKE if key in row for name, share in known.items() if name in row]
    own = known.get(key, 0.0)
    return max(0.8 if own >= _KNOWN else 0.0, min(1.0, max(1.5 * own, 0.7 * max(alike, default=0.0)) / most))


def _letters(incident: Profile, signs: Signs) -> float:
    alike = (_alike(signs.pieces, known.pieces) for known in incident.known if known.language == signs.language)
    return max(alike, default=0.0)


def _named(incident: Profile, signs: Signs, kind: str) -> dict[str, float]:
    """How far a text names what the incident names, or something else in its place."""
    known, here = incident.names.get(kind, {}), signs.names.get(kind, frozenset())
    same = max((known.get(name, 0.0) for name in here), default=0.0)
    most = max(known.values(), default=0.0)
    if kind == "coin" and not any(share >= _ESSENTIAL for name, share in known.items() if name in _MONEY):
        here = here - signs.names.get("amount", frozenset())
    is_other = bool(here) and same < _KNOWN and most >= _ESSENTIAL
    return {f"{kind}_same": same, f"{kind}_other": float(is_other)}


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
    is_shared = key != "not" and incident.thoughts.get(key, 0.0) > 0
    return is_shared and incident.vocabulary.kinds.get(key) in (THING, TROUBLE)
