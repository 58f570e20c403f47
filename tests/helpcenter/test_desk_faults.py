"""Two people, or a person and the worker, at the same text in the same moment: each gets a clear answer, nothing that
was typed is lost, and readers never see half of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from helpcenter import freshness
from helpcenter.actions import announcing, publishing, reviewing, scheduling
from helpcenter.enums import EventKind, Standing
from helpcenter.models import Announcement, Article, Category, ContentEvent, Revision, TeamMember, TranslationState
from tests.at_once import at_once, overlapping
from tests.helpcenter.admin_forms import (
    TEXTS,
    announcement_form,
    article_form,
    category_form,
    change,
    fact_form,
    html,
    signed_in,
)
from tests.helpcenter.factories import ArticleFactory, keep_fact, publish_text, save_text, stored

pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]

OLD, NEW = "Because it is fair.", "Because it is just."


def state(article, language="en") -> TranslationState:
    return TranslationState.objects.select_related("latest", "published").get(article=article, language=language)


def posting(person, url, form):
    """A person who presses a button, in a browser of their own."""
    client = signed_in(person)
    return lambda: client.post(url, form)


def events_of(kind, **fields) -> int:
    return ContentEvent.objects.filter(kind=kind, **fields).count()


# A revision approved twice at once


def test_two_reviewers_who_approve_at_once_are_told_who_was_first(content_editor, other_editor, content_lead):
    revision = save_text(ArticleFactory(texts={"en": OLD}), "en", NEW, by=content_editor)
    reviewing.submit(revision, by=content_editor)
    review = reverse("admin:helpcenter_article_review", args=[revision.article_id, "en"])
    note = "I have read all of it."
    form = {"seen": revision.number, "_approve": "1", "decision_note": note}
    first, second = overlapping(posting(other_editor, review, form), posting(content_lead, review, form))
    assert (first.status_code, second.status_code) == (302, 200)
    assert "It stands at “Approved” now." in html(second)
    assert note in html(second)
    assert events_of(EventKind.APPROVED) == 1
    assert state(revision.article).approved_by == other_editor


def test_an_approval_and_a_rejection_at_once_are_one_decision(content_editor, other_editor, content_lead):
    revision = save_text(ArticleFactory(), "en", NEW, by=content_editor)
    reviewing.submit(revision, by=content_editor)
    review = reverse("admin:helpcenter_article_review", args=[revision.article_id, "en"])
    reject = {"seen": revision.number, "_reject": "1", "decision_note": "It is wrong."}
    approve = {"seen": revision.number, "_approve": "1"}
    first, second = overlapping(posting(other_editor, review, reject), posting(content_lead, review, approve))
    assert state(revision.article).standing == Standing.REJECTED
    assert (first.status_code, second.status_code) == (302, 200)


def test_an_approval_while_the_author_saves_is_of_the_text_that_was_read(content_editor, other_editor):
    revision = save_text(ArticleFactory(), "en", OLD, by=content_editor)
    reviewing.submit(revision, by=content_editor)
    review = reverse("admin:helpcenter_article_review", args=[revision.article_id, "en"])
    form = article_form(revision.article, text_body=NEW)
    saved, approved = overlapping(
        posting(content_editor, change("article", revision.article_id), form),
        posting(other_editor, review, {"seen": revision.number, "_approve": "1"}),
    )
    assert (saved.status_code, approved.status_code) == (302, 200)
    found = state(revision.article)
    assert (found.standing, found.approved, found.latest.body) == (Standing.DRAFT, None, NEW)


# Publishing while somebody saves


@pytest.mark.parametrize("is_first", [True, False])
def test_publishing_while_a_translator_saves_loses_neither(content_lead, translator, is_first):
    article = ArticleFactory(texts={"en": OLD})
    revision = save_text(article, "ja", "公平だからです。", by=translator)
    address = change("article", article.pk, "ja")
    save = posting(translator, address, article_form(article, "ja", text_body="公正だからです。"))

    def publish():
        return publishing.publish(revision, by=content_lead)

    outcomes = overlapping(publish, save) if is_first else overlapping(save, publish)
    assert [answer.status_code for answer in outcomes if hasattr(answer, "status_code")] == [302]
    found = state(article, "ja")
    assert (found.published, found.standing) == (revision, Standing.DRAFT)
    assert stored(article, "body", "ja") == "公平だからです。"
    assert found.latest.body == "公正だからです。"


@pytest.mark.parametrize("is_first", [True, False])
def test_a_source_that_changes_while_a_translation_is_published_makes_it_outdated(is_first):
    article = ArticleFactory(texts={"en": OLD})
    source, translation = save_text(article, "en", NEW), save_text(article, "ja", "公平だからです。")

    def publish(revision):
        return lambda: publishing.publish(revision, by=None)

    acts = [publish(source), publish(translation)]
    overlapping(*(acts if is_first else reversed(acts)))
    assert stored(article, "body", "en") == NEW
    assert [part.key for part in state(article, "ja").outdated_parts] == ["intro"]


def test_two_editors_who_save_at_once_keep_both_texts(content_editor, other_editor):
    article = ArticleFactory(texts={"en": OLD})
    address = change("article", article.pk)
    first, second = overlapping(
        posting(content_editor, address, article_form(article, text_body="The first.")),
        posting(other_editor, address, article_form(article, text_body="The second.")),
    )
    assert (first.status_code, second.status_code) == (302, 200)
    assert state(article).latest.body == "The first."
    assert second.context["adminform"].form["text_body"].value() == "The second."
    assert "<del>first</del>" in html(second)
    assert html(second).count("Compare both, then save again") == 1


def test_two_translators_of_a_new_language_keep_both_texts(translator, person):
    article = ArticleFactory(texts={"en": OLD})
    form = {"seen": 0, "source": 1, "earlier": "", "text:intro": "公平。", "heading:title": "題", "_save": ""}
    screen = reverse("admin:helpcenter_article_translate", args=[article.pk, "ja"])
    first, second = overlapping(
        posting(translator, screen, form), posting(person("Translators"), screen, {**form, "text:intro": "公正。"})
    )
    assert state(article, "ja").latest.body.strip() == "公平。"
    assert Revision.objects.of(article, "ja").count() == 1
    assert first.status_code == 302
    assert "公正。" in html(second)


# The same thing made twice


def test_a_form_that_is_sent_twice_makes_one_article(content_editor):
    form = article_form()
    address = reverse("admin:helpcenter_article_add")
    first, second = overlapping(posting(content_editor, address, form), posting(content_editor, address, form))
    assert (first.status_code, second.status_code) == (302, 200)
    assert second.context["errors"]
    assert TEXTS["en"][1].splitlines()[0] in html(second)
    assert (Article.objects.count(), Revision.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("model", "form"),
    [("category", category_form), ("announcement", announcement_form)],
    ids=["category", "announcement"],
)
def test_a_row_that_two_make_at_once_is_there_once_and_the_second_is_told(content_editor, other_editor, model, form):
    address = reverse(f"admin:helpcenter_{model}_add")
    first, second = overlapping(posting(content_editor, address, form()), posting(other_editor, address, form()))
    assert (first.status_code, second.status_code) == (302, 200)
    assert second.context["errors"]
    assert {"category": Category, "announcement": Announcement}[model].objects.count() == 1


def test_a_person_who_two_put_into_a_team_is_in_it_once(administrator, content_lead, translator):
    form = {"language": "ja", "person": translator.pk, "role": "translator"}
    address = reverse("admin:helpcenter_teammember_add")
    first, second = overlapping(posting(administrator, address, form), posting(content_lead, address, form))
    assert (first.status_code, second.status_code) == (302, 200)
    assert TeamMember.objects.count() == 1


# Alerts


def alert(by) -> Announcement:
    found = Announcement(slug="alert", kind="phishing", published_at=timezone.now() - timedelta(hours=1))
    return announcing.save_announcement(found, {"en": announcing.AnnouncementText("Fake calls", "", "Hang up.")}, by=by)


def test_an_alert_that_is_approved_while_its_writer_changes_it_shows_no_text_that_nobody_read(
    content_editor, other_editor, client
):
    found = alert(content_editor)
    seen = found.updated_at.isoformat()
    own = announcement_form(slug="alert", kind="phishing", text_title="Fake letters", seen=seen)
    decide = reverse("admin:helpcenter_announcement_decide", args=[found.pk])
    overlapping(
        posting(content_editor, change("announcement", found.pk), own), posting(other_editor, decide, {"seen": seen})
    )
    freshness.forget()
    assert "Fake letters" not in html(client.get("/en/announcements/"))
    assert Announcement.objects.rewrite(False).get().text("title", "en") == "Fake letters"


def test_two_who_change_an_announcement_at_once_overwrite_nothing(content_editor, other_editor):
    announcing.save_announcement(
        found := Announcement(slug="news", published_at=timezone.now()),
        {"en": announcing.AnnouncementText("News", "", "Text.")},
        by=None,
    )
    seen = Announcement.objects.get().updated_at.isoformat()
    address = change("announcement", found.pk)

    def form(words):
        return announcement_form(slug="news", text_title=words, text_body=words, seen=seen)

    first, second = overlapping(
        posting(content_editor, address, form("The first")), posting(other_editor, address, form("The second"))
    )
    assert (first.status_code, second.status_code) == (302, 200)
    assert Announcement.objects.rewrite(False).get().text("title", "en") == "The first"
    assert "The second" in html(second)


def test_two_who_change_a_fact_at_once_overwrite_nothing(content_editor, other_editor):
    fact = keep_fact("btcusdt-perp.taker-fee", "0.05")

    def form(number):
        return {**fact_form(fact), "values-0-value": number}

    address = change("fact", fact.pk)
    first, second = overlapping(
        posting(content_editor, address, form("0.06")), posting(other_editor, address, form("0.07"))
    )
    assert (first.status_code, second.status_code) == (302, 200)
    assert fact.values.get().value == "0.06"
    assert 'value="0.07"' in html(second)


# Moments and readers


def test_a_plan_that_is_taken_back_as_its_moment_comes_is_not_carried_out_by_halves():
    article = ArticleFactory(texts={"en": OLD})
    revision = save_text(article, "en", NEW)
    reviewing.approve(revision, by=None)
    scheduling.schedule_publishing(revision, by=None, at=timezone.now() + timedelta(seconds=1))
    due = ContentEvent.objects.get(kind=EventKind.DUE)
    outcomes = overlapping(
        lambda: scheduling.unschedule(article, "en", by=None), lambda: scheduling.moment_reached(due.pk)
    )
    assert [error for error in outcomes if isinstance(error, Exception)] == []
    assert (stored(article, "body", "en"), state(article).publish_at) == (OLD, None)


def test_a_moment_that_two_workers_carry_out_publishes_once():
    article = ArticleFactory(texts={"en": OLD})
    revision = save_text(article, "en", NEW)
    reviewing.approve(revision, by=None)
    scheduling.schedule_publishing(revision, by=None, at=timezone.now() + timedelta(seconds=1))
    due = ContentEvent.objects.get(kind=EventKind.DUE)
    at_once(*[lambda: scheduling.moment_reached(due.pk)] * 2)
    assert stored(article, "body", "en") == NEW
    assert events_of(EventKind.PUBLISHED, revision=revision) == 1


def test_who_reads_while_a_text_is_taken_back_gets_all_of_it_or_nothing(client):
    article = ArticleFactory(slug="fair", texts={"en": f"{OLD}\n\n## When {{#when}}\n\nThe end of the text."})
    freshness.forget()
    gone, read = overlapping(
        lambda: publishing.unpublish(article, "en", by=None), lambda: client.get("/en/articles/fair/")
    )
    assert gone.published is None
    assert read.status_code == 404 or (OLD in html(read) and "The end of the text." in html(read))
    freshness.forget()
    assert client.get("/en/articles/fair/").status_code == 404


def test_two_who_take_a_text_back_at_once_are_both_answered(content_editor, other_editor):
    article = ArticleFactory(texts={"en": OLD})
    address = reverse("admin:helpcenter_article_unpublish", args=[article.pk, "en"])
    first, second = overlapping(
        posting(content_editor, address, {"post": "yes"}), posting(other_editor, address, {"post": "yes"})
    )
    assert {first.status_code, second.status_code} <= {200, 302}
    assert events_of(EventKind.UNPUBLISHED) == 1
    assert publish_text(article, "en", NEW)
