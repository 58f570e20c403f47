"""The start page of the admin shows what waits for a person, and each list leads to all of it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from helpcenter.actions import access, announcing, drafting, publishing, reviewing, scheduling, translating
from helpcenter.actions.announcing import AnnouncementText
from helpcenter.actions.reviewers import reviewers
from helpcenter.enums import Significance, Stage, TaskKind, TeamRole
from helpcenter.models import (
    Announcement,
    Article,
    ContentTask,
    Feedback,
    ReadCount,
    SearchLog,
    TeamMember,
    TranslationState,
)
from tests.helpcenter.admin_forms import HOSTILE, html, signed_in
from tests.helpcenter.factories import ArticleFactory, save_text

pytestmark = pytest.mark.django_db

INDEX = "admin:index"
NAMES = ["mine", "review", "due", "missed", "unhelpful", "tasks"]


def panel(client):
    (found,) = client.get(reverse(INDEX)).context["panels"]
    return found[1]


def rows(client, name):
    return panel(client)["lists"][name].rows


def full(client, name, **query):
    return client.get(reverse("admin:helpcenter_desk", args=[name]), query)


def submitted(by, language="en", reviewer=None, **text):
    article = ArticleFactory(texts={"en": "Text."} if language != "en" else {})
    revision = save_text(article, language, drafting.Text("A text", "Body.", **text), by=by)
    reviewing.submit(revision, by=by, reviewer=reviewer)
    return revision


# Who sees it


def test_agents_and_readers_have_no_desk(agent):
    assert signed_in(agent).get(reverse(INDEX)).context["panels"] == []


def test_translators_see_what_is_theirs_and_nothing_of_readers(translator):
    assert list(panel(signed_in(translator))["lists"]) == ["mine", "review", "tasks"]


def test_editors_see_all_of_it(editor):
    page = html(editor.get(reverse(INDEX)))
    assert list(panel(editor)["lists"]) == NAMES
    assert page.index('id="desk-mine"') < page.index("app-helpcenter"), "above the list of everything"


@pytest.mark.parametrize(("name", "status"), [*((name, 200) for name in NAMES), ("nothing", 404)])
def test_every_list_has_a_page(editor, name, status):
    assert full(editor, name).status_code == status


@pytest.mark.parametrize("name", ["due", "missed", "unhelpful"])
def test_a_list_that_is_not_for_translators_is_refused(translator, name):
    assert full(signed_in(translator), name).status_code == 403


# Alerts


def alert(by, title="Fake calls", **fields):
    announcement = Announcement(slug="alert", kind="phishing", **fields)
    return announcing.save_announcement(announcement, {"en": AnnouncementText(title, "", "Hang up.")}, by=by)


def test_an_alert_stands_among_what_waits_for_a_second_person(editor, other_editor):
    alert(other_editor)
    shown = panel(editor)["lists"]["review"]
    assert [one["title"] for one in shown.alerts] == ["Fake calls"]
    assert shown.total == 1
    assert panel(editor)["figures"]["oldest"] is not None
    for page in (html(editor.get(reverse(INDEX))), html(full(editor, "review"))):
        assert "Fake calls" in page
        assert "Waits for a second person" in page
        assert "Nothing waits for your review." not in page


def test_a_change_of_a_public_alert_waits_under_its_new_title(editor, other_editor, content_lead):
    found = announcing.approve_announcement(alert(content_lead), by=other_editor)
    text = AnnouncementText("Fake calls and mails", "", "Hang up.")
    announcing.save_announcement(found, {"en": text}, by=other_editor)
    assert [one["title"] for one in panel(editor)["lists"]["review"].alerts] == ["Fake calls and mails"]


def test_an_alert_does_not_wait_for_its_writer_nor_for_those_who_may_not_approve(editor, content_editor, translator):
    alert(content_editor)
    assert panel(editor)["lists"]["review"].alerts == []
    assert panel(signed_in(translator))["lists"]["review"].alerts == []
    assert panel(editor)["lists"]["review"].total == 0


def test_an_alert_that_was_approved_waits_no_more(editor, other_editor, content_editor):
    announcing.approve_announcement(alert(other_editor), by=content_editor)
    assert panel(editor)["lists"]["review"].alerts == []


@pytest.mark.parametrize("name", NAMES)
def test_agents_are_refused(agent, name):
    assert full(signed_in(agent), name).status_code == 403


@pytest.mark.parametrize("language", ["en", "zh-hans", "ja", "ko", "ar"])
def test_the_desk_opens_in_every_language(editor, content_editor, language):
    save_text(ArticleFactory(), "zh-hans", drafting.Text("什么是标记价格？", "正文"), by=content_editor)
    answer = editor.get(reverse(INDEX), headers={"Accept-Language": language})
    assert answer.status_code == 200
    assert "什么是标记价格？" in html(answer)


# Mine


def test_my_draft_is_mine_and_not_my_colleagues(editor, content_editor, other_editor):
    save_text(ArticleFactory(), "en", "Text.", by=content_editor)
    save_text(ArticleFactory(), "en", "Text.", by=other_editor)
    (row,) = rows(editor, "mine")
    assert (row["author"], str(row["display"].label)) == ("Clara Weiss", "Draft")


def test_changes_asked_come_with_the_last_words_of_the_reviewer(editor, content_editor, other_editor):
    revision = submitted(content_editor)
    reviewing.ask_changes(revision, by=other_editor, note="Fee for XRP is from October")
    (row,) = rows(editor, "mine")
    assert (row["words"], row["words_by"], row["sent_back"]) == ("Fee for XRP is from October", "Omar Haddad", True)
    assert "Omar Haddad: “Fee for XRP is from October”" in html(editor.get(reverse(INDEX)))


def test_what_i_have_scheduled_stands_there_with_its_moment(editor, content_editor, other_editor):
    revision = submitted(other_editor)
    reviewing.approve(revision, by=content_editor)
    at = timezone.now() + timedelta(days=3)
    scheduling.schedule_publishing(revision, by=content_editor, at=at)
    (row,) = rows(editor, "mine")
    assert row["publish_at"] == at
    assert f"{at:%H:%M} UTC" in html(editor.get(reverse(INDEX)))


def test_what_is_public_or_archived_is_not_on_its_way(editor, content_editor):
    article = ArticleFactory()
    revision = save_text(article, "en", "Text.", by=content_editor)
    publishing.publish(revision, by=None)
    gone = ArticleFactory()
    save_text(gone, "en", "Text.", by=content_editor)
    publishing.archive(gone, by=content_editor)
    assert rows(editor, "mine") == []


def test_a_translation_that_was_given_to_me_is_mine_before_it_is_begun(translator, content_editor):
    article = ArticleFactory(texts={"en": "Text."})
    translating.assign(article, "ja", by=content_editor, to=translator)
    (row,) = rows(signed_in(translator), "mine")
    assert (row["title"], row["language"]) == (article.slug, "ja")


def test_a_translator_is_told_what_waits_in_the_languages_of_their_teams(translator, content_editor):
    article = ArticleFactory(texts={"en": "Text."})
    desk = signed_in(translator)
    assert panel(desk)["turns"] is None, "in no team"
    TeamMember.objects.create(person=translator, language="es", role=TeamRole.TRANSLATOR)
    turns = panel(desk)["turns"]
    assert [(row.slug, language.code) for row, _cell, language in turns["rows"]] == [(article.slug, "es")]
    assert turns["total"] == 1
    page = html(desk.get(reverse(INDEX)))
    assert reverse("admin:helpcenter_article_translate", args=[article.pk, "es"]) in page
    assert reverse("admin:helpcenter_teammember_mine") in page


# To review


def test_what_others_sent_waits_for_me_with_its_weight_and_language(editor, other_editor):
    article = ArticleFactory()
    revision = drafting.save_revision(
        article, "en", drafting.Text("Fees", "Text."), by=other_editor, significance=Significance.MINOR
    )
    reviewing.submit(revision, by=other_editor)
    (row,) = rows(editor, "review")
    assert (row["title"], row["language"], row["author"]) == ("Fees", "en", "Omar Haddad")
    assert str(row["weight"][0]) == "Minor"


def test_my_own_does_not_wait_for_me_though_i_lead(content_lead):
    submitted(content_lead)
    assert rows(signed_in(content_lead), "review") == []


def test_the_oldest_waits_longest(editor, other_editor):
    first, second = submitted(other_editor), submitted(other_editor)
    day = timezone.now() - timedelta(days=2)
    TranslationState.objects.filter(latest=second).update(submitted_at=day)
    assert [row["article"] for row in rows(editor, "review")] == [second.article_id, first.article_id]
    assert panel(editor)["figures"]["oldest"] == day


PEOPLE = ["content_editor", "other_editor", "content_lead", "translator", "agent", "administrator"]


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("role", [None, *TeamRole.values])
def test_the_list_holds_exactly_what_a_person_may_decide_on(request, name, role, person):
    """The rule for one text and the question for all of them say the same."""
    who = request.getfixturevalue(name)
    author = person("Content editors")
    TeamMember.objects.create(language="ko", person=person("Translators"), role=TeamRole.REVIEWER)
    if role:
        TeamMember.objects.create(language="ja", person=who, role=role)
    for language in ("en", "ja", "ko", "zh-hans"):
        submitted(author, language)
    states = TranslationState.objects.in_review().select_related("article")
    may = {state.pk for state in states if access.may_review(who, state.article, state.language)}
    assert set(access.waiting_for(who).values_list("pk", flat=True)) == may
    assert {who in reviewers(s.article, s.language).people for s in states if s.pk in may} <= {True}


def test_one_language_alone(editor, other_editor):
    submitted(other_editor, "en")
    submitted(other_editor, "ja")
    assert [row["language"] for row in full(editor, "review", language="ja").context["rows"]] == ["ja"]


# Figures


def test_outdated_translations_are_counted_with_their_languages(editor):
    article = ArticleFactory(texts={"en": "## A\n\nText.", "ja": "## A\n\n文。", "ko": "## A\n\n글."})
    publishing.publish(save_text(article, "en", "## A\n\nOther text."), by=None)
    figures = panel(editor)["figures"]
    assert (figures["outdated"], figures["outdated_languages"]) == (2, 2)


def test_readers_helped_are_those_of_the_last_28_days(editor):
    article, now = ArticleFactory(), timezone.now()
    for helpful, days in [(True, 1), (True, 27), (False, 2), (False, 29)]:
        at = now - timedelta(days=days)
        Feedback.objects.create(article=article, language="en", helpful=helpful, day=at, created_at=at, reason="hard")
    helped = panel(editor)["figures"]["helped"]
    assert (helped.helpful, helped.votes, helped.percent) == (2, 3, 67)


def test_the_least_helpful_are_shown_with_their_interval_and_main_reason(editor):
    article = ArticleFactory(slug="blocked", texts={"en": "Text."})
    for number in range(20):
        good = number < 8
        reason = "" if good else ("hard" if number < 17 else "steps")
        Feedback.objects.create(article=article, language="en", helpful=good, reason=reason, day=timezone.now().date())
    (row,) = rows(editor, "unhelpful")
    assert (row["title"], row["helped"].percent, str(row["reason"]), row["reason_votes"]) == (
        "Blocked (en)",
        40,
        "It is hard to understand",
        9,
    )
    assert "22%–61%" in html(editor.get(reverse(INDEX)))


def test_open_tasks_of_mine_and_of_nobody_else(editor, content_editor, other_editor):
    ContentTask.objects.create(kind=TaskKind.WRITE, note="About fees", owner=content_editor)
    ContentTask.objects.create(kind=TaskKind.WRITE, note="Done", owner=content_editor, done_at=timezone.now())
    ContentTask.objects.create(kind=TaskKind.WRITE, note="Another's", owner=other_editor)
    assert [row["title"] for row in rows(editor, "tasks")] == ["About fees"]


def test_hostile_words_are_harmless_everywhere(editor, content_editor, other_editor):
    revision = submitted(content_editor)
    reviewing.ask_changes(revision, by=other_editor, note=HOSTILE)
    drafting.save_revision(
        ArticleFactory(), "en", drafting.Text(HOSTILE, "Text."), by=content_editor, note=HOSTILE[:300]
    )
    ContentTask.objects.create(kind=TaskKind.WRITE, note=HOSTILE, owner=content_editor)
    for page in (html(editor.get(reverse(INDEX))), html(full(editor, "mine"))):
        assert "<script>alert" not in page
        assert "<img src=x" not in page


# What it costs


def work(count, content_editor, other_editor):
    """So many rows of everything that the desk shows."""
    now = timezone.now()
    for _ in range(count):
        save_text(ArticleFactory(), "en", "Text.", by=content_editor)
        submitted(other_editor, "ja")
        article = ArticleFactory(texts={"en": "Text."}, review_by=now.date() - timedelta(days=1), owner=other_editor)
        Feedback.objects.bulk_create(
            Feedback(article=article, language="en", helpful=False, reason="hard", day=now) for _ in range(10)
        )
        ReadCount.objects.create(article=article, language="en", hour=now, count=3)
        query = f"query {SearchLog.objects.count()}"
        SearchLog.objects.bulk_create(
            SearchLog(token="t", query=query, language="en", hits=0, stage=Stage.NOTHING) for _ in range(3)
        )
        ContentTask.objects.create(kind=TaskKind.WRITE, note="Something", owner=content_editor)
    assert Article.objects.reading([]).count() >= count * 3


def cost(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url)
    assert answer.status_code == 200
    assert len(answer.content) <= 300 * 1024
    return len(queries)


def test_the_desk_costs_a_dozen_questions_however_much_there_is(editor, content_editor, other_editor):
    work(3, content_editor, other_editor)
    few = cost(editor, reverse(INDEX))
    pages = {name: cost(editor, reverse("admin:helpcenter_desk", args=[name])) for name in NAMES}
    work(27, content_editor, other_editor)
    assert cost(editor, reverse(INDEX)) == few <= 12
    assert {name: cost(editor, reverse("admin:helpcenter_desk", args=[name])) for name in NAMES} == pages
    assert max(pages.values()) <= 12
