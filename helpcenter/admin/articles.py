"""Articles: details that are the same in every language, and the text of one language beside its source."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from helpcenter import freshness
from helpcenter.actions import drafting, publishing
from helpcenter.admin.article_form import ArticleForm, LanguageStateFilter, latest_revision
from helpcenter.admin.languages import edited_language, tabs, with_language
from helpcenter.content import markdown
from helpcenter.enums import ArticleKind, Significance
from helpcenter.errors import ContentError, StaleDraft
from helpcenter.models import Article, ArticleTag, RelatedArticle, Revision, Tag, TranslationState
from supportdesk.ui import languages
from supportdesk.ui.languages import column, content_languages


class TagInline(admin.TabularInline):
    model = ArticleTag
    extra = 0
    autocomplete_fields = ("tag",)


class RelatedInline(admin.TabularInline):
    model = RelatedArticle
    fk_name = "article"
    extra = 0
    autocomplete_fields = ("to",)


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    search_fields = ("slug",)


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    form = ArticleForm
    change_form_template = "admin/helpcenter/article/change_form.html"
    inlines = (TagInline, RelatedInline)
    list_display = ("slug", "shown_title", "category", "kind", "audience", "languages_published", "is_promoted")
    list_filter = ("kind", "audience", ("category", admin.RelatedOnlyFieldListFilter), LanguageStateFilter)
    list_select_related = ("category",)
    list_per_page = 50
    search_fields = ("slug",)  # and titles: see get_search_fields
    autocomplete_fields = ("category",)
    actions = ("archive_selected", "restore_selected")
    fieldsets = (
        (_("Text"), {"fields": ("text_title", "text_summary", "text_body", "text_language", "seen")}),
        (_("This change"), {"fields": ("significance", "note")}),
        (_("Article"), {"fields": (("slug", "kind"), ("category", "audience"), ("source_language", "is_promoted"))}),
    )

    # Reading

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        return Article.objects.reading(["en"], "title", also=("category__slug", "category__name_en"))

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        return ["slug", *(column("title", code) for code in content_languages())]

    @admin.display(description=_("title"))
    def shown_title(self, article: Article) -> str:
        return article.published_text("title", "en")

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return False  # an article is archived, its revisions stay

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> tuple[str, ...]:
        """Who may only translate changes texts, not what the article is."""
        details = ("slug", "kind", "category", "audience", "source_language", "is_promoted")
        return () if request.user.has_perm("helpcenter.add_article") else details

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        language = edited_language(request, "en")
        return {"text_language": language, "source_language": language, "seen": 0, "kind": ArticleKind.FAQ}

    def get_form(self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if obj is None:
            return form
        language = edited_language(request, obj.source_language)
        latest = latest_revision(obj, language)
        values: dict[str, Any] = {"text_language": language, "seen": latest.number if latest else 0}
        if latest:
            values |= {"text_title": latest.title, "text_summary": latest.summary, "text_body": latest.body}

        class OneLanguage(form):  # type: ignore[valid-type,misc]
            def __init__(self, *args: Any, **options: Any) -> None:
                options["initial"] = {**values, **(options.get("initial") or {})}
                super().__init__(*args, **options)

        return OneLanguage

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: Any = False,
        change: Any = False,
        form_url: str = "",
        obj: Article | None = None,
    ) -> HttpResponse:
        context["may_publish"] = request.user.has_perm("helpcenter.publish_article")
        if obj is not None:
            context |= _editing(obj, edited_language(request, obj.source_language))
        return super().render_change_form(request, context, add, change, form_url, obj)

    # Changing

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        freshness.bump()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        self._save_text(request, form)

    def _save_text(self, request: HttpRequest, form: Any) -> None:
        data, article = form.cleaned_data, form.instance
        language = data["text_language"] or article.source_language
        latest = latest_revision(article, language)
        text = drafting.Text(
            data["text_title"], data["text_body"], data["text_summary"], latest.extra if latest else {}
        )
        options = {"by": request.user, "note": data["note"], "significance": Significance(data["significance"])}
        try:
            revision = drafting.save_revision(article, language, text, seen=data["seen"] or 0, **options)
        except StaleDraft:  # in the instant since the form was checked: both texts are kept, this one on top
            revision = drafting.save_revision(article, language, text, **options)
            self.message_user(
                request, gettext("Somebody saved at the same moment. Both texts are in the history."), messages.WARNING
            )
        if "_publish" in request.POST:
            self._publish(request, revision)

    def _publish(self, request: HttpRequest, revision: Revision) -> None:
        try:
            publishing.publish(revision, by=request.user)
        except ContentError as error:
            self.message_user(request, gettext("Saved, but not published: %(why)s") % {"why": error}, messages.ERROR)
        else:
            self.message_user(request, gettext("Published in %(language)s.") % _named(revision.language))

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        if "_publish" in request.POST or "_continue" in request.POST:
            language = edited_language(request, obj.source_language)
            return HttpResponseRedirect(
                with_language(reverse("admin:helpcenter_article_change", args=[obj.pk]), language)
            )
        return super().response_change(request, obj)

    @admin.action(description=_("Archive: readers are told that the article has been retired"), permissions=["publish"])
    def archive_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        for article in queryset:
            publishing.archive(article, by=request.user)

    @admin.action(description=_("Restore from the archive"), permissions=["publish"])
    def restore_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        for article in queryset:
            publishing.restore(article, by=request.user)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("helpcenter.publish_article")

    # Further screens

    def get_urls(self) -> list[URLPattern]:
        guard, name = self.admin_site.admin_view, "helpcenter_article"
        own = [
            path("<int:pk>/preview/<str:language>/", guard(self.preview), name=f"{name}_preview"),
            path("<int:pk>/unpublish/<str:language>/", guard(self.unpublish), name=f"{name}_unpublish"),
        ]
        return own + super().get_urls()

    def preview(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        """The newest text of a language, drawn by the real renderer."""
        article = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_view_permission(request, article):
            return HttpResponse(status=403)
        latest = latest_revision(article, language)
        if latest is None:
            return HttpResponse(status=404)
        with override(language):
            rendered = publishing.render_revision(article, latest)
            context = {"revision": latest, "language": languages.language(language), "warnings": rendered.warnings}
            context["html"] = markdown.localise(rendered.html, language)
            return TemplateResponse(request, "admin/helpcenter/article/preview.html", context).render()

    def unpublish(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        """Ask, then take the public text of a language back."""
        article = get_object_or_404(self.get_queryset(request), pk=pk)
        address = with_language(reverse("admin:helpcenter_article_change", args=[pk]), language)
        if request.method != "POST":
            context = {
                **self.admin_site.each_context(request),
                "article": article,
                "language": languages.language(language),
            }
            return TemplateResponse(request, "admin/helpcenter/article/unpublish.html", context)
        try:
            publishing.unpublish(article, language, by=request.user)
            self.message_user(request, gettext("No longer public in %(language)s.") % _named(language))
        except ContentError as error:
            self.message_user(request, str(error), messages.ERROR)
        return HttpResponseRedirect(address)


def _named(language: str) -> dict[str, str]:
    return {"language": languages.language(language).name}


def _editing(article: Article, language: str) -> dict[str, Any]:
    """What the form shows besides its fields: tabs, the source, findings, what is outdated."""
    states = {
        state.language: state for state in TranslationState.objects.of(article).select_related("latest", "published")
    }
    state = states.get(language)
    source = drafting.source_revision(article) if language != article.source_language else None
    latest = state.latest if state else None
    return {
        "tabs": tabs(language, lambda code: _standing(states.get(code), is_source=code == article.source_language)),
        "edited": languages.language(language),
        "state": state,
        "source": source,
        "source_language": languages.language(article.source_language),
        "outdated": state.outdated_parts if state else [],
        "findings": list(latest.findings.open()) if latest else [],
    }


def _standing(state: TranslationState | None, *, is_source: bool) -> tuple[str | Promise, str]:
    if state is None or state.latest_id is None:
        return ("–", "")
    if not state.is_published:
        return (_("draft"), "info")
    if state.outdated:
        return (_("outdated"), "warn")
    if state.has_draft:
        return (_("draft waits"), "info")
    return (_("source"), "ok") if is_source else ("✓", "ok")
