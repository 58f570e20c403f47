"""Files that people attach: the type told by the content, held to an allow-list, and made harmless before anything
stores them.

Pure: bytes in, bytes out. Pictures are drawn anew, so that notes, places and anything behind their end are gone; texts
pass the secret guard; PDFs that act are refused; videos stay as they are. What is kept must still be served as a
download, never as a page of ours.
"""

import io
import json
import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import magic
from django.utils.translation import gettext, gettext_noop
from PIL import Image, ImageOps

from supportdesk import guard
from tickets import errors, pdf, recordings

MEGABYTE = 1024 * 1024
LARGEST_FILE = 10 * MEGABYTE
LARGEST_TEXT = 3 * MEGABYTE  # the guard reads a quarter to one megabyte a second, by script
LARGEST_MESSAGE = 25 * MEGABYTE
MOST_FILES = 5
MOST_PIXELS = 40_000_000
MOST_PIXELS_OF_WEBP = 8_000_000  # drawing it takes fifteen bytes for each
LONGEST_NAME = 120  # characters

# Our own bound is checked before anything is decoded and says what the limit is.
Image.MAX_IMAGE_PIXELS = None

PICTURES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
PHONE_PICTURES = {"image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence"}
VIDEOS = {"video/mp4", "video/webm", "video/quicktime", "video/x-m4v"}
TEXTS = {"text/plain", "text/csv", "application/json", "application/x-ndjson"}

# A picture of a hundred kilobytes may need hundreds of megabytes while it is drawn: a process draws one at a time.
_ONE_AT_A_TIME = threading.Lock()
LONGEST_WAIT = 30.0  # seconds; the slowest picture takes one or two

# What a file of each type is called; the first is given where the name has another of its family.
EXTENSIONS = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/heic": (".heic", ".heif"),
    "application/pdf": (".pdf",),
    "video/mp4": (".mp4", ".m4v"),
    "video/webm": (".webm",),
    "video/quicktime": (".mov", ".qt"),
    "text/plain": (".txt", ".log", ".text", ".md"),
    "text/csv": (".csv",),
    "application/json": (".json", ".har"),
}
_FAMILIES = {
    extension: kind.split("/")[0].replace("application", "text") if kind != "application/pdf" else "pdf"
    for kind, extensions in EXTENSIONS.items()
    for extension in extensions
}

_REFUSED_TYPES = {
    "web_page": ("text/html", "application/xhtml+xml", "message/rfc822", "multipart/related"),
    "drawing": ("image/svg+xml", "image/svg"),
    "markup": ("text/xml", "application/xml", "text/xsl"),
    "script": (
        "text/x-shellscript", "text/x-php", "text/x-perl", "text/x-python", "text/x-ruby", "text/x-msdos-batch",
        "text/javascript", "application/javascript", "application/x-javascript", "text/x-script.python",
    ),
    "program": (
        "application/x-dosexec", "application/x-executable", "application/x-pie-executable", "application/x-sharedlib",
        "application/x-mach-binary", "application/vnd.microsoft.portable-executable", "application/x-msdownload",
        "application/java-archive", "application/x-java-applet", "application/vnd.android.package-archive",
        "application/x-msi", "application/x-ms-shortcut", "application/x-elf", "application/x-object",
    ),
    "archive": (
        "application/zip", "application/gzip", "application/x-gzip", "application/x-rar", "application/x-tar",
        "application/x-7z-compressed", "application/x-bzip2", "application/x-xz", "application/zstd",
        "application/vnd.rar", "application/x-iso9660-image",
    ),
    "office": (
        "application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint", "application/x-ole-storage",
        "application/cdfv2", "application/vnd.ms-office", "text/rtf", "application/rtf",
    ),
}  # fmt: skip
_REFUSED_EXTENSIONS = {
    "web_page": ".html .htm .xhtml .mhtml .mht .shtml .eml",
    "drawing": ".svg .svgz",
    "markup": ".xml .xsl .xslt .xsd",
    "script": ".js .mjs .sh .bash .py .php .pl .rb .bat .cmd .ps1 .vbs .wsf .hta .jse",
    "program": ".exe .com .scr .msi .dll .jar .apk .app .dmg .deb .rpm .lnk .pif .cpl .iso",
    "archive": ".zip .rar .7z .gz .tgz .tar .bz2 .xz .zst",
    "office": ".doc .docx .docm .xls .xlsx .xlsm .ppt .pptx .pptm .odt .ods .odp .rtf .pages .numbers .key",
}
_REASONS = {kind: reason for reason, kinds in _REFUSED_TYPES.items() for kind in kinds} | {
    extension: reason for reason, extensions in _REFUSED_EXTENSIONS.items() for extension in extensions.split()
}

MESSAGES = {
    "empty": gettext_noop("The file %(name)s is empty. Check that it has finished saving and attach it again."),
    "too_large": gettext_noop(
        "The file %(name)s has %(size)s MB; one file may have at most %(limit)s MB. Send a smaller or shorter one."
    ),
    "text_too_large": gettext_noop(
        "The text in %(name)s is longer than %(limit)s MB. Cut out the part that shows the problem and attach that."
    ),
    "too_many_files": gettext_noop(
        "You attached %(count)s files; a message may have at most %(limit)s. Send the others in a second message."
    ),
    "message_too_large": gettext_noop(
        "Your files have %(size)s MB together; a message may have at most %(limit)s MB. Send some in a second message."
    ),
    "left_out": gettext_noop(
        "The file %(name)s was left out; what you wrote is still here. One file may have at most %(limit)s MB, and "
        "files sent at once at most %(together)s MB together. Send a smaller one, or send it alone."
    ),
    "too_many_pixels": gettext_noop(
        "The picture %(name)s has %(width)s × %(height)s pixels; at most 40 million are taken. Make it smaller."
    ),
    "damaged_picture": gettext_noop(
        "The picture %(name)s is damaged and cannot be read. Open it, save it again as PNG or JPEG and attach that."
    ),
    "busy": gettext_noop("Nothing was lost. Wait a minute, go back in your browser and try again."),
    "phone_picture": gettext_noop(
        "The picture %(name)s is in the HEIC format, which we cannot read. Save it as JPEG, or take a screenshot of it."
    ),
    "active_pdf": gettext_noop(
        "The PDF %(name)s holds a script, a program or another file. Print it to a new PDF and attach that one."
    ),
    "wrong_extension": gettext_noop(
        "The file %(name)s is not what its name says: its content is %(kind)s. Attach the file that you meant, with "
        "the name that fits it."
    ),
    "not_unicode": gettext_noop(
        "The text in %(name)s is not in UTF-8 and cannot be read. Save it as UTF-8, or paste the text in your message."
    ),
    "not_json": gettext_noop(
        "The recording %(name)s is not complete JSON, so we cannot take your session out of it. Export it again."
    ),
    "web_page": gettext_noop(
        "The file %(name)s is a web page or a mail, which can hold scripts. Attach a screenshot or a PDF of it."
    ),
    "drawing": gettext_noop("The file %(name)s is an SVG drawing, which can hold scripts. Save it as PNG."),
    "markup": gettext_noop("The file %(name)s holds XML, which we do not take. Save what we need as text or CSV."),
    "script": gettext_noop("The file %(name)s is a script, which we do not take. Save the part we need as .txt."),
    "program": gettext_noop(
        "The file %(name)s is a program, and programs are not taken. Tell us in words what we should look at."
    ),
    "archive": gettext_noop("The file %(name)s is an archive, which we do not open. Attach the files in it singly."),
    "office": gettext_noop("The file %(name)s is an Office document, which can hold macros. Export it as PDF or CSV."),
    "unknown_type": gettext_noop(
        "The file %(name)s is of a type that we do not take. Attach a PNG, JPEG, GIF or WebP picture, a PDF, a text, "
        "CSV, JSON or HAR file, or an MP4, WebM or QuickTime video."
    ),
}


class AttachmentRejected(errors.AttachmentRejected):
    """A file that we cannot take. `message` is a sentence for the person who sent it; `code` is a key of MESSAGES."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message, "files")
        self.code = code
        self.message = message


class AttachmentBusy(AttachmentRejected):
    """A file that cannot be looked into now, and may be in a minute."""


@dataclass(frozen=True)
class Examined:
    """A file that may be stored. `width` and `height` are pixels, 0 for what is no picture."""

    name: str
    content_type: str
    data: bytes
    width: int = 0
    height: int = 0
    text_findings: tuple[guard.Finding, ...] = ()  # positions in the text of the file that was given
    blanked: int = 0  # values of sessions that were taken out of a HAR file
    is_encrypted: bool = False  # a PDF whose content nobody has looked into


def check_message(sizes: Sequence[int]) -> None:
    """Raises AttachmentRejected where the files of one message, in bytes, are too many or too large together."""
    if len(sizes) > MOST_FILES:
        raise _rejected("too_many_files", "", count=len(sizes), limit=MOST_FILES)
    if sum(sizes) > LARGEST_MESSAGE:
        limit = LARGEST_MESSAGE // MEGABYTE
        raise _rejected("message_too_large", "", size=-(-sum(sizes) // MEGABYTE), limit=limit)


def unread(names: Sequence[str], together: int) -> list[AttachmentRejected]:
    """Why files were left out of a form whose files have more than `together` bytes; a few stand for many."""
    limits = {"limit": LARGEST_FILE // MEGABYTE, "together": together // MEGABYTE}
    return [_rejected("left_out", safe_name(name), **limits) for name in names[: 2 * MOST_FILES]]


def examine(name: str, data: bytes, declared: str = "") -> Examined:
    """Check and clean one file. `declared` is the type that the sender's program named; it can only speak against a
    file. Raises AttachmentRejected, and nothing else, for what we do not take."""
    shown = safe_name(name)
    if not data:
        raise _rejected("empty", shown)
    if len(data) > LARGEST_FILE:
        raise _rejected("too_large", shown, size=-(-len(data) // MEGABYTE), limit=LARGEST_FILE // MEGABYTE)
    kind = _kind(data)
    _refuse(shown, kind, declared)
    return _examined(shown, kind, data)


def _examined(name: str, kind: str, data: bytes) -> Examined:
    if kind in PICTURES or kind in PHONE_PICTURES:
        return _picture(name, kind, data)
    if kind == "application/pdf":
        return _pdf(name, data)
    if kind in VIDEOS:
        kind = "video/mp4" if kind == "video/x-m4v" else kind
        return Examined(_fitting(name, kind), kind, data)
    if kind in TEXTS or kind.startswith("text/"):
        return _text(name, data)
    raise _rejected("unknown_type", name)


def _rejected(code: str, name: str, **values: object) -> AttachmentRejected:
    return AttachmentRejected(code, gettext(MESSAGES[code]) % {"name": name, **values})


# Types and names


def _kind(data: bytes) -> str:
    try:
        return str(magic.from_buffer(data[: 64 * 1024], mime=True)).lower()
    except magic.MagicException:
        return "application/octet-stream"


def _refuse(name: str, kind: str, declared: str) -> None:
    """Refuse what the content, the name or the sender's program calls a type that we do not take."""
    declared = declared.split(";")[0].strip().lower()
    reason = _reason(kind) or _REASONS.get(_extension(name))
    if reason is None and declared not in EXTENSIONS:
        reason = _reason(declared)
    if reason == "archive" and _REASONS.get(_extension(name)) == "office":
        reason = "office"  # which are archives inside
    if reason:
        raise _rejected(reason, name)


def _reason(kind: str) -> str | None:
    is_office = kind.startswith(("application/vnd.openxmlformats", "application/vnd.oasis.opendocument"))
    return "office" if is_office else _REASONS.get(kind)


def _fitting(name: str, kind: str) -> str:
    """The name with an extension of the type. Raises AttachmentRejected where it has one of another family."""
    extension = _extension(name)
    own = EXTENSIONS[kind]
    if _FAMILIES.get(extension, _FAMILIES[own[0]]) != _FAMILIES[own[0]]:
        raise _rejected("wrong_extension", name, kind=own[0][1:].upper())
    return safe_name(name, kind)


def _extension(name: str) -> str:
    """The extension in lower case with its dot; empty where there is none."""
    match = re.search(r"[^.](\.[A-Za-z0-9]{1,8})$", name)
    return match.group(1).lower() if match else ""


def safe_name(name: str, content_type: str = "") -> str:
    """The last part of a path without control and format characters, without secrets, at most LONGEST_NAME characters,
    never empty; with the extension of `content_type` if that is given."""
    plain = unicodedata.normalize("NFC", re.split(r"[/\\]", name[-4096:])[-1])
    plain = "".join(character for character in plain if unicodedata.category(character) not in _INVISIBLE)
    plain = re.sub(r'[<>:"|?*]', "_", " ".join(plain.split())).strip(". ")
    extension = _extension(plain)
    stem = plain[: len(plain) - len(extension)]
    fitting = EXTENSIONS.get(content_type, (extension,))
    if extension not in fitting:
        stem, extension = (stem if extension in _FAMILIES else plain), fitting[0]
    stem = guard.clean(stem, door="attachment name").text[: LONGEST_NAME - len(extension)].strip(". ")
    return (stem or "file") + extension


_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


# Pictures


def _picture(name: str, kind: str, data: bytes) -> Examined:
    """The first frame, upright, drawn anew: a GIF becomes a PNG, a picture of a phone a JPEG."""
    _fitting(name, kind if kind in EXTENSIONS else "image/heic")
    with _alone():
        image = _decoded(name, kind, data)
        is_large = image.width * image.height > MOST_PIXELS_OF_WEBP
        target = _target(kind, image, is_large=is_large)
        encoded = _encoded(image, PICTURES[target])
        if len(encoded) > LARGEST_FILE:
            target = "image/jpeg" if is_large else "image/webp"
            encoded = _encoded(image, PICTURES[target])
        return Examined(_fitting(name, target), target, encoded, image.width, image.height)


@contextmanager
def _alone() -> Iterator[None]:
    """Raises AttachmentBusy where others, or a decoder that never ends, take too long."""
    if not _ONE_AT_A_TIME.acquire(timeout=LONGEST_WAIT):
        raise AttachmentBusy("busy", gettext(MESSAGES["busy"]))
    try:
        yield
    finally:
        _ONE_AT_A_TIME.release()


def _target(kind: str, image: Image.Image, *, is_large: bool) -> str:
    """The type that a picture is drawn anew in."""
    if kind == "image/gif" or (kind == "image/webp" and is_large and image.mode == "RGBA"):
        return "image/png"
    return "image/jpeg" if kind not in PICTURES or (kind == "image/webp" and is_large) else kind


def _decoded(name: str, kind: str, data: bytes) -> Image.Image:
    if kind in PHONE_PICTURES and ".heic" not in Image.registered_extensions():
        raise _rejected("phone_picture", name)
    formats = [PICTURES[kind]] if kind in PICTURES else ["HEIF"]
    try:
        with Image.open(io.BytesIO(data), formats=formats) as image:
            if image.width * image.height <= MOST_PIXELS:
                return _plain(image)
            width, height = image.size
    except Exception as error:  # a decoder may stumble over hostile bytes in any way
        raise _rejected("damaged_picture", name) from error
    raise _rejected("too_many_pixels", name, width=width, height=height)


def _plain(image: Image.Image) -> Image.Image:
    """Upright, 8 bits per channel, without notes."""
    image.load()
    has_alpha = "A" in image.getbands() or "transparency" in image.info
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    mode = "RGBA" if has_alpha else "RGB"
    plain = image if image.mode == mode else image.convert(mode)
    plain.info = {}
    return plain


def _encoded(image: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    if form == "PNG":
        image.save(out, form)
    else:
        (_on_white(image) if form == "JPEG" else image).save(out, form, quality=90)
    return out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    """What was transparent becomes white: black would swallow dark letters."""
    if image.mode != "RGBA":
        return image if image.mode == "RGB" else image.convert("RGB")
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


# PDF


def _pdf(name: str, data: bytes) -> Examined:
    """A PDF as it is."""
    fitting, is_encrypted = _fitting(name, "application/pdf"), b"/Encrypt" in data
    try:
        if pdf.acts(data, is_encrypted=is_encrypted):
            raise _rejected("active_pdf", name)
    except pdf.Unreadable as error:
        raise _rejected("active_pdf", name) from error
    return Examined(fitting, "application/pdf", data, is_encrypted=is_encrypted)


# Texts

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")  # a log may hold tabs, page breaks and colours
_TEXT_TYPES = {".csv": "text/csv", ".json": "application/json", ".har": "application/json"}
_MOST_PARTS = 500_000  # of JSON, each of which takes sixty bytes and more of memory
_MARKUP = re.compile(r"\s*+(?:<!doctype html|<html|<head|<body|<script|<iframe|<svg|<\?xml|<\?php|#!)", re.IGNORECASE)


def _text(name: str, data: bytes) -> Examined:
    """Text, CSV, JSON or HAR, in UTF-8 and without the secrets that the guard knows."""
    text = _decoded_text(name, data)
    if not text:
        raise _rejected("empty", name)
    if _MARKUP.match(text):
        raise _rejected("script" if text.lstrip().startswith(("#!", "<?php")) else "web_page", name)
    kind = _TEXT_TYPES.get(_extension(name), "text/plain")
    fitting = _fitting(name, kind)
    text, blanked, is_json = _without_sessions(name, text, is_named=kind == "application/json")
    if len(text) > LARGEST_TEXT:
        raise _text_too_large(name)
    cleaned = (guard.clean_json if is_json else guard.clean)(text, door="attachment")
    return Examined(fitting, kind, cleaned.text.encode(), text_findings=cleaned.findings, blanked=blanked)


def _text_too_large(name: str) -> AttachmentRejected:
    return _rejected("text_too_large", name, limit=LARGEST_TEXT // MEGABYTE)


def _decoded_text(name: str, data: bytes) -> str:
    codec = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        raise _rejected("not_unicode", name) from error
    if _CONTROL.search(text):
        raise _rejected("unknown_type", name)
    return text


def _without_sessions(name: str, text: str, *, is_named: bool) -> tuple[str, int, bool]:
    """A text, the recording of a browser without its sessions, how many values those were, and whether it is JSON."""
    if not is_named and not text.lstrip().startswith("{"):
        return text, 0, False
    is_recording = '"startedDateTime"' in text
    if len(text) > LARGEST_TEXT and not (is_recording and text.count("{") + text.count("[") <= _MOST_PARTS):
        raise _text_too_large(name)
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        if _extension(name) == ".har" or is_recording:
            raise _rejected("not_json", name) from error
        return text, 0, False
    blanked = recordings.blank_sessions(content)
    return (_written(content) if blanked else text), blanked, True


def _written(content: Any) -> str:
    """On one line: to indent what is nested deeply takes hundreds of times the size. Half a surrogate pair, which no
    file can hold, becomes a question mark."""
    return json.dumps(content, ensure_ascii=False).encode(errors="replace").decode()
