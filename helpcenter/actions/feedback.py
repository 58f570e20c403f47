"""Readers' votes on articles."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from helpcenter.actions import counting
from helpcenter.enums import FeedbackReason
from helpcenter.errors import TooManyPosts
from helpcenter.models import Article, Feedback
from supportdesk import guard

VOTES_PER_HOUR = 30  # of one address, over all articles


@dataclass(frozen=True)
class Vote:
    """`address_hash` is the keyed hash of the day; the address itself is never stored."""

    helpful: bool
    reason: str = ""
    comment: str = ""
    address_hash: str = ""


@transaction.atomic
def give_feedback(article: Article, language: str, vote: Vote) -> Feedback:
    """Store a reader's vote; a second one of the same day replaces the first. Secrets in the comment are removed.

    Raises TooManyPosts.
    """
    now = timezone.now()
    if counting.use_address(vote.address_hash, "feedback", now) > VOTES_PER_HOUR:
        raise TooManyPosts(gettext("You have sent a lot of feedback in the last hour. Please try again later."))
    values = {
        "language": language,
        "helpful": vote.helpful,
        "reason": vote.reason if vote.reason in FeedbackReason.values else "",
        "comment": guard.clean(vote.comment, door="feedback").text,
        "created_at": now,
    }
    feedback, _ = Feedback.objects.update_or_create(
        article=article, address_hash=vote.address_hash, day=now.date(), defaults=values
    )
    return feedback
