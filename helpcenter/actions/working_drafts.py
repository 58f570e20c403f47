"""What a person has typed and not saved yet: kept for that person alone, whoever else may read the article."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from helpcenter.actions import access, drafting
from helpcenter.content import questions
from helpcenter.errors import InvalidText
from helpcenter.models import Article, WorkingDraft
from supportdesk import guard

# Characters; what is a little too long to be saved is kept all the same.
LONGEST = {"title": drafting.LONGEST_TITLE, "summary": 400, "note": 300, "body": drafting.LONGEST_BODY}
LONGEST["questions"] = 2 * questions.MOST * questions.LONGEST


@transaction.atomic
def keep(
    article: Article | None, language: str, text: drafting.Text, *, by: Any, note: str = "", seen: int = 0
) -> WorkingDraft:
    """Keep what a person is typing, in place of what was kept before; `article` is None for a new one, `seen` the
    number of the revision that it was begun on.

    Raises PermissionDenied, and InvalidText for a secret (with its line): that stays in the browser.
    """
    _require_writing(by, article, language)
    values = {"title": text.title, "summary": text.summary, "body": text.body, "note": note}
    values["questions"] = questions.as_text(text.questions or ())
    _refuse_unfit(values)
    _refuse_secrets(text, note)
    draft, _ = WorkingDraft.objects.update_or_create(
        person=by, article=article, language=language, defaults={**values, "seen": seen, "saved_at": timezone.now()}
    )
    return draft


def own(article: Article | None, language: str, *, by: Any) -> WorkingDraft | None:
    """What this person has kept, if anything."""
    return WorkingDraft.objects.filter(person=by, article=article, language=language).first()


def discard(article: Article | None, language: str, *, by: Any) -> None:
    """Forget what this person has typed: it was saved, or is not wanted any more."""
    WorkingDraft.objects.filter(person=by, article=article, language=language).delete()


def _require_writing(by: Any, article: Article | None, language: str) -> None:
    if article is not None:
        access.require_writing(by, article, language)
    elif not by.has_perm("helpcenter.add_article"):
        raise PermissionDenied(gettext("You do not have the right “%(right)s”.") % {"right": "helpcenter.add_article"})


def _refuse_unfit(values: dict[str, str]) -> None:
    for name, text in values.items():
        if len(text) > LONGEST[name] or "\0" in text:
            raise InvalidText(gettext("What you typed is too long to be kept as a private draft. Shorten it, or save."))


def _refuse_secrets(text: drafting.Text, note: str) -> None:
    secret = next(drafting.secrets_in(text), None)
    if secret is None and guard.findings(note):
        raise InvalidText(gettext("The note seems to hold a secret, so nothing was kept. It is in your browser alone."))
    if secret is not None:
        message = gettext("Line %(line)d seems to hold a secret, so nothing was kept. It is in your browser alone.")
        if not secret[1]:
            message = gettext("The title, the summary or a question seems to hold a secret, so nothing was kept.")
        raise InvalidText(message % {"line": secret[1]}, secret[1])
