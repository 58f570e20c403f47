"""What machines read: how to search here, who to tell of a hole, where robots may go."""

from datetime import timedelta

from django.conf import settings
from django.contrib.sitemaps.views import sitemap as sitemap_view
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from helpcenter.sitemaps import SITEMAPS, parts
from helpcenter.views.page_cache import FRESH
from helpcenter.views.pages import absolute

SECURITY_TXT_DAYS = 180


@require_safe
@cache_control(public=True, max_age=3600)
def opensearch(request: HttpRequest) -> HttpResponse:
    kind = "application/opensearchdescription+xml"
    return render(request, "helpcenter/opensearch.xml", content_type=kind)


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """An admin that was moved out of the way is not named here, where everybody looks."""
    rows = ["User-agent: *", "Disallow: /*/search/", "Disallow: /*/suggest/", "Disallow: /admin/"]
    rows += ["", f"Sitemap: {absolute('/sitemap.xml')}", ""]
    return HttpResponse("\n".join(rows), content_type="text/plain")


@require_safe
@cache_control(public=True, max_age=3600)
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116."""
    expires = (timezone.now() + timedelta(days=SECURITY_TXT_DAYS)).strftime("%Y-%m-%dT00:00:00Z")
    rows = [f"Contact: {settings.SECURITY_CONTACT}", f"Expires: {expires}", "Preferred-Languages: en, zh"]
    rows += [f"Canonical: {absolute('/.well-known/security.txt')}", ""]
    return HttpResponse("\n".join(rows), content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest, section: str | None = None) -> HttpResponse:
    """The sitemap itself while it is small, an index of its parts when it is not. What is taken back leaves it as soon
    as it leaves the pages."""
    is_large = any(part().paginator.num_pages > 1 for part in SITEMAPS.values())
    if is_large and section is None and "p" not in request.GET:
        index = {"sitemaps": parts()}
        response: HttpResponse = render(request, "sitemap_index.xml", index, content_type="application/xml")
    else:
        response = sitemap_view(request, dict(SITEMAPS), section)
    response.headers["Cache-Control"] = FRESH
    return response
