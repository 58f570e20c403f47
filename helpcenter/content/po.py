"""PO, one article in one language per file. Pure.

What PO has no place for stands in its header (`X-Article` …) and in the extracted comments of its entries. A state is
what a PO editor knows: untranslated, fuzzy, translated.
"""

import re
from collections.abc import Iterator

import polib
from django.utils.translation import gettext

from helpcenter.content.exchange import Exchange, State, Unit, check_size, checked
from helpcenter.errors import InvalidText

FUZZY = "fuzzy"

_BASE = "base: "
_HEAD = "# \n"  # polib takes a text for the name of a file where one has that name; none begins like this
_LINE_OF_ERROR = re.compile(r"\(line (\d+)\)")


def write(exchange: Exchange) -> bytes:
    """The exchange as a file. Raises InvalidText where something of it cannot be written."""
    exchange = checked(exchange)
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Language": exchange.language,
        "X-Source-Language": exchange.source_language,
        "X-Article": exchange.slug,
        "X-Source-Revision": str(exchange.source_number),
        "X-Segments": str(len(exchange.units)),
    }
    catalogue.extend(_entry(unit) for unit in exchange.units)
    return f"{catalogue}\n".encode()


def read(data: bytes) -> Exchange:
    """The exchange in a file. Raises InvalidText, whatever the bytes are."""
    check_size(data)
    catalogue = _catalogue(data)
    head = catalogue.metadata
    units = tuple(_units(catalogue))
    if (count := _number(head.get("X-Segments"))) > len(units):
        message = gettext("The file is cut short: it holds %(found)d of %(count)d segments.")
        raise InvalidText(message % {"found": len(units), "count": count})
    return checked(
        Exchange(
            slug=head.get("X-Article", "").strip(),
            source_language=_language(head.get("X-Source-Language", "")),
            language=_language(head.get("Language", "")),
            source_number=_number(head.get("X-Source-Revision")),
            units=units,
        )
    )


def _entry(unit: Unit) -> polib.POEntry:
    comments = [unit.note] if unit.note else []
    if unit.base:
        comments.append(f"{_BASE}{unit.base}")
    is_fuzzy = unit.state == State.NEEDS_TRANSLATION
    return polib.POEntry(
        msgctxt=unit.key,
        msgid=unit.source,
        msgstr=unit.target,
        comment="\n".join(comments),
        flags=[FUZZY] if is_fuzzy else [],
    )


def _catalogue(data: bytes) -> polib.POFile:
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise InvalidText(gettext("The file is not in UTF-8.")) from error
    if "\0" in text:
        raise InvalidText(gettext("The file holds a null character."))
    try:
        return polib.pofile(_HEAD + text, wrapwidth=0)
    except (OSError, ValueError, LookupError, AttributeError, TypeError) as error:
        line = _LINE_OF_ERROR.search(str(error))
        message = gettext("The file is no PO file, damaged, or cut short.")
        raise InvalidText(message, max(int(line[1]) - 1, 1) if line else None) from error


def _units(catalogue: polib.POFile) -> Iterator[Unit]:
    for entry in catalogue:
        if entry.obsolete:
            continue
        comments = (entry.comment or "").split("\n")
        state = State.NEEDS_TRANSLATION if FUZZY in entry.flags else State.TRANSLATED if entry.msgstr else State.NEW
        yield Unit(
            key=entry.msgctxt or "",
            source=entry.msgid,
            target=entry.msgstr,
            state=state,
            note=" ".join(line for line in comments if not line.startswith(_BASE)),
            base=next((line.removeprefix(_BASE).strip() for line in comments if line.startswith(_BASE)), ""),
        )


def _number(text: str | None) -> int:
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _language(code: str) -> str:
    return code.strip().replace("_", "-").lower()
