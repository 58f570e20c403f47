"""The address of an article in its form: proposed from the English title, and checked while it is typed."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext

from helpcenter.actions import addressing
from helpcenter.admin.choosing import is_key
from helpcenter.errors import InvalidText

SPOKEN = "en"  # the language whose titles make addresses


class SlugScreen(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        own = path("address/", self.admin_site.admin_view(self.address), name="helpcenter_article_address")
        return [own, *super().get_urls()]

    def address(self, request: HttpRequest) -> HttpResponse:
        """`?title=` proposes a free address; `?slug=` says what is wrong with an address or should be known. `article`
        is the article that it is for."""
        if not request.user.has_perm("helpcenter.add_article"):
            raise PermissionDenied
        key = request.GET.get("article", "")
        but = int(key) if is_key(key) else None
        slug = request.GET.get("slug", "")
        if not slug:
            return JsonResponse({"slug": addressing.propose_slug(request.GET.get("title", ""), but=but)})
        return JsonResponse(_told(slug, but))


def _told(slug: str, but: int | None) -> dict[str, Any]:
    try:
        addressing.refuse_slug(slug, but=but)
    except InvalidText as error:
        return {"message": str(error), "is_refused": True}
    return {"message": addressing.warning_of_slug(slug, but=but), "is_refused": False}


def slug_attributes(pk: int | None) -> dict[str, str]:
    """What the script of the field needs to know."""
    return {
        "data-address": reverse("admin:helpcenter_article_address"),
        "data-article": str(pk or ""),
        "data-spoken": SPOKEN,
        "dir": "ltr",
    }


def slug_of(typed: str, title: str, language: str, *, but: int | None) -> str:
    """The address of an article: as typed, else made from its English title. Raises InvalidText."""
    if typed:
        addressing.refuse_slug(typed, but=but)
        return typed
    return _proposed(addressing.propose_slug(title, but=but) if language == SPOKEN else "")


def slug_of_announcement(title: str, language: str) -> str:
    """The address that a new announcement gets of its English title. Raises InvalidText."""
    return _proposed(addressing.propose_announcement(title) if language == SPOKEN else "")


def _proposed(address: str) -> str:
    if not address:
        raise InvalidText(
            gettext("Type an address in English words, such as lost-2fa-device: readers see it in links.")
        )
    return address
