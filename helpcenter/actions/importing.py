"""Articles from documents: what a file says becomes an article, a revision and, if wanted, a public text."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from helpcenter.actions import announcing, categorising, drafting, events, picturing, publishing
from helpcenter.actions.access import require
from helpcenter.content import markdown, pictures
from helpcenter.content.files import BadFile, Document
from helpcenter.content.folder import PICTURES, is_linked
from helpcenter.content.front_matter import AnnouncementFront, ArticleFront
from helpcenter.content.pictures import Accepted
from helpcenter.content.rendered import Reference
from helpcenter.content.targets import PICTURES as PREFIX
from helpcenter.content.targets import climbs_out, picture_name
from helpcenter.enums import EventKind
from helpcenter.errors import InvalidText, NotPublishable, PictureRejected
from helpcenter.models import (
    Announcement,
    Article,
    ArticleTag,
    PictureFile,
    RelatedArticle,
    Revision,
    Tag,
    TranslationState,
)
from supportdesk.ui.languages import content_languages


@dataclass(frozen=True)
class Imported:
    """What became of a document."""

    article: Article
    revision: Revision
    is_new: bool
    was_published: bool


@dataclass(frozen=True)
class Shown:
    """A picture that a document shows: checked, and the language that it belongs to."""

    name: str
    language: str
    accepted: Accepted


@transaction.atomic
def import_document(
    document: Document, front: ArticleFront, path: Path, *, by: Any, publish: bool, dry: bool = False
) -> Imported:
    """Store a document. Raises BadFile, and then nothing of it is stored; PermissionDenied.

    A `dry` import leaves the pictures out of the storage; the caller rolls the rest back.
    """
    require(by, "helpcenter.add_article")
    shown = list(_pictures(_references(document, depth=1), front, path))
    article = _article(front, by)
    files = [(picturing.record_picture(p.name, p.language, p.accepted, by=by), p.accepted) for p in shown]
    before = TranslationState.objects.filter(article=article, language=front.language).first()
    text = drafting.Text(
        front.title, document.body, front.summary, document.unknown, front.outdated, questions=front.questions
    )
    try:
        revision = drafting.save_revision(article, front.language, text, by=by, note=gettext("Imported from a file"))
    except InvalidText as error:
        raise BadFile(str(error), line_in_file(document, error.line)) from error
    is_new = before is None or before.latest_id != revision.pk
    wanted = publish and (before is None or before.published_id != revision.pk)
    if wanted:
        _publish(revision, document, by)
    for file, accepted in () if dry else files:
        picturing.keep(file, accepted)
    return Imported(article, revision, is_new, wanted)


def _publish(revision: Revision, document: Document, by: Any) -> None:
    try:
        publishing.publish(revision, by=by, despite_findings=True)
    except NotPublishable as error:
        raise BadFile(str(error), line_in_file(document, error.line)) from error


def import_announcement(document: Document, front: AnnouncementFront, *, by: Any) -> bool:
    """Store an announcement's text of a language; whether it is new. Raises BadFile, PermissionDenied."""
    _references(document, depth=2)
    announcement = Announcement.objects.filter(slug=front.slug).first()
    if announcement is None:
        announcement = Announcement(slug=front.slug, source_language=front.source_language or settings.LANGUAGE_CODE)
    if announcement.pk is None or front.language == announcement.source_language:
        announcement.kind, announcement.is_band = front.kind, front.is_band
        announcement.published_at = front.published_at
        announcement.starts_at, announcement.ends_at = front.starts_at, front.ends_at
    text = announcing.AnnouncementText(front.title, front.summary, document.body, document.unknown)
    before = announcement.updated_at
    try:
        return announcing.save_announcement(announcement, {front.language: text}, by=by).updated_at != before
    except (InvalidText, NotPublishable) as error:
        raise BadFile(str(error), line_in_file(document, error.line)) from error


def line_in_file(document: Document, line: int | None) -> int:
    """The line of a file that holds a line of its text, both counted from one; the first for none."""
    return document.body_line + line - 1 if line else 1


def relate(fronts: list[ArticleFront]) -> list[tuple[ArticleFront, str]]:
    """Write the related articles, once all articles are there; returns the (document, slug) pairs whose slug no article
    has."""
    articles = {article.slug: article for article in Article.objects.reading([])}
    unknown = []
    for front in fronts:
        article = articles.get(front.slug)
        if article is None or not _speaks_for(article, front):
            continue
        found = [articles[slug] for slug in front.related if slug in articles and slug != front.slug]
        unknown += [(front, slug) for slug in front.related if slug not in articles]
        _write_related(article, found)
    return unknown


def _write_related(article: Article, found: list[Article]) -> None:
    if [row.to_id for row in article.related_rows.all()] == [other.pk for other in found]:
        return
    article.related_rows.all().delete()
    RelatedArticle.objects.bulk_create(
        RelatedArticle(article=article, to=other, position=position) for position, other in enumerate(found)
    )


def _speaks_for(article: Article, front: ArticleFront) -> bool:
    """Only the file of the source language says what is the same in every language."""
    return front.language == article.source_language


def _article(front: ArticleFront, by: Any) -> Article:
    article = Article.objects.reading([]).filter(slug=front.slug).first()
    created = article is None
    if article is None:
        article = Article(slug=front.slug, source_language=front.source_language or settings.LANGUAGE_CODE)
    if created or _speaks_for(article, front):
        _describe(article, front, created=created, by=by)
    return article


def _describe(article: Article, front: ArticleFront, *, created: bool, by: Any) -> None:
    wanted = {
        "category": categorising.category_called(front.category),
        "kind": front.kind,
        "audience": front.audience,
        "is_promoted": front.is_promoted,
    }
    changed = {name for name, value in wanted.items() if created or getattr(article, name) != value}
    for name in changed:
        setattr(article, name, wanted[name])
    if created:
        article.save()
    elif changed:
        article.save(update_fields=changed)
        events.record(EventKind.CHANGED, by=by, article=article)
    _tag(article, front.tags)


def _tag(article: Article, slugs: tuple[str, ...]) -> None:
    if [row.tag.slug for row in article.tag_rows.select_related("tag")] == list(slugs):
        return
    article.tag_rows.all().delete()
    tags = [Tag.objects.get_or_create(slug=slug)[0] for slug in slugs]
    ArticleTag.objects.bulk_create(
        ArticleTag(article=article, tag=tag, position=position) for position, tag in enumerate(tags)
    )


def _references(document: Document, *, depth: int) -> list[tuple[int, Reference]]:
    """What a text links to and shows, with the lines in the file; a document lies `depth` folders below the root.

    Raises BadFile for an address that leads out of the folder.
    """
    found = [(line_in_file(document, reference.line), reference) for reference in markdown.references(document.body)]
    for line, reference in found:
        if climbs_out(reference.href, depth):
            message = gettext("The path “%(path)s” climbs out of the folder.")
            raise BadFile(message % {"path": reference.href[:120]}, line)
    return found


def _pictures(references: list[tuple[int, Reference]], front: ArticleFront, path: Path) -> Iterator[Shown]:
    """The pictures of a text that are in the folder. One that is nowhere is a reason to leave the document out."""
    seen = set()
    for line, reference in references:
        if not reference.is_picture or not reference.href.startswith(PREFIX):
            continue
        name = picture_name(reference.href)
        if not name:
            message = gettext("“%(path)s” is no name that a picture can have.")
            raise BadFile(message % {"path": reference.href[:120]}, line)
        if name not in seen and (file := _file(name, front, path, line)):
            yield Shown(name, file.parent.parent.name, _accepted(file, line))
        seen.add(name)


def _file(name: str, front: ArticleFront, path: Path, line: int) -> Path | None:
    """The file of a picture: of the text's language, of the source language, of any; None where it is stored."""
    root = path.parent.parent
    others = [code for code in sorted(content_languages()) if code != front.language]
    codes = dict.fromkeys([front.language, front.source_language or settings.LANGUAGE_CODE, *others])
    for file in (root / code / PICTURES / name for code in codes):
        if file.is_file() or file.is_symlink():
            if is_linked(file, root):
                raise BadFile(gettext("The picture “%(name)s” is behind a symbolic link.") % {"name": name[:80]}, line)
            return file
    if not PictureFile.objects.filter(picture__name=name).exists():
        message = gettext("The picture “%(name)s” is missing: put it into “%(folder)s”.")
        raise BadFile(message % {"name": name[:80], "folder": f"{front.language}/{PICTURES}"}, line)
    return None


def _accepted(file: Path, line: int) -> Accepted:
    try:
        pictures.refuse_size(file.stat().st_size)
        return pictures.accept(file.read_bytes())
    except PictureRejected as error:
        raise BadFile(f"{file.name[:80]}: {error}", line) from error
