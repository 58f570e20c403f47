"""A page of the admin with something that is never shown again. Kept by nothing: no message, no cookie, no cache."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse


def page(request: HttpRequest, site: AdminSite, *, title: str, advice: str, value: str, back: str) -> TemplateResponse:
    """`value` for copying, with what to do with it, and the way `back`."""
    shown: dict[str, Any] = {"title": title, "advice": advice, "value": value, "back": back}
    response = TemplateResponse(request, "admin/shown_once.html", {**site.each_context(request), **shown})
    response.headers["Cache-Control"] = "no-store"
    return response
