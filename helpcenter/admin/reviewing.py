"""The publishing panel of the article form: where a text stands, and the buttons that lead it on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext

from helpcenter import freshness
from helpcenter.actions import publishing, reviewing, scheduling, translating
from helpcenter.actions.reviewers import Reviewers, reviewers
from helpcenter.admin.languages import edited_language
from helpcenter.admin.owners import offer_owners
from helpcenter.enums import STANDING_DISPLAY, Display, Standing
from helpcenter.errors import ContentError, InvalidTime, NotAllowedNow
from helpcenter.models import Article, EditLock, Finding, Revision, TranslationState
from helpcenter.moments import zone_of
from supportdesk.ui import languages

TRACK = (Standing.DRAFT, Standing.IN_REVIEW, Standing.APPROVED, Standing.PUBLISHED)
_BESIDE = {Standing.CHANGES_ASKED: Standing.IN_REVIEW, Standing.REJECTED: Standing.IN_REVIEW}


@dataclass(frozen=True)
class Stop:
    """A stop on a text's way to readers; one that was sent back stands at the review, with a label that says so."""

    label: str | Promise
    tone: str
    is_current: bool
    is_done: bool


def track(standing: str) -> list[Stop]:
    now = Standing(standing)
    place = TRACK.index(_BESIDE.get(now, now))
    return [_stop(now if number == place else stop, number, place) for number, stop in enumerate(TRACK)]


def _stop(standing: Standing, number: int, place: int) -> Stop:
    display: Display = STANDING_DISPLAY[standing]
    return Stop(display.label, display.tone, number == place, number < place)


@dataclass(frozen=True)
class Rights:
    """What a person may do with the text of a language, as far as its standing allows."""

    reviews: bool
    leads: bool
    publishes: bool

    @classmethod
    def of(cls, person: Any, people: Reviewers) -> "Rights":
        publishes = person.has_perm("helpcenter.publish_article") or person.pk in people.team
        return cls(reviews=person in people, leads=person.pk in people.leads, publishes=publishes)


@dataclass(frozen=True)
class Panel:
    """What the panel says of a text, and which of its buttons are there. `state` is None for a text not begun."""

    state: TranslationState | None
    rights: Rights
    zone: ZoneInfo
    is_source: bool
    is_switched_off: bool = False
    is_own: bool = False  # written or sent by the person who looks

    @property
    def may_decide(self) -> bool:
        return self.rights.leads or (self.rights.reviews and not self.is_own)

    @property
    def standing(self) -> Standing:
        return Standing(self.state.standing) if self.state else Standing.DRAFT

    @property
    def track(self) -> list[Stop]:
        return track(self.standing)

    @property
    def is_in_review(self) -> bool:
        return self.standing == Standing.IN_REVIEW

    @property
    def may_submit(self) -> bool:
        return self.standing != Standing.IN_REVIEW

    @property
    def is_approved(self) -> bool:
        """Whether the newest text is the one that was approved."""
        state = self.state
        return state is not None and state.approved_id is not None and state.approved_id == state.latest_id

    @property
    def may_publish(self) -> bool:
        return self.rights.leads or (self.rights.publishes and self.is_approved)

    @property
    def may_schedule(self) -> bool:
        is_public = self.state is not None and self.state.is_published
        return self.may_publish or (self.rights.publishes and is_public)

    @property
    def is_scheduled(self) -> bool:
        return self.state is not None and bool(self.state.publish_at or self.state.unpublish_at)

    @property
    def publish_at(self) -> str:
        return in_both(self.state.publish_at if self.state else None, self.zone)

    @property
    def unpublish_at(self) -> str:
        return in_both(self.state.unpublish_at if self.state else None, self.zone)

    @property
    def has_approved(self) -> bool:
        """Whether an approved text, perhaps not the newest one, is not public yet."""
        state = self.state
        return state is not None and state.approved_id is not None and state.approved_id != state.published_id

    @property
    def waits_for_translators(self) -> bool:
        """Whether the public source has not been handed over to its translators."""
        return bool(self.is_source and self.state and self.state.is_ahead_of_translators)


def _author_of(state: TranslationState) -> int | None:
    return state.latest.created_by_id if state.latest else None


def in_both(moment: datetime | None, zone: ZoneInfo) -> str:
    """A moment in UTC, and in a person's own zone where that is another; empty for none."""
    if moment is None:
        return ""
    shown = gettext("%(moment)s UTC") % {"moment": date_format(timezone.localtime(moment, ZoneInfo("UTC")), FORMAT)}
    own = timezone.localtime(moment, zone)
    if own.utcoffset() == timezone.localtime(moment, ZoneInfo("UTC")).utcoffset():
        return shown
    there = gettext("%(moment)s, for you %(own)s (%(zone)s)")
    return there % {"moment": shown, "own": date_format(own, FORMAT), "zone": zone.key}


FORMAT = "SHORT_DATETIME_FORMAT"


class PublishingPanel(admin.ModelAdmin):
    """Puts the panel on the form, and does what its buttons say once the text is saved."""

    def get_form(self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        language = edited_language(request, obj.source_language if obj else "en")
        state = self.states_of(request, obj).get(language) if obj else None
        asked = state.reviewer_id if state else None
        return _known_to(form, request.user, self.people_of(request, obj, language), asked)

    def states_of(
        self, request: HttpRequest, article: Article, *, with_sources: bool = False
    ) -> dict[str, TranslationState]:
        """Where the article stands in each language, with the newest texts; asked once per request. `with_sources`
        adds the outlines of what is public and of what it was translated from."""
        known: dict[str, TranslationState] | None = request.__dict__.get("states")
        if known is None:
            joined = ["latest__created_by", "published", "submitted_by", "reviewer", "approved_by"]
            bare = ["published__body", "published__based_on__body" if with_sources else "published__outline"]
            joined += ["published__based_on"] if with_sources else []
            found = TranslationState.objects.of(article).select_related(*joined).defer(*bare)
            locks = EditLock.objects.filter(article=OuterRef("article"), language=OuterRef("language"))
            findings = Finding.objects.open().filter(revision=OuterRef("latest"))
            found = found.annotate(has_findings=Exists(findings), is_locked=Exists(locks))
            known = request.__dict__["states"] = {state.language: state for state in found}
        return known

    def people_of(self, request: HttpRequest, article: Article | None, language: str) -> Reviewers:
        """Who may review the texts of a language; asked once per request."""
        known: dict[str, Reviewers] = request.__dict__.setdefault("reviewers", {})
        if language not in known:
            known[language] = reviewers(article or Article(source_language=language), language)
        return known[language]

    def panel_of(
        self, request: HttpRequest, article: Article | None, language: str, state: TranslationState | None
    ) -> Panel:
        person: Any = request.user
        return Panel(
            state=state,
            rights=Rights.of(person, self.people_of(request, article, language)),
            zone=zone_of(person.time_zone),
            is_source=article is None or language == article.source_language,
            is_switched_off=not freshness.current().is_public(language),
            is_own=state is not None and person.pk in (state.submitted_by_id, _author_of(state)),
        )

    def lead_on(self, request: HttpRequest, data: dict[str, Any], revision: Revision) -> None:
        """Do what the pressed button says. What is refused becomes an error of the form, and nothing is stored."""
        for button, act in BUTTONS.items():
            if button in request.POST:
                try:
                    self.message_user(request, act(revision, data, request.user))
                except PermissionDenied as error:
                    raise NotAllowedNow(str(error)) from error

    def publish(self, request: HttpRequest, data: dict[str, Any], revision: Revision) -> None:
        """Publish what was saved; a text that may not go public stays as a draft, for a second person to look at."""
        try:
            publishing.publish(revision, by=request.user, is_ready=data["is_ready"])
        except ContentError as error:
            self.message_user(request, gettext("Saved, but not published: %(why)s") % {"why": error}, messages.ERROR)
        else:
            self.message_user(request, gettext("Published in %(language)s.") % _named(revision.language))


def _known_to(form: Any, person: Any, people: Reviewers, asked: int | None) -> Any:
    """`asked` is the key of who was asked for the review before, if anybody: the same person is offered first."""

    class Known(form):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self.initial.setdefault("reviewer", str(asked or ""))
            self.know(person)
            self.offer(people.besides(person))
            offer_owners(self, people.writers)

    return Known


def _submit(revision: Revision, data: dict[str, Any], by: Any) -> str:
    reviewing.submit(revision, by=by, reviewer=data["reviewer"], note=data["review_note"])
    return gettext("Sent for review. Nothing is public until a reviewer approves.")


def _withdraw(revision: Revision, data: dict[str, Any], by: Any) -> str:
    state = TranslationState.objects.get(article=revision.article, language=revision.language)
    if state.standing != Standing.DRAFT:  # a newer text has taken the review back already
        reviewing.withdraw(revision, by=by)
    return gettext("Taken back from review. It is a draft again.")


def _schedule(revision: Revision, data: dict[str, Any], by: Any) -> str:
    publish_at, unpublish_at = data["publish_at"], data["unpublish_at"]
    if publish_at is None and unpublish_at is None:
        raise InvalidTime(gettext("Choose the day and the time first."))
    if publish_at is not None:
        _approve_own(revision, by)
        scheduling.schedule_publishing(revision, by=by, at=publish_at)
    if unpublish_at is not None:
        scheduling.schedule_unpublishing(revision.article, revision.language, by=by, at=unpublish_at)
    return gettext("The schedule is set.")


def _approve_own(revision: Revision, by: Any) -> None:
    """Leads need no second person: what they schedule is approved in the same step."""
    state = TranslationState.objects.select_related("latest", "article").get(
        article=revision.article, language=revision.language
    )
    is_lead = by.pk in reviewers(revision.article, revision.language).leads
    if is_lead and state.approved_id != revision.pk and state.may_become(Standing.APPROVED):
        reviewing.approve(revision, by=by)


def _unschedule(revision: Revision, data: dict[str, Any], by: Any) -> str:
    scheduling.unschedule(revision.article, revision.language, by=by)
    return gettext("The schedule is taken back.")


def _ready(revision: Revision, data: dict[str, Any], by: Any) -> str:
    translating.make_ready(revision.article, by=by)
    return gettext("Translators work from the public text now.")


BUTTONS: dict[str, Callable[[Revision, dict[str, Any], Any], str]] = {
    "_submit": _submit,
    "_withdraw": _withdraw,
    "_schedule": _schedule,
    "_unschedule": _unschedule,
    "_ready": _ready,
}


def _named(language: str) -> dict[str, str]:
    return {"language": languages.language(language).name}
