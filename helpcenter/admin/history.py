"""The history of a text: who saved what, what was decided, what two texts differ in, what readers saw at a moment."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpcenter.actions import access, reverting
from helpcenter.admin.choosing import is_key
from helpcenter.admin.compared import Compared, compare, drawn, seen_by, with_pictures
from helpcenter.admin.languages import edited_language, with_language
from helpcenter.admin.review_screen import ReviewScreen, published_columns_of
from helpcenter.enums import EventKind
from helpcenter.errors import ContentError
from helpcenter.models import Article, ContentEvent, Revision, TranslationState
from supportdesk.ui import languages
from supportdesk.ui.languages import content_languages
from supportdesk.ui.pagination import page_number, paginate

ON_A_PAGE = 50
LARGEST_NUMBER = 10**6
DECISIONS = (
    EventKind.SUBMITTED,
    EventKind.WITHDRAWN,
    EventKind.CHANGES_ASKED,
    EventKind.REJECTED,
    EventKind.APPROVED,
    EventKind.PUBLISHED,
)


class MomentForm(forms.Form):
    """A moment (UTC) at which somebody read the text."""

    on = forms.DateField(label=_("Day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    at = forms.TimeField(
        label=_("Time (UTC)"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )

    @property
    def moment(self) -> datetime:
        data = self.cleaned_data
        return datetime.combine(data["on"], data["at"] or time.min, tzinfo=ZoneInfo("UTC"))


@dataclass(frozen=True)
class Row:
    """A saved text and the decisions on it."""

    revision: Revision
    decisions: list[ContentEvent]
    is_public: bool
    is_approved: bool


@dataclass(frozen=True)
class Past:
    """What readers saw at a moment; `html` is empty where nothing was public."""

    moment: datetime
    revision: Revision | None = None
    html: str = ""


class HistoryScreen(ReviewScreen):
    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        own = path("<int:pk>/texts/<str:language>/", guard(self.texts), name="helpcenter_article_texts")
        return [own, *super().get_urls()]

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The library's own list of changes knows nothing of texts; ours stands in its place."""
        if not is_key(object_id):
            raise Http404
        article = get_object_or_404(Article.objects.reading([]), pk=object_id)
        language = edited_language(request, article.source_language)
        return HttpResponseRedirect(reverse("admin:helpcenter_article_texts", args=[article.pk, language]))

    def texts(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        """All texts of a language, newest first; two of them compared; one brought back."""
        state = self._state_of(request, pk, language)
        if request.method == "POST":
            return self._revert(request, state)
        moment = MomentForm(request.GET if "on" in request.GET else None)
        page = self._rows(request, state)
        context = {
            "title": gettext("History"),
            "article": state.article,
            "state": state,
            "language": languages.language(language),
            "page": page,
            "rows": _with_decisions(page.items, state),
            "compared": _compared(request, state),
            "chosen": {"first": request.GET.get("first", ""), "second": request.GET.get("second", "")},
            "moment": moment,
            "past": _past(state, moment.moment, request.user) if moment.is_valid() else None,
            "may_change": access.may_write(request.user, state.article, language),
        }
        return self._page(request, "history", context)

    def _state_of(self, request: HttpRequest, pk: int, language: str) -> TranslationState:
        states = TranslationState.objects.select_related("article", "latest")
        bare = ("latest__body", "latest__outline", *published_columns_of("article"))
        state = get_object_or_404(states.defer(*bare), article=pk, language=language, latest__isnull=False)
        if not self.has_view_permission(request, state.article):
            raise PermissionDenied
        if language not in content_languages():
            raise Http404
        return state

    def _rows(self, request: HttpRequest, state: TranslationState) -> Any:
        assert state.latest is not None  # noqa: S101 - `_state_of` asks for it
        revisions = Revision.objects.of(state.article, state.language).newest_first().select_related("created_by")
        bare = revisions.defer("body", "outline", "extra")
        return paginate(bare, page_number(request), ON_A_PAGE, total=state.latest.number)

    def _revert(self, request: HttpRequest, state: TranslationState) -> HttpResponse:
        revision = next(iter(_numbered(state, request.POST.get("number", ""))), None)
        try:
            if revision is None:
                raise Http404
            seen = request.POST.get("seen", "")
            saved = reverting.revert(revision, by=request.user, seen=int(seen) if _is_number(seen) else None)
        except ContentError as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        said = gettext(
            "Text %(old)d is on top again, as text %(new)d. It is a draft: readers see what they saw before."
        )
        self.message_user(request, said % {"old": revision.number, "new": saved.number})
        form = reverse("admin:helpcenter_article_change", args=[state.article_id])
        return HttpResponseRedirect(with_language(form, state.language))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < len(str(LARGEST_NUMBER))


def _numbered(state: TranslationState, *numbers: str) -> list[Revision]:
    """The revisions of these numbers, in their order; what is no number of one is left out."""
    wanted = [int(number) for number in numbers if _is_number(number)]
    own = Revision.objects.of(state.article, state.language).filter(number__in=wanted)
    found = {revision.number: revision for revision in own.select_related("based_on")} if wanted else {}
    for revision in found.values():
        revision.article = state.article
    return [found[number] for number in wanted if number in found]


def _with_decisions(revisions: list[Revision], state: TranslationState) -> list[Row]:
    events = ContentEvent.objects.filter(article=state.article_id, language=state.language, kind__in=DECISIONS)
    found: dict[int, list[ContentEvent]] = {}
    for event in events.filter(revision__in=revisions).select_related("by").order_by("at", "pk"):
        found.setdefault(event.revision_id or 0, []).append(event)
    return [
        Row(r, found.get(r.pk, []), is_public=r.pk == state.published_id, is_approved=r.pk == state.approved_id)
        for r in revisions
    ]


def _compared(request: HttpRequest, state: TranslationState) -> Compared | None:
    """The two texts that were chosen, the older one first."""
    chosen = _numbered(state, request.GET.get("first", ""), request.GET.get("second", ""))
    if len(chosen) != 2 or chosen[0].pk == chosen[1].pk:
        return None
    before, after = sorted(chosen, key=lambda revision: revision.number)
    return seen_by(compare(state.article, before, after), request.user)


def _past(state: TranslationState, moment: datetime, person: Any) -> Past:
    """What readers of the language saw at a moment, with the facts of that moment."""
    events = ContentEvent.objects.publications(state.article, state.language).filter(at__lte=moment)
    last = events.select_related("revision").first()
    revision = last.revision if last is not None and last.kind == EventKind.PUBLISHED else None
    if revision is None:
        return Past(moment)
    html, _ = drawn(state.article, revision, moment)
    return Past(moment, revision, with_pictures(html, state.language, person))
