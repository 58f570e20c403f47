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

THRESHOLD = 0.5  # from here on a candidate counts as certain enough to be proposed with a tick
SURE = 0.95  # from here on a late one joins without a person
WORTH_A_LOOK = 0.15
EARLY_S = 600.0  # before the beginning, seconds, that are nobody's clock


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
class Profile:
    """An incident as it is compared: the signs of all that is known to be about it."""

    known: tuple[Signs, ...]
    shares: Mapping[str, float]  # thought -> how much of the known texts has it
    names: Mapping[str, Mapping[str, float]]
    topics: frozenset[str]
    started_at: float
    keywords: Mapping[str, tuple[str, ...]]
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
    "ton": "ton; ton network; toncoin; the open network; تون",
    "bitcoin network": "bitcoin network; btc network; lightning; 比特币网络; 비트코인 네트워크; сеть биткоин; شبكة بيتكوين",
}
_COINS = {
    "btc": "btc; bitcoin; xbt; 比特币; 比特幣; ビットコイン; 비트코인; биткоин; биткойн; بيتكوين; البيتكوين",
    "eth": "eth; ether; ethereum; 以太坊; 以太币; イーサ; 이더; эфир; эфириум; ايثيريوم; إيثيريوم",
    "usdt": "usdt; tether; 泰达币; テザー; 테더; тезер; юсдт; تيثر",
    "usdc": "usdc",
    "sol": "sol; solana",
    "xrp": "xrp; ripple; リップル; 리플; рипл; ريبل",
    "doge": "doge; dogecoin; 狗狗币; 도지",
    "bnb": "bnb",
    "ltc": "ltc; litecoin",
    "trx": "trx",
    "ada": "ada; cardano",
    "avax": "avax",
    "link": "link; chainlink",
    "dot": "dot; polkadot",
    "ton": "ton; toncoin",
    "matic": "matic; pol",
    "arb": "arb",
    "op": "op",
    "apt": "apt; aptos",
    "sui": "sui",
    "pepe": "pepe",
    "shib": "shib",
    "bch": "bch",
    "eos": "eos",
    "atom": "atom; cosmos",
    "near": "near protocol",
    "fil": "fil",
    "eur": "eur; euros?; 欧元; ユーロ; 유로; евро; يورو",
    "usd": "usd; dollars?; 美元; ドル; 달러; доллар\\w*; dolar\\w*; دولار",
    "brl": "brl; reais",
    "try": "try; lira\\w*",
    "jpy": "jpy; yen; 日元; 円",
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
    "usdc-m": "coin-?m; inverse",
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
_SYMBOL = re.compile(
    r"(?<![a-z0-9])(?:[a-z]{2,6}[-/ ]?(?:usdt|usdc|usd)(?:[-_]?(?:perp|p))?|[a-z]{2,6}-perp)(?![a-z0-9])"
)
_CODE = re.compile(r"(?<![\w.])(?:[a-z]{1,5}[-_ ]?\d{3,6}|-\d{4,5}|[45]\d{2})(?![\w%]|\.\d)")
_NO_CODE = re.compile(r"(?:trc|erc|bep|spl|ngx|sha|utc|gmt)")
_PERCENT = re.compile(r"\d+ ?%")


def names_in(text: str) -> dict[str, frozenset[str]]:
    """Networks, coins, contracts, codes of errors and means of a text, under one name each."""
    folded = fold(text)
    found = {
        kind: frozenset(names[int(match.lastgroup[1:])] for match in pattern.finditer(folded) if match.lastgroup)
        for kind, (names, pattern) in _TABLES.items()
    }
    symbols = {re.sub(r"[^a-z]", "", match[0]).removesuffix("perp") for match in _SYMBOL.finditer(folded)}
    found["symbol"] = frozenset(re.sub("(usdt|usdc|usd)$", "", symbol) for symbol in symbols) - {""}
    codes = {re.sub(r"[-_ ]", "", match[0]) for match in _CODE.finditer(folded) if not _NO_CODE.match(match[0])}
    found["code"] = frozenset(codes)
    return {kind: names for kind, names in found.items() if names}


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


def profile(
    texts: Sequence[Text],
    *,
    topics: Iterable[str] = (),
    started_at: float = 0.0,
    keywords: Mapping[str, Iterable[str]] | None = None,
    vocabulary: Vocabulary,
) -> Profile:
    """What is known of an incident: the first text is its reference, the others are confirmed ones. `started_at` in
    Unix seconds, UTC."""
    known = tuple(signs_of(text, vocabulary) for text in texts)
    words = {family(code): tuple(fold(word) for word in found) for code, found in (keywords or {}).items()}
    kinds = {kind for signs in known for kind in signs.names}
    return Profile(
        known=known,
        shares=_shares(set(signs.thoughts) for signs in known),
        names={kind: _shares(set(signs.names.get(kind, ())) for signs in known) for kind in kinds},
        topics=frozenset([*topics, *(text.topic for text in texts[:1])]) - {""},
        started_at=started_at,
        keywords=words,
        vocabulary=vocabulary,
    )


def _shares(sets: Iterable[set[str]]) -> dict[str, float]:
    """How much of the texts has each; the reference counts as the others together, up to three of them."""
    all_sets = list(sets)
    first = float(min(3, max(1, len(all_sets) - 1)))
    weights = [first, *([1.0] * (len(all_sets) - 1))]
    counts: Counter[str] = Counter()
    for names, weight in zip(all_sets, weights, strict=True):
        for name in names:
            counts[name] += weight  # type: ignore[assignment]
    return {name: count / sum(weights) for name, count in counts.items()}


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
_NAMED = ("network", "coin", "symbol", "place", "code")

# Of the logarithm of the odds. `_other`: the text names another one than the incident does.
_WEIGHTS = {
    "always": -6.0,
    "thing": 4.5,
    "trouble": 3.0,
    "no_trouble": -1.5,
    "asking": -2.5,
    "letters": 3.0,
    "keyword": 2.0,
    "topic": 1.0,
    "early": -2.0,
    "network_same": 2.0,
    "network_other": -4.0,
    "coin_same": 1.0,
    "coin_other": -1.5,
    "symbol_same": 2.0,
    "symbol_other": -2.5,
    "place_same": 1.0,
    "place_other": -1.0,
    "code_same": 2.5,
    "code_other": -1.0,
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
    found["no_trouble"] = float(all(kinds.get(key) != TROUBLE for key in signs.thoughts))
    asks = {key for key in signs.thoughts if kinds.get(key) == ASKING}
    found["asking"] = float(any(incident.shares.get(key, 0.0) < 0.3 for key in asks))
    found["letters"] = max(
        (_alike(signs.pieces, k.pieces) for k in incident.known if k.language == signs.language), default=0.0
    )
    found["keyword"] = float(bool(_keyword(incident, signs, text)))
    found["topic"] = float(text.topic in incident.topics)
    found["early"] = float(0 < text.at < incident.started_at - EARLY_S)
    for kind in _NAMED:
        found |= _named(incident, signs, kind)
    return found


def _weight(incident: Profile, key: str) -> float:
    return _OF_KIND[incident.vocabulary.kinds.get(key, TERM)] * _PLAIN.get(key, 1.0)


def _overlap(incident: Profile, signs: Signs, kinds: tuple[str, ...]) -> float:
    """Cosine of the thoughts of some kinds."""
    of_kind = incident.vocabulary.kinds
    known = {key: share for key, share in incident.shares.items() if of_kind.get(key) in kinds}
    here = [key for key in signs.thoughts if of_kind.get(key) in kinds]
    shared = sum(known.get(key, 0.0) * _weight(incident, key) for key in here)
    length = sum(share * share * _weight(incident, key) for key, share in known.items())
    own = sum(_weight(incident, key) for key in here)
    return shared / math.sqrt(length * own) if length and own else 0.0


def _named(incident: Profile, signs: Signs, kind: str) -> dict[str, float]:
    """How far a text names what the incident names, or something else in its place."""
    known, here = incident.names.get(kind, {}), signs.names.get(kind, frozenset())
    same = max((known.get(name, 0.0) for name in here), default=0.0)
    has_other = bool(here) and same == 0.0
    return {f"{kind}_same": same, f"{kind}_other": max(known.values(), default=0.0) if has_other else 0.0}


def _keyword(incident: Profile, signs: Signs, text: Text) -> str:
    folded = fold(text.text)
    words = [*incident.keywords.get(signs.language, ()), *incident.keywords.get("en", ())]
    return next((word for word in words if word and word in folded), "")


def _evidence(incident: Profile, text: Text, signs: Signs, values: Mapping[str, float]) -> Iterable[Evidence]:
    for kind in _NAMED:
        if values[f"{kind}_same"] or values[f"{kind}_other"]:
            yield Evidence(kind, ", ".join(sorted(signs.names[kind])), values[f"{kind}_other"] > 0)
    words = [word for key, word in signs.thoughts.items() if _supports(incident, key)]
    if words:
        yield Evidence("words", ", ".join(dict.fromkeys(words)))
    if word := _keyword(incident, signs, text):
        yield Evidence("keyword", word)
    asks = [word for key, word in signs.thoughts.items() if incident.vocabulary.kinds.get(key) == ASKING]
    if values["asking"]:
        yield Evidence("asking", ", ".join(asks), is_against=True)
    if values["letters"] >= 0.3:
        yield Evidence("letters", f"{round(values['letters'] * 100)}%")
    if text.at:
        yield Evidence("sent", str(int(text.at)), is_against=values["early"] > 0)


def _supports(incident: Profile, key: str) -> bool:
    return incident.shares.get(key, 0.0) > 0 and incident.vocabulary.kinds.get(key) in (THING, TROUBLE)
