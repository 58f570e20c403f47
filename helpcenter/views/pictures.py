"""Pictures of published texts, re-encoded to the widths that pages ask for."""

from contextlib import suppress

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from helpcenter.content import pictures
from helpcenter.models import PictureFile


@require_safe
def picture(request: HttpRequest, digest: str, width: str) -> HttpResponse:
    """A width of a picture that a published public text shows; anything else does not exist."""
    file = PictureFile.objects.filter(digest=digest).shown_publicly().first()
    if file is None or int(width) not in file.widths:
        raise Http404
    response = HttpResponse(_sized(file, int(width)), content_type="image/webp")
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _sized(file: PictureFile, width: int) -> bytes:
    """The stored width, made and kept at the first request; a full disk costs speed, not the picture."""
    name = file.sized(width)
    if default_storage.exists(name):
        with default_storage.open(name) as stored:
            return stored.read()
    data = pictures.resize(file.read_master(), width)
    with suppress(OSError):
        default_storage.save(name, ContentFile(data))
    return data
