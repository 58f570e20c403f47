"""How twelve languages write what figures are measured in: units, months, numbers in words. Patterns, without capitals.

A word of a unit may be a piece of a pattern that allows its endings; `spaced` languages end it at a letter's edge.
"""

from collections.abc import Mapping

UNSPACED = frozenset({"zh-hans", "zh-hant", "ja", "ko"})
TIME_UNITS = ("second", "minute", "hour", "day", "week", "month", "year")
EVERYWHERE = {
    "MB": "mb|мб|mo",
    "KB": "kb|кб|ko",
    "GB": "gb|гб|go",
    "px": "px|пикс\\w*",
    "ms": "ms|мс",
}

# For each language: unit -> pattern. Long forms stand before short ones where one begins like the other.
UNITS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "second": "seconds?|secs?",
        "minute": "minutes?|mins?",
        "hour": "hours?|hourly|hrs?|h",
        "day": "days?|daily",
        "week": "weeks?|weekly",
        "month": "months?|monthly",
        "year": "years?|yearly|annual(?:ly)?",
        "block": "blocks?(?! confirm)",
        "confirmation": "(?:block |network )?confirmations?",
        "digit": "digits?",
        "character": "characters?",
        "contract": "contracts?",
        "percent": "per ?cent",
        "basis point": "basis points?|bps",
        "px": "pixels?",
        "times": "times",
    },
    "zh-hans": {
        "second": "秒钟|秒",
        "minute": "分钟",
        "hour": "个?小时|个钟头",
        "day": "天|日(?!元|本)",
        "week": "个?星期|周(?!期|边|围|岁)",
        "month": "个月|月份",
        "year": "周?岁|年",
        "confirmation": "[次个]?(?:区块|网络)?确认",
        "block": "个?区块",
        "digit": "位数字|位数|位",
        "character": "个?字符|个字",
        "contract": "张",
        "basis point": "个?基点",
        "px": "像素",
        "times": "次|遍",
    },
    "zh-hant": {
        "second": "秒鐘|秒",
        "minute": "分鐘",
        "hour": "個?小時|個鐘頭",
        "day": "天|日(?!圓|本)",
        "week": "個?星期|[週周](?!期|邊|圍|歲)",
        "month": "個月|月份",
        "year": "[週周]?歲|年",
        "confirmation": "[次個]?(?:區塊|網路)?確認",
        "block": "個?區塊",
        "digit": "位數字|位數|位",
        "character": "個?字元|個字",
        "contract": "[張口]",
        "basis point": "個?基點",
        "px": "像素",
        "times": "次|遍",
    },
    "ja": {
        "second": "秒",
        "minute": "分(?!の|割|離|析|類|散|母|子|岐|担|野|布|配|解)",
        "hour": "時間",
        "day": "日間|日(?!本)",
        "week": "週間|週",
        "month": "[かカヶヵケ]月|箇月|月間",
        "year": "年間|年|歳",
        "confirmation": "(?:回の|件の|の)?(?:ブロック|ネットワーク)?承認",
        "block": "(?:個の|つの)?ブロック",
        "digit": "桁",
        "character": "文字",
        "contract": "枚",
        "basis point": "ベーシスポイント",
        "px": "ピクセル|画素",
        "times": "回|度",
    },
    "ko": {
        "second": "초(?!기|과)",
        "minute": "분(?!의 ?\\d|산|리|석|할|류)",
        "hour": "시간",
        "day": "일(?:간)?(?!부|반|치|정)",
        "week": "주일|주(?:간)?(?!소|문)",
        "month": "개월|달(?!러)",
        "year": "년|연간|세(?!트|금|부)",
        "confirmation": "(?:회의? ?|번의? ?|개의? ?)?(?:블록 ?|네트워크 ?)?컨펌",
        "block": "(?:개의? ?)?블록(?! ?컨펌)",
        "digit": "자리",
        "character": "자(?!리|산|금|동|신)|글자|문자",
        "contract": "계약",
        "percent": "퍼센트",
        "px": "픽셀",
        "times": "회|번(?!째)|차례",
    },
    "ru": {
        "second": "секунд\\w*|сек",
        "minute": "\\w*минут\\w*|мин",
        "hour": "час(?:а|ов|у|ом|е|ы|ам|ами|ах)?|часов\\w+|ежечасн\\w*|ч",
        "day": "дн(?:я|ей|ям|ями|ях|ю|ём|е|и)|день|дневн\\w+|сут(?:ки|ок|кам|ками|ках)|суточн\\w+|ежедневн\\w*",
        "week": "недел\\w+|еженедельн\\w*",
        "month": "месяц\\w*|месячн\\w+|ежемесячн\\w*|мес",
        "year": "год(?:а|у|ом|е|ы|ов|ам|ами|ах)?|лет|годов\\w+|ежегодн\\w*",
        "confirmation": "подтвержден\\w+",
        "block": "блок(?:а|ов|у|ом|е|и|ам|ами|ах)?",
        "digit": "цифр\\w*|значн\\w+|разряд\\w*",
        "character": "символ\\w*|знак(?:а|ов|у|ом|и|ам|ами|ах)?",
        "contract": "контракт\\w*",
        "percent": "процент\\w*",
        "basis point": "базисн\\w+ пункт\\w*",
        "times": "раза?|разов\\w+",
    },
    "es": {
        "second": "segundos?|seg|s",
        "minute": "minutos?|min",
        "hour": "horas?|h",
        "day": "días?|diari[oa]s?|diariamente",
        "week": "semanas?|semanal(?:es)?",
        "month": "mes(?:es)?|mensual(?:es)?",
        "year": "años?|anual(?:es)?",
        "confirmation": "confirmaci(?:ón|ones)",
        "block": "bloques?",
        "digit": "dígitos?|cifras?",
        "character": "caracteres|carácter",
        "contract": "contratos?",
        "percent": "por ciento",
        "basis point": "puntos? básicos?",
        "px": "píxeles",
        "times": "veces|vez",
    },
    "fr": {
        "second": "secondes?|sec|s",
        "minute": "minutes?|min",
        "hour": "heures?|horaires?|h",
        "day": "jours?|journée|quotidien(?:ne)?s?|journali(?:er|ère)s?",
        "week": "semaines?|hebdomadaires?",
        "month": "mois|mensuel(?:le)?s?",
        "year": "ans?|années?|annuel(?:le)?s?",
        "confirmation": "confirmations?",
        "block": "blocs?",
        "digit": "chiffres?",
        "character": "caractères?",
        "contract": "contrats?",
        "percent": "pour cent",
        "basis point": "points? de base",
        "px": "pixels?",
        "times": "fois",
    },
    "pt-br": {
        "second": "segundos?|seg|s",
        "minute": "minutos?|min",
        "hour": "horas?|h",
        "day": "dias?|diári[oa]s?|diariamente",
        "week": "semanas?|semanal|semanais",
        "month": "mês|meses|mensal|mensais",
        "year": "anos?|anual|anuais",
        "confirmation": "confirmaç(?:ão|ões)",
        "block": "blocos?",
        "digit": "dígitos?|algarismos?",
        "character": "caracteres?",
        "contract": "contratos?",
        "percent": "por cento",
        "basis point": "pontos?-base",
        "px": "pixels?",
        "times": "vezes|vez",
    },
    "tr": {
        "second": "saniye\\w*|sn",
        "minute": "dakika\\w*|dk",
        "hour": "saat\\w*|sa",
        "day": "gün(?:de|den|dür|ü|ün|e|lük|lüğ\\w+|ler\\w*)?",
        "week": "hafta\\w*",
        "month": "ay(?:da|dan|dır|ı|ın|a|lık|lığ\\w+|lar\\w*)?",
        "year": "yıl\\w*|sene\\w*|yaş(?:ı|la|ta|tan)\\w*",
        "confirmation": "(?:ağ |blok )?ona(?:y|yı|ydan|ydır|ylık|yla|ya|yın|ylar\\w*)",
        "block": "blo(?:k|klu\\w*|kta\\w*|ğu\\w*|klar\\w*)(?! ona)",
        "digit": "hane\\w*|basamak\\w*|rakam\\w*",
        "character": "karakter\\w*",
        "contract": "sözleşme\\w*|kontrat\\w*",
        "percent": "yüzde",
        "basis point": "baz puan\\w*",
        "px": "piksel\\w*",
        "times": "kez|kere|defa",
    },
    "vi": {
        "second": "giây",
        "minute": "phút",
        "hour": "giờ|tiếng",
        "day": "ngày|hằng ngày|hàng ngày",
        "week": "tuần",
        "month": "tháng",
        "year": "năm|tuổi",
        "confirmation": "(?:lượt |lần )?xác nhận",
        "block": "khối",
        "digit": "chữ số|số",
        "character": "ký tự|kí tự",
        "contract": "hợp đồng",
        "percent": "phần trăm",
        "basis point": "điểm cơ bản",
        "times": "lần",
    },
    "ar": {
        "second": "(?:ال)?(?:ثانية|ثوان(?:ي|ٍ)?)",
        "minute": "(?:ال)?(?:دقيقة|دقائق)",
        "hour": "(?:ال)?(?:ساعة|ساعات)",
        "day": "(?:ال)?(?:يوم(?:ا|ي|يا|ية)?|أيام)",
        "week": "(?:ال)?(?:أسبوع(?:ا|ي|يا|ية)?|أسابيع)",
        "month": "(?:ال)?(?:شهر(?:ا|ي|يا|ية)?|أشهر|شهور)",
        "year": "(?:ال)?(?:سنة|سنوات|عام(?:ا)?|أعوام|سنوي(?:ا|ة)?)",
        "confirmation": "(?:ال)?(?:تأكيد(?:ا|ات)?)",
        "block": "(?:ال)?(?:كتلة|كتل)",
        "digit": "(?:ال)?(?:أرقام|رقم(?:ا)?|خانات|خانة)",
        "character": "(?:ال)?(?:أحرف|حرف(?:ا)?|محارف)",
        "contract": "(?:ال)?(?:عقد(?:ا)?|عقود)",
        "percent": "(?:في المئة|في المائة|بالمئة|بالمائة)",
        "basis point": "نقط(?:ة|اط) أساس",
        "times": "مرات|مرة",
    },
}

# Units that a language says together with their number: Arabic duals, "daily" as once a day is a bare unit above.
PAIRS: Mapping[str, Mapping[str, tuple[int, str]]] = {
    "ar": {
        "ثانيت(?:ان|ين)": (2, "second"),
        "دقيقت(?:ان|ين)": (2, "minute"),
        "ساعت(?:ان|ين)": (2, "hour"),
        "يوم(?:ان|ين)": (2, "day"),
        "أسبوع(?:ان|ين)": (2, "week"),
        "شهر(?:ان|ين)": (2, "month"),
        "سنت(?:ان|ين)|عام(?:ان|ين)": (2, "year"),
        "تأكيد(?:ان|ين)": (2, "confirmation"),
        "خانت(?:ان|ين)": (2, "digit"),
        "عقد(?:ان|ين)": (2, "contract"),
    },
    "ko": {"이틀": (2, "day"), "사흘": (3, "day"), "나흘": (4, "day"), "열흘": (10, "day")},
}

MONTHS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?", "aug(?:ust)?",
        "sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?",
    ),
    "es": (
        "ene(?:ro)?", "feb(?:rero)?", "mar(?:zo)?", "abr(?:il)?", "may(?:o)?", "jun(?:io)?", "jul(?:io)?",
        "ago(?:sto)?", "sep?t?(?:iembre)?", "oct(?:ubre)?", "nov(?:iembre)?", "dic(?:iembre)?",
    ),
    "fr": (
        "janv(?:ier)?", "févr?(?:ier)?", "mars", "avr(?:il)?", "mai", "juin", "juil(?:let)?", "août",
        "sept(?:embre)?",
        "oct(?:obre)?", "nov(?:embre)?", "déc(?:embre)?",
    ),
    "pt-br": (
        "jan(?:eiro)?", "fev(?:ereiro)?", "mar(?:ço)?", "abr(?:il)?", "mai(?:o)?", "jun(?:ho)?", "jul(?:ho)?",
        "ago(?:sto)?", "set(?:embro)?", "out(?:ubro)?", "nov(?:embro)?", "dez(?:embro)?",
    ),
    "ru": (
        "янв(?:ар\\w+)?", "фев(?:р(?:ал\\w+)?)?", "мар(?:т(?:а|е|у|ом)?)?", "апр(?:ел\\w+)?",
        "ма[йяею]", "июн\\w*", "июл\\w*",
        "авг(?:уст\\w*)?", "сен(?:т(?:ябр\\w+)?)?", "окт(?:ябр\\w+)?", "ноя(?:бр\\w+)?", "дек(?:абр\\w+)?",
    ),
    "tr": (
        "oca(?:[kğ]\\w*)?", "şub(?:at\\w*)?", "mar(?:t(?:ta|tan|ın|a|ı|’\\w+)?)?", "nis(?:an\\w*)?", "may(?:ıs\\w*)?",
        "haz(?:iran\\w*)?", "tem(?:muz\\w*)?", "ağu(?:stos\\w*)?", "eyl(?:ül\\w*)?", "eki(?:m\\w*)?", "kas(?:ım\\w*)?",
        "ara(?:lı[kğ]\\w*)?",
    ),
    "vi": tuple(f"tháng (?:{number}|0{number}|{word})(?!\\d)" for number, word in enumerate(
        ("một|giêng", "hai", "ba", "tư|bốn", "năm", "sáu", "bảy", "tám", "chín", "mười", "mười một",
        "mười hai|chạp"), 1
    )),
    "ar": (
        "يناير|كانون الثاني", "فبراير|شباط", "مارس|آذار", "أبريل|إبريل|نيسان", "مايو|أيار", "يونيو|حزيران",
        "يوليو|تموز", "أغسطس|آب", "سبتمبر|أيلول", "أكتوبر|تشرين الأول", "نوفمبر|تشرين الثاني", "ديسمبر|كانون الأول",
    ),
}  # fmt: skip

# Numbers in words. A word may stand for several values where a language says them alike (ordinals, "both").
NUMBERS: Mapping[str, Mapping[str, int]] = {
    "en": {
        "zero": 0, "first": 1, "two|twice|second|double|both|pair": 2, "three|third|thrice": 3, "four|fourth": 4,
        "five|fifth": 5,
        "six|sixth": 6, "seven|seventh": 7, "eight|eighth": 8, "nine|ninth": 9, "ten|tenth": 10,
        "eleven|eleventh": 11,
        "twelve|twelfth|dozen": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
        "seventeen": 17, "eighteen": 18, "nineteen": 19,
        "twenty": 20, "twenty-one": 21, "twenty-four": 24, "twenty-five": 25, "seventy": 70, "eighty": 80,
        "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90,
        "hundred": 100, "thousand": 1000,
    },
    "es": {
        "cero": 0, "primer[oa]?s?": 1, "dos|segund[oa]|doble": 2, "tres|tercer[oa]?": 3, "cuatro|cuart[oa]": 4,
        "cinco|quint[oa]": 5,
        "seis|sext[oa]": 6, "siete|séptim[oa]": 7, "ocho|octav[oa]": 8, "nueve|noven[oa]": 9, "diez|décim[oa]": 10,
        "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciséis": 16, "diecisiete": 17,
        "dieciocho": 18, "diecinueve": 19, "veinte": 20, "veinti(?:ún|uno|una)": 21, "veintidós": 22, "veintitrés": 23,
        "veinticuatro": 24, "veinticinco": 25, "setenta": 70, "ochenta": 80, "media docena": 6, "docena": 12,
        "treinta": 30, "cuarenta": 40,
        "cincuenta": 50, "sesenta": 60, "noventa": 90, "cien": 100, "mil": 1000,
    },
    "fr": {
        "zéro": 0, "premi(?:er|ère)s?": 1, "deux|deuxième|second|seconde|double": 2, "trois|troisième": 3,
        "quatre|quatrième": 4,
        "cinq|cinquième": 5, "six|sixième": 6, "sept|septième": 7, "huit|huitième": 8, "neuf|neuvième": 9,
        "dix|dixième": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16,
        "dix-sept": 17,
        "dix-huit": 18, "dix-neuf": 19, "vingt": 20, "vingt-cinq": 25, "vingt-deux": 22, "vingt-trois": 23,
        "vingt et un": 21, "soixante-dix": 70, "quatre-vingts?": 80, "quatre-vingt-dix": 90, "dizaine": 10,
        "douzaine": 12,
        "vingt-quatre": 24, "trente": 30,
        "quarante": 40, "cinquante": 50, "soixante": 60, "cent": 100, "mille": 1000,
    },
    "pt-br": {
        "zero": 0, "primeir[oa]s?": 1, "dois|duas|segund[oa]|dobro": 2, "três|terceir[oa]": 3, "quatro|quart[oa]": 4,
        "cinco|quint[oa]": 5, "seis|sext[oa]": 6, "sete|sétim[oa]": 7, "oito|oitav[oa]": 8, "nove|non[oa]": 9,
        "dez|décim[oa]": 10, "onze": 11, "doze": 12, "treze": 13, "catorze|quatorze": 14, "quinze": 15,
        "dezesseis": 16, "dezessete": 17,
        "dezoito": 18, "dezenove": 19, "vinte": 20, "vinte e quatro": 24, "vinte e cinco": 25, "setenta": 70,
        "oitenta": 80, "dúzia": 12, "dezena": 10,
        "trinta": 30, "quarenta": 40,
        "cinquenta": 50, "sessenta": 60, "noventa": 90, "cem": 100, "mil": 1000,
    },
    "ru": {
        "нол\\w+|нул[яьюе]\\w*": 0,
        "перв(?:ый|ая|ое|ые|ого|ой|ому|ую|ым|ом|ых|ыми)": 1,
        "дв(?:а|е|ух|ум|умя)|двух\\w+|двое|дважды|втор(?:ой|ая|ое|ые|ого|ому|ую|ым|ом|ых)|вдвое|двойн\\w+": 2,
        "тр(?:и|ёх|ех|ём|ем|емя)|тр[её]х\\w+|трое|трижды|трет(?:ий|ья|ье|ьи|ьего|ьей|ьему|ью|ьим|ьем|ьих)|втрое": 3,
        "четыр(?:е|ёх|ех|ём|ем|ьмя)|четыр[её]х\\w+|четверо|четв[её]рт(?!ь|и\\b)\\w+": 4,
        "пят(?:ь|и|ью)|пяти\\w+|пят(?:ый|ая|ое|ого|ой|ому|ую|ым|ом)": 5,
        "шест(?:ь|и|ью)|шести\\w+|шест(?:ой|ая|ое|ого|ому|ую|ым|ом)": 6,
        "сем(?:ь|и|ью)|семи\\w+|седьм\\w+": 7, "восем(?:ь|и)|восьм\\w+": 8, "девят(?:ь|и|ью)|девят\\w+": 9,
        "десят(?:ь|и|ью)|десят(?:ый|ая|ое|ого|ой|ому|ую|ым|ом)|десяти\\w+": 10, "одиннадцат\\w+": 11,
        "двенадцат\\w+": 12, "тринадцат\\w+": 13, "четырнадцат\\w+": 14, "пятнадцат\\w+": 15,
        "шестнадцат\\w+": 16, "семнадцат\\w+": 17, "восемнадцат\\w+": 18, "девятнадцат\\w+": 19,
        "двадцат\\w+": 20, "тридцат\\w+": 30, "сорок\\w*": 40,
        "пятьдесят\\w*|пятидесят\\w+": 50, "семьдесят\\w*": 70, "восемьдесят\\w*": 80, "девяност\\w+": 90,
        "шестьдесят\\w*": 60, "сто|ста": 100, "тысяч\\w*": 1000,
    },
    "tr": {
        "sıfır\\w*": 0, "ilk|birinci": 1,
        "iki(?:si|sin\\w*|nci\\w*|ye|den|de|yi|li|lik|ncisi\\w*)?|çift|iki faktörlü": 2,
        "üç(?:ü|ün\\w*|üncü\\w*|e|ten|te|lü|er)?": 3, "dört|dördü\\w*|dörde|dördüncü\\w*": 4,
        "beş(?:i|in\\w*|inci\\w*|e|ten|er)?": 5,
        "altı(?:sı\\w*|ncı\\w*|şar)?": 6, "yedi(?:si\\w*|nci\\w*)?": 7, "sekiz(?:i|inci)?\\w*": 8, "dokuz\\w*": 9,
        "on(?:uncu\\w*)?|(?<=yüzde )onu": 10,
        "on bir": 11, "on iki": 12, "on üç": 13, "on dört": 14, "on beş": 15, "on altı": 16, "on yedi": 17,
        "on sekiz": 18, "on dokuz": 19, "yirmi": 20, "yirmi dört": 24, "düzine": 12, "yetmiş": 70, "seksen": 80,
        "doksan": 90,
        "otuz": 30, "kırk": 40, "elli": 50, "altmış": 60,        "bin": 1000,
    },
    "vi": {
        "đầu tiên|thứ nhất": 1, "hai|thứ hai|đôi|gấp đôi": 2, "ba|thứ ba": 3, "bốn|thứ tư": 4, "năm": 5, "sáu": 6,
        "bảy": 7, "tám": 8, "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12, "mười ba": 13,
        "mười bốn": 14, "mười lăm": 15, "mười sáu": 16, "mười bảy": 17, "mười tám": 18, "mười chín": 19,
        "hai mươi": 20, "hai mươi (?:tư|bốn)": 24, "ba mươi": 30,
        "sáu mươi": 60, "một trăm|(?<!phần )trăm": 100, "nghìn|ngàn": 1000,
    },
    "ar": {
        "(?:ال)?صفر(?:ا)?": 0, "(?:ال)?أول(?:ى)?": 1,
        "(?:ال)?(?:اثن(?:ان|ين)|اثنتين|ثاني(?:ة)?|ثنائي(?:ة)?)|مرتين|كلا|كلتا|ضعف": 2,
        "(?:ال)?(?:ثلاث(?:ة)?|ثالث(?:ة)?)": 3, "(?:ال)?(?:أربع(?:ة)?|رابع(?:ة)?)": 4,
        "(?:ال)?(?:خمس(?:ة)?|خامس(?:ة)?)": 5,
        "(?:ال)?(?:(?<!\\bل)ست(?:ة)?|سادس(?:ة)?|سداسي(?:ة)?)": 6, "(?:ال)?(?:سبع(?:ة)?|سابع(?:ة)?)": 7,
        "(?:ال)?(?:ثمان(?:ية|ي)?|ثامن(?:ة)?)": 8, "(?:ال)?(?:تسع(?:ة)?|تاسع(?:ة)?)": 9,
        "(?:ال)?(?:عشر(?:ة)?|عاشر(?:ة)?)": 10,
        "(?:أحد|إحدى) عشرة?": 11, "اثن(?:ا|ي|تا|تي) عشرة?": 12, "خمسة? عشرة?": 15, "عشرين|عشرون": 20,
        "ثلاثين|ثلاثون": 30, "مئة|مائة": 100, "ألف": 1000,
    },
    "ko": {
        "첫(?: ?번째)?": 1, "(?<![가-힣])두(?= )|두|둘|이중": 2, "(?<![가-힣])세(?= )|세|셋": 3,
        "(?<![가-힣])네(?= )|네|넷": 4,
        "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8,
        "아홉": 9,
        "열": 10, "열한": 11, "열두": 12, "열세": 13, "열네": 14, "열다섯": 15, "스무": 20, "스물네": 24, "서른": 30,
    },
}  # fmt: skip

# Korean number words stand before what they count; the syllables alone are pieces of other words.
KOREAN_COUNTED = (
    "(?= ?(?:가지|개|번|째|단계|곳|명|줄|자리|시간|달|배|군데|종류|쪽|사람|날|주|분|칸|"
    "건|행|항목|문항|블록|네트워크|방향|모드|"
    "모서리|글자|장(?! ?점)|숫자|코드|사진|단어|화면|버튼|경우|차례|통|조각|묶음|세트|"
    "가격|주문|토큰|예|날짜|공식|막대|거래|시장|요율|질문|계정|프로그램))"
)
# Chinese and Japanese: numerals followed by what they count, or preceded by 第.
HAN_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")}
HAN_DIGITS |= {"两": 2, "兩": 2, "零": 0, "雙": 2, "双": 2}
HAN_PLACES = {"十": 10, "百": 100, "千": 1000}
HAN = "(?:[一二三四五六七八九两兩]?[十百千])+[一二三四五六七八九]?|[二三四五六七八九两兩雙双]"
HAN_COUNTED = (
    "(?=[二三四五六七八九十]?(?:个|個|种|種|条|條|次|项|項|组|組|位|步|行|笔|筆|张|張|类|類|份|点|點|件|段|重|倍|边|邊|方|天|日|秒|分(?!之)|(?<=十)分之一|小时|小時|时|時|周|週|年|月|格|层|層|级|級|问|問|"
    "者|つ|回|度|名|人|番|箇|枚|桁|列|本|要素|段階|文字|通|部|例|隅|处|處|系|因素|角))"
)

SCALES: Mapping[str, Mapping[str, int]] = {
    "en": {"thousand": 1000, "million": 10**6, "billion": 10**9, "k": 1000},
    "es": {"mil(?! millones)": 1000, "mill[oó]n(?:es)?": 10**6, "k": 1000},
    "fr": {"mille": 1000, "millions?": 10**6, "milliards?": 10**9, "k": 1000},
    "pt-br": {"mil": 1000, "milh(?:ão|ões)": 10**6, "bilh(?:ão|ões)": 10**9, "k": 1000},
    "ru": {"тыс|тысяч\\w*": 1000, "млн|миллион\\w*": 10**6, "млрд|миллиард\\w*": 10**9},
    "tr": {"bin": 1000, "milyon": 10**6, "milyar": 10**9, "mn": 10**6},
    "vi": {"nghìn|ngàn": 1000, "triệu": 10**6, "tỷ|tỉ": 10**9},
    "ar": {"ألف(?:ا)?|آلاف": 1000, "مليون(?:ا)?|ملايين": 10**6, "مليار": 10**9},
    "zh-hans": {"万亿": 10**12, "亿": 10**8, "万": 10**4, "千": 1000, "百": 100, "百万": 10**6},
    "zh-hant": {"兆": 10**12, "億": 10**8, "萬": 10**4, "千": 1000, "百": 100, "百萬": 10**6},
    "ja": {"兆": 10**12, "億": 10**8, "万": 10**4, "千": 1000},
    "ko": {"억": 10**8, "만": 10**4, "천": 1000},
}

TIMES_AS_MUCH = {  # leverage in words, after the number: 10 倍, в 10 раз
    "zh-hans": "倍", "zh-hant": "倍", "ja": "倍", "ko": "배", "ru": "кратн\\w+", "tr": "kat(?:ı|ına|lık|lı)?",
    "ar": "(?:ضعفا?|أضعاف)", "en": "-?fold",
}  # fmt: skip
# Units of time without a number, where letters of the units above are pieces of other words.
BARE_UNITS: Mapping[str, Mapping[str, str]] = {
    "zh-hans": {
        "second": "每秒|秒(?:钟|内|后)", "minute": "分钟", "hour": "小时", "day": "每天|每日|天",
        "week": "每周|星期|一周",
        "month": "每月|个月|月份", "year": "每年|年度|年份",
    },
    "zh-hant": {
        "second": "每秒|秒(?:鐘|內|後)", "minute": "分鐘", "hour": "小時", "day": "每天|每日|天",
        "week": "每週|星期|一週",
        "month": "每月|個月|月份", "year": "每年|年度|年份",
    },
    "ja": {
        "second": "毎秒|数秒|秒", "minute": "毎分|数分|分間", "hour": "時間", "day": "毎日|日間|数日|日",
        "week": "毎週|週間|週", "month": "毎月|[かカヶヵケ]月|月", "year": "毎年|年間|年",
    },
    "ko": {
        "second": "매초|초", "minute": "매분|분", "hour": "시간", "day": "매일|하루|며칠|일",
        "week": "매주|몇 ?주|주일|주간",
        "month": "매월|매달|개월|달|월",
        "year": "매년|매해|한 ?해|년|연도",
    },
}  # fmt: skip
# Ordinals from the first to the fifth.
ORDINALS: Mapping[str, tuple[str, ...]] = {
    "en": ("first", "second(?! ?%)", "third", "fourth", "fifth"),
    "es": ("primer(?:[oa]s?)?", "segund[oa]s?", "tercer(?:[oa]s?)?", "cuart[oa]s?", "quint[oa]s?"),
    "fr": ("premi(?:er|ère)s?", "deuxièmes?|seconde?s?", "troisièmes?", "quatrièmes?", "cinquièmes?"),
    "pt-br": ("primeir[oa]s?", "segund[oa]s?", "terceir[oa]s?", "quart[oa]s?", "quint[oa]s?"),
    "ru": (
        "перв(?:ый|ая|ое|ые|ого|ой|ому|ую|ым|ом|ых|ыми)", "втор(?:ой|ая|ое|ые|ого|ому|ую|ым|ом|ых)",
        "трет(?:ий|ья|ье|ьи|ьего|ьей|ьему|ью|ьим|ьем|ьих)", "четв[её]рт(?:ый|ая|ое|ого|ой|ому|ую|ым|ом)",
        "пят(?:ый|ая|ое|ого|ой|ому|ую|ым|ом)",
    ),
    "tr": ("ilk|birinci\\w*", "ikinci\\w*", "üçüncü\\w*", "dördüncü\\w*", "beşinci\\w*"),
    "vi": ("đầu tiên|thứ nhất", "thứ hai|thứ 2", "thứ ba|thứ 3", "thứ tư|thứ 4", "thứ năm|thứ 5"),
    "ar": tuple(f"[وبفك]?(?:ال|لل)?{name}" for name in (
        "أولى?", "ثاني(?:ة)?", "ثالث(?:ة)?", "رابع(?:ة)?", "خامس(?:ة)?"
    )),
    "ko": tuple(f"{name} ?번째" for name in ("첫", "두", "세", "네", "다섯")),
    "ja": tuple(f"第?{name}(?:つ目|番目)|第{name}" for name in ("[1一]", "[2二]", "[3三]", "[4四]", "[5五]")),
    "zh-hans": tuple(f"第{name}(?![十百\\d])" for name in ("[1一]", "[2二]", "[3三]", "[4四]", "[5五]")),
    "zh-hant": tuple(f"第{name}(?![十百\\d])" for name in ("[1一]", "[2二]", "[3三]", "[4四]", "[5五]")),
}  # fmt: skip
# Where the word for a second, which is also an ordinal, is the unit.
PER_SECOND: Mapping[str, str] = {
    "en": r"\b(?:per|each|every) second\b|\ba second(?=\s*(?:[.,;:)]|$|and\b|or\b|for\b|per\b|at\b))",
    "es": r"\b(?:por|cada|al) segundo\b(?! (?:paso|factor|mensaje|correo))",
    "fr": r"\b(?:par|à la|chaque) seconde\b",
    "pt-br": r"\b(?:por|a cada|cada) segundo\b(?! (?:passo|fator|e-mail))",
    "ar": "(?:في الثانية|كل ثانية|لكل ثانية|بالثانية)(?!\\w)",
}
# Count units that languages use for one another: characters and digits, times and what happens so often.
COUNTED = frozenset({"times", "confirmation", "character", "digit", "contract", "block"})

PERCENT_BEFORE = {"tr": "yüzde", "zh-hans": "百分之", "zh-hant": "百分之"}
GROUPING = {"pt-br": ".", "tr": ".", "fr": "", "ru": ""}  # elsewhere the comma, as on the pages of this site
GROUPING_TOO = {"es": ".", "vi": "."}  # both are written: 1,000.5 in Mexico, 1.000,5 in Spain
COINS = {  # by the ticker, each with its names
    "BTC": "bitcoins?|биткоин\\w*|биткойн\\w*|比特币|比特幣|ビットコイン|비트코인|بيتكوين|البيتكوين",
    "ETH": "ethereum|ether|éter|эфириум\\w*|эфир(?:а|е|у|ом)?|以太坊|以太币|以太幣|イーサリアム|イーサ|이더리움|이더|"
    "إيثريوم|الإيثريوم|إيثر|الإيثر|إيثيريوم",
    "TRX": "tron|трон(?:а|е)?|波场|波場|トロン|트론|ترون",
    "SOL": "solana|солан\\w+|ソラナ|솔라나|سولانا",
    "USDT": "tether|тезер\\w*|泰达币|泰達幣|テザー|테더|تيثر",
    "LTC": "litecoin|лайткоин\\w*|莱特币|萊特幣|ライトコイン|라이트코인|لايتكوين",
    "XRP": "ripple|瑞波币|瑞波幣|リップル|리플|ريبل",
    "USD": "(?:US |U\\.S\\. )?dollars?|доллар\\w*|dólar(?:es)?|dolar\\w*|美元|米ドル|ドル|달러|"
    "đô la|đô-la|دولار(?:ا|ات)?|الدولار",
    "EUR": "euros?|евро|欧元|歐元|ユーロ|유로|اليورو|يورو|avro",
}
# Words between a number and its unit.
BETWEEN = {
    "en": "full|whole|last|calendar|business|more|extra|consecutive",
    "es": "últim[oa]s|primer[oa]s|próxim[oa]s|siguientes",
    "fr": "derni(?:er|ère)s|premi(?:er|ère)s|prochain(?:e)s",
    "pt-br": "últim[oa]s|primeir[oa]s|próxim[oa]s",
    "ru": "последни[ехм]+|полны[ехм]+|следующи[ехм]+|календарны[ехм]+|рабочи[ехм]+",
    "tr": "tam|son",
}
