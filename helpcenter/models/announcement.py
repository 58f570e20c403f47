"""What everybody should know now: news, maintenance, alerts."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpcenter.enums import ANNOUNCEMENT_DISPLAY, AnnouncementKind, Display
from supportdesk.ui.languages import column, content_languages


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    rewrite: Any  # modeltranslation adds it

    def published(self, at: datetime | None = None) -> "AnnouncementQuerySet":
        """Public at a moment (UTC; now by default), newest first."""
        return self.filter(published_at__lte=at or timezone.now()).order_by("-published_at", "-pk")

    def in_band(self, at: datetime | None = None) -> "AnnouncementQuerySet":
        """Shown on top of every page at a moment: marked so, and inside its window."""
        moment = at or timezone.now()
        begun = Q(starts_at__isnull=True) | Q(starts_at__lte=moment)
        not_over = Q(ends_at__isnull=True) | Q(ends_at__gt=moment)
        return self.published(moment).filter(begun, not_over, is_band=True)

    def written(self) -> "AnnouncementQuerySet":
        """With a text in at least one language."""
        anywhere = Q()
        for code in content_languages():
            anywhere |= Q(**{f"{column('title', code)}__gt": ""})
        return self.rewrite(False).filter(anywhere)

    def reading(self, languages: list[str], *fields: str) -> "AnnouncementQuerySet":
        """Load the named text fields of these languages only (default: title and summary)."""
        own = ["id", "slug", "kind", "published_at", "starts_at", "ends_at", "is_band", "source_language", "updated_at"]
        translated = [column(name, code) for code in languages for name in fields or ("title", "summary")]
        return self.rewrite(False).only(*own, *translated)


class Announcement(models.Model):
    """An announcement with its window (UTC). Its texts are columns per language, written by `actions.announcing`."""

    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    kind = models.CharField(
        _("kind"), max_length=20, choices=AnnouncementKind.choices, default=AnnouncementKind.ANNOUNCEMENT
    )
    source_language = models.CharField(_("source language"), max_length=12, default="en")
    is_band = models.BooleanField(_("band on every page"), default=False)
    published_at = models.DateTimeField(_("published at (UTC)"), null=True, blank=True)
    starts_at = models.DateTimeField(_("begins at (UTC)"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends at (UTC)"), null=True, blank=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    # Alerts about risk and fraud wait for a second person; a later change waits again.
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True, editable=False)

    title = models.CharField(_("title"), max_length=200, blank=True, default="")
    summary = models.CharField(_("summary"), max_length=400, blank=True, default="")
    body = models.TextField(_("text"), blank=True, default="")
    html = models.TextField(_("rendered text"), blank=True, default="", editable=False)
    extra = models.TextField(_("other front matter"), blank=True, default="", editable=False)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-published_at"]

    def __str__(self) -> str:
        return self.slug

    @property
    def display(self) -> Display:
        return ANNOUNCEMENT_DISPLAY[AnnouncementKind(self.kind)]

    def text(self, name: str, language: str) -> str:
        return getattr(self, column(name, language), None) or ""

    def languages(self) -> list[str]:
        """Codes of the languages that it is written in."""
        return [code for code in content_languages() if self.text("title", code)]

    def instants(self) -> list[datetime]:
        """The moments at which pages change because of it."""
        return sorted({moment for moment in (self.published_at, self.starts_at, self.ends_at) if moment})
