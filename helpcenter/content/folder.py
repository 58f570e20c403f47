"""Which files of a folder are documents, and their text. What is no ordinary file inside the folder is refused."""

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext

from helpcenter.content.files import BadFile

LARGEST_FILE = 2 * 1024 * 1024  # bytes; the longest document of the corpus has 80 kB
ANNOUNCEMENTS = "announcements"
CATEGORIES = "categories.yaml"
PICTURES = "pictures"

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{2,4})?")


@dataclass(frozen=True)
class Folder:
    """The documents of a folder by path, and what at its top is not read."""

    documents: list[Path]
    announcements: list[Path]
    ignored: list[str]


def list_folder(root: Path, languages: set[str]) -> Folder:
    """The files `<lang>/*.md` and `announcements/<lang>/*.md`; everything else at the top is listed as ignored."""
    documents: list[Path] = []
    announcements: list[Path] = []
    ignored: list[str] = []
    for entry in sorted(root.iterdir()):
        if entry.is_dir() and entry.name == ANNOUNCEMENTS:
            announcements += [path for folder in sorted(entry.iterdir()) if folder.is_dir() for path in _texts(folder)]
        elif entry.is_dir() and (entry.name in languages or _LANGUAGE.fullmatch(entry.name)) and any(_texts(entry)):
            documents += _texts(entry)
        elif entry.name != CATEGORIES and not _holds_pictures(entry, languages):
            ignored.append(entry.name)
    return Folder(documents, announcements, ignored)


def _texts(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.iterdir() if path.suffix == ".md")


def _holds_pictures(entry: Path, languages: set[str]) -> bool:
    """A language that has pictures alone, which the texts of others may show."""
    return entry.name in languages and (entry / PICTURES).is_dir()


def read_text(path: Path, root: Path) -> str:
    """The text of a file inside `root`. Raises BadFile for a link, a file outside, a huge one, and not UTF-8."""
    if is_linked(path, root):
        raise BadFile(gettext("The file is a symbolic link; links are not followed."))
    if not path.resolve().is_relative_to(root.resolve()):
        raise BadFile(gettext("The file lies outside the folder."))
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):
        raise BadFile(gettext("This is not an ordinary file."))
    if about.st_size > LARGEST_FILE:
        message = gettext("The file has %(size)d MB; at most 2 MB are taken.")
        raise BadFile(message % {"size": -(-about.st_size // 1048576)})
    data = path.read_bytes()
    try:
        return data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadFile(gettext("The text is not UTF-8."), line) from error


def is_linked(path: Path, root: Path) -> bool:
    """Whether a file, or a folder between it and the root, is a symbolic link."""
    return any(place.is_symlink() for place in (path, *path.parents) if place != root and place.is_relative_to(root))
