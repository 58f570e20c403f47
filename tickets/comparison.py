"""What speaks for and against a text being about an incident, in figures. Pure.

What an incident is about is read from its own texts: what most of them say, a ticket has to say too. Nothing here knows
a product or a kind of incident but the words, their sides of the product and the names that exclude each other.
"""

import re
from collections.abc import Iterable, Mapping

from helpcenter.search.concepts import THING, TROUBLE, UNSPACED, family, fold
from tickets.profiles import CHANNELS, Profile, Signs, Text, alike

SOON_S = 16 * 3600.0  # after the beginning, seconds, in which “yesterday” is before it
EARLY_S = 300.0  # before the beginning, seconds, that nobody can tell apart

NAMED = ("network", "coin", "channel", "market", "order_type", "document", "place", "code", "version")
SHARED = ("figure", "minute", "platform")  # another one says nothing, or little
_SELDOM_WRITTEN = frozenset({"code", "version"})  # by those who are affected
_UNSEEN = 0.6  # how much it counts then
_ESSENTIAL = 0.4  # what so many of an incident's texts say, by their weights, it is about
_OFTEN = 0.2  # a way of money that so many say is the incident's
_KNOWN = 0.1  # what fewer say is not of the incident
_OF_NAMES = 4.0  # how much a name tells: as much as a thought that one of fifty requests has
_NEARLY = 0.75  # of the words of a message
_SAID = 0.8  # how much a message tells of the trouble; a code or a figure tells all
_MONEY = frozenset({"usdt", "usdc", "usd", "eur"})  # amounts are given in it

# The sides of the product. A text that is about another side alone is about something else.
_SIDES = {
    "deposit": "deposit", "withdrawal": "withdrawal", "address_book": "withdrawal", "transfer": "transfer",
    "subaccount": "transfer", "convert": "convert", "sign_in": "sign_in", "password": "sign_in", "code": "sign_in",
    "authenticator": "sign_in", "sms": "sign_in", "passkey": "sign_in", "captcha": "sign_in", "device": "sign_in",
    "identity": "identity", "proof_of_address": "identity", "order": "order", "cancel": "order", "stop_order": "order",
    "take_profit": "order", "limit_order": "order", "market_order": "order", "trailing": "order",
    "order_book": "order", "tick_size": "order", "position": "order", "liquidation": "liquidation",
    "margin_call": "liquidation", "margin": "liquidation", "leverage": "liquidation", "adl": "liquidation",
    "mark_price": "liquidation", "index_price": "liquidation", "funding": "funding", "fee": "fee", "fee_tier": "fee",
    "volume": "fee", "chart": "chart", "price": "chart", "api": "api", "api_key": "api", "card": "card", "bank": "bank",
    "p2p": "p2p", "bonus": "bonus", "contest": "bonus", "airdrop": "bonus", "referral": "bonus", "earn": "earn",
    "loan": "loan", "copy": "copy", "grid": "grid", "options": "options", "settlement": "settlement",
    "statement": "history", "history": "history", "tax": "history", "notification": "notification",
    "phishing": "phishing", "link": "phishing", "freeze": "freeze", "registration": "registration",
}  # fmt: skip
# Money goes one way.
_WAYS = frozenset({"deposit", "withdrawal", "transfer", "convert"})
# Troubles that different people call by different names.
_ALIKE = (
    frozenset({"missing", "delayed", "paused"}),
    frozenset({"fails", "error", "paused", "disconnect", "crash", "rejected", "invalid", "limited"}),
    frozenset({"wrong", "double", "unexpected", "not_closed", "zero"}),
    frozenset({"missing", "empty", "zero"}),
    frozenset({"fails", "loop", "error", "invalid"}),
    frozenset({"stolen", "phishing"}),
)
_SYMPTOMS = frozenset({"liquidation", "phishing", "freeze", "adl"})  # things that are a trouble in themselves


def features(incident: Profile, text: Text, signs: Signs) -> dict[str, float]:
    """What the score is made of: the names of `_WEIGHTS` with values that are mostly from 0 to 1, and for the evidence
    which names are the same and which are others."""
    found = {"always": 1.0}
    for kind in (*NAMED, *SHARED):
        found |= _named(incident, signs, kind)
    found |= _in_common(incident, signs)
    found["other"] = max(found[f"{kind}_other"] for kind in NAMED)
    found["apart"] = _apart(incident, signs)
    found["other_way"] = _other_way(incident, signs)
    found["way_too"] = _way_too(incident, signs)
    found["also"] = max(found[f"{kind}_also"] for kind in ("network", "coin", "place", "version"))
    found["message"] = _message(incident, text, signs)
    found |= _troubles(incident, signs, found)
    found["letters"] = _letters(incident, signs)
    found["keyword"] = min(1.0, sum(keywords(incident, signs, text).values()) / 2)
    found["past"] = _past(incident, text, signs)
    found["reason"] = float(bool({"own_mistake", "other_reason"} & signs.thoughts.keys() - incident.thoughts.keys()))
    found["early"] = float(0 < text.at < incident.started_at - EARLY_S)
    return found


def _past(incident: Profile, text: Text, signs: Signs) -> float:
    """Whether a text that was sent soon after the beginning tells of days before it, and nothing of today but that it
    is over."""
    is_soon = 0 < text.at < incident.started_at + SOON_S
    is_told = "past" in signs.thoughts and "past" not in incident.thoughts
    is_old = "today" not in signs.thoughts or "over" in signs.thoughts
    return float(is_soon and is_told and is_old)


def _essentials(incident: Profile) -> frozenset[str]:
    """The things that the incident's texts have in common."""
    kinds = incident.vocabulary.kinds
    things = {key: share for key, share in incident.thoughts.items() if kinds.get(key) == THING}
    shares = {key: share for key, share in things.items() if key not in CHANNELS}
    least = min(_ESSENTIAL, max(shares.values(), default=0.0))
    return frozenset(key for key, share in shares.items() if share >= least)


def _in_common(incident: Profile, signs: Signs) -> dict[str, float]:
    """How much of what the incident's texts say is in the text (`cover`), and how much of what the text says is in
    them (`contain`), things, troubles and names together. What few people write about counts most, as in the inverse
    document frequency of Sparck Jones (1972)."""
    known, here = _weighed(incident, signs), _weights_here(incident, signs)
    shared = sum(weight * known.get(key, 0.0) for key, weight in here.items())
    within = sum(weight for key, weight in here.items() if known.get(key, 0.0) > 0)
    return {
        "cover": shared / (sum(weight**2 for weight in known.values()) or 1.0),
        "contain": within / (sum(here.values()) or 1.0),
    }


def _weighed(incident: Profile, signs: Signs) -> dict[str, float]:
    """How much each thought and name of an incident tells. Of names of one kind that are about as usual the
    text's own is taken, since a customer meets one of them; coins go in pairs."""
    vocabulary = incident.vocabulary
    found = {
        key: share * vocabulary.rarity[key]
        for key, share in incident.thoughts.items()
        if vocabulary.kinds[key] in (THING, TROUBLE) and key != "redress"
    }
    for kind in NAMED:
        names = incident.names.get(kind, {})
        peers = {name for name, share in names.items() if share >= max(names.values()) / 2 and kind != "coin"}
        here = peers & names_here(incident, signs, kind)
        others = peers - {max(here or peers, key=names.__getitem__, default="")}
        weight = _OF_NAMES * (_UNSEEN if kind in _SELDOM_WRITTEN and not here else 1.0)
        found |= {f"{kind}:{name}": share * weight for name, share in names.items() if name not in others}
    return found


def _weights_here(incident: Profile, signs: Signs) -> dict[str, float]:
    vocabulary = incident.vocabulary
    found = {
        key: vocabulary.rarity[key]
        for key in signs.thoughts
        if vocabulary.kinds[key] in (THING, TROUBLE) and key != "redress"
    }
    for kind in NAMED:
        found |= {f"{kind}:{name}": _OF_NAMES for name in names_here(incident, signs, kind)}
    return found


def names_here(incident: Profile, signs: Signs, kind: str) -> frozenset[str]:
    """The names of a kind in a text; coins also by the bare name that the incident knows, and a network by its coin
    where that is not what is sent."""
    here = signs.names.get(kind, frozenset())
    if kind == "coin":
        return here | (incident.names.get(kind, {}).keys() & signs.tokens)
    if kind == "network" and not here:
        coins = names_here(incident, signs, "coin") - incident.names.get("coin", {}).keys()
        return frozenset(_NETWORK_OF[coin] for coin in coins if coin in _NETWORK_OF)
    return here


_NETWORK_OF = {
    "eth": "erc20", "trx": "trc20", "bnb": "bep20", "sol": "solana", "matic": "polygon", "arb": "arbitrum",
    "avax": "avalanche", "ton": "ton", "op": "optimism",
}  # fmt: skip


def _sides(keys: Iterable[str]) -> set[str]:
    return {_SIDES[key] for key in keys if key in _SIDES}


def _apart(incident: Profile, signs: Signs) -> float:
    """Whether the text is about other sides of the product alone."""
    known = _sides(key for key, share in incident.thoughts.items() if share >= _KNOWN)
    here = _sides(signs.thoughts)
    return float(bool(here) and bool(known) and not here & known)


def _other_way(incident: Profile, signs: Signs) -> float:
    """Whether money goes another way than in the incident."""
    own = {key for key in _WAYS if incident.thoughts.get(key, 0.0) >= _KNOWN}
    most = max((incident.thoughts[key] for key in own), default=0.0)
    here = _WAYS & signs.thoughts.keys()
    return float(most >= _OFTEN and bool(here) and not here & own)


def _way_too(incident: Profile, signs: Signs) -> float:
    """Whether money goes another way as well, which no text of the incident speaks of."""
    own = {key for key in _WAYS if incident.thoughts.get(key, 0.0) >= _KNOWN}
    here = _WAYS & signs.thoughts.keys()
    return float(bool(here & own) and any(incident.thoughts.get(key, 0.0) < _KNOWN / 2 for key in here))


def _troubles(incident: Profile, signs: Signs, named: Mapping[str, float]) -> dict[str, float]:
    """Whether the same went wrong, another trouble, or none: then it may be a question."""
    kinds = incident.vocabulary.kinds
    here = {key for key in signs.thoughts if kinds.get(key) == TROUBLE and key != "redress"}
    is_asked = "how" in signs.thoughts
    symptoms = _SYMPTOMS - {"liquidation"} if is_asked else _SYMPTOMS
    here |= symptoms & signs.thoughts.keys() & _essentials(incident)
    same = max((_trouble_share(incident, key) for key in here), default=0.0)
    clear = here - {"not"}
    is_shown = max(named["code_same"], named["figure_same"], named["minute_same"]) >= _KNOWN
    is_redress = "redress" in signs.thoughts  # who wants to be paid for something writes of what happened
    same = max(same, 1.0 if is_shown else 0.0, 0.4 if is_redress else 0.0, _SAID * named["message"])
    return {
        "trouble": same,
        "no_trouble": 0.0
        if here or is_shown or is_redress or named["message"]
        else min(1.0, 2.5 * _most_trouble(incident)),
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
    return max(
        0.8 if own >= 0.3 else 0.5 if own >= _KNOWN else 0.0,
        min(1.0, max(1.5 * own, 0.7 * max(alike, default=0.0)) / most),
    )


def _message(incident: Profile, text: Text, signs: Signs) -> float:
    """Whether the text has a message of the incident, all of it or nearly."""
    folded = fold(incident.vocabulary.reported(text.text, [signs.language, text.language]))
    return float(any(_held(folded, message, signs.language) >= _NEARLY for message in incident.messages))


def _letters(incident: Profile, signs: Signs) -> float:
    shares = (alike(signs.pieces, known.pieces) for known in incident.known if known.language == signs.language)
    return max(shares, default=0.0)


def _named(incident: Profile, signs: Signs, kind: str) -> dict[str, float]:
    """How far a text names what the incident names, or something else in its place, or both."""
    known, here = incident.names.get(kind, {}), names_here(incident, signs, kind)
    same = max((known.get(name, 0.0) for name in here), default=0.0)
    most = max(known.values(), default=0.0)
    if kind == "coin" and not any(share >= _ESSENTIAL for name, share in known.items() if name in _MONEY):
        here = here - signs.names.get("amount", frozenset())
    is_other = bool(here) and same < _KNOWN and most >= _ESSENTIAL
    is_also = same >= _KNOWN and most >= _ESSENTIAL and any(known.get(name, 0.0) < _KNOWN / 2 for name in here)
    return {f"{kind}_same": same, f"{kind}_other": float(is_other), f"{kind}_also": float(is_also)}


def keywords(incident: Profile, signs: Signs, text: Text) -> dict[str, float]:
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
