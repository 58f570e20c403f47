"""Lists of phrases as people write them: one on each line, `3: phrase` where it has a weight of its own, `#` before a
remark. In the list of the language `form` a line holds conditions on the answers of the form and on amounts in the
text: `open_positions=yes`, `coin=BTC|ETH`, `USDT>=10000`, `age>=24` (hours since the event). Pure."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext

from tickets.phrases import LONGEST, BadPhrase, parse

FORM = "form"
_WEIGHT = re.compile(r"(?P<weight>\d{1,2}(?:\.\d{1,2})?)\s*:\s+(?P<rest>.+)")
_CONDITION = re.compile(r"(?P<name>[A-Za-z_]+)(?:(?P<equal>=)(?P<one_of>[\w.|-]+)|>=(?P<least>\d+(?:\.\d+)?))")


def lines_of(text: str, default: float = 1.0) -> Iterator[tuple[int, float, str]]:
    """The phrases of a list with the number of their line and their weight."""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.partition("#")[0].strip()
        if line:
            match = _WEIGHT.fullmatch(line)
            yield number, float(match["weight"]) if match else default, match["rest"] if match else line


def conditions_of(text: str) -> list[re.Match[str]]:
    """The parts of a line of conditions, all of which must be met. Raises BadPhrase."""
    parts = [_CONDITION.fullmatch(part) for part in text.split()]
    good = [part for part in parts if part is not None]
    if not good or len(good) != len(parts):
        raise BadPhrase("condition")
    return good


def faults(text: str, language: str) -> list[str]:
    """What is wrong with a list, a sentence for each line that is to be mended."""
    found = [
        gettext("Line %(number)s, “%(line)s”: %(fault)s") % {"number": number, "line": line, "fault": fault}
        for number, _, line in lines_of(text)
        if (fault := _fault(line, language))
    ]
    return found or ([] if any(True for _ in lines_of(text)) else [gettext("Write at least one phrase.")])


def _fault(line: str, language: str) -> str:
    try:
        if language == FORM:
            conditions_of(line)
        else:
            parse(line)
    except BadPhrase as error:
        return _sentence(error.reason)
    return ""


def _sentence(reason: str) -> str:
    return {
        "empty": gettext("A word is missing beside | or _. Write it, or take the sign away."),
        "long": gettext("A phrase has at most %(most)s characters. Make two of it.") % {"most": LONGEST},
        "gap": gettext(
            "A gap (…) stands between two words. Take it away at the beginning, the end, or beside another."
        ),
        "star": gettext("A star stands at the end of a word. Take it away elsewhere."),
        "sign": gettext("A word begins with a letter or a digit."),
        "condition": gettext("Write conditions such as open_positions=yes, coin=BTC|ETH, USDT>=10000 or age>=24."),
    }[reason]
