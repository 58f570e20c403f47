"""The e-mail frame: every mail of the site has the same head and foot, an HTML and a text part, and one language.

A mail is three templates: `<name>_subject.txt`, `<name>.txt` that extends `ui/mail/frame.txt`, and `<name>.html` that
extends `ui/mail/frame.html`.
"""

import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Template, loader
from django.utils import timezone
from django.utils.translation import override

from supportdesk.ui import languages

# What machines that answer mails look at, so that nobody's holiday note comes back (RFC 3834 and Exchange's own).
FROM_A_MACHINE = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
LONGEST_SUBJECT = 200  # characters
LONGEST_LINE = 998  # characters of a line in the head (RFC 5322, section 2.1.1)


def compose(
    template: str,
    context: Mapping[str, Any],
    *,
    to: str,
    language: str,
    time_zone: str = "UTC",
    headers: Mapping[str, str] | None = None,
) -> EmailMultiAlternatives:
    """A mail to one person, not sent yet.

    `template` is the name without its ending (`accounts/mail/notice`), `language` a code of the site (any other stands
    for the site's own), `time_zone` the zone that times are written in (UTC for one that is not known). The templates
    also have `site_name`, `site_url`, `language` and `subject`; addresses in them begin with `site_url`, never with the
    host of a request. `headers` are put beside those of the frame, or in their stead. Raises TemplateDoesNotExist where
    a part is missing and, when it is sent, BadHeaderError for an address of two lines.
    """
    code = language if languages.is_known(language) else settings.LANGUAGE_CODE
    with override(code), timezone.override(_zone(time_zone)):
        values = {**context, **_of_the_site(code)}
        values["subject"] = one_line(_text(f"{template}_subject.txt", values))
        message = _Mail(values["subject"], _text(f"{template}.txt", values), to=[to])
        message.attach_alternative(_html(f"{template}.html", values), "text/html")
    message.extra_headers |= {**FROM_A_MACHINE, "Content-Language": languages.tag(code), **(headers or {})}
    return message


class _Mail(EmailMultiAlternatives):
    """Folds no field that can stay whole: some programs do not find an id or an address on the line below its name."""

    def message(self, *args: Any, **known: Any) -> Any:
        message = super().message(*args, **known)
        message.policy = message.policy.clone(max_line_length=LONGEST_LINE)
        return message


def one_line(text: str) -> str:
    """Text that fits into a header: no line break and no other control character, at most `LONGEST_SUBJECT` long."""
    spaced = "".join(" " if unicodedata.category(letter) in ("Cc", "Zl", "Zp") else letter for letter in text)
    line = " ".join(spaced.split())
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1]}…"


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _of_the_site(code: str) -> dict[str, Any]:
    return {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, "language": languages.language(code)}


def _text(name: str, values: Mapping[str, Any]) -> str:
    """A template of text: nothing in it is escaped, as nothing in it is markup."""
    found: Template = loader.get_template(name).template  # type: ignore[attr-defined]
    return found.render(Context(dict(values), autoescape=False)).strip() + "\n"


def _html(name: str, values: Mapping[str, Any]) -> str:
    """A template of HTML with its styles at each element, as most mail programs want them."""
    return _inliner().inline(loader.render_to_string(name, dict(values)))


@cache
def _inliner() -> Any:
    """What puts the styles of a mail into its elements. Loaded for the first mail: most web processes send none."""
    import css_inline

    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
