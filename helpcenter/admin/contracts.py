"""The contracts, with what their specification pages still lack."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from helpcenter.admin.configuration import FreshensPages, HistoryAdmin
from helpcenter.contract_facts import contract_facts
from helpcenter.contracts.terms import terms_of
from helpcenter.errors import ContractIncomplete
from helpcenter.models import Article, Contract


class ContractForm(forms.ModelForm):
    class Meta:
        model = Contract
        fields = (
            "slug",
            "symbol",
            "form",
            "base",
            "quote",
            "settle",
            "expires_at",
            "is_listed",
            "example_price",
            "example_size",
        )


@admin.register(Contract)
class ContractAdmin(FreshensPages, HistoryAdmin):
    form = ContractForm
    list_display = ("symbol", "form", "settle", "expires_at", "is_listed")
    list_filter = ("form", "is_listed")
    search_fields = ("symbol", "slug")
    readonly_fields = ("missing",)

    def get_fields(self, request: HttpRequest, obj: Contract | None = None) -> tuple[str, ...]:
        return (*ContractForm.Meta.fields, "missing") if obj else ContractForm.Meta.fields

    @admin.display(description=_("What is missing"))
    def missing(self, contract: Contract) -> Any:
        """Why readers see no worked examples and no calculator; nothing where they do."""
        reasons = [str(reason) for reason in (_page_of(contract), _figures_of(contract)) if reason]
        return " ".join(reasons) or _("Nothing.")


def _page_of(contract: Contract) -> str | Promise:
    pages = Article.objects.public().published().of_contracts().filter(slug=contract.slug)
    return "" if pages.exists() else _("No specification page with this slug is published.")


def _figures_of(contract: Contract) -> str:
    try:
        terms_of(contract, contract_facts(contract.slug, "", timezone.now()).values)
    except ContractIncomplete as error:
        return str(error)
    return ""
