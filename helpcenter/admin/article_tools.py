"""Screens over all articles: the calendar, links that lead nowhere, find and replace; and where one article is used."""

from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from helpcenter import calendar
from helpcenter.actions import linking, replacing
from helpcenter.admin.languages import language_choices
from helpcenter.calendar import Kind
from helpcenter.content.replacing import Search
from helpcenter.enums import Display, Significance
from helpcenter.errors import ContentError
from helpcenter.models import Announcement, Article, ArticleLink, ArticleUse, GlossaryTerm, PictureUse, RelatedArticle
from helpcenter.models.article import published_columns
from supportdesk.ui.languages import column, content_languages
from supportdesk.ui.pagination import page_number, paginate

ROWS = 100
DECEMBER = 12
MOST_SHOWN = 5  # occurrences of a text in a preview

ENTRY_DISPLAY = {
    Kind.PUBLISH: Display(_("is published"), "info"),
    Kind.UNPUBLISH: Display(_("is taken back"), "warn"),
    Kind.ANNOUNCED: Display(_("announcement is published"), "info"),
    Kind.BEGINS: Display(_("announced window begins")),
    Kind.ENDS: Display(_("announced window ends")),
    Kind.FACT: Display(_("fact has a new value"), "info"),
    Kind.FACTS: Display(_("new values"), "info"),
    Kind.CHECK: Display(_("is to be checked"), "warn"),
    Kind.TASK: Display(_("task is due"), "warn"),
}


class ReplaceForm(forms.Form):
    words = forms.CharField(label=_("Find"), max_length=200, strip=False)
    by = forms.CharField(label=_("Replace with"), max_length=200, strip=False, required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=language_choices, widget=forms.CheckboxSelectMultiple
    )
    is_case_kept = forms.BooleanField(label=_("Capitals and small letters differ"), required=False, initial=True)
    is_word = forms.BooleanField(label=_("Whole words only"), required=False)
    significance = forms.ChoiceField(
        label=_("How much does this change?"), choices=Significance.choices, initial=Significance.MINOR
    )
    note = forms.CharField(label=_("What changed, for the history"), max_length=300, required=False)

    def plan(self, person: Any) -> replacing.Plan:
        """Raises ContentError, PermissionDenied."""
        data = self.cleaned_data
        search = Search(data["words"], is_case_kept=data["is_case_kept"], is_word=data["is_word"])
        return replacing.plan(search, data["by"], languages=data["languages"], person=person)


class ArticleTools(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        guard, name = self.admin_site.admin_view, "helpcenter_article"
        own = [
            path("calendar/", guard(self.calendar), name=f"{name}_calendar"),
            path("broken-links/", guard(self.broken_links), name=f"{name}_broken_links"),
            path("replace/", guard(self.replace), name=f"{name}_replace"),
            path("<int:pk>/used/", guard(self.where_used), name=f"{name}_used"),
        ]
        return own + super().get_urls()

    def calendar(self, request: HttpRequest) -> HttpResponse:
        """A month of what is planned and due (days in UTC); `?month=2026-11`."""
        self._require_view(request)
        first = month_of(request.GET.get("month", ""), timezone.now().date())
        after = (first + timedelta(days=31)).replace(day=1)
        found = calendar.entries(first, after)
        days = [(day, [(entry, ENTRY_DISPLAY[entry.kind]) for entry in rows]) for day, rows in _by_day(found)]
        context = {"days": days, "first": first, "earlier": first - timedelta(days=1), "later": after}
        return self._tool(request, "calendar", gettext("Calendar"), {**context, "today": timezone.now().date()})

    def broken_links(self, request: HttpRequest) -> HttpResponse:
        """Links of public texts that lead nowhere, to a place that is not there, or to an old address."""
        self._require_view(request)
        hidden = [f"article__{name}" for name in published_columns()]
        links = ArticleLink.objects.select_related("article").defer(*hidden)
        rows = [(link, gettext("no reader can open this article")) for link in links.broken()]
        rows += [(link, gettext("the article has no such place")) for link in linking.without_place()]
        rows += [(link, gettext("an old address; it leads to the new one")) for link in links.outdated()]
        page = paginate(rows, page_number(request), ROWS)
        return self._tool(request, "broken_links", gettext("Links that lead nowhere"), {"page": page})

    def where_used(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The places that link to an article, show it, or use its pictures."""
        self._require_view(request)
        article = get_object_or_404(Article.objects.reading([]), pk=pk)
        return self._tool(request, "used", gettext("Where used"), {"article": article, **uses_of(article)})

    def replace(self, request: HttpRequest) -> HttpResponse:
        """Words that are looked for, then the texts that would change, then a draft of each that was chosen."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        form = ReplaceForm(request.POST or None, initial={"languages": content_languages()})
        context: dict[str, Any] = {"form": form, "most": MOST_SHOWN}
        if form.is_valid():
            try:
                plan = context["plan"] = form.plan(request.user)
                if "_apply" in request.POST:
                    self._apply(request, plan, form.cleaned_data)
                    return HttpResponseRedirect(reverse("admin:helpcenter_article_replace"))
            except ContentError as error:
                form.add_error(None, str(error))
        return self._tool(request, "replace", gettext("Find and replace"), context)

    def _apply(self, request: HttpRequest, plan: replacing.Plan, data: dict[str, Any]) -> None:
        options = {"by": request.user, "note": data["note"], "significance": Significance(data["significance"])}
        keys, fingerprint = set(request.POST.getlist("texts")), request.POST.get("fingerprint", "")
        outcome = replacing.apply(plan, keys, fingerprint=fingerprint, **options)
        saved = len(outcome.saved)
        message = ngettext("%(count)d draft was saved.", "%(count)d drafts were saved.", saved)
        self.message_user(request, message % {"count": saved})
        for revision, why in outcome.refused:
            named = {"text": f"{revision.article.slug} ({revision.language})", "why": why}
            self.message_user(request, gettext("%(text)s was left as it is: %(why)s") % named, messages.ERROR)

    def _require_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _tool(self, request: HttpRequest, screen: str, title: str, context: dict[str, Any]) -> HttpResponse:
        page = {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, f"admin/helpcenter/tools/{screen}.html", page | context)


def month_of(asked: str, today: date) -> date:
    """The first day of `2026-11`; of this month where that names none."""
    year, _, month = asked.partition("-")
    if year.isdecimal() and month.isdecimal() and 2000 <= int(year) <= 2100 and 1 <= int(month) <= DECEMBER:
        return date(int(year), int(month), 1)
    return today.replace(day=1)


def _by_day(found: list[calendar.Entry]) -> list[tuple[date, list[calendar.Entry]]]:
    return [(day, list(rows)) for day, rows in groupby(found, key=lambda entry: entry.day)]


def uses_of(article: Article) -> dict[str, Any]:
    """Everything that would notice if the article changed or went."""
    hidden = [f"article__{name}" for name in published_columns()]
    pictures = (
        PictureUse.objects.filter(article=article).select_related("file__picture").order_by("file__picture__name")
    )
    return {
        "links": ArticleLink.objects.public().to(article).select_related("article").defer(*hidden),
        "related": RelatedArticle.objects.filter(to=article).values("article", "article__slug"),
        "predecessors": Article.objects.filter(successor=article).values("pk", "slug"),
        "words": GlossaryTerm.objects.filter(article=article).values("pk", "key"),
        "announcements": _announcements_naming(article),
        "places": ArticleUse.objects.filter(article=article),
        "pictures": sorted({(use.file.picture_id, use.file.picture.name) for use in pictures}),
        "old_slugs": article.old_slugs.all(),
    }


def _announcements_naming(article: Article) -> list[Any]:
    named = Announcement.objects.none()
    for code in content_languages():
        named |= Announcement.objects.rewrite(False).filter(
            **{f"{column('body', code)}__contains": f"({article.slug}.md"}
        )
    return list(named.values("pk", "slug"))
