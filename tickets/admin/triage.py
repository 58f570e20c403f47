"""The rules of triage: what they look for, what follows from it, and a page to try a text on; corrections, to look at;
what was learned, and which of it is in use."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpcenter.admin.configuration import HistoryAdmin
from supportdesk.ui import languages
from supportdesk.ui.languages import content_languages
from supportdesk.ui.records import ReadOnlyAdmin
from tickets import triage
from tickets.access import Access
from tickets.actions import learning, triaging
from tickets.admin.records import DeskRecordAdmin
from tickets.enums import Priority, RuleKind
from tickets.models import Ticket, Topic, TriageLabel, TriagePhrases, TriageRule, TriageTable
from tickets.triage_rules import Signal
from tickets.wordlists import FORM

LONGEST_TRIED = 8000
MOST_SHARES = 3  # topics whose probability is shown


def _languages() -> list[tuple[str, Any]]:
    """Of phrases: the site's languages, and the answers of the form."""
    return [*((code, languages.language(code).name) for code in content_languages()), (FORM, _("Answers of the form"))]


class TriagePhrasesForm(forms.ModelForm):
    language = forms.ChoiceField(label=_("Language"), choices=_languages)

    class Meta:
        model = TriagePhrases
        fields = ("language", "lines")
        widgets = {"lines": forms.Textarea(attrs={"rows": 6, "cols": 100, "dir": "auto"})}


class TriagePhrasesInline(admin.StackedInline):
    model = TriagePhrases
    form = TriagePhrasesForm
    extra = 0


class TryForm(forms.Form):
    text = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_TRIED,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 100, "dir": "auto"}),
        help_text=_("What a customer might write. It is not stored."),
    )
    topic = forms.ChoiceField(label=_("Topic that the customer chose"), required=False)
    language = forms.ChoiceField(label=_("Language of the form"), choices=lambda: _languages()[:-1])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = [(topic.key, str(topic)) for topic in Topic.objects.all()]
        self.fields["topic"].choices = [("", _("none, as in a mail")), *topics]  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Found:
    """A signal with what it stands in: `before` and `after` are up to forty letters of the text around its words.
    `rule` is None where it was learned."""

    rule: TriageRule | None
    kind: str
    before: str
    words: str
    after: str
    weight: float
    field: str


@admin.register(TriageRule)
class TriageRuleAdmin(HistoryAdmin):
    change_list_template = "admin/tickets/triagerule/change_list.html"
    list_display = ("name", "key", "kind", "topic", "priority", "department", "is_active")
    list_filter = ("kind", "is_active", "topic")
    list_select_related = ("topic", "department")
    search_fields = ("key", "name", "phrases__lines")
    fields = (
        ("key", "name"),
        ("kind", "is_active", "order"),
        ("topic", "weight"),
        ("priority", "department"),
        "needs",
        "advice",
    )
    inlines = (TriagePhrasesInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("key",) if obj else ()

    # Every change makes the rules new.

    def save_model(self, request: HttpRequest, obj: TriageRule, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        triaging.rules_changed()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        triaging.rules_changed()

    def delete_model(self, request: HttpRequest, obj: TriageRule) -> None:
        super().delete_model(request, obj)
        triaging.rules_changed()

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        super().delete_queryset(request, queryset)
        triaging.rules_changed()

    # Trying a text

    def get_urls(self) -> list[URLPattern]:
        screen = path("try/", self.admin_site.admin_view(self.try_text), name="tickets_triagerule_try")
        return [screen, *super().get_urls()]

    def try_text(self, request: HttpRequest) -> HttpResponse:
        """What the rules make of a text; nothing is stored."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = TryForm(request.POST if request.method == "POST" else None, initial={"language": "en"})
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("Try a text"), "form": form}
        if form.is_valid():
            context |= _tried(**form.cleaned_data)
        return TemplateResponse(request, "admin/tickets/triagerule/try.html", context)


def _tried(text: str, topic: str, language: str) -> dict[str, Any]:
    found = triage.classify(text, language, {}, triaging.rules(), chosen=topic, now=timezone.now())
    rules = {rule.key: rule for rule in TriageRule.objects.all()}
    topics = {row.key: row for row in Topic.objects.all()}
    own = topics.get(found.topic)
    priority = triage.priority_of(own.priority if own else Priority.NORMAL, found)
    return {
        "found": found,
        "topic": own or found.topic,
        "priority": Priority(priority).label,
        "language": languages.language(found.language).name,
        "deciding": [rules[key].name if key in rules else RuleKind.LEARNED.label for key in found.deciding],
        "scores": [(topics.get(key, key), score) for key, score in sorted(found.scores.items(), key=_by_score)],
        "shares": [
            (topics.get(key, key), share * 100)
            for key, share in sorted(found.shares.items(), key=_by_score)[:MOST_SHARES]
        ],
        "signals": [_found(text, signal, rules.get(signal.rule_id)) for signal in found.signals],
    }


def _by_score(pair: tuple[str, float]) -> tuple[float, str]:
    return -pair[1], pair[0]


def _found(text: str, signal: Signal, rule: TriageRule | None) -> Found:
    return Found(
        rule=rule,
        kind=str(RuleKind(signal.kind).label),
        before=text[max(0, signal.start - 40) : signal.start],
        words=text[signal.start : signal.end],
        after=text[signal.end : signal.end + 40] if signal.end else "",
        weight=signal.weight,
        field=signal.field,
    )


@admin.register(TriageLabel)
class TriageLabelAdmin(DeskRecordAdmin):
    """What agents changed of a proposal."""

    list_display = ("at", "number", "field", "proposed", "chosen", "by")
    list_filter = ("field", "chosen")
    ordering = ("-at", "-pk")
    fields = (("at", "by"), "number", ("field", "proposed", "chosen"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[TriageLabel]:
        seen = Ticket.objects.visible_to(Access.of_staff(request.user))
        return TriageLabel.objects.filter(ticket__in=seen).select_related("ticket", "by")

    @admin.display(description=_("ticket"))
    def number(self, label: TriageLabel) -> str:
        return label.ticket.reference


@admin.register(TriageTable)
class TriageTableAdmin(ReadOnlyAdmin):
    """What was learned, how good it is, and which of it is in use."""

    list_display = ("made_at", "origin", "is_in_use", "text_count", "ticket_count", "correction_count", "macro_f1")
    fields = (
        ("made_at", "origin", "is_in_use"),
        ("text_count", "ticket_count", "correction_count"),
        "macro_f1",
        "by_topic",
        "by_language",
    )
    actions = ("use", "switch_off")

    def get_queryset(self, request: HttpRequest) -> QuerySet[TriageTable]:
        return super().get_queryset(request).defer("table")

    def has_use_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("tickets.change_triagetable"))

    @admin.action(description=_("Put in use"), permissions=["use"])
    def use(self, request: HttpRequest, queryset: QuerySet[TriageTable]) -> None:
        row = queryset.first()
        if row is None or queryset.count() > 1:
            self.message_user(request, gettext("Choose one table."), messages.WARNING)
            return
        learning.put_in_use(row)

    @admin.action(description=_("Go by the rules alone"), permissions=["use"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[TriageTable]) -> None:
        learning.switch_off()

    @admin.display(description=_("macro-F1, by the rules alone and with it"))
    def macro_f1(self, row: TriageTable) -> str:
        return _two(row.scores, "macro_f1")

    @admin.display(description=_("F1 by topic"))
    def by_topic(self, row: TriageTable) -> str:
        return self._rows(row.scores, "topics", "f1")

    @admin.display(description=_("topic found, by language"))
    def by_language(self, row: TriageTable) -> str:
        return self._rows(row.scores, "languages", "topic")

    def _rows(self, scores: dict[str, Any], part: str, figure: str) -> str:
        names = scores.get("with", {}).get(part, {})
        before, after = scores.get("without", {}).get(part, {}), names
        lines = [(name, _two({"without": before.get(name, {}), "with": after[name]}, figure)) for name in names]
        cells = format_html_join("", '<tr><th scope="row"><bdi>{}</bdi></th><td>{}</td></tr>', lines)
        return format_html("<table><tbody>{}</tbody></table>", cells)


def _two(scores: dict[str, Any], figure: str) -> str:
    """A figure by the rules alone, and with what was learned."""
    before, after = (scores.get(name, {}).get(figure, 0.0) for name in ("without", "with"))
    return f"{before:.2f} → {after:.2f}"
