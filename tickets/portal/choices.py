"""Lists that the forms offer."""

from supportdesk.ui.zones import zone_name
from tickets.fields import OFFSETS


def offsets() -> list[tuple[str, str]]:
    """What clocks of the world show: minutes from UTC, and how it is written."""
    return [(str(minutes), zone_name(minutes)) for minutes in OFFSETS]
