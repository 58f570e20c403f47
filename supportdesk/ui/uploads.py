"""How much of a posted form is taken in. Files stay in memory, up to a bound for all files of one request; whatever is
beyond it is read past, so that the words that came in the same request are never lost with a file that is too big."""

from collections.abc import Callable
from io import BytesIO
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

MEGABYTE = 1024 * 1024
LARGEST_FORM = 128 * MEGABYTE  # bytes of a request that are read at all; the server in front allows the same
_LEFT_OUT = "_files_left_out"
View = TypeVar("View", bound=Callable[..., Any])


def keeps_what_fits(view: View) -> View:
    """Marks a view that tells people which files were left out (`left_out`) and gives them back what they wrote.
    Elsewhere a form with too much in it is refused whole. Put it outermost."""
    view.keeps_what_fits = True  # type: ignore[attr-defined]
    return view


def left_out(request: HttpRequest) -> list[str]:
    """The names of the files of a posted form that were beyond the bound."""
    request.POST  # noqa: B018 reads the form
    return getattr(request, _LEFT_OUT, [])


class InMemoryUpTo(FileUploadHandler):
    """Keeps the files of a request in memory, `most` bytes of all together; a file that goes beyond is left out, and a
    smaller one after it may still fit. Raises RequestDataTooBig for a form that nobody should read to its end."""

    def __init__(
        self, request: HttpRequest | None = None, *, most: int | None = None, largest: int = LARGEST_FORM
    ) -> None:
        super().__init__(request)
        self.most = settings.FILE_UPLOAD_MAX_MEMORY_SIZE if most is None else most
        self.largest = largest
        self.kept = 0  # bytes of the files before this one

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        """Called by Django with the stream, META, the length, …"""
        # No more is read of a form that nobody would get back: its files, its words, and what stands between them.
        refused = self.most + (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) + MEGABYTE
        if args[2] > (self.largest if _is_told(self.request) else refused):
            raise RequestDataTooBig(f"A form of {args[2]} bytes is not read.")
        setattr(self.request, _LEFT_OUT, [])

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.data: bytearray | None = bytearray()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.data is None:
            return
        if self.kept + len(self.data) + len(raw_data) <= self.most:
            self.data += raw_data
        else:
            self.data = None
            getattr(self.request, _LEFT_OUT).append(self.file_name)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile | None:
        if self.data is None:
            return None
        self.kept += len(self.data)
        kind = (self.content_type, len(self.data), self.charset, self.content_type_extra)
        file, self.data = BytesIO(self.data), None
        return InMemoryUploadedFile(file, self.field_name, self.file_name, *kind)

    def upload_complete(self) -> None:
        if getattr(self.request, _LEFT_OUT) and not _is_told(self.request):
            raise RequestDataTooBig("The files of a form are too large together.")


def _is_told(request: HttpRequest | None) -> bool:
    match = getattr(request, "resolver_match", None)
    return bool(match and getattr(match.func, "keeps_what_fits", False))
