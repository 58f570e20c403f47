"""A text that comes again is compared with what its reviewer saw last, or with the public text."""

import re

import pytest

from helpcenter.actions import publishing, reviewing
from tests.helpcenter.admin_forms import html
from tests.helpcenter.reviewed import NEW, decision, review, state, submitted

pytestmark = pytest.mark.django_db


def sent_back_and_again(content_editor, other_editor):
    """A text that was sent back, and came again with one word changed."""
    article = submitted(content_editor)
    reviewing.ask_changes(state(article).latest, by=other_editor, note="Say it simply.")
    return submitted(content_editor, article, NEW.replace("Every second", "Every hour"))


def marked(page):
    """The words that are marked as changed, in the rendered text and in the source."""
    return set(re.findall(r"<(?:ins|del)>([^<]*)</(?:ins|del)>", page)) - {"added", "removed"}


def test_a_text_that_comes_again_shows_what_changed_since_ones_own_review(other, content_editor, other_editor):
    article = sent_back_and_again(content_editor, other_editor)
    page = other.get(review(article))
    assert (page.context["compared"].before.number, page.context["compared"].after.number) == (2, 3)
    words = " ".join(marked(html(page)))
    assert "hour" in words
    assert "just" not in words
    assert 'href="?since=public"' in html(page)


def test_the_switch_shows_everything_since_the_public_text(other, content_editor, other_editor):
    article = sent_back_and_again(content_editor, other_editor)
    page = other.get(review(article), {"since": "public"})
    assert page.context["compared"].before == state(article).published
    words = " ".join(marked(html(page)))
    assert "hour" in words
    assert "just" in words


def test_who_has_not_reviewed_it_yet_sees_all_that_would_change_and_no_switch(lead, content_editor, other_editor):
    article = sent_back_and_again(content_editor, other_editor)
    page = lead.get(review(article))
    assert page.context["compared"].before == state(article).published
    assert "since=public" not in html(page)


def test_what_was_approved_and_published_since_is_the_public_text(other, content_editor, other_editor, content_lead):
    article = submitted(content_editor)
    reviewing.approve(state(article).latest, by=other_editor)
    publishing.publish(state(article).latest, by=content_lead)
    submitted(content_editor, article, NEW.replace("Every second", "Every hour"))
    page = other.get(review(article))
    assert page.context["compared"].before == state(article).published
    assert "since=public" not in html(page)


def test_a_comment_is_no_review(other, content_editor, other_editor):
    article = submitted(content_editor)
    reviewing.comment(state(article).latest, "Is it?", by=other_editor)
    submitted(content_editor, article, NEW.replace("Every second", "Every hour"))
    assert other.get(review(article)).context["compared"].before == state(article).published


def test_a_decision_stays_on_the_comparison_that_was_chosen(other, content_editor, other_editor):
    article = sent_back_and_again(content_editor, other_editor)
    address = f"{review(article)}?since=public"
    answer = other.post(address, decision(article, "_comment", text="Good."))
    assert answer.url == address
