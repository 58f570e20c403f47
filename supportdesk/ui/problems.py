"""What went wrong, for programs: problem details (RFC 9457) with a sentence for people in the active language."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CONTENT_TYPE = "application/problem+json"

# Kind -> status and title. Programs tell problems apart by the kind, so a kind that is there stays.
KINDS: dict[str, tuple[int, str | Promise]] = {
    "bad-request": (400, _("The request cannot be read.")),
    "unauthorized": (401, _("Say who you are.")),
    "forbidden": (403, _("You may not do this.")),
    "not-found": (404, _("This does not exist.")),
    "method-not-allowed": (405, _("This address does not take the method.")),
    "conflict": (409, _("This is not possible any more.")),
    "stale": (409, _("Something new came in meanwhile.")),
    "gone": (410, _("This is no longer here.")),
    "too-large": (413, _("The request is too large.")),
    "unsupported-type": (415, _("The body is of a type that is not taken.")),
    "invalid": (422, _("Something in the request does not fit.")),
    "secret-found": (422, _("The text cannot be sent as it is.")),
    "key-reused": (422, _("The key came with another request before.")),
    "too-many-requests": (429, _("Too many requests.")),
    "server-error": (500, _("Something went wrong on our side.")),
    "unavailable": (503, _("This cannot be done right now.")),
}


class Problem(Exception):
    """Raised by operations of the API; becomes the answer. `field` names the part of the request that is to blame,
    `more` are further members of the answer."""

    def __init__(self, kind: str, detail: str = "", *, field: str = "", **more: Any) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.field, self.more = kind, detail, field, more


def answer(
    kind: str, detail: str = "", *, field: str = "", headers: Mapping[str, str] | None = None, **more: Any
) -> HttpResponse:
    """A problem as it is sent: type, title, status, detail, field."""
    status, title = KINDS[kind]
    body = {
        "type": f"urn:problem:{kind}",
        "title": str(title),
        "status": status,
        "detail": detail or str(title),
        "field": field or None,
        **more,
    }
    response = JsonResponse(body, status=status, content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False})
    response.headers["Cache-Control"] = "no-store"
    for name, value in (headers or {}).items():
        response.headers[name] = value
    return response


def kind_of(status: int) -> str:
    """The first kind with a status; for errors that know nothing but their number."""
    found = (kind for kind, (known, _title) in KINDS.items() if known == status)
    return next(found, "bad-request" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "server-error")
