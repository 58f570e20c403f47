"""The article x language matrix: how far each translation is, and whose work it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from helpcenter import freshness, matrix, tree
from helpcenter.actions import access, translating
from helpcenter.admin.choosing import is_key
from helpcenter.admin.languages import language_choices, with_language
from helpcenter.content import tables
from helpcenter.content.tables import Format
from helpcenter.enums import ArticleKind
from helpcenter.errors import ContentError
from helpcenter.localization import Cell, Progress
from helpcenter.matrix import Asked, Row
from helpcenter.models import Article, TeamMember, TranslationState
from helpcenter.models.article import published_columns
from supportdesk.ui import languages
from supportdesk.ui.languages import content_languages
from supportdesk.ui.pagination import page_number, paginate
from supportdesk.ui.records import ReadOnlyAdmin

ROWS = 50
ENOUGH, LITTLE = 90, 60  # percent: from here a language is well covered, below it is not


@dataclass(frozen=True)
class Shown:
    """How a progress is drawn: `word` in the cell (days take its place), `label` in the legend and for who listens."""

    word: str | Promise
    label: str | Promise
    tone: str = ""


PROGRESS: dict[Progress, Shown] = {
    Progress.UP_TO_DATE: Shown("✓", _("Up to date"), "ok"),
    Progress.SOURCE: Shown(pgettext_lazy("in a narrow cell: the source", "Src"), _("The source"), "source"),
    Progress.OUTDATED: Shown(pgettext_lazy("in a narrow cell: outdated", "Old"), _("Source changed"), "warn"),
    Progress.OVERDUE: Shown(
        pgettext_lazy("in a narrow cell: outdated", "Old"),
        _("Major change of the source, more than 20 days ago"),
        "bad",
    ),
    Progress.DIFFERS: Shown("≠", _("Says something else than the source"), "bad"),
    Progress.WAITING: Shown(
        pgettext_lazy("in a narrow cell: waiting", "Wait"), _("The source is not ready for translators yet"), "wait"
    ),
    Progress.MISSING: Shown("+", _("Missing"), "missing"),
    Progress.DRAFT: Shown(pgettext_lazy("in a narrow cell: draft", "Draft"), _("Draft"), "draft"),
    Progress.IN_REVIEW: Shown(pgettext_lazy("in a narrow cell: in review", "Rev"), _("In review"), "info"),
    Progress.CHANGES_ASKED: Shown(pgettext_lazy("in a narrow cell: changes asked", "Ask"), _("Changes asked"), "warn"),
    Progress.REJECTED: Shown(pgettext_lazy("in a narrow cell: rejected", "Rej"), _("Rejected"), "bad"),
    Progress.APPROVED: Shown(pgettext_lazy("in a narrow cell: approved", "App"), _("Approved"), "info"),
    Progress.SCHEDULED: Shown(pgettext_lazy("in a narrow cell: scheduled", "Plan"), _("Scheduled"), "info"),
}


@dataclass(frozen=True)
class DrawnCell:
    """A cell as it is drawn: `word` in it, `state` in words alone, `label` with everything that is known."""

    url: str
    word: str | Promise
    state: str | Promise
    label: str
    tone: str
    initials: str
    has_fault: bool


class MatrixForm(forms.Form):
    """What is to be seen; every field may be empty, and what cannot be read counts as empty."""

    q = forms.CharField(label=_("Search"), max_length=matrix.LONGEST_SEARCH, required=False)
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All kinds")), *ArticleKind.choices])
    language = forms.ChoiceField(label=_("Not up to date in"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("priority", _("Reads × need")),
            ("oldest", _("Oldest change first")),
            ("slug", _("Slug")),
        ],
    )
    mine = forms.BooleanField(label=_("My work only"), required=False)

    def __init__(self, data: Any, shown_in: str) -> None:
        super().__init__(data, auto_id="matrix_%s", label_suffix="")
        choices: dict[str, Any] = dict(self.fields)
        choices["topic"].choices = [("", gettext("All topics")), *_topics(shown_in)]
        choices["language"].choices = [("", gettext("Any language")), *language_choices()]
        choices["state"].choices = [
            ("", gettext("Any state")),
            *((key, shown.label) for key, shown in PROGRESS.items()),
        ]

    def asked(self, person: Any, shown_in: str) -> Asked:
        self.is_valid()
        data = self.cleaned_data
        return Asked(
            topic=data.get("topic", ""),
            kind=data.get("kind", ""),
            progress=data.get("state", ""),
            language=data.get("language", ""),
            search=data.get("q", ""),
            assignee=person.pk if data.get("mine") else None,
            order=data.get("order") or matrix.ORDERS[0],
            shown_in=shown_in,
        )


@admin.register(TranslationState)
class TranslationAdmin(ReadOnlyAdmin):
    """The list is the matrix; a row of it is what is stored of one text."""

    fields = (
        ("article", "language", "standing"),
        ("published_at", "minutes", "steps"),
        ("submitted_by", "submitted_at", "reviewer", "approved_by"),
        ("publish_at", "unpublish_at", "scheduled_by"),
        ("ready_at", "assignee"),
    )

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        own = [
            path("<int:pk>/work/", guard(self.work), name="helpcenter_translation_work"),
        ]
        return own + super().get_urls()

    def get_queryset(self, request: HttpRequest) -> QuerySet[TranslationState]:
        hidden = [f"article__{name}" for name in published_columns()]
        return TranslationState.objects.select_related("article").defer(*hidden)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Fifty articles of those that are asked for, or all of them as CSV."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        shown_in = shown_language()
        form = MatrixForm(request.GET, shown_in)
        found = matrix.matrix(form.asked(request.user, shown_in), timezone.now())
        if request.GET.get("format") == "csv":
            return _as_csv(found)
        page = paginate(found.rows, page_number(request), ROWS)
        context = {"form": form, "page": page, "columns": _heads(found), "legend": PROGRESS.items()}
        query = _query(request)
        context |= {
            "rows": _drawn(page.items),
            "query": f"?{query}",
            "page_query": query,
            "title": gettext("Translations"),
        }
        context["legend_days"] = [_days(6), _days(31)]
        context["may_assign"] = request.user.has_perm("helpcenter.change_article")
        return self._screen(request, "matrix", context | (extra_context or {}))

    def work(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Whose work each translation of an article is; translators take it here, leads hand it out."""
        if not request.user.has_perm("helpcenter.change_article"):
            raise PermissionDenied
        article = get_object_or_404(Article.objects.reading([]), pk=pk)
        if request.method == "POST":
            try:
                self.message_user(request, _changed(request, article))
            except ContentError as error:
                self.message_user(request, str(error), "error")
            return HttpResponseRedirect(request.get_full_path())
        title = gettext("Work on “%(slug)s”") % {"slug": article.slug}
        return self._screen(request, "work", {"title": title, "article": article, **_work_on(article, request.user)})

    def _screen(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        page = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/helpcenter/translations/{name}.html", page)


def shown_language() -> str:
    """The language in which lists name articles to the person at the screen."""
    code = get_language() or ""
    return code if code in content_languages() else "en"


def _topics(shown_in: str) -> list[tuple[str, str]]:
    """Categories with those below them, indented."""
    top = [node for node in tree.tree(shown_in).by_pk.values() if node.parent is None]
    return [(node.slug, f"{'– ' * len(node.ancestors())}{node.name}") for one in top for node in one.family()]


def _query(request: HttpRequest) -> str:
    """The filters as they stand in an address, to be followed by a page or a format."""
    query = request.GET.copy()
    for name in ("page", "format"):
        query.pop(name, None)
    return f"{query.urlencode()}&" if query else ""


def _heads(found: matrix.Matrix) -> list[dict[str, Any]]:
    """Columns with what their language is: coverage and its tone, whether it is off or an added one."""
    public, extra = freshness.current().public, {code for code, _name in settings.EXTRA_LANGUAGES}
    return [
        {
            "column": one,
            "language": languages.language(one.code),
            "tone": "ok" if one.percent >= ENOUGH else "bad" if one.percent < LITTLE else "warn",
            "is_off": one.code not in public,
            "is_extra": one.code in extra,
        }
        for one in found.columns
    ]


def _drawn(rows: list[Row]) -> Iterator[tuple[Row, list[DrawnCell]]]:
    faults = matrix.picture_faults(row.pk for row in rows)
    for row in rows:
        cells = zip(content_languages(), row.cells, strict=True)
        yield row, [drawn_cell(row, code, cell, faults.get((row.pk, code))) for code, cell in cells]


def drawn_cell(row: Row, code: str, cell: Cell, is_mute: bool | None) -> DrawnCell:
    """`is_mute` is None where pictures are in order."""
    shown = PROGRESS[cell.progress]
    word = shown.word
    if cell.progress in (Progress.OUTDATED, Progress.OVERDUE) and cell.days is not None:
        word = _days(cell.days)
    label = " · ".join(_label(code, cell, is_mute))
    initials = "".join(part[0] for part in cell.assignee.split()[:2]).upper()
    return DrawnCell(_address(row, code), word, shown.label, label, shown.tone, initials, is_mute is not None)


def _days(days: int) -> str:
    return gettext("%(days)dd") % {"days": days}


def _label(code: str, cell: Cell, is_mute: bool | None) -> Iterator[str]:
    yield gettext("%(language)s: %(state)s") % {
        "language": languages.language(code).name,
        "state": PROGRESS[cell.progress].label,
    }
    if cell.days is not None:
        message = ngettext("the source changed %(days)d day ago", "the source changed %(days)d days ago", cell.days)
        yield message % {"days": cell.days}
    if cell.assignee:
        yield gettext("work of %(person)s") % {"person": cell.assignee}
    if is_mute is not None:
        mute, foreign = gettext("a picture has no words beside it"), gettext("a picture is in another language")
        yield mute if is_mute else foreign


def _address(row: Row, code: str) -> str:
    """The translation screen, or the form of the source."""
    if code != row.source_language:
        return reverse("admin:helpcenter_article_translate", args=[row.pk, code])
    return with_language(reverse("admin:helpcenter_article_change", args=[row.pk]), code)


def _as_csv(found: matrix.Matrix) -> HttpResponse:
    """Every row that is asked for; cells in words, with the days since the source changed."""
    head = ["slug", "title", "kind", "reads", *(one.code for one in found.columns)]
    rows = ([row.slug, row.title, row.kind, row.reads, *map(_in_words, row.cells)] for row in found.rows)
    form = Format.CSV_FOR_EXCEL
    answer = HttpResponse(tables.write(head, rows, form), content_type=tables.CONTENT_TYPES[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="translations-{timezone.now():%Y-%m-%d}.csv"'
    return answer


def _in_words(cell: Cell) -> str:
    label = str(PROGRESS[cell.progress].label)
    return label if cell.days is None else f"{label} ({cell.days})"


# Whose work it is


def _work_on(article: Article, person: Any) -> dict[str, Any]:
    written = access.written_languages(person)
    states = {state.language: state for state in TranslationState.objects.of(article).select_related("assignee")}
    members = TeamMember.objects.filter(person__is_active=True, person__is_staff=True).select_related("person")
    teams: dict[str, list[Any]] = {}
    for member in members.order_by("person__name", "person__email"):
        teams.setdefault(member.language, []).append(member.person)
    source = states.get(article.source_language)
    others = [code for code in content_languages() if code != article.source_language]
    return {
        "lines": [_line(code, states.get(code), teams.get(code, []), person, code in written) for code in others],
        "source": languages.language(article.source_language),
        "state": source,
        "is_ready": source is not None and source.ready_id is not None and source.ready_id == source.published_id,
        "may_publish": access.may_publish(person, article, article.source_language),
    }


def _line(code: str, state: Any, team: list[Any], person: Any, may_write: bool) -> dict[str, Any]:
    assignee = state.assignee if state else None
    is_mine = assignee is not None and assignee.pk == person.pk
    others = [one for one in team if one.pk not in (person.pk, assignee.pk if assignee else None)]
    found = {"language": languages.language(code), "assignee": assignee, "is_mine": is_mine, "others": others}
    return {**found, "may_write": may_write, "may_assign": may_write and others}


def _changed(request: HttpRequest, article: Article) -> str:
    """Do what was posted; returns what to tell the person. Raises ContentError, PermissionDenied."""
    if "_ready" in request.POST:
        translating.make_ready(article, by=request.user)
        return gettext("“%(slug)s” is ready for translators.") % {"slug": article.slug}
    language = request.POST.get("language", "")
    if language not in content_languages():
        raise PermissionDenied
    to = _person_of(request)
    translating.assign(article, language, by=request.user, to=to)
    named = {"language": languages.language(language).name, "person": to, "slug": article.slug}
    if to is None:
        return gettext("“%(slug)s” in %(language)s is nobody’s work now.") % named
    return gettext("“%(slug)s” in %(language)s is the work of %(person)s now.") % named


def _person_of(request: HttpRequest) -> Any:
    """Whom the form names: oneself, nobody, or a member of the team."""
    if "_take" in request.POST:
        return request.user
    if "_release" in request.POST:
        return None
    key, language = request.POST.get("to", ""), request.POST.get("language", "")
    members = TeamMember.objects.filter(language=language, person__is_active=True, person__is_staff=True)
    return get_object_or_404(members.select_related("person"), person=key if is_key(key) else 0).person
