"""Pairs of words that turn a sentence about trading into its contrary: long and short, maker and taker. Pure.

They are looked for by their stems in every language, because they are also said where no term of the glossary stands
in full ("the isolated position", "longs pay shorts").
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

Sides = tuple[str, str]
OFTEN_BESIDE = 2  # pairs of which one side is often said with the other: the best offer of a buy order, in and out

_ENGLISH: tuple[Sides, ...] = (
    (r"\b(?:buy\w*|bought)", r"\b(?:sell(?! you)\w*|sold(?! you))"),
    (r"\bdeposit", r"\bwithdr[ae]w"),
    (r"\blongs?\b", r"\bshorts?\b"),
    (r"\bmakers?\b", r"\btakers?\b"),
    (r"\bisolated\b", r"\bcross\b"),
    (r"\bpositive", r"\bnegative"),
    (r"\bunrealised|\bunrealized", r"\brealised|\brealized"),
    (r"\binitial\b", r"\bmaintenance\b"),
)
# In the order of the English ones.
_WORDS: Mapping[str, tuple[Sides, ...]] = {
    "en": _ENGLISH,
    "zh-hans": (
        ("买", "卖"),
        ("充币|充值|充入|转入", "提币|提现|提走|转出"),
        ("做多|多头|多仓|多单|开多|平多", "做空|空头|空仓|空单|开空|平空"),
        ("maker|挂单", "taker|吃单"),
        ("逐仓", "全仓"),
        ("为正|正数|正值", "为负|负数|负值"),
        ("未实现", "已实现"),
        ("初始保证金|起始保证金", "维持保证金"),
    ),
    "zh-hant": (
        ("買", "賣"),
        ("儲值|入金|充", "提領|出金|提款"),
        ("做多|多頭|多倉|多單|開多|平多", "做空|空頭|空倉|空單|開空|平空"),
        ("maker|掛單", "taker|吃單"),
        ("逐倉", "全倉"),
        ("為正|正數|正值", "為負|負數|負值"),
        ("未實現", "已實現"),
        ("初始保證金|起始保證金", "維持保證金"),
    ),
    "ja": (
        ("買", "売"),
        ("入金", "出金"),
        ("ロング", "ショート"),
        ("メイカー|メーカー|maker", "テイカー|テーカー|taker"),
        ("分離", "クロス"),
        ("プラス|正の", "マイナス|負の"),
        ("未実現", "(?<!未)実現"),
        ("初期証拠金|当初証拠金", "維持証拠金"),
    ),
    "ko": (
        ("매수", "매도"),
        ("입금", "출금"),
        ("롱", "숏"),
        ("메이커|maker", "테이커|taker"),
        ("격리", "교차"),
        ("양수|플러스", "음수|마이너스"),
        ("미실현", "(?<!미)실현"),
        ("개시 ?마진|초기 ?마진", "유지 ?마진"),
    ),
    "ru": (
        (r"\b(?:куп|покуп)", r"\bпрода"),
        (r"\b(?:пополн|депозит|внес)", r"\b(?:вывод|вывед|вывест|снят)"),
        (r"\bлонг", r"\bшорт"),
        (r"\bмейкер|\bmaker", r"\bтейкер|\btaker"),
        (r"\bизолирован", r"\bкросс"),
        (r"\bположительн", r"\bотрицательн"),
        (r"\bнереализ", r"\bреализ"),
        (r"\bначальн", r"\bподдержива"),
    ),
    "es": (
        (r"\bcompr", r"\b(?:vend|vent)"),
        (r"\bdep[oó]sit", r"\bretir"),
        (r"\b(?:longs?|larg[oa]s?)\b", r"\b(?:shorts?|cort[oa]s?)\b"),
        (r"\bmakers?\b", r"\btakers?\b"),
        (r"\baislad", r"\bcruzad"),
        (r"\bpositiv", r"\bnegativ"),
        (r"\bno realizad", r"(?<!no )\brealizad"),
        (r"\binicial", r"\bmantenimiento"),
    ),
    "fr": (
        (r"\bach[eèa]t", r"\b(?:vend|vente)"),
        (r"\b(?:dép[oô]t|dépos)", r"\bretir|\bretrait"),
        (r"\b(?:longs?|longues?)\b", r"\b(?:shorts?|courte?s?)\b"),
        (r"\bmakers?\b", r"\btakers?\b"),
        (r"\bisolé", r"\bcroisé"),
        (r"\bpositif|\bpositive", r"\bnégati"),
        (r"\b(?:non réalisé|latent)", r"(?<!non )\bréalisé"),
        (r"\binitial", r"\bmaint[ie]"),
    ),
    "pt-br": (
        (r"\bcompr", r"\bvend"),
        (r"\bdep[oó]sit", r"\b(?:saque|saca|retir)"),
        (r"\b(?:longs?|comprad[oa]s?)\b", r"\b(?:shorts?|vendid[oa]s?)\b"),
        (r"\bmakers?\b", r"\btakers?\b"),
        (r"\bisolad", r"\bcruzad"),
        (r"\bpositiv", r"\bnegativ"),
        (r"\bnão realizad", r"(?<!não )\brealizad"),
        (r"\binicia[li]", r"\bmanutenção"),
    ),
    "tr": (
        (r"\b(?:alış|alım|satın)", r"\b(?:satış|satım|satar|sata)"),
        (r"\byatır", r"\bçek(?:im|me|e|il|ti|in)"),
        (r"\blong", r"\bshort"),
        (r"\bmaker", r"\btaker"),
        (r"\bizole", r"\bçapraz"),
        (r"\bpozitif|\bartı", r"\bnegatif|\beksi"),
        (r"\bgerçekleşmemiş", r"\bgerçekleşmiş|\bgerçekleşen"),
        (r"\bbaşlangıç", r"\bsürdürme"),
    ),
    "vi": (
        (r"\bmua\b", r"\bbán\b"),
        (r"\bnạp|đặt cọc", r"\brút"),
        (r"\blong\b|mua lên", r"\bshort\b|bán xuống"),
        (r"\bmaker", r"\btaker"),
        (r"\bcô lập", r"\bchéo"),
        (r"\bdương\b", r"\bâm\b"),
        ("chưa thực hiện", "đã thực hiện"),
        ("ký quỹ ban đầu|ban đầu", "duy trì"),
    ),
    "ar": (
        ("شرا|شتر", "بيع|تبيع|بيع"),
        ("إيداع|يداع|ودع", "سحب"),
        ("long|مر[ا]?كز(?:ا|كم|ي)? (?:ال)?شراء", "short|مر[ا]?كز(?:ا|كم|ي)? (?:ال)?بيع"),
        ("maker|صانع", "taker|آخذ"),
        ("معزول", "متقاطع"),
        ("موجب", "سالب"),
        ("غير (?:ال)?محقق", "(?<!غير )(?<!غير ال)محقق"),
        ("مبدئي", "صيان"),
    ),
}


def swapped(source: str, translation: str, languages: tuple[str, str]) -> Iterator[tuple[str, str]]:
    """Words of the source that the translation says less often, beside those of the other side that it says more
    often; as both are written."""
    ours, theirs = _patterns(languages[0]), _patterns(languages[1])
    for number, (wanted, given) in enumerate(zip(ours, theirs, strict=False)):
        for one, other in ((0, 1), (1, 0)):
            said, meant = len(given[other].findall(translation)), len(wanted[other].findall(source))
            missing = len(wanted[one].findall(source)) > len(given[one].findall(translation))
            if said > meant and (missing or (number >= OFTEN_BESIDE and not meant and wanted[one].search(source))):
                yield _written(wanted[one], source), _written(given[other], translation)


def _written(pattern: re.Pattern[str], text: str) -> str:
    match = re.compile(rf"(?:{pattern.pattern})\w*", re.IGNORECASE).search(text)
    return match[0] if match else ""


@cache
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    return tuple(
        (re.compile(one, re.IGNORECASE), re.compile(other, re.IGNORECASE)) for one, other in _WORDS.get(language, ())
    )
