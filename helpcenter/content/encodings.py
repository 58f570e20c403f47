"""What a text file is written in: UTF-8, UTF-16, or GB18030 as spreadsheets in Chinese save it. Pure.

Nearly any bytes decode as GB18030, so it is taken only where the text looks like Chinese; otherwise letters of
another language would come in as rare characters, and the editor is better told to save the file as UTF-8.
"""

import codecs

from django.utils.translation import gettext

from helpcenter.errors import BadTable

_MARKED = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SAMPLE = 4096  # bytes
COMMON = range(0xA1, 0xD8)  # lead bytes of the signs and the characters that are used most
KANA = (0xA4, 0xA5)
LATE = range(0xCA, 0xD8)  # S to Z in the order of sounds; Korean bytes hardly ever stand here


def decode(data: bytes) -> str:
    """The text of a file. Raises BadTable, with the line where the text stops being UTF-8."""
    encoding = _encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = gettext(
            "Line %(line)d is not in UTF-8, UTF-16 or GB18030. Save the file as “CSV UTF-8” or as a workbook (.xlsx)."
        )
        raise BadTable(message % {"line": line}) from error
    if "\0" in text:
        raise BadTable(gettext("The file holds a null character: it is no text."))
    return text


def _encoding(data: bytes) -> str:
    for mark, encoding in _MARKED:
        if data.startswith(mark):
            return encoding
    if is_utf16 := _utf16(data[:_SAMPLE]):
        return is_utf16
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030" if looks_chinese(data) else "utf-8"
    return "utf-8"


def _utf16(sample: bytes) -> str:
    """UTF-16 without a mark: commas and line ends have a zero beside them, which few other letters end with."""
    for encoding, zero in (("utf-16-le", 1), ("utf-16-be", 0)):
        beside, other = sample[zero::2].count(0), sample[1 - zero :: 2].count(0)
        if beside >= 3 and beside > 3 * other:
            return encoding
    return ""


def looks_chinese(data: bytes) -> bool:
    """Whether bytes that are no UTF-8 are simplified Chinese: nine of ten characters are common ones, none is kana,
    and the late ones are as frequent as they are in Chinese alone."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    pairs = [pair for pair in (char.encode("gb18030") for char in text if ord(char) > 127) if len(pair) > 1]
    common = [pair[0] for pair in pairs if len(pair) == 2 and pair[0] in COMMON and pair[1] >= 0xA1]
    late = sum(lead in LATE for lead in common)
    return len(common) >= 0.9 * len(pairs) and late >= 0.1 * len(common) and not set(KANA) & set(common)
