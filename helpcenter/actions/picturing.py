"""Taking in pictures, and drawing anew what shows them."""

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from helpcenter.actions import publishing
from helpcenter.actions.access import require
from helpcenter.content import pictures
from helpcenter.models import Article, Picture, PictureFile, TranslationState


@transaction.atomic
def save_picture(name: str, language: str, data: bytes, *, by: Any) -> PictureFile:
    """Store the file of a picture in a language and show it where the name is used.

    Raises PermissionDenied, PictureRejected.
    """
    require(by, "helpcenter.change_picture")
    accepted = pictures.accept(data)
    picture, _ = Picture.objects.get_or_create(name=name)
    before = PictureFile.objects.filter(picture=picture, language=language).first()
    if before is not None and before.digest == accepted.digest:
        return before
    file = before or PictureFile(picture=picture, language=language)
    file.digest, file.extension = accepted.digest, accepted.extension
    file.width, file.height = accepted.width, accepted.height
    file.save()
    if not default_storage.exists(file.master):
        default_storage.save(file.master, ContentFile(accepted.data))
    _draw_again(name)
    return file


def _draw_again(name: str) -> None:
    """Published texts that name the picture get its new file."""
    states = TranslationState.objects.published().filter(published__body__contains=f"pictures/{name}")
    languages: dict[int, list[str]] = {}
    for pk, language in states.values_list("article_id", "language"):
        languages.setdefault(pk, []).append(language)
    for article in Article.objects.reading([]).filter(pk__in=languages):
        publishing.draw_again(article, languages[article.pk])
