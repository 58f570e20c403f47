"""What people ask about, and what the form asks them for each: rows of the admin, labels in every language."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.enums import FieldKind, Priority


class TopicQuerySet(models.QuerySet["Topic"]):
    def offered(self) -> "TopicQuerySet":
        """Topics of the form, in their order."""
        return self.filter(is_offered=True).order_by("order", "pk")

    def named_by_certificate(self) -> dict[str, str]:
        """For people, what each certificate is about: the topics that ask for it, in the reader's language."""
        found: dict[str, list[str]] = {}
        for topic in self.exclude(skill="").order_by("order", "pk"):
            found.setdefault(topic.skill, []).append(str(topic))
        return {skill: " · ".join(names) for skill, names in found.items()}


class Topic(models.Model):
    """`key` is what rules and the API call it. `name` and `description` are translated columns."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("description"), max_length=200, blank=True)
    icon = models.CharField(_("icon"), max_length=40, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_offered = models.BooleanField(_("offered in the form"), default=True)
    priority = models.CharField(_("priority to begin with"), max_length=8, choices=Priority, default=Priority.NORMAL)
    department = models.ForeignKey(
        "tickets.Department",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("goes to the department"),
    )
    skill = models.SlugField(
        _("certificate that is needed"),
        max_length=40,
        blank=True,
        help_text=_("Only agents who hold this certificate get such tickets. Empty: everybody may answer."),
    )
    solves_itself = models.BooleanField(
        _("solved when the customer stays silent"),
        default=True,
        help_text=_("Switch off where money or an account may be at risk."),
    )

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name or self.key


class TopicField(models.Model):
    """A question of the form. `label`, `hint` and `problem` are translated columns; `problem` says what to do when
    the answer does not fit, in place of the words that come with the kind."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="fields", verbose_name=_("topic"))
    key = models.SlugField(_("key"), max_length=40)
    kind = models.CharField(_("kind"), max_length=12, choices=FieldKind, default=FieldKind.TEXT)
    label = models.CharField(_("label"), max_length=80)
    hint = models.CharField(_("hint"), max_length=200, blank=True)
    problem = models.CharField(_("message when it does not fit"), max_length=200, blank=True)
    is_required = models.BooleanField(_("required"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("field of the form")
        verbose_name_plural = _("fields of the form")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["topic", "key"], name="one_field_of_a_key")]

    def __str__(self) -> str:
        return self.label or self.key


class FieldChoice(models.Model):
    """An answer that can be chosen. `label` is a translated column; empty: the value itself, such as a network."""

    field = models.ForeignKey(TopicField, on_delete=models.CASCADE, related_name="choices", verbose_name=_("field"))
    value = models.CharField(_("value"), max_length=40)
    label = models.CharField(_("label"), max_length=80, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["field", "value"], name="one_choice_of_a_value")]

    def __str__(self) -> str:
        return self.label or self.value
