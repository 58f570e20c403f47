"""Files that come before their form: kept sealed for a day, claimed by the form of the same session, else forgotten."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext

from tickets import sealing
from tickets.attachments import Examined
from tickets.errors import TooMany
from tickets.identifiers import new_public_id
from tickets.models import Upload

MOST_WAITING = 15  # files of one session that wait for their form
MOST_WAITING_BYTES = 60 * 1024 * 1024


def keep_upload(file: Examined, *, owner: str) -> Upload:
    """Keep an examined file for the form that will claim it. Raises TooMany."""
    waiting = Upload.objects.filter(owner=owner)
    size = waiting.aggregate(size=Sum("size"))["size"] or 0
    if waiting.count() >= MOST_WAITING or size + len(file.data) > MOST_WAITING_BYTES:
        raise TooMany(gettext("Too many files wait to be sent. Remove some, or send the form first."), "attachments")
    public_id = new_public_id()
    stored_as = default_storage.save(
        f"uploads/{public_id[:2]}/{new_public_id()}", ContentFile(sealing.seal(file.data, public_id))
    )
    return Upload.objects.create(
        public_id=public_id,
        owner=owner,
        name=file.name,
        content_type=file.content_type,
        size=len(file.data),
        width=file.width or None,
        height=file.height or None,
        stored_as=stored_as,
    )


def read_upload(upload: Upload) -> Examined:
    """The file as it was examined. Raises FileNotFoundError, sealing.Broken."""
    with default_storage.open(upload.stored_as) as stored:
        data = sealing.unseal(stored.read(), upload.public_id)
    return Examined(upload.name, upload.content_type, data, upload.width or 0, upload.height or 0, ())


def remove_uploads(uploads: Sequence[Upload]) -> None:
    """Forget files that were claimed, or taken back."""
    names = [upload.stored_as for upload in uploads]
    Upload.objects.filter(pk__in=[upload.pk for upload in uploads]).delete()
    for name in names:
        transaction.on_commit(partial(default_storage.delete, name))


def forget_uploads(before: datetime) -> int:
    """Forget what no form has claimed since then; returns how many."""
    old = list(Upload.objects.filter(created_at__lt=before)[:500])
    remove_uploads(old)
    return len(old)
