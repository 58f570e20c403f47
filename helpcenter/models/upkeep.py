"""Keeping content true: what is to be done, where an article is used, where an old address leads."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpcenter.enums import ArticleKind, TaskKind
from helpcenter.models.article import Article


class CheckInterval(models.Model):
    """How long articles of a kind stay true before somebody looks again; without a kind, all that have no row of their
    own."""

    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=ArticleKind.choices,
        blank=True,
        unique=True,
        help_text=_("Empty: all kinds that have no interval of their own."),
    )
    days = models.PositiveSmallIntegerField(
        _("days between checks"), validators=[MinValueValidator(1), MaxValueValidator(1826)]
    )

    class Meta:
        verbose_name = _("interval of checks")
        verbose_name_plural = _("intervals of checks")
        ordering = ["kind"]

    def __str__(self) -> str:
        return f"{self.get_kind_display() or '*'}: {self.days}"


class ContentTaskQuerySet(models.QuerySet["ContentTask"]):
    def open(self) -> "ContentTaskQuerySet":
        return self.filter(done_at__isnull=True)

    def of(self, person: Any) -> "ContentTaskQuerySet":
        return self.filter(owner=person)

    def overdue(self, on: date) -> "ContentTaskQuerySet":
        return self.open().filter(due_on__lt=on)


class ContentTask(models.Model):
    """Something to be written, translated, corrected or looked into, and whose turn it is. `query` is the search that
    found nothing, where the task came from one; it passed the guard with the search log."""

    kind = models.CharField(_("kind"), max_length=20, choices=TaskKind.choices)
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, null=True, blank=True, related_name="tasks", verbose_name=_("article")
    )
    language = models.CharField(_("language"), max_length=12, blank=True)
    query = models.CharField(_("search"), max_length=200, blank=True)
    note = models.TextField(_("what is to be done"), max_length=1000, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="content_tasks",
        verbose_name=_("owner"),
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    objects = ContentTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("content task")
        verbose_name_plural = _("content tasks")
        ordering = [models.F("due_on").asc(nulls_last=True), "-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "language", "query"],
                condition=Q(done_at__isnull=True) & ~Q(query=""),
                name="one_open_task_of_a_search",
            )
        ]
        indexes = [models.Index(fields=["language", "query"], name="tasks_of_a_search")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.article or self.query or self.note[:60]}"


class ArticleUse(models.Model):
    """A place outside the help centre that uses an article; whoever uses it writes the row. `source_kind` and
    `source_url` name the place, `label` is what people call it."""

    source_kind = models.CharField(_("kind of place"), max_length=40)
    source_url = models.CharField(_("address"), max_length=300)
    label = models.CharField(_("place"), max_length=200, blank=True)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="uses", verbose_name=_("article"))
    step_key = models.CharField(_("step"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("use of an article")
        verbose_name_plural = _("uses of articles")
        constraints = [
            models.UniqueConstraint(
                fields=["source_kind", "source_url", "article", "step_key"], name="one_use_of_an_article"
            )
        ]

    def __str__(self) -> str:
        return self.label or self.source_url


class SlugRedirect(models.Model):
    """An address that an article had before."""

    slug = models.SlugField(_("old address"), max_length=120, unique=True)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="old_slugs", verbose_name=_("article"))
    created_at = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug
