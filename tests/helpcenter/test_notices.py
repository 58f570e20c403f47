"""Whoever's turn it is hears of it, once, with a link; the person who did it does not."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from django.utils.translation import override

from helpcenter import notices
from helpcenter.actions import announcing, drafting, events, publishing, reviewing, scheduling, translating
from helpcenter.enums import EventKind, TeamRole
from helpcenter.models import Announcement, ContentEvent, TeamMember, TranslationState, WorkingDraft
from supportdesk.accounts import kinds
from supportdesk.accounts.digests import send_digests
from supportdesk.accounts.models import Notice, User
from supportdesk.accounts.notice_form import NoticeSettingsForm
from supportdesk.accounts.notices import choose_ways
from supportdesk.outbox import delivery
from supportdesk.outbox.models import Outbox, State
from supportdesk.ui.templatetags.ui import ICONS
from tests.helpcenter.factories import ArticleFactory, save_text

pytestmark = pytest.mark.django_db

TITLE = "Withdrawal fees"


def written(by, language="en", article=None):
    article = article or ArticleFactory(texts={"en": "Text."})
    return save_text(article, language, drafting.Text(TITLE, "Body."), by=by)


def submitted(by, language="en", reviewer=None):
    revision = written(by, language)
    reviewing.submit(revision, by=by, reviewer=reviewer)
    return revision


def told(kind=None):
    """Who has heard what, after the outbox has delivered."""
    while delivery.deliver_due():
        pass
    found = Notice.objects.filter(kind=kind) if kind else Notice.objects.all()
    return sorted((notice.person.name, notice.kind) for notice in found.select_related("person"))


def in_team(person, language, role):
    TeamMember.objects.create(person=person, language=language, role=role)


# Reviews


def test_the_chosen_reviewer_alone_hears_of_a_text(content_editor, other_editor, content_lead):
    submitted(content_editor, reviewer=other_editor)
    assert told() == [("Omar Haddad", "submitted")]


def test_a_reviewer_who_wants_it_gets_a_mail_when_the_night_is_over(content_editor, other_editor):
    choose_ways(other_editor, {"submitted": "at_once"})
    User.objects.filter(pk=other_editor.pk).update(quiet_from=time(22), quiet_until=time(7), time_zone="UTC")
    with time_machine.travel(datetime(2026, 3, 1, 23, tzinfo=UTC), tick=False):
        submitted(content_editor, reviewer=User.objects.get(pk=other_editor.pk))
        told()
        assert mail.outbox == []
    with time_machine.travel(datetime(2026, 3, 2, 7, 1, tzinfo=UTC), tick=False):
        told()
    (sent,) = mail.outbox
    assert sent.to == [other_editor.email]
    assert TITLE in sent.body
    assert "Body." not in sent.body


def test_who_works_on_content_is_asked_about_its_notices_and_not_about_tickets(content_editor, translator, agent):
    own = {f"kind_{kind}" for kind in notices.KINDS}
    for person in (content_editor, translator):
        asked = {name for name in NoticeSettingsForm(person=person).fields if name.startswith("kind_")}
        assert asked == own
    assert not own & set(NoticeSettingsForm(person=agent).fields)


def test_an_editor_who_wants_it_hears_once_a_day(content_editor, other_editor):
    choose_ways(content_editor, {"changes_asked": "daily"})
    revision = submitted(content_editor)
    reviewing.ask_changes(revision, by=other_editor, note="Say it simply.")
    told()
    morning = (timezone.now() + timedelta(days=1)).replace(hour=content_editor.digest_hour, minute=10)
    assert send_digests(morning) == 1
    assert TITLE in mail.outbox[0].body
    assert "simply" not in mail.outbox[0].body


def test_everybody_who_may_review_hears_of_it_but_its_author(
    content_editor, other_editor, content_lead, translator, agent, administrator
):
    submitted(content_editor)
    assert told() == [("Lena Brandt", "submitted"), ("Omar Haddad", "submitted")]


def test_a_language_with_reviewers_is_theirs_and_the_leads(
    content_editor, other_editor, content_lead, translator, person
):
    in_team(translator, "ja", TeamRole.REVIEWER)
    writer = person("Translators", name="Yuki")
    submitted(writer, "ja")
    assert told() == [("Lena Brandt", "submitted"), ("Lin Yu", "submitted")]


def test_an_administrator_hears_of_it_where_nobody_else_is(content_editor, administrator):
    submitted(content_editor)
    assert told() == [("Ada Admin", "submitted")]


@pytest.mark.parametrize(
    ("decide", "kind"),
    [(reviewing.ask_changes, "changes_asked"), (reviewing.reject, "rejected"), (reviewing.approve, "approved")],
)
def test_author_and_submitter_hear_of_a_decision(content_editor, other_editor, content_lead, decide, kind):
    revision = written(content_editor)
    reviewing.submit(revision, by=other_editor)
    decide(revision, by=content_lead, note="See line 3.")
    assert told(kind) == [("Clara Weiss", kind), ("Omar Haddad", kind)]


def test_who_decides_on_their_own_text_hears_nothing(content_lead):
    reviewing.approve(written(content_lead), by=content_lead)
    assert told("approved") == []


def test_the_others_of_a_thread_hear_of_a_comment(content_editor, other_editor, content_lead):
    revision = submitted(content_editor)
    reviewing.comment(revision, "Why?", by=other_editor)
    reviewing.comment(revision, "Because.", by=content_lead)
    assert told("commented") == [("Clara Weiss", "commented")] * 2 + [("Omar Haddad", "commented")]


def test_no_notice_holds_the_words_that_it_is_about(content_editor, other_editor):
    revision = submitted(content_editor)
    reviewing.ask_changes(revision, by=other_editor, note="A remark that stays here")
    told()
    assert not Notice.objects.filter(subject__contains="remark").exists()


# Translators


def test_translators_of_all_teams_hear_once_that_a_source_is_ready(content_lead, translator, person):
    for language in ("ja", "ko"):
        in_team(translator, language, TeamRole.TRANSLATOR)
    in_team(person("Translators", name="Rin"), "ja", TeamRole.REVIEWER)
    revision = written(content_lead)
    publishing.publish(revision, by=content_lead, is_ready=False)
    translating.make_ready(revision.article, by=content_lead)
    assert told("ready") == [("Lin Yu", "ready")]


def test_who_is_given_a_translation_hears_of_it_and_who_takes_it_does_not(content_editor, translator):
    article = ArticleFactory(texts={"en": "Text."})
    translating.assign(article, "ja", by=content_editor, to=translator)
    assert told() == [("Lin Yu", "assigned")]
    translating.assign(article, "ko", by=translator, to=translator)
    assert told() == [("Lin Yu", "assigned")]


def test_who_was_writing_hears_that_somebody_took_over(content_editor, other_editor):
    article = ArticleFactory(texts={"en": "Text."})
    for person in (content_editor, other_editor):
        WorkingDraft.objects.create(person=person, article=article, language="en")
    events.record(EventKind.TAKEN_OVER, by=other_editor, article=article, language="en")
    assert told() == [("Clara Weiss", "taken_over")]


# Schedules


def planned(editor, reviewer):
    revision = submitted(editor)
    reviewing.approve(revision, by=reviewer)
    scheduling.schedule_publishing(revision, by=reviewer, at=timezone.now() + timedelta(hours=1))
    return revision


def test_author_hears_that_a_plan_was_carried_out(content_editor, other_editor):
    with time_machine.travel("2026-11-22T12:00:00+00:00", tick=False) as clock:
        planned(content_editor, other_editor)
        clock.shift(timedelta(hours=2))
        assert told("published_on_time") == [("Clara Weiss", "published_on_time")]


def test_the_planner_hears_once_that_a_plan_failed(content_editor, other_editor):
    with time_machine.travel("2026-11-22T12:00:00+00:00", tick=False) as clock:
        revision = planned(content_editor, other_editor)
        publishing.archive(revision.article, by=content_editor)
        for _ in range(3):
            clock.shift(timedelta(hours=4))
            assert told("schedule_failed") == [("Omar Haddad", "schedule_failed")]
    assert TranslationState.objects.get(latest=revision).published_id != revision.pk
    assert "archived" in Outbox.objects.get(consumer="schedule").error


# Alerts


def alert(by, title="Fake calls", **fields):
    found = Announcement.objects.rewrite(False).filter(slug="alert").first() or Announcement(slug="alert")
    for name, value in {"kind": "phishing", "published_at": timezone.now(), **fields}.items():
        setattr(found, name, value)
    return announcing.save_announcement(found, {"en": announcing.AnnouncementText(title, "", "Hang up.")}, by=by)


def test_those_who_may_approve_an_alert_hear_that_it_waits(
    content_editor, other_editor, content_lead, translator, agent, administrator
):
    alert(content_editor)
    assert told() == [("Lena Brandt", "submitted"), ("Omar Haddad", "submitted")]
    notice = Notice.objects.first()
    assert notice.subject == "Fake calls"
    assert notice.link == f"/admin/helpcenter/announcement/{Announcement.objects.get().pk}/change/"


def test_an_administrator_hears_of_an_alert_where_nobody_else_may_approve_it(content_editor, administrator):
    alert(content_editor)
    assert told() == [("Ada Admin", "submitted")]


def test_the_writer_of_an_alert_hears_that_readers_see_it(content_editor, other_editor):
    announcing.approve_announcement(alert(content_editor), by=other_editor)
    assert told() == [("Clara Weiss", "approved")], "nothing waits any more when the outbox delivers"


def test_a_change_of_a_public_alert_waits_too_and_is_named_as_it_would_be(content_editor, other_editor):
    announcing.approve_announcement(alert(content_editor), by=other_editor)
    told()
    alert(other_editor, title="Fake letters")
    assert told("submitted") == [("Clara Weiss", "submitted")]
    assert Notice.objects.get(kind="submitted").subject == "Fake letters"
    announcing.discard_pending(Announcement.objects.get(), by=content_editor)
    assert told("rejected") == [("Omar Haddad", "rejected")]


def test_who_has_not_read_of_an_alert_is_not_told_of_its_next_version(content_editor, other_editor):
    for title in ("Fake calls", "Fake calls reported"):
        alert(content_editor, title=title)
        assert told() == [("Omar Haddad", "submitted")]
    Notice.objects.update(read_at=timezone.now())
    alert(content_editor, title="Fake calls and letters")
    assert told() == [("Omar Haddad", "submitted")] * 2


def test_news_that_nobody_has_to_approve_tell_nobody(content_editor, other_editor):
    alert(content_editor, kind="maintenance")
    assert told() == []


# All of them


def test_telling_twice_changes_nothing(content_editor, other_editor):
    submitted(content_editor)
    before = told()
    Outbox.objects.update(state=State.PENDING)
    assert told() == before


def test_people_who_left_hear_nothing(content_editor, other_editor, content_lead):
    other_editor.is_active = False
    other_editor.save()
    submitted(content_editor)
    assert told() == [("Lena Brandt", "submitted")]


def test_a_translation_is_named_with_its_language_and_linked_to_it(content_editor, other_editor):
    revision = submitted(content_editor, "ja")
    told()
    notice = Notice.objects.get()
    assert notice.subject == f"{TITLE} (日本語)"
    assert f"/{revision.article_id}/" in notice.link
    assert "ja" in notice.link


def test_an_event_whose_article_is_of_no_language_tells_nobody(content_editor):
    event = events.record(EventKind.ASSIGNED, by=content_editor, article=ArticleFactory(), language="ja")
    notices.tell(event.pk)
    notices.tell(ContentEvent.objects.create(kind=EventKind.ASSIGNED).pk)
    assert not Notice.objects.exists()


@pytest.mark.parametrize("kind", notices.KINDS)
@pytest.mark.parametrize("language", ["en", "zh-hans", "ja", "ko", "ar"])
def test_every_kind_has_a_sentence_with_its_subject_and_an_icon(kind, language, content_editor):
    notice = Notice(person=content_editor, kind=kind, subject="100 % %(x)s")
    with override(language):
        assert "100 % %(x)s" in notice.sentence
    assert kinds.of(kind).icon in ICONS


def test_every_event_that_tells_somebody_has_its_kind():
    assert {kind.value for kind in notices.WHOM} <= set(notices.KINDS)
