"""The pseudo-locale `xx`: every message accented, 40 % longer and in brackets, so that what is not translated, or does
not fit, is seen."""

import re
from pathlib import Path

import polib

OPEN, CLOSE = "⟦", "⟧"
_ACCENTED = str.maketrans("aeiouycnszAEIOUYCNSZ", "àèìòùýçñšžÀÈÌÒÙÝÇÑŠŽ")
_KEPT = re.compile(r"(%\(\w+\)[-+0 #]*\d*(?:\.\d+)?[a-z]|%[sd%]|<[^>]+>|&\w+;)")


def pseudo(text: str) -> str:
    """`Skip to content` -> `⟦Škìp tò çòñtèñt ~~~~~~⟧`; placeholders and markup stay."""
    parts = _KEPT.split(text)
    words = "".join(part if i % 2 else part.translate(_ACCENTED) for i, part in enumerate(parts))
    return f"{OPEN}{words} {'~' * max(2, round(len(text) * 0.4))}{CLOSE}"


def write_locale(source: Path, target: Path) -> None:
    """Make `target` (a .mo file) from the messages of any catalogue."""
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=2; plural=(n != 1);"}
    for entry in polib.pofile(str(source)):
        plurals = {0: pseudo(entry.msgid), 1: pseudo(entry.msgid_plural)} if entry.msgid_plural else {}
        made = polib.POEntry(msgid=entry.msgid, msgid_plural=entry.msgid_plural, msgctxt=entry.msgctxt)
        made.msgstr, made.msgstr_plural = ("" if plurals else pseudo(entry.msgid)), plurals
        catalogue.append(made)
    target.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save_as_mofile(str(target))
