"""API keys and their secrets: long runs of letters of both cases and digits that somebody calls so, and what looks like
one beside it. What stands after a hash, a signature or an address is none."""

import re
from collections.abc import Iterator

from supportdesk.guard.around import Around, Surroundings
from supportdesk.guard.detectors import is_address
from supportdesk.guard.folding import lowered
from supportdesk.guard.spans import Asked
from supportdesk.guard.told import API_SECRET, SIGNS, Looks, has_cases, is_random

Span = tuple[int, int]

WIDEST_GAP = 80  # characters between the two of a pair
MOST_LINES = 3
EARLY = 24  # characters in which a key has letters of both cases; a fingerprint that a line break parts has not

# A part of every name of a key or of its secret; a test holds them to the word lists.
STEMS = re.compile(
    r"api|key|secret|token|clave|llave|clé|cles?\b|jeton|segredo|chave|anahtar|gizli|eri[sş]im|belirte|kh[oó]"
    r"|b[ií] m[aậ]t|truy c[aậ]p|апи|ключ|секрет|токен|密|秘|钥|鑰|私|令牌|キー|鍵|シークレット|トークン|키|시크릿|토큰"
    r"|مفت|مفاتيح|السر|سري|سكر|توكن|رمز|access"
)
# Names of other things, as programs and people write them in any language.
_ASIDE = re.compile(
    r"hash|tx ?id|\btx\b|sign|address|order|clord|uuid|trace|request|session|cookie|ray\b|commit|checksum|sha-?\d|md5"
    r"|хеш|хэш|адрес|подпис|firma|direcci|assinatura|endere|adresse|imza|adres|chữ ký|địa chỉ"
    r"|哈希|地址|签名|簽名|簽章|雜湊|ハッシュ|アドレス|署名|해시|주소|서명"
    r"|هاش|عنوان|توقيع",
    re.IGNORECASE,
)


def api_secret(text: str) -> Iterator[Span]:
    """Keys and secrets of an API that somebody names, and the other half of a pair beside one."""
    if not STEMS.search(lowered(text)):
        return
    runs = [match.span() for match in API_SECRET.finditer(text) if is_random(match.group())]
    looks, surroundings = Looks(text), Surroundings(text, STEMS)
    named = {span for span in runs if _is_named(text, span, looks, surroundings)}
    yield from sorted(span for span in _with_their_pairs(text, runs, named) if not is_address(text[slice(*span)]))


def _is_named(text: str, span: Span, looks: Looks, surroundings: Surroundings) -> bool:
    start, end = span
    if looks.name_before(start)[0] in {Asked.API_KEY, Asked.PRIVATE_KEY}:
        return True
    if not has_cases(text[start : start + EARLY]) or not surroundings.may_be_named(start, end):
        return False
    return looks.key_before(start) or _is_named_near(surroundings.of(start, end))


def _is_named_near(around: Around) -> bool:
    if not around.may_name:
        return False
    named = (*around.names_before(Asked.API_KEY), *around.names_before(Asked.PRIVATE_KEY))
    if any(not _ASIDE.search(between) for _, between in named):
        return True
    behind = (*around.names_behind(Asked.API_KEY), *around.names_behind(Asked.PRIVATE_KEY))
    is_aside = _ASIDE.search(around.before[-24:].rstrip(SIGNS)) is not None
    return not is_aside and any(len(between) <= 24 and not _ASIDE.search(between) for _, between, _ in behind)


def _with_their_pairs(text: str, runs: list[Span], named: set[Span]) -> set[Span]:
    """What is named, and what looks like it right before it or behind it, with no name of something else between."""
    found = set(named)
    for one, other in (*zip(runs, runs[1:], strict=False), *zip(runs[::-1], runs[-2::-1], strict=False)):
        if one in found and other not in found and _is_pair(text, one, other):
            found.add(other)
    return found


def _is_pair(text: str, one: Span, other: Span) -> bool:
    (_, begin), (end, _) = sorted((one, other))
    between = text[begin:end]
    if end - begin > WIDEST_GAP or between.count("\n") > MOST_LINES or _ASIDE.search(between):
        return False
    if other < one and _ASIDE.search(text[max(other[0] - 24, 0) : other[0]].rpartition("\n")[2]):
        return False
    return has_cases(text[slice(*one)]) == has_cases(text[slice(*other)])
