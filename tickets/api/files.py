"""Files that come with a message, and their way out again."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import UploadedFile

from tickets import sealing
from tickets.access import Access
from tickets.attachments import Examined, check_message, examine
from tickets.desk_ui import downloads
from tickets.models import Attachment

AS_FILE = {
    "responses": {200: {"description": "The file", "content": {"application/octet-stream": {}}}}
}  # fmt: skip


def examined(files: Sequence[UploadedFile]) -> list[Examined]:
    """What was sent, checked and made harmless. Raises AttachmentRejected."""
    check_message([file.size or 0 for file in files])
    return [examine(file.name or "", file.read(), file.content_type or "") for file in files]


def fingerprint(files: Sequence[Examined]) -> str:
    """The same for the same files in the same order."""
    return " ".join(hashlib.sha256(file.data).hexdigest() for file in files)


def download(request: HttpRequest, public_id: str, access: Access) -> HttpResponse:
    """A file of a ticket that somebody sees. Raises Http404, also where its bytes are gone."""
    found: Any = Attachment.objects.visible_to(access).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    try:
        return downloads.answer(found)
    except (FileNotFoundError, sealing.Broken) as error:
        raise Http404 from error
