"""Files out to their owner, and files in ahead of their form."""

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from supportdesk.ui.uploads import keeps_what_fits, left_out
from tickets import sealing
from tickets.actions.uploading import keep_upload, remove_uploads
from tickets.attachments import AttachmentRejected, unread
from tickets.desk_ui import downloads
from tickets.desk_ui.chosen import examined
from tickets.errors import NotStored, TooMany
from tickets.portal import doors, limits
from tickets.portal.files import waiting_here
from tickets.portal.frame import private_page


@private_page("GET")
def download(request: HttpRequest, public_id: str) -> HttpResponse:
    attachment = doors.find_file(request, public_id)
    try:
        return downloads.answer(attachment, is_preview="preview" in request.GET)
    except (FileNotFoundError, sealing.Broken) as gone:
        raise Http404 from gone


@keeps_what_fits
@private_page("POST")
def uploads(request: HttpRequest) -> HttpResponse:
    """Take one file ahead of its form, or take one back (`remove`). Answers JSON: `{id, name, size}` or `{message}`."""
    remove = request.POST.get("remove", "")
    if remove:
        remove_uploads(waiting_here(request, [remove]))
        return JsonResponse({"ok": True})
    sent = request.FILES.get("file")
    if too_large := unread(left_out(request), settings.FILE_UPLOAD_MAX_MEMORY_SIZE):
        return JsonResponse({"message": str(too_large[0])}, status=400)
    if not isinstance(sent, UploadedFile):
        return JsonResponse({"message": ""}, status=400)
    try:
        limits.count(request, "upload")
        upload = keep_upload(examined(sent), owner=doors.uploader_of(request, make=True))
    except NotStored as refusal:
        return JsonResponse({"message": str(refusal)}, status=503)
    except (AttachmentRejected, TooMany) as refusal:
        return JsonResponse({"message": str(refusal)}, status=429 if isinstance(refusal, TooMany) else 400)
    return JsonResponse({"id": upload.public_id, "name": upload.name, "size": upload.size}, status=201)
