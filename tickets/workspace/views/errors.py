"""What who works at the desk reads where something is not there, not allowed, or went wrong: with the way back."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from supportdesk.ui.wrong import Wrong
from tickets.access import Access
from tickets.workspace.doors import DeskRequest, language_of
from tickets.workspace.views.pages import page


def is_of_desk(request: HttpRequest) -> bool:
    return request.path_info.startswith(reverse("workspace:queue"))


def went_wrong(request: DeskRequest, wrong: Wrong) -> HttpResponse | None:
    """The page in the person's own language; None for whom the desk does not exist."""
    access = Access.of_staff(request.user)
    if not access.works:
        return None
    request.access = access
    with translation.override(language_of(access.user)):
        return page(request, "went_wrong", {"wrong": wrong}, wrong.status)


def broke(request: HttpRequest, wrong: Wrong) -> HttpResponse | None:
    """As `went_wrong`, without a question to the database: for whom the desk had let in already."""
    access = getattr(request, "access", None)
    if access is None:
        return None
    with translation.override(language_of(access.user)):
        return render(request, "tickets/workspace/broke.html", {"wrong": wrong}, status=wrong.status)
