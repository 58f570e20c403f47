"""Bytes to text: the charset that a message names, what programs mean by that name, and a guess where it is wrong."""

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterator

SAMPLE = 8192  # bytes that a guess looks at

# Names that programs write, and the code that holds all they write under that name.
MEANT = {
    "ascii": "ascii",
    "us-ascii": "ascii",
    "ansi_x3.4-1968": "ascii",
    "646": "ascii",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "windows-936": "gb18030",
    "csgb2312": "gb18030",
    "euc-cn": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "big5hkscs",
    "big-5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "cn-big5": "big5hkscs",
    "csbig5": "big5hkscs",
    "windows-950": "big5hkscs",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601-1989": "cp949",
    "ks_c_5601": "cp949",
    "ksc5601": "cp949",
    "ksc_5601": "cp949",
    "euc-kr": "cp949",
    "euckr": "cp949",
    "korean": "cp949",
    "windows-949": "cp949",
    "x-windows-949": "cp949",
    "uhc": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "shiftjis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "ms_kanji": "cp932",
    "windows-31j": "cp932",
    "windows-932": "cp932",
    "euc-jp": "euc_jis_2004",
    "x-euc-jp": "euc_jis_2004",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-8-sig": "utf-8",
    "cp-850": "cp850",
    "ansi": "cp1252",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
}
_ISO_2022_JP = re.compile(r"(?:x-)?(?:cs)?iso-?2022-?jp(?:-?(?:ms|1|2|3|ext|2004))?|cp-?5022[0-2x]?")
# Codecs of Python that are no charsets, or that a stranger's message shall not call.
_NO_CHARSETS = frozenset({"idna", "punycode", "raw_unicode_escape", "unicode_escape", "undefined", "mbcs", "oem"})


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of some bytes, whatever they are: by the declared charset where it holds, else by a guess."""
    return composed(_decoded(data, declared))


_MARKS = re.compile("[\u0300-\u036f\u3099\u309a\u1161-\u1175]")
_APART = re.compile("[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|[^\\W_][\u0300-\u036f\u3099\u309a]{1,4}")


def composed(text: str) -> str:
    """One letter for a letter with its marks behind it, as windows-1258 and names of a Mac's files have them: people
    search for the one. A few marks at a time: sorting a thousand would take a million steps."""
    if text.isascii() or not _MARKS.search(text):
        return text
    return _APART.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)


def _decoded(data: bytes, declared: str | None) -> str:
    name = _meant(declared)
    if name == "iso-2022-jp":
        return iso_2022_jp(data)
    if name is None or (name == "ascii" and not data.isascii()):
        return guess(data)
    try:
        return _without_mark(data.decode(name))
    except UnicodeDecodeError:
        return _damaged(data, name)


def _meant(declared: str | None) -> str | None:
    """The codec for a declared name; None where there is none, or its name means nothing."""
    name = (declared or "").strip().strip("\"'").lower().partition("*")[0][:60]
    if _ISO_2022_JP.fullmatch(name):
        return "iso-2022-jp"
    try:
        codec = codecs.lookup(MEANT.get(name, name))
    except (LookupError, ValueError):
        return None
    return codec.name if codec._is_text_encoding and codec.name.replace("-", "_") not in _NO_CHARSETS else None


def _damaged(data: bytes, name: str) -> str:
    """Bytes that are not what they say: the named charset with holes if they are few, else what they look like."""
    patched = data.decode(name, errors="replace")
    holes = patched.count("\N{REPLACEMENT CHARACTER}")
    if holes * 10 <= sum(not character.isascii() for character in patched):
        return _without_mark(patched)
    return guess(data)


def _without_mark(text: str) -> str:
    return text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")


# Guessing


def guess(data: bytes) -> str:
    """The likeliest text of bytes without a name: UTF-8 if they are, else the charset in which they read as usual
    words of a language, else Latin. Nothing is lost without a mark."""
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return data.decode(name, errors="replace")
    if b"\x1b$" in data or b"\x1b(J" in data:
        return iso_2022_jp(data)
    try:
        return _without_mark(data.decode("utf-8"))
    except UnicodeDecodeError:
        return data.decode(_likeliest(data), errors="replace")


def _likeliest(data: bytes) -> str:
    best, best_score = "cp1252", 0.5
    high = sum(byte > 0x7F for byte in data[:SAMPLE])
    for name, score in _SCORES.items():
        if _decodes(data, name):
            found = score(data[:SAMPLE]) / max(high, 1)
            if found > best_score:
                best, best_score = name, found
    return best


def _decodes(data: bytes, name: str) -> bool:
    try:
        data.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def _pairs(*usual: tuple[int, int, int, int]) -> Callable[[bytes], int]:
    """Counts the high bytes of usual characters: pairs whose first byte and second byte are in given ranges."""
    ranges = b"|".join(b"[\\x%02x-\\x%02x][\\x%02x-\\x%02x]" % bounds for bounds in usual)
    pattern = re.compile(b"(?s)(" + ranges + b")|[\x81-\xfe][\x40-\xfe]|.")
    return lambda sample: sum(2 for match in pattern.finditer(sample) if match[1])


def _words(name: str, letters: str) -> Callable[[bytes], int]:
    """Counts the high bytes in words of some letters: two or more in lower case, with or without a capital."""
    word = re.compile(rf"(?<!\w)\w?[{letters}]{{2,}}(?!\w)")

    def score(sample: bytes) -> int:
        text = sample.decode(name, errors="replace")
        return sum(sum(not character.isascii() for character in found) for found in word.findall(text))

    return score


# The frequent planes of each code: level-1 characters, kana, syllables, and punctuation.
_SCORES: dict[str, Callable[[bytes], int]] = {
    "cp1251": _words("cp1251", "а-яё"),
    "koi8-r": _words("koi8-r", "а-яё"),
    "cp1256": _words("cp1256", "ء-ي"),
    "euc_jis_2004": _pairs((0xA4, 0xA5, 0xA1, 0xF6), (0xA1, 0xA1, 0xA1, 0xFE)),
    "cp932": _pairs((0x82, 0x83, 0x40, 0xF1), (0x81, 0x81, 0x40, 0xAC), (0x88, 0x97, 0x40, 0xFC)),
    "cp949": _pairs((0xB0, 0xC8, 0xA1, 0xFE)),
    "gb18030": _pairs((0xB0, 0xD7, 0xA1, 0xFE), (0xA1, 0xA3, 0xA1, 0xFE)),
    "big5hkscs": _pairs((0xA4, 0xC6, 0x40, 0xFE), (0xA1, 0xA1, 0x40, 0xFE)),
    "cp1254": _words("cp1254", "a-zçğıöşüâîû"),
}


# ISO-2022-JP, with all that Japanese programs put into it: half-width kana, NEC's and IBM's characters

_SHIFT = re.compile(rb"(\x1b\$[@B]|\x1b\$\([@BD]|\x1b\([BJI]|\x0e|\x0f)")
_NEXT = {
    b"\x1b$@": "kanji",
    b"\x1b$B": "kanji",
    b"\x1b$(@": "kanji",
    b"\x1b$(B": "kanji",
    b"\x1b$(D": "more kanji",
    b"\x1b(I": "kana",
    b"\x1b(B": "ascii",
    b"\x1b(J": "ascii",
    b"\x0e": "kana",
    b"\x0f": "ascii",
}


def iso_2022_jp(data: bytes) -> str:
    """ISO-2022-JP and its variants (cp50220 to cp50222, -ms), read as Windows does."""
    if b"\x1b" not in data and b"\x0e" not in data:
        return data.decode("cp932", errors="replace")
    lines = data.split(b"\n")  # each begins anew in ASCII, as the standard has it
    return "\n".join("".join(_read_run(run, state) for run, state in _runs(line)) for line in lines)


def _runs(line: bytes) -> Iterator[tuple[bytes, str]]:
    """What stands between the shifts of a line, and in which state."""
    state = "ascii"
    for piece in _SHIFT.split(line):
        if piece in _NEXT:
            state = _NEXT[piece]
        elif piece:
            yield piece, state


def _read_run(run: bytes, state: str) -> str:
    if state == "kana":
        return bytes(byte | 0x80 if 0x20 < byte < 0x60 else byte for byte in run).decode("cp932", errors="replace")
    if state == "kanji":
        return _kanji(run)
    if state == "more kanji":
        marked = b"".join(b"\x8f" + bytes(byte | 0x80 for byte in run[at : at + 2]) for at in range(0, len(run), 2))
        return marked.decode("euc_jp", errors="replace")
    return run.decode("cp932", errors="replace")


def _kanji(run: bytes) -> str:
    """Pairs of JIS X 0208 as Shift-JIS; what is no pair stays as it is."""
    pairs = re.sub(rb"(?s)([\x21-\x7e])([\x21-\x7e])|(.)", _shifted, run)
    return pairs.decode("cp932", errors="replace")


def _shifted(match: re.Match[bytes]) -> bytes:
    if match[3]:
        return match[3]
    row, cell = match[1][0], match[2][0]
    lead = (row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)
    trail = cell + 0x7E if row % 2 == 0 else cell + (0x1F if cell < 0x60 else 0x20)
    return bytes([lead, trail])
