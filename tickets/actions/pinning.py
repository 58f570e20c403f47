"""What readers see first while many ask or something is out of order: an article that a lead has chosen for a surge,
the public page of an incident. It stands above the results of the search, and beside the form of its topic."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from helpcenter.actions import pinning
from helpcenter.enums import PinReason
from helpcenter.errors import ContentError
from helpcenter.models import Announcement, Article, Pin
from supportdesk import guard
from supportdesk.ui.languages import column, content_languages
from tickets.actions.change import require_lead
from tickets.errors import InvalidInput, TransitionNotAllowed
from tickets.models import Incident, SurgeState, Topic
from tickets.surge import State

SURGE = "surge"  # the source of pins that a lead has chosen
WHILE = (State.WATCH, State.SURGE)


@transaction.atomic
def pin_article(slug: str, *, by: Any, topic: str = "", words: Iterable[str] = ()) -> Pin:
    """Pin an article for a topic (its key), or for all requests, until the surge ends; in the place of another. `words`
    are what readers may search for; the names of the topic count anyway.

    Raises PermissionDenied, TransitionNotAllowed while no surge is on or watched, InvalidInput.
    """
    require_lead(by)
    if not SurgeState.objects.select_for_update().filter(pk=1, state__in=WHILE):
        raise TransitionNotAllowed(gettext("No surge is on or watched any more: nothing is pinned."))
    row = Topic.objects.filter(key=topic).first() if topic else None
    if topic and row is None:
        raise InvalidInput(gettext("This topic is not there any more. Choose another."), "topic")
    said = [guard.clean(word, door="incident").text for word in words]
    try:
        return pinning.pin(
            _article(slug), why=PinReason.BUSY, source=SURGE, topic=topic, words=[*said, *_names([row])], by=by
        )
    except ContentError as error:
        raise InvalidInput(str(error), "article") from error


def _article(slug: str) -> Article:
    """The article of a slug, or of an address that ends with one. Raises InvalidInput."""
    name = slug.partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2].strip().replace("\0", "")
    found = Article.objects.public().published().filter(slug=name[:120]).first()
    if found is None:
        message = gettext("“%(name)s” is no public article. Copy the address of its page, or choose one of the list.")
        raise InvalidInput(message % {"name": name[:120]}, "article")
    return found


def _names(topics: Iterable[Topic | None]) -> list[str]:
    columns = [column("name", code) for code in content_languages()]
    return [name for topic in topics if topic for found in columns if (name := getattr(topic, found, ""))]


def take_down(topic: str = "", *, by: Any) -> int:
    """Take down what is pinned for a topic in a surge. Returns how many. Raises PermissionDenied."""
    require_lead(by)
    return pinning.unpin(SURGE, topic=topic, by=by)


def take_down_all() -> int:
    """The surge is over: nothing is pinned for it any more."""
    return pinning.unpin(SURGE, by=None)


# The page of an incident


def follow_page(incident: Incident, *, by: Any) -> None:
    """Pin the public page of an incident for its topics, unless it is the band of every page already."""
    source, page = source_of(incident), incident.announcement
    is_hidden = page is not None and not Announcement.objects.published().filter(pk=page.pk).exists()
    if page is None or is_hidden or page.is_band or page.ends_at is not None:
        pinning.unpin(source, by=by)
        return
    topics = list(incident.topics.all())
    words = [word for found in incident.keywords.values() for word in found]
    for old in set(Pin.objects.of(source).current().values_list("topic", flat=True)) - _keys(topics):
        pinning.unpin(source, topic=old, by=by)
    for key in _keys(topics):
        said = [*words, *_names(topics)]
        pinning.pin(page, why=PinReason.INCIDENT, source=source, topic=key, words=said, by=by)


def _keys(topics: Iterable[Topic]) -> set[str]:
    return {topic.key for topic in topics} or {""}


def take_down_page(incident: Incident) -> int:
    """The incident is over, or has no page any more."""
    return pinning.unpin(source_of(incident), by=None)


def source_of(incident: Incident) -> str:
    return f"incident-{incident.pk}"
