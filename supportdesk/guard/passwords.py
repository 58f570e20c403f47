"""Passwords near their name, with other words between: "the password that I keep typing is …", "… is my password".

How a value looks says how much the words around it have to say. One with signs in it, or with digits between its
letters, needs a name in its sentence; one like "tulip2291" also a word such as "is" right before it, or "as" between it
and the name behind it. What else people tell of themselves (a user name, a device) must not stand nearer than the name.
A second one counts right behind the first ("from … to …"), as "the new one", and where it is the first one corrected.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from os.path import commonprefix

from supportdesk.guard.around import Around, Surroundings
from supportdesk.guard.folding import lowered
from supportdesk.guard.spans import Asked
from supportdesk.guard.told import NO_PASSWORD, SIGNS, is_strong, may_be_password

Span = tuple[int, int]

MOST_BEFORE_NAME = 24  # characters between a password and the name behind it
MOST_TO_SIGN = 32  # characters between the name of a password and a value behind a sign
FARTHEST_NEXT = 30  # characters between two passwords of a sentence
FARTHEST_TOLD = 80  # the same where a word says "is" or "the new one" right before the second
FARTHEST_LIKE = 200  # the same where one is like the other
FEWEST_LIKE = 4  # characters that both begin with
LONG = 10  # characters

_SIGN_BEFORE = re.compile(r"[:=：→➜]\s{0,2}[\"'“«„「『`]?$")
# A password in Cyrillic has letters of that script.
_TOKEN = re.compile(r"[!-~À-ʯЀ-ӿ]{6,72}")
# A part of every name of a password; a test holds them to the word lists.
STEMS = re.compile(
    r"pass|p@ss|pss|pas?w|pwd|pw|psw|pin|log ?in|sign in|cred|secret|contra|contrs|clave|mdp|m d p|mot de|datos de"
    r"|codes? (?:d|perso)|identifiant|donn[eé]es de|informations de|s[eneh]{3}a|snha|senah|dados de|palavra|frase"
    r"|ş.?[fi]r?e|s.?[fi]r?e|parol|giri[sş]|oturum|m.? ?kh[aẩ]u|m[aậ]t {0,3}(?:kh|m[aã])|mk|mima|mi ma|đăng nhập"
    r"|dang nhap|п[ао]ро?л|праол|пас|пин|уч[её]т|данные|кред|кодов|密|[帐账帳賬]密|凭证|憑證|口令|登[录入錄][码碼]|パス"
    r"|ﾊﾟｽ|暗証|合い?言葉|秘密|ログイン|認証|비밀|비번|비빌|암호|패[스쓰]|핀|ㅂㅂ|로그인|계정|مرور|سر(?![\u0621-\u064a]{2})"
    r"|السر|سري|باس|دخول"
)
_MAIL_AND = re.compile(r"[^\s@,;:/]+@[^\s@,;:/]+\.[a-z]{2,}\s?[/|:]\s?$", re.IGNORECASE)
# "ID/PW: bob / …", "user and password are bob77 and …"
_ONE_AND = re.compile(
    r"[\s:=(>→➜-]*[^\s/|]{2,40}\s?[/|:,]\s?$"
    r"|[^\d\n]{0,24}(?<![a-z])[a-z0-9._-]*\d[a-z0-9._-]*\s?(?:[/|:,、]|(?:and|y|e|et|ve|và|и|و)\s|와|과|和|跟|및|と)\s?"
)
# What has letters and digits and is no password: versions, amounts and times, contracts and tickets, devices and
# programs, keys and numbers of the chain, names of files.
_DEVICE = (
    "iphone|ipad|pixel|galaxy|redmi|xiaomi|huawei|honor|oppo|vivo|realme|oneplus|poco|moto|motorola|nokia|lg|xperia"
    "|nexus|note|"
    "windows|win|macos|mac|macbook|android|ios|ipados|ubuntu|linux|chrome|chromium|firefox|safari|edge|opera|brave"
    "|surface|thinkpad|"
    "metatrader|mt|1password|office|https?|tls|ssl|sha|md|base|utf|oauth|ipv|web|python|node|java|vue|tradingview"
    "|telegram"
)
_OTHER_THING = re.compile(
    r"(?:v?\d+(?:\.\d+)+\w{0,6}|\d+(?:[.,:]\d+)*-?[a-z]{1,4}|[$€£#]\d[\d.,]*[a-z]{0,4}"
    r"|[A-Z]{2,10}[-_/]?\d{2,12}[A-Z]?(?:-[A-Z0-9]+)*"
    rf"|(?i:(?:{_DEVICE})[a-z+]{{0,9}}[-_ ]?\d+[a-z0-9.+]{{0,14}})|(?i:0x[0-9a-f]+|bc1\w+"
    rf"|\S*[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})"
    r"|\d{4}-\d\d-\d\dT\S*|[a-z]{2,12}-[0-9a-f]{8,40}|[0-9a-fA-F]{32,}|\S+\.(?i:png|jpe?g|pdf|mp4|html?|js|py|txt|log"
    r"|csv|json|har|zip)"
    r"|/\S*|1Password\d?|\d{1,2}(?:st|nd|rd|th))",
)

_NAME_AND_NUMBER = re.compile(r"[A-Z][a-z]{2,}[._-]?\d{3,}(?:[A-Za-z]{2,})?")  # of a dog, and the year
_ENDS = re.compile(r"[\s\"'”»」]*(?:$|[)(])")
_PLACE = re.compile(r"\$\{|\{\{")  # for a value, in a template
_SHORT_WORD = re.compile(r"[^\W\d_]{1,5}")  # "from", "de", "с"
_TO_ANOTHER = re.compile(r"[\s\"'”»」]{1,3}(?:[^\W\d_]{1,5}\s+)[\"'“«「]?(?=\S*\d)(?=\S*[^\W\d_])\S{6}")
_VALUE_BEHIND = re.compile(r"\s*[:=：]|\s+\S*\d")


def password(text: str) -> Iterator[Span]:
    """A password in the sentence that names it, before it or behind it; one behind an address of mail; and the new one
    beside the old."""
    if "@" not in text and not STEMS.search(lowered(text)):
        return
    surroundings = Surroundings(text, STEMS)
    last: Span | None = None
    for token in _TOKEN.finditer(text):
        if _PLACE.search(token.group()) or NO_PASSWORD.search(token.group()):
            continue
        value, start = _of_token(token)
        end = start + len(value)
        if not _may_be_token(value, text, start, end):
            continue
        if _MAIL_AND.search(text[max(start - 60, 0) : start]):
            last = (start, end)
            yield last
            continue
        is_near_last = last is not None and start - last[1] <= FARTHEST_LIKE
        if not is_near_last and not surroundings.may_be_named(start, end):
            continue
        around = surroundings.of(start, end)
        if (
            (last and _follows(text, last, (start, end), around))
            or _is_named_before(around, value)
            or _is_named_behind(around, value)
            or _is_everywhere(around)
            or _is_named_later(around, surroundings, end)
            or _is_named_earlier(around, value, surroundings.earlier(start))
        ):
            last = (start, end)
            yield last


def _of_token(token: re.Match[str]) -> tuple[str, int]:
    """A value without the signs around it, and where it begins."""
    value = token.group().lstrip("\"'([{<:=*`,.;/|")
    start = token.end() - len(value)
    head, sign, tail = value.partition("=")
    if sign and head.isalpha():
        value, start = tail, start + len(head) + 1
    return value.rstrip(".,;:)]}>\"'*`/|"), start


def _may_be_token(value: str, text: str, start: int, end: int) -> bool:
    if not may_be_password(value) or value.isdigit() or NO_PASSWORD.search(value) or _OTHER_THING.fullmatch(value):
        return False
    return _is_mixed(value) or _is_between_quotes(text, start, end)


def _is_mixed(value: str) -> bool:
    return any(character.isalpha() for character in value) and any(character.isdigit() for character in value)


def _is_between_quotes(text: str, start: int, end: int) -> bool:
    return start > 0 and text[start - 1] in "\"'“«„‘`「『" and text[end : end + 1] in "\"'”»“’`」』"


def _looks_like_nothing_else(value: str) -> bool:
    """Signs among letters and digits, or digits between small letters."""
    if is_strong(value):
        return not set("!@#$%^&*+=").isdisjoint(value) or value != value.upper()
    kinds = [kind for kind, _ in groupby(map(_class_of, value)) if kind != "-"]
    is_parted = len(value) >= LONG and len(kinds) >= 3 and sum(map(str.islower, value)) >= 4
    return is_parted or _NAME_AND_NUMBER.fullmatch(value) is not None


def _class_of(character: str) -> str:
    return "0" if character.isdigit() else "a" if character.isalpha() else "-"


def _follows(text: str, last: Span, now: Span, around: Around) -> bool:
    """Whether a value is told together with the password before it."""
    gap = now[0] - last[1]
    one, other = text[slice(*last)].casefold(), text[slice(*now)].casefold()
    if gap <= FARTHEST_LIKE and len(commonprefix([one, other])) >= FEWEST_LIKE:
        return True
    if gap > FARTHEST_TOLD or not around.before or 0 <= around.last_end("aside") > len(around.before) - gap:
        return False
    if gap <= FARTHEST_NEXT and "\n" not in text[last[1] : now[0]]:
        return True
    return around.ends_with("being", around.before) or around.ends_with("turn", around.before)


def _is_named_before(around: Around, value: str) -> bool:
    if not around.may_name:
        return False
    is_told = around.ends_with("being", around.before)
    looks_made = _looks_like_nothing_else(value)
    for _, between in around.names_before(Asked.PASSWORD, with_harmless=is_told):
        if around.has("aside", between):
            continue
        bare = between.strip(f"{SIGNS},、")
        if not bare or is_told or looks_made or _ONE_AND.fullmatch(between):
            return True
        is_near = len(between) <= MOST_TO_SIGN or around.has("same", between)
        if is_near and _SIGN_BEFORE.search(between):
            return True
        if between.rstrip().endswith((",", "、")) and around.has("being", between) and _ENDS.match(around.behind):
            return True
        if _SHORT_WORD.fullmatch(bare) and _TO_ANOTHER.match(around.behind):
            return True
    return False


def _is_named_behind(around: Around, value: str) -> bool:
    if not around.may_name or around.ends_with_aside(around.before):
        return False
    for _, between, after in around.names_behind(Asked.PASSWORD):
        bare = between.strip(f"{SIGNS},")
        if around.has("aside", between):
            continue
        if len(between) <= MOST_BEFORE_NAME and (not _goes_to_value(after) if not bare else _is_link(bare, around)):
            return True
        if _looks_like_nothing_else(value) and not _goes_to_value(after):
            return True
    return False


def _is_everywhere(around: Around) -> bool:
    """Whether somebody says that they use one for everything, in a sentence about passwords."""
    if not around.may_name or around.ends_with_aside(around.before):
        return False
    if not around.has("habit", around.before) and not around.has("habit", around.behind):
        return False
    return any(True for _ in around.names_before(Asked.PASSWORD)) or any(
        not around.has("aside", between) for _, between, _ in around.names_behind(Asked.PASSWORD)
    )


def _is_named_later(around: Around, surroundings: Surroundings, end: int) -> bool:
    """Whether "the old one:" stands before a value, and what it is is said in the next lines."""
    if not _SIGN_BEFORE.search(around.before):
        return False
    bare = around.before.rstrip(SIGNS)
    if not around.ends_with("turn", bare):
        return False
    return any(
        not around.has("aside", between) for _, between, _ in surroundings.later(end).names_behind(Asked.PASSWORD)
    )


def _goes_to_value(after: str) -> bool:
    """Whether the name behind a value rather names the next one: "bob1985 password: …"."""
    return _VALUE_BEHIND.match(after) is not None


def _is_link(between: str, around: Around) -> bool:
    return any(language.link.match(between) for language in around.languages)


def _is_named_earlier(around: Around, value: str, earlier: Around) -> bool:
    """Whether "the old one" or "new:" stands right before a value, of a password that was named in another sentence;
    or a word for "is" before one that looks like nothing else."""
    before = around.before
    if not earlier.may_name:
        return False
    is_told = around.ends_with("being", before)
    is_turn = around.ends_with("turn", before) or around.ends_with("turn", around.without_end("being", before))
    if not is_turn and not (is_told and _looks_like_nothing_else(value)):
        return False
    return any(
        not around.has("aside", between) for _, between in earlier.names_before(Asked.PASSWORD, with_harmless=True)
    )
