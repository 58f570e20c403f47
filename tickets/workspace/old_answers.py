"""Changes of articles, and who was given the old text, as somebody of the desk may see them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from helpcenter import factbook
from helpcenter.content import differences, markdown
from helpcenter.models import ArticleUse, Revision, TranslationState
from helpcenter.models.article import article_path
from supportdesk.ui.languages import is_known, language
from tickets.access import Access
from tickets.actions import macro_uses
from tickets.actions.old_answers import RECENT
from tickets.desk_ui.customers import customer_name
from tickets.enums import LIVE, Status
from tickets.models import ArticleChange, Macro, OldAnswer, Quote, Ticket
from tickets.workspace.display import badge, listed, staff_name

ON_A_PAGE = 50
MOST_IN_FILE = 10_000
OPEN, TOLD, CLOSED = "open", "told", "closed"
STATES: dict[str, str | Promise] = {
    OPEN: _("To be told"),
    TOLD: pgettext_lazy("customers", "Told"),
    CLOSED: _("Closed"),
}
_TICKET = "quote__message__ticket"
_HEADING = re.compile(r"^#+\s++((?:[^\s{]++|\{|\s++(?=\S))*?)\s*+(?:\{(?:#|step:|node:)[a-z0-9-]*\})?\s*$")
_IN_STATE = {
    OPEN: Q(told_at__isnull=True, quote__message__ticket__status__in=[status.value for status in LIVE]),
    TOLD: Q(told_at__isnull=False, quote__message__ticket__status__in=[*(s.value for s in LIVE), Status.CLOSED.value]),
    CLOSED: Q(told_at__isnull=True, quote__message__ticket__status=Status.CLOSED.value),
}


@dataclass(frozen=True)
class Line:
    """A change in the list; the counts are those of tickets that the person may see."""

    change: ArticleChange
    open: int
    told: int
    closed: int
    macros: int

    @property
    def badge(self) -> str:
        return badge(self.change.language)

    @property
    def parts(self) -> list[str]:
        return self.change.part_titles


def changes(access: Access, after: int | None) -> tuple[list[Line], int | None]:
    """The newest changes that made an answer old, and the mark from which the next page goes on, None at the end."""
    seen = _seen(access).filter(change=OuterRef("pk"))
    uses = ArticleUse.objects.filter(source_kind=macro_uses.MACRO, article=OuterRef("article"))
    rows = _shown(ArticleChange.objects.filter(Exists(seen) | Exists(uses))).order_by("-pk")
    found = list((rows.filter(pk__lt=after) if after else rows)[: ON_A_PAGE + 1])
    shown = found[:ON_A_PAGE]
    return _lines(shown, access), shown[-1].pk if len(found) > ON_A_PAGE else None


def _shown(rows: QuerySet[ArticleChange]) -> QuerySet[ArticleChange]:
    """With what a line says of them, without the texts."""
    related = rows.select_related("article", "after", "handed_by")
    own = ("language", "parts", "concerned", "at", "handed_at", "handed_to", "before", "event")
    return related.only(*own, "article__slug", "article__kind", "after__title", "handed_by__name", "handed_by__email")


def _seen(access: Access) -> QuerySet[OldAnswer]:
    """Old answers on tickets that somebody may see; what is spam is nobody's."""
    tickets = Ticket.objects.visible_to(access).exclude(status__in=(Status.SPAM, Status.MERGED))
    return OldAnswer.objects.filter(quote__message__ticket__in=tickets)


def _lines(shown: Sequence[ArticleChange], access: Access) -> list[Line]:
    counted = _seen(access).filter(change__in=shown).order_by().values("change").annotate(**_counts())
    counts = {row["change"]: row for row in counted}
    uses = _macros_of({change.article_id for change in shown}, access)
    nothing = dict.fromkeys(STATES, 0)
    lines = (
        Line(change, **{state: counts.get(change.pk, nothing)[state] for state in STATES}, macros=_using(change, uses))
        for change in shown
    )
    return [line for line in lines if line.open or line.told or line.closed or line.macros]


def _counts() -> dict[str, Count]:
    return {state: Count(_TICKET, distinct=True, filter=where) for state, where in _IN_STATE.items()}


def _using(change: ArticleChange, uses: Iterable[ArticleUse]) -> int:
    return len({use.source_url for use in uses if _is_concerned(use, change)})


def _is_concerned(use: ArticleUse, change: ArticleChange) -> bool:
    return use.article_id == change.article_id and use.step_key in change.concerned


def _macros_of(articles: Iterable[int], access: Access) -> list[ArticleUse]:
    """Uses of articles by macros that somebody may read: the team's, their own, and for a lead all."""
    uses = list(ArticleUse.objects.filter(source_kind=macro_uses.MACRO, article__in=articles).order_by("label", "pk"))
    if access.leads or not uses:
        return uses
    own = {macro_uses.address_of(macro) for macro in Macro.objects.usable_by(access.user)}
    return [use for use in uses if use.source_url in own]


# One change


@dataclass(frozen=True)
class Asked:
    """Which tickets of a change: `after` is the mark of the page before."""

    state: str = OPEN
    language: str = ""
    after: int | None = None


@dataclass(frozen=True)
class Place:
    """A filter of the page with its number of tickets."""

    label: str
    query: str
    count: int
    is_current: bool
    code: str = ""


@dataclass(frozen=True)
class Row:
    """A ticket with an old answer."""

    ticket: Ticket
    badge: str
    customer: str
    answers: list[OldAnswer]
    parts: list[str]

    @property
    def by(self) -> str:
        """Who answered."""
        people = {staff_name(answer.quote.message.author) for answer in self.answers}
        return listed(sorted(people))

    @property
    def sent(self) -> Any:
        return max(answer.quote.at for answer in self.answers)

    @property
    def told(self) -> Any:
        moments = [answer.told_at for answer in self.answers if answer.told_at]
        return max(moments) if moments else None


@dataclass(frozen=True)
class PartText:
    """A changed part: its words from the old text to the new, its heading first."""

    runs: list[differences.Run]


def find(access: Access, pk: int) -> ArticleChange | None:
    """A change, for everybody at the desk: articles are public."""
    return _shown(ArticleChange.objects.filter(pk=pk)).first() if access.works else None


def places(change: ArticleChange, asked: Asked, access: Access) -> tuple[list[Place], list[Place]]:
    """The states, and the languages of the customers in the state that is shown, each with its number of tickets."""
    rows = _seen(access).filter(change=change).order_by().values(f"{_TICKET}__language").annotate(**_counts())
    counted = {row[f"{_TICKET}__language"]: row for row in rows}
    states = [
        Place(str(label), f"state={state}", sum(row[state] for row in counted.values()), state == asked.state)
        for state, label in STATES.items()
    ]
    number = next(place.count for place in states if place.is_current)
    every = Place(gettext("All languages"), f"state={asked.state}", number, not asked.language)
    codes = [
        Place(_name(code), f"state={asked.state}&language={code}", row[asked.state], code == asked.language, code)
        for code, row in sorted(counted.items())
        if row[asked.state]
    ]
    return states, [every, *codes]


def _name(code: str) -> str:
    """Also of a language that the site had once."""
    return language(code).name if is_known(code) else code


def rows(change: ArticleChange, asked: Asked, access: Access) -> tuple[list[Row], int | None]:
    """The tickets that are asked for, the newest first, and the mark from which the next page goes on."""
    found = list(_tickets(change, asked, access)[: ON_A_PAGE + 1])
    shown = found[:ON_A_PAGE]
    return list(_rows(change, shown)), shown[-1].pk if len(found) > ON_A_PAGE else None


def all_rows(change: ArticleChange, asked: Asked, access: Access) -> Iterator[Row]:
    """All of them, for a file."""
    return _rows(change, list(_tickets(change, asked, access)[:MOST_IN_FILE]))


def _tickets(change: ArticleChange, asked: Asked, access: Access) -> QuerySet[Ticket]:
    old = OldAnswer.objects.filter(_IN_STATE[asked.state], change=change, quote__message__ticket=OuterRef("pk"))
    found = Ticket.objects.visible_to(access).filter(Exists(old)).select_related("requester").order_by("-pk")
    if asked.language:
        found = found.filter(language=asked.language)
    return found.filter(pk__lt=asked.after) if asked.after else found


def _rows(change: ArticleChange, tickets: Sequence[Ticket]) -> Iterator[Row]:
    old: dict[int, list[OldAnswer]] = {}
    answers = OldAnswer.objects.filter(change=change, quote__message__ticket__in=tickets).order_by("pk")
    for answer in answers.select_related("quote__message__author").defer("quote__message__body"):
        old.setdefault(answer.quote.message.ticket_id, []).append(answer)
    titles = {part.key: part.title for part in Revision.objects.only("outline").get(pk=change.before_id).parts}
    for ticket in tickets:
        answers_of = old.get(ticket.pk, [])
        keys = dict.fromkeys(answer.quote.step_key for answer in answers_of)
        parts = [titles.get(key) or gettext("the whole article") for key in keys]
        yield Row(ticket, badge(ticket.language), customer_name(ticket.requester), answers_of, parts)


def macros_of(change: ArticleChange, access: Access) -> list[ArticleUse]:
    """The macros to look at, each once."""
    found = [use for use in _macros_of([change.article_id], access) if _is_concerned(use, change)]
    return list({use.source_url: use for use in found}.values())


def not_changed_yet(change: ArticleChange, access: Access) -> list[tuple[str, int]]:
    """Languages in which these parts are still what they were, with the number of open tickets to which one was sent:
    they are listed when their text is published."""
    keys = {part["key"] for part in change.parts}
    states = TranslationState.objects.outdated().filter(article=change.article_id).exclude(language=change.language)
    late = [state.language for state in states if keys & {part.key for part in state.outdated_parts}]
    if not late:
        return []
    quotes = Quote.objects.filter(article=change.article_id, language__in=late, step_key__in=change.concerned)
    tickets = Ticket.objects.visible_to(access).live()
    found = quotes.filter(at__gte=change.at - RECENT, message__ticket__in=tickets).order_by().values("language")
    counted = found.annotate(number=Count("message__ticket", distinct=True))
    return sorted((language(row["language"]).name, row["number"]) for row in counted)


def part_texts(change: ArticleChange) -> list[PartText]:
    """What has changed, part by part, with the facts of today filled in."""
    texts = Revision.objects.only("title", "summary", "body", "language").in_bulk([change.before_id, change.after_id])
    before, after = _by_part(texts[change.before_id]), _by_part(texts[change.after_id])
    return [
        PartText(differences.words(before.get(part["key"], ""), after.get(part["key"], ""))) for part in change.parts
    ]


def _by_part(revision: Revision) -> dict[str, str]:
    """The lines of each part, without the marks of its heading."""
    with override(revision.language):
        body = factbook.in_markdown(revision.body, revision.language)
    owners, _titles = markdown.owners(body)
    found: dict[str, list[str]] = {"title": [revision.title, revision.summary]}
    for owner, line in zip(owners, body.splitlines(), strict=False):
        found.setdefault(owner, []).append(_HEADING.sub(r"\1", line))
    return {key: "\n".join(lines).strip() for key, lines in found.items()}


def public_address(change: ArticleChange) -> str:
    path = article_path(change.article.kind, change.article.slug, change.language)
    return f"{settings.SITE_URL}{path}"


def comparison_address(change: ArticleChange, person: Any) -> str:
    """Where those who work on articles see both texts as a whole; empty for others."""
    if not person.has_perm("helpcenter.view_article"):
        return ""
    numbers = dict(Revision.objects.filter(pk__in=(change.before_id, change.after_id)).values_list("pk", "number"))
    place = reverse("admin:helpcenter_article_texts", args=[change.article_id, change.language])
    return f"{place}?first={numbers[change.before_id]}&second={numbers[change.after_id]}"


def columns() -> list[str]:
    """The head of the file."""
    return [
        gettext("Ticket"),
        gettext("Language"),
        gettext("Status"),
        gettext("Quoted"),
        gettext("Answered by"),
        gettext("Sent (UTC)"),
        gettext("Told (UTC)"),
        gettext("Address"),
    ]


def cells(row: Row) -> list[str]:
    ticket = row.ticket
    return [
        ticket.reference,
        ticket.language,
        str(Status(ticket.status).label),
        ", ".join(row.parts),
        row.by,
        _moment(row.sent),
        _moment(row.told),
        settings.SITE_URL + reverse("workspace:thread", args=[ticket.public_id]),
    ]


def _moment(at: Any) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M}" if at else ""


# Beside a ticket


@dataclass(frozen=True)
class Beside:
    """That a customer got an older version: of what, since when it is another, and where it says more."""

    title: str
    parts: str
    at: Any
    language: str
    address: str


def beside(ticket: Ticket) -> list[Beside]:
    """What the customer of a ticket was given that has changed since, the newest change first."""
    old = OldAnswer.objects.open().of(ticket).select_related("change__after").order_by("-change__at", "-pk")
    own = ("change__parts", "change__at", "change__language", "change__after__title")
    changes = {answer.change_id: answer.change for answer in old.only(*own)}
    return [_beside(change) for change in changes.values()]


def _beside(change: ArticleChange) -> Beside:
    titles = listed(gettext("“%(title)s”") % {"title": title} for title in change.part_titles)
    address = reverse("workspace:old-answer", args=[change.pk])
    return Beside(change.after.title, titles, change.at, change.language, address)
