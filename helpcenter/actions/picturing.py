"""Taking in pictures, and drawing anew what shows them."""

from typing import Any
from urllib.parse import quote

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from helpcenter.actions import publishing
from helpcenter.actions.access import require
from helpcenter.content import pictures
from helpcenter.content.pictures import Accepted
from helpcenter.models import Article, Picture, PictureFile, TranslationState

# How writers may have written a file name in an address.
SPELLINGS = (str, quote, lambda name: quote(name, safe="!'()*,;:@&=+$~"))


@transaction.atomic
def save_picture(name: str, language: str, data: bytes, *, by: Any) -> PictureFile:
    """Store the file of a picture in a language and show it where the name is used.

    Raises PermissionDenied, PictureRejected.
    """
    accepted = pictures.accept(data)
    file = record_picture(name, language, accepted, by=by)
    keep(file, accepted)
    return file


@transaction.atomic
def record_picture(name: str, language: str, accepted: Accepted, *, by: Any) -> PictureFile:
    """Note the file of a picture in a language, and draw what shows it; `keep` stores the file itself."""
    require(by, "helpcenter.change_picture")
    picture, _ = Picture.objects.get_or_create(name=name)
    before = PictureFile.objects.filter(picture=picture, language=language).first()
    if before is not None and before.digest == accepted.digest:
        return before
    file = before or PictureFile(picture=picture, language=language)
    file.digest, file.extension = accepted.digest, accepted.extension
    file.width, file.height = accepted.width, accepted.height
    file.save()
    _draw_again(file)
    return file


def keep(file: PictureFile, accepted: Accepted) -> None:
    """Put the bytes of a picture where its address looks for them. Raises OSError."""
    if not default_storage.exists(file.master):
        default_storage.save(file.master, ContentFile(accepted.data))


def _draw_again(file: PictureFile) -> None:
    """Published texts that show this very file get it; those that show that of another language stay as they are."""
    name = file.picture.name
    named = Q()
    for spell in SPELLINGS:
        named |= Q(published__body__contains=f"pictures/{spell(name)}")
    languages: dict[int, list[str]] = {}
    for pk, language, source in (
        TranslationState.objects.published()
        .filter(named)
        .values_list("article_id", "language", "article__source_language")
    ):
        if publishing.picture_file(name, (language, source)) == file:
            languages.setdefault(pk, []).append(language)
    for article in Article.objects.reading([]).filter(pk__in=languages):
        publishing.draw_again(article, languages[article.pk])
