"""What agents say of articles: which one is wrong, which one is missing."""

from typing import Any

from django.db import transaction

from helpcenter.actions import upkeep
from helpcenter.enums import TaskKind
from helpcenter.models import Article, ContentTask
from tickets.actions import guarding
from tickets.actions.change import changing
from tickets.enums import EventKind
from tickets.models import Ticket


@transaction.atomic
def report_article(
    ticket: Ticket, *, by: Any, note: str, article: Article | None = None, language: str = ""
) -> ContentTask:
    """Ask the content team to correct an article, or to write the one that is missing. The note passes the guard; the
    customer's words stay on the ticket, whose number it names.

    Raises PermissionDenied, InvalidInput.
    """
    text = guarding.incoming(note, door="article_report", longest=800, field="note")[0]
    kind = TaskKind.CORRECT if article is not None else TaskKind.WRITE
    with changing(ticket, by=by) as change:
        task = ContentTask(
            kind=kind, article=article, language=language or ticket.language, note=f"{ticket.reference}: {text}"
        )
        upkeep.open_task(task, by=None)  # agents report; who may change articles is another right
        change.record(EventKind.ARTICLE_REPORTED, task=task.pk, article=article.pk if article else None)
    return task
