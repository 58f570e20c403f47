"""The words of the field: what each means, how else it is called, and which articles use it."""

import re

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpcenter.enums import Subject
from helpcenter.models.article import Article
from supportdesk.ui.languages import column

KEY = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
TRANSLATED = ("term", "definition", "also", "rejected")


class GlossaryTerm(models.Model):
    """A word of the field. Term, definition, other words and rejected words have a column per language.

    `also` and `rejected` hold one word per line; a rejected word may carry a remark in brackets: `清算 (= clearing)`.
    """

    key = models.CharField(
        _("key"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(rf"^{KEY.pattern}\Z", _("Use small letters, digits and “_”, such as mark_price."))],
    )
    part_of_speech = models.CharField(_("part of speech"), max_length=20, blank=True, default="")
    subject = models.CharField(_("subject"), max_length=20, choices=Subject.choices, default=Subject.TRADING)
    article = models.ForeignKey(
        Article, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("explained in")
    )
    is_shown = models.BooleanField(_("on the readers’ page"), default=True)
    is_linked = models.BooleanField(
        _("linked in articles"), default=True, help_text=_("Off for words that have an everyday meaning too.")
    )
    is_searched = models.BooleanField(
        _("used by the search"), default=True, help_text=_("The search takes its words for the same.")
    )
    note = models.TextField(_("note for writers"), blank=True, default="")
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    term = models.CharField(_("term"), max_length=120, blank=True, default="")
    definition = models.CharField(_("definition"), max_length=400, blank=True, default="")
    also = models.TextField(
        _("also called"), blank=True, default="", help_text=_("Other words that readers see, one per line.")
    )
    rejected = models.TextField(
        _("rejected words"),
        blank=True,
        default="",
        help_text=_("Words that writers avoid and people type, one per line; a remark stands in brackets."),
    )

    class Meta:
        verbose_name = _("word of the glossary")
        verbose_name_plural = _("glossary")
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.key

    def text(self, name: str, language: str) -> str:
        """A translated field in a language, empty where it is missing there."""
        return getattr(self, column(name, language), None) or ""


class TermUse(models.Model):
    """A word that the public text of an article links to, in one language."""

    term = models.ForeignKey(GlossaryTerm, on_delete=models.CASCADE, related_name="uses")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(_("language"), max_length=12)

    class Meta:
        verbose_name = _("use of a word")
        verbose_name_plural = _("uses of words")
        constraints = [models.UniqueConstraint(fields=["article", "language", "term"], name="one_term_use_once")]
        indexes = [models.Index(fields=["language", "term"], name="term_use_by_language")]

    def __str__(self) -> str:
        return f"{self.term_id} {self.article_id} {self.language}"
