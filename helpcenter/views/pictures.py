"""Pictures of published texts, re-encoded to the widths that pages ask for."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from helpcenter.actions import picturing
from helpcenter.models import PictureFile


@require_safe
def picture(request: HttpRequest, digest: str, width: str) -> HttpResponse:
    """A width of a picture that a published public text shows; anything else does not exist."""
    file = PictureFile.objects.filter(digest=digest).shown_publicly().first()
    if file is None or int(width) not in file.widths:
        raise Http404
    response = HttpResponse(picturing.sized(file, int(width)), content_type="image/webp")
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
