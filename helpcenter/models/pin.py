"""What stands above the results of the search for a while, because something is going on."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpcenter.enums import PinReason
from helpcenter.models.announcement import Announcement
from helpcenter.models.article import Article


class PinQuerySet(models.QuerySet["Pin"]):
    def current(self, at: datetime | None = None) -> "PinQuerySet":
        """Those of a moment (UTC; now by default), the newest first."""
        moment = at or timezone.now()
        begun = self.filter(starts_at__lte=moment).filter(Q(ends_at__isnull=True) | Q(ends_at__gt=moment))
        return begun.order_by("-starts_at", "-pk")

    def of(self, source: str) -> "PinQuerySet":
        """Those of one who pinned them."""
        return self.filter(source=source)


class Pin(models.Model):
    """An article or an announcement that readers see first, from `starts_at` until `ends_at` (UTC; None: until somebody
    takes it down). `source` is who pinned it and `topic` what requests are about, both in the words of the app that
    pins; without a topic it is for all. `words` are what readers may search for who mean it."""

    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, null=True, related_name="pins", verbose_name=_("article")
    )
    announcement = models.ForeignKey(
        Announcement, on_delete=models.CASCADE, null=True, related_name="pins", verbose_name=_("announcement")
    )
    why = models.CharField(_("why"), max_length=10, choices=PinReason.choices)
    source = models.SlugField(_("pinned for"), max_length=60)
    topic = models.SlugField(_("topic"), max_length=60, blank=True)
    words = models.JSONField(_("words"), default=list, blank=True)
    starts_at = models.DateTimeField(_("from (UTC)"), default=timezone.now)
    ends_at = models.DateTimeField(_("until (UTC)"), null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )

    objects = PinQuerySet.as_manager()

    class Meta:
        verbose_name = _("pinned text")
        verbose_name_plural = _("pinned texts")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "topic"], condition=Q(ends_at__isnull=True), name="one_pin_of_a_topic"
            ),
            models.CheckConstraint(
                condition=Q(article__isnull=True) ^ Q(announcement__isnull=True), name="pin_is_of_one_text"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.topic}: {self.article or self.announcement}"
