"""Passwords that no look of their own gives away: sentences that somebody calls a passphrase, and one that was changed
into another: "from Harbour-12! to Lantern-34!".

A sentence counts between quotation marks, or behind a sign up to the end of its line or sentence, where it has three to
eight words. What the page says of a passphrase ("…: too short") has a word of rules in it.
"""

import re
from collections.abc import Iterator

from supportdesk.guard.told import NO_PASSWORD, is_strong

Span = tuple[int, int]

_NAME = (
    r"pass[ -]?phrase|password phrase|pass sentence|phrase (?:entière |entiere )?(?:de passe|comme mot de passe)"
    r"|frase[ -](?:de )?(?:senha|contrase[nñ]a|acceso|acesso|paso)|парольн\w{2,3} фраз\w{1,2}"
    r"|фраз\w{1,2}[ -]парол\w{1,2}"
    r"|(?:parola|[sş]ifre|geçiş) (?:cümle|ifade)\w{0,4}|cụm (?:từ )?mật khẩu|mật khẩu (?:dạng "
    r"|là )?(?:một )?(?:cụm từ|câu)"
    r"|عبار[ةه] (?:ال)?مرور|جمل[ةه] (?:ال)?(?:مرور|سر)|密[码碼]短[语語]"
    r"|(?:密[码碼]|口令)[^\n。,，]{0,4}(?:一句[话話]|短[语語])|パスフレーズ|合い?言葉|암호 ?문구|암호문(?!자|제)"
    r"|패스 ?프레이즈"
    r"|(?:contrase[nñ]a|senha|password|mot de passe) (?:que )?(?:es |é |is |est )?(?:a |una |uma |une )?"
    r"(?:whole |entera |inteira )?(?:frase|phrase|sentence)"
)
# A password, and that it is made of words.
_OF_WORDS = (
    r"(?:password|contrase[nñ]a|senha|mot de passe|парол\w{1,2}|[sş]ifre\w{0,4}|parola\w{0,3}|mật khẩu"
    r"|كلم[ةه] (?:ال)?(?:مرور|سر)"
    r"|密[码碼]|パスワード|비밀번호|비번)[^\n.!?。:：=«\"“「『]{0,32}"
    r"(?:words|phrase|sentence|palabras|frase|palavras|mots|слов|фраз|kelime|cümle|từ|câu|كلمات|جمل[ةه]"
    r"|[单單][词詞字]|句|単語|文章"
    r"|フレーズ|단어|문장)"
)
_WORDS = r"[^\W\d_]+(?:['’][^\W\d_]+)?(?:[ -][^\W\d_]+(?:['’][^\W\d_]+)?){2,7}"
_QUOTED = r"[«\"“「『] ?(?P<quoted>[^»\"”」』\n]{6,80}?) ?[»\"”」』](?!と(?:表示|出|い)|라고|이라고)"
_TOLD = re.compile(
    rf"(?:{_NAME}|{_OF_WORDS})[^\n.!?。:：=«\"“「『]{{0,24}}(?P<sign>[:：=]\s{{0,2}})?"
    rf"(?:{_QUOTED}|(?(sign)(?P<bare>{_WORDS})(?=[ ]?(?:[.!?。,;]|$))|(?!)))",
    re.IGNORECASE | re.MULTILINE,
)
_RULES = re.compile(
    r"must|should|least|short|long|weak|wrong|invalid|incorrect|required|characters|words|debe|corta|débil|inválid"
    r"|mínimo"
    r"|deve|curta|fraca|doit|courte|faible|minimum|долж|корот|слаб|невер|не менее|символ|geçersiz|kısa|zayıf|hatalı"
    r"|en az"
    r"|phải|ngắn|yếu|sai|ít nhất|ký tự|يجب|قصير|ضعيف|خاطئ|غير|أحرف|太短|至少|必须|必須|错误|錯誤|不正确|不正確|太弱"
    r"|以上"
    r"|違い|正しく|短すぎ|文字|틀[렸립]|짧|이상|약합|글자",
    re.IGNORECASE,
)
_DUTY = re.compile(
    r"\b(?:must|should|needs? to|debe|deve|doit)\b|долж|en az|phải|يجب|必须|必須|이상|以上|해야", re.IGNORECASE
)
_CHANGED = re.compile(
    r"(?<!\S)[\"'“«]?(?P<old>[!-~]{8,32}?)[\"'”»]?\s(?:to|into|a|à|en|para|pra|por|em|на|sang|thành|إلى|الى|->|→|=>)\s"
    r"[\"'“«]?(?P<new>[!-~]{8,32}?)[\"'”».,;:)]{0,2}(?!\S)"
)
_SIGNS = frozenset("!@#$%^&*+")


def passphrase(text: str) -> Iterator[Span]:
    """A sentence that somebody calls their passphrase."""
    for match in _TOLD.finditer(text):
        which = "quoted" if match["quoted"] else "bare"
        if not _RULES.search(match[which]) and not _DUTY.search(match.group()):
            yield match.span(which)


def changed(text: str) -> Iterator[Span]:
    """Two that look like nothing but passwords, one of which was made of the other."""
    for match in _CHANGED.finditer(text):
        if all(_is_password(match[which]) for which in ("old", "new")):
            yield match.span("old")
            yield match.span("new")


def _is_password(value: str) -> bool:
    return is_strong(value) and not _SIGNS.isdisjoint(value) and not NO_PASSWORD.search(value)
