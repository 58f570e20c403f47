"""What readers tell us without an account: votes with reasons, and that they read."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Count, F, FloatField, Q, Value
from django.db.models.functions import Cast, Sqrt
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpcenter.enums import FeedbackReason
from helpcenter.helpfulness import FEWEST_VOTES, Z
from helpcenter.models.article import Article


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def since(self, moment: datetime) -> "FeedbackQuerySet":
        return self.filter(created_at__gt=moment)

    def counted_by(self, *names: str) -> models.QuerySet["Feedback", dict[str, Any]]:
        """Votes in groups: `votes`, `helpful_votes`, and how many gave each reason (`reason_hard` and so on)."""
        reasons = {f"reason_{r.value}": Count("pk", filter=Q(reason=r, helpful=False)) for r in FeedbackReason}
        groups = self.order_by().values(*names)
        return groups.annotate(votes=Count("pk"), helpful_votes=Count("pk", filter=Q(helpful=True)), **reasons)

    def least_helpful(self) -> models.QuerySet["Feedback", dict[str, Any]]:
        """Articles (`about`, the number) by the upper end of their interval in each language, the lowest first: it
        takes many votes to be bad for sure. The formula is that of `helpfulness.Helped.interval`."""
        # A sum, for SQLite groups a plain column by its index, and reads the votes of all times on the way.
        groups: Any = self.annotate(about=F("article_id") + Value(0)).counted_by("about", "language")
        groups = groups.filter(votes__gte=FEWEST_VOTES)
        votes, helpful = Cast("votes", FloatField()), Cast("helpful_votes", FloatField())
        share, weight = helpful / votes, Value(Z * Z) / votes
        half = Sqrt(share * (Value(1.0) - share) * weight + weight * weight / Value(4.0))
        upper = (share + weight / Value(2.0) + half) / (Value(1.0) + weight)
        found: models.QuerySet[Feedback, dict[str, Any]] = groups.annotate(upper=upper)
        return found.order_by("upper", "-votes", "about", "language")


class Feedback(models.Model):
    """One vote of an address, article and day. The address is kept only as a hash with the day's key."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="feedback", verbose_name=_("article"))
    language = models.CharField(_("language"), max_length=12)
    helpful = models.BooleanField(_("helpful"))
    reason = models.CharField(_("reason"), max_length=20, choices=FeedbackReason.choices, blank=True)
    comment = models.TextField(_("comment"), max_length=1000, blank=True)
    address_hash = models.CharField(max_length=32, blank=True, editable=False)
    day = models.DateField(_("day"))
    created_at = models.DateTimeField(_("given"), default=timezone.now)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("reader feedback")
        verbose_name_plural = _("reader feedback")
        ordering = ["-created_at"]
        # Holds all that figures of a time are counted from, so that they are counted without reading the rows.
        indexes = [
            models.Index(fields=["created_at", "article", "language", "helpful", "reason"], name="feedback_by_time")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "address_hash", "day"],
                condition=~models.Q(address_hash=""),
                name="one_vote_per_address_and_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.article} ({self.language}): {'+' if self.helpful else '-'}"


class ReadCount(models.Model):
    """Reads of an article in a language in one hour, of readers with JavaScript."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="reads", verbose_name=_("article"))
    language = models.CharField(_("language"), max_length=12)
    hour = models.DateTimeField(_("hour (UTC)"))
    count = models.PositiveIntegerField(_("reads"), default=0)

    class Meta:
        verbose_name = _("reads")
        verbose_name_plural = _("reads")
        constraints = [models.UniqueConstraint(fields=["article", "language", "hour"], name="one_count_per_hour")]

    def __str__(self) -> str:
        return f"{self.article} {self.language} {self.hour:%Y-%m-%d %H}h: {self.count}"


class WalkCount(models.Model):
    """How often a node of a troubleshooter was shown in a language on one day (`next_node` empty), and how often its
    readers went on to another node from it, each visit once; of readers with JavaScript."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="walks", verbose_name=_("article"))
    language = models.CharField(_("language"), max_length=12)
    day = models.DateField(_("day (UTC)"))
    node = models.CharField(_("node"), max_length=80)
    next_node = models.CharField(_("next node"), max_length=80, blank=True)
    count = models.PositiveIntegerField(_("visits"), default=0)

    class Meta:
        verbose_name = _("way through a troubleshooter")
        verbose_name_plural = _("ways through troubleshooters")
        constraints = [
            models.UniqueConstraint(
                fields=["article", "language", "day", "node", "next_node"], name="one_walk_count_per_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.article} {self.language} {self.day}: {self.node} > {self.next_node or '.'} {self.count}"


class AddressUse(models.Model):
    """How often an address (as a hash with the day's key) used a door that needs no account, per hour."""

    address_hash = models.CharField(max_length=32)
    door = models.CharField(_("door"), max_length=20)
    hour = models.DateTimeField(_("hour (UTC)"))
    count = models.PositiveIntegerField(_("uses"), default=0)

    class Meta:
        verbose_name = _("use by an address")
        verbose_name_plural = _("uses by addresses")
        constraints = [models.UniqueConstraint(fields=["address_hash", "door", "hour"], name="one_use_count_per_hour")]

    def __str__(self) -> str:
        return f"{self.door} {self.hour:%Y-%m-%d %H}h: {self.count}"
