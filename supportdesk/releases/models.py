"""What a release brought to the rows of this desk, and what it offers where staff had changed them."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from supportdesk.releases import kinds

if TYPE_CHECKING:
    from supportdesk.releases.kinds import Kind


class ShippedRowQuerySet(models.QuerySet["ShippedRow"]):
    def offered(self) -> "ShippedRowQuerySet":
        """Those of which a release has another wording than the desk's own."""
        return self.filter(offered__isnull=False)

    def visible_to(self, user: Any) -> "ShippedRowQuerySet":
        """Of the kinds that a person may change."""
        return self.filter(kind__in=[name for name, kind in kinds.known().items() if user.has_perm(kind.permission)])


class ShippedRow(models.Model):
    """A row of a kind, by its key. `base` is what was shipped last and settled here; None: nobody knows what that was,
    or, where nothing is offered, a release has taken the row away. `offered` waits for somebody's choice."""

    kind = models.CharField(_("kind"), max_length=60)
    key = models.CharField(_("row"), max_length=500)
    base = models.JSONField(null=True, editable=False)
    offered = models.JSONField(null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True)

    objects = ShippedRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("wording of a release")
        verbose_name_plural = _("wordings of a release")
        ordering = ["kind", "key"]
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="one_shipped_row_of_a_key")]

    def __str__(self) -> str:
        return self.key

    @property
    def is_withdrawn(self) -> bool:
        return self.base is None and self.offered is None

    @property
    def described(self) -> "Kind | None":
        """None where this site no longer knows the kind."""
        return kinds.known().get(self.kind)
