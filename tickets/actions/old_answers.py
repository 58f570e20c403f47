"""Who was given a text that has changed since: found when an article is published, told by one answer to all."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Q

from helpcenter.content import markdown
from helpcenter.enums import EventKind as ContentKind
from helpcenter.enums import Significance
from helpcenter.models import Article, ContentEvent, Revision
from supportdesk.outbox import delivery
from tickets.actions import macro_uses
from tickets.enums import UNSOLVED
from tickets.models import ArticleChange, OldAnswer, Quote
from tickets.quotes import Changed, Text, changed_parts, concerned, enclosing, hashes, is_old

CHANGED = "article_change"  # the event that team leads hear of
RECENT = timedelta(days=30)  # how long an answer on a ticket that is solved by now counts


def look_at_change(event_id: int) -> None:
    """A text was published: if readers may have acted on the one before, keep what has changed, and who was given the
    old text (consumer of the outbox; a second time changes nothing)."""
    event = ContentEvent.objects.select_related("revision").filter(pk=event_id).first()
    before = _public_before(event) if event is not None else None
    if event is None or event.revision is None or before is None:
        return
    found = changed_parts(_texts(before, event.revision))
    if found:
        change = _kept(event, before, event.revision, found)
        macro_uses.note_macros_naming(Article.objects.reading([]).get(pk=change.article_id))
        look_for_old(change)
        delivery.post(CHANGED, change.pk)


def _public_before(event: ContentEvent) -> Revision | None:
    """The text that was public last, also where it had been taken back in between."""
    earlier = ContentEvent.objects.filter(
        Q(at__lt=event.at) | Q(at=event.at, pk__lt=event.pk),
        article=event.article_id,
        language=event.language,
        kind=ContentKind.PUBLISHED,
    )
    last = earlier.select_related("revision").order_by("-at", "-pk").first()
    return last.revision if last is not None else None


def _texts(before: Revision, after: Revision) -> list[Text]:
    """What was saved between two publications, the one before first: a minor change on top of a major draft leaves the
    whole a major change."""
    saved = Revision.objects.filter(article=after.article_id, language=after.language).order_by("number")
    between = saved.filter(number__gt=before.number, number__lt=after.number).only("outline", "significance", "number")
    return [Text(one.parts, one.significance == Significance.MAJOR) for one in (before, *between, after)]


def _kept(event: ContentEvent, before: Revision, after: Revision, found: list[Changed]) -> ArticleChange:
    around = [enclosing(markdown.headings(revision.body)) for revision in (before, after)]
    values = {
        "article_id": event.article_id,
        "language": event.language,
        "before": before,
        "after": after,
        "parts": [{"key": one.key, "change": one.change.value, "title": one.title} for one in found],
        "concerned": sorted(concerned([one.key for one in found], around)),
        "at": event.at,
    }
    return ArticleChange.objects.get_or_create(event=event, defaults=values)[0]


def look_for_old(change: ArticleChange) -> int:
    """Keep the quotes that a change made old: of answers on tickets that are open, or that went out within the last
    thirty days. Returns how many."""
    quotes = Quote.objects.filter(
        Q(at__gte=change.at - RECENT) | Q(message__ticket__status__in=UNSOLVED),
        article=change.article_id,
        language=change.language,
        step_key__in=change.concerned,
        at__lt=change.at,
    )
    return _keep_old(change, quotes.select_related("revision"))


def look_at_quotes(quotes: Iterable[Quote]) -> None:
    """A reply was just sent. Its quotes may be old already, where the text changed before they were recorded; or it may
    bring the new text that was missing on its ticket."""
    for quote in quotes:
        same_text = ArticleChange.objects.filter(article=quote.article_id, language=quote.language)
        for change in same_text.filter(at__gt=quote.at):
            if quote.step_key in change.concerned:
                _keep_old(change, [quote])
        _told_by(quote)


def _told_by(quote: Quote) -> None:
    """The customer got the same place of the article anew, or the whole of it: older answers of the ticket need no
    other one."""
    same_text = {"quote__article": quote.article_id, "change__language": quote.language, "change__at__lte": quote.at}
    old = OldAnswer.objects.open().filter(quote__message__ticket=quote.message.ticket_id, **same_text)
    (old.filter(quote__step_key=quote.step_key) if quote.step_key else old).update(told_at=quote.at)


def _keep_old(change: ArticleChange, quotes: Iterable[Quote]) -> int:
    changed = [part["key"] for part in change.parts]
    now = hashes(change.after.parts)
    rows = [
        OldAnswer(change=change, quote=quote)
        for quote in quotes
        if is_old(quote.step_key, changed, hashes(quote.revision.parts), now)
    ]
    OldAnswer.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
