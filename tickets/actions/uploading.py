"""Files that come before their form: kept sealed for a day, claimed by the form of the same session or draft, else
forgotten."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext

from tickets import sealing
from tickets.actions.attaching import keep_sealed
from tickets.attachments import Examined
from tickets.errors import TooMany
from tickets.identifiers import new_public_id
from tickets.models import Message, Upload

MOST_WAITING = 15  # files of one session, or draft, that wait for their form
MOST_WAITING_BYTES = 60 * 1024 * 1024


def draft_owner(ticket_id: int, author_id: int, *, is_note: bool) -> str:
    """Under which name files wait for what somebody has begun to write on a ticket. No session's name has a dot, and
    what was chosen for a note never waits under the name of a reply."""
    return f"{ticket_id}.{author_id}.{'note' if is_note else 'reply'}"


def waiting_of(owners: Sequence[str], ids: Sequence[str]) -> list[Upload]:
    """The files that wait under these ids for one of these owners, in the order of the ids."""
    names = [one.replace("\0", "")[:16] for one in ids]
    found = Upload.objects.filter(owner__in=[one for one in owners if one], public_id__in=names) if names else ()
    return sorted(found, key=lambda upload: names.index(upload.public_id))


def keep_upload(file: Examined, *, owner: str) -> Upload:
    """Keep an examined file for the form that will claim it. Raises TooMany, NotStored."""
    waiting = Upload.objects.filter(owner=owner)
    size = waiting.aggregate(size=Sum("size"))["size"] or 0
    if waiting.count() >= MOST_WAITING or size + len(file.data) > MOST_WAITING_BYTES:
        raise TooMany(gettext("Too many files wait to be sent. Remove some, or send the form first."), "attachments")
    public_id = new_public_id()
    stored_as = keep_sealed("uploads", public_id, file.data)
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


def wait_again(message: Message, *, owner: str) -> None:
    """Have the files of a message that is about to go wait under a name; they stay sealed where they lie."""
    for file in message.attachments.filter(removed_at=None):
        Upload.objects.create(
            public_id=file.public_id,
            owner=owner,
            name=file.name,
            content_type=file.content_type,
            size=file.size,
            width=file.width,
            height=file.height,
            stored_as=file.stored_as,
        )


def remove_uploads(uploads: Sequence[Upload]) -> None:
    """Forget files that were claimed, or taken back."""
    if not uploads:
        return
    names = [upload.stored_as for upload in uploads]
    Upload.objects.filter(pk__in=[upload.pk for upload in uploads]).delete()
    for name in names:
        transaction.on_commit(partial(default_storage.delete, name))


def forget_uploads(before: datetime) -> int:
    """Forget what no form has claimed since then; returns how many."""
    old = list(Upload.objects.filter(created_at__lt=before)[:500])
    remove_uploads(old)
    return len(old)
