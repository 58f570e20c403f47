"""The API of the whole site, put together from what the apps offer."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path

from helpcenter.api import router as help_centre
from helpcenter.views import errors
from supportdesk.accounts.idempotency import KeyReused
from supportdesk.ui import problems
from supportdesk.ui.api import Api, door, not_found
from tickets.api import desk, market, trader
from tickets.attachments import AttachmentBusy, AttachmentRejected
from tickets.errors import (
    AlreadyDone,
    InvalidInput,
    NotStored,
    SecretFound,
    StaleTicket,
    TicketError,
    TooMany,
    TransitionNotAllowed,
)

PREFIX = "api/v1/"
KIND_OF_ERROR = {
    TransitionNotAllowed: "conflict",
    AlreadyDone: "conflict",
    StaleTicket: "stale",
    SecretFound: "secret-found",
    InvalidInput: "invalid",
    TooMany: "too-many-requests",
}

api = Api(
    title="Support desk",
    version="1",
    description="Requests of traders, the desk of the support team, and the help centre. See docs/api.md.",
)
api.add_router("help", help_centre, tags=["Help centre"])
api.add_router("desk", desk.router, tags=["Desk"])
api.add_router("signals", market.router, tags=["Signals"])
api.add_router("", trader.router, tags=["Requests"])


@api.exception_handler(TicketError)
def of_desk(request: HttpRequest, error: TicketError) -> HttpResponse:
    kind = KIND_OF_ERROR.get(type(error), "invalid")
    return problems.answer(kind, str(error), field=error.field)


@api.exception_handler(AttachmentRejected)
def of_file(request: HttpRequest, error: AttachmentRejected) -> HttpResponse:
    return problems.answer("invalid", error.message, field="files", code=error.code)


@api.exception_handler(AttachmentBusy)
def of_busy(request: HttpRequest, error: AttachmentBusy) -> HttpResponse:
    headers = {"Retry-After": "60"}
    return problems.answer("unavailable", error.message, field="files", code=error.code, headers=headers)


@api.exception_handler(NotStored)
def of_storage(request: HttpRequest, error: NotStored) -> HttpResponse:
    return problems.answer("unavailable", str(error), field="files", headers={"Retry-After": "60"})


@api.exception_handler(KeyReused)
def of_key(request: HttpRequest, error: KeyReused) -> HttpResponse:
    return problems.answer("key-reused", field="Idempotency-Key")


urlpatterns = [
    path(PREFIX, include((api.patterns, "api"))),
    re_path(r"^api(?:/|$)", door(not_found), name="api-absent"),
]


# What goes wrong before an address is found, or where nobody expected it


def bad_request(request: HttpRequest, exception: Exception) -> Any:
    return problems.answer("bad-request") if _is_api(request) else errors.bad_request(request, exception)


def server_error(request: HttpRequest) -> Any:
    return problems.answer("server-error") if _is_api(request) else errors.server_error(request)


def _is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")
