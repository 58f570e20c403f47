"""Secrets without a frame or a checksum, where somebody says what they are: "my private key is 0x…", "пароль: …".

A value is a secret where the name of one stands right before it, with nothing between but signs and a word that says
"is". So a hash after "private key" in another sentence, or after "private key of transaction", stays. The names are
those that `asks_secret` looks for, in all languages (`wording/`); a name that means something else ("error code") is no
name. Every value looks back at most `LONGEST_NAME` characters, and no more than `MOST_LOOKS` different ends of lines
are read in a text.
"""

import re
from collections.abc import Iterator
from functools import cache

from supportdesk.guard.folding import fold, lowered
from supportdesk.guard.phrases import CHINESE, LATIN, Phrases, phrases
from supportdesk.guard.spans import Asked

Span = tuple[int, int]

LONGEST_NAME = 48  # characters before a value
FARTHEST_NAME = 120  # characters before words that are as many as a phrase has or half of one
MOST_NEAR = 40  # looks that far in one text
MOST_LOOKS = 200
MOST_SEEN = 1000
MOST_WORDS = 6  # of a name and the words between it and the value

_HEX_KEY = re.compile(
    r"(?<![0-9A-Za-z])(?:0[xX])?(?:[0-9a-fA-F]{64}|(?:[0-9a-fA-F]{8} ){7}[0-9a-fA-F]{8})(?![0-9A-Za-z])"
)
API_SECRET = re.compile(r"(?<![\w/+-])[\w+/-]{20,128}={0,2}(?![\w/+=-])", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_CODE = re.compile(
    r"(?<![\w.,])(?:\d{3}[ -]\d{3}|\d{6}|\d{8}"
    r"|[A-Z0-9]{4,5}[ -][A-Z0-9]{4,5}(?:[\s,]{1,2}[A-Z0-9]{4,5}[ -][A-Z0-9]{4,5})*)(?![\w%]|[.,]\d)",
    re.ASCII,
)
DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
# What names any code: of an error, of a friend, of a town. The number behind it is no secret by that alone.
ANY_CODE = re.compile(
    r"(?:(?:the|le|la|el|o|os|los) )?(?:codes?|c[oó]digos?|kodu?|код[а-я]{0,2}|m[aã](?: s[oố])?"
    r"|コード[はがを]?|코드[는은가이를]?|[بولفك]?(?:ال)?رمز|[بولفك]?(?:ال)?كود|代[码碼][是为為]?)"
)
TOTP_SECRET = re.compile(
    r"(?<![A-Za-z0-9])"
    r"(?:[A-Z2-7]{16,64}|(?:[A-Z2-7]{4} ){3,15}[A-Z2-7]{4}|(?:[a-z2-7]{4} ){3,15}[a-z2-7]{4})(?![A-Za-z0-9])"
)
# A quotation mark stands around a password, or is a part of it where more follows. Behind a sign another sign may come:
# "user=bob&password=…".
_VALUE = r"""((?!["':=])(?:[!#-&(-~À-ʯЀ-ӿ]|["'](?=[^\s"',;:.!?)\]}&])){4,256})"""
_PASSWORD = re.compile(rf"(?<![!#-&(-~À-ʯЀ-ӿ]){_VALUE}")
_PASSWORD_AFTER_SIGN = re.compile(rf"(?:(?<=[^\W\d_]{{2}}[:=：])|(?<=[\s\"'][:=：]))(?={_VALUE})")
# What a value is that is whole one of these: an address of the web or of mail, a host, a date ("24/7"), a pair of names
# ("USDT/TRC20", "text/html5"), a place for a value ("${PASSWORD_2}"), marks of a link or a bold word. A password may
# have any of their signs in it.
NO_PASSWORD = re.compile(
    r"(?i:^\W{0,2}[a-z][a-z0-9+.-]+://)|(?i:^[^@\s]+@[^@\s]+\.[a-z]{2,}$)|(?i:^www\.[\w-]+\.[a-z]{2,}(?:[/:?#]\S*)?$)"
    r"|^\d+(?:/\d+)+[A-Za-z]{0,4}$|^[A-Z]+/[A-Z]+\d{0,3}$|^[a-z]+/[a-z]+\d?$|^\$?\{{1,2}[\w.:-]+\}{1,2}\W*$|\]\(|^(?:\*\*|__)[^\W\d_]+$"
)
_JOINED = re.compile(r"(?=.{16})[^\W\d_]{3,}(?:[-_.][^\W\d_]{3,}){2,}")  # words of a passphrase
_CARD = re.compile(
    r"(?<![\w.-])(?:\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?|\d{4}([ -])\d{6}\2\d{5}|\d{13,19})(?![\w-]|[., ]\d)",
    re.ASCII,
)
_CARD_CODE = re.compile(r"(?<![\w.,/-])\d{3,4}(?![\w%/-]|[.,:]\d| \d)", re.ASCII)
_CVV = re.compile(r"cv[vc]2?\W*$", re.IGNORECASE)
_CARD_CODE_STEMS = re.compile(
    r"cv[vc]|csc|secur|segur|sécur|code|digit|dígit|crypto|chiffre|безоп|цифр|цвв|свв|安全|背面|三[位碼码]|末三|セキュリティ|裏面|보안|뒷면"
    r"|الامان|الأمان|رمز|كود|güven|arka|bảo mật|an toàn|số"
)
# ISO/IEC 7812 ranges of the networks: Visa, Mastercard, American Express, JCB, Discover and UnionPay, Mir.
_NETWORK = re.compile(r"4|5[1-5]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|3[47]|35|6[0245]|220[0-4]")

_HUMP = re.compile("(?<=[a-z])(?=[A-Z])")  # of a name in a program: "privateKey"
_OTHER_VALUE = re.compile(r"(?<![!-~])(?=[!-~]{5})[!-~]*(?:[a-z]\d|\d[a-z])[!-~]*")  # no part of a name, which "2fa" is
SIGNS = " \t\n:=：→➜>«»“”„\"'`「」『』‘’([{<*_~|-–—"
_SAYS = ":=：→➜"
_LETTER = re.compile(r"[^\W\d_]")
_DIGIT_OR_SIGN = re.compile(r"[\d!@#$%^&*+=]")
_LATIN_LETTER = re.compile("[a-z]")
_SCRIPTS = {
    **dict.fromkeys(CHINESE, re.compile("[\u4e00-\u9fff]")),
    "ja": re.compile("[ぁ-んァ-ヶ\u4e00-\u9fff]"),
    "ko": re.compile("[가-힣]"),
    "ru": re.compile("[а-я]"),
    "ar": re.compile("[ء-ي]"),
}
_WORD_START = re.compile(r"(?<![^\W_])(?=[^\W_])")


class Looks:
    """The names before values of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.near = 0
        self.known: dict[str, tuple[Asked | None, bool]] = {}  # lines of a log end in the same few words
        self.seen: dict[str, tuple[Asked | None, bool]] = {}  # the same for what stands before, as it stands

    def name_before(self, place: int) -> tuple[Asked | None, bool]:
        """What is named right before a value, and whether a sign or a word says that the value is it."""
        before = self.text[max(place - LONGEST_NAME, 0) : place]
        if before not in self.seen:
            if len(self.seen) >= MOST_SEEN:
                self.seen.clear()
            self.seen[before] = self._name_in(before)
        return self.seen[before]

    def key_before(self, place: int) -> bool:
        """Whether the short name of a key and a sign stand before a value: "key:", "Schlüssel =" in its language."""
        before = self.text[max(place - LONGEST_NAME, 0) : place]
        bare = before.rstrip(SIGNS)
        if not bare or not bare[-1].isalpha() or not before[len(bare) :]:
            return False
        line = fold(_HUMP.sub(" ", bare))[0].rpartition("\n")[2]
        line = _OTHER_VALUE.split(line)[-1].strip(SIGNS)
        languages = languages_of(line)
        if any(language.harmless.search(line) for language in languages):
            return False
        return any(_ends_with_key(line, language) for language in languages)

    def names_near(self, place: int, kind: Asked) -> bool:
        """Whether something is named in the sentences before a value, whatever stands between."""
        self.near += 1
        if self.near > MOST_NEAR:
            return False
        window = fold(self.text[max(place - FARTHEST_NAME, 0) : place])[0]
        found = (match for language in languages_of(window) for match in language.names.finditer(window))
        return any(match.lastgroup == kind for match in found)

    def _name_in(self, before: str) -> tuple[Asked | None, bool]:
        window = fold(_HUMP.sub(" ", before))[0]
        bare = window.rstrip(SIGNS)
        if not bare or not bare[-1].isalpha():
            return None, False
        is_said = any(sign in window[len(bare) :] for sign in _SAYS)
        line = _OTHER_VALUE.split(bare.rpartition("\n")[2])[-1].strip(SIGNS)
        if not line:
            return None, False
        if line not in self.known:
            if len(self.known) >= MOST_LOOKS:
                return None, False
            self.known[line] = _named(line)
        kind, is_said_by_word = self.known[line]
        return kind, is_said or is_said_by_word


def _named(line: str) -> tuple[Asked | None, bool]:
    """What the end of a line names, and whether a word for "is" follows the name."""
    languages = languages_of(line)
    if kind := _name_at_end(line, languages) or _id_at_end(line, languages):
        return kind, False
    for language in languages:
        for start in _starts(line, language):
            before = line[:start].rstrip(SIGNS)
            if language.being.fullmatch(line, start) and (kind := _name_at_end(before, languages)):
                return kind, True
    return None, False


def _ends_with_key(line: str, language: Phrases) -> bool:
    """Whether a line ends with the short name of a key, and perhaps a word for "is"."""
    for start in _starts(line, language):
        if language.key.fullmatch(line, start):
            return True
        before = line[:start].rstrip(SIGNS)
        if language.being.fullmatch(line, start) and any(
            language.key.fullmatch(before, first) for first in _starts(before, language)
        ):
            return True
    return False


def _id_at_end(line: str, languages: list[Phrases]) -> Asked | None:
    """The first half of a pair, which is called the id of the key."""
    kind = _name_at_end(line.removesuffix("id").rstrip(SIGNS), languages) if line.endswith("id") else None
    return kind if kind == Asked.API_KEY else None


def languages_of(window: str) -> list[Phrases]:
    codes = [code for code, script in _SCRIPTS.items() if not window.isascii() and script.search(window)]
    if _LATIN_LETTER.search(window):
        codes += LATIN
    return [phrases(code, is_bare=code == "vi" and window.isascii()) for code in codes]


@cache
def _names(language: Phrases) -> re.Pattern[str]:
    """The names of a language where nothing follows them."""
    return re.compile(f"(?:{language.names.pattern})$")


def _name_at_end(window: str, languages: list[Phrases]) -> Asked | None:
    for language in languages:
        for start in _starts(window, language):
            if language.secret.fullmatch(window, start):
                return Asked.API_KEY
            if match := _names(language).match(window, start):
                if match.lastgroup == Asked.CODE and ANY_CODE.fullmatch(window, start):
                    return None
                kind = Asked(match.lastgroup or "")
                others = [found for found in language.harmless.finditer(window) if found.end() > match.start()]
                is_api = kind == Asked.API_KEY and all("api" in found.group() for found in others)
                return kind if is_api or not others else None
    return None


def _starts(window: str, language: Phrases) -> list[int]:
    """Where a name at the end of the window may begin: anywhere in languages without blanks, else at a word."""
    if language.is_unspaced:
        return list(range(max(len(window) - 2 * MOST_WORDS, 0), len(window)))
    return [match.start() for match in _WORD_START.finditer(window)][-MOST_WORDS:]


def private_hex(text: str) -> Iterator[Span]:
    """32 bytes in hexadecimal after the name of a private key or a seed phrase."""
    yield from _told(text, _HEX_KEY, {Asked.PRIVATE_KEY, Asked.SEED_PHRASE})


def totp_secret(text: str) -> Iterator[Span]:
    """The base32 of an authenticator app after the name of a second factor."""
    for start, end in _told(text, TOTP_SECRET, {Asked.CODE, Asked.API_KEY}):
        if any(character.isdigit() for character in text[start:end]):
            yield start, end


def code(text: str) -> Iterator[Span]:
    """A code of six or eight digits, or backup codes, after their name."""
    for start, end in _told(text, _CODE, {Asked.CODE}):
        if any(character.isdigit() for character in text[start:end]) and not DATE.fullmatch(text, start, end):
            yield start, end


def password(text: str) -> Iterator[Span]:
    """What is told to be a password. Without a sign or a word that says so, only what no other word looks like."""
    looks = Looks(text)
    position = 0
    found = (*_PASSWORD.finditer(text), *_PASSWORD_AFTER_SIGN.finditer(text))
    for start, written in sorted((match.start(1), match[1]) for match in found):
        if start < position:
            continue
        bare = written.rstrip(".,;:!?)]}>")
        is_joined = _JOINED.fullmatch(bare) is not None
        if not (is_joined or may_be_password(bare)) or NO_PASSWORD.search(written):
            continue
        kind, is_said = looks.name_before(start)
        if kind == Asked.PASSWORD and (is_said or is_strong(written)):
            position = start + len(written.rstrip(".,;:)]}>"))
            yield start, position


def card(text: str) -> Iterator[Span]:
    """The number of a payment card: its network and its check digit (Luhn) are right, and it is written in groups, or
    a word for cards stands in the same line before it."""
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if (
            _NETWORK.match(digits)
            and _luhn_holds(digits)
            and (match[1] or match[2] or _names_card(text, match.start()))
        ):
            yield match.span()


def card_code(text: str) -> Iterator[Span]:
    """The security code of a card after its name, in a text that has the number too or where the name is no word for
    anything else."""
    stem = _CARD_CODE_STEMS.search(lowered(text))
    found = list(_CARD_CODE.finditer(text, stem.end())) if stem else []
    has_number = bool(found) and any(True for _ in card(text))
    for match in found:
        window = text[max(match.start() - LONGEST_NAME, 0) : match.start()].rpartition("\n")[2]
        if not (has_number or _CVV.search(window[-12:])):
            continue
        bare = fold(window)[0].rstrip(f"{SIGNS}是為为はが은는")
        for language in languages_of(bare):
            bare_of_being = bare[
                : max((m.start() for m in language.being.finditer(bare) if m.end() == len(bare)), default=len(bare))
            ]
            names = [m.end() for m in language.card_code.finditer(bare)]
            if names and names[-1] in (len(bare), len(bare_of_being.rstrip(SIGNS))):
                yield match.span()
                break


def _names_card(text: str, place: int) -> bool:
    window = fold(text[max(place - LONGEST_NAME, 0) : place])[0].rpartition("\n")[2]
    return any(language.card.search(window) for language in languages_of(window))


def _told(text: str, values: re.Pattern[str], names: set[Asked]) -> Iterator[Span]:
    looks = Looks(text)
    for match in values.finditer(text):
        if looks.name_before(match.start())[0] in names:
            yield match.span()


def is_random(value: str) -> bool:
    if _UUID.fullmatch(value) or not any(character.isdigit() for character in value):
        return False
    return has_cases(value) or (len(value) >= 32 and re.fullmatch("[0-9a-fA-F-]+", value) is not None)


def has_cases(value: str) -> bool:
    return value != value.lower() and value != value.upper()


def may_be_password(value: str) -> bool:
    if value.isdigit():
        return len(value) >= 4
    if len(value) < 6 or not _LETTER.search(value):
        return False
    return _DIGIT_OR_SIGN.search(value) is not None and not NO_PASSWORD.search(value)


def is_strong(value: str) -> bool:
    """Letters and digits with a sign between them or letters of both cases: no name of a product, no date."""
    has_letter = any(character.isalpha() for character in value)
    has_sign = not set("!@#$%^&*+=_").isdisjoint(value)
    return len(value) >= 8 and has_letter and any(character.isdigit() for character in value) and has_sign


def _luhn_holds(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    doubled = [int(digit) * 2 for digit in digits[-2::-2]]
    return (
        sum(int(digit) for digit in digits[-1::-2]) + sum(number - 9 * (number > 9) for number in doubled)
    ) % 10 == 0
