"""What mail programs write around quoted history, in the twelve languages of the desk and some of their neighbours.

Collected from what the programs put into replies: Gmail, Apple Mail, Outlook (desktop, web, phone), Thunderbird, Yahoo,
Yandex, Mail.ru, QQ, Foxmail, NetEase, Alimail, Naver, Daum, Proton. Everything is compared after `plain`: the
functions here take lines in that form.
"""

import re

_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def plain(line: str) -> str:
    """A line without marks of direction, emphasis and odd blanks."""
    return " ".join(_INVISIBLE.sub("", line).replace("*", " ").split())


# "On 3 May 2026 at 15:00, Ann <ann@example.com> wrote:"

WROTE = (
    "wrote|writes|schrieb|geschrieben|schreef|ha scritto|napisał|skrev|kirjoitti"  # en and Latin neighbours
    "|escribió|escribio|a écrit|écrit|escreveu"  # es, fr, pt
    "|написал|пишет|писал"  # ru
    "|yazdı|yazmış|yazdi"  # tr
    "|đã viết|viết"  # vi
    "|كتب|كتبت|تمت كتابة|قام بكتابة"  # ar
    "|写道|寫道|写了|寫了|写|寫"  # zh
    "|書きました|のメール|のメッセージ|が書いた|より"  # ja
    "|작성|님이 작성|님의 말|썼습니다|쓴 글|님이 쓴"  # ko
)
# A verb followed by a name at most, then a colon.
WROTE_AT_END = re.compile(rf"(?:{WROTE})(?:[^:：]|(?<=\d):(?=\d)){{0,80}}[:：]$", re.IGNORECASE)
ENDS_WITH_WROTE = re.compile(rf"(?:{WROTE})$", re.IGNORECASE)
BETWEEN_DASHES = re.compile(r"-{2,} (.+) -{2,}")  # Zoho's
ADDRESS_AT_END = re.compile(r"<[^\s<>@]{1,100}@[^\s<>@]{1,200}>[)\]】\"' ]{0,4}[:：]$")
DATE = re.compile(
    r"\d{1,2}\s?[:.hH時点시时]\s?\d{2}|(?<![\w@])\d{4}(?![\w@])|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}\s?[月월]"
)
TIME = re.compile(r"\d{1,2}\s?[:.hH時点시时]\s?\d{2}")
YEAR = re.compile(r"\d{4}\s?[年년]?|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
STARTS = re.compile(
    r"(?:On|At|Le|El|Em|No dia|Am|Il|Op|Dnia|W dniu|Den|Vào|Ngày|Lúc|On the)\s|[在于於]\s?[\d\"“]|(?:في|بتاريخ|يوم)\s"
    r"|\d{1,4}\s?[./年년-]",
    re.IGNORECASE,
)


# "From: … Sent: … To: … Subject: …"

_ROLES = {
    "from": "from|de|von|van|da|od|från|fra|от|от кого|отправитель|kimden|gönderen|từ|người gửi|من|المرسل|发件人|發件人"
    "|寄件者|寄件人|差出人|送信者|送信元|보낸 사람|보낸사람|보낸이|발신|발신자",
    "date": "sent|date|sent at|gesendet|datum|verzonden|inviato|wysłano|skickat|sendt|enviado|enviado el|enviado em"
    "|enviada em|enviada el|fecha|data|envoyé|envoyé le|date d'envoi|date d’envoi|отправлено|дата|дата отправки"
    "|gönderildi|gönderilme tarihi|gönderme tarihi|gönderim tarihi|tarih|đã gửi|ngày|ngày gửi|gửi|gửi lúc|thời gian"
    "|تاريخ الإرسال|تم الإرسال|أرسلت|أُرسلت|إرسال|التاريخ|تاريخ|发送时间|发送日期|日期|时间|傳送時間|寄件日期|發送時間"
    "|發送日期|傳送日期|時間|送信日時|送信日|送信|日付|日時|보낸 날짜|보낸날짜|보낸 시간|날짜|발송일|일시|보냄",
    "to": "to|an|aan|a|à|do|till|til|para|destinatario|destinatário|destinataire|кому|kime|alıcı|đến|tới|người nhận"
    "|gửi đến|gửi tới|إلى|الى|المستلم|收件人|收件者|宛先|받는 사람|받는사람|받는이|수신|수신자",
    "cc": "cc|bcc|cci|copie|copia|cópia|kopie|kopia|копия|bilgi|đồng gửi|نسخة|نسخة إلى|抄送|副本|密件副本"
    "|ｃｃ|참조|숨은참조",
    "subject": "subject|betreff|onderwerp|oggetto|temat|ämne|emne|asunto|assunto|objet|sujet|тема|konu|chủ đề|tiêu đề"
    "|الموضوع|موضوع|主题|主題|主旨|件名|제목",
}


def folded(text: str) -> str:
    """Lower case for comparing, the dotted capital of Turkish too."""
    return text.casefold().replace("i\u0307", "i")


ROLES = {name: role for role, names in _ROLES.items() for name in names.split("|")}
_LABEL = re.compile(r"[| ]{0,3}([^:：|]{1,24}?)\s?[:：|]")  # 163's and other programs put fields into a table


def role(text: str) -> str:
    """Which field of a header block a line shows: `from`, `date`, `to`, `cc`, `subject`; empty for another line."""
    label = _LABEL.match(text[:40])
    if not label:
        return ""
    name = folded(label[1].strip(" _\"'"))
    return ROLES.get(name) or ROLES.get(name.replace(" ", ""), "")


# "-----Original Message-----"

_ORIGINAL = (
    "original message|original|original mail|original email|forwarded message|reply message|replied message"
    "|原始邮件信息|回复的原邮件|转发的原邮件|回覆的原郵件|轉寄的原郵件"
    "|ursprüngliche nachricht|originalnachricht|weitergeleitete nachricht|messaggio originale|oorspronkelijk bericht"
    "|mensaje original|mensaje reenviado|forwarded by|message d'origine|message d’origine|message original"
    "|message transféré|mensagem original|mensagem encaminhada|исходное сообщение|оригинальное сообщение"
    "|пересылаемое сообщение|пересланное сообщение|конец пересылаемого сообщения|orijinal ileti|orijinal mesaj"
    "|özgün ileti|özgün mesaj|iletilmiş ileti|iletilen mesaj|yönlendirilen ileti|thư gốc|thư ban đầu|tin nhắn gốc"
    "|thư đã chuyển tiếp|chuyển tiếp thư|الرسالة الأصلية|رسالة أصلية|رسالة معاد توجيهها|الرسالة المعاد توجيهها"
    "|原始邮件|原始郵件|原始信件|原邮件|原郵件|原始消息|转发邮件|轉寄郵件|转发的邮件|轉寄的郵件|转发邮件信息|转发的消息"
    "|元のメッセージ|オリジナルメッセージ|転送メッセージ|転送されたメッセージ|원본 메시지"
    "|원본 메일|원본메일|원본 이메일|원본 메세지"
    "|전달된 메시지|전달된 메일|전달 메시지"
)
ORIGINALS = frozenset(_ORIGINAL.split("|"))
_DASHED = re.compile(r"[-=_~—–]{2,}\s?(.{2,60}?)\s?[-=_~—–]{2,}")
_DASHED_BEFORE = re.compile(r"-{5,}\s?([^-]{2,40}?)\s?-{5,}(?=[^-])")
_ONLY_DASHES = re.compile(r"[-=_~—–]{5,}")
BEGIN_FORWARDED = re.compile(
    r"(?:begin forwarded message|anfang der weitergeleiteten|inizio messaggio inoltrato|inicio del mensaje reenviado"
    r"|début du message (?:réexpédié|transféré)|início da mensagem (?:encaminhada|reenviada)"
    r"|начало пере(?:адресованного|сылаемого)|iletilmiş (?:mesaj|ileti)|yönlendirilen|bắt đầu thư|بدء الرسالة"
    r"|(?:下面是被|开始|以下是)转发|開始轉寄|以下是轉寄|転送された|전달된 메시지|forwarded message).{0,40}[:：]",
    re.IGNORECASE,
)


def dashed(text: str) -> str:
    """The words between the dashes of a separator, in lower case; empty for another line. Some phones write the fields
    of the message behind it, on the same line."""
    found = _DASHED.fullmatch(text[:200]) or _DASHED_BEFORE.match(text[:200])
    return folded(found[1]).strip(" :：") if found else ""


_FORWARD = re.compile(
    "forward|weitergeleitet|inoltrat|reenvi|transf|réexp|encamin|пере(?:сыл|слан|адрес)|iletil|yönlendir|chuyển tiếp"
    "|توجيه|转发|轉寄|転送|전달"
)


def begins_forwarded(text: str) -> bool:
    """A line above a message that somebody hands on."""
    return bool(BEGIN_FORWARDED.fullmatch(text[:100]) or _FORWARD.search(dashed(text)))


def is_rule(text: str) -> bool:
    """A line of dashes or underscores alone."""
    return len(text) < 200 and bool(_ONLY_DASHES.fullmatch(text))


# "Sent from my iPhone"

SENT_FROM = re.compile(
    r"(?:sent from (?:my|outlook|mail|yahoo|samsung|a|the|gmail|proton|aol|airmail|spark)"
    r"|sent (?:with|via|by) \[?[\w.]+"
    r"|get (?:\[)?outlook for|von meinem .{1,30} gesendet|gesendet (?:von|mit)|inviato da(?:l)? (?:mio )?"
    r"|verzonden vanaf|wysłane z|enviado desde|obt[eé]n(?:er|ga)? .{0,10}outlook|envoyé (?:de|depuis|à partir)"
    r"|(?:obtenir|télécharger) .{0,4}outlook|enviado (?:do|de|pelo|a partir)|(?:obter|obtenha) .{0,6}outlook"
    r"|отправлено (?:с|из|от)|скачать outlook|получить outlook|.{0,20}(?:ım|im|um|üm)?[’']?(?:dan|den) gönderildi"
    r"|outlook.{0,40}(?:edinin|indirin|alın)|(?:được|đã) gửi từ|gửi từ|tải outlook|أ[ُ]?رسلت? من"
    r"|مرسل[ة]? من|تم الإرسال من"
    r"|الحصول على .{0,6}outlook|(?:发自|發自|寄自|傳自)|[从從].{1,30}(?:发送|傳送|發送|寄出)"
    r"|(?:获取|獲取|取得|下载|下載).{0,6}outlook"
    r"|.{1,30}(?:から送信|を入手|より送信)|(?:나의|내) .{1,30}에서 보냄|.{1,30}에서 보냄|.{1,30}에서 보낸"
    r"|.{0,20}outlook.{0,20}(?:다운로드|가져오기|받기))",
    re.IGNORECASE,
)
_DEVICES = re.compile(
    r"iphone|ipad|android|outlook|windows|samsung|galaxy|huawei|xiaomi|redmi|honor|oppo|vivo|pixel|mobil|mail|mac|yahoo"
    r"|gmail|handy|phone|móvil|celular|téléphone|telefon|cihaz|điện thoại|هاتف|جوال"
    r"|手机|手機|邮箱|郵|メール|スマ|携帯|휴대|почт|телефон|thiết bị|proton|blackberry|nokia|tablet",
    re.IGNORECASE,
)


def is_sent_from(text: str) -> bool:
    """The line that a phone or a program writes under every message."""
    return len(text) <= 90 and bool(SENT_FROM.match(text)) and bool(_DEVICES.search(text))


# "My answers are in red below"

ANSWERS_INSIDE = re.compile(
    r"\bin-?line\b|\binterleaved\b|\b(?:answers?|comments?|repl(?:y|ies)|responses?)\b.{0,30}\b(?:below|inside|in red"
    r"|in blue|in bold|in green)\b|\b(?:respuestas?|comentarios?|respostas?)\b.{0,30}\b(?:abajo|abaixo|rojo|vermelho)"
    r"|\bréponses?\b.{0,30}\b(?:ci-dessous|rouge|bleu|dessous)|\b(?:ответ|комментари)\w*.{0,30}(?:ниже|красн|син|внутри)"
    r"|\b(?:cevap|yanıt)\w*.{0,30}(?:aşağıda|kırmızı|içinde)|trả lời.{0,30}(?:bên dưới|màu đỏ)"
    r"|(?:ردود|إجابات|أجوبة).{0,30}(?:أدناه|بالأحمر|في الأسفل)"
    r"|(?:回复|回覆|回答|答复).{0,10}(?:见下|見下|红|紅|蓝|藍|下面|下方)"
    r"|(?:回答|返信|コメント).{0,10}(?:下記|赤字|インライン)|(?:下記|赤字|インライン).{0,10}(?:回答|返信|コメント)"
    r"|(?:답변|답장).{0,10}(?:아래|빨간|인라인)|(?:아래|빨간|인라인).{0,10}(?:답변|답장)",
    re.IGNORECASE,
)
