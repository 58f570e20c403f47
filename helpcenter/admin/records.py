"""What happened and what readers said: to be read, not to be changed."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from helpcenter.actions import publishing
from helpcenter.enums import Stage
from helpcenter.errors import ContentError
from helpcenter.models import ContentEvent, Feedback, Finding, Revision, SearchLog
from helpcenter.models.article import published_columns
from supportdesk.ui.records import ReadOnlyAdmin


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    list_display = ("article", "language", "number", "title", "significance", "created_by", "created_at")
    list_filter = ("language", "significance")
    list_select_related = ("created_by",)
    search_fields = ("title", "article__slug")
    ordering = ("-created_at",)
    fields = (
        ("article", "language", "number"),
        ("created_by", "created_at"),
        ("significance", "note"),
        "title",
        "summary",
        "body",
        "questions",
        "based_on",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revision]:
        return Revision.objects.select_related("article", "created_by").defer(*_published_of("article"))


@admin.register(Feedback)
class FeedbackAdmin(ReadOnlyAdmin):
    list_display = ("article", "language", "helpful", "reason", "comment", "created_at")
    list_filter = ("helpful", "reason", "language")
    search_fields = ("comment", "article__slug")
    date_hierarchy = "created_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Feedback]:
        return Feedback.objects.select_related("article").defer(*_published_of("article"))


class NothingFoundFilter(admin.SimpleListFilter):
    title = _("result")
    parameter_name = "result"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("nothing", _("nothing found")), ("foreign", _("only in another language"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        stages = {"nothing": Stage.NOTHING, "foreign": Stage.OTHER_LANGUAGE}
        stage = stages.get(self.value() or "")
        return queryset.filter(stage=stage) if stage else queryset


@admin.register(SearchLog)
class SearchLogAdmin(ReadOnlyAdmin):
    list_display = ("query", "language", "hits", "stage", "clicked", "created_at")
    list_filter = (NothingFoundFilter, "language", "stage")
    search_fields = ("query",)
    date_hierarchy = "created_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[SearchLog]:
        return SearchLog.objects.select_related("clicked").defer(*_published_of("clicked"))


@admin.register(ContentEvent)
class ContentEventAdmin(ReadOnlyAdmin):
    list_display = ("at", "kind", "article", "announcement", "fact", "language", "by")
    list_filter = ("kind", "language")
    search_fields = ("article__slug", "announcement__slug")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ContentEvent]:
        related = ContentEvent.objects.select_related("article", "announcement", "fact__kind", "by")
        return related.only(
            "kind",
            "at",
            "language",
            "article__slug",
            "announcement__slug",
            "by__email",
            "by__name",
            "fact__subject",
            "fact__kind__slug",
        )


class FindingForm(forms.ModelForm):
    reason = forms.CharField(label=_("Why it may stay"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = Finding
        fields = ("reason",)


@admin.register(Finding)
class FindingAdmin(ReadOnlyAdmin):
    """Findings wait here for a second person."""

    form = FindingForm
    list_display = ("revision", "kind", "detail", "line", "accepted_by", "reason")
    list_filter = ("kind", ("accepted_at", admin.EmptyFieldListFilter))
    search_fields = ("detail", "revision__article__slug")
    readonly_fields = ("revision", "kind", "detail", "line", "accepted_by", "accepted_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Finding]:
        related = Finding.objects.select_related("revision__article", "accepted_by")
        return related.defer("revision__body", *_published_of("revision__article"))

    def has_change_permission(self, request: HttpRequest, obj: Finding | None = None) -> bool:
        is_open = obj is None or obj.accepted_at is None
        return is_open and request.user.has_perm("helpcenter.accept_finding")

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ContentError as error:  # nothing is stored: the view is one transaction
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Finding, form: Any, change: bool) -> None:
        publishing.accept_finding(obj, by=request.user, reason=form.cleaned_data["reason"])


def _published_of(path: str) -> list[str]:
    """Names of the published columns of a joined article, which no list needs."""
    return [f"{path}__{name}" for name in sorted(published_columns())]
