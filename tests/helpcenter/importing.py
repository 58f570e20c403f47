"""What the tests of an import share: a folder that comes in, what its report says, and how much is stored."""

from pathlib import Path
from typing import Any

from helpcenter.actions.folder_import import FolderImport, Report
from helpcenter.models import (
    Announcement,
    Article,
    Category,
    ContentEvent,
    Finding,
    Picture,
    PictureFile,
    Revision,
    Tag,
    TranslationState,
)
from tests.helpcenter.samples import document, write_folder

FIVE = ["en", "zh-hans", "ja", "ko", "ar"]
MODELS = (Article, Revision, TranslationState, Category, Tag, Picture, PictureFile, Announcement, Finding, ContentEvent)


def run(folder: Path, files: dict[str, str | bytes], **options: Any) -> Report:
    """What came of an import of these files, which publishes unless told otherwise."""
    options = {"publish": True, **options}
    return FolderImport(write_folder(folder, files), **options).run()


def errors(report: Report) -> list[tuple[str, int]]:
    return [(error.file, error.line) for error in report.errors]


def warnings(report: Report) -> list[tuple[str, int]]:
    return [(warning.file, warning.line) for warning in report.warnings]


def counts() -> dict[str, int]:
    """How many rows there are of everything that an import could make."""
    return {model.__name__: model.objects.count() for model in MODELS}


NUL = "One.\n\nTwo\0three."
TREE = """- slug: trading
  name: {en: Trading, ja: 取引, ar: التداول}
  description: {en: How to trade.}
  children:
  - slug: orders
    name: {en: Orders}
  - slug: margin
- slug: account
"""


def news(body: str = "Text.", **front: str | None) -> str:
    """The document of an announcement."""
    return document(body, category=None, published_at="2026-11-16T10:00:00Z", **front)
