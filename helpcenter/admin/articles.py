"""Articles: details that are the same in every language, and the text of one language beside its source."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from helpcenter import freshness
from helpcenter.actions import addressing, checking, differing, drafting, editing_locks, events, publishing
from helpcenter.admin.article_form import ArchivedFilter, ArticleForm, LanguageStateFilter, latest_revision
from helpcenter.admin.article_rows import RelatedInline, TagInline
from helpcenter.admin.article_screens import ArticleScreens
from helpcenter.admin.article_tools import ArticleTools
from helpcenter.admin.choosing import ChoosingAdmin, read_already
from helpcenter.admin.configuration import FreshensPages
from helpcenter.admin.desk import DeskScreens, begun_for_task
from helpcenter.admin.editing import PicturingAdmin
from helpcenter.admin.exchanging import ExchangeScreen
from helpcenter.admin.feedback_figures import FeedbackFigures
from helpcenter.admin.history import HistoryScreen
from helpcenter.admin.languages import edited_language, filled_with, tabs, with_language
from helpcenter.admin.refusals import RefusingAdmin
from helpcenter.admin.reviewing import BUTTONS
from helpcenter.admin.slugs import SlugScreen
from helpcenter.admin.translating import TranslationScreen
from helpcenter.admin.walk_figures import WalkFigures
from helpcenter.admin.working_copies import WorkingCopies
from helpcenter.content import questions
from helpcenter.enums import STANDING_DISPLAY, ArticleKind, EventKind, Significance, Standing
from helpcenter.models import Article, Revision, Tag, TranslationState
from supportdesk.ui import languages
from supportdesk.ui.languages import column, content_languages

MOST_WARNINGS = 10
HIDDEN = ("text_language", "seen")
UNDER_REVIEW = (Standing.IN_REVIEW, Standing.CHANGES_ASKED, Standing.REJECTED)


@admin.register(Tag)
class TagAdmin(FreshensPages, admin.ModelAdmin):
    """Articles with a tag in common lead to one another."""

    search_fields = ("slug",)


@admin.register(Article)
class ArticleAdmin(
    PicturingAdmin,
    HistoryScreen,
    WorkingCopies,
    SlugScreen,
    ArticleScreens,
    ArticleTools,
    TranslationScreen,
    ExchangeScreen,
    DeskScreens,
    FeedbackFigures,
    WalkFigures,
    ChoosingAdmin,
    RefusingAdmin,
):
    form = ArticleForm
    change_form_template = "admin/helpcenter/article/change_form.html"
    change_list_template = "admin/helpcenter/article/change_list.html"
    inlines = (TagInline, RelatedInline)
    list_display = ("slug", "shown_title", "category", "audience", "languages_published")
    list_display_links = ("slug", "shown_title")
    list_filter = (
        "kind",
        "audience",
        ("category", admin.RelatedOnlyFieldListFilter),
        LanguageStateFilter,
        "is_promoted",
        ArchivedFilter,
    )
    list_select_related = ("category",)
    list_per_page = 50
    search_fields = ("slug",)  # and titles: see get_search_fields
    autocomplete_fields = ("category",)
    actions = ("give_out", "archive_selected", "restore_selected")
    fieldsets = (
        (_("Text"), {"fields": ("text_title", "text_summary", "text_body", "text_questions", *HIDDEN)}),
        (_("Article"), {"fields": (("slug", "kind"), ("category", "audience"), ("source_language", "is_promoted"))}),
        (_("Keeping it true"), {"fields": (("owner", "review_by"),)}),
    )

    # Reading

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        shown = _shown_languages()
        names = [column("category__name", code) for code in shown]
        rows = Article.objects.reading(shown, "title", also=("category__slug", *names))
        return self.looking_beside(request, rows.select_related("category"))

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        return ["slug", *(column("title", code) for code in content_languages())]

    @admin.display(description=_("title"))
    def shown_title(self, article: Article) -> str:
        titles = (article.published_text("title", code) for code in _shown_languages())
        title = next((title for title in titles if title), "")
        if article.archived_at is None:
            return title
        return format_html("{} <small>({})</small>", title, gettext("archived"))

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return False  # an article is archived, its revisions stay

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> tuple[str, ...]:
        """Who may only translate changes texts, not what the article is."""
        details = ArticleForm.Meta.fields
        return () if request.user.has_perm("helpcenter.add_article") else details

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """Who may only look gets the text from the template."""
        may_write = obj is None or self.has_change_permission(request, obj)
        return self.fieldsets if may_write else self.fieldsets[2:]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        language = edited_language(request, "en")
        own = {"text_language": language, "source_language": language, "seen": 0, "kind": ArticleKind.FAQ}
        return own | begun_for_task(request) | self.continued(request, None, language)

    def get_form(self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if obj is None:
            return form
        language = edited_language(request, obj.source_language)
        state = self.states_of(request, obj).get(language)
        latest = state.latest if state else None
        values: dict[str, Any] = {"text_language": language, "seen": latest.number if latest else 0}
        if latest:
            values |= {"text_title": latest.title, "text_summary": latest.summary, "text_body": latest.body}
            values["text_questions"] = questions.as_text(latest.questions)
        filled = filled_with(form, values | self.continued(request, obj, language))
        read_already(filled, "category", obj.category)
        return filled

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: Any = False,
        change: Any = False,
        form_url: str = "",
        obj: Article | None = None,
    ) -> HttpResponse:
        context["may_publish"] = self.has_publish_permission(request)
        language = edited_language(request, obj.source_language if obj else "en")
        if obj is not None:
            context |= _editing(obj, language, self.states_of(request, obj))
        state: TranslationState | None = context.get("state")
        latest = state.latest if state else None
        context["panel"] = self.panel_of(request, obj, language, state)
        context |= self.working_copy(request, obj, language, state, context["adminform"].form)
        if obj is not None:
            named = next((text.title for text in (latest, context.get("source")) if text and text.title), "")
            context["subtitle"] = named or obj.slug
        if obj is not None and not self.has_change_permission(request, obj):
            context["read"] = latest
        return super().render_change_form(request, context, add, change, form_url, obj)

    # Changing

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        if change and "slug" in form.changed_data:
            addressing.move_article(Article(pk=obj.pk), obj.slug, by=request.user)
        super().save_model(request, obj, form, change)
        freshness.bump()
        if change and set(form.changed_data) & set(ArticleForm.Meta.fields):
            events.record(EventKind.CHANGED, by=request.user, article=obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        self._save_text(request, form, is_new=not change)

    def _save_text(self, request: HttpRequest, form: Any, *, is_new: bool) -> None:
        data, article = form.cleaned_data, form.instance
        language = data["text_language"] or article.source_language
        latest = latest_revision(article, language)
        text = drafting.Text(
            data["text_title"],
            data["text_body"],
            data["text_summary"],
            latest.extra if latest else "",
            questions=data["text_questions"],
        )
        options = {"by": request.user, "note": data["note"], "significance": Significance(data["significance"])}
        if "_take_over" in request.POST:
            editing_locks.take_over(article, language, by=request.user)
        revision = drafting.save_revision(article, language, text, seen=data["seen"] or 0, **options)
        if language != article.source_language:
            differing.note(article, language)
        self.saved(request, article, language, is_new=is_new)
        self.lead_on(request, data, revision)
        if {"_continue", "_take_over"} & set(request.POST):
            self.message_user(request, gettext("Saved."))
        if "_publish" in request.POST:
            self.publish(request, data, revision)
        for problem in checking.problems_of(article, revision)[:MOST_WARNINGS]:
            self.message_user(request, problem.placed, messages.WARNING)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return self._staying(request, obj) or super().response_change(request, obj)

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        self.take_up_task(request, obj)
        return self._staying(request, obj) or super().response_add(request, obj, post_url_continue)

    def _staying(self, request: HttpRequest, article: Article) -> HttpResponse | None:
        """Every button but those that close the form leads back to it, in the language that was written."""
        if not {"_publish", "_continue", "_take_over", *BUTTONS} & set(request.POST):
            return None
        language = edited_language(request, article.source_language)
        return HttpResponseRedirect(
            with_language(reverse("admin:helpcenter_article_change", args=[article.pk]), language)
        )

    @admin.action(description=_("Archive: readers are told that the article has been retired"), permissions=["publish"])
    def archive_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        for article in queryset.filter(archived_at__isnull=True):
            publishing.archive(article, by=request.user)

    @admin.action(description=_("Restore from the archive"), permissions=["publish"])
    def restore_selected(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        for article in queryset.exclude(archived_at__isnull=True):
            publishing.restore(article, by=request.user)


def _shown_languages() -> list[str]:
    """The languages in which lists name things: that of the person, and English where a name is missing."""
    return list(dict.fromkeys(code for code in (get_language(), "en") if code in content_languages()))


def _editing(article: Article, language: str, states: dict[str, TranslationState]) -> dict[str, Any]:
    """What the form shows besides its fields: tabs, the source, findings, what is outdated."""
    state = states.get(language)
    latest = state.latest if state else None
    return {
        "tabs": tabs(language, lambda code: _standing(states.get(code), is_source=code == article.source_language)),
        "edited": languages.language(language),
        "public_path": article.path(language),
        "state": state,
        "source": _source(article, states) if language != article.source_language else None,
        "source_language": languages.language(article.source_language),
        "outdated": state.outdated_parts if state else [],
        "findings": list(latest.findings.open()) if latest and getattr(state, "has_findings", True) else [],
    }


def _source(article: Article, states: dict[str, TranslationState]) -> Revision | None:
    """The text that translators work from, as `drafting.source_revision` finds it."""
    state = states.get(article.source_language)
    if state is None:
        return None
    pk = state.ready_id or state.published_id or state.latest_id
    return state.latest if pk == state.latest_id or pk is None else Revision.objects.get(pk=pk)


def _standing(state: TranslationState | None, *, is_source: bool) -> tuple[str | Promise, str]:
    if state is None or state.latest_id is None:
        return ("–", "")
    if state.standing in UNDER_REVIEW:
        display = STANDING_DISPLAY[Standing(state.standing)]
        return (display.label, display.tone)
    return _unreviewed(state) or ((_("source"), "ok") if is_source else ("✓", "ok"))


def _unreviewed(state: TranslationState) -> tuple[str | Promise, str] | None:
    """What is to be said of a text that is in nobody's review; None where all is well."""
    words = (
        (state.differs, _("differs"), "bad"),
        (not state.is_published, _("draft"), "info"),
        (bool(state.outdated), _("outdated"), "warn"),
        (state.has_draft, _("draft waits"), "info"),
    )
    return next(((word, tone) for holds, word, tone in words if holds), None)
