"""Lists that the forms offer."""

from django.utils.translation import pgettext_lazy

from supportdesk.ui.zones import zone_name
from tickets.fields import OFFSETS

SCORES = [
    (1, pgettext_lazy("rating", "Very poor")),
    (2, pgettext_lazy("rating", "Poor")),
    (3, pgettext_lazy("rating", "OK")),
    (4, pgettext_lazy("rating", "Good")),
    (5, pgettext_lazy("rating", "Very good")),
]


def offsets() -> list[tuple[str, str]]:
    """What clocks of the world show: minutes from UTC, and how it is written."""
    return [(str(minutes), zone_name(minutes)) for minutes in OFFSETS]
