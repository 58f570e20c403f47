"""What twelve languages call the days of the week and the zones of time. Pure.

A day of the week is read as a figure, so that its word is not read as an ordinal (`segunda-feira`, `thứ Ba`). Zones are
told apart by what they are, not by how they are written.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache

# Monday to Sunday. Words that are also others stand for a day only where they are written like one.
WEEKDAYS: Mapping[str, tuple[str, ...]] = {
    "en": ("mondays?", "tuesdays?", "wednesdays?", "thursdays?", "fridays?", "saturdays?", "sundays?"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábados?", "domingos?"),
    "fr": ("lundis?", "mardis?", "mercredis?", "jeudis?", "vendredis?", "samedis?", "dimanches?"),
    "pt-br": (
        *(
            rf"{name}s?[- ]feiras?|{name}(?= (?:às|a partir|[ae] \w+[- ]feira)|,? \d\d?(?:h|:\d\d))"
            for name in ("segunda", "terça", "quarta", "quinta", "sexta")
        ),
        "sábados?",
        "domingos?",
    ),
    "ru": (
        "понедельник\\w*", "вторник\\w*", "(?<=в )сред[уы]|(?<=со )среды|сред[аеу](?= в \\d)", "четверг\\w*",
        "пятниц\\w+", "суббот\\w+", "воскресень\\w+",
    ),
    "tr": (
        "pazartesi\\w*", "salı(?:ları|ya|dan|nın)?(?= gün| saat| \\d|\\b['’])", "çarşamba\\w*", "perşembe\\w*",
        "cuma(?!rtesi)\\w*", "cumartesi\\w*", "pazar(?= gün| saat| \\d)",
    ),
    "vi": (
        "thứ (?:hai|2)(?= lúc| \\d|,? ngày|-)|(?-i:[tT]hứ Hai)",
        "thứ (?:ba|3)(?= lúc| \\d|,? ngày|-)|(?-i:[tT]hứ Ba)",
        "thứ (?:tư|4)(?= lúc| \\d|,? ngày|-)|(?-i:[tT]hứ Tư)",
        "thứ (?:năm|5)(?= lúc| \\d|,? ngày|-)|(?-i:[tT]hứ Năm)",
        "thứ (?:sáu|6)(?= lúc| \\d|,? ngày|-)|(?-i:[tT]hứ Sáu)",
        "thứ (?:bảy|7)(?= lúc| \\d|,? ngày|-)|(?-i:[tT]hứ Bảy)",
        "chủ nhật",
    ),
    "ar": tuple(
        f"(?:يوم )[وبلفك]?(?:{name})|(?:{name})(?= (?:عند|في الساعة|الساعة|\\d))"
        for name in ("الاثنين|الإثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")
    ),
    "ja": tuple(f"{name}曜" for name in "月火水木金土日"),
    "ko": tuple(f"{name}요일" for name in "월화수목금토일"),
}  # fmt: skip
WEEKDAYS = dict(WEEKDAYS) | {
    "zh-hans": tuple(f"(?:星期|周|礼拜){name}" for name in (*"一二三四五六", "[日天](?!内|后|期)")),
    "zh-hant": tuple(f"(?:星期|[週周]|禮拜){name}" for name in (*"一二三四五六", "[日天](?!內|後|期)")),
}

COORDINATED = "UTC"
_ABBREVIATIONS = (
    "GMT|BST|CES?T|MSK|МСК|TRT|EE?ST|E[SD]T|P[SD]T|C[SD]T|M[SD]T|BRT|ART|JST|KST|HKT|SGT|ICT|IST|AST|KSA|CST|AEST|AEDT"
)
# Zones by name, in every language in which they are written: a text may name a zone in letters of another.
_ZONES: Mapping[str, str] = {
    COORDINATED: r"(?<![A-Za-z])(?:UTC|utc)(?![A-Za-z]|[ ]?[+\-−–]\d)|Coordinated Universal Time|"
    r"tiempo universal coordinado|temps universel coordonné|tempo universal coordenado|"
    r"всемирн\w+ координированн\w+ врем\w+|协调世界时|協調世界時"
    r"|世界協調時間?|協定世界時|협정 ?세계시|giờ phối hợp quốc tế|Eşgüdümlü Evrensel Zaman|التوقيت العالمي المنسق",
    "offset": r"(?:UTC|GMT|МСК|MSK) ?[+\-−–] ?\d{1,2}(?::\d\d)?",
    "abbreviation": rf"(?-i:(?<![A-Za-zА-Яа-я0-9-])(?:{_ABBREVIATIONS})(?![A-Za-zА-Яа-я0-9+−–-]))",
    "Greenwich": r"Greenwich|Гринвич\w*|格林[威尼]治|格林威治|グリニッジ|그리니치|غرينتش",
    "Moscow": r"московск\w+ врем\w+|по Москве|Moscow time|莫斯科时间|Moskova saati|توقيت موسكو|giờ Mát-xcơ-va",
    "Beijing": r"北京时间|北京時間|中国标准时间|Beijing time|hora de (?:Pekín|Beijing)|пекинск\w+ врем\w+|베이징 ?시간",
    "Taipei": r"[台臺](?:北|灣|湾)(?:時間|时间)|Taipei time",
    "Japan": r"日本時間|日本标准时间|日本標準時|Japan(?:ese)? time|東京時間|일본 ?시간",
    "Korea": r"韓国時間|한국 ?(?:표준)?시간?(?=으로|에|\s|,|\.|$)|서울 ?시간|Korean? time",
    "Vietnam": r"giờ (?:Việt Nam|Hà Nội|VN)|Vietnam time",
    "Turkey": r"Türkiye saati\w*|İstanbul saati\w*|(?-i:TSİ)",
    "Arabia": r"بتوقيت (?:مكة|السعودية|الرياض|دبي|الإمارات|القاهرة|مصر)|توقيت (?:مكة|السعودية|الرياض)",
    "Spanish": r"hora (?:de (?:Madrid|España|México|la Ciudad de México|Argentina|Bogotá|Lima|Chile|Colombia)"
    r"|peninsular|central|española|mexicana|del (?:Este|Pacífico|centro))",
    "French": r"heure (?:de (?:Paris|Bruxelles|Montréal|Londres|New York)|française|d[’']été|d[’']Europe)",
    "Brazilian": r"(?:horário|hora) de (?:Brasília|São Paulo|Lisboa)|horário oficial",
}


@cache
def _zones() -> re.Pattern[str]:
    groups = "|".join(f"(?P<g{number}>{pattern})" for number, pattern in enumerate(_ZONES.values()))
    return re.compile(groups, re.IGNORECASE)


@cache
def weekdays(language: str) -> re.Pattern[str]:
    """The days of the week; the group that matches (`g0` is Monday) names the day."""
    is_spaced = language not in ("zh-hans", "zh-hant", "ja", "ko")
    before = r"(?<!\w)[وبلف]?" if language == "ar" else r"(?<!\w)" if is_spaced else ""
    after = r"(?!\w)" if is_spaced else ""
    groups = "|".join(f"(?P<g{number}>{names})" for number, names in enumerate(WEEKDAYS.get(language, ())))
    return re.compile(f"{before}(?:{groups or '(?!)'}){after}", re.IGNORECASE)


def zones(text: str) -> Counter[str]:
    """How often each zone is named; those that only have an abbreviation or an offset are named by it."""
    return Counter(_named(text))


def _named(text: str) -> Iterator[str]:
    names = tuple(_ZONES)
    for match in _zones().finditer(text):
        name = names[int(str(match.lastgroup)[1:])]
        yield match[0].replace(" ", "").upper() if name in ("offset", "abbreviation") else name


def other_zones(source: Counter[str], translation: Counter[str]) -> list[tuple[str, str]]:
    """Zones that one of two texts lacks; how often one that both name is said may only grow."""
    missing = [zone for zone, count in source.items() if translation[zone] < count]
    added = [zone for zone in translation if not source[zone]]
    longest = max(len(missing), len(added))
    return list(zip([*missing, *[""] * longest][:longest], [*added, *[""] * longest][:longest], strict=True))
