"""How mail programs introduce history in the languages of the desk: what they put above the text that is answered."""

ADDRESS = "support+k3v9q2x7m4pa@support.example"

# language -> introductions above lines that are marked with ">"
ATTRIBUTIONS = {
    "en": (
        f"On Sun, May 3, 2026 at 3:00 PM Northgate Support <\n{ADDRESS}> wrote:",
        "On 3 May 2026, at 15:00, Northgate Support wrote:",
        f"On Sunday, May 3, 2026,\n15:00 Northgate <{ADDRESS}> wrote:",
        "On 03/05/2026 15:00, Northgate Support wrote:",
    ),
    "zh-hans": (
        f"Northgate Support <{ADDRESS}> 于2026年5月3日周日 15:00写道：",
        "在 2026年5月3日，下午3:00，Northgate Support 写道：",
        f'在 2026-05-03 15:00:00，"Northgate" <{ADDRESS}> 写道：',
    ),
    "zh-hant": (
        f"Northgate Support <{ADDRESS}> 於 2026年5月3日 週日\n下午3:00寫道：",
        "Northgate Support 於 2026年5月3日 下午3:00 寫道：",
    ),
    "ja": (
        f"2026年5月3日(日) 15:00 Northgate Support <{ADDRESS}>:",
        f"2026/05/03 15:00、Northgate Support <{ADDRESS}>のメール:",
        "2026/05/03 15:00、Northgate Support のメール:",
    ),
    "ko": (
        f"2026년 5월 3일 (일) 오후 3:00, Northgate Support <{ADDRESS}>님이 작성:",
        "2026. 5. 3. 오후 3:00, Northgate Support 작성:",
    ),
    "es": (
        f"El dom, 3 may 2026 a las 15:00, Northgate Support (<{ADDRESS}>)\nescribió:",
        "El 3 may 2026, a las 15:00, Northgate Support escribió:",
    ),
    "fr": (
        f"Le dim. 3 mai 2026 à 15:00, Northgate Support <\n{ADDRESS}> a écrit\u00a0:",
        "Le 3 mai 2026 à 15:00, Northgate Support a écrit :",
    ),
    "pt-br": (
        f"Em dom., 3 de mai. de 2026 às 15:00, Northgate Support <\n{ADDRESS}> escreveu:",
        "Em 3 de mai. de 2026, à(s) 15:00, Northgate Support escreveu:",
    ),
    "ru": (
        f"вс, 3 мая 2026 г. в 15:00, Northgate Support <{ADDRESS}>:",
        "3 мая 2026 г., в 15:00, Northgate Support написал(а):",
        f'03.05.2026, 15:00, "Northgate Support" <{ADDRESS}>:',
        f"Воскресенье, 3 мая 2026, 15:00 +03:00 от Northgate <{ADDRESS}>:",
    ),
    "tr": (
        f"Northgate Support <{ADDRESS}>, 3 May 2026 Paz, 15:00\ntarihinde şunu yazdı:",
        "Northgate Support şunları yazdı (3 May 2026 15:00):",
    ),
    "vi": (
        f"Vào Th 2, 3 thg 5, 2026 vào lúc 15:00 Northgate Support <\n{ADDRESS}> đã viết:",
        "Vào 15:00, CN, 3 thg 5, 2026 Northgate Support đã viết:",
    ),
    "ar": (
        f"في الأحد، ٣ مايو ٢٠٢٦ في ٣:٠٠ م تمت كتابة ما يلي بواسطة Northgate\n‪<{ADDRESS}>‬‏:",
        "في ٣ مايو ٢٠٢٦، الساعة ٣:٠٠ م، كتب Northgate Support:",
    ),
}

# language -> labels of from, date, to and subject; Outlook's first
BLOCKS = {
    "en": (("From", "Sent", "To", "Subject"), ("From", "Date", "To", "Subject")),
    "zh-hans": (("发件人", "发送时间", "收件人", "主题"), ("发件人", "日期", "收件人", "主题")),
    "zh-hant": (("寄件者", "寄件日期", "收件者", "主旨"), ("寄件人", "傳送時間", "收件人", "主題")),
    "ja": (("差出人", "送信日時", "宛先", "件名"), ("From", "Sent", "To", "Subject")),
    "ko": (("보낸 사람", "보낸 날짜", "받는 사람", "제목"), ("보낸사람", "날짜", "받는사람", "제목")),
    "es": (("De", "Enviado el", "Para", "Asunto"), ("De", "Fecha", "Para", "Asunto")),
    "fr": (("De\u00a0", "Envoyé\u00a0", "À\u00a0", "Objet\u00a0"), ("De", "Date", "À", "Objet")),
    "pt-br": (("De", "Enviado", "Para", "Assunto"), ("De", "Enviada em", "Para", "Assunto")),
    "ru": (("От", "Отправлено", "Кому", "Тема"), ("От кого", "Дата", "Кому", "Тема")),
    "tr": (("Kimden", "Gönderildi", "Kime", "Konu"), ("Gönderen", "Tarih", "Alıcı", "Konu")),
    "vi": (("Từ", "Đã gửi", "Đến", "Chủ đề"), ("Người gửi", "Ngày", "Người nhận", "Tiêu đề")),
    "ar": (("من", "تاريخ الإرسال", "إلى", "الموضوع"), ("\u200fمن", "\u200fالتاريخ", "\u200fإلى", "\u200fالموضوع")),
}

SEPARATORS = {
    "en": "-----Original Message-----",
    "zh-hans": "------------------ 原始邮件 ------------------",
    "zh-hant": "-----原始郵件-----",
    "ja": "-----元のメッセージ-----",
    "ko": "--------- 원본 메일 ---------",
    "es": "-----Mensaje original-----",
    "fr": "-----Message d'origine-----",
    "pt-br": "-----Mensagem original-----",
    "ru": "-----Исходное сообщение-----",
    "tr": "-----Özgün İleti-----",
    "vi": "-----Thư gốc-----",
    "ar": "-----الرسالة الأصلية-----",
}

SENT_FROM = {
    "en": (
        "Sent from my iPhone",
        "Get Outlook for Android",
        "Sent from Yahoo Mail on Android",
        "Sent from Mail for Windows",
    ),
    "zh-hans": ("发自我的iPhone", "获取 Outlook for iOS", "从我的 iPhone 发送"),
    "zh-hant": ("從我的iPhone傳送", "取得 Outlook for iOS"),
    "ja": ("iPhoneから送信", "Outlook for iOS を入手"),
    "ko": ("나의 iPhone에서 보냄", "Android용 Outlook 다운로드"),
    "es": ("Enviado desde mi iPhone", "Obtener Outlook para Android"),
    "fr": ("Envoyé de mon iPhone", "Télécharger Outlook pour iOS"),
    "pt-br": ("Enviado do meu iPhone", "Obter o Outlook para Android"),
    "ru": ("Отправлено с iPhone", "Отправлено из мобильной Почты Mail", "Скачать Outlook для iOS"),
    "tr": ("iPhone’umdan gönderildi", "Outlook for iOS uygulamasını edinin"),
    "vi": ("Đã gửi từ iPhone của tôi", "Tải Outlook cho Android"),
    "ar": ("أُرسلت من الـ iPhone", "الحصول على Outlook for iOS"),
}

NEW = {
    "en": "The network was TRC20.\n\nThank you for looking into it!",
    "zh-hans": "网络是TRC20。\n\n谢谢您的帮助！",
    "zh-hant": "網路是TRC20。\n\n謝謝您的幫助！",
    "ja": "ネットワークはTRC20です。\n\nよろしくお願いします。",
    "ko": "네트워크는 TRC20입니다.\n\n감사합니다!",
    "es": "La red era TRC20.\n\n¡Gracias por revisarlo!",
    "fr": "Le réseau était TRC20.\n\nMerci de votre aide !",
    "pt-br": "A rede era TRC20.\n\nObrigado por verificar!",
    "ru": "Сеть была TRC20.\n\nСпасибо за помощь!",
    "tr": "Ağ TRC20 idi.\n\nYardımınız için teşekkürler!",
    "vi": "Mạng là TRC20.\n\nCảm ơn bạn đã hỗ trợ!",
    "ar": "كانت الشبكة TRC20.\n\nشكرا على المساعدة!",
}

OLD = "Which network did you use?\nPlease send the transaction id.\n\nNorthgate Support"


def marked(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def block(labels: tuple[str, str, str, str], emphasis: str = "") -> str:
    sender, date, to, subject = (f"{emphasis}{label}:{emphasis}" for label in labels)
    return (
        f"{sender} Northgate Support <{ADDRESS}>\n{date} Sunday, May 3, 2026 3:00 PM\n"
        f"{to} Ann Trader <ann@mail.example>\n{subject} Re: My deposit"
    )


def every(table: dict[str, tuple]) -> list[tuple[str, object]]:
    return [(language, value) for language, values in table.items() for value in values]
