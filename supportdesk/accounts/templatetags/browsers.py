"""What a browser calls itself, in words that its owner knows."""

from django import template
from django.utils.translation import gettext
from ua_parser import parse

register = template.Library()

LONGEST = 500  # characters of a header that somebody sent: what a browser says of itself is far shorter


@register.filter
def browser_name(user_agent: str) -> str:
    """`Firefox on Windows`; of what nothing is known, what it calls itself, cut."""
    found = parse(user_agent[:LONGEST])
    browser = found.user_agent.family if found.user_agent else ""
    system = found.os.family if found.os else ""
    if browser and system:
        return gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or user_agent[:60] or gettext("A browser that does not say its name")
