"""How twelve languages write numbers: in words, with names of large ones, as ordinals, with marks between thousands.
Patterns, without capitals."""

from collections.abc import Mapping

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

PERCENT_BEFORE = {"tr": "yüzde", "zh-hans": "百分之", "zh-hant": "百分之"}
GROUPING = {"pt-br": ".", "tr": ".", "fr": "", "ru": ""}  # elsewhere the comma, as on the pages of this site
GROUPING_TOO = {"es": ".", "vi": "."}  # both are written: 1,000.5 in Mexico, 1.000,5 in Spain
