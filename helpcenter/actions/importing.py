"""Articles from documents: what a file says becomes an article, a revision and, if wanted, a public text."""

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from helpcenter.actions import categorising, drafting, events, picturing, publishing
from helpcenter.actions.access import require
from helpcenter.content.files import BadFile, Document
from helpcenter.content.front_matter import ArticleFront
from helpcenter.enums import EventKind
from helpcenter.errors import InvalidText, PictureRejected
from helpcenter.models import Article, ArticleTag, PictureFile, RelatedArticle, Revision, Tag, TranslationState

_REFERENCE = re.compile(r"\]\(\s*<?([^)\s>]+)")


@dataclass(frozen=True)
class Imported:
    """What became of a document."""

    article: Article
    revision: Revision
    is_new: bool
    was_published: bool


@transaction.atomic
def import_document(document: Document, front: ArticleFront, path: Path, *, by: Any, publish: bool) -> Imported:
    """Store a document. Raises BadFile, and then nothing of it is stored; PermissionDenied."""
    require(by, "helpcenter.add_article")
    _refuse_paths_outside(document, path)
    _store_pictures(document, path, front.language, by)
    article = _article(front)
    before = TranslationState.objects.filter(article=article, language=front.language).first()
    text = drafting.Text(front.title, document.body, front.summary, document.unknown, front.outdated)
    try:
        revision = drafting.save_revision(article, front.language, text, by=by, note=gettext("Imported from a file"))
    except InvalidText as error:
        line = document.body_line + error.line - 1 if error.line else 1
        raise BadFile(str(error), line) from error
    is_new = before is None or before.latest_id != revision.pk
    wanted = publish and (before is None or before.published_id != revision.pk)
    if wanted:
        publishing.publish(revision, by=by, despite_findings=True)
    return Imported(article, revision, is_new, wanted)


def relate(fronts: list[ArticleFront]) -> list[tuple[ArticleFront, str]]:
    """Write the related articles once all are there; returns those that name an article nobody knows."""
    articles = {article.slug: article for article in Article.objects.reading([])}
    unknown = []
    for front in fronts:
        article = articles.get(front.slug)
        if article is None or not _speaks_for(article, front):
            continue
        found = [articles[slug] for slug in front.related if slug in articles and slug != front.slug]
        unknown += [(front, slug) for slug in front.related if slug not in articles]
        if [row.to_id for row in article.related_rows.all()] != [other.pk for other in found]:
            article.related_rows.all().delete()
            RelatedArticle.objects.bulk_create(
                RelatedArticle(article=article, to=other, position=position) for position, other in enumerate(found)
            )
    return unknown


def _speaks_for(article: Article, front: ArticleFront) -> bool:
    """Only the file of the source language says what is the same in every language."""
    return front.language == article.source_language


def _article(front: ArticleFront) -> Article:
    article = Article.objects.reading([]).filter(slug=front.slug).first()
    if article is None:
        article = Article(slug=front.slug, source_language=front.source_language or front.language)
        created = True
    else:
        created = False
    if created or _speaks_for(article, front):
        _describe(article, front, created=created)
    return article


def _describe(article: Article, front: ArticleFront, *, created: bool) -> None:
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
        events.record(EventKind.CHANGED, by=None, article=article)
    _tag(article, front.tags)


def _tag(article: Article, slugs: tuple[str, ...]) -> None:
    if [row.tag.slug for row in article.tag_rows.select_related("tag")] == list(slugs):
        return
    article.tag_rows.all().delete()
    tags = [Tag.objects.get_or_create(slug=slug)[0] for slug in slugs]
    ArticleTag.objects.bulk_create(
        ArticleTag(article=article, tag=tag, position=position) for position, tag in enumerate(tags)
    )


def _references(document: Document) -> list[tuple[int, str]]:
    """The targets of links and pictures with their lines in the file."""
    return [
        (document.body_line + document.body.count("\n", 0, match.start()), match[1])
        for match in _REFERENCE.finditer(document.body)
    ]


def _refuse_paths_outside(document: Document, path: Path) -> None:
    for line, target in _references(document):
        if ":" in target or target.startswith(("/", "#")):
            continue
        depth = 1  # a document lies one folder below the root
        for part in PurePosixPath(target.split("#")[0]).parts:
            depth += -1 if part == ".." else 1
            if depth < 0:
                raise BadFile(gettext("The path “%(path)s” climbs out of the folder.") % {"path": target[:120]}, line)


def _store_pictures(document: Document, path: Path, language: str, by: Any) -> None:
    """Take in the pictures that the text shows; one that is nowhere is a reason to leave the document out."""
    for line, target in _references(document):
        if not target.startswith("pictures/"):
            continue
        name = target.removeprefix("pictures/")
        file = path.parent / "pictures" / name
        if file.is_symlink():
            raise BadFile(gettext("The picture “%(name)s” is a symbolic link.") % {"name": name[:80]}, line)
        if file.is_file():
            try:
                picturing.save_picture(name, language, file.read_bytes(), by=by)
            except PictureRejected as error:
                raise BadFile(f"{name[:80]}: {error}", line) from error
        elif not _exists_elsewhere(name, path):
            message = gettext("The picture “%(name)s” is missing: put it into “%(folder)s”.")
            raise BadFile(message % {"name": name[:80], "folder": f"{path.parent.name}/pictures"}, line)


def _exists_elsewhere(name: str, path: Path) -> bool:
    """Whether another language has the picture: in the folder, or stored already."""
    in_folder = any(path.parent.parent.glob(f"*/pictures/{name}")) if "/" not in name else False
    return in_folder or PictureFile.objects.filter(picture__name=name).exists()
