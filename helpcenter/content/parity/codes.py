"""Pieces of code: names stay letter by letter; formulas keep numbers, signs and tickers, and translate their words."""

import re

from helpcenter.content.parity import figures

_FORMULA = re.compile(r"\s|^[\d.,%]+$")
_PIECE = re.compile(
    r"(?P<before>%)?(?P<number>\d+(?:[.,\u00a0 ]\d+)*)(?P<after>[ \u00a0]?%)?"
    r"|(?P<ticker>(?<![^\W_])[A-Z][A-Z0-9]+(?:-[A-Z0-9]+)*)"
    r"|(?P<sign>[+×÷*/=<>≤≥^()]|(?<=\s)[-–](?=\s))"
)


def skeleton(code: str, language: str) -> str:
    """What has to be the same in every language: `60.000 × 2 %` and `60,000 × 2%` are one."""
    if not _FORMULA.search(code.strip()):
        return code
    text = figures.normal(code, language)
    return " ".join(_piece(match, language) for match in _PIECE.finditer(text))


def _piece(match: re.Match[str], language: str) -> str:
    if not match["number"]:
        return match[0]
    value = figures.decimal(match["number"], language)
    sign = "%" if match["before"] or match["after"] else ""
    return f"{match['number'] if value is None else figures.plain(value)}{sign}"
