"""Several people, one text: who is editing, what each has typed and not saved, and two texts that met."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from helpcenter.actions import access, drafting, editing_locks, working_drafts
from helpcenter.admin.languages import edited_language, with_language
from helpcenter.content import questions
from helpcenter.content.differences import Run, words
from helpcenter.enums import Standing
from helpcenter.errors import InvalidText
from helpcenter.models import Article, EditLock, Revision, TranslationState, WorkingDraft
from supportdesk.ui.languages import content_languages

LARGEST_NUMBER = 10**6


@dataclass(frozen=True)
class Met:
    """A text beside another one: what leads from the other to the person's own."""

    other: Revision | None
    title: list[Run]
    summary: list[Run]
    body: list[Run]
    questions: list[Run]

    @classmethod
    def of(cls, other: Revision | None, text: drafting.Text) -> "Met":
        then = _text(other) if other else drafting.Text("", "")
        return cls(
            other,
            words(then.title, text.title),
            words(then.summary, text.summary),
            words(then.body, text.body),
            words(questions.as_text(then.questions or ()), questions.as_text(text.questions or ())),
        )


class WorkingCopies(admin.ModelAdmin):
    class Media:
        js = ("ui/js/desk.js",)

    def get_urls(self) -> list[URLPattern]:
        guard, name = self.admin_site.admin_view, "helpcenter_article"
        own = [
            path("new/draft/<str:language>/", guard(require_POST(self.keep_draft)), name=f"{name}_new_draft"),
            path("<int:pk>/draft/<str:language>/", guard(require_POST(self.keep_draft)), name=f"{name}_draft"),
            path("<int:pk>/lock/<str:language>/", guard(require_POST(self.hold_lock)), name=f"{name}_lock"),
        ]
        return own + super().get_urls()

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """Who is in the team of other languages alone may look at this one."""
        if obj is None or obj.pk is None or not super().has_change_permission(request, obj):
            return super().has_change_permission(request, obj)
        language = edited_language(request, obj.source_language)
        known: dict[str, bool] = request.__dict__.setdefault("writes", {})
        if language not in known:
            known[language] = access.may_write(request.user, obj, language)
        return known[language]

    def keep_draft(self, request: HttpRequest, language: str, pk: int | None = None) -> HttpResponse:
        """Keep what the person is typing, or forget it. A text with a secret is not taken: 422, with its line."""
        article = self._named(pk, language)
        if "_discard" in request.POST:
            working_drafts.discard(article, language, by=request.user)
            return HttpResponseRedirect(_form(article, language))
        post = request.POST
        text = drafting.Text(
            post.get("text_title", ""),
            _lines(post.get("text_body", "")),
            post.get("text_summary", ""),
            questions=questions.of_text(post.get("text_questions", "")),
        )
        options: dict[str, Any] = {
            "by": request.user,
            "note": post.get("note", ""),
            "seen": _number(post.get("seen", "")),
        }
        try:
            draft = working_drafts.keep(article, language, text, **options)
        except InvalidText as error:
            return JsonResponse({"message": str(error), "line": error.line}, status=422)
        at = date_format(timezone.localtime(draft.saved_at), "TIME_FORMAT")
        return JsonResponse({"message": gettext("Kept at %(time)s UTC. Only you can see it.") % {"time": at}})

    def hold_lock(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        """Say that the window is still there, let go, or take the text over from somebody."""
        article = self._named(pk, language)
        assert article is not None  # noqa: S101 - a key was given
        if "_take_over" in request.POST:
            editing_locks.take_over(article, language, by=request.user)
            return HttpResponseRedirect(_form(article, language))
        if "_release" in request.POST:
            editing_locks.release(article, language, by=request.user)
            return HttpResponse(status=204)
        held = editing_locks.take(article, language, by=request.user)
        said = held_by(held) if held else ""
        return JsonResponse({"message": said}, status=409 if held else 200)

    def _named(self, pk: int | None, language: str) -> Article | None:
        if language not in content_languages():
            raise Http404
        return get_object_or_404(Article.objects.reading([]), pk=pk) if pk is not None else None

    # What the form shows

    def looking_beside(self, request: HttpRequest, rows: QuerySet[Article]) -> QuerySet[Article]:
        """On the form, the article says whether there is anything else to read."""
        match = request.resolver_match
        is_form = match is not None and match.url_name == "helpcenter_article_change"
        return rows.annotate(**_beside(request)) if is_form else rows

    def draft_of(self, request: HttpRequest, article: Article | None, language: str) -> WorkingDraft | None:
        """What the person has typed and not saved; asked once per request, and not where something is posted."""
        if request.method == "POST":
            return None
        if getattr(article, "is_drafted", None) is False:
            return None
        known: dict[str, WorkingDraft | None] = request.__dict__.setdefault("drafts", {})
        if language not in known:
            known[language] = working_drafts.own(article, language, by=request.user)
        return known[language]

    def continued(self, request: HttpRequest, article: Article | None, language: str) -> dict[str, Any]:
        """The values of the fields where the person goes on with a draft."""
        draft = self.draft_of(request, article, language) if request.GET.get("draft") == "continue" else None
        if draft is None:
            return {}
        return {
            "text_title": draft.title,
            "text_summary": draft.summary,
            "text_body": draft.body,
            "text_questions": draft.questions,
            "note": draft.note,
            "seen": draft.seen,
        }

    def working_copy(
        self, request: HttpRequest, article: Article | None, language: str, state: TranslationState | None, form: Any
    ) -> dict[str, Any]:
        """What the form shows of others and of the person's own unsaved text. A text in review is taken by whoever
        begins to type, not by looking at it."""
        latest, waits = (state.latest, state.standing == Standing.IN_REVIEW) if state else (None, False)
        name = "admin:helpcenter_article_draft" if article else "admin:helpcenter_article_new_draft"
        place = [article.pk, language] if article else [language]
        return {
            "draft_url": reverse(name, args=place),
            "lock_url": reverse("admin:helpcenter_article_lock", args=place) if article else "",
            "waits": waits,
            "held": self._held(request, article, language, is_taken=not waits),
            "kept": self._kept(request, article, language, latest),
            "is_continued": request.GET.get("draft") == "continue",
            "conflict": self._conflict(request, form),
        }

    def _held(self, request: HttpRequest, article: Article | None, language: str, *, is_taken: bool) -> str:
        """Take the lock of the text when the form is opened and nobody holds it; a post takes nothing."""
        if article is None or not self.has_change_permission(request, article):
            return ""
        if request.method == "POST" or not is_taken:
            held = editing_locks.holder(article, language, by=request.user)
        else:
            is_free = getattr(article, "is_locked", None) is False
            held = editing_locks.take(article, language, by=request.user, is_free=is_free)
        return held_by(held) if held else ""

    def _kept(self, request: HttpRequest, article: Article | None, language: str, latest: Revision | None) -> Any:
        draft = self.draft_of(request, article, language)
        if draft is None:
            return None
        text = _text(draft)
        if latest and latest.same_text_as(text.title, text.summary, text.body, text.questions or ()):
            return None
        return {"draft": draft, "met": Met.of(latest, text)}

    def _conflict(self, request: HttpRequest, form: Any) -> Met | None:
        """Somebody saved meanwhile: their text beside what was typed, which is kept as a private draft as well."""
        theirs: Revision | None = getattr(form, "conflict", None)
        if theirs is None:
            return None
        data = form.cleaned_data
        title, summary, body = (
            str(data.get(name) or form.data.get(name, "")) for name in ("text_title", "text_summary", "text_body")
        )
        asked = data.get("text_questions") or questions.of_text(form.data.get("text_questions", ""))
        text = drafting.Text(title, _lines(body), summary, questions=asked)
        with suppress(InvalidText, PermissionDenied):  # a draft that cannot be stored is still in the form
            working_drafts.keep(theirs.article, theirs.language, text, by=request.user, seen=theirs.number)
        return Met.of(theirs, text)

    def saved(self, request: HttpRequest, article: Article, language: str, *, is_new: bool) -> None:
        """The text is in the history: the private draft has served, and who leaves the form lets go of the text."""
        working_drafts.discard(None if is_new else article, language, by=request.user)
        if "_save" in request.POST:
            editing_locks.release(article, language, by=request.user)


def _beside(request: HttpRequest) -> dict[str, Exists]:
    """Whether anybody holds the text that is asked for, and whether the person has typed something into it."""
    asked = edited_language(request, "")
    here = {"article": OuterRef("pk"), "language": Value(asked) if asked else OuterRef("source_language")}
    return {
        "is_locked": Exists(EditLock.objects.filter(**here)),
        "is_drafted": Exists(WorkingDraft.objects.filter(**here, person=request.user.pk)),
    }


def held_by(held: editing_locks.Held) -> str:
    message = gettext("%(who)s has been editing this text since %(time)s UTC.")
    return message % {"who": held.person, "time": date_format(timezone.localtime(held.since), "TIME_FORMAT")}


def _text(kept: Revision | WorkingDraft) -> drafting.Text:
    lines = questions.of_text(kept.questions) if isinstance(kept, WorkingDraft) else tuple(kept.questions)
    return drafting.Text(kept.title, kept.body, kept.summary, questions=lines)


def _form(article: Article | None, language: str) -> str:
    if article is None:
        return with_language(reverse("admin:helpcenter_article_add"), language)
    return with_language(reverse("admin:helpcenter_article_change", args=[article.pk]), language)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len(str(LARGEST_NUMBER)) else 0
