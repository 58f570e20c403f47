"""Files of a form of the portal: what was chosen in it, and what was sent ahead and waits in the session's store."""

from django.http import HttpRequest

from supportdesk.ui.uploads import left_out
from tickets.actions.uploading import keep_upload, waiting_of
from tickets.attachments import Examined
from tickets.desk_ui.chosen import ChosenFiles
from tickets.models import Upload
from tickets.portal import limits
from tickets.portal.doors import uploader_of

FIELD, WAITING = "attachments", "uploads"  # names in the form


class SentFiles(ChosenFiles):
    """The files of a posted form."""

    def __init__(self, request: HttpRequest) -> None:
        owners = [uploader_of(request)]
        super().__init__(request.FILES.getlist(FIELD), request.POST.getlist(WAITING), owners, left_out(request))

    def keep(self, request: HttpRequest) -> None:
        """Have them wait for the next try."""

        def keep(file: Examined) -> Upload:
            limits.count(request, "upload")
            return keep_upload(file, owner=uploader_of(request, make=True))

        self.keep_with(keep)


def waiting_here(request: HttpRequest, ids: list[str]) -> list[Upload]:
    """The files of this session that wait under these ids."""
    return waiting_of([uploader_of(request)], ids)
