"""Pictures of articles: one name, a file per language, and where each is shown."""

from datetime import datetime
from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helpcenter.enums import Audience
from helpcenter.models.article import Article

WIDTHS = (480, 800, 1280)


class PictureQuerySet(models.QuerySet["Picture"]):
    def untouched(self, before: datetime) -> "PictureQuerySet":
        """Pictures whose files were all sent before a moment (UTC), and that no public text shows."""
        recent = PictureFile.objects.filter(sent_at__gte=before).values("picture")
        shown = PictureUse.objects.values("file__picture")
        return self.filter(files__isnull=False).exclude(pk__in=recent).exclude(pk__in=shown).distinct()


class Picture(models.Model):
    """What a text calls `pictures/<name>`; the files behind it differ by language."""

    name = models.CharField(_("file name"), max_length=120, unique=True)

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PictureFileQuerySet(models.QuerySet["PictureFile"]):
    def shown_publicly(self) -> "PictureFileQuerySet":
        """Files that a published public text shows now."""
        return self.filter(uses__article__audience=Audience.PUBLIC, uses__article__archived_at__isnull=True).distinct()


class PictureFile(models.Model):
    """The re-encoded file of a picture in one language. `digest` names it in addresses and in storage."""

    picture = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="files", verbose_name=_("picture"))
    language = models.CharField(_("language"), max_length=12)
    digest = models.CharField(_("digest"), max_length=32, db_index=True)
    extension = models.CharField(_("format"), max_length=5)
    width = models.PositiveIntegerField(_("width in pixels"))
    height = models.PositiveIntegerField(_("height in pixels"))
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)

    objects = PictureFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture file")
        verbose_name_plural = _("picture files")
        constraints = [models.UniqueConstraint(fields=["picture", "language"], name="one_file_per_language")]

    def __str__(self) -> str:
        return f"{self.picture} ({self.language})"

    @property
    def widths(self) -> list[int]:
        """The widths that are kept ready, never wider than the file."""
        return sorted({width for width in WIDTHS if width < self.width} | {min(self.width, WIDTHS[-1])})

    @property
    def folder(self) -> PurePosixPath:
        return PurePosixPath("pictures", self.digest[:2])

    @property
    def master(self) -> str:
        """Storage name of the file as it was taken in, for exports."""
        return str(self.folder / f"{self.digest}.{self.extension}")

    def sized(self, width: int) -> str:
        """Storage name of the WebP of a width."""
        return str(self.folder / f"{self.digest}-{width}.webp")

    def sources(self) -> dict[int, str]:
        """Width -> path below the language."""
        return {width: f"pictures/{self.digest}-{width}.webp" for width in self.widths}

    def read_master(self) -> bytes:
        with default_storage.open(self.master) as file:
            return file.read()


class PictureUse(models.Model):
    """A published text of a language shows a file; written by `publish`, read before a file is served."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="picture_uses")
    language = models.CharField(_("language"), max_length=12)
    file = models.ForeignKey(PictureFile, on_delete=models.CASCADE, related_name="uses")

    class Meta:
        verbose_name = _("use of a picture")
        verbose_name_plural = _("uses of pictures")
        constraints = [models.UniqueConstraint(fields=["article", "language", "file"], name="one_use_once")]

    def __str__(self) -> str:
        return f"{self.file} in {self.article} ({self.language})"
