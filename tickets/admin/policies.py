"""Policies of answering times: whom they are meant for, their minutes and hours, and what is promised to an example."""

import re
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Exists, OuterRef, QuerySet
from django.forms.forms import DeclarativeFieldsMetaclass
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from helpcenter.admin.configuration import HistoryAdmin
from helpcenter.admin.languages import language_choices
from supportdesk.ui.records import ReadOnlyAdmin
from tickets import editions, sweep
from tickets.actions import publishing_policies
from tickets.admin.publishing import PublishingAdmin, progress_of
from tickets.enums import Channel, Metric, Priority
from tickets.models import PolicyEdition, SlaPolicy, SlaTarget, Topic, WarnLevel
from tickets.models.policy import MOST_MINUTES
from tickets.policies import Facts, Policies

METRICS = (Metric.FIRST_REPLY, Metric.NEXT_REPLY, Metric.RESOLUTION)
PRIORITIES = (Priority.URGENT, Priority.HIGH, Priority.NORMAL, Priority.LOW)


def _topic_choices() -> list[tuple[str, str]]:
    return [(topic.key, str(topic)) for topic in Topic.objects.all()]


def _several(label: Any, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None: all.")
    )


def _minutes(metric: Metric) -> forms.IntegerField:
    return forms.IntegerField(
        label=format_lazy(_("{clock}, minutes"), clock=metric.label),
        required=False,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MINUTES)],
        widget=forms.NumberInput(attrs={"class": "vIntegerField"}),
    )


TARGETS = {f"{priority.value}_{metric.value}": metric for priority in PRIORITIES for metric in METRICS}
TargetFields: Any = DeclarativeFieldsMetaclass(
    "TargetFields", (forms.Form,), {n: _minutes(m) for n, m in TARGETS.items()}
)


class TargetsForm(TargetFields, forms.ModelForm):
    """Minutes by priority and clock, kept as rows."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for target in self.instance.targets.all() if self.instance.pk else ():
            self.initial[f"{target.priority}_{target.metric}"] = target.minutes

    def _save_m2m(self) -> None:
        super()._save_m2m()
        for priority in PRIORITIES:
            for metric in METRICS:
                self._keep_target(priority, metric, self.cleaned_data.get(f"{priority.value}_{metric.value}"))

    def _keep_target(self, priority: str, metric: str, minutes: int | None) -> None:
        rows = SlaTarget.objects.filter(policy=self.instance, priority=priority, metric=metric)
        if minutes is None:
            rows.delete()
        elif not rows.update(minutes=minutes):
            SlaTarget.objects.create(policy=self.instance, priority=priority, metric=metric, minutes=minutes)


class SlaPolicyForm(TargetsForm):
    """Which tickets a policy is meant for, and what it promises them."""

    topics = _several(_("Topics"), _topic_choices)
    languages = _several(_("Languages"), language_choices)
    channels = _several(_("Channels"), Channel.choices)
    tiers = forms.CharField(
        label=_("Tiers"),
        required=False,
        help_text=_("As accounts have them, separated by commas, such as vip, market-maker. None: all."),
    )

    class Meta:
        model = SlaPolicy
        fields = "__all__"  # noqa: DJ007 - the admin names them

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial["tiers"] = ", ".join(self.instance.tiers)
        self.fields["order"].help_text = _("The lowest is asked first, and the first that fits decides.")
        for priority in PRIORITIES:
            self.fields[f"calendar_{priority.value}"].empty_label = _("Round the clock")  # type: ignore[attr-defined]

    def clean_tiers(self) -> list[str]:
        tiers = [tier.strip().lower() for tier in self.cleaned_data["tiers"].split(",") if tier.strip()]
        wrong = [tier for tier in tiers if not re.fullmatch(r"[\w-]{1,20}", tier)]
        if wrong:
            message = _("%(tiers)s: a tier has at most 20 letters, digits, hyphens and underscores.")
            raise forms.ValidationError(message, params={"tiers": ", ".join(wrong)})
        return tiers

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not any(data.get(name) for name in TARGETS):
            self.add_error(None, _("Promise at least one thing: write the minutes of a clock."))
        return data


class ExampleForm(forms.Form):
    """A ticket that might come."""

    topic = forms.ChoiceField(label=_("Topic"), choices=_topic_choices)
    language = forms.ChoiceField(label=_("Language"), choices=language_choices)
    tier = forms.SlugField(label=_("Tier"), required=False, max_length=20)
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    priority = forms.ChoiceField(label=_("Priority"), choices=Priority.choices, initial=Priority.NORMAL)
    at = forms.DateTimeField(
        label=_("Moment (UTC)"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"],
    )


def promised(data: dict[str, Any]) -> list[dict[str, Any]]:
    """What the newest policies promise to an example: a row for each clock with its policy, minutes, calendar and due
    time, or none."""
    editions.forget()  # what was just saved, not what held some seconds ago
    policies = editions.current().policies
    facts = Facts(**{name: data[name] for name in ("priority", "topic", "language", "tier", "channel")})
    return [_promised(policies, facts, metric, data["at"]) for metric in METRICS]


def _promised(policies: Policies, facts: Facts, metric: Metric, at: Any) -> dict[str, Any]:
    promise = policies.promise(facts, metric)
    row = {"clock": metric.label, "policy": policies.name(facts)}
    if promise is None:
        return row
    target, calendar = promise
    due = policies.calendar(calendar).add(at, target)
    return row | {"minutes": target // 60, "calendar": calendar, "due": due}


def _part(priority: Priority) -> Any:
    """The minutes and the hours of one priority."""
    minutes = tuple(f"{priority.value}_{metric.value}" for metric in METRICS)
    text = _("Minutes in the hours chosen here. An empty one promises nothing, and no later policy is asked for it.")
    return priority.label, {"fields": (minutes, f"calendar_{priority.value}"), "description": text}


@admin.register(SlaPolicy)
class SlaPolicyAdmin(PublishingAdmin):
    form = SlaPolicyForm
    change_list_template = "admin/tickets/slapolicy/change_list.html"
    list_display = ("name", "order", "meant_for", "first_reply")
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ("name", "order")}),
        (_("Which tickets"), {"fields": ("topics", "languages", "tiers", "channels")}),
        *map(_part, PRIORITIES),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[SlaPolicy]:
        return super().get_queryset(request).prefetch_related("targets")

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.what_is_promised)
        return [path("promised/", page, name="tickets_slapolicy_promised"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        newest = PolicyEdition.objects.order_by("-number").first()
        own = {"progress": progress_of(newest) if newest else ""}
        return super().changelist_view(request, {**(extra_context or {}), **own})

    def publish(self, request: HttpRequest) -> None:
        super().publish(request)
        text = gettext("“%(policy)s” is never asked: “%(wider)s” comes before it and fits all of its tickets.")
        for policy, wider in publishing_policies.never_asked(list(SlaPolicy.objects.all())):
            self.message_user(request, text % {"policy": policy, "wider": wider}, messages.WARNING)

    @admin.display(description=_("meant for"))
    def meant_for(self, policy: SlaPolicy) -> str:
        lists = (policy.topics, policy.languages, policy.tiers, policy.channels)
        return "; ".join(", ".join(values) for values in lists if values) or gettext("all tickets")

    @admin.display(description=_("first reply: urgent, high, normal, low (minutes)"))
    def first_reply(self, policy: SlaPolicy) -> str:
        minutes = {t.priority: str(t.minutes) for t in policy.targets.all() if t.metric == Metric.FIRST_REPLY}
        return " / ".join(minutes.get(priority.value, "–") for priority in PRIORITIES)

    def what_is_promised(self, request: HttpRequest) -> HttpResponse:
        """The due times of a ticket that might come, by what is saved."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        is_asked = "priority" in request.GET
        initial = {"at": timezone.now().replace(second=0, microsecond=0)}
        with timezone.override("UTC"):
            form = ExampleForm(request.GET) if is_asked else ExampleForm(initial=initial)
            rows = promised(form.cleaned_data) if is_asked and form.is_valid() else []
            context = self.framed(request, gettext("What is promised"), form=form, rows=rows)
            return TemplateResponse(request, "admin/tickets/slapolicy/promised.html", context).render()


@admin.register(PolicyEdition)
class PolicyEditionAdmin(ReadOnlyAdmin):
    """What was promised when, and how far open tickets followed."""

    list_display = ("number", "at", "by", "policies", "progress")
    list_select_related = ("by",)
    fields = ("number", "at", "by", "progress", "policies", "calendars")
    list_per_page = 20

    def get_queryset(self, request: HttpRequest) -> QuerySet[PolicyEdition]:
        newer = PolicyEdition.objects.filter(number__gt=OuterRef("number"))
        return super().get_queryset(request).annotate(is_replaced=Exists(newer))

    @admin.display(description=_("policies"))
    def policies(self, edition: PolicyEdition) -> str:
        return ", ".join(policy["name"] for policy in edition.content["policies"]) or "-"

    @admin.display(description=_("calendars"))
    def calendars(self, edition: PolicyEdition) -> str:
        return ", ".join(edition.content["calendars"]) or "-"

    @admin.display(description=_("open tickets"))
    def progress(self, edition: Any) -> str:
        if edition.is_replaced and edition.done_at is None:
            return gettext("A newer edition took its place.")
        return progress_of(edition)


@admin.register(WarnLevel)
class WarnLevelAdmin(HistoryAdmin):
    list_display = ("percent", "tells_assignee", "tells_leads")
    fields = ("percent", "tells_assignee", "tells_leads")

    def save_model(self, request: HttpRequest, obj: WarnLevel, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        sweep.look_at_all_again()
