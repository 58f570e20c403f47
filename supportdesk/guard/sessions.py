"""What stands for somebody who is signed in: session cookies, and the headers that carry them or a token."""

import re
from collections.abc import Iterator

Span = tuple[int, int]

SHORTEST = 8  # characters

_NAME = (
    r"(?:[A-Za-z_][A-Za-z0-9_.-]{0,30}[._-])?(?:"
    r"(?:j|php|asp\.net_|aspsession)?sess(?:ion)?(?:[ ._-]?(?:id|token|key|data))?|connect\.sid|sid|"
    r"(?:x?csrf|xsrf)(?:[._-]?(?:token|middleware[._-]?token))?|auth(?:[._-]?(?:token|key|session))?|"
    r"(?:access|refresh|remember|login|id|user)[._-]?token|remember[._-]?me|cf_clearance)"
)
_VALUE = r"[A-Za-z0-9%+/_.~:|!*-]"
_COOKIE = re.compile(
    rf"(?<![A-Za-z0-9_.-]){_NAME}[\"']?(?:=|\s{{0,2}}:\s{{0,2}}|\s=\s)[\"']?"
    rf"(?P<value>{_VALUE}{{{SHORTEST},4096}}=*)",
    re.IGNORECASE,
)
_COOKIES = re.compile(
    r"(?<![\w-])cookies?[\"']?\s{0,2}:\s{0,2}[\"']?(?P<value>[^\s=;\"']{1,80}=[^\n\"']{1,8192})", re.I
)
_SET_COOKIE = re.compile(
    r"(?<![\w-])set-cookie[\"']?\s{0,2}:\s{0,2}[\"']?[^\s=;\"']{1,80}=(?P<value>[^\s;\"']{4,})", re.I
)
_HEADER = re.compile(
    r"(?<![\w-])(?:(?:proxy-)?authorization|x-(?:auth|access|session|csrf|xsrf)-(?:token|key|id))"
    r"[\"']?\s{0,2}[:=]\s{0,2}[\"']?(?:(?:basic|bearer|token|digest|apikey|negotiate)\s{1,2})?"
    rf"(?P<value>{_VALUE}{{{SHORTEST},8192}}=*)",
    re.IGNORECASE,
)
_BEARER = re.compile(rf"(?<![\w-])bearer\s{{1,2}}(?P<value>{_VALUE}{{16,8192}}=*)", re.IGNORECASE)
# An archive of a browser's requests (HAR) has names and values apart.
_PAIR = re.compile(
    rf"\"name\"\s*:\s*\"(?:{_NAME}|(?:set-)?cookie|(?:proxy-)?authorization|x-(?:auth|access|session|csrf)-token)\"\s*,"
    r"\s*\"value\"\s*:\s*\"(?P<value>[^\"\n]{4,})\"",
    re.IGNORECASE,
)
_LIST = re.compile(r"\"cookies\"\s*:\s*\[[^\[\]]*\]", re.IGNORECASE)
_VALUE_IN_LIST = re.compile(r"\"value\"\s*:\s*\"(?P<value>[^\"\n]+)\"", re.IGNORECASE)

_STEMS = ("sess", "sid", "csrf", "xsrf", "auth", "token", "cookie", "bearer", "remember", "clearance")
_LETTER = re.compile("[A-Za-z]")
_DIGIT = re.compile("[0-9]")
_TIME = re.compile(r"\d{4}-\d\d-\d\d|\d\d:\d\d")


def session(text: str) -> Iterator[Span]:
    """Values of session cookies and of headers that sign somebody in, wherever a program wrote them."""
    lower = text.lower()
    if any(stem in lower for stem in _STEMS):
        yield from sorted({*_named(text), *_whole(text)})


def _named(text: str) -> Iterator[Span]:
    for pattern in (_COOKIE, _HEADER, _BEARER):
        for match in pattern.finditer(text):
            if _is_random(match["value"]):
                yield match.span("value")


def _whole(text: str) -> Iterator[Span]:
    for pattern in (_COOKIES, _SET_COOKIE, _PAIR):
        yield from (match.span("value") for match in pattern.finditer(text))
    for listed in _LIST.finditer(text):
        yield from (match.span("value") for match in _VALUE_IN_LIST.finditer(text, listed.start(), listed.end()))


def _is_random(value: str) -> bool:
    """No word of a sentence, no state ("expired") and no time."""
    has_both = _LETTER.search(value) and _DIGIT.search(value)
    return bool(has_both and not _TIME.match(value)) or (len(value) >= 20 and "://" not in value)
