"""Who translates, reviews and leads in which language, and what translations were made of earlier."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpcenter.enums import TeamRole
from helpcenter.models.article import Article


class TeamMember(models.Model):
    """A person in the team of a language."""

    language = models.CharField(_("language"), max_length=12)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="language_teams", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=12, choices=TeamRole.choices, default=TeamRole.TRANSLATOR)

    class Meta:
        verbose_name = _("member of a language team")
        verbose_name_plural = _("language teams")
        ordering = ["language", "role"]
        constraints = [models.UniqueConstraint(fields=["language", "person"], name="one_role_in_a_team")]

    def __str__(self) -> str:
        return f"{self.language}: {self.person}"


class MemorySegment(models.Model):
    """A segment of a published translation beside the source's segment that it translates."""

    source_language = models.CharField(_("source language"), max_length=12)
    language = models.CharField(_("language"), max_length=12)
    source_hash = models.CharField(max_length=64)
    source = models.TextField(_("source"))
    target = models.TextField(_("translation"))
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="memory", verbose_name=_("article"))
    key = models.CharField(_("segment"), max_length=200)
    used_at = models.DateTimeField(_("published"), default=timezone.now)

    class Meta:
        verbose_name = _("translation memory")
        verbose_name_plural = _("translation memory")
        ordering = ["-used_at"]
        constraints = [models.UniqueConstraint(fields=["article", "language", "key"], name="one_memory_of_a_segment")]
        indexes = [models.Index(fields=["source_language", "language", "source_hash"], name="memory_by_source")]

    def __str__(self) -> str:
        return self.source[:80]
