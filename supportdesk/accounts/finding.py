"""Lists of the admin that are searched by addresses."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from supportdesk.accounts import addresses


class FindsAddresses(admin.ModelAdmin):
    """An address is found as it is written on paper, too: its host may be in letters outside of ASCII."""

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        found, has_twice = super().get_search_results(request, queryset, search_term)
        if search_term.isascii():
            return found, has_twice
        words = [addresses.canonical(word) if "." in word else word for word in search_term.split()]
        stored, _ = super().get_search_results(request, queryset, " ".join(words))
        return found | stored, has_twice
