"""What an answer quoted of the help centre, what became of that text, and who got the old one."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpcenter.models import Article, ContentEvent, Revision
from tickets.models.message import Message
from tickets.models.ticket import Ticket


class Quote(models.Model):
    """A link to an article in an answer, as the customer found it: the language that was shown, the text that was
    public then, and the part that the link led to (empty: the whole article). Its ticket is that of the message, which
    a merge takes along."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="quotes", verbose_name=_("message"))
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+", verbose_name=_("article"))
    language = models.CharField(_("language"), max_length=12)
    step_key = models.CharField(_("part"), max_length=120, blank=True)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+", verbose_name=_("text"))
    at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name = _("quote of an article")
        verbose_name_plural = _("quotes of articles")
        constraints = [
            models.UniqueConstraint(fields=["message", "article", "language", "step_key"], name="one_quote_of_a_part")
        ]
        indexes = [models.Index(fields=["article", "language", "at"], name="quotes_of_a_text")]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.article_id} {self.language} {self.step_key}".strip()


class ArticleChange(models.Model):
    """A publication that changed what readers may have acted on. `parts` are rows of `key`, `change` and `title`;
    `concerned` are the keys whose quotes it makes old, an empty one for the whole article. `handed_to` is where one
    answer to all who got the old text is written (a path of this site)."""

    event = models.OneToOneField(ContentEvent, on_delete=models.CASCADE, related_name="+")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+", verbose_name=_("article"))
    language = models.CharField(_("language"), max_length=12)
    before = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+", verbose_name=_("old text"))
    after = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+", verbose_name=_("new text"))
    parts = models.JSONField(_("changed parts"), default=list)
    concerned = models.JSONField(default=list)
    at = models.DateTimeField(_("published"))
    handed_at = models.DateTimeField(_("handed over"), null=True, blank=True)
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("handed over by"),
    )
    handed_to = models.CharField(_("address of the answer to many"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("change of an article")
        verbose_name_plural = _("changes of articles")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["article", "language", "at"], name="changes_of_a_text")]

    def __str__(self) -> str:
        return f"{self.article_id} {self.language} {self.at:%Y-%m-%d}"

    @property
    def part_titles(self) -> list[str]:
        """What the changed parts are called, those that have a heading."""
        return [part["title"] for part in self.parts if part["title"]]


class OldAnswerQuerySet(models.QuerySet["OldAnswer"]):
    def open(self) -> "OldAnswerQuerySet":
        """Nobody has told the customer yet."""
        return self.filter(told_at__isnull=True)

    def of(self, ticket: Ticket) -> "OldAnswerQuerySet":
        return self.filter(quote__message__ticket=ticket)


class OldAnswer(models.Model):
    """A quote that a change made old; `told_at` is when the same ticket got the new text."""

    change = models.ForeignKey(ArticleChange, on_delete=models.CASCADE, related_name="old_answers")
    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="old_answers")
    told_at = models.DateTimeField(_("told"), null=True, blank=True)

    objects = OldAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer with an old text")
        verbose_name_plural = _("answers with old texts")
        constraints = [models.UniqueConstraint(fields=["change", "quote"], name="one_old_answer_of_a_quote")]

    def __str__(self) -> str:
        return f"{self.change_id}: {self.quote_id}"
