"""The demo's desk: readers who voted and searched, texts on their way, and what is due, from `fixtures/desk.yaml`."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone

from helpcenter.actions import drafting, reviewing, upkeep
from helpcenter.enums import Stage
from helpcenter.models import Article, ContentTask, Feedback, ReadCount, SearchLog, TeamMember, TranslationState
from supportdesk.accounts.models import User

DAYS = 25  # days over which votes and reads are spread
HOUR = timedelta(hours=1)


@transaction.atomic
def load(file: Path) -> None:
    """Fill the desk. Articles that are not there are left out."""
    desk: dict[str, list[Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    known = {article.slug: article for article in Article.objects.reading([])}
    people = {user.email: user for user in User.objects.all()}
    now = timezone.now()
    load_owners(desk["owners"], known, people, now)
    for language, roles in dict(desk["teams"]).items():
        for role, email in roles.items():
            TeamMember.objects.get_or_create(language=language, person=people[email], defaults={"role": role})
    load_readers(desk, known, now)
    for slug, *more in desk["drafts"]:
        if slug in known:
            load_draft(known[slug], *more, people=people)
    for kind, language, note, owner, days in desk["tasks"]:
        due = now.date() + timedelta(days=days)
        task = ContentTask(kind=kind, language=language, note=note, owner=people.get(owner), due_on=due)
        upkeep.open_task(task, by=None)


def load_owners(rows: Any, known: dict[str, Article], people: dict[str, User], now: datetime) -> None:
    for slug, (email, days) in rows.items():
        if slug in known:
            article = known[slug]
            article.owner, article.review_by = people.get(email), now.date() + timedelta(days=days)
            article.save(update_fields=["owner", "review_by"])


def load_readers(desk: dict[str, Any], known: dict[str, Article], now: datetime) -> None:
    hour = now.replace(minute=0, second=0, microsecond=0)
    for slug, counts in desk["reads"].items():
        for language, count in counts.items() if slug in known else ():
            for day in range(DAYS):
                at = hour - timedelta(days=day)
                ReadCount.objects.create(article=known[slug], language=language, hour=at, count=count // DAYS)
    votes = [vote for row in desk["votes"] if row[0] in known for vote in votes_of(known[row[0]], *row[1:], now=now)]
    Feedback.objects.bulk_create(votes)
    for query, language, times, is_foreign in desk["searches"]:
        stage = Stage.OTHER_LANGUAGE if is_foreign else Stage.NOTHING
        own = {"query": query, "language": language, "hits": int(is_foreign), "stage": stage, "token": ""}
        SearchLog.objects.bulk_create(SearchLog(created_at=now - HOUR * n, **own) for n in range(times))


def votes_of(
    article: Article, language: str, helped: int, not_helped: int, reason: str, comments: list[str], *, now: datetime
) -> list[Feedback]:
    """Votes spread over some weeks; of those who were not helped, two of three give the main reason."""
    found = []
    for number in range(helped + not_helped):
        at, missed = now - timedelta(days=number % DAYS, minutes=number), number - helped
        found.append(
            Feedback(
                article=article,
                language=language,
                helpful=missed < 0,
                reason=reason if missed >= 0 and missed % 3 else "",
                comment=comments[missed] if 0 <= missed < len(comments) else "",
                day=at.date(),
                created_at=at,
            )
        )
    return found


def load_draft(
    article: Article,
    language: str,
    author: str,
    note: str,
    standing: str,
    reviewer: str | None,
    words: str | None,
    *,
    people: dict[str, User],
) -> None:
    """A newer text behind the public one, as far on its way as the file says."""
    public = TranslationState.objects.select_related("published").get(article=article, language=language).published
    if public is None:
        return
    by = people[author]
    text = drafting.Text(public.title, f"{public.body.rstrip()}\n\n{note}.\n", public.summary, public.extra)
    revision = drafting.save_revision(article, language, text, by=by, note=note)
    if standing != "draft":
        reviewing.submit(revision, by=by)
    if standing == "changes_asked" and reviewer and words:
        reviewing.ask_changes(revision, by=people[reviewer], note=words)
