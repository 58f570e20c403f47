"""What happened to content: ids and kinds, never text."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpcenter.enums import EventKind
from helpcenter.models.announcement import Announcement
from helpcenter.models.article import Article
from helpcenter.models.fact import Fact
from helpcenter.models.revision import Revision


class ContentEventQuerySet(models.QuerySet["ContentEvent"]):
    def publications(self, article: Article, language: str) -> "ContentEventQuerySet":
        """When texts of a language became public, and when they were taken back; newest first."""
        kinds = (EventKind.PUBLISHED, EventKind.UNPUBLISHED)
        return self.filter(article=article, language=language, kind__in=kinds).order_by("-at", "-pk")

    def update(self, **values: Any) -> NoReturn:
        raise PermissionError("Events are append-only.")


class ContentEvent(models.Model):
    """One thing that somebody did, written in the transaction that did it."""

    kind = models.CharField(_("event"), max_length=20, choices=EventKind.choices)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, null=True, blank=True, related_name="events")
    language = models.CharField(_("language"), max_length=12, blank=True)
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    fact = models.ForeignKey(Fact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = ContentEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("content event")
        verbose_name_plural = _("content events")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.article or self.announcement or self.fact or ''} {self.language}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise PermissionError("Events are append-only.")
        super().save(*args, **kwargs)
