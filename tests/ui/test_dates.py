"""Dates are written as each language writes them in a sentence."""

from datetime import date

import pytest
from django.utils.formats import date_format
from django.utils.translation import override

DAY = date(2026, 3, 2)


@pytest.mark.parametrize("format", ["DATE_FORMAT", "YEAR_MONTH_FORMAT", "MONTH_DAY_FORMAT", "l", "E", "N"])
def test_months_and_days_are_small_in_portuguese(format):
    with override("pt-br"):
        shown = date_format(DAY, format)
    assert shown == shown.lower()
    assert "março" in shown or format == "l"


def test_a_date_in_portuguese():
    with override("pt-br"):
        assert date_format(DAY) == "2 de março de 2026"
