"""Questions that an article answered before they became tickets."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tickets.models.topic import Topic


class Deflection(models.Model):
    """Somebody said, beside the form, that this article solved it. Nothing tells who."""

    article = models.ForeignKey(
        "helpcenter.Article", on_delete=models.CASCADE, related_name="+", verbose_name=_("article")
    )
    language = models.CharField(_("language"), max_length=12)
    topic = models.ForeignKey(
        Topic, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("topic")
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("question answered by an article")
        verbose_name_plural = _("questions answered by articles")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["at", "article"], name="deflections_by_time")]

    def __str__(self) -> str:
        return f"{self.article_id} ({self.language})"
