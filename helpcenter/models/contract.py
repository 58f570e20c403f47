"""The contracts that can be traded. Their figures are dated facts; a row says only what kind of contract it is."""

from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpcenter.enums import ContractForm

SYMBOL = RegexValidator(
    r"^[A-Z0-9][A-Z0-9-]*\Z", _("Write capital letters, digits and “-” only, such as BTCUSDT-PERP.")
)
CURRENCY = RegexValidator(r"^[A-Z0-9]{2,12}\Z", _("Write 2 to 12 capital letters or digits, such as USDT."))
POSITIVE = MinValueValidator(Decimal("0.0000000001"), _("Write a number greater than zero."))


class ContractQuerySet(models.QuerySet["Contract"]):
    def listed(self) -> "ContractQuerySet":
        return self.filter(is_listed=True)


class Contract(models.Model):
    """A contract; its specification page is the article of the same slug, its facts are `<slug>.<kind>`.

    `expires_at` is UTC and empty for a perpetual. The example price (in the quote currency) and size (in contracts)
    are those of the worked examples.
    """

    slug = models.SlugField(
        _("slug"), max_length=120, unique=True, help_text=_("As in the article and its facts, such as btcusdt-perp.")
    )
    symbol = models.CharField(_("symbol"), max_length=40, unique=True, validators=[SYMBOL])
    form = models.CharField(_("form"), max_length=10, choices=ContractForm.choices, default=ContractForm.LINEAR)
    base = models.CharField(_("base currency"), max_length=12, validators=[CURRENCY])
    quote = models.CharField(_("quote currency"), max_length=12, validators=[CURRENCY])
    settle = models.CharField(_("settlement currency"), max_length=12, validators=[CURRENCY])
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True, help_text=_("UTC; empty for a perpetual."))
    is_listed = models.BooleanField(_("listed"), default=True)
    example_price = models.DecimalField(_("example price"), max_digits=22, decimal_places=10, validators=[POSITIVE])
    example_size = models.DecimalField(
        _("example size"), max_digits=22, decimal_places=10, validators=[POSITIVE], help_text=_("In contracts.")
    )

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ["symbol"]

    def __str__(self) -> str:
        return self.symbol

    def clean(self) -> None:
        """A linear contract settles in its quote currency, an inverse one in its base currency."""
        due = self.quote if self.form == ContractForm.LINEAR else self.base
        if self.settle != due:
            message = _("A contract of this form settles in %(currency)s.")
            raise ValidationError({"settle": message % {"currency": due}})

    @property
    def is_perpetual(self) -> bool:
        return self.expires_at is None

    def is_expired(self, at: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= at
