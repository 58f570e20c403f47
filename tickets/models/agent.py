"""Who answers: presence, what they hold, where they belong."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tickets.enums import Level, Presence
from tickets.models.department import Department


class Agent(models.Model):
    """A person of the desk. `capacity` counts tickets in work at one time."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="agent", verbose_name=_("person")
    )
    departments = models.ManyToManyField(Department, blank=True, related_name="agents", verbose_name=_("departments"))
    presence = models.CharField(_("presence"), max_length=10, choices=Presence, default=Presence.OFFLINE)
    presence_reason = models.CharField(_("reason"), max_length=80, blank=True)
    presence_since = models.DateTimeField(_("since"), default=timezone.now)
    capacity = models.PositiveSmallIntegerField(_("capacity"), default=6)
    public_name = models.CharField(_("name that traders read"), max_length=60, blank=True)
    signature = models.TextField(_("signature"), max_length=500, blank=True)
    has_shortcuts = models.BooleanField(_("keyboard shortcuts"), default=True)

    class Meta:
        verbose_name = _("agent")
        verbose_name_plural = _("agents")

    def __str__(self) -> str:
        return str(self.person)

    @property
    def shown_name(self) -> str:
        """What traders read."""
        return _public_name(self.public_name, self.person.name) or gettext("Support")


def public_names(people: Iterable[Any]) -> dict[int, str]:
    """What traders read of those who answered, by number: the name that they chose for it, else their first name, never
    an address; empty where there is none, so that each place says “support” as its sentence wants it. None among the
    people is left out; one question to the database at most."""
    names = {person.pk: person.name for person in people if person is not None}
    rows = Agent.objects.filter(person__in=names).values_list("person_id", "public_name") if names else ()
    chosen = dict(rows)
    return {number: _public_name(chosen.get(number, ""), name) for number, name in names.items()}


def _public_name(chosen: str, name: str) -> str:
    return next((one for one in (chosen.strip(), *name.split()[:1]) if one and "@" not in one), "")


class AgentLanguage(models.Model):
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="languages", verbose_name=_("agent"))
    language = models.CharField(_("language"), max_length=12)
    level = models.CharField(_("level"), max_length=8, choices=Level, default=Level.FLUENT)

    class Meta:
        verbose_name = _("language of an agent")
        verbose_name_plural = _("languages of agents")
        constraints = [models.UniqueConstraint(fields=["agent", "language"], name="one_level_of_a_language")]

    def __str__(self) -> str:
        return f"{self.agent}: {self.language} ({self.level})"


STALE_FOR = timedelta(days=7)  # that a certificate counts once what it was earned with has changed
NO_GRACE = ("security",)  # skills of which an outdated certificate counts no more at once


class CertificateQuerySet(models.QuerySet["AgentCertificate"]):
    def valid(self, at: datetime | None = None) -> "CertificateQuerySet":
        """Certificates that count at a moment (UTC)."""
        now = at or timezone.now()
        lasts = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
        in_grace = Q(stale_since__gt=now) | Q(stale_since__gt=now - STALE_FOR) & ~Q(skill__in=NO_GRACE)
        return self.filter(lasts, Q(stale_since__isnull=True) | in_grace, issued_at__lte=now)


class AgentCertificate(models.Model):
    """Leave to answer about a skill; an empty language means all. It lapses by itself: when it expires, or some days
    after what it was earned with has changed (`stale_since`)."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="certificates", verbose_name=_("agent"))
    skill = models.CharField(_("skill"), max_length=40)
    language = models.CharField(_("language"), max_length=12, blank=True)
    issued_at = models.DateTimeField(_("issued"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    stale_since = models.DateTimeField(_("outdated since"), null=True, blank=True)
    source = models.CharField(_("granted by"), max_length=80, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        indexes = [models.Index(fields=["skill", "agent"], name="certificates_of_a_skill")]

    def __str__(self) -> str:
        return f"{self.agent}: {self.skill}"

    @property
    def ends_at(self) -> datetime | None:
        """When it counts no more (UTC); None for never."""
        grace = timedelta(0) if self.skill in NO_GRACE else STALE_FOR
        outdated = self.stale_since + grace if self.stale_since is not None else None
        return min((end for end in (self.expires_at, outdated) if end is not None), default=None)
