"""Going back to an earlier text: it is saved again, on top; nothing is taken out of the history."""

from typing import Any

from django.utils.translation import gettext

from helpcenter.actions import drafting
from helpcenter.models import Revision


def revert(revision: Revision, *, by: Any, seen: int | None = None) -> Revision:
    """Save the text of an earlier revision as the newest one. What it says means what it meant then: translations that
    were made from it are true again, and a translation is as old as it was.

    Raises what `drafting.save_revision` raises.
    """
    text = drafting.Text(
        revision.title,
        revision.body,
        revision.summary,
        revision.extra,
        tuple(revision.outdated),
        questions=tuple(revision.questions),
    )
    note = gettext("Text %(number)d again") % {"number": revision.number}
    own = {"by": by, "note": note, "seen": seen, "again": revision}
    return drafting.save_revision(revision.article, revision.language, text, **own)
