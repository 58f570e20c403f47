"""Files that somebody has sent ahead of a form: examined, sealed, kept for a day, claimed when the form is sent."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tickets.identifiers import new_public_id

UPLOAD_KEPT = timedelta(hours=24)


class Upload(models.Model):
    """`owner` is a random name that the sender's session holds, or at the desk that of what an agent has begun to write
    (`uploading.draft_owner`); nobody else's form can claim the file. `size` in bytes."""

    public_id = models.CharField(max_length=16, unique=True, default=new_public_id, editable=False)
    owner = models.CharField(max_length=32)
    name = models.CharField(_("file name"), max_length=140)
    content_type = models.CharField(_("type"), max_length=80)
    size = models.PositiveIntegerField(_("size in bytes"))
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    stored_as = models.CharField(max_length=100)
    created_at = models.DateTimeField(_("sent"), default=timezone.now)

    class Meta:
        verbose_name = _("file sent ahead")
        verbose_name_plural = _("files sent ahead")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["owner", "public_id"], name="uploads_of_an_owner"),
            models.Index(fields=["created_at"], name="uploads_by_age"),
        ]

    def __str__(self) -> str:
        return self.name
