"""Files of a form: what was chosen in it, and what was sent ahead and waits in the session's store. A form that comes
back with an error keeps its files there, so that nobody sends them twice."""

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from supportdesk.ui.uploads import left_out
from tickets import sealing
from tickets.actions.uploading import keep_upload, read_upload, remove_uploads
from tickets.attachments import LARGEST_FILE, MOST_FILES, AttachmentRejected, Examined, check_message, examine, unread
from tickets.errors import TooMany
from tickets.models import Upload
from tickets.portal import limits
from tickets.portal.doors import uploader_of

FIELD, WAITING = "attachments", "uploads"  # names in the form


class SentFiles:
    """The files of a posted form. `faults` are sentences about files that were not taken; `is_missing`: a file that was
    sent ahead is not there any more."""

    def __init__(self, request: HttpRequest) -> None:
        self.faults = [str(one) for one in unread(left_out(request), settings.FILE_UPLOAD_MAX_MEMORY_SIZE)]
        wanted = list(dict.fromkeys(request.POST.getlist(WAITING)))[: 4 * MOST_FILES]
        self.waiting = waiting_of(request, wanted)
        self.is_missing = len(self.waiting) < len(wanted)
        self.fresh = [file for sent in request.FILES.getlist(FIELD) if (file := self._examined(sent))]
        self._refuse_too_much()

    def _examined(self, sent: UploadedFile) -> Examined | None:
        try:
            return examined(sent)
        except AttachmentRejected as rejected:
            self.faults.append(str(rejected))
            return None

    def _refuse_too_much(self) -> None:
        try:
            check_message([*(upload.size for upload in self.waiting), *(len(file.data) for file in self.fresh)])
        except AttachmentRejected as rejected:
            self.faults.append(str(rejected))

    @property
    def removed(self) -> set[str]:
        """Kinds of secrets that were taken out of these files."""
        return {str(getattr(found, "kind", found)) for file in self.fresh for found in file.text_findings}

    def read(self) -> list[Examined]:
        """All of them, to be sent."""
        files = list(self.fresh)
        for upload in self.waiting:
            try:
                files.append(read_upload(upload))
            except (FileNotFoundError, sealing.Broken):
                self.is_missing = True
        return files

    def keep(self, request: HttpRequest) -> None:
        """Have them wait for the next try."""
        for file in self.fresh:
            try:
                limits.count(request, "upload")
                self.waiting.append(keep_upload(file, owner=uploader_of(request, make=True)))
            except TooMany as error:
                self.faults.append(str(error))
                break
        self.fresh = []

    def forget(self) -> None:
        """They have arrived."""
        remove_uploads(self.waiting)


def examined(sent: UploadedFile) -> Examined:
    """A file as it may be kept; no more of it is read than may be. Raises AttachmentRejected."""
    return examine(str(sent.name or ""), sent.read(LARGEST_FILE + 1), str(sent.content_type or ""))


def waiting_of(request: HttpRequest, ids: list[str]) -> list[Upload]:
    """The files of this session that wait under these ids."""
    owner = uploader_of(request)
    if not owner or not ids:
        return []
    return list(Upload.objects.filter(owner=owner, public_id__in=[one.replace("\0", "")[:16] for one in ids]))
