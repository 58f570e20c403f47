"""Keeping content true: articles are looked at again by a day, and what is missing becomes somebody's task."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from helpcenter.actions import access, drafting, events
from helpcenter.content import questions
from helpcenter.enums import EventKind, Significance, TaskKind
from helpcenter.errors import InvalidText, InvalidTime, NotAllowedNow
from helpcenter.models import Article, CheckInterval, ContentTask, Revision, TranslationState
from supportdesk import guard
from supportdesk.accounts import notices
from supportdesk.accounts.models import Notice, User
from supportdesk.ui.languages import column

USUAL_DAYS = 180  # days between checks, where no row says otherwise
SOON = timedelta(days=7)  # an owner is told this long before
LONGEST_NOTE = 1000  # characters


# Checks by date


def next_check(kind: str, on: date) -> date:
    """When an article of a kind that is found to be true on a day has to be looked at again."""
    intervals = dict(CheckInterval.objects.filter(kind__in=(kind, "")).values_list("kind", "days"))
    return on + timedelta(days=intervals.get(kind, intervals.get("", USUAL_DAYS)))


@transaction.atomic
def confirm_true(article: Article, *, by: Any, again_by: date | None = None) -> Article:
    """Somebody has looked: the article is still true. It is looked at again by `again_by`, by default after the
    interval of its kind.

    Raises PermissionDenied, and InvalidTime for a day that does not lie ahead.
    """
    article = Article.objects.select_for_update(of=("self",)).reading([]).get(pk=article.pk)
    access.require(by, "helpcenter.add_article")
    access.require_writing(by, article, article.source_language)
    now = timezone.now()
    if again_by is not None and again_by <= now.date():
        message = gettext("%(day)s does not lie ahead. Choose a later day.")
        raise InvalidTime(message % {"day": f"{again_by:%Y-%m-%d}"})
    article.checked_at, article.review_by = now, again_by or next_check(article.kind, now.date())
    article.save(update_fields=["checked_at", "review_by"])
    ContentTask.objects.open().filter(article=article, kind=TaskKind.CHECK).update(done_by=by, done_at=now)
    events.record(EventKind.CHECKED, by=by, article=article, language=article.source_language)
    return article


@transaction.atomic
def confirm_all(articles: Iterable[Article], *, by: Any) -> int:
    """Confirm several articles at once; returns how many. Raises as `confirm_true`, and then confirms none."""
    return len([confirm_true(article, by=by) for article in articles])


@dataclass(frozen=True)
class Reminder:
    kind: str
    event: str


def remind(on: date) -> int:
    """Tell owners, or the leads where an article has none or the account is closed, of articles that are due within a
    week, and again from the day after on: each once for each day that was set. Returns how many notices were new."""
    articles = Article.objects.reading(["en"], "title").due_for_check(on + SOON).exclude(review_by=on)
    due = [(article, _owner(article)) for article in articles.select_related("owner")]
    leads = [] if all(owner for _, owner in due) else access.on_duty(access.people_with("lead_article"))
    count = 0
    for article, owner in due:
        for person in [owner] if owner else leads:
            count += _remind(person, article, _reminder(article, on))
    return count


def _owner(article: Article) -> User | None:
    """The owner of an article; None where it has none or the account is closed."""
    return article.owner if article.owner is not None and article.owner.is_active else None


def _reminder(article: Article, on: date) -> Reminder:
    assert article.review_by is not None  # noqa: S101 - `due_for_check` says so
    kind = "check_overdue" if article.review_by < on else "check_soon"
    return Reminder(kind, f"{kind}:{article.pk}:{article.review_by:%Y-%m-%d}")


def _remind(person: User, article: Article, reminder: Reminder) -> bool:
    if Notice.objects.filter(person=person, event=reminder.event).exists():
        return False
    link = reverse("admin:helpcenter_article_still_true", args=[article.pk])
    with transaction.atomic():  # the notice and the mail that is owed for it
        notices.notify(person, reminder.kind, subject=_name(article), link=link, event=reminder.event)
    return True


def _name(article: Article) -> str:
    return getattr(article, column("title", "en"), "") or article.slug


# Tasks


@transaction.atomic
def open_task(task: ContentTask, *, by: Any) -> ContentTask:
    """Write down what is to be done, and tell its owner; for a search that has such a task already, that one is it.

    Raises PermissionDenied, InvalidText for a note that is too long.
    """
    access.require(by, "helpcenter.add_contenttask")
    same = same_task(task)
    if same is not None:
        return same
    task.created_by = by
    try:
        return save_task(task, by=by)
    except NotAllowedNow:  # somebody else clicked at the same time, and was first
        same = same_task(task)
        if same is None:
            raise
        return same


def same_task(task: ContentTask) -> ContentTask | None:
    """Another open task of this kind for the same search; what comes from no search is never the same."""
    if not task.query or task.done_at is not None:
        return None
    own = {"kind": task.kind, "language": task.language, "query": task.query}
    return ContentTask.objects.open().filter(**own).exclude(pk=task.pk).first()


@transaction.atomic
def save_task(task: ContentTask, *, by: Any) -> ContentTask:
    """Store a task, secrets taken out of its note, and tell its owner.

    Raises PermissionDenied, InvalidText, NotAllowedNow where there is such a task of the same search already.
    """
    access.require(by, "helpcenter.change_contenttask")
    if len(task.note) > LONGEST_NOTE:
        message = gettext("The note has %(length)d characters; at most %(limit)d fit.")
        raise InvalidText(message % {"length": len(task.note), "limit": LONGEST_NOTE})
    task.note = guard.clean(task.note, door="task").text[:LONGEST_NOTE]
    _store_once(task)
    _tell_owner(task, by)
    return task


def _store_once(task: ContentTask) -> None:
    """The database refuses what a form did not see, because it was stored at the same time. Raises NotAllowedNow."""
    try:
        with transaction.atomic():
            task.save()
    except IntegrityError:
        if same_task(task) is None:
            raise
        message = gettext("There is an open task of this kind for this search already.")
        raise NotAllowedNow(message) from None


def _tell_owner(task: ContentTask, by: Any) -> None:
    """Tell the owner of a task that it is theirs now, once, unless they took it themselves."""
    if task.owner is None or (by is not None and task.owner_id == by.pk):
        return
    link = reverse("admin:helpcenter_contenttask_change", args=[task.pk])
    event = f"task:{task.pk}:{task.owner_id}"
    notices.notify(task.owner, "task", subject=str(task), link=link, event=event)


@transaction.atomic
def finish(task: ContentTask, *, by: Any) -> ContentTask:
    """Mark a task as done. Its owner may, and whoever changes tasks. Raises PermissionDenied."""
    if by is not None and task.owner_id != by.pk:
        access.require(by, "helpcenter.change_contenttask")
    task.done_at, task.done_by = task.done_at or timezone.now(), task.done_by or by
    task.save(update_fields=["done_at", "done_by"])
    return task


@transaction.atomic
def ignore_search(language: str, query: str, *, by: Any) -> ContentTask:
    """Take a search off the list of those that found nothing, for good. Raises PermissionDenied."""
    access.require(by, "helpcenter.add_contenttask")
    own: dict[str, Any] = {"kind": TaskKind.IGNORED, "language": language, "query": query[:200]}
    done = {"created_by": by, "done_by": by, "done_at": timezone.now()}
    task = ContentTask.objects.filter(**own).first()
    return task or ContentTask.objects.create(**own, **done)


@transaction.atomic
def take_up(task: ContentTask, article: Article, *, by: Any) -> ContentTask:
    """An article was begun for a task. Raises PermissionDenied."""
    access.require(by, "helpcenter.add_article")
    if task.done_at is None and task.article_id is None:
        task.article, task.owner = article, task.owner or by
        task.save(update_fields=["article", "owner"])
        for state in TranslationState.objects.of(article).published():
            published(article, state.language, by=by)
    return task


@transaction.atomic
def add_question(task: ContentTask, *, by: Any) -> Revision:
    """Make the search of a task a reader's question of its article: a draft in the language of the search, and the task
    is done. The draft is the newest text with that line; a text that has it already stays as it is.

    Raises PermissionDenied, InvalidText where there is no such text or the line does not fit, and LockedByOther.
    """
    access.require(by, "helpcenter.change_contenttask")
    latest = _text_to_ask_for(task)
    line = questions.tidied([task.query])
    if any(guard.findings(text) for text in line):
        raise InvalidText(gettext("The search holds something secret. Write a question of readers in the article."))
    text = drafting.text_of(latest)
    asked = replace(text, questions=questions.tidied([*latest.questions, *line]))
    options: dict[str, Any] = {"note": gettext("A search that found nothing"), "significance": Significance.MINOR}
    revision = drafting.save_revision(latest.article, task.language, asked, by=by, seen=latest.number, **options)
    finish(task, by=by)
    return revision


def _text_to_ask_for(task: ContentTask) -> Revision:
    """The newest text of a task's article in its language. Raises InvalidText."""
    if task.article is None or not task.query.strip() or not task.language:
        raise InvalidText(gettext("Choose the article and the language that the search is a question for."))
    states = TranslationState.objects.filter(article=task.article, language=task.language)
    state = states.select_related("latest__article").first()
    if state is None or state.latest is None:
        message = gettext("“%(article)s” has no text in this language yet. Choose another article.")
        raise InvalidText(message % {"article": task.article.slug})
    return state.latest


def published(article: Article, language: str, *, by: Any) -> int:
    """A text became public: what was to be written or translated is done. Returns how many tasks that were."""
    kinds = (TaskKind.WRITE, TaskKind.TRANSLATE, TaskKind.CORRECT)
    tasks = ContentTask.objects.open().filter(article=article, kind__in=kinds, language__in=("", language))
    return tasks.update(done_at=timezone.now(), done_by=by)


def synonym_added(language: str, words: Iterable[str], *, by: Any) -> int:
    """Words were made synonyms: the searches for them are seen to. Returns how many tasks were done."""
    asked = {form for word in words for form in (word, word.lower())}
    tasks = ContentTask.objects.open().filter(kind=TaskKind.SYNONYM, query__in=asked)
    if language:
        tasks = tasks.filter(language=language)
    return tasks.update(done_at=timezone.now(), done_by=by)
