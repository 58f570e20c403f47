"""The lists of the desk: what they hold, for whom they are, and what they can be narrowed down to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery, Sum, Window
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from helpcenter import gaps
from helpcenter.actions import access
from helpcenter.enums import (
    ANNOUNCEMENT_DISPLAY,
    STANDING_DISPLAY,
    AnnouncementKind,
    FeedbackReason,
    Significance,
    Standing,
    Verdict,
)
from helpcenter.helpfulness import Helped
from helpcenter.models import Announcement, Article, ContentTask, Feedback, ReadCount, ReviewNote, TranslationState
from supportdesk.ui import languages
from supportdesk.ui.languages import column, content_languages

MONTH = timedelta(days=28)
WEEK = timedelta(days=7)
MOST_ALERTS = 20  # more never wait at once


@dataclass(frozen=True)
class Asked:
    """Who looks, when (UTC), and what a list is narrowed down to; unknown values of an address count as none."""

    person: Any
    at: Any
    language: str = ""
    owner: str = ""
    wanted: gaps.Wanted = gaps.Wanted()

    @classmethod
    def of(cls, request: HttpRequest) -> "Asked":
        def one_of(name: str, known: Any) -> str:
            value = request.GET.get(name, "")
            return value if value in [str(item) for item in known] else ""

        language, stage = one_of("language", content_languages()), one_of("stage", gaps.MISSED)
        days, least = one_of("days", gaps.PERIODS) or "7", one_of("least", gaps.LEAST) or "3"
        wanted = gaps.Wanted(int(days), int(least), language, stage)
        return cls(request.user, timezone.now(), language, one_of("owner", ("me", "nobody")), wanted)

    @property
    def today(self) -> date:
        day: date = self.at.date()
        return day

    @property
    def query(self) -> str:
        """These filters as they stand in an address, to be followed by a page; nothing where nothing was chosen."""
        usual = gaps.Wanted()
        chosen: dict[str, Any] = {"language": self.language, "owner": self.owner, "stage": self.wanted.stage}
        chosen |= {"days": self.wanted.days if self.wanted.days != usual.days else ""}
        chosen |= {"least": self.wanted.least if self.wanted.least != usual.least else ""}
        written = urlencode({name: value for name, value in chosen.items() if value})
        return f"{written}&" if written else ""


@dataclass(frozen=True)
class DeskList:
    """A list of the desk. `permission` opens it, `rows` chooses, `filters` names what it can be narrowed down to."""

    title: str | Promise
    permission: str
    rows: Callable[[Asked], QuerySet[Any, Any]]
    filters: tuple[str, ...] = ()


def counted(rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """Each row with `total`, the number of all rows: a short list and its length are one question to the database."""
    return rows.annotate(total=Window(Count("*")))


# What the lists hold


def mine(asked: Asked) -> QuerySet[Any, Any]:
    words = ReviewNote.objects.filter(
        article=OuterRef("article"),
        language=OuterRef("language"),
        verdict__in=(Verdict.CHANGES_ASKED, Verdict.REJECTED),
    ).order_by("-at", "-pk")
    rows = TranslationState.objects.work_of(asked.person).annotate(
        words=Subquery(words.values("text")[:1]), words_by=Subquery(words.values("by__name")[:1])
    )
    return _texts(_in(rows, asked)).order_by(F("latest__created_at").desc(nulls_first=True), "pk")


def to_review(asked: Asked) -> QuerySet[Any, Any]:
    rows = _in(access.waiting_for(asked.person, but_own=True), asked)
    rows = rows.annotate(oldest=Window(Min("submitted_at")))
    return _texts(rows).order_by(F("submitted_at").asc(nulls_first=True), "pk")


def alerts(asked: Asked) -> list[dict[str, Any]]:
    """Alerts that wait for this person as the second one, the longest waiting first: what a line says of each."""
    if not asked.person.has_perm("helpcenter.approve_announcement"):
        return []
    waiting = Announcement.objects.rewrite(False).waiting().exclude(written_by=asked.person).order_by("updated_at")
    named = waiting.values(
        "pk", "slug", "kind", "source_language", "pending", "updated_at", "written_by__name", "written_by__email",
        *(column("title", code) for code in content_languages()),
    )  # fmt: skip
    return [_shown_alert(row) for row in named[:MOST_ALERTS]]


def _shown_alert(row: dict[str, Any]) -> dict[str, Any]:
    """An alert as the list shows it. Its title is the one that would be public: the title of the change, where a change
    waits."""
    texts = {**row, **(row["pending"] or {})}
    written = [code for code in (get_language(), row["source_language"]) if texts.get(column("title", code or "en"))]
    language = written[0] if written else ""
    return {
        "pk": row["pk"],
        "title": texts[column("title", language)] if language else row["slug"],
        "language": language,
        "display": ANNOUNCEMENT_DISPLAY[AnnouncementKind(texts["kind"])],
        "author": row["written_by__name"] or row["written_by__email"] or "",
        "since": row["updated_at"],
    }


def _in(rows: QuerySet[Any, Any], asked: Asked) -> QuerySet[Any, Any]:
    return rows.filter(language=asked.language) if asked.language else rows


def _texts(states: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    return states.values(
        "article",
        "article__slug",
        "language",
        "standing",
        "publish_at",
        "submitted_at",
        *(name for name in ("words", "words_by", "oldest") if name in states.query.annotations),
        title=F("latest__title"),
        note=F("latest__note"),
        significance=F("latest__significance"),
        saved_at=F("latest__created_at"),
        author=F("latest__created_by__name"),
        author_address=F("latest__created_by__email"),
        is_chosen=F("reviewer"),
    )


def due(asked: Asked) -> QuerySet[Any, Any]:
    rows = Article.objects.due_for_check(asked.today + WEEK)
    if asked.owner:
        rows = rows.filter(owner=asked.person) if asked.owner == "me" else rows.filter(owner__isnull=True)
    reads = ReadCount.objects.filter(article=OuterRef("pk"), hour__gt=asked.at - MONTH).order_by().values("article")
    return rows.rewrite(False).values(
        "pk",
        "slug",
        "review_by",
        "checked_at",
        "owner",
        "owner__name",
        "owner__email",
        *_titles(),
        late=Window(Count("pk", filter=Q(review_by__lt=asked.today))),
        read_times=Coalesce(Subquery(reads.annotate(sum=Sum("count")).values("sum")), 0),
    )


def missed(asked: Asked) -> QuerySet[Any, Any]:
    return gaps.unanswered(asked.wanted, asked.at)


def least_helpful(asked: Asked) -> QuerySet[Any, Any]:
    archived = Article.objects.filter(archived_at__isnull=False).values("pk")
    votes = Feedback.objects.since(asked.at - MONTH).exclude(article__in=archived)
    if asked.language:
        votes = votes.filter(language=asked.language)
    article = Article.objects.rewrite(False).filter(pk=OuterRef("about")).order_by()
    named = {f"its_{name}": Subquery(article.values(name)[:1]) for name in ("slug", *_titles())}
    return votes.least_helpful().annotate(**named)


def tasks(asked: Asked) -> QuerySet[Any, Any]:
    rows = ContentTask.objects.open().of(asked.person)
    return rows.values("pk", "kind", "language", "query", "note", "due_on", "article__slug")


LISTS = {
    "mine": DeskList(_("Mine"), "helpcenter.change_article", mine, ("language",)),
    "review": DeskList(_("To review"), "helpcenter.change_article", to_review, ("language",)),
    "due": DeskList(_("Due for a check"), "helpcenter.add_article", due, ("owner",)),
    "missed": DeskList(
        _("Searches that found nothing"), "helpcenter.view_searchlog", missed, ("days", "least", "language", "stage")
    ),
    "unhelpful": DeskList(_("Least helpful"), "helpcenter.view_feedback", least_helpful, ("language",)),
    "tasks": DeskList(_("My tasks"), "helpcenter.view_contenttask", tasks),
}


# How their rows are shown


def shown(name: str, rows: list[dict[str, Any]], asked: Asked) -> list[dict[str, Any]]:
    """Rows of a list with what their lines say."""
    return [{**row, **_SHOWN[name](row, asked)} for row in rows]


def _shown_text(row: dict[str, Any], asked: Asked) -> dict[str, Any]:
    return {
        "title": row["title"] or row["article__slug"],
        "display": STANDING_DISPLAY[Standing(row["standing"])],
        "weight": _WEIGHTS[Significance(row["significance"])] if row["significance"] else None,
        "author": row["author"] or row["author_address"] or "",
        "spoken": languages.language(row["language"]),
        "sent_back": row["standing"] in (Standing.CHANGES_ASKED, Standing.REJECTED),
    }


_WEIGHTS = {
    Significance.TYPO: (_("Typo"), ""),
    Significance.MINOR: (_("Minor"), ""),
    Significance.MAJOR: (_("Major"), "warn"),
}


def _shown_due(row: dict[str, Any], asked: Asked) -> dict[str, Any]:
    days = (row["review_by"] - asked.today).days
    return {
        "title": _title(row, "") or row["slug"],
        "days": abs(days),
        "is_late": days < 0,
        "is_mine": row["owner"] == asked.person.pk,
        "owner_name": row["owner__name"] or row["owner__email"] or "",
    }


def _shown_gap(row: dict[str, Any], asked: Asked) -> dict[str, Any]:
    return {"spoken": languages.language(row["language"])} if languages.is_known(row["language"]) else {}


def _shown_helped(row: dict[str, Any], asked: Asked) -> dict[str, Any]:
    helped = Helped(row["helpful_votes"], row["votes"])
    reason = main_reason(row)
    return {
        "title": _title(row, "its_") or row["its_slug"],
        "helped": helped,
        "tone": "bad" if helped.high < 50 else "warn",  # more than half are not, for sure
        "reason": reason.label if reason else "",
        "reason_votes": row[f"reason_{reason.value}"] if reason else 0,
        "unhelpful_votes": row["votes"] - row["helpful_votes"],
        "spoken": languages.language(row["language"]) if languages.is_known(row["language"]) else None,
    }


def main_reason(row: dict[str, Any]) -> FeedbackReason | None:
    """The reason that most readers gave; None where nobody gave one."""
    most = max(FeedbackReason, key=lambda reason: row[f"reason_{reason.value}"])
    return most if row[f"reason_{most.value}"] else None


def _shown_task(row: dict[str, Any], asked: Asked) -> dict[str, Any]:
    task = ContentTask(kind=row["kind"])
    about = row["article__slug"] or row["query"] or row["note"]
    is_late = row["due_on"] is not None and row["due_on"] < asked.today
    return {"title": about or task.get_kind_display(), "kind_words": task.get_kind_display(), "is_late": is_late}


_SHOWN: dict[str, Callable[[dict[str, Any], Asked], dict[str, Any]]] = {
    "mine": _shown_text,
    "review": _shown_text,
    "due": _shown_due,
    "missed": _shown_gap,
    "unhelpful": _shown_helped,
    "tasks": _shown_task,
}


def _shown_languages() -> list[str]:
    return list(dict.fromkeys(code for code in (get_language(), "en") if code in content_languages()))


def _titles(path: str = "") -> list[str]:
    return [f"{path}{column('title', code)}" for code in _shown_languages()]


def _title(row: dict[str, Any], path: str) -> str:
    return next((row[name] for name in _titles(path) if row[name]), "")
