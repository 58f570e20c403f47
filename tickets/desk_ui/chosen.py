"""Files of a form: what was chosen in it, and what came ahead of it and waits. A form that comes back with an error
keeps its files waiting, so that nobody sends them twice."""

from collections.abc import Callable, Iterable, Sequence

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from tickets import sealing
from tickets.actions import uploading
from tickets.attachments import LARGEST_FILE, MOST_FILES, AttachmentRejected, Examined, check_message, examine, unread
from tickets.errors import NotStored, TooMany
from tickets.models import Upload


class ChosenFiles:
    """`sent` came with the form; `ids` name files that wait under the name of one of `owners`. `faults` are sentences
    about files that were not taken, those `left_out` of a form that was too large among them; `is_missing`: a file
    that was sent ahead is not there any more."""

    def __init__(
        self, sent: Iterable[UploadedFile], ids: Sequence[str], owners: Sequence[str], left_out: Sequence[str] = ()
    ) -> None:
        self.faults = [str(one) for one in unread(left_out, settings.FILE_UPLOAD_MAX_MEMORY_SIZE)]
        wanted = list(dict.fromkeys(ids))[: 4 * MOST_FILES]
        self.waiting = uploading.waiting_of(owners, wanted)
        self.is_missing = len(self.waiting) < len(wanted)
        self.fresh = [file for one in sent if (file := self._examined(one))]
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
        """All of them, to be sent. One that cannot be read waits no longer: it would stop every further try."""
        files, broken = list(self.fresh), []
        for upload in self.waiting:
            try:
                files.append(uploading.read_upload(upload))
            except (FileNotFoundError, sealing.Broken):
                broken.append(upload)
        self.is_missing = self.is_missing or bool(broken)
        self.waiting = [upload for upload in self.waiting if upload not in broken]
        uploading.remove_uploads(broken)
        return files

    def keep_with(self, keep: Callable[[Examined], Upload]) -> None:
        """Have them wait for the next try; `keep` keeps one file, and may raise TooMany or NotStored."""
        for file in self.fresh:
            try:
                self.waiting.append(keep(file))
            except (TooMany, NotStored) as error:
                self.faults.append(str(error))
                break
        self.fresh = []

    def forget(self) -> None:
        """They have arrived."""
        uploading.remove_uploads(self.waiting)


def examined(sent: UploadedFile) -> Examined:
    """A file as it may be kept; no more of it is read than may be. Raises AttachmentRejected."""
    return examine(str(sent.name or ""), sent.read(LARGEST_FILE + 1), str(sent.content_type or ""))
