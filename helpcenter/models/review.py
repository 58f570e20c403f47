"""Reviews: what people say to one another about a text before it is public, and who is at work on it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpcenter.enums import Verdict
from helpcenter.models.article import Article
from helpcenter.models.revision import Revision

LOCK_LASTS = timedelta(minutes=3)  # since the window that holds it was last heard of


class ReviewNoteQuerySet(models.QuerySet["ReviewNote"]):
    def on(self, article: Article, language: str) -> "ReviewNoteQuerySet":
        return self.filter(article=article, language=language)

    def unsettled(self) -> "ReviewNoteQuerySet":
        """Questions and wishes that nobody has settled; what announces a decision needs no settling."""
        return self.filter(settled_at__isnull=True, answers__isnull=True, verdict="")


class ReviewNote(models.Model):
    """A comment on a text or one part of it, or the words that came with a decision."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="review_notes")
    language = models.CharField(_("language"), max_length=12)
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="review_notes")
    part = models.CharField(_("part"), max_length=120, blank=True)
    verdict = models.CharField(_("decision"), max_length=20, choices=Verdict.choices, blank=True)
    text = models.TextField(_("comment"), max_length=2000, blank=True)
    answers = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), default=timezone.now)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    objects = ReviewNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("review comment")
        verbose_name_plural = _("review comments")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.article} {self.language}: {self.get_verdict_display() or self.part}"


class WorkingDraft(models.Model):
    """What a person has typed and not saved yet, kept for that person alone. `article` is empty for a new one; `seen`
    is the number of the revision that it was begun on."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="working_drafts")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, null=True, related_name="working_drafts")
    language = models.CharField(_("language"), max_length=12)
    title = models.CharField(_("title"), max_length=200, blank=True)
    summary = models.CharField(_("summary"), max_length=400, blank=True)
    body = models.TextField(_("text"), blank=True)
    questions = models.TextField(_("questions of readers"), default="", blank=True)
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    seen = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(_("saved"), default=timezone.now)

    class Meta:
        verbose_name = _("private draft")
        verbose_name_plural = _("private drafts")
        constraints = [
            models.UniqueConstraint(fields=["person", "article", "language"], name="one_draft_of_a_person"),
            models.UniqueConstraint(
                fields=["person", "language"], condition=Q(article__isnull=True), name="one_new_draft_of_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.article or ''} {self.language}"


class EditLockQuerySet(models.QuerySet["EditLock"]):
    def held(self, at: datetime | None = None) -> "EditLockQuerySet":
        """Locks whose windows are still there (UTC; now by default)."""
        return self.filter(seen_at__gt=(at or timezone.now()) - LOCK_LASTS)


class EditLock(models.Model):
    """Who is editing a text. It warns, and saving over it is refused until it is taken over or has run out."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="edit_locks")
    language = models.CharField(_("language"), max_length=12)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    taken_at = models.DateTimeField(_("since"), default=timezone.now)
    seen_at = models.DateTimeField(_("last heard of"), default=timezone.now)

    objects = EditLockQuerySet.as_manager()

    class Meta:
        verbose_name = _("edit lock")
        verbose_name_plural = _("edit locks")
        constraints = [models.UniqueConstraint(fields=["article", "language"], name="one_lock_per_text")]

    def __str__(self) -> str:
        return f"{self.article} {self.language}: {self.person}"


class ParityOverride(models.Model):
    """A difference between a translation and its source that a language lead has accepted, with the reason.

    `fingerprint` names the difference (see `content.parity`); it holds for later revisions that still have it.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="parity_overrides")
    language = models.CharField(_("language"), max_length=12)
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+")
    fingerprint = models.CharField(_("difference"), max_length=64)
    difference = models.CharField(_("what differs"), max_length=400)
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("accepted difference")
        verbose_name_plural = _("accepted differences")
        constraints = [
            models.UniqueConstraint(fields=["article", "language", "fingerprint"], name="one_override_of_a_difference")
        ]

    def __str__(self) -> str:
        return f"{self.article} {self.language}: {self.difference}"
