"""Secrets that stand near their name, with other words between: "the code that came to my phone, 482913, fails".

What may stand between is bounded: no end of a sentence, and nothing that numbers are besides codes (an order, an
account, a balance). A value that somebody names afterwards counts where a word like "as" or "is" stands between.
"""

import re
from collections.abc import Callable, Iterator

from supportdesk.guard.folding import fold
from supportdesk.guard.phrases import Phrases
from supportdesk.guard.spans import Asked
from supportdesk.guard.told import ANY_CODE, DATE, NO_PASSWORD, TOTP_SECRET, is_strong, languages_of, may_be_password

Span = tuple[int, int]

WIDEST = 56  # characters between a name and its value, the name included
BEHIND = 36
MOST_LOOKS = 150  # in one text
MOST_BEFORE_NAME = 14  # characters between a value and the name behind it

_CODE = re.compile(r"(?<![\w.,+#/:-])(?:\d{3}[ -]\d{3}|\d(?: \d){5}|\d{6}|\d{8})(?![\w%/]|[.,:-]\d| \d)", re.ASCII)
_NEXT_CODE = re.compile(r"[\s,;/|·•、，–—-]{1,4}(?:(?:and|y|e|et|ve|và|и|و|or|o|ou)\s)?(?:\d{1,2}[.)]\s?)?")
# Numbers of telephones have their country before them, amounts a sign before or behind.
_NO_CODE_BEFORE = re.compile(r"(?:\+\d{1,3}[ (-]*(?:\d+\)? ?)?|[$€£¥₩₽₺₫#№]\s?)$")
_UNIT = re.compile(
    r"\s?(?:(?-i:[A-Z]{3,5}\b)|[$€£¥₩₽₺₫%]|(?:usdt|usdc|btc|eth|usd|eur|руб|rub|dong|vnd|vnđ|krw|lira|tl|reais|euros?|dolar|"
    r"dollars?|pesos?)\b|[円元원圓万萬đ]|u\b|دولار|ريال|درهم|جنيه|دينار)",
    re.IGNORECASE,
)
_BREAK = re.compile(r"[.!?。！？;；؟\n](?![^\W_])|\n")
_STEMS = re.compile(
    r"code|c[oó]dig|otp|2fa|mfa|sms|pin|token|код|цифр|смс|парол|码|碼|口令|コード|番号|数字|パスワード|코드|번호|숫자"
    r"|رمز|كود|رموز|[اأ]كواد|[اأ]رقام|m[aã]\b|kod|şifre|d[ií]git|chiffre|number|rakam|hane|chữ số|números",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"(?<![^\s\"'“”«»„‘’`「」『』(（，。、])[^\s\"'“”«»„‘’`「」『』(),，。、]{6,64}")
_PASSWORD_STEMS = re.compile(
    r"pass|pwd|pin|contrase|clave|mdp|mot de|senha|şifre|parola|m[aậ]t kh[aẩ]u|mk|парол|密[码碼]|口令|パス|暗証"
    r"|비밀|비번|암호|패스|مرور|السر|سري|باس",
    re.IGNORECASE,
)
_ASCII_VALUE = re.compile(r"[!-~À-ʯЀ-ӿ]+")


class _Windows:
    """What stands before values of a text, read at most so often."""

    def __init__(self, text: str, stems: re.Pattern[str]) -> None:
        self.text = text
        self.stems = stems
        self.known: dict[str, bool] = {}

    def before(self, place: int, is_named: Callable[[str], bool]) -> bool:
        window = self.text[max(place - WIDEST, 0) : place]
        return self._ask(_last_sentence(window), is_named)

    def behind(self, place: int, is_named: Callable[[str], bool]) -> bool:
        return self._ask(_BREAK.split(self.text[place : place + BEHIND])[0], is_named)

    def _ask(self, window: str, is_named: Callable[[str], bool]) -> bool:
        if not self.stems.search(window):
            return False
        if window not in self.known:
            if len(self.known) >= MOST_LOOKS:
                return False
            self.known[window] = is_named(fold(window)[0])
        return self.known[window]


def _last_sentence(window: str) -> str:
    ends = [match.end() for match in _BREAK.finditer(window)]
    return window[ends[-1] :] if ends else window


def code(text: str) -> Iterator[Span]:
    """A code of six or eight digits in the sentence that names it, and codes that follow one."""
    windows = _Windows(text, _STEMS)
    last = (-1, 0)
    for match in _CODE.finditer(text):
        start, end = match.span()
        if DATE.fullmatch(match.group()) or _UNIT.match(text, end):
            continue
        if _NO_CODE_BEFORE.search(text[max(start - 12, 0) : start]):
            continue
        follows = last[0] >= 0 and end - start == last[1] and _NEXT_CODE.fullmatch(text, last[0], start)
        if follows or windows.before(start, _names_code):
            last = (end, end - start)
            yield start, end


def _names_code(window: str) -> bool:
    """Whether a code is named and nothing else that numbers are, behind the name."""
    languages = languages_of(window)
    ends = [end for language in languages for end in _codes(window, language)]
    if not ends:
        return False
    others = (match.start() for language in languages for match in language.other.finditer(window))
    return max(others, default=-1) < max(ends) and not _is_harmless(window, languages)


def _codes(window: str, language: Phrases) -> Iterator[int]:
    for match in language.names.finditer(window):
        if match.lastgroup == Asked.CODE and not ANY_CODE.fullmatch(match.group()):
            yield match.end()


def _is_harmless(window: str, languages: list[Phrases]) -> bool:
    return any(language.harmless.search(window) for language in languages)


def totp_secret(text: str) -> Iterator[Span]:
    """The base32 of an authenticator app in a sentence about a second factor."""
    windows = _Windows(text, re.compile(""))
    for match in TOTP_SECRET.finditer(text):
        value = match.group()
        is_plain = not any(character.isdigit() for character in value)
        if is_plain and (not value.isupper() or len(value) < 20):
            continue
        if windows.before(match.start(), _names_factor) or windows.behind(match.end(), _names_factor):
            yield match.span()


def _names_factor(window: str) -> bool:
    return any(language.factor.search(window) for language in languages_of(window))


def password(text: str) -> Iterator[Span]:
    """A password that looks like nothing else in the sentence that names it, and one that is named behind it."""
    windows = _Windows(text, _PASSWORD_STEMS)
    later = _Windows(text, _PASSWORD_STEMS)
    if not _PASSWORD_STEMS.search(text):
        return
    for token in _TOKEN.finditer(text):
        match = _ASCII_VALUE.match(text, token.end() - len(token.group().lstrip(":=")))
        if match is None:
            continue
        value = match.group().rstrip(".,;:!?)]}>\"'")
        start, end = match.start(), match.start() + len(value)
        if (
            not may_be_password(value)
            or value.isdigit()
            or NO_PASSWORD.search(value)
            or NO_PASSWORD.search(match.group())
        ):
            continue
        may_be_named = any(character.isdigit() for character in value) or _is_between_quotes(text, start, end)
        if (is_strong(value) and windows.before(start, _names_password)) or (
            may_be_named and later.behind(end, _is_named_behind)
        ):
            yield start, end


def _is_between_quotes(text: str, start: int, end: int) -> bool:
    return start > 0 and text[start - 1] in "\"'“«„‘`「『" and text[end : end + 1] in "\"'”»“’`」』"


def _names_password(window: str) -> bool:
    if "," in window or "，" in window or "、" in window:
        return False
    languages = languages_of(window)
    is_named = any(m.lastgroup == Asked.PASSWORD for one in languages for m in one.names.finditer(window))
    return is_named and not _is_harmless(window, languages)


def _is_named_behind(window: str) -> bool:
    languages = languages_of(window)
    if _is_harmless(window, languages):
        return False
    for language in languages:
        for match in language.names.finditer(window):
            between = window[: match.start()]
            if (
                match.lastgroup == Asked.PASSWORD
                and len(between) <= MOST_BEFORE_NAME
                and _begins_with_link(between, language)
            ):
                return True
    return False


def _begins_with_link(between: str, language: Phrases) -> bool:
    return language.link.match(between.lstrip(" ,\"'“”«»„‘’`」』—–-")) is not None
