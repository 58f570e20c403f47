"""Rows that were changed here and by a release: which of the two holds is chosen side by side."""

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from supportdesk.releases import kinds, settling, sides
from supportdesk.releases.models import ShippedRow
from supportdesk.ui.records import ReadOnlyAdmin

LIST = "admin:releases_shippedrow_changelist"


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            (name, str(kind.label)) for name, kind in kinds.known().items() if request.user.has_perm(kind.permission)
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ShippedRow]) -> QuerySet[ShippedRow]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(ShippedRow)
class ShippedRowAdmin(ReadOnlyAdmin):
    list_display = ("key", "kind_label")
    list_filter = (KindFilter,)
    search_fields = ("key",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ShippedRow]:
        return ShippedRow.objects.offered().visible_to(request.user)

    def get_urls(self) -> list[URLPattern]:
        choose = self.admin_site.admin_view(require_POST(self.choose))
        return [path("<int:pk>/choose/", choose, name="releases_shippedrow_choose"), *super().get_urls()]

    @admin.display(description=_("kind"), ordering="kind")
    def kind_label(self, row: ShippedRow) -> str:
        return str(row.described.label) if row.described else row.kind

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is None or row.described is None or not self.has_view_permission(request, row):
            return super().change_view(request, object_id, form_url, extra_context)
        with transaction.atomic():  # rows are locked while they are read
            mine = row.described.present().get(row.key, {})
        context = {
            **self.admin_site.each_context(request),
            "title": row.key,
            "opts": self.opts,
            "list_url": reverse(LIST),
            "media": self.media,
            "row": row,
            "is_here": bool(mine),
            "parts": sides.parts(row.described, mine, row.offered),
            "mark": settling.mark_of(row, mine),
        }
        return TemplateResponse(request, "admin/releases/shippedrow/compare.html", context)

    def choose(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the buttons below the comparison post. Raises PermissionDenied from the action."""
        row = ShippedRow.objects.visible_to(request.user).filter(pk=pk).first()
        if row is None:
            raise Http404
        act = settling.take_release if "take" in request.POST else settling.keep_own
        try:
            act(row, by=request.user, seen=request.POST.get("mark") or "nothing")
        except settling.CannotSettle as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, gettext("Done: %(row)s.") % {"row": row.key}, messages.SUCCESS)
        return HttpResponseRedirect(reverse(LIST))
