"""Rules of triage as rows that the desk tunes, what they found in each request, what people made of it, and what was
learned from that."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tickets import wordlists
from tickets.enums import Priority, RuleKind
from tickets.identifiers import new_public_id
from tickets.models.department import Department
from tickets.models.ticket import Ticket
from tickets.models.topic import Topic


class TriageGeneration(models.Model):
    """One row, which changes with every change of a rule: whoever has prepared the rules sees by it that they are
    old."""

    mark = models.CharField(max_length=16, default=new_public_id)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("state of the triage rules")
        verbose_name_plural = _("states of the triage rules")

    def __str__(self) -> str:
        return self.mark


class TriageRuleQuerySet(models.QuerySet["TriageRule"]):
    def active(self) -> "TriageRuleQuerySet":
        return self.filter(is_active=True).order_by("order", "pk")


class TriageRule(models.Model):
    """A rule and what follows from it. `name` is what agents read beside a ticket; `weight` is that of each of its
    phrases which names no other."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    kind = models.CharField(_("speaks of"), max_length=10, choices=RuleKind.of_rules(), default=RuleKind.TOPIC)
    name = models.CharField(_("name"), max_length=120, help_text=_("Agents read it beside the ticket."))
    topic = models.ForeignKey(
        Topic, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("speaks for the topic")
    )
    priority = models.CharField(_("priority"), max_length=8, choices=Priority, blank=True)
    department = models.ForeignKey(
        Department,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("goes to the department"),
    )
    weight = models.FloatField(_("weight"), default=1, validators=[MinValueValidator(0), MaxValueValidator(20)])
    needs = models.SlugField(
        _("only together with the rule"),
        max_length=60,
        blank=True,
        help_text=_("The key of another rule that must be met too. Empty: this rule is enough."),
    )
    advice = models.CharField(
        _("what to do first"), max_length=300, blank=True, help_text=_("Agents read it beside the ticket.")
    )
    is_active = models.BooleanField(_("in use"), default=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = TriageRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule of triage")
        verbose_name_plural = _("rules of triage")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name or self.key

    def clean(self) -> None:
        if self.kind == RuleKind.TOPIC and self.topic_id is None:
            raise ValidationError({"topic": gettext("Choose the topic that this rule speaks for.")})
        if self.kind == RuleKind.URGENCY and not self.priority:
            raise ValidationError({"priority": gettext("Choose the priority that this rule gives.")})
        if self.needs and not TriageRule.objects.filter(key=self.needs).exclude(pk=self.pk).exists():
            raise ValidationError({"needs": gettext("There is no other rule with this key. Write one from the list.")})


class TriagePhrases(models.Model):
    """What a rule looks for in one language: a phrase on each line, as `tickets.phrases` and `wordlists` read them."""

    rule = models.ForeignKey(TriageRule, on_delete=models.CASCADE, related_name="phrases", verbose_name=_("rule"))
    language = models.CharField(_("language"), max_length=12)
    lines = models.TextField(
        _("phrases"),
        help_text=_(
            "One on each line. | between words that are as good, _ inside one that is made of several, * for any"
            " ending, … for up to six words between. A number and a colon in front give a line its own weight."
        ),
    )

    class Meta:
        verbose_name = _("phrases of a language")
        verbose_name_plural = _("phrases by language")
        ordering = ["rule", "pk"]
        constraints = [models.UniqueConstraint(fields=["rule", "language"], name="one_list_of_a_language")]

    def __str__(self) -> str:
        return f"{self.rule_id}: {self.language}"

    def clean(self) -> None:
        faults = wordlists.faults(self.lines, self.language)
        if faults:
            raise ValidationError({"lines": faults})


class TicketTriage(models.Model):
    """What the rules found when a request came in. `signals` are mappings with `rule`, `kind`, `start`, `end`,
    `weight`, `words` and `field`; places count letters in subject, line break, text. `needs_person`: no topic was
    clear, or it may be about a break-in though another was taken, and nobody has chosen one yet."""

    ticket = models.OneToOneField(Ticket, on_delete=models.CASCADE, related_name="triage", verbose_name=_("ticket"))
    generation = models.CharField(max_length=16)
    chosen_topic = models.CharField(_("chosen by the customer"), max_length=40, blank=True)
    best_topic = models.CharField(_("best topic"), max_length=40, blank=True)
    topic = models.CharField(_("topic"), max_length=40)
    score = models.FloatField(_("score"))
    margin = models.FloatField(_("margin"))
    priority = models.CharField(_("priority"), max_length=8, choices=Priority)
    language = models.CharField(_("language"), max_length=12)
    form_language = models.CharField(max_length=12)
    deciding = models.JSONField(default=list, blank=True)  # keys of the rules that the priority is due to
    signals: Any = models.JSONField(default=list, blank=True)
    needs_person = models.BooleanField(_("topic to be chosen by a person"), default=False)

    class Meta:
        verbose_name = _("triage of a ticket")
        verbose_name_plural = _("triage of tickets")

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.topic}, {self.priority}"


class TriageLabel(models.Model):
    """What an agent chose where the rules had proposed something: from these rows they can be measured and mended."""

    class Field(models.TextChoices):
        TOPIC = "topic", _("Topic")
        PRIORITY = "priority", _("Priority")
        LANGUAGE = "language", _("Language")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="triage_labels", verbose_name=_("ticket"))
    field = models.CharField(_("detail"), max_length=8, choices=Field)
    proposed = models.CharField(_("proposed"), max_length=40, blank=True)
    chosen = models.CharField(_("chosen"), max_length=40)
    generation = models.CharField(max_length=16, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("correction of triage")
        verbose_name_plural = _("corrections of triage")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.proposed} → {self.chosen}"


class TriageTableQuerySet(models.QuerySet["TriageTable"]):
    def in_use(self) -> "TriageTableQuerySet":
        return self.filter(is_in_use=True)


class TriageTable(models.Model):
    """Wordings that were learned, as `tickets.wordings` keeps them, with how good they were. One is in use, or none;
    `texts` names the state of the product's texts that it was learned from. `scores` has `with`, `without`, `texts` and
    `tickets`, each as `tickets.triage_sets.Evaluation.as_json` gives it. A table holds weights of parts of words, never
    a text."""

    class Origin(models.TextChoices):
        SHIPPED = "shipped", pgettext_lazy("table", "Came with the product")
        OWN = "own", pgettext_lazy("table", "Learned from this desk too")

    made_at = models.DateTimeField(_("made"), default=timezone.now)
    origin = models.CharField(_("origin"), max_length=8, choices=Origin)
    texts = models.CharField(max_length=16)
    text_count = models.PositiveIntegerField(_("texts"), default=0)
    ticket_count = models.PositiveIntegerField(_("tickets"), default=0)
    correction_count = models.PositiveIntegerField(_("corrections"), default=0)
    scores: Any = models.JSONField(default=dict)
    table = models.BinaryField()
    is_in_use = models.BooleanField(_("in use"), default=False)

    objects = TriageTableQuerySet.as_manager()

    class Meta:
        verbose_name = _("table of learned wordings")
        verbose_name_plural = _("tables of learned wordings")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["is_in_use"], condition=models.Q(is_in_use=True), name="one_table_in_use")
        ]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M} {self.get_origin_display()}"
