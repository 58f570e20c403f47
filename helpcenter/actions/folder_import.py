"""A folder of Markdown into the help centre: each bad file is reported and left out, everything else goes in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext

from helpcenter.actions import categorising, checking, importing
from helpcenter.content import files, front_matter, markdown
from helpcenter.content.files import BadFile, Document
from helpcenter.content.folder import CATEGORIES, list_folder, read_text
from helpcenter.content.front_matter import AnnouncementFront, ArticleFront
from helpcenter.errors import ContentError
from helpcenter.models import Article
from supportdesk.ui.languages import content_languages

Front = TypeVar("Front", ArticleFront, AnnouncementFront)


@dataclass(frozen=True)
class Remark:
    """Something about a file; `line` counts from one, 0 where no line is to blame."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


@dataclass
class Report:
    """What became of a folder: numbers of texts, what was left out and why, what was changed on the way in."""

    imported: int = 0
    unchanged: int = 0
    published: int = 0
    announcements: int = 0
    errors: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Readable(Generic[Front]):
    """A document whose front matter is good."""

    document: Document
    front: Front
    path: Path


class FolderImport:
    """One import of one folder. `by` is the person who asked, None for the system; a `dry` one is rolled back."""

    def __init__(self, root: Path, *, by: Any = None, publish: bool = False, dry: bool = False) -> None:
        self.root, self.by, self.publish, self.dry = root, by, publish, dry
        self.languages = set(content_languages())
        self.report = Report()

    def run(self, on_progress: Callable[[int, int], None] = lambda done, total: None) -> Report:
        """Import everything that can be; `on_progress` hears how many texts of how many are done."""
        folder = list_folder(self.root, self.languages)
        self.report.ignored = [printable(name) for name in folder.ignored]
        self._import_categories()
        articles = self._read(folder.documents, files.ARTICLE_KEYS, front_matter.article)
        known = set(Article.objects.values_list("slug", flat=True)) | {item.front.slug for item in articles}
        stored = []
        for number, item in enumerate(articles, 1):
            stored += [item] if self._import_article(item, known) else []
            on_progress(number, len(articles))
        self._relate(stored)
        for news in self._read(folder.announcements, files.ANNOUNCEMENT_KEYS, front_matter.announcement):
            self._import_announcement(news)
        return self.report

    def _read(
        self, paths: list[Path], keys: dict[str, Any], check: Callable[[Document, Path, set[str]], Front]
    ) -> list[Readable[Front]]:
        """The documents that can be read, each slug once in a language; texts of the source language come before their
        translations, which are compared with them."""
        seen: dict[tuple[str, str], Path] = {}
        readable = []
        for path in paths:
            with self._reporting(path):
                document = files.parse(read_text(path, self.root), keys)
                front = check(document, path, self.languages)
                if earlier := seen.get((front.language, front.slug)):
                    message = gettext("The slug “%(slug)s” is already used by %(path)s.")
                    values = {"slug": front.slug, "path": earlier.relative_to(self.root)}
                    raise BadFile(message % values, document.lines.get("slug", 1))
                seen[front.language, front.slug] = path
                readable.append(Readable(document, front, path))
        said = {item.front.slug: item.front.source_language for item in readable if item.front.source_language}
        default = settings.LANGUAGE_CODE
        return sorted(readable, key=lambda item: item.front.language != said.get(item.front.slug, default))

    def _import_article(self, item: Readable[ArticleFront], known: set[str]) -> bool:
        """Store an article's text; whether that went well."""
        with self._reporting(item.path):
            imported = importing.import_document(
                item.document, item.front, item.path, by=self.by, publish=self.publish, dry=self.dry
            )
            self.report.imported += imported.is_new
            self.report.unchanged += not imported.is_new
            self.report.published += imported.was_published
            # Pictures were checked on the way in; here they all exist.
            drawn = markdown.ShownPicture({1: "picture"}, 1, 1)
            self._warn_about_text(item, known, lambda name: drawn)
            for problem in checking.problems_of(imported.article, imported.revision):
                self._warn(item.path, importing.line_in_file(item.document, problem.line), str(problem))
            for finding in imported.revision.findings.all() if imported.is_new else ():
                message = gettext("%(finding)s (recorded for review)") % {"finding": finding}
                self._warn(item.path, importing.line_in_file(item.document, max(finding.line, 1)), message)
            return True
        return False

    def _relate(self, stored: list[Readable[ArticleFront]]) -> None:
        paths = {(item.front.language, item.front.slug): item.path for item in stored}
        for front, slug in importing.relate([item.front for item in stored]):
            message = gettext("“%(slug)s” is named as related, but is no article.")
            self._warn(paths[front.language, front.slug], 1, message % {"slug": slug})

    def _warn_about_text(
        self, item: Readable[Any], known: set[str], pictures: markdown.Pictures = lambda name: None
    ) -> None:
        rendered = markdown.render(item.document.body, language=item.front.language, pictures=pictures)
        for warned in rendered.warnings:
            self._warn(item.path, importing.line_in_file(item.document, warned.line), warned.message)
        for slug in sorted(rendered.articles - known):
            self._warn(item.path, 1, gettext("The text links to “%(slug)s”, which is no article.") % {"slug": slug})

    def _import_categories(self) -> None:
        path = self.root / CATEGORIES
        if path.is_file() or path.is_symlink():
            with self._reporting(path):
                categorising.save_categories(categorising.read_categories(read_text(path, self.root)))

    def _import_announcement(self, item: Readable[AnnouncementFront]) -> None:
        with self._reporting(item.path):
            is_new = importing.import_announcement(item.document, item.front, by=self.by)
            self.report.announcements += is_new
            self.report.unchanged += not is_new
            self._warn_about_text(item, set(Article.objects.values_list("slug", flat=True)))

    @contextmanager
    def _reporting(self, path: Path) -> Iterator[None]:
        """What goes wrong with a file is reported, and the next one has its turn."""
        try:
            yield
        except BadFile as error:
            self._fail(path, error.line, str(error))
        except ContentError as error:
            self._fail(path, 1, str(error))
        except (OSError, DatabaseError) as error:
            self._fail(path, 0, gettext("The file could not be taken in: %(problem)s.") % {"problem": error})

    def _fail(self, path: Path, line: int, message: str) -> None:
        self.report.errors.append(self._remark(path, line, message))

    def _warn(self, path: Path, line: int, message: str) -> None:
        self.report.warnings.append(self._remark(path, line, message))

    def _remark(self, path: Path, line: int, message: str) -> Remark:
        return Remark(printable(str(path.relative_to(self.root))), line, printable(message))


def printable(text: str) -> str:
    """A text that can be written as UTF-8: names of files need not be."""
    return text.encode("utf-8", "backslashreplace").decode()
