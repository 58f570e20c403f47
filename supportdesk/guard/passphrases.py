"""Passwords that no look of their own gives away: sentences that somebody calls a passphrase, and one that was changed
into another: "from Harbour-12! to Lantern-34!".

A sentence counts between quotation marks, or behind a sign up to the end of its line or sentence, where it has three to
eight words. What the page says of a passphrase ("…: too short") has a word of rules in it, or is said to be of a page;
what somebody asks or tells behind the name ("…, in other words: I cannot sign in") begins with such a word, or says no.
"""

import re
from collections.abc import Iterator

from supportdesk.guard.told import NO_PASSWORD, is_strong

Span = tuple[int, int]

NEAR = 24  # characters before the name of a passphrase

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
    r"|密[码碼]|パスワード|비밀번호|비번)[^\n.!?。:：=«\"“「『,،，、;；]{0,32}"
    r"(?:words|phrase|sentence|palabras|frase|palavras|mots|слов|фраз|kelime|cümle|(?:cụm|các|những|\d) từ|câu|كلمات"
    r"|جمل[ةه]"
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
_ITS_NAME = re.compile(
    _NAME + r"|password|contraseña|senha|mot de passe|парол|[sş]ifre|mật khẩu|密[码碼]|パスワード|비밀번호", re.I
)
# Between a name and its value: a page or a mail that says something, or a turn of speech.
_OF_OTHERS = re.compile(
    r"\b(?:pages?|screen|e-?mail|mail|message|button|error|says?|shows?|displays?|other words|own words|words of)\b"
    r"|página|pantalla|correo|mensaje|otras palabras|\bdice\b|muestra|\btela\b|mensagem|outras palavras|\bdiz\b|mostra"
    r"|écran|courriel|affiche|autres mots|страниц|экран|письм|сообщени|другими словами|говорит|показыва|пишет"
    r"|sayfa|ekran|mesaj|diyor|yazıyor|kelimeyle|\btrang\b|màn hình|\bthư\b|thông báo|nói cách khác"
    r"|صفحة|شاشة|رسالة|بكلمات"
    r"|页面|頁面|屏幕|螢幕|邮件|郵件|提示|显示|顯示|换句|換句|ページ|画面|メール|表示|페이지|화면|메일|메시지|표시",
    re.IGNORECASE,
)
# What begins a question, a wish or a report, and what says no, where a password would stand.
_OF_SPEECH = re.compile(
    r"^(?:how|where|why|when|what|who|which|can|could|do|does|did|is|are|please|pls|see|i (?:forgot|lost|don|can)"
    r"|cómo|como|dónde|donde|por qué|por que|cuándo|qué|por favor|onde|quando|comment|où|pourquoi|quand|je suis"
    r"|как|где|почему|когда|что|пожалуйста|nasıl|nerede|neden|lütfen|làm sao|ở đâu|tại sao|vui lòng|tôi"
    r"|كيف|أين|لماذا|متى|أرجو)\b"
    r"|\b(?:cannot|can['’]?t|don['’]?t|doesn['’]?t|didn['’]?t|won['’]?t|isn['’]?t|not"
    r"|no puedo|não|ne peux|не|không|لا|لم)\b"
    r"|m[ıiuü]yor|emiyor|amıyor",
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
# A figure with its unit, a number of a request or an order, and what is in capitals alone: the sign of a contract.
_NO_SECRET = re.compile(r"[+-]?[^\w\s]?\d+(?:[.,]\d+)+|#|[^a-z]*$")


def passphrase(text: str) -> Iterator[Span]:
    """A sentence that somebody calls their passphrase."""
    for match in _TOLD.finditer(text):
        which = "quoted" if match["quoted"] else "bare"
        if _is_said_of_it(match[which]) or _DUTY.search(match.group()) or _OF_OTHERS.search(_before(match, which)):
            continue
        if which == "quoted" or not _OF_SPEECH.search(match[which]):
            yield match.span(which)


def _is_said_of_it(words: str) -> bool:
    """Whether words rather speak of a password than are one."""
    return bool(_RULES.search(words) or _ITS_NAME.search(words))


def _before(match: re.Match[str], which: str) -> str:
    """The name of a value and what stands between them, and a few words before them."""
    line = match.string[max(match.start() - NEAR, 0) : match.start(which)]
    return line.rpartition("\n")[2]


def changed(text: str) -> Iterator[Span]:
    """Two that look like nothing but passwords, one of which was made of the other."""
    for match in _CHANGED.finditer(text):
        if all(_is_password(match[which]) for which in ("old", "new")):
            yield match.span("old")
            yield match.span("new")


def _is_password(value: str) -> bool:
    looks_like_one = is_strong(value) and not _SIGNS.isdisjoint(value)
    return looks_like_one and not (_NO_SECRET.match(value) or NO_PASSWORD.search(value))
