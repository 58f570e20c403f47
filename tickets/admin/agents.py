"""Agents: where they belong, what they write and may answer about."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Field, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from helpcenter.admin.languages import language_choices
from supportdesk.accounts.finding import FindsAddresses
from supportdesk.outbox import delivery
from supportdesk.ui import languages
from tickets.actions import dispatching
from tickets.admin.staff import StaffChoosingAdmin
from tickets.admin.translated import text_choice
from tickets.models import Agent, AgentCertificate, AgentLanguage


class OfALanguage(admin.TabularInline):
    extra = 0

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "language":
            return text_choice(language_choices(), db_field)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class AgentLanguageInline(OfALanguage):
    model = AgentLanguage


class AgentCertificateInline(OfALanguage):
    model = AgentCertificate
    fields = ("skill", "language", "issued_at", "expires_at", "stale_since", "source")

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "stale_since":
            kwargs["help_text"] = _("From then on it counts for seven more days, and for security no more.")
        return super().formfield_for_dbfield(db_field, request, **kwargs)


def _named(code: str) -> str:
    """A language as its readers call it; its code where the site has it no longer."""
    return languages.language(code).name if languages.is_known(code) else code


@admin.register(Agent)
class AgentAdmin(StaffChoosingAdmin, FindsAddresses):
    """Presence is the agent's own; it is shown and not changed here."""

    staff = ("person",)
    list_display = ("person", "presence", "capacity", "writes", "belongs")
    list_filter = ("presence", "departments")
    search_fields = ("person__name", "person__email", "public_name")
    fields = (
        "person",
        "departments",
        "capacity",
        "public_name",
        "signature",
        "has_shortcuts",
        "presence",
        "presence_since",
    )
    readonly_fields = ("presence", "presence_since")
    ordering = ("person__name", "person__email")
    inlines = (AgentLanguageInline, AgentCertificateInline)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A handful of departments: boxes to tick need no script."""
        return super().formfield_for_manytomany(db_field, request, **{**kwargs, "widget": forms.CheckboxSelectMultiple})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Agent]:
        return Agent.objects.select_related("person").prefetch_related("languages", "departments")

    def get_readonly_fields(self, request: HttpRequest, obj: Agent | None = None) -> tuple[str, ...]:
        """Somebody else is a new agent."""
        return (*self.readonly_fields, *(("person",) if obj else ()))

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return self._tell_dispatcher(super().log_addition(request, obj, message))

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Comes last, after the languages and certificates are stored too."""
        return self._tell_dispatcher(super().log_change(request, obj, message))

    def _tell_dispatcher(self, entry: Any) -> Any:
        delivery.post(dispatching.SKILLS, entry.pk)
        return entry

    @admin.display(description=_("languages"))
    def writes(self, agent: Agent) -> str:
        return ", ".join(f"{_named(known.language)} ({known.get_level_display()})" for known in agent.languages.all())

    @admin.display(description=_("departments"))
    def belongs(self, agent: Agent) -> str:
        return ", ".join(department.staff_name for department in agent.departments.all())
