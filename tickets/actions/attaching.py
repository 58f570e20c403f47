"""Files of messages: written before the row that names them, gone again when that row does not come to be."""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from supportdesk.ui import written
from tickets import sealing
from tickets.actions.change import changing
from tickets.attachments import Examined
from tickets.enums import EventKind
from tickets.errors import AlreadyDone, NotStored
from tickets.identifiers import new_public_id
from tickets.models import Attachment, Message, PendingRequest, Ticket

logger = logging.getLogger(__name__)


@contextmanager
def stored(files: Sequence[Examined]) -> Iterator[list[Attachment]]:
    """Rows for examined files that lie sealed in the storage, not yet saved. When the block fails, the files go. Raises
    NotStored."""
    kept: list[Attachment] = []
    try:
        kept.extend(_store(file) for file in files)
        yield kept
    except BaseException:
        for attachment in kept:
            default_storage.delete(attachment.stored_as)
        raise


def _store(file: Examined) -> Attachment:
    public_id = new_public_id()
    stored_as = keep_sealed("tickets", public_id, file.data)
    return Attachment(
        public_id=public_id,
        name=file.name,
        content_type=file.content_type,
        size=len(file.data),
        width=file.width or None,
        height=file.height or None,
        digest=hashlib.sha256(file.data).hexdigest(),
        stored_as=stored_as,
    )


def keep_sealed(folder: str, public_id: str, data: bytes) -> str:
    """Write a file, sealed; where it lies in the storage. Raises NotStored, and leaves no half of it behind."""
    name = f"{folder}/{public_id[:2]}/{new_public_id()}"
    try:
        return default_storage.save(name, ContentFile(sealing.seal(data, public_id)))
    except OSError as error:
        logger.error("No file can be stored in MEDIA_PATH: %s", error)
        with suppress(OSError):
            default_storage.delete(name)
        told = gettext("Files cannot be stored at the moment. Send your message without them, or try again later.")
        raise NotStored(told, "attachments") from error


def attach(
    rows: list[Attachment],
    *,
    by: Any,
    ticket: Ticket | None = None,
    message: Message | None = None,
    pending: PendingRequest | None = None,
) -> None:
    """Keep the rows of `stored` beside what they were sent with."""
    for row in rows:
        row.ticket, row.message, row.pending, row.uploaded_by = ticket, message, pending, by
    written.insert(rows)


def hand_over(pending: PendingRequest, ticket: Ticket, message: Message) -> None:
    """Files of a request that became a ticket."""
    rows = pending.attachments.all()
    rows.update(pending=None, ticket=ticket, message=message, uploaded_by=ticket.requester)


def read(attachment: Attachment) -> bytes:
    """The file as it was examined. Raises FileNotFoundError, sealing.Broken."""
    with default_storage.open(attachment.stored_as) as file:
        return sealing.unseal(file.read(), attachment.public_id)


def remove_attachment(attachment: Attachment, *, by: Any) -> None:
    """Destroy a file; its name stays in the history. One that a colleague has just destroyed is left at that. Raises
    PermissionDenied, AlreadyDone where the reply that it lay beside has been taken back."""
    if attachment.ticket is None:
        raise Attachment.DoesNotExist
    with changing(attachment.ticket, by=by) as change:
        stored = Attachment.objects.filter(pk=attachment.pk).first()
        if stored is None:
            raise AlreadyDone(gettext("Some of your files are not here any more. Choose them again."), "file")
        if stored.removed_at is not None:
            return
        attachment.removed_at = timezone.now()
        attachment.save(update_fields=["removed_at"])
        change.record(EventKind.ATTACHMENT_REMOVED, message=attachment.message, attachment=attachment.public_id)
        transaction.on_commit(partial(default_storage.delete, attachment.stored_as))
