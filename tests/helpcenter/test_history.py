"""The history of a text: all that was saved, two texts compared, what readers saw at a moment, and the way back."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from helpcenter.actions import drafting, publishing, reverting, reviewing
from helpcenter.enums import Significance
from helpcenter.errors import StaleDraft
from helpcenter.models import EditLock, Revision, TranslationState
from tests.helpcenter.admin_forms import HOSTILE, html, signed_in, words
from tests.helpcenter.factories import ArticleFactory, keep_fact, publish_text, save_text, stored, value

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
OLD = "## Why {#why}\n\nBecause it is fair.\n\n## When {#when}\n\nEvery second."
NEW = OLD.replace("fair", "just")


@pytest.fixture
def article():
    return ArticleFactory(texts={"en": OLD})


def history(article, language="en") -> str:
    return reverse("admin:helpcenter_article_texts", args=[article.pk, language])


def state(article, language="en") -> TranslationState:
    return TranslationState.objects.get(article=article, language=language)


# Going back


def test_going_back_saves_the_old_text_on_top(article, content_editor):
    first = state(article).latest
    second = publish_text(article, "en", NEW).latest
    third = reverting.revert(first, by=content_editor, seen=second.number)
    assert (third.number, third.body, third.note) == (3, OLD, "Text 1 again")
    assert state(article).latest == third
    assert stored(article, "body", "en") == NEW


def test_translations_of_the_old_text_are_true_again(article):
    publish_text(article, "ja", OLD)
    first = state(article).latest
    publish_text(article, "en", NEW)
    assert [part.key for part in state(article, "ja").outdated_parts] == ["section:why"]
    publishing.publish(reverting.revert(first, by=None), by=None)
    assert state(article, "ja").outdated_parts == []


def test_a_meaning_that_wording_kept_is_kept_by_going_back(article):
    """Text 2 says the same as text 1 in other words; a translation made from text 1 is true for both."""
    publish_text(article, "ja", OLD)
    text = drafting.Text(state(article).latest.title, NEW)
    second = drafting.save_revision(article, "en", text, by=None, significance=Significance.MINOR)
    publishing.publish(second, by=None)
    publish_text(article, "en", OLD.replace("fair", "cheap"))
    assert state(article, "ja").outdated_parts != []
    publishing.publish(reverting.revert(second, by=None), by=None)
    assert state(article, "ja").outdated_parts == []


def test_an_old_translation_is_as_old_as_it_was(article):
    first = publish_text(article, "ja", OLD).latest
    publish_text(article, "en", NEW)
    publish_text(article, "ja", NEW)
    assert state(article, "ja").outdated_parts == []
    back = publishing.publish(reverting.revert(first, by=None), by=None)
    assert [part.key for part in back.outdated_parts] == ["section:why"]
    assert back.published.based_on == first.based_on


def test_going_back_past_a_newer_text_is_refused(article, editor):
    first = state(article).latest
    save_text(article, "en", NEW)
    with pytest.raises(StaleDraft):
        reverting.revert(first, by=None, seen=1)
    answer = editor.post(history(article), {"number": 1, "seen": 1}, follow=True)
    assert any("Somebody else saved this text" in message for message in words(answer))
    assert article.revisions.count() == 2


def test_going_back_while_somebody_edits_is_refused(article, editor, other_editor):
    save_text(article, "en", NEW)
    EditLock.objects.create(article=article, language="en", person=other_editor)
    answer = editor.post(history(article), {"number": 1, "seen": 2}, follow=True)
    assert any("Omar Haddad has been editing" in message for message in words(answer))
    assert article.revisions.count() == 2


def test_going_back_on_the_screen(article, editor):
    save_text(article, "en", NEW)
    answer = editor.post(history(article), {"number": 1, "seen": 2}, follow=True)
    assert any("Text 1 is on top again, as text 3" in message for message in words(answer))
    assert state(article).latest.body == OLD


@pytest.mark.parametrize("number", ["0", "99", "x", "-1", "9" * 30, ""])
def test_a_text_that_is_not_there_is_not_brought_back(article, editor, number):
    assert editor.post(history(article), {"number": number}).status_code == 404


def test_who_only_looks_brings_nothing_back(article, agent):
    save_text(article, "en", NEW)
    client = signed_in(agent)
    assert "Bring text" not in html(client.get(history(article)))
    assert client.post(history(article), {"number": 1, "seen": 2}).status_code == 403
    assert article.revisions.count() == 2


# Looking


def test_each_text_is_listed_with_its_author_note_and_decisions(article, editor, content_editor, other_editor):
    text = drafting.Text("T", NEW)
    revision = drafting.save_revision(article, "en", text, by=content_editor, note="Juster words")
    reviewing.submit(revision, by=content_editor)
    reviewing.approve(revision, by=other_editor)
    page = editor.get(history(article))
    rows = page.context["rows"]
    assert [row.revision.number for row in rows] == [2, 1]
    assert [str(event.get_kind_display()) for event in rows[0].decisions] == ["sent for review", "approved"]
    assert (rows[0].is_approved, rows[1].is_public) == (True, True)
    assert "Juster words" in html(page)


def test_any_two_texts_are_compared_rendered_and_in_source(article, editor):
    save_text(article, "en", NEW)
    save_text(article, "en", "Something else.")
    for query in ("?first=1&second=2", "?first=2&second=1"):
        page = html(editor.get(history(article) + query))
        assert "it is <del>fair</del><ins>just</ins>." in page
        assert "From text 1 to text 2" in page


@pytest.mark.parametrize("query", ["?first=1", "?first=1&second=1", "?first=x&second=2", "?first=1&second=99", "?on=x"])
def test_a_choice_that_makes_no_sense_shows_the_list(article, editor, query):
    save_text(article, "en", NEW)
    page = editor.get(history(article) + query)
    assert page.status_code == 200
    assert page.context["compared"] is None


def test_what_readers_saw_at_a_moment_with_the_facts_of_that_moment(editor):
    with time_machine.travel(NOON, tick=False):
        keep_fact(
            "margin.hold",
            value("24", since="2026-01-01", until="2026-03-02"),
            value("48", since="2026-03-02"),
            unit="hours",
            en="H",
        )
        article = ArticleFactory(texts={"en": "It takes {fact:margin.hold}."})
    with time_machine.travel(NOON + timedelta(days=2), tick=False):
        publish_text(article, "en", "It now takes {fact:margin.hold}.")
    with time_machine.travel(NOON + timedelta(days=3), tick=False):
        publishing.unpublish(article, "en", by=None)
    seen = {
        day: editor.get(history(article), {"on": f"2026-03-0{day}", "at": "13:00"}).context["past"]
        for day in (1, 2, 3, 4)
    }
    assert "It takes" in seen[1].html
    assert "24 hours" in seen[1].html
    assert "48 hours" in seen[2].html
    assert "It now takes" in seen[3].html
    assert seen[4].revision is None
    assert editor.get(history(article), {"on": "2026-02-01"}).context["past"].revision is None


def test_the_history_of_the_library_leads_to_ours(article, editor):
    url = reverse("admin:helpcenter_article_history", args=[article.pk])
    assert editor.get(url).headers["Location"] == history(article)


def test_old_texts_are_never_markup(article, editor):
    save_text(article, "en", drafting.Text(HOSTILE, HOSTILE, HOSTILE))
    page = html(editor.get(history(article) + "?first=1&second=2"))
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize("language", ["ja", "de"])
def test_a_language_without_texts_has_no_history(article, editor, language):
    assert editor.get(history(article, language)).status_code == 404


@pytest.mark.parametrize("count", [3, 30])
def test_the_history_asks_little_however_long_it_is(article, editor, content_editor, count):
    for number in range(count):
        save_text(article, "en", f"Text {number}.", by=content_editor)
    for url in (history(article), f"{history(article)}?first=2&second=3"):
        editor.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(url).status_code == 200
        assert len(queries) <= 12, "\n".join(query["sql"][:160] for query in queries)


def test_a_long_history_has_pages(article, editor):
    for number in range(60):
        save_text(article, "en", f"Text {number}.")
    assert Revision.objects.count() == 61
    page = editor.get(history(article) + "?page=2").context["page"]
    assert (page.total, [r.number for r in page.items][0], len(page.items)) == (61, 11, 11)
