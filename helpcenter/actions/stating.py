"""The public status: how soon readers usually hear from the desk, as the desk states it."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from helpcenter import freshness
from helpcenter.models import PublicStatus


class Usual(NamedTuple):
    """Within how many minutes people usually hear, and on how many of them that was measured."""

    minutes: int
    sample: int


@transaction.atomic
def state_reply_times(found: Mapping[str, Usual], *, at: datetime) -> None:
    """Say how soon people usually hear, by language; a language that is not named says nothing any more. Pages are
    made anew only where they would say something else."""
    before = dict(PublicStatus.objects.current(at).values_list("language", "reply_promise"))
    PublicStatus.objects.exclude(language__in=found).delete()
    for language, usual in found.items():
        stated = {"reply_promise": usual.minutes, "sample": usual.sample, "measured_at": at}
        PublicStatus.objects.update_or_create(language=language, defaults=stated)
    if before != {language: usual.minutes for language, usual in found.items()}:
        freshness.bump()
