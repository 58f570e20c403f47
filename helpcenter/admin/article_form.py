"""The article form: details of the article, and the text of one language."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpcenter.actions import checking, drafting
from helpcenter.admin.choosing import Choice
from helpcenter.admin.editing import MarkdownEditor
from helpcenter.admin.languages import language_choices, mark_language
from helpcenter.admin.owners import owner_field
from helpcenter.admin.publishing_form import PublishingForm
from helpcenter.admin.refusals import see_again
from helpcenter.admin.slugs import slug_attributes, slug_of
from helpcenter.content import questions
from helpcenter.enums import ArticleKind
from helpcenter.errors import InvalidText
from helpcenter.models import Article, Revision, TranslationState
from supportdesk.ui import languages
from supportdesk.ui.languages import content_languages


class ArticleForm(PublishingForm, forms.ModelForm):
    """The article's details, and the text of the language that is being edited."""

    text_language = forms.ChoiceField(choices=language_choices, widget=forms.HiddenInput, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text_title = forms.CharField(label=_("Title"), max_length=drafting.LONGEST_TITLE)
    text_summary = forms.CharField(
        label=_("Summary"),
        max_length=drafting.LONGEST_SUMMARY,
        required=False,
        help_text=_("For lists and search results. Empty: the first sentence of the text."),
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
    )
    text_body = forms.CharField(
        label=_("Text (Markdown)"),
        required=False,
        strip=False,
        widget=MarkdownEditor,
    )
    text_questions = forms.CharField(
        label=_("Questions of readers"),
        required=False,
        help_text=_(
            "How people ask for this page, in their own words, one question on each line. "
            "The search finds the page by them; readers never see them."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
    )
    source_language = forms.ChoiceField(label=_("Source language"), choices=language_choices)
    owner = owner_field()

    class Media:
        js = ("ui/js/slug.js",)

    class Meta:
        model = Article
        fields = ("slug", "kind", "category", "audience", "source_language", "is_promoted", "owner", "review_by")

    conflict: Revision | None = None  # what somebody else saved while this was written

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mark_language(self, ("text_title", "text_summary", "text_body", "text_questions"))
        if "slug" in self.fields:  # not for those who may only translate
            field = self.fields["slug"]
            field.required, field.help_text = False, _("In every language the same. Empty: made of the English title.")
            field.widget.attrs.update(slug_attributes(self.instance.pk))

    def clean_text_body(self) -> str:
        return str(self.cleaned_data["text_body"]).replace("\r\n", "\n")

    def clean_text_questions(self) -> tuple[str, ...] | None:
        """One question a line; None where the field was not on the page."""
        if "text_questions" not in self.data:
            return None
        lines = questions.of_text(self.cleaned_data["text_questions"])
        try:
            drafting.refuse_questions(lines)
        except InvalidText as error:
            raise forms.ValidationError(str(error)) from error
        return lines

    def clean_slug(self) -> str:
        """An article that is there keeps its address where the field was emptied."""
        typed = str(self.cleaned_data["slug"] or self.instance.slug)
        title, language = self.data.get("text_title", ""), self.data.get("text_language", "")
        try:
            return slug_of(typed, title, language, but=self.instance.pk)
        except InvalidText as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        """Refuse what would overwrite a text that somebody else saved meanwhile; everything typed stays in the form."""
        data = super().clean() or {}
        if self.instance.pk and data.get("text_language"):
            latest = latest_revision(self.instance, data["text_language"])
            number = latest.number if latest else 0
            if number != (data.get("seen") or 0):
                self.conflict = latest
                see_again(self, str(number))
                raise forms.ValidationError(_newer(latest))
        if self.instance.pk and "kind" in self.changed_data and data.get("kind") == ArticleKind.TROUBLESHOOTER:
            self._refuse_other_texts()
        return data

    def _refuse_other_texts(self) -> None:
        """Public texts that are no troubleshooters cannot become some by a change of the kind alone."""
        states = TranslationState.objects.of(self.instance).published().select_related("published")
        for state in states:
            assert state.published is not None  # noqa: S101 - `published()` says so
            problems = checking.problems_as_troubleshooter(self.instance, state.published)
            refused = next((problem for problem in problems if problem.is_refused), None)
            if refused is not None:
                message = gettext("The public text in %(language)s is no troubleshooter: %(why)s")
                named = languages.language(state.language).name
                self.add_error("kind", message % {"language": named, "why": refused.placed})


def _newer(latest: Revision | None) -> str:
    who = latest.created_by if latest else None
    message = gettext(
        "%(who)s saved this text while you wrote. Your text is kept below. "
        "Compare both, then save again to put yours on top, or take theirs."
    )
    return message % {"who": who or gettext("Somebody")}


def latest_revision(article: Article, language: str) -> Revision | None:
    state = TranslationState.objects.of(article).filter(language=language).select_related("latest__created_by").first()
    return state.latest if state else None


class ArchiveForm(forms.Form):
    """Which article stands in for one that is retired."""

    def __init__(self, article: Article, site: admin.AdminSite, data: Any = None) -> None:
        super().__init__(data, initial={"successor": article.successor_id})
        link = Article._meta.get_field("successor")
        others = Article.objects.reading([]).filter(archived_at__isnull=True).exclude(pk=article.pk)
        self.fields["successor"] = forms.ModelChoiceField(
            others, required=False, label=capfirst(link.verbose_name), widget=Choice(link, site)
        )


class ArchivedFilter(admin.SimpleListFilter):
    title = _("archived")
    parameter_name = "archived"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", gettext("archived"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.exclude(archived_at__isnull=True) if self.value() == "yes" else queryset


class LanguageStateFilter(admin.SimpleListFilter):
    """Articles by where a language stands: `ja:missing`, `ja:outdated`, `ja:draft`."""

    title = _("translation")
    template = "admin/helpcenter/long_filter.html"
    parameter_name = "translation"
    words: ClassVar[dict[str, Promise]] = {
        "missing": _("%(language)s is missing"),
        "outdated": _("%(language)s is outdated"),
        "draft": _("%(language)s has a draft that is not public"),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            (f"{code}:{state}", str(word) % {"language": languages.language(code).name})
            for code in content_languages()
            for state, word in self.words.items()
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        language, _separator, state = (self.value() or "").partition(":")
        states = TranslationState.objects.filter(language=language)
        if state == "missing":
            return queryset.exclude(pk__in=states.published().values("article"))
        if state == "outdated":
            return queryset.filter(pk__in=states.outdated().values("article"))
        if state == "draft":
            return queryset.filter(pk__in=states.exclude(latest=F("published")).values("article"))
        return queryset
