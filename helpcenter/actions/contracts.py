"""Contracts as configuration that ships with a site."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from helpcenter import freshness
from helpcenter.models import Contract


@transaction.atomic
def save_contracts(rows: Iterable[Mapping[str, Any]]) -> None:
    """Make these contracts exist as they are described, each known by its slug. Raises ValidationError for one that
    cannot be, and then none of them is saved."""
    for row in rows:
        contract = Contract.objects.filter(slug=row["slug"]).first() or Contract()
        for name, value in row.items():
            setattr(contract, name, value)
        contract.full_clean()  # also makes moments and decimals of what the file holds as text
        contract.save()
    freshness.bump()
