"""Periodic work of the help centre."""

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from helpcenter.actions import differing, picturing, publishing, upkeep
from helpcenter.models import AddressUse, ContentEvent, Feedback, SearchLog

KEEP_ADDRESSES = timedelta(days=2)
KEEP_SEARCHES = timedelta(days=180)
KEEP_PICTURES = timedelta(days=30)  # that no text names


@task()
def forget_traces_of_readers() -> int:
    """Drop what could join a reader's visits: hashed addresses after two days, searches after half a year."""
    now = timezone.now()
    removed, _ = AddressUse.objects.filter(hour__lt=now - KEEP_ADDRESSES).delete()
    SearchLog.objects.filter(created_at__lt=now - KEEP_SEARCHES).delete()
    old = Feedback.objects.filter(day__lt=(now - KEEP_ADDRESSES).date()).exclude(address_hash="")
    return removed + old.update(address_hash="")


@task()
def remind_of_checks() -> int:
    """Tell owners which articles have to be looked at again."""
    return upkeep.remind(timezone.now().date())


@task()
def compare_translations() -> int:
    """Compare translations with their sources where nobody has since either of them changed."""
    return differing.compare_waiting()


@task()
def forget_pictures() -> int:
    """Drop pictures that somebody sent and that no text has come to show."""
    return picturing.forget_unused(timezone.now() - KEEP_PICTURES)


def draw_words_again(event_id: int) -> None:
    """The glossary of a language changed: draw its articles again (consumer of the outbox). Of several changes the last
    one is enough."""
    event = ContentEvent.objects.get(pk=event_id)
    later = ContentEvent.objects.filter(kind=event.kind, language=event.language, pk__gt=event.pk)
    if not later.exists():
        publishing.draw_words_again(event.language)
