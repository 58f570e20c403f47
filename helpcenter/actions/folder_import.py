"""A folder of Markdown into the help centre: each bad file is reported and left out, everything else goes in."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils.translation import gettext

from helpcenter.actions import announcing, categorising, importing
from helpcenter.content import files, front_matter, markdown
from helpcenter.content.files import BadFile, Document
from helpcenter.content.front_matter import ArticleFront
from helpcenter.errors import ContentError
from helpcenter.models import Announcement, Article
from supportdesk.ui.languages import content_languages


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


Readable = tuple[Document, ArticleFront, Path]


class FolderImport:
    """One import of one folder. `by` is the person who asked, None for the system."""

    def __init__(self, root: Path, *, by: Any = None, publish: bool = False) -> None:
        self.root, self.by, self.publish = root, by, publish
        self.languages = set(content_languages())
        self.report = Report()

    def run(self, on_progress: Callable[[int, int], None] = lambda done, total: None) -> Report:
        """Import everything that can be; `on_progress` hears how many texts of how many are done."""
        folder = files.list_folder(self.root, self.languages)
        self.report.ignored = folder.ignored
        self._import_categories()
        readable = self._sources_first(list(self._read(folder.documents)))
        known = set(Article.objects.values_list("slug", flat=True)) | {front.slug for _, front, _ in readable}
        for number, item in enumerate(readable, 1):
            self._import_article(*item, known=known)
            on_progress(number, len(readable))
        for front, slug in importing.relate([front for _, front, _ in readable]):
            message = gettext("“%(slug)s” is named as related, but is no article.")
            self._warn(self.root / front.language / f"{front.slug}.md", 1, message % {"slug": slug})
        for path in folder.announcements:
            self._import_announcement(path)
        return self.report

    def _read(self, paths: list[Path]) -> Iterator[Readable]:
        seen: dict[tuple[str, str], Path] = {}
        for path in paths:
            try:
                document = files.parse(files.read_text(path, self.root), files.ARTICLE_KEYS)
                front = front_matter.article(document, path, self.languages)
                if earlier := seen.get((front.language, front.slug)):
                    message = gettext("The slug “%(slug)s” is already used by %(path)s.")
                    values = {"slug": front.slug, "path": earlier.relative_to(self.root)}
                    raise BadFile(message % values, document.lines.get("slug", 1))
            except BadFile as error:
                self._fail(path, error)
                continue
            seen[front.language, front.slug] = path
            yield document, front, path

    @staticmethod
    def _sources_first(readable: list[Readable]) -> list[Readable]:
        """Texts of the source language before their translations, which are compared with them."""
        said = {front.slug: front.source_language for _, front, _ in readable if front.source_language}

        def is_translation(item: Readable) -> bool:
            return item[1].language != said.get(item[1].slug, settings.LANGUAGE_CODE)

        return sorted(readable, key=is_translation)

    def _import_article(self, document: Document, front: ArticleFront, path: Path, *, known: set[str]) -> None:
        try:
            imported = importing.import_document(document, front, path, by=self.by, publish=self.publish)
        except BadFile as error:
            self._fail(path, error)
            return
        except ContentError as error:
            self._fail(path, BadFile(str(error), 1))
            return
        self.report.imported += imported.is_new
        self.report.unchanged += not imported.is_new
        self.report.published += imported.was_published
        self._warn_about_text(document, front, path, known)
        for finding in imported.revision.findings.all() if imported.is_new else ():
            message = gettext("%(finding)s (recorded for review)") % {"finding": finding}
            self._warn(path, document.body_line + max(finding.line, 1) - 1, message)

    def _warn_about_text(self, document: Document, front: ArticleFront, path: Path, known: set[str]) -> None:
        # Pictures were checked on the way in; here they all exist.
        drawn = markdown.ShownPicture({1: "picture"}, 1, 1)
        rendered = markdown.render(document.body, language=front.language, pictures=lambda name: drawn)
        for warned in rendered.warnings:
            self._warn(path, document.body_line + warned.line - 1, warned.message)
        for slug in sorted(rendered.articles - known):
            self._warn(path, 1, gettext("The text links to “%(slug)s”, which is no article.") % {"slug": slug})

    def _import_categories(self) -> None:
        path = self.root / files.CATEGORIES
        if not path.is_file():
            return
        try:
            categorising.save_categories(yaml.safe_load(files.read_text(path, self.root)))
        except yaml.MarkedYAMLError as error:
            self._fail(path, BadFile(str(error.problem), error.problem_mark.line + 1 if error.problem_mark else 1))
        except BadFile as error:
            self._fail(path, error)

    def _import_announcement(self, path: Path) -> None:
        try:
            document = files.parse(files.read_text(path, self.root), files.ANNOUNCEMENT_KEYS)
            front = front_matter.announcement(document, path, self.languages)
            announcement = Announcement.objects.filter(slug=front.slug).first() or Announcement(slug=front.slug)
            if announcement.pk is None or front.language == announcement.source_language:
                announcement.kind, announcement.is_band = front.kind, front.is_band
                announcement.source_language = front.source_language or settings.LANGUAGE_CODE
                announcement.published_at = front.published_at
                announcement.starts_at, announcement.ends_at = front.starts_at, front.ends_at
            text = announcing.AnnouncementText(front.title, front.summary, document.body)
            announcing.save_announcement(announcement, {front.language: text}, by=self.by)
        except BadFile as error:
            self._fail(path, error)
        except ContentError as error:
            self._fail(path, BadFile(str(error), 1))
        else:
            self.report.announcements += 1

    def _fail(self, path: Path, error: BadFile) -> None:
        self.report.errors.append(Remark(str(path.relative_to(self.root)), error.line, str(error)))

    def _warn(self, path: Path, line: int, message: str) -> None:
        self.report.warnings.append(Remark(str(path.relative_to(self.root)), line, message))
