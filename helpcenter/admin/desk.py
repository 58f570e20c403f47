"""Screens of the desk beside the start page: each list in full, what is done from it, and the check of an article."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from helpcenter import gaps
from helpcenter.actions import upkeep
from helpcenter.admin.choosing import is_key
from helpcenter.admin.desk_lists import LISTS, Asked, alerts, shown
from helpcenter.enums import TaskKind
from helpcenter.errors import ContentError
from helpcenter.models import Article, ContentTask
from supportdesk.ui import languages
from supportdesk.ui.languages import content_languages
from supportdesk.ui.pagination import page_number, paginate

PER_PAGE = 50
LONGEST_QUERY = 200
MOST_AT_ONCE = 200  # articles that are confirmed in one go


class CheckForm(forms.Form):
    again_by = forms.DateField(label=_("Check again by"), required=False, widget=AdminDateWidget)


class DeskScreens(admin.ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        guard, name = self.admin_site.admin_view, "helpcenter_article"
        own = [
            path("desk/missed/do/", guard(require_POST(self.see_to_search)), name="helpcenter_desk_search"),
            path("desk/due/confirm/", guard(require_POST(self.confirm_several)), name="helpcenter_desk_confirm"),
            path("desk/<str:name>/", guard(self.desk_list), name="helpcenter_desk"),
            path("<int:pk>/still-true/", guard(self.still_true), name=f"{name}_still_true"),
        ]
        return own + super().get_urls()

    def desk_list(self, request: HttpRequest, name: str) -> HttpResponse:
        """A list in full: pages, and what it can be narrowed down to."""
        desk = LISTS.get(name)
        if desk is None:
            raise Http404
        _require(request, desk.permission)
        asked = Asked.of(request)
        page = paginate(desk.rows(asked), page_number(request), PER_PAGE)
        context: dict[str, Any] = {
            "name": name,
            "title": desk.title,
            "page": page,
            "rows": shown(name, page.items, asked),
        }
        context |= {"asked": asked, "page_query": asked.query, "today": asked.today, "filters": _filters(name, asked)}
        context["alerts"] = alerts(asked) if name == "review" and page.number == 1 else []
        return self._screen(request, "list", context)

    def see_to_search(self, request: HttpRequest) -> HttpResponse:
        """One click on a search that found nothing: an article, a synonym, a question of readers, a task, or nothing
        to do."""
        language, query = request.POST.get("language", ""), request.POST.get("query", "")
        if language not in content_languages() or not 0 < len(query) <= LONGEST_QUERY:
            raise Http404
        act = request.POST.get("act", "")
        if act == "ignore":
            upkeep.ignore_search(language, query, by=request.user)
            return self._back_to_searches(request, gettext("“%(query)s” is off the list.") % {"query": query})
        kind = {"write": TaskKind.WRITE, "synonym": TaskKind.SYNONYM}.get(act, TaskKind.CORRECT)
        owner: Any = request.user if act in ("write", "synonym", "question") else None
        task = upkeep.open_task(ContentTask(kind=kind, language=language, query=query, owner=owner), by=request.user)
        if act in ("write", "synonym"):
            return HttpResponseRedirect(_prefilled(task))
        return HttpResponseRedirect(reverse("admin:helpcenter_contenttask_change", args=[task.pk]))

    def _back_to_searches(self, request: HttpRequest, message: str) -> HttpResponse:
        self.message_user(request, message)
        return HttpResponseRedirect(reverse("admin:helpcenter_desk", args=["missed"]))

    def confirm_several(self, request: HttpRequest) -> HttpResponse:
        """Those that were ticked are still true."""
        keys = [key for key in request.POST.getlist("article") if is_key(key)]
        articles = list(Article.objects.reading([]).filter(pk__in=keys[:MOST_AT_ONCE]))
        count = upkeep.confirm_all(articles, by=request.user)
        if count:
            message = ngettext("%(count)d article is still true.", "%(count)d articles are still true.", count)
            self.message_user(request, message % {"count": count})
        else:
            self.message_user(request, gettext("Tick the articles that are still true."), messages.WARNING)
        return HttpResponseRedirect(reverse("admin:helpcenter_desk", args=["due"]))

    def still_true(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Somebody has looked at an article; when should somebody look again?"""
        article = get_object_or_404(self.get_queryset(request), pk=pk)
        _require(request, "helpcenter.add_article")
        usual = upkeep.next_check(article.kind, timezone.now().date())
        form = CheckForm(request.POST or None, initial={"again_by": usual})
        if request.method == "POST" and form.is_valid() and self._confirm(request, article, form):
            return HttpResponseRedirect(reverse("admin:helpcenter_article_change", args=[article.pk]))
        context = {"article": article, "title": gettext("Is “%(slug)s” still true?") % {"slug": article.slug}}
        context["path"] = article.path(article.source_language)
        return self._screen(request, "still_true", {**context, "form": form, "media": self.media + form.media})

    def _confirm(self, request: HttpRequest, article: Article, form: CheckForm) -> bool:
        again_by: date | None = form.cleaned_data["again_by"]
        try:
            found = upkeep.confirm_true(article, by=request.user, again_by=again_by)
        except ContentError as error:
            form.add_error("again_by", str(error))
            return False
        message = gettext("Still true. It is looked at again by %(day)s.") % {"day": f"{found.review_by:%Y-%m-%d}"}
        self.message_user(request, message)
        return True

    def _screen(self, request: HttpRequest, screen: str, context: dict[str, Any]) -> HttpResponse:
        page = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, f"admin/helpcenter/desk/{screen}.html", page | context)

    def take_up_task(self, request: HttpRequest, obj: Article) -> None:
        """An article that was begun for a task belongs to it from now on."""
        key = request.GET.get("task", "")
        task = ContentTask.objects.open().filter(pk=key).first() if is_key(key) else None
        if task is not None:
            upkeep.take_up(task, obj, by=request.user)


def begun_for_task(request: HttpRequest) -> dict[str, str]:
    """What the form of a new article begins with where a search asked for it."""
    title = request.GET.get("text_title", "")[:LONGEST_QUERY]
    return {"text_title": title} if title else {}


def _prefilled(task: ContentTask) -> str:
    """The form that a task is done with, filled with what is known."""
    if task.kind == TaskKind.SYNONYM:
        values = {"language": task.language, "words": f"{task.query}, "}
        return f"{reverse('admin:helpcenter_synonym_add')}?{urlencode(values)}"
    title = task.query[:1].upper() + task.query[1:]
    values = {"language": task.language, "text_title": title, "task": str(task.pk)}
    return f"{reverse('admin:helpcenter_article_add')}?{urlencode(values)}"


def _require(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _filters(name: str, asked: Asked) -> list[dict[str, Any]]:
    """The choices above a list: label, name of the field, and its options with whether each is chosen."""
    every: dict[str, tuple[Any, str, list[tuple[str, Any]]]] = {
        "language": (_("Language"), asked.language, [("", _("All languages")), *_spoken()]),
        "owner": (_("Owner"), asked.owner, [("", _("Everybody")), ("me", _("Me")), ("nobody", _("Nobody"))]),
        "days": (_("Period"), str(asked.wanted.days), [(str(d), _days(d)) for d in gaps.PERIODS]),
        "least": (_("At least"), str(asked.wanted.least), [(str(n), _times(n)) for n in gaps.LEAST]),
        "stage": (
            _("Result"),
            asked.wanted.stage,
            [
                ("", _("Nothing, or another language")),
                ("nothing", _("Nothing")),
                ("other_language", _("Another language")),
            ],
        ),
    }
    return [_choice(field, *every[field]) for field in LISTS[name].filters]


def _choice(field: str, label: Any, chosen: str, options: list[tuple[str, Any]]) -> dict[str, Any]:
    marked = [(value, words, value == chosen) for value, words in options]
    return {"name": field, "label": label, "options": marked}


def _spoken() -> list[tuple[str, str]]:
    return [(code, languages.language(code).name) for code in content_languages()]


def _days(days: int) -> str:
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


def _times(times: int) -> str:
    return ngettext("%(times)d time", "%(times)d times", times) % {"times": times}
