"""Prepared replies, and the views that agents keep."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tickets.enums import Priority, Status
from tickets.models.department import Department
from tickets.models.ticket import Tag
from tickets.models.topic import Topic


class MacroQuerySet(models.QuerySet["Macro"]):
    def usable_by(self, person: object) -> "MacroQuerySet":
        """The team's and one's own."""
        return self.filter(Q(owner__isnull=True) | Q(owner=person), is_active=True)


class Macro(models.Model):
    """`body` is a translated column with variables such as `{{ customer }}`; what it sets besides is optional. One
    with an owner is personal."""

    name = models.CharField(pgettext_lazy("of a macro", "name"), max_length=80)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="macros",
        verbose_name=_("owner"),
    )
    topic = models.ForeignKey(
        Topic, on_delete=models.SET_NULL, null=True, blank=True, related_name="macros", verbose_name=_("topic")
    )
    body = models.TextField(_("text"), blank=True)
    set_status = models.CharField(_("then"), max_length=8, choices=Status, blank=True)
    set_priority = models.CharField(_("priority"), max_length=8, choices=Priority, blank=True)
    set_department = models.ForeignKey(
        Department, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    add_tags = models.ManyToManyField(Tag, blank=True, related_name="+", verbose_name=_("tags"))
    is_active = models.BooleanField(_("in use"), default=True)
    uses = models.PositiveIntegerField(_("used"), default=0)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = MacroQuerySet.as_manager()

    class Meta:
        verbose_name = _("macro")
        verbose_name_plural = _("macros")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class SavedView(models.Model):
    """A filter of the queue under a name; without an owner it is everybody's. `query` is what the screen's filter
    form sends."""

    name = models.CharField(pgettext_lazy("of a view", "name"), max_length=60)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="saved_views",
        verbose_name=_("owner"),
    )
    query = models.CharField(_("filter"), max_length=500)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name
