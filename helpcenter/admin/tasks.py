"""Tasks of the content team, and how often articles are looked at again."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from helpcenter.actions import upkeep
from helpcenter.admin.choosing import ChoosingAdmin
from helpcenter.admin.languages import language_choices
from helpcenter.admin.owners import owner_field
from helpcenter.admin.refusals import RefusingAdmin
from helpcenter.models import CheckInterval, ContentTask
from helpcenter.models.article import published_columns


class TaskForm(forms.ModelForm):
    language = forms.ChoiceField(
        label=_("Language"), choices=lambda: [("", _("All languages")), *language_choices()], required=False
    )
    owner = owner_field()

    class Meta:
        model = ContentTask
        fields = ("kind", "article", "language", "query", "note", "owner", "due_on")

    def clean(self) -> dict[str, Any]:
        """A task of a search is there once; one that says nothing is none."""
        data = super().clean() or {}
        if not any(data.get(name) for name in ("article", "query", "note")):
            raise forms.ValidationError(_("Name an article or a search, or say what is to be done."))
        own = {name: data.get(name, "") for name in ("kind", "language", "query")}
        if upkeep.same_task(ContentTask(pk=self.instance.pk, done_at=self.instance.done_at, **own)) is not None:
            raise forms.ValidationError(_("There is an open task of this kind for this search already."))
        return data


class WhoseFilter(admin.SimpleListFilter):
    title = _("owner")
    parameter_name = "whose"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("mine", _("mine")), ("nobody", _("nobody’s"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "mine":
            return queryset.filter(owner=request.user)
        return queryset.filter(owner__isnull=True) if self.value() == "nobody" else queryset


class StateFilter(admin.SimpleListFilter):
    """Open tasks, unless others are asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("overdue", _("overdue")), ("done", _("done")), ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        return [{**first, "display": _("open")}, *others]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "overdue":
            return queryset.overdue(timezone.now().date())
        if self.value() == "done":
            return queryset.filter(done_at__isnull=False)
        return queryset if self.value() == "all" else queryset.open()


@admin.register(ContentTask)
class ContentTaskAdmin(ChoosingAdmin, RefusingAdmin):
    form = TaskForm
    list_display = ("about", "kind", "language", "owner", "due_on", "is_late", "done_at")
    list_filter = (StateFilter, WhoseFilter, "kind", "language")
    search_fields = ("query", "note", "article__slug")
    autocomplete_fields = ("article",)
    list_per_page = 50
    show_full_result_count = False
    actions = ("finish_selected",)
    change_form_template = "admin/helpcenter/contenttask/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ContentTask]:
        unread = [f"article__{name}" for name in sorted(published_columns())]
        return ContentTask.objects.select_related("article", "owner").defer(*unread)

    @admin.display(description=_("task"))
    def about(self, task: ContentTask) -> str:
        return str(task.article or task.query or task.note[:80])

    @admin.display(description=_("overdue"), empty_value="")
    def is_late(self, task: ContentTask) -> str | None:
        if task.done_at is not None or task.due_on is None or task.due_on >= timezone.now().date():
            return None
        return gettext("overdue")

    def save_model(self, request: HttpRequest, obj: ContentTask, form: Any, change: bool) -> None:
        by: Any = request.user
        obj.created_by = obj.created_by if change else by
        upkeep.save_task(obj, by=by)  # the form says what is there already

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        task = context.get("original")
        is_open = task is not None and task.done_at is None and bool(task.query)
        context["is_open_search"] = is_open and self.has_change_permission(request, task)
        return super().render_change_form(request, context, *args, **kwargs)

    def response_change(self, request: HttpRequest, obj: ContentTask) -> HttpResponse:
        """The search becomes a question of readers where that was asked for; a refusal becomes an error of the form."""
        if "_ask" not in request.POST:
            return super().response_change(request, obj)
        by: Any = request.user
        revision = upkeep.add_question(obj, by=by)
        self.message_user(request, gettext("“%(query)s” is in the draft. Publish it.") % {"query": obj.query})
        address = reverse("admin:helpcenter_article_change", args=[revision.article_id])
        return HttpResponseRedirect(f"{address}?{urlencode({'language': revision.language})}")

    @admin.action(description=_("Done"), permissions=["view"])
    def finish_selected(self, request: HttpRequest, queryset: QuerySet[ContentTask]) -> None:
        count = 0
        for task in queryset.open():  # type: ignore[attr-defined]
            try:
                upkeep.finish(task, by=request.user)
                count += 1
            except PermissionDenied:
                message = gettext("“%(task)s” belongs to somebody else.") % {"task": task}
                self.message_user(request, message, messages.ERROR)
        message = ngettext("%(count)d task is done.", "%(count)d tasks are done.", count)
        self.message_user(request, message % {"count": count})


@admin.register(CheckInterval)
class CheckIntervalAdmin(admin.ModelAdmin):
    list_display = ("kind_or_all", "days")
    fields = ("kind", "days")

    @admin.display(description=_("kind"))
    def kind_or_all(self, row: CheckInterval) -> str:
        return row.get_kind_display() or gettext("All other kinds")
