"""The screen on which a reviewer reads what would change, says what is wrong with it, and decides."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, QuerySet, When
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext

from helpcenter.actions import access, appraising, editing_locks, publishing, reviewing, scheduling
from helpcenter.admin.compared import Compared, compare, seen_by
from helpcenter.admin.review_form import CommentForm, DecisionForm
from helpcenter.admin.reviewing import PublishingPanel
from helpcenter.admin.working_copies import held_by
from helpcenter.content.differences import Kind
from helpcenter.enums import Significance, Verdict
from helpcenter.errors import ContentError, InvalidTime, NotAllowedNow
from helpcenter.models import Article, Finding, ReviewNote, Revision, TranslationState
from helpcenter.models.article import published_columns
from supportdesk.ui import languages
from supportdesk.ui.languages import content_languages
from supportdesk.ui.pagination import page_number, paginate

ON_A_PAGE = 50


def _waiting_for(person: Any) -> QuerySet[TranslationState]:
    """What waits for a person, also of their own where they lead: those that name the person first, then the oldest."""
    states = access.waiting_for(person).select_related("article", "latest__created_by", "reviewer", "submitted_by")
    return states.order_by(Case(When(reviewer=person, then=0), default=1), "submitted_at", "pk")


@dataclass
class Thread:
    """A note and what was answered to it."""

    note: ReviewNote
    number: int
    part: str
    answers: list[ReviewNote]

    @property
    def is_question(self) -> bool:
        """Whether it waits for somebody to settle it; what came with a decision does not."""
        return not self.note.verdict


@dataclass(frozen=True)
class Sitting:
    """A person before a text: what the screen and its buttons need."""

    request: HttpRequest
    article: Article
    state: TranslationState
    latest: Revision
    states: list[TranslationState]

    @property
    def by(self) -> Any:
        return self.request.user

    @property
    def findings(self) -> Iterable[Finding]:
        """What a second person has to look at; not asked for where the state knows that there is nothing."""
        return self.latest.findings.open() if getattr(self.state, "has_findings", True) else ()

    def seen(self, form: Form) -> Revision:
        """The revision that the person saw; actions refuse it where a newer one came in."""
        own = Revision.objects.of(self.article, self.latest.language)
        return own.filter(number=form.cleaned_data["seen"]).first() or self.latest


class ReviewScreen(PublishingPanel):
    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        own = [
            path("waiting/", guard(self.waiting), name="helpcenter_article_waiting"),
            path("<int:pk>/review/<str:language>/", guard(self.review), name="helpcenter_article_review"),
        ]
        return own + super().get_urls()

    def review(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        """What would change for readers, what is odd in it, what others say, and the decision."""
        sitting = self._sitting(request, pk, language)
        decision, comment = self._forms(sitting)
        form = comment if {"_comment", "_reply"} & set(request.POST) else decision
        is_settling = bool({"_settle", "_reopen"} & set(request.POST))
        if request.method == "POST" and (is_settling or form.is_valid()):
            try:
                with transaction.atomic():
                    return self._done(sitting, _act(sitting, form))
            except (ContentError, PermissionDenied) as error:
                self._refused(request, form, error)
        return self._shown(sitting, decision, comment)

    def _refused(self, request: HttpRequest, form: Form, error: Exception) -> None:
        """Say what was refused, beside what was typed where something was."""
        if form.is_bound:
            form.add_error(None, str(error))
        else:
            self.message_user(request, str(error), messages.ERROR)

    def waiting(self, request: HttpRequest) -> HttpResponse:
        """The texts that wait for this person's review."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.GET.get("language", "")
        states = _waiting_for(request.user)
        codes = sorted(set(states.order_by().values_list("language", flat=True)) & set(content_languages()))
        if asked in content_languages():
            states = states.filter(language=asked)
        bare = ("latest__body", "latest__outline", *published_columns_of("article"))
        page = paginate(states.defer(*bare), page_number(request), ON_A_PAGE)
        context = {
            "title": gettext("Waiting for your review"),
            "page": page,
            "rows": [(state, languages.language(state.language)) for state in page.items],
            "asked": asked,
            "languages": [languages.language(code) for code in codes],
            "page_query": f"language={asked}&" if asked in content_languages() else "",
        }
        return self._page(request, "waiting", context)

    def _sitting(self, request: HttpRequest, pk: int, language: str) -> Sitting:
        shown = [language] if language in content_languages() else []
        article = get_object_or_404(Article.objects.reading(shown, "body", "html"), pk=pk)
        if not self.has_view_permission(request, article):
            raise PermissionDenied
        states = self.states_of(request, article, with_sources=True)
        state = states.get(language)
        if state is None or state.latest is None or not shown:
            raise Http404
        state.article = article
        return Sitting(request, article, state, state.latest, list(states.values()))

    def _forms(self, sitting: Sitting) -> tuple[DecisionForm, CommentForm]:
        post, latest = sitting.request.POST, sitting.latest
        begun = {"seen": latest.number, "is_ready": latest.significance != Significance.MAJOR}
        is_comment = bool({"_comment", "_reply"} & set(post))
        is_decision = bool(post) and not is_comment and not {"_settle", "_reopen"} & set(post)
        decision = DecisionForm(post if is_decision else None, initial=begun)
        decision.know(sitting.by)
        return decision, CommentForm(latest, post if is_comment else None, initial=begun)

    def _shown(self, sitting: Sitting, decision: DecisionForm, comment: CommentForm) -> HttpResponse:
        article, state, latest = sitting.article, sitting.state, sitting.latest
        notes = _notes(sitting)
        reviewed = _reviewed(sitting, notes)
        is_since_review = reviewed is not None and sitting.request.GET.get("since") != "public"
        compared = _compared(sitting, reviewed if is_since_review else None)
        is_locked = getattr(state, "is_locked", True)
        held = editing_locks.holder(article, latest.language, by=sitting.by) if is_locked else None
        panel = self.panel_of(sitting.request, article, latest.language, state)
        threads = _threads(notes, latest)
        context = {
            "title": latest.title,
            "article": article,
            "state": state,
            "panel": panel,
            "compared": seen_by(compared, sitting.by),
            "reviewed": reviewed,
            "is_since_review": is_since_review,
            "held": held_by(held) if held else "",
            "kinds": Kind,
            "language": languages.language(latest.language),
            "remarks": appraising.remarks(article, latest, compared.warnings, sitting.findings),
            "consequences": appraising.consequences(article, latest, sitting.states),
            "threads": threads,
            "open_threads": sum(thread.is_question and thread.note.settled_at is None for thread in threads),
            "decision": decision,
            "comment": comment,
            "answered": str(comment.data.get("answers", "")),
            "may_decide": panel.rights.reviews and (panel.is_in_review or panel.rights.leads),
            "is_own": not panel.rights.leads and sitting.by.pk in (latest.created_by_id, state.submitted_by_id),
            "may_comment": panel.rights.reviews or access.may_write(sitting.by, article, latest.language),
        }
        return self._page(sitting.request, "review", context)

    def _page(self, request: HttpRequest, screen: str, context: dict[str, Any]) -> HttpResponse:
        page = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/helpcenter/review/{screen}.html", page)

    def _done(self, sitting: Sitting, message: str) -> HttpResponse:
        """A published text is done with: the reviewer goes on to what waits. Its form would be held by who opens it."""
        if {"_publish", "_publish_approved"} & set(sitting.request.POST):
            self.message_user(sitting.request, f"{sitting.latest.title}: {message}")
            return HttpResponseRedirect(reverse("admin:helpcenter_article_waiting"))
        self.message_user(sitting.request, message)
        return HttpResponseRedirect(sitting.request.get_full_path())


def _notes(sitting: Sitting) -> list[ReviewNote]:
    """What was said about the text of a language, oldest first."""
    notes = ReviewNote.objects.on(sitting.article, sitting.latest.language)
    return list(notes.select_related("by", "settled_by"))


def _reviewed(sitting: Sitting, notes: list[ReviewNote]) -> Revision | None:
    """The text that the person decided on last, where it is neither the newest nor the public one."""
    decided = [note for note in notes if note.by_id == sitting.by.pk and note.verdict not in ("", Verdict.SUBMITTED)]
    known = (sitting.latest.pk, sitting.state.published_id)
    return decided[-1].revision if decided and decided[-1].revision_id not in known else None


def _compared(sitting: Sitting, reviewed: Revision | None) -> Compared:
    """What changed since a text that was reviewed, else against what is public."""
    article, latest = sitting.article, sitting.latest
    if reviewed is not None:
        return compare(article, reviewed, latest)
    return compare(article, _public(sitting), latest, article.published_text("html", latest.language))


def _public(sitting: Sitting) -> Revision | None:
    """The public revision, with the text that the article's own column holds."""
    public = sitting.state.published
    if public is not None:
        public.body = sitting.article.published_text("body", public.language)
    return public


def published_columns_of(path: str) -> list[str]:
    """Names of the published columns of a joined article, which no list needs."""
    return [f"{path}__{name}" for name in sorted(published_columns())]


def _threads(notes: list[ReviewNote], latest: Revision) -> list[Thread]:
    """What was said about a text of a language, oldest first, each with its answers."""
    titles = {part.key: part.title or part.key for part in latest.parts}
    answers: dict[int, list[ReviewNote]] = {}
    for note in notes:
        if note.answers_id is not None:
            answers.setdefault(note.answers_id, []).append(note)
    first = [note for note in notes if note.answers_id is None]
    return [
        Thread(note, number, titles.get(note.part, ""), answers.get(note.pk, []))
        for number, note in enumerate(first, 1)
    ]


# What the buttons do; each returns what the person is told


def _act(sitting: Sitting, form: Form) -> str:
    for button, act in BUTTONS.items():
        if button in sitting.request.POST:
            return act(sitting, form)
    raise NotAllowedNow(gettext("Choose one of the buttons."))


def _comment(sitting: Sitting, form: Form) -> str:
    data = form.cleaned_data
    own = ReviewNote.objects.on(sitting.article, sitting.latest.language)
    answers = own.filter(pk=data["answers"]).first() if data["answers"] else None
    reviewing.comment(sitting.latest, data["text"], by=sitting.by, part=data["part"], answers=answers)
    return gettext("Your comment is kept.")


def _settle(sitting: Sitting, form: Form) -> str:
    is_settled = "_settle" in sitting.request.POST
    key = sitting.request.POST["_settle" if is_settled else "_reopen"]
    own = ReviewNote.objects.on(sitting.article, sitting.latest.language)
    note = own.filter(pk=key).first() if key.isdecimal() and len(key) < 19 else None
    if note is None:
        raise NotAllowedNow(gettext("This comment is not there any more."))
    reviewing.settle(note, by=sitting.by, is_settled=is_settled)
    return gettext("The comment is settled.") if is_settled else gettext("The comment is open again.")


def _approve(sitting: Sitting, form: Form) -> str:
    reviewing.approve(sitting.seen(form), by=sitting.by, note=form.cleaned_data["decision_note"])
    return gettext("Approved. It is not public yet.")


def _approve_and_publish(sitting: Sitting, form: Form) -> str:
    revision = sitting.seen(form)
    reviewing.approve(revision, by=sitting.by, note=form.cleaned_data["decision_note"])
    state = publishing.publish(revision, by=sitting.by, is_ready=form.cleaned_data["is_ready"])
    return _with_translators(gettext("Approved and published."), sitting, state)


def _approve_and_schedule(sitting: Sitting, form: Form) -> str:
    revision = sitting.seen(form)
    reviewing.approve(revision, by=sitting.by, note=form.cleaned_data["decision_note"])
    _set_times(sitting, form, revision)
    return gettext("Approved. The schedule is set.")


def _publish_approved(sitting: Sitting, form: Form) -> str:
    state = publishing.publish(_approved(sitting), by=sitting.by, is_ready=form.cleaned_data["is_ready"])
    said = gettext("Published in %(language)s.") % {"language": languages.language(sitting.latest.language).name}
    return _with_translators(said, sitting, state)


def _with_translators(said: str, sitting: Sitting, state: TranslationState) -> str:
    """What was done, and where it is a source that translators have not been given yet, that too. A corrected typo
    they are given whatever the form says."""
    if state.language != sitting.article.source_language or not state.is_ahead_of_translators:
        return said
    return f"{said} {gettext('Translators still work from the text before the public one.')}"


def _schedule_approved(sitting: Sitting, form: Form) -> str:
    _set_times(sitting, form, _approved(sitting))
    return gettext("The schedule is set.")


def _unschedule(sitting: Sitting, form: Form) -> str:
    scheduling.unschedule(sitting.article, sitting.latest.language, by=sitting.by)
    return gettext("The schedule is taken back.")


def _ask_changes(sitting: Sitting, form: Form) -> str:
    reviewing.ask_changes(sitting.seen(form), by=sitting.by, note=form.cleaned_data["decision_note"])
    return gettext("The author is asked for changes.")


def _reject(sitting: Sitting, form: Form) -> str:
    reviewing.reject(sitting.seen(form), by=sitting.by, note=form.cleaned_data["decision_note"])
    return gettext("Rejected. The text stays in the history.")


def _set_times(sitting: Sitting, form: Form, revision: Revision) -> None:
    """Set the moments that the form names. Raises InvalidTime where it names none."""
    publish_at, unpublish_at = form.cleaned_data["publish_at"], form.cleaned_data["unpublish_at"]
    if publish_at is None and unpublish_at is None:
        raise InvalidTime(gettext("Choose the day and the time first."))
    if publish_at is not None:
        scheduling.schedule_publishing(revision, by=sitting.by, at=publish_at)
    if unpublish_at is not None:
        scheduling.schedule_unpublishing(sitting.article, revision.language, by=sitting.by, at=unpublish_at)


def _approved(sitting: Sitting) -> Revision:
    approved = sitting.state.approved
    if approved is None:
        raise NotAllowedNow(gettext("Nobody has approved this text yet. Send it for review first."))
    return approved


BUTTONS: dict[str, Callable[[Sitting, Form], str]] = {
    "_comment": _comment,
    "_reply": _comment,
    "_settle": _settle,
    "_reopen": _settle,
    "_approve": _approve,
    "_publish": _approve_and_publish,
    "_schedule": _approve_and_schedule,
    "_publish_approved": _publish_approved,
    "_schedule_approved": _schedule_approved,
    "_unschedule": _unschedule,
    "_changes": _ask_changes,
    "_reject": _reject,
}
