"""Where each article stands in each language."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpcenter.enums import MOVES, Standing
from helpcenter.models.article import Article
from helpcenter.models.revision import Revision
from helpcenter.outline import Change, Outdated

UNDER_WAY = (Standing.DRAFT, Standing.IN_REVIEW, Standing.CHANGES_ASKED, Standing.REJECTED)


def _person(name: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=name
    )


class TranslationStateQuerySet(models.QuerySet["TranslationState"]):
    def published(self) -> "TranslationStateQuerySet":
        return self.filter(published__isnull=False)

    def outdated(self) -> "TranslationStateQuerySet":
        return self.published().exclude(outdated=[])

    def in_review(self) -> "TranslationStateQuerySet":
        return self.filter(standing=Standing.IN_REVIEW)

    def scheduled(self) -> "TranslationStateQuerySet":
        """With a moment ahead at which the text appears or goes."""
        return self.filter(models.Q(publish_at__isnull=False) | models.Q(unpublish_at__isnull=False))

    def work_of(self, person: Any) -> "TranslationStateQuerySet":
        """Texts on their way to readers that a person wrote, sent, scheduled or was given to translate."""
        theirs = models.Q(latest__created_by=person) | models.Q(submitted_by=person)
        on_the_way = theirs & models.Q(standing__in=UNDER_WAY)
        scheduled = models.Q(scheduled_by=person, publish_at__isnull=False)
        given = models.Q(assignee=person) & (models.Q(published__isnull=True) | ~models.Q(outdated=[]))
        return self.filter(on_the_way | scheduled | given, article__archived_at__isnull=True)

    def differing(self) -> "TranslationStateQuerySet":
        """Whose newest text is known to say something else than its source."""
        return self.filter(compared=models.F("latest")).exclude(differing=[])

    def of(self, article: Article) -> "TranslationStateQuerySet":
        return self.filter(article=article)


class TranslationState(models.Model):
    """One article in one language: the newest revision, the public one, and what is outdated in it."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="states", verbose_name=_("article"))
    language = models.CharField(_("language"), max_length=12)
    latest = models.ForeignKey(
        Revision, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("newest revision")
    )
    published = models.ForeignKey(
        Revision, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("public revision")
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("reading time in minutes"), default=1)
    steps = models.PositiveSmallIntegerField(_("number of steps"), default=0)
    outdated = models.JSONField(_("outdated parts"), default=list, blank=True)
    # Keys of the parts of the revision `compared` that say something else than their source (see `actions.differing`).
    differing = models.JSONField(_("parts that differ from the source"), default=list, blank=True)
    compared = models.PositiveBigIntegerField(null=True, editable=False)

    # The way of the newest text to readers. `approved` may be older than `latest`: it keeps its schedule while somebody
    # writes the next text.
    standing = models.CharField(_("standing"), max_length=20, choices=Standing.choices, default=Standing.DRAFT)
    submitted_by = _person(_("sent for review by"))
    submitted_at = models.DateTimeField(_("sent for review"), null=True, blank=True)
    reviewer = _person(_("reviewer"))
    approved = models.ForeignKey(
        Revision, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved revision")
    )
    approved_by = _person(_("approved by"))
    publish_at = models.DateTimeField(_("to be published at (UTC)"), null=True, blank=True)
    unpublish_at = models.DateTimeField(_("to be unpublished at (UTC)"), null=True, blank=True)
    scheduled_by = _person(_("scheduled by"))
    # Of the source: the revision that translators work from. Of a translation: whose work it is.
    ready = models.ForeignKey(
        Revision, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("for translators")
    )
    ready_at = models.DateTimeField(_("ready for translators"), null=True, blank=True)
    assignee = _person(_("translator"))

    objects = TranslationStateQuerySet.as_manager()

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        constraints = [models.UniqueConstraint(fields=["article", "language"], name="one_state_per_language")]

    def __str__(self) -> str:
        return f"{self.article} {self.language}"

    @property
    def is_published(self) -> bool:
        return self.published_id is not None

    @property
    def has_draft(self) -> bool:
        """Whether a newer text waits behind the public one."""
        return self.latest_id is not None and self.latest_id != self.published_id

    @property
    def differs(self) -> bool:
        """Whether the newest text is known to say something else than its source."""
        return bool(self.differing) and self.compared == self.latest_id

    @property
    def is_ahead_of_translators(self) -> bool:
        """Of the source: whether readers have a newer text than its translators, who work from the public one until
        they were given one."""
        return self.published_id is not None and self.ready_id not in (None, self.published_id)

    def may_become(self, standing: Standing) -> bool:
        return standing in MOVES[Standing(self.standing)]

    @property
    def outdated_parts(self) -> list[Outdated]:
        return [Outdated(row["key"], Change(row["change"]), row["title"]) for row in self.outdated]

    @outdated_parts.setter
    def outdated_parts(self, parts: list[Outdated]) -> None:
        rows: list[dict[str, Any]] = [{"key": p.key, "change": p.change.value, "title": p.title} for p in parts]
        self.outdated = rows
