"""Codes and secrets of apps near their name, with other words between: "the code that came to my phone, 482913, fails".

A value counts in the sentence that names it, or in the line below. Nearer to it than the name must stand nothing that
numbers are besides codes (an order, an account, a balance). Six digits also count where only the place is said that
codes come from: "the authenticator shows 482913".
"""

import re
from collections.abc import Iterator

from supportdesk.guard.around import Around, Surroundings
from supportdesk.guard.folding import fold, lowered
from supportdesk.guard.spans import Asked
from supportdesk.guard.told import ANY_CODE, DATE, TOTP_SECRET, languages_of

Span = tuple[int, int]

MOST_BEFORE_NAME = 18  # characters between a code and the name behind it
FARTHEST_NEXT = 40  # characters between two codes
BEHIND_NAME = 40  # the same of the secret of an app

_CODE = re.compile(
    r"(?<![\w.,+#/-])(?<!\d:)(?:(?:\d{3}[ -]\d{3}|\d(?: \d){5}|\d{6})(?! \d)|\d{8})(?![\w%/]"
    r"|[.,:-](?!\d{1,2} ?[分秒])\d)",
    re.ASCII,
)
_GROUP = "(?:[a-z0-9]{4,5}|[A-Z0-9]{4,5})"
_MIXED = "(?=[A-Za-z]*[0-9]+[A-Za-z]|[0-9]*[A-Za-z]+[0-9])"
_BACKUP = re.compile(
    rf"(?<![\w.,+#/-])(?<!\d:)(?:(?=[\w-]{{0,24}}\d){_GROUP}(?:-{_GROUP}){{1,3}}"
    rf"|(?=[A-Za-z]{{0,9}}\d)(?:[a-z0-9]{{8,10}}|[A-Z0-9]{{8,10}}|(?=[A-Za-z]*\d[A-Za-z]*\d)[A-Za-z0-9]{{8,12}})"
    rf"|\d{{4}} \d{{4}}(?! \d)|{_MIXED}{_GROUP} {_MIXED}{_GROUP}"
    rf"|(?<![A-Za-z] )(?=[\w ]{{0,9}}\d){_GROUP} {_GROUP}(?! [A-Za-z]))"
    r"(?![\w%/-]|[.,:]\d)",
    re.ASCII,
)
_NEXT_CODE = re.compile(r"(?:[\W\d]{0,6}[^\W\d_]{1,4})?[\W_]{1,4}(?:\d{1,2}[.)]\s?)?")
_NEXT_PHRASE = re.compile(r"[,;、 \n]{1,3}[^\W\d_]{1,12}(?:[ :]{1,2}[^\W\d_]{1,12}){0,2}[ :]{0,2}")
# Numbers of telephones have their country before them, amounts a sign before or behind.
_NO_CODE_BEFORE = re.compile(r"(?:\+\d{1,3}[ (-]*(?:\d+\)? ?)?|[$€£¥₩₽₺₫#№]\s?)$")
_UNIT = re.compile(
    r"\s?(?:(?-i:[A-Z]{3,5}\b)|[$€£¥₩₽₺₫%]|(?:usdt|usdc|btc|eth|usd|eur|руб|rub|dong|vnd|vnđ|krw|lira|tl|reais"
    r"|euros?|dolar|"
    r"dollars?|pesos?)\b|[円元원圓万萬đ]|u\b|دولار|ريال|درهم|جنيه|دينار)",
    re.IGNORECASE,
)
# A part of every name of a code, and of where codes come from; a test holds them to the word lists.
STEMS = re.compile(
    r"google|гугл|جوجل|قوقل|aplica|uygulama|ứng dụng|تطبيق"
    r"|code|c[oó]dig|contrase|otp|2fa|mfa|2sv|sms|pin|token|texte?d?\b|passw|passc|setup|secret|clave|senha|mot de pass"
    r"|cifra|d[ií]git|chiffre|n[uú]m|factor|код|цифр|смс|парол|фактор|2фа|аутентиф|kod|[sş]ifre|parola|rakam|hane"
    r"|numara|say[ıi]|m[aã]\b|m[aậ]t kh|chữ số|chu so|con số|con so|ký tự|ky tu|dãy số|day so"
    r"|(?:[64]|sáu|sau|bốn|bon|tám|tam) s[oố]|s[oố] trong|码|碼|口令|验证|驗證"
    r"|認証|短信|簡訊|yzm|[6六][位个個]|数字|數字|コード|番号|ワンタイム|段階|パス|桁|キー|코드|번호|숫자|인증|문자|오티피|자리|암호"
    r"|키|رمز|كود|رموز|اكواد|أكواد|ارقام|أرقام|خانات|رقم|مصادق|تحقق|رسال|وثنت|authent|autent|verif|vérif|xác"
    r"|doğrula|mail|correo|邮|郵|信箱|почт|письм|メール|메일|posta|بريد|ايميل|إيميل|dự phòng|du phong|backup|resp"
)
_FACTOR_STEMS = re.compile(
    r"fa|auth|aut[eé]n|totp|otp|step|factor|facteur|fator|étap|paso|etapa|key|secret|seed|entry|enrol|qr|clave|clé"
    r"|chave|segredo|semente"
    r"|semilla|manual|respaldo|vincul|base32|gauth|aegis|tfa|mfa|verif|vérif|ключ|секрет|аутент|фактор|этап|шаг"
    r"|гугл|привяз|ручн|код|фа"
    r"|验证|驗證|认证|認証|谷歌|双|雙|二|两|兩|三|绑定|綁|密|秘|手|金|動|动|设|設|キー|鍵|セット|ワンタイム"
    r"|シークレット|オーセン|段階|要素|인증|키|오티피|구글|수동"
    r"|이중|단계|차|doğrulay|doğrula|kurulum|anahtar|iki|adım|elle|gizli|manuel|eşleş|kimlik|khóa|khoá|mã|lớp|bước"
    r"|xác|liên kết|thủ công"
    r"|bí mật|مصادق|مفتاح|سر|ثنائ|خطوت|ربط|يدو|جوجل|تحقق|وثنت|كود|رمز|liaison|double|ajuste|instala|install|config"
    r"|doble|dois|dos |deux"
)
_CODE_WORD = re.compile(
    "code|c[oó]dig|код|码|碼|代|コード|番号|코드|번호|رمز|كود|رموز|اكواد|kod|m[aã]\\b|digits|numbers|key", re.IGNORECASE
)
_BARE_CODE = re.compile(f"(?:{_CODE_WORD.pattern})[^\\W\\d_]{{0,4}}\\s?[:=]\\s{{0,2}}$", re.IGNORECASE)
_DECODES = {0, 2, 4, 5, 7}  # characters of base32 beyond a multiple of eight
_ADDRESS = re.compile("G[A-Z2-7]{55}")  # of Stellar


def code(text: str) -> Iterator[Span]:
    """A code of six or eight digits in the sentence that names it or says where it came from; codes to keep; and those
    that follow one."""
    if not STEMS.search(lowered(text)):
        return
    around = Surroundings(text, STEMS)
    found = {match.span(): False for match in _BACKUP.finditer(text)}
    found |= {match.span(): True for match in _CODE.finditer(text)}
    last, are_kept = (-1, -1), False
    for (start, end), is_number in sorted(found.items()):
        if start < last[1] or not _may_be_code(text, start, end, is_number=is_number):
            continue
        may_follow = last[1] >= 0 and (are_kept or end - start == last[1] - last[0])
        follows = may_follow and _goes_on(text[last[1] : start])
        if not follows and not around.may_be_named(start, end):
            continue
        here = around.of(start, end)
        is_named = follows or _names_code(here, text[start:end], is_number=is_number)
        if is_named or (_is_grouped(text[start:end]) and _is_kept(around.earlier(start))):
            last, are_kept = (start, end), follows and are_kept or _Named(here).is_to_keep(here)
            yield start, end


def _goes_on(between: str) -> bool:
    """Whether a code follows another: "… and …", "mail …; phone …"."""
    if len(between) > FARTHEST_NEXT:
        return False
    if _NEXT_CODE.fullmatch(between):
        return True
    words = fold(between)[0]
    return _NEXT_PHRASE.fullmatch(words) is not None and not any(
        language.other.search(words) for language in languages_of(words)
    )


def _is_grouped(value: str) -> bool:
    return "-" in value or " " in value


def _is_kept(earlier: Around) -> bool:
    return earlier.may_name and _Named(earlier).is_to_keep(earlier)


def _may_be_code(text: str, start: int, end: int, *, is_number: bool) -> bool:
    if not is_number:
        return True
    if DATE.fullmatch(text, start, end) or _UNIT.match(text, end):
        return False
    return _NO_CODE_BEFORE.search(text[max(start - 12, 0) : start]) is None


def _names_code(around: Around, value: str, *, is_number: bool) -> bool:
    if not around.may_name or any(_CODE_WORD.search(name) for name in around.harmless_before()):
        return False
    named = _Named(around)
    if is_number and named.is_certain(around):
        return True
    if around.has("answer", around.before) or around.has("answer", around.behind):
        return named.is_to_keep(around)
    is_short = is_number and len(value) < 8 and not value.endswith("000")
    if is_short and (named.is_likely(around) or named.is_said(around)):
        return True
    return named.is_to_keep(around)


class _Named:
    """What names a code around a value, and how near to it."""

    def __init__(self, around: Around) -> None:
        before = [(name, len(around.before) - len(between)) for name, between in around.names_before(Asked.CODE)]
        behind = [(name, len(between)) for name, between, _ in around.names_behind(Asked.CODE)]
        self.certain_end = max((end for name, end in before if not ANY_CODE.fullmatch(name)), default=-1)
        self.certain_start = min((start for name, start in behind if not ANY_CODE.fullmatch(name)), default=999)
        self.end = max((end for _, end in before), default=-1)
        self.start = min((start for _, start in behind), default=999)
        self.other_end = around.last_end("other")
        self.other_start = around.first_start("other")

    def is_certain(self, around: Around) -> bool:
        """Named before the value with nothing else between, or right behind it."""
        if self.certain_end >= 0 and self.other_end < self.certain_end:
            return True
        is_free = self.other_end < len(around.before) - 12
        return is_free and self.certain_start < self.other_start and self.certain_start <= MOST_BEFORE_NAME

    def is_likely(self, around: Around) -> bool:
        """Where codes come from is said and nothing else that numbers are."""
        end, start = max(around.last_end("sent", "factor"), self.end), around.first_start("sent", "factor")
        if around.last_end("sent", "factor") < 0 and start > 90:
            return False
        return self.other_end < max(end, 0) or (self.other_end < 0 and min(start, self.start) < self.other_start)

    def is_to_keep(self, around: Around) -> bool:
        """Whether these are codes to keep: words for a code and for a backup, and nothing else that numbers are."""
        end, start = around.last_end("backup"), around.first_start("backup")
        is_code = _CODE_WORD.search(around.before) or _CODE_WORD.search(around.behind)
        return bool(is_code) and (self.other_end < end or (self.other_end < 0 and start < self.other_start))

    def is_said(self, around: Around) -> bool:
        """Whether it is a code of no kind, but with a sign behind the word and nothing else said: "code: 482913"."""
        return bool(_BARE_CODE.search(around.before)) and self.other_end < 0


_LOWER_SECRET = re.compile(r"(?<![A-Za-z0-9])(?=[a-z]{0,63}[2-7])[a-z2-7]{16,64}(?![A-Za-z0-9])")


def totp_secret(text: str) -> Iterator[Span]:
    """The base32 of an authenticator app in a sentence about a second factor."""
    around = Surroundings(text, _FACTOR_STEMS)
    for match in sorted((*TOTP_SECRET.finditer(text), *_LOWER_SECRET.finditer(text)), key=re.Match.start):
        if not around.may_be_named(*match.span()):
            continue
        bare = match.group().replace(" ", "")
        if len(bare) % 8 not in _DECODES or _ADDRESS.fullmatch(bare):
            continue
        is_plain = not any(character.isdigit() for character in bare)
        if is_plain and (not bare.isupper() or len(bare) < 16):
            continue
        if _names_factor(around.of(*match.span())):
            yield match.span()


def _names_factor(around: Around) -> bool:
    if not around.may_name:
        return False
    end, start = around.last_end("factor"), around.first_start("factor")
    is_before = end >= 0 and around.last_end("aside") < end
    return is_before or (around.last_end("aside") < 0 and start < min(around.first_start("aside"), BEHIND_NAME))
