"""What an operator decides for the whole help centre."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from supportdesk.ui.languages import is_known


class SiteLanguageQuerySet(models.QuerySet["SiteLanguage"]):
    def public(self) -> "SiteLanguageQuerySet":
        return self.filter(is_public=True)


class SiteLanguage(models.Model):
    """A language of the site: whether readers may choose it, and where they go where a text is missing in it."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    is_public = models.BooleanField(_("public"), default=True)
    fallbacks = models.JSONField(
        _("fallbacks"), default=list, blank=True, help_text=_('Codes in order, for example ["zh-hans", "en"].')
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = SiteLanguageQuerySet.as_manager()

    class Meta:
        verbose_name = _("language")
        verbose_name_plural = _("languages")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        unknown = [code for code in self._codes() if not is_known(code) or code == self.code]
        if unknown:
            message = _("“%(codes)s” cannot be a fallback: use codes of other languages of this site.")
            raise ValidationError({"fallbacks": message % {"codes": ", ".join(unknown)}})

    def _codes(self) -> list[str]:
        if not isinstance(self.fallbacks, list):
            raise ValidationError({"fallbacks": _('Write a list of codes, for example ["zh-hans", "en"].')})
        return [str(code) for code in self.fallbacks]


class ContentGeneration(models.Model):
    """One row: a number that grows with every change that a reader could see."""

    number = models.BigIntegerField(_("number"), default=1)

    class Meta:
        verbose_name = _("content generation")
        verbose_name_plural = _("content generation")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="only_one_generation")]

    def __str__(self) -> str:
        return str(self.number)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.pk = 1
        super().save(*args, **kwargs)


class PopularSearch(models.Model):
    """A query that the home page offers, in each language's own words."""

    text = models.CharField(_("query"), max_length=60, blank=True, default="")
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("popular search")
        verbose_name_plural = _("popular searches")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text or str(self.pk)
