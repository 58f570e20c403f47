"""Files on their way out: never run, never guessed at, never kept by a cache, saved under a harmless name."""

from urllib.parse import quote

from django.http import HttpResponse

from tickets.actions import attaching
from tickets.models import Attachment


def answer(attachment: Attachment, *, is_preview: bool = False) -> HttpResponse:
    """The file for who was found to see it. Only a picture that we encoded ourselves is ever shown in place."""
    shown = is_preview and attachment.is_picture
    response = HttpResponse(attaching.read(attachment), content_type=attachment.content_type)
    kind = "inline" if shown else "attachment"
    response["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(attachment.name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store"
    return response
