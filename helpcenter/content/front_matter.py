"""Front matter of an article and of an announcement: checked values out of a document."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext

from helpcenter.content import questions
from helpcenter.content.files import SLUG, BadFile, Document
from helpcenter.enums import AnnouncementKind, ArticleKind, Audience


@dataclass(frozen=True)
class ArticleFront:
    """`source_language` is None where the file does not say."""

    slug: str
    language: str
    title: str
    summary: str
    category: str
    kind: str
    audience: str
    source_language: str | None
    tags: tuple[str, ...]
    related: tuple[str, ...]
    is_promoted: bool
    outdated: tuple[str, ...]
    questions: tuple[str, ...] = ()


@dataclass(frozen=True)
class AnnouncementFront:
    """Times are UTC."""

    slug: str
    language: str
    title: str
    summary: str
    kind: str
    source_language: str | None
    published_at: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    is_band: bool


class Reader:
    """Reads checked values of one document; every refusal names the key's line."""

    def __init__(self, document: Document, path: Path, languages: set[str]) -> None:
        self.document, self.path, self.languages = document, path, languages

    def fail(self, key: str, message: str) -> BadFile:
        return BadFile(message, self.document.lines.get(key, 1))

    def text(self, key: str, longest: int, default: str | None = None) -> str:
        value = self.document.values.get(key, default)
        if value is None or (isinstance(value, str) and not value.strip() and default is None):
            raise self.fail(key, gettext("The front matter has no “%(key)s”.") % {"key": key})
        if not isinstance(value, str):
            raise self.fail(key, gettext("“%(key)s” has to be a text.") % {"key": key})
        if "\0" in value:
            raise self.fail(key, gettext("“%(key)s” holds a null character.") % {"key": key})
        if len(value) > longest:
            message = gettext("“%(key)s” has %(length)d characters; at most %(limit)d fit.")
            raise self.fail(key, message % {"key": key, "length": len(value), "limit": longest})
        return value.strip()

    def slug(self) -> str:
        slug = self.text("slug", 120, self.path.stem)
        if not SLUG.fullmatch(slug):
            message = gettext("The slug “%(slug)s” may hold letters a-z, digits, “-” and “_” only.")
            raise self.fail("slug", message % {"slug": slug})
        return slug

    def category(self) -> str:
        slug = self.text("category", 80)
        if not SLUG.fullmatch(slug):
            message = gettext("“%(value)s” cannot be in “%(key)s”.")
            raise self.fail("category", message % {"value": slug, "key": "category"})
        return slug

    def language(self) -> str:
        code = self.text("lang", 20, self.path.parent.name).lower()
        if code not in self.languages:
            raise self.fail("lang", gettext("The language “%(code)s” is not one of this site.") % {"code": code})
        if code != self.path.parent.name:
            message = gettext("The text says it is in “%(code)s” but lies in the folder “%(folder)s”.")
            raise self.fail("lang", message % {"code": code, "folder": self.path.parent.name})
        return code

    def source_language(self) -> str | None:
        if "source_lang" not in self.document.values:
            return None
        code = self.text("source_lang", 20).lower()
        if code not in self.languages:
            raise self.fail("source_lang", gettext("The language “%(code)s” is not one of this site.") % {"code": code})
        return code

    def choice(self, key: str, default: str, allowed: list[str]) -> str:
        value = self.text(key, 40, default)
        if value not in allowed:
            message = gettext("“%(value)s” is not a value of “%(key)s”; use one of %(allowed)s.")
            raise self.fail(key, message % {"value": value, "key": key, "allowed": ", ".join(allowed)})
        return value

    def sentences(self, key: str, most: int, longest: int) -> tuple[str, ...]:
        """A list of lines, each of at most `longest` characters."""
        value = self.document.values.get(key) or []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.fail(key, gettext("“%(key)s” has to be a list with one text on each line.") % {"key": key})
        lines = questions.tidied(value)
        if len(lines) > most:
            message = gettext("“%(key)s” has %(count)d lines; at most %(limit)d fit.")
            raise self.fail(key, message % {"key": key, "count": len(lines), "limit": most})
        for line in lines:
            if len(line) > longest or "\0" in line:
                message = gettext("“%(value)s …” cannot be in “%(key)s”: a line has at most %(limit)d characters.")
                raise self.fail(key, message % {"value": line[:40], "key": key, "limit": longest})
        return lines

    def words(self, key: str, check: Callable[[str], Any]) -> tuple[str, ...]:
        value = self.document.values.get(key) or []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.fail(key, gettext("“%(key)s” has to be a list such as [one, two].") % {"key": key})
        items = tuple(dict.fromkeys(value))
        for item in items:
            if not check(item) or "\0" in item:
                message = gettext("“%(value)s” cannot be in “%(key)s”.")
                raise self.fail(key, message % {"value": item[:60], "key": key})
        return items

    def yes_or_no(self, key: str) -> bool:
        value = self.document.values.get(key, False)
        if not isinstance(value, bool):
            raise self.fail(key, gettext("“%(key)s” has to be true or false.") % {"key": key})
        return value

    def moment(self, key: str) -> datetime | None:
        if key not in self.document.values:
            return None
        written = self.text(key, 40)
        try:
            moment = _in_utc(datetime.fromisoformat(written)) if len(written) > len("2026-11-25") else None
        except (ValueError, OverflowError):
            moment = None
        if moment is None or moment.year in (MINYEAR, MAXYEAR):  # whose ends have no day in every zone
            message = gettext("“%(key)s” has to be a moment in UTC such as 2026-11-25T02:00:00Z.")
            raise self.fail(key, message % {"key": key})
        return moment


def _in_utc(moment: datetime) -> datetime:
    """Raises OverflowError for what has no day there."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def article(document: Document, path: Path, languages: set[str]) -> ArticleFront:
    """Checked front matter of an article. Raises BadFile."""
    read = Reader(document, path, languages)
    return ArticleFront(
        slug=read.slug(),
        language=read.language(),
        title=read.text("title", 200),
        summary=read.text("summary", 300, ""),
        category=read.category(),
        kind=read.choice("type", ArticleKind.FAQ, ArticleKind.values),
        audience=read.choice("audience", Audience.PUBLIC, Audience.values),
        source_language=read.source_language(),
        tags=read.words("tags", lambda item: 0 < len(item) <= 60 and SLUG.fullmatch(item)),
        related=read.words("related", SLUG.fullmatch),
        is_promoted=read.yes_or_no("promoted"),
        outdated=read.words("outdated", lambda item: len(item) <= 100),
        questions=read.sentences("questions", questions.MOST, questions.LONGEST),
    )


def announcement(document: Document, path: Path, languages: set[str]) -> AnnouncementFront:
    """Checked front matter of an announcement. Raises BadFile."""
    read = Reader(document, path, languages)
    return AnnouncementFront(
        slug=read.slug(),
        language=read.language(),
        title=read.text("title", 200),
        summary=read.text("summary", 300, ""),
        kind=read.choice("kind", AnnouncementKind.ANNOUNCEMENT, AnnouncementKind.values),
        source_language=read.source_language(),
        published_at=read.moment("published_at"),
        starts_at=read.moment("starts_at"),
        ends_at=read.moment("ends_at"),
        is_band=read.yes_or_no("band"),
    )
