"""What the customer thought of it: asked once after a ticket is solved."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext

from tickets.actions import guarding
from tickets.actions.change import changing
from tickets.enums import EventKind, Role, Status
from tickets.errors import InvalidInput, TransitionNotAllowed
from tickets.models import Rating, Ticket

COUNTS_FOR = timedelta(days=14)  # after asking
LONGEST_COMMENT = 1000


def ask_rating(ticket: Ticket) -> Rating | None:
    """Ask for a rating of a solved ticket, keeping who is rated as of now; None where it is not solved any more or
    somebody has been asked before."""
    with changing(ticket, by=None, role=Role.SYSTEM) as change:
        if change.ticket.status != Status.SOLVED or Rating.objects.filter(ticket=change.ticket).exists():
            return None
        rating = Rating.objects.create(
            ticket=change.ticket,
            agent=change.ticket.assignee,
            language=change.ticket.language,
            asked_at=change.at,
        )
        change.record(EventKind.RATING_ASKED)
    return rating


def rate(ticket: Ticket, score: int, *, by: Any, comment: str = "") -> Rating:
    """Keep the customer's score (1 to 5) and comment; the latest counts until two weeks after asking.

    Raises PermissionDenied, InvalidInput, TransitionNotAllowed.
    """
    if score not in range(1, 6):
        raise InvalidInput(gettext("Choose one of the five answers."), "score")
    text = (
        guarding.incoming(comment, door="rating", longest=LONGEST_COMMENT, field="comment")[0]
        if comment.strip()
        else ""
    )
    with changing(ticket, by=by, role=Role.CUSTOMER) as change:
        if change.ticket.status not in (Status.SOLVED, Status.CLOSED):
            raise TransitionNotAllowed(gettext("You can rate a request once it is solved."))
        defaults = {"agent": change.ticket.assignee, "language": change.ticket.language, "asked_at": change.at}
        rating, _ = Rating.objects.get_or_create(ticket=change.ticket, defaults=defaults)
        if change.at > rating.asked_at + COUNTS_FOR:
            raise TransitionNotAllowed(gettext("A request can be rated for two weeks after it was solved."))
        rating.score, rating.comment, rating.rated_at = score, text, change.at
        rating.save()
        change.record(EventKind.RATED, score=score)
    return rating
