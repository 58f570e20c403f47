"""Whether a translation says the same figures and names as its source. Filled by the parity gate."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from helpcenter.actions import access, events
from helpcenter.enums import EventKind
from helpcenter.errors import NotAllowedNow
from helpcenter.models import ParityOverride, Revision
from supportdesk import guard
from supportdesk.ui import languages

SHORTEST_REASON, LONGEST_REASON = 2, 300  # characters


def differences_of(revision: Revision) -> list[Any]:
    """How a translation differs from its source; nothing for a source."""
    return []


@transaction.atomic
def accept_difference(revision: Revision, difference: Any, *, by: Any, reason: str) -> ParityOverride:
    """Let a difference between a translation and its source stay, with the reason; it holds for later texts too.

    Raises PermissionDenied for whoever does not lead in the language, NotAllowedNow without a reason.
    """
    if not access.leads(by, revision.language):
        message = gettext("Only those who lead in %(language)s accept a difference.")
        raise PermissionDenied(message % {"language": languages.language(revision.language).name})
    reason = guard.clean(reason.strip(), door="review").text[:LONGEST_REASON]
    if len(reason) < SHORTEST_REASON:
        raise NotAllowedNow(gettext("Say why the difference may stay, in a few words."))
    override, is_new = ParityOverride.objects.get_or_create(
        article=revision.article,
        language=revision.language,
        fingerprint=difference.fingerprint,
        defaults={
            "revision": revision,
            "difference": str(difference.message)[:400],
            "reason": reason,
            "by": by,
            "at": timezone.now(),
        },
    )
    if is_new:
        events.record(
            EventKind.DIFFERENCE_ACCEPTED,
            by=by,
            article=revision.article,
            language=revision.language,
            revision=revision,
        )
    return override


def refuse_differences(revision: Revision) -> None:
    """Refuse a translation that differs from its source. Raises NotPublishable."""
