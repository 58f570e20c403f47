"""Revisions: every text that was ever saved, append-only."""

from collections.abc import Sequence
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpcenter.enums import FindingKind, Significance
from helpcenter.models.article import Article
from helpcenter.outline import Part, load


class RevisionQuerySet(models.QuerySet["Revision"]):
    def of(self, article: Article, language: str) -> "RevisionQuerySet":
        return self.filter(article=article, language=language)

    def newest_first(self) -> "RevisionQuerySet":
        return self.order_by("-number")

    def update(self, **values: Any) -> NoReturn:
        raise PermissionError("Revisions are append-only; save a new one.")

    def delete(self) -> NoReturn:
        raise PermissionError("Revisions are append-only; unpublish or archive the article.")


class Revision(models.Model):
    """One whole document of one language, as it was saved; `number` counts per article and language from one."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="revisions", verbose_name=_("article"))
    language = models.CharField(_("language"), max_length=12)
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    summary = models.CharField(_("summary"), max_length=400, blank=True)
    body = models.TextField(_("text"), blank=True)
    extra = models.TextField(_("other front matter"), default="", blank=True)
    questions = models.JSONField(_("questions of readers"), default=list, blank=True)
    outdated = models.JSONField(_("parts named as outdated"), default=list, blank=True)
    outline = models.JSONField(_("outline"), default=list)
    based_on = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("translated from")
    )
    significance = models.CharField(
        _("significance"), max_length=10, choices=Significance.choices, default=Significance.MAJOR
    )
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("saved by")
    )
    created_at = models.DateTimeField(_("saved"), default=timezone.now)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [models.UniqueConstraint(fields=["article", "language", "number"], name="revision_number_once")]

    def __str__(self) -> str:
        return f"{self.article.slug} {self.language} #{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise PermissionError("Revisions are append-only; save a new one.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise PermissionError("Revisions are append-only; unpublish or archive the article.")

    @property
    def parts(self) -> list[Part]:
        return load(self.outline)

    @property
    def is_source(self) -> bool:
        return self.language == self.article.source_language

    def same_text_as(self, title: str, summary: str, body: str, questions: Sequence[str]) -> bool:
        same = (self.title, self.summary, self.body) == (title, summary, body)
        return same and self.questions == list(questions)


class FindingQuerySet(models.QuerySet["Finding"]):
    def open(self) -> "FindingQuerySet":
        return self.filter(accepted_at__isnull=True)

    def blocking(self) -> "FindingQuerySet":
        """What keeps a text from going public: secrets that nobody has accepted."""
        return self.open().filter(kind=FindingKind.SECRET)


class Finding(models.Model):
    """Something in a revision that a second person has to look at. Never holds the secret itself."""

    revision = models.ForeignKey(
        Revision, on_delete=models.CASCADE, related_name="findings", verbose_name=_("revision")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=FindingKind.choices)
    detail = models.CharField(_("what"), max_length=200)
    line = models.PositiveIntegerField(_("line"), default=0)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("accepted by")
    )
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        permissions = [("accept_finding", _("Can accept findings"))]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.detail}"


class LinkHost(models.Model):
    """A host that articles may link to without a second look; its subdomains are included."""

    host = models.CharField(_("host"), max_length=253, unique=True)

    class Meta:
        verbose_name = _("allowed link host")
        verbose_name_plural = _("allowed link hosts")
        ordering = ["host"]

    def __str__(self) -> str:
        return self.host
