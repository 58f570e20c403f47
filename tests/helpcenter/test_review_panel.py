"""The publishing panel shows where a text stands, and its buttons lose nothing that was typed."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from helpcenter.enums import Standing, TeamRole
from helpcenter.models import ReviewNote, SiteLanguage, TeamMember, TranslationState
from tests.helpcenter.admin_forms import TEXTS, article_form, change, html, signed_in
from tests.helpcenter.factories import ArticleFactory, save_text, stored
from tests.helpcenter.reviewed import NEW, OLD, state, submitted

pytestmark = pytest.mark.django_db


def test_the_panel_shows_where_a_text_stands(editor, content_editor):
    article = ArticleFactory(texts={"en": OLD})
    assert [stop.is_current for stop in editor.get(change("article", article.pk)).context["panel"].track] == [
        False,
        False,
        False,
        True,
    ]
    submitted(content_editor, article)
    page = html(editor.get(change("article", article.pk)))
    assert page.count('aria-current="step"') == 1
    assert "Clara Weiss asked for a review" in page


def test_an_editor_sends_a_new_article_for_review_at_once(editor, other_editor):
    form = article_form(_submit="1", reviewer=str(other_editor.pk), review_note="Please look at the why.")
    answer = editor.post(reverse("admin:helpcenter_article_add"), form)
    assert answer.status_code == 302
    found = TranslationState.objects.get()
    assert (found.standing, found.reviewer, found.published) == (Standing.IN_REVIEW, other_editor, None)
    assert ReviewNote.objects.get().text == "Please look at the why."


def test_an_editor_is_offered_a_review_and_not_to_publish(editor, lead):
    article = ArticleFactory(texts={"en": OLD})
    save_text(article, "en", NEW)
    page = html(editor.get(change("article", article.pk)))
    assert 'name="_submit"' in page
    assert 'name="_publish"' not in page
    assert "Nothing is public until a reviewer approves." in page
    assert 'name="_publish"' in html(lead.get(change("article", article.pk)))


def test_the_first_button_of_the_form_saves_a_draft(lead):
    """The key Enter in a field presses the first button."""
    page = html(lead.get(change("article", ArticleFactory(texts={"en": OLD}).pk)))
    form = re.sub(r"<template\b.*?</template>", "", page[page.index('id="article_form"') :], flags=re.S)
    first = form[form.index('type="submit"') :]
    assert 'name="_continue"' in first[: first.index(">")]


def test_only_reviewers_of_the_language_can_be_asked(editor, content_editor, other_editor, translator):
    TeamMember.objects.create(language="ja", person=translator, role=TeamRole.REVIEWER)
    article = ArticleFactory(texts={"en": OLD})
    offered = {
        language: dict(
            editor.get(change("article", article.pk, language)).context["adminform"].form.fields["reviewer"].choices
        )
        for language in ("en", "ja")
    }
    assert str(other_editor.pk) in offered["en"]
    assert str(content_editor.pk) not in offered["en"]
    assert list(offered["ja"]) == ["", str(translator.pk)]
    form = article_form(article, "ja", _submit="1", reviewer=str(other_editor.pk))
    answer = editor.post(change("article", article.pk, "ja"), form)
    assert answer.status_code == 200
    assert "reviewer" in answer.context["adminform"].form.errors


def test_a_text_is_taken_back_from_review(editor, content_editor):
    article = submitted(content_editor)
    latest = state(article).latest
    editor.post(
        change("article", article.pk),
        article_form(article, text_title=latest.title, text_body=latest.body, _withdraw="1"),
    )
    assert state(article).standing == Standing.DRAFT
    assert state(article).latest == latest


def test_taking_back_with_a_changed_text_keeps_the_change(editor, content_editor):
    article = submitted(content_editor)
    editor.post(change("article", article.pk), article_form(article, _withdraw="1"))
    assert (state(article).standing, state(article).latest.body) == (Standing.DRAFT, TEXTS["en"][1])


@time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False)
@pytest.mark.parametrize(
    ("day", "clock", "wanted"),
    [
        ("2026-03-02", "08:00", datetime(2026, 3, 2, 8, tzinfo=UTC)),
        ("2026-03-02", "", datetime(2026, 3, 2, tzinfo=UTC)),
    ],
)
def test_a_lead_saves_and_schedules_in_one_act(lead, day, clock, wanted):
    article = ArticleFactory(texts={"en": OLD})
    form = article_form(article, _schedule="1", publish_on=day, publish_time=clock)
    assert lead.post(change("article", article.pk), form).status_code == 302
    found = state(article)
    assert (found.publish_at, found.approved) == (wanted, found.latest)
    assert stored(article, "body", "en") == OLD


@time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False)
def test_a_time_of_ones_own_zone_is_shown_in_both(content_lead):
    content_lead.time_zone = "Asia/Tokyo"
    content_lead.save()
    lead, article = signed_in(content_lead), ArticleFactory(texts={"en": OLD})
    form = article_form(article, _schedule="1", publish_on="2026-03-02", publish_time="08:00", clock="own")
    lead.post(change("article", article.pk), form)
    assert state(article).publish_at == datetime(2026, 3, 1, 23, tzinfo=UTC)
    panel = lead.get(change("article", article.pk)).context["panel"]
    assert panel.publish_at == "1 Mar 2026, 23:00 UTC, for you 2 Mar 2026, 08:00 (Asia/Tokyo)"


@time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False)
@pytest.mark.parametrize(
    ("day", "clock", "says"),
    [
        ("2026-02-28", "08:00", "2026-02-28 07:00 UTC has passed"),
        ("2026-03-29", "02:30", "2026-03-29 02:30 does not exist in Europe/Berlin"),
        ("2026-10-25", "02:30", "2026-10-25 02:30 comes twice in Europe/Berlin"),
        ("", "08:00", "Choose the day as well"),
        ("", "", "Choose the day and the time first"),
        ("soon", "08:00", "Enter a valid date"),
        ("2026-03-02", "25:00", "Enter a valid time"),
    ],
)
def test_a_moment_that_cannot_be_is_refused_and_everything_typed_stays(content_lead, day, clock, says):
    content_lead.time_zone = "Europe/Berlin"
    content_lead.save()
    article = ArticleFactory(texts={"en": OLD})
    form = article_form(
        article, _schedule="1", publish_on=day, publish_time=clock, clock="own", note="why it changes", text_body=NEW
    )
    answer = signed_in(content_lead).post(change("article", article.pk), form)
    assert answer.status_code == 200
    page = html(answer)
    assert says in page
    assert all(typed in page for typed in ("Because it is just.", "why it changes", f'value="{clock}"'))
    assert state(article).publish_at is None
    assert article.revisions.count() == 1


def test_a_schedule_is_taken_back(lead, content_lead):
    article = ArticleFactory(texts={"en": OLD})
    form = article_form(article, _schedule="1", unpublish_on="2099-01-01", text_title="T")
    lead.post(change("article", article.pk), form)
    assert state(article).unpublish_at == datetime(2099, 1, 1, tzinfo=UTC)
    lead.post(change("article", article.pk), article_form(article, _unschedule="1"))
    assert state(article).unpublish_at is None


def test_an_editor_cannot_schedule_what_nobody_approved(editor):
    article = ArticleFactory(texts={"en": OLD})
    form = article_form(article, _schedule="1", publish_on="2099-01-01")
    answer = editor.post(change("article", article.pk), form)
    assert "Nobody has approved this text yet" in html(answer)
    assert article.revisions.count() == 1


def test_a_major_change_waits_until_it_is_handed_to_translators(lead):
    article = ArticleFactory(texts={"en": OLD})
    first = state(article).latest
    lead.post(change("article", article.pk), article_form(article, text_body=NEW, _publish="1"))
    assert state(article).ready == first
    page = lead.get(change("article", article.pk))
    assert page.context["panel"].waits_for_translators
    latest = state(article).latest
    again = article_form(article, text_title=latest.title, text_body=NEW, _ready="1")
    lead.post(change("article", article.pk), again)
    assert state(article).ready == latest


def test_a_change_can_be_handed_over_as_it_is_published(lead):
    article = ArticleFactory(texts={"en": OLD})
    lead.post(change("article", article.pk), article_form(article, text_body=NEW, _publish="1", is_ready="on"))
    assert state(article).ready == state(article).published == state(article).latest


def test_a_language_that_is_switched_off_keeps_its_drafts_and_says_so(editor):
    article = ArticleFactory(texts={"en": TEXTS["en"][1]})
    save_text(article, "ja", TEXTS["ja"][1])
    SiteLanguage.objects.filter(code="ja").update(is_public=False)
    page = html(editor.get(change("article", article.pk, "ja")))
    assert "This language is switched off" in page
    answer = editor.post(change("article", article.pk, "ja"), article_form(article, "ja", _submit="1"))
    assert answer.status_code == 302
    assert state(article, "ja").standing == Standing.IN_REVIEW


def test_publishing_while_a_translator_saves_loses_neither(lead, translator):
    article = ArticleFactory(texts={"en": OLD})
    save_text(article, "ja", TEXTS["ja"][1])
    form = article_form(article, "ja", _publish="1", text_title="公開")
    signed_in(translator).post(change("article", article.pk, "ja"), article_form(article, "ja", text_body="訳"))
    answer = lead.post(change("article", article.pk, "ja"), form)
    assert answer.status_code == 200  # a newer text came in: shown, nothing published
    assert state(article, "ja").published is None
    assert state(article, "ja").latest.body == "訳"
    assert "公開" in html(answer)
