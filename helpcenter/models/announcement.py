"""What everybody should know now: news, maintenance, alerts."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpcenter.enums import ANNOUNCEMENT_DISPLAY, NEEDS_SECOND_PERSON, AnnouncementKind, Display
from supportdesk.ui.languages import column, content_languages


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    rewrite: Any  # modeltranslation adds it

    def published(self, at: datetime | None = None) -> "AnnouncementQuerySet":
        """Public at a moment (UTC; now by default), newest first."""
        return self.cleared().filter(published_at__lte=at or timezone.now()).order_by("-published_at", "-pk")

    def cleared(self) -> "AnnouncementQuerySet":
        """Without alerts that no second person has read."""
        return self.exclude(kind__in=NEEDS_SECOND_PERSON, approved_at__isnull=True)

    def waiting(self) -> "AnnouncementQuerySet":
        """Where a second person has to read something: an alert, or a change of one that is public."""
        unread = Q(kind__in=NEEDS_SECOND_PERSON, approved_at__isnull=True)
        return self.filter(unread | Q(pending__isnull=False))

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
        own = [
            "approved_at",
            "id",
            "slug",
            "kind",
            "published_at",
            "starts_at",
            "ends_at",
            "is_band",
            "source_language",
            "updated_at",
        ]
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
    # Alerts about risk and fraud wait for a second person. A change of one that is public waits in `pending` (column ->
    # value) until somebody else has read it; readers see what was approved before.
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True, editable=False)
    pending = models.JSONField(null=True, blank=True, editable=False, encoder=DjangoJSONEncoder)

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
        permissions = [("approve_announcement", _("Can approve alerts that somebody else wrote"))]

    def __str__(self) -> str:
        return self.slug

    @property
    def display(self) -> Display:
        return ANNOUNCEMENT_DISPLAY[AnnouncementKind(self.kind)]

    @property
    def needs_second_person(self) -> bool:
        return self.kind in NEEDS_SECOND_PERSON

    @property
    def is_cleared(self) -> bool:
        """Whether readers may see it, as far as a second person is concerned."""
        return not self.needs_second_person or self.approved_at is not None

    @property
    def is_waiting(self) -> bool:
        return self.pending is not None or not self.is_cleared

    def text(self, name: str, language: str) -> str:
        return getattr(self, column(name, language), None) or ""

    def languages(self) -> list[str]:
        """Codes of the languages that it is written in."""
        return [code for code in content_languages() if self.text("title", code)]

    def instants(self) -> list[datetime]:
        """The moments at which pages change because of it."""
        return sorted({moment for moment in (self.published_at, self.starts_at, self.ends_at) if moment})
