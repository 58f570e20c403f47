"""The bell of the signed-in screens: what waits for a person, and the page with all of it."""

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from supportdesk.accounts import kinds, notices
from supportdesk.accounts.models import Notice, User
from supportdesk.accounts.notice_form import NoticeSettingsForm
from supportdesk.ui.pagination import page_number, paginate

PER_PAGE = 50


class BellSite(AdminSite):
    """An admin whose pages show the bell to whoever is signed in."""

    def get_urls(self) -> list[URLResolver | URLPattern]:
        guard = self.admin_view
        own: list[URLResolver | URLPattern] = [
            path("notices/", guard(self.notices), name="notices"),
            path("notices/bell/", guard(never_cache(self.bell)), name="notices_bell"),
            path("notices/settings/", guard(self.notice_settings), name="notice_settings"),
            path("notices/read/", guard(require_POST(self.read_all)), name="notices_read"),
            path("notices/<int:pk>/", guard(self.follow), name="notice"),
        ]
        return own + super().get_urls()

    def each_context(self, request: HttpRequest) -> dict[str, object]:
        context = super().each_context(request)
        if self.has_permission(request):
            context["bell"] = notices.bell_of(_person(request))
        return context

    def notices(self, request: HttpRequest) -> HttpResponse:
        """All notices of the person, a line for those that are told as one; those not read yet alone with
        `?unread=1`, those of one kind, thing by thing, with `?kind=`."""
        own, kind, only_unread = Notice.objects.filter(person=_person(request)), _kind(request), _only_unread(request)
        own = own.filter(kind=kind) if kind else own
        found = notices.in_lines(own.unread() if only_unread else own, () if kind else kinds.gathering())
        page = paginate(found, page_number(request), PER_PAGE)
        of_kind = f"kind={kind}&" if kind else ""
        context = {**self.each_context(request), "title": gettext("Notices"), "page": page, "kind": kind}
        context["lines"] = [notices.Line(notice, notice.in_line, is_alone=bool(kind)) for notice in page.items]
        context |= {"only_unread": only_unread, "kind_query": of_kind}
        context["page_query"] = f"{of_kind}unread=1&" if only_unread else of_kind
        return TemplateResponse(request, "accounts/notices.html", context)

    def bell(self, request: HttpRequest) -> HttpResponse:
        """What stands in the bell; 204 where it is as the window has it (`?since=` its version)."""
        bell = notices.bell_of(_person(request))
        if request.GET.get("since") == bell.version:
            return HttpResponse(status=204)
        return TemplateResponse(request, "accounts/bell_inside.html", {"bell": bell})

    def follow(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Go where a notice leads; it and its like are read then."""
        notice = get_object_or_404(Notice, pk=pk, person=_person(request))
        notices.mark_read(_person(request), link=notice.link)
        is_ours = url_has_allowed_host_and_scheme(notice.link, allowed_hosts=None)
        return HttpResponseRedirect(notice.link if is_ours else reverse("admin:notices"))

    def notice_settings(self, request: HttpRequest) -> HttpResponse:
        """How the person wants to hear of what, and when not."""
        form = NoticeSettingsForm(request.POST or None, person=_person(request))
        if request.method == "POST" and form.is_valid():
            form.keep()
            messages.success(request, gettext("Your choices are saved."))
            return HttpResponseRedirect(reverse("admin:notice_settings"))
        context = {**self.each_context(request), "title": gettext("How you hear of what waits"), "form": form}
        return TemplateResponse(request, "accounts/notice_settings.html", context)

    def read_all(self, request: HttpRequest) -> HttpResponse:
        count = notices.mark_read(_person(request), kind=request.POST.get("kind", ""))
        message = ngettext("%(count)d notice marked as read.", "%(count)d notices marked as read.", count)
        messages.success(request, message % {"count": count})
        return HttpResponseRedirect(reverse("admin:notices"))


def _only_unread(request: HttpRequest) -> bool:
    return request.GET.get("unread") == "1"


def _kind(request: HttpRequest) -> str:
    """The kind that is asked for; empty for none, and for one that is not known."""
    kind = request.GET.get("kind", "")
    return kind if kind in kinds.KINDS else ""


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - `admin_view` lets nobody else in
    return request.user
