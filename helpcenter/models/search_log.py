"""What people search for, and the words that mean the same."""

import re

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpcenter.enums import Stage
from helpcenter.models.article import Article

ARROW = "=>"


class SearchLog(models.Model):
    """One search, after the secret guard; `token` joins it with the article that was opened from its results."""

    token = models.CharField(max_length=16, db_index=True, editable=False)
    query = models.CharField(_("query"), max_length=200)
    language = models.CharField(_("language"), max_length=12)
    hits = models.PositiveIntegerField(_("hits"))
    stage = models.CharField(_("found by"), max_length=20, choices=Stage.choices)
    clicked = models.ForeignKey(
        Article, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("opened")
    )
    created_at = models.DateTimeField(_("searched"), default=timezone.now)

    class Meta:
        verbose_name = _("search")
        verbose_name_plural = _("searches")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["language", "stage", "created_at"], name="search_log_by_stage"),
            models.Index(fields=["stage", "created_at"], name="search_log_missed"),
        ]

    def __str__(self) -> str:
        return self.query


class Synonym(models.Model):
    """Words that mean the same in a search, separated by commas: `强平, 爆仓`. With an arrow, what people say before it
    also finds what stands behind it, and not the other way round: `传家, 去世 => 遗嘱`. An empty language means all."""

    language = models.CharField(_("language"), max_length=12, blank=True)
    words = models.CharField(
        _("words"), max_length=400, help_text=_("Words or short phrases that mean the same, separated by commas.")
    )

    class Meta:
        verbose_name = _("synonyms")
        verbose_name_plural = _("synonyms")
        ordering = ["language", "words"]
        constraints = [models.UniqueConstraint(fields=["language", "words"], name="one_synonym_group_once")]

    def __str__(self) -> str:
        return self.words

    def sides(self) -> tuple[list[str], list[str]]:
        return sides_of(self.words)

    def terms(self) -> list[str]:
        return split_words(self.words)


def sides_of(text: str) -> tuple[list[str], list[str]]:
    """What people say, and what texts may say for it: the same words, but for those beside an arrow."""
    said, arrow, meant = text.partition(ARROW)
    return (split_words(said), split_words(meant)) if arrow else (split_words(text), split_words(text))


def tidied(text: str) -> str:
    """Synonyms as they are stored: each word once, blanks and commas of one kind."""
    sides = (", ".join(split_words(side)) for side in text.split(ARROW))
    return f" {ARROW} ".join(sides)


def split_words(text: str) -> list[str]:
    """Words separated by commas, also by those that Chinese, Japanese and Arabic keyboards have; each once."""
    words = (word.strip() for word in re.split(f"[,，、،]|{ARROW}", text))
    return list(dict.fromkeys(word for word in words if word))
