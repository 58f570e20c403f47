"""Addresses of a site on which something fails."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from supportdesk.urls import handler400, handler403, handler404, handler500
from supportdesk.urls import urlpatterns as real

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret-of-the-inside")


urlpatterns = [path("broken/", broken), *real]
