"""People: one table for traders and staff, known by their e-mail address."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from supportdesk.accounts import addresses, kinds


class UserManager(BaseUserManager["User"]):
    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        """An address as it is stored: both spellings of a host in letters outside of ASCII are one person's."""
        return addresses.canonical(email or "")

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a person; without a password they can only sign in by a link or single sign-on.

        Raises ValueError for an empty address.
        """
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, username: str | None) -> "User":
        """By address, in any case of its letters. Compared in small letters: among the capitals of PostgreSQL a long s
        and an S are one, so that one person's address would find another's too."""
        return self.annotate(lowered=Lower("email")).get(lowered=self.normalize_email(username))


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an e-mail address, the language that they read and the zone that they live in."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=12, default=settings.LANGUAGE_CODE)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    tier = models.SlugField(
        _("tier"),
        max_length=20,
        blank=True,
        help_text=_("How the exchange ranks this trader, such as pro. Empty: standard."),
    )
    is_staff = models.BooleanField(_("may use the admin"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)
    quiet_from = models.TimeField(_("no mail of notices from"), null=True, blank=True)
    quiet_until = models.TimeField(_("until"), null=True, blank=True)
    digest_hour = models.PositiveSmallIntegerField(
        _("hour of the daily mail"), default=8, validators=[MaxValueValidator(23)]
    )
    notice_sound = models.BooleanField(_("a sound when something new waits"), default=False)
    notice_window = models.BooleanField(_("a message of the browser when something new waits"), default=False)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """Something that waits for a person, with the address to go to; `event` keeps it from being sent twice."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=40)
    subject = models.CharField(_("about"), max_length=200)
    link = models.CharField(_("address"), max_length=300)
    event = models.CharField(max_length=80)
    created_at = models.DateTimeField(_("sent"), default=timezone.now)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["person", "event"], name="one_notice_of_an_event")]
        indexes = [models.Index(fields=["person", "-created_at"], name="notices_of_a_person")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}"

    @property
    def sentence(self) -> str:
        """What it says, in the active language."""
        return str(kinds.of(self.kind).sentence) % {"subject": self.subject}

    @property
    def icon(self) -> str:
        return kinds.of(self.kind).icon


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable(self, at: datetime) -> "ApiTokenQuerySet":
        """Not taken back, not run out at a moment (UTC), and of somebody whose account is open."""
        lasts = models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=at)
        return self.filter(lasts, revoked_at__isnull=True, person__is_active=True)


class ApiToken(models.Model):
    """A key with which a program acts for a person, within `scopes`. The key itself is shown once and never stored:
    `digest` is its SHA-256, `prefix` its first letters, by which a person tells one from another. `used` counts the
    requests of the minute that began at `minute`."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens", verbose_name=_("person"))
    name = models.CharField(_("what it is for"), max_length=80)
    prefix = models.CharField(_("begins with"), max_length=16, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(_("what it may do"), default=list)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("runs out"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("taken back"), null=True, editable=False)
    minute = models.DateTimeField(null=True, editable=False)
    used = models.PositiveIntegerField(default=0, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


class KeptKey(models.Model):
    """An `Idempotency-Key` that a program has sent, with the digest of what it asked and what came of it: a second try
    gets the same, another request under the same key is refused. Nothing that people wrote is kept here."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    result = models.CharField(max_length=40, blank=True)
    kept_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("kept key")
        verbose_name_plural = _("kept keys")
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="one_answer_of_a_key")]
        indexes = [models.Index(fields=["kept_at"], name="kept_keys_by_age")]

    def __str__(self) -> str:
        return self.key


class Way(models.TextChoices):
    """How a person wants to hear of something, besides the bell."""

    BELL = "bell", _("Bell only")
    AT_ONCE = "at_once", _("Mail at once")
    DAILY = "daily", _("One mail a day")


class NoticeChoice(models.Model):
    """What a person chose for a kind of notice; without one, the kind says whether it mails."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notice_choices")
    kind = models.CharField(_("kind"), max_length=40)
    way = models.CharField(_("how"), max_length=8, choices=Way)

    class Meta:
        verbose_name = _("choice of notices")
        verbose_name_plural = _("choices of notices")
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="one_choice_of_a_kind")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind} {self.way}"
