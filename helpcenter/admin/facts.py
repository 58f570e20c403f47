"""Facts with their values, kinds, regions."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import Exists, Field, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from helpcenter import facts
from helpcenter.actions import fact_import, saving_facts
from helpcenter.actions.drafting import stale_draft
from helpcenter.admin.choosing import ChoosingAdmin
from helpcenter.admin.configuration import FreshensPages, HistoryAdmin
from helpcenter.admin.refusals import RefusingAdmin, see_again
from helpcenter.admin.table_files import File, TableFilesAdmin, table_in
from helpcenter.content import fact_rows
from helpcenter.errors import InvalidFact
from helpcenter.models import Fact, FactKind, FactUse, FactValue, Region
from helpcenter.units import Unit

MOST_CHANGES = 30  # of values, on the page of a fact


class NamedAdmin(FreshensPages, HistoryAdmin, TranslationAdmin):
    """Kinds and regions: a name in every language."""

    list_per_page = 100
    named_by = "slug"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Texts, files and addresses name them by it: it does not change."""
        return (self.named_by,) if obj is not None else ()


@admin.register(FactKind)
class FactKindAdmin(NamedAdmin):
    list_display = ("slug", "unit", "name", "position")
    search_fields = ("slug", "name_en", "name_zh_hans")


@admin.register(Region)
class RegionAdmin(NamedAdmin):
    named_by = "code"
    list_display = ("code", "name", "position")


class FactForm(forms.ModelForm):
    """`seen` tells whether somebody else has saved the fact since the form was opened."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Fact
        fields = ("subject", "kind", "unit")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = self.instance.updated_at.isoformat()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        saved = self.instance.updated_at.isoformat() if self.instance.pk else ""
        if saved and data.get("seen") and data["seen"] != saved:
            see_again(self, saved)
            self.add_error(None, stale_draft())
        if data.get("subject") and data.get("kind"):
            self._clean_unit(Fact(subject=data["subject"], kind=data["kind"], unit=data.get("unit", "")))
        return data

    def _clean_unit(self, fact: Fact) -> None:
        try:
            saving_facts.refuse_unfit(fact)
        except InvalidFact as error:
            self.add_error("unit", str(error))
        else:
            self.cleaned_data["unit"] = fact.unit


class ValuesFormSet(forms.BaseInlineFormSet):
    """Each value in the form of its unit, and no two at the same time in the same region."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ended: list[FactValue] = []  # stored values that a new one ends; nobody changed their rows

    @cached_property
    def region_choices(self) -> list[tuple[Any, str]]:
        return [("", "–"), *((region.pk, str(region)) for region in Region.objects.all())]

    def add_fields(self, form: Any, index: int | None) -> None:
        """One query for the regions of all rows."""
        super().add_fields(form, index)
        form.fields["region"].choices = self.region_choices

    def clean(self) -> None:
        super().clean()
        if any(self.errors) or not getattr(self.instance, "kind_id", None):
            return
        try:
            saving_facts.refuse_unfit(self.instance)
        except InvalidFact:
            return  # the form above says so
        kept = [form for form in self.forms if form.cleaned_data and form not in self.deleted_forms]
        self._end_followed(kept)
        dated = {id(form): value for form in kept if (value := self._tidy(form))}
        for number, form in enumerate(kept):
            for other in kept[:number]:
                one, two = dated.get(id(form)), dated.get(id(other))
                if one and two and one.overlaps(two):
                    form.add_error("effective_from", saving_facts.overlap(self.instance.key, one, two))

    def _end_followed(self, kept: list[Any]) -> None:
        """A value without an end gives way to a new one of the same region that begins after it, as in an import."""
        for new in sorted(
            (form for form in kept if form.instance.pk is None), key=lambda form: form.instance.effective_from
        ):
            for form in kept:
                one, next_one = form.instance, new.instance
                is_followed = one.effective_until is None and one.effective_from < next_one.effective_from
                if is_followed and one.region_id == next_one.region_id:
                    one.effective_until = next_one.effective_from
                    if one.pk is not None and not form.has_changed():
                        self.ended.append(one)

    def _tidy(self, form: Any) -> facts.DatedValue | None:
        try:
            saving_facts.tidy(form.instance, Unit.of(self.instance.unit))
        except InvalidFact as error:
            form.add_error("value", str(error))
            return None
        value: facts.DatedValue = form.instance.dated()
        return value


class FactValueInline(admin.TabularInline):
    model = FactValue
    formset = ValuesFormSet
    extra = 1
    fields = ("region", "value", "effective_from", "effective_until", "source", "note")
    sizes: ClassVar[dict[str, int]] = {"value": 14, "source": 20, "note": 14}  # characters, so that a row fits a screen

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in self.sizes:
            kwargs["widget"] = forms.TextInput(attrs={"size": self.sizes[db_field.name], "class": "sd-short"})
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name == "region":
            for link in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
                setattr(field.widget, link, False)
        return field

    def get_queryset(self, request: HttpRequest) -> QuerySet[FactValue]:
        return super().get_queryset(request).select_related("region", "fact__kind").order_by("effective_from")


class ValueTodayFilter(admin.SimpleListFilter):
    title = _("value today")
    parameter_name = "today"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("missing", gettext("without a value today")), ("used", gettext("missing, and named by public texts"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "missing":
            return queryset.without_value()
        return queryset.without_value().used() if self.value() == "used" else queryset


class FactRegionFilter(admin.SimpleListFilter):
    title = _("region")
    parameter_name = "region"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(region.code, str(region)) for region in Region.objects.all()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        own = FactValue.objects.filter(fact=OuterRef("pk"), region__code=self.value())
        return queryset.filter(Exists(own)) if self.value() else queryset


@admin.register(Fact)
class FactAdmin(TableFilesAdmin, HistoryAdmin, ChoosingAdmin, RefusingAdmin):
    form = FactForm
    change_form_template = "admin/helpcenter/fact/change_form.html"
    table_name = "facts"
    where = _("Region")
    inlines = (FactValueInline,)
    list_display = ("key", "shown_kind", "today", "since", "is_named")
    list_filter = (ValueTodayFilter, FactRegionFilter, ("kind", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("kind",)
    list_per_page = 50
    search_fields = ("subject", "kind__slug", "kind__name_en")
    autocomplete_fields = ("kind",)
    fields = (("subject", "kind"), "unit", "seen")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Fact]:
        """Facts with the value that readers of no particular region are shown now."""
        begun = FactValue.objects.filter(fact=OuterRef("pk"), region=None).begun().order_by("-effective_from")
        shown = {
            "shown_value": Subquery(begun.values("value")[:1]),
            "shown_since": Subquery(begun.values("effective_from")[:1]),
            "shown_until": Subquery(begun.values("effective_until")[:1]),
            "named": Exists(FactUse.objects.filter(fact=OuterRef("pk"))),
        }
        return Fact.objects.select_related("kind").annotate(**shown)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[QuerySet[Fact], bool]:
        """A key is found as texts name it, `{fact:account.link-validity}` or without the braces."""
        words = search_term.replace("{fact:", " ").replace("}", " ").replace(".", " ")
        return super().get_search_results(request, queryset, words)

    def get_readonly_fields(self, request: HttpRequest, obj: Fact | None = None) -> tuple[str, ...]:
        """Texts name a fact by its key: it does not change."""
        return ("subject", "kind") if obj is not None else ()

    def revert_disabled(self, request: HttpRequest, obj: Fact | None = None) -> bool:
        return True  # a fact without the values that it had then would be another one

    def plan_import(self, files: list[File], data: dict[str, Any]) -> fact_import.Plan:
        return fact_import.plan(table_in(files))

    def apply_import(self, files: list[File], data: dict[str, Any], by: Any) -> fact_import.Plan:
        return fact_import.apply(table_in(files), by=by, digest=data["digest"])

    def import_columns(self) -> Sequence[str]:
        return fact_rows.COLUMNS

    def export_rows(self, queryset: QuerySet[Fact]) -> tuple[Sequence[str], Iterable[Sequence[object]]]:
        return fact_import.export(queryset)

    @admin.display(description=_("kind"), ordering="kind__position")
    def shown_kind(self, fact: Fact) -> str:
        return fact.kind.name or fact.kind.name_en or fact.kind.slug  # type: ignore[attr-defined]  # modeltranslation's

    @admin.display(description=_("value today"))
    def today(self, fact: Any) -> str:
        if fact.shown_value is None:
            return format_html("<strong>{}</strong>", gettext("no value has begun"))
        drawn = Unit.of(fact.unit).draw(fact.shown_value, get_language() or "en")
        if not _is_over(fact):
            return drawn
        return format_html("{} <strong>({})</strong>", drawn, gettext("ended; still shown"))

    @admin.display(description=_("since"))
    def since(self, fact: Any) -> Any:
        return fact.shown_since

    @admin.display(description=_("named by public texts"), boolean=True)
    def is_named(self, fact: Any) -> bool:
        return bool(fact.named)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: Any = False,
        change: Any = False,
        form_url: str = "",
        obj: Fact | None = None,
    ) -> HttpResponse:
        if obj is not None:
            uses = FactUse.objects.filter(fact=obj).select_related("article", "announcement")
            context["uses"] = uses.only("language", "article__slug", "announcement__slug", "fact_id")
            changes = FactValue.history.filter(fact_id=obj.pk).select_related("history_user", "region")  # type: ignore[attr-defined]
            context["changes"] = changes[:MOST_CHANGES]
            context["is_without_value"] = Fact.objects.filter(pk=obj.pk).without_value().exists()
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request: HttpRequest, obj: Fact, form: Any, change: bool) -> None:
        """A changed fact is stored together with its values, below."""
        if not change:
            saving_facts.save_fact(obj, by=request.user)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        changed = [*formset.save(commit=False), *formset.ended]
        own = {
            "changed": changed,
            "removed": formset.deleted_objects,
            "seen": form.cleaned_data["seen"] if change else "",
        }
        saving_facts.save_fact(form.instance, by=request.user, **own)

    def delete_model(self, request: HttpRequest, obj: Fact) -> None:
        saving_facts.delete_fact(obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Fact]) -> None:
        for fact in queryset:
            saving_facts.delete_fact(fact, by=request.user)


def _is_over(fact: Any) -> bool:
    return fact.shown_until is not None and fact.shown_until <= timezone.now()
