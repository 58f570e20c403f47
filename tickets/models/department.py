"""Teams beside the front line: engineering, risk, compliance."""

from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class Department(models.Model):
    """`name` is for staff; `public_name` is what a trader reads, a default where it is empty or the department is
    discreet. Both are translated columns. `target_minutes` is how long an answer to a colleague may take."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.CharField(pgettext_lazy("of a department", "name"), max_length=80)
    public_name = models.CharField(_("public name"), max_length=80, blank=True)
    is_discreet = models.BooleanField(
        _("never named to traders"), default=False, help_text=_("Compliance and security stay “a specialist team”.")
    )
    target_minutes = models.PositiveIntegerField(_("answers within (minutes)"), default=240)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.staff_name

    @property
    def staff_name(self) -> str:
        """What staff read, in the active language, else in English, else the key."""
        return str(self.name or getattr(self, "name_en", "") or self.key)

    @property
    def shown_name(self) -> str:
        """What a trader reads, in the active language."""
        return gettext("a specialist team") if self.is_discreet or not self.public_name else self.public_name
