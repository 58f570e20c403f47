"""Numbers that texts name instead of repeating them: what they are, and which value held, holds or will hold when."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpcenter import facts
from helpcenter.errors import InvalidFact
from helpcenter.facts import DatedValue
from helpcenter.models.announcement import Announcement
from helpcenter.models.article import Article
from helpcenter.units import Unit
from supportdesk.ui.languages import column, content_languages

name_of_fact = RegexValidator(rf"\A{facts.NAME}\Z", _("Use a-z, 0-9 and “-” between them, as in btcusdt-perp."))


def refuse_unknown_unit(text: str) -> None:
    """Raises ValidationError."""
    try:
        Unit.of(text)
    except InvalidFact as error:
        raise ValidationError(str(error)) from error


class Region(models.Model):
    """Where a value of its own may hold; readers choose by the code."""

    code = models.CharField(_("code"), max_length=20, unique=True, validators=[name_of_fact])
    name = models.CharField(_("name"), max_length=80, blank=True, default="")
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name or self.code


class FactKind(models.Model):
    """What is said of many subjects: their taker fee, their tick size. A unit `amount` leaves the coin to each fact."""

    slug = models.CharField(_("slug"), max_length=80, unique=True, validators=[name_of_fact])
    unit = models.CharField(
        _("unit"),
        max_length=30,
        validators=[refuse_unknown_unit],
        help_text=_(
            "percent, leverage, amount (of any coin), amount:USDT, count, days, hours, minutes, times, moment, token"
        ),
    )
    name = models.CharField(_("name"), max_length=120, blank=True, default="")
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("kind of fact")
        verbose_name_plural = _("kinds of facts")
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.slug

    def clean(self) -> None:
        """A unit that the facts of this kind do not have is refused."""
        try:
            unit = Unit.of(self.unit)
        except InvalidFact:
            return  # the field says so
        own = self.facts.values_list("subject", "unit") if self.pk else []
        strange = sorted(subject for subject, text in own if not Unit.of(text).fits(unit))
        if strange:
            message = _("Facts of this kind are measured in another unit: %(subjects)s.")
            raise ValidationError({"unit": message % {"subjects": ", ".join(strange[:10])}})


class FactQuerySet(models.QuerySet["Fact"]):
    def keyed(self, keys: Iterable[str]) -> "FactQuerySet":
        """Facts by their keys; what is no key names none."""
        pairs = [pair for key in keys if (pair := facts.split_key(key))]
        asked = self.filter(
            subject__in={subject for subject, _kind in pairs}, kind__slug__in={kind for _subject, kind in pairs}
        )
        wanted = set(pairs)
        found = [
            pk for pk, subject, kind in asked.values_list("pk", "subject", "kind__slug") if (subject, kind) in wanted
        ]
        return self.filter(pk__in=found)

    def without_value(self, at: datetime | None = None) -> "FactQuerySet":
        """Facts that have no value at a moment (UTC; now by default) for readers of no particular region."""
        values = FactValue.objects.filter(fact=OuterRef("pk"), region=None).in_force(at)
        return self.filter(~Exists(values))

    def used(self) -> "FactQuerySet":
        return self.filter(Exists(FactUse.objects.filter(fact=OuterRef("pk"))))


class Fact(models.Model):
    """A number, a time or a token that texts name by its key, `<subject>.<kind>`."""

    subject = models.CharField(
        _("subject"),
        max_length=80,
        validators=[name_of_fact],
        help_text=_("What it is about, such as btcusdt-perp or withdrawal-btc-bitcoin."),
    )
    kind = models.ForeignKey(FactKind, on_delete=models.CASCADE, related_name="facts", verbose_name=_("kind"))
    unit = models.CharField(
        _("unit"),
        max_length=30,
        blank=True,
        help_text=_("Empty: the unit of the kind. An amount names its coin, as in amount:USDT."),
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        ordering = ["subject", "kind__position", "kind__slug"]
        constraints = [models.UniqueConstraint(fields=["subject", "kind"], name="one_fact_of_a_kind")]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        return f"{self.subject}.{self.kind.slug}"


class FactValueQuerySet(models.QuerySet["FactValue"]):
    def in_force(self, at: datetime | None = None) -> "FactValueQuerySet":
        """Values that hold at a moment (UTC; now by default)."""
        moment = at or timezone.now()
        not_over = Q(effective_until__isnull=True) | Q(effective_until__gt=moment)
        return self.filter(not_over, effective_from__lte=moment)

    def begun(self, at: datetime | None = None) -> "FactValueQuerySet":
        return self.filter(effective_from__lte=at or timezone.now())


class FactValue(models.Model):
    """A value with its time (UTC, the end not included) and its region; kept as text in the form of its unit."""

    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="values", verbose_name=_("fact"))
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="values", verbose_name=_("region"),
        help_text=_("Empty: everywhere."),
    )  # fmt: skip
    value = models.CharField(_("value"), max_length=120)
    effective_from = models.DateTimeField(_("from (UTC)"))
    effective_until = models.DateTimeField(_("until (UTC)"), null=True, blank=True)
    source = models.CharField(
        _("source of the value"), max_length=300, blank=True, help_text=_("An https address, or words.")
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = FactValueQuerySet.as_manager()

    class Meta:
        verbose_name = _("value")
        verbose_name_plural = _("values")
        ordering = ["effective_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(effective_until__isnull=True) | Q(effective_until__gt=F("effective_from")),
                name="value_ends_after_it_begins",
                violation_error_message=_("A value has to end after it begins."),
            ),
            # Half of the safeguard: `actions.saving_facts` refuses overlapping values, under the lock of the fact.
            models.UniqueConstraint(fields=["fact", "region", "effective_from"], name="one_value_begins_in_region"),
            models.UniqueConstraint(
                fields=["fact", "effective_from"], condition=Q(region__isnull=True), name="one_value_begins_everywhere"
            ),
            models.UniqueConstraint(
                fields=["fact", "region"], condition=Q(effective_until__isnull=True), name="one_open_value_in_region"
            ),
            models.UniqueConstraint(
                fields=["fact"],
                condition=Q(effective_until__isnull=True, region__isnull=True),
                name="one_open_value_everywhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fact}: {self.value}"

    def dated(self) -> DatedValue:
        region = self.region.code if self.region is not None else facts.EVERYWHERE
        return DatedValue(self.value, self.effective_from, self.effective_until, region, self.source)


class FactUse(models.Model):
    """A published text names a fact; written by whatever makes the text public. Such a fact stays."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, null=True, related_name="fact_uses")
    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, null=True, related_name="fact_uses")
    language = models.CharField(_("language"), max_length=12)
    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, related_name="uses")

    class Meta:
        verbose_name = _("use of a fact")
        verbose_name_plural = _("uses of facts")
        constraints = [
            models.UniqueConstraint(fields=["article", "language", "fact"], name="one_use_in_an_article"),
            models.UniqueConstraint(fields=["announcement", "language", "fact"], name="one_use_in_an_announcement"),
            models.CheckConstraint(
                condition=Q(article__isnull=True) ^ Q(announcement__isnull=True), name="use_is_in_one_text"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article or self.announcement} ({self.language})"


def names_by_language(row: dict[str, Any], path: str) -> dict[str, str]:
    """The names in a row of `values()` that lie at a path, by language; missing ones are left out."""
    found = {code: row[column(path, code)] for code in content_languages()}
    return {code: name for code, name in found.items() if name}
