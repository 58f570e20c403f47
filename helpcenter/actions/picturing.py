"""Taking in pictures, and drawing anew what shows them."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from functools import partial
from html import unescape
from itertools import count
from typing import Any
from urllib.parse import quote, unquote

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from helpcenter.actions import publishing
from helpcenter.actions.access import require
from helpcenter.content import pictures, snippets
from helpcenter.content.pictures import Accepted
from helpcenter.errors import PictureRejected
from helpcenter.models import Article, Picture, PictureFile, Revision, TranslationState, WorkingDraft

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
def add_picture(
    data: bytes, language: str, *, description: str, by: Any, given: str = "", name: str = ""
) -> PictureFile:
    """Take in a picture that somebody puts into a text of a language, under a name that no other picture has.

    The name is made of the description, or of the one that the file had (`given`). Who names the picture (`name`,
    without an ending) adds to the picture of that name the file of a language that it lacks.
    Raises PermissionDenied, PictureRejected.
    """
    require(by, "helpcenter.add_picture")
    accepted = pictures.accept(data)
    own = _named(name, language, accepted) if name else _unused(snippets.picture_stem(description, given), accepted)
    file = record_picture(own, language, accepted, by=by)
    keep(file, accepted)
    return file


def _named(name: str, language: str, accepted: Accepted) -> str:
    """The file name that somebody asks for. It is refused where it already shows another picture in this language:
    texts that show that one would change."""
    typed = snippets.without_ending(name)
    stem = snippets.picture_stem(typed)
    names = [f"{called}.{ending}" for called in (typed, stem) for ending in pictures.FORMATS.values()]
    of_this_name = PictureFile.objects.filter(picture__name__in=names).select_related("picture")
    for file in of_this_name.filter(language=language).exclude(digest=accepted.digest):
        message = gettext("There is another picture called “%(name)s” in this language. Choose another name.")
        raise PictureRejected(message % {"name": file.picture.name})
    other = of_this_name.first()
    return other.picture.name if other else f"{stem}.{accepted.extension}"


def _unused(stem: str, accepted: Accepted) -> str:
    """A free name for a picture. The very same picture keeps the name that it has."""
    for name in _names(stem, accepted.extension):
        picture, is_new = Picture.objects.get_or_create(name=name)
        if is_new or picture.files.filter(digest=accepted.digest).exists():
            return name
    raise AssertionError("there is always another number")


def _names(stem: str, extension: str) -> Iterator[str]:
    yield f"{stem}.{extension}"
    for number in count(2):
        yield f"{stem}-{number}.{extension}"


@transaction.atomic
def record_picture(name: str, language: str, accepted: Accepted, *, by: Any) -> PictureFile:
    """Note the file of a picture in a language, and draw what shows it; `keep` stores the file itself."""
    require(by, "helpcenter.change_picture")
    picture, _ = Picture.objects.get_or_create(name=name)
    before = PictureFile.objects.filter(picture=picture, language=language).first()
    if before is not None and before.digest == accepted.digest:
        before.sent_at = timezone.now()
        before.save(update_fields=["sent_at"])
        return before
    file = before or PictureFile(picture=picture, language=language)
    file.digest, file.extension = accepted.digest, accepted.extension
    file.width, file.height, file.sent_at = accepted.width, accepted.height, timezone.now()
    file.save()
    _draw_again(file)
    return file


def keep(file: PictureFile, accepted: Accepted) -> None:
    """Put the bytes of a picture where its address looks for them. Raises OSError."""
    if not default_storage.exists(file.master):
        default_storage.save(file.master, ContentFile(accepted.data))


def sized(file: PictureFile, width: int) -> bytes:
    """The WebP of a width, made and kept at the first request; a full disk costs speed, not the picture."""
    name = file.sized(width)
    if default_storage.exists(name):
        with default_storage.open(name) as stored:
            return stored.read()
    data = pictures.resize(file.read_master(), width)
    with suppress(OSError):
        default_storage.save(name, ContentFile(data))
    return data


@transaction.atomic
def forget_unused(before: datetime) -> int:
    """Forget pictures that were sent before a moment (UTC) and that no text names, neither a revision, however old, nor
    what somebody has typed and not saved; returns how many. Their files go once that is stored."""
    untouched = {picture.name: picture for picture in Picture.objects.untouched(before)}
    for body in _all_texts():
        if not untouched:
            break
        for name in _named_in(body, untouched):
            del untouched[name]
    for picture in untouched.values():
        files = list(picture.files.all())
        picture.delete()
        transaction.on_commit(partial(_drop, files))
    return len(untouched)


def _all_texts() -> Iterator[str]:
    yield from Revision.objects.order_by().values_list("body", flat=True).iterator()
    yield from WorkingDraft.objects.values_list("body", flat=True).iterator()


def _named_in(body: str, names: Iterable[str]) -> list[str]:
    """Those of these pictures that a text may name, however it spells them; in doubt a picture counts as named."""
    plain = unescape(unquote(body)).replace("\\", "")
    return [name for name in names if f"pictures/{name}" in plain or f"pictures/{name}" in body]


def _drop(files: Iterable[PictureFile]) -> None:
    """Remove the bytes of forgotten files, unless another picture is the very same."""
    for file in files:
        if not PictureFile.objects.filter(digest=file.digest).exists():
            for name in (file.master, *map(file.sized, file.widths)):
                default_storage.delete(name)


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
