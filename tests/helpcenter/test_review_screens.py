"""The review screen shows what a text would change, and takes decisions and comments from those who may."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from helpcenter.actions import drafting, editing_locks, reviewing
from helpcenter.enums import Significance, Standing, Verdict
from helpcenter.models import ArticleUse, ReviewNote
from tests.helpcenter.admin_forms import HOSTILE, SECRET, TEXTS, change, html, signed_in
from tests.helpcenter.factories import ArticleFactory, keep_fact, publish_text, save_text, stored
from tests.helpcenter.reviewed import NEW, OLD, decision, review, state, submitted

pytestmark = pytest.mark.django_db


# The review screen


def test_the_screen_shows_what_changes_rendered_and_in_source(other, content_editor):
    page = html(other.get(review(submitted(content_editor))))
    assert "Because it is <del>fair</del><ins>just</ins>." in page
    source = page[page.index('class="sd-diff"') :]
    kinds = ("same", "removed", "added")
    assert [source.count(f'<tr class="{kind}">') for kind in kinds] == [6, 1, 1]
    assert "written by Clara Weiss" in page


def test_facts_are_filled_in_on_both_sides(other, content_editor):
    keep_fact("margin.hold", "24", unit="hours", en="Hold")
    article = ArticleFactory(texts={"en": "It takes {fact:margin.hold}."})
    page = html(other.get(review(submitted(content_editor, article, "It always takes {fact:margin.hold}."))))
    assert "{fact:" not in page
    assert page.count("24 hours") >= 3


def test_a_first_text_has_nothing_to_be_compared_with(other, content_editor):
    article = submitted(content_editor, ArticleFactory())
    page = html(other.get(review(article)))
    assert "all of the text is new" in page
    rendered, source = page.split('class="sd-diff"')
    assert "<ins>Because" not in rendered
    assert source.count('<tr class="added">') == 7, "all of it is there to be read"


@pytest.mark.parametrize("language", ["zh-hans", "ja", "ar"])
def test_translations_are_reviewed_in_their_own_direction(other, content_editor, language):
    article = ArticleFactory(texts={"en": TEXTS["en"][1]})
    publish_text(article, language, TEXTS[language][1])
    reviewing.submit(save_text(article, language, TEXTS[language][1] + "\n\n!", by=content_editor), by=content_editor)
    page = html(other.get(review(article, language)))
    direction = "rtl" if language == "ar" else "ltr"
    assert f'data-content lang="{language.replace("hans", "Hans")}" dir="{direction}"' in page


def test_what_is_odd_is_listed_with_its_line(other, content_editor):
    text = "[a](no-such-article.md)\n\n![](pictures/none.png)\n\n[b](https://elsewhere.example/)\n\n{fact:no.fact}"
    page = other.get(review(submitted(content_editor, text=text)))
    said = [(remark.line, remark.message) for remark in page.context["remarks"]]
    assert {line for line, _ in said} == {1, 3, 5, 7}
    assert "The link leads to “no-such-article”" in said[0][1]


def test_approving_tells_which_translations_become_outdated_and_where(other, content_editor):
    article = ArticleFactory(texts={"en": OLD})
    for language in ("ja", "ko"):
        publish_text(article, language, OLD)
    ArticleUse.objects.create(article=article, source_kind="macro", source_url="/macros/1/", label="Why was I")
    seen = other.get(review(submitted(content_editor, article))).context["consequences"]
    assert [code for code, _ in seen.outdated] == ["ja", "ko"]
    assert seen.parts == ["Why"]
    assert [str(use) for use in seen.uses] == ["Why was I"]
    assert state(article, "ja").outdated == []


def test_a_change_of_wording_makes_nothing_outdated(other, content_editor):
    article = ArticleFactory(texts={"en": OLD, "ja": OLD})
    text = drafting.Text(state(article).latest.title, NEW)
    revision = drafting.save_revision(article, "en", text, by=content_editor, significance=Significance.MINOR)
    reviewing.submit(revision, by=content_editor)
    assert "No translation becomes outdated." in html(other.get(review(article)))


def test_a_reviewer_approves(other, other_editor, content_editor):
    article = submitted(content_editor)
    answer = other.post(review(article), decision(article, "_approve", decision_note="Good."))
    assert answer.status_code == 302
    found = state(article)
    assert (found.standing, found.approved_by) == (Standing.APPROVED, other_editor)
    assert stored(article, "body", "en") == OLD
    assert ReviewNote.objects.get(verdict=Verdict.APPROVED).text == "Good."


def test_approving_and_publishing_is_one_act(other, content_editor):
    article = submitted(content_editor)
    other.post(review(article), decision(article, "_publish"))
    assert state(article).standing == Standing.PUBLISHED
    assert stored(article, "body", "en") == NEW


def test_who_has_published_goes_on_to_what_waits_and_holds_no_text(other, content_editor):
    article = submitted(content_editor)
    answer = other.post(review(article), decision(article, "_publish"), follow=True)
    assert answer.redirect_chain == [(reverse("admin:helpcenter_article_waiting"), 302)]
    assert f"{state(article).latest.title}: Approved and published." in html(answer)
    assert editing_locks.holder(article, "en", by=content_editor) is None


def test_who_publishes_a_source_reads_whether_translators_have_it(other, content_editor):
    article = submitted(content_editor)
    kept = "Translators still work from the text before the public one."
    assert kept in html(other.post(review(article), decision(article, "_publish"), follow=True))
    handed = submitted(content_editor)
    assert kept not in html(other.post(review(handed), decision(handed, "_publish", is_ready="on"), follow=True))


def test_translators_work_from_a_first_text_though_nobody_handed_it_over(other, content_editor):
    article = submitted(content_editor, ArticleFactory(texts={}))
    said = html(other.post(review(article), decision(article, "_publish"), follow=True))
    assert state(article).ready is None
    assert "Translators still work" not in said


def test_a_corrected_typo_is_never_said_to_be_kept_from_translators(other, content_editor):
    article = ArticleFactory(texts={"en": OLD})
    text = drafting.Text(state(article).latest.title, NEW)
    typo = drafting.save_revision(article, "en", text, by=content_editor, significance=Significance.TYPO)
    reviewing.submit(typo, by=content_editor)
    said = html(other.post(review(article), decision(article, "_publish"), follow=True))
    assert state(article).ready == state(article).published == typo
    assert "Translators still work" not in said


def test_where_publishing_is_refused_nothing_is_approved_either(other, content_editor):
    article = submitted(content_editor, text=f"My key is {SECRET}.")
    answer = other.post(review(article), decision(article, "_publish", decision_note="Very good."))
    page = html(answer)
    assert "seems to hold a secret" in page
    assert "Very good." in page
    assert state(article).standing == Standing.IN_REVIEW


def test_approving_and_scheduling_is_one_act(other, content_editor):
    article = submitted(content_editor)
    other.post(review(article), decision(article, "_schedule", publish_on="2099-01-01", publish_time="08:00"))
    assert state(article).publish_at == datetime(2099, 1, 1, 8, tzinfo=UTC)
    page = html(other.get(review(article)))
    assert "To be published at 1 Jan 2099, 08:00 UTC." in page
    other.post(review(article), decision(article, "_unschedule"))
    assert state(article).publish_at is None


def test_a_schedule_without_a_time_approves_nothing(other, content_editor):
    article = submitted(content_editor)
    assert "Choose the day and the time first" in html(other.post(review(article), decision(article, "_schedule")))
    assert state(article).standing == Standing.IN_REVIEW


def test_what_was_approved_earlier_is_published_while_the_next_text_is_written(other, content_editor):
    article = submitted(content_editor)
    other.post(review(article), decision(article, "_approve"))
    save_text(article, "en", "The next text.", by=content_editor)
    other.post(review(article), decision(article, "_publish_approved"))
    assert stored(article, "body", "en") == NEW
    assert state(article).standing == Standing.DRAFT


@pytest.mark.parametrize(("button", "standing"), [("_changes", "changes_asked"), ("_reject", "rejected")])
def test_a_text_is_sent_back_with_a_note(other, editor, content_editor, button, standing):
    article = submitted(content_editor)
    assert "Say what has to change" in html(other.post(review(article), decision(article, button)))
    other.post(review(article), decision(article, button, decision_note="Name the index."))
    assert state(article).standing == standing
    assert "Name the index." in html(editor.get(review(article)))
    assert "Read what the reviewer says" in html(editor.get(change("article", article.pk)))


def test_nobody_approves_their_own_text(editor, content_editor):
    article = submitted(content_editor)
    page = html(editor.get(review(article)))
    assert 'name="_approve"' not in page
    assert "somebody else has to approve it" in page
    answer = editor.post(review(article), decision(article, "_approve"))
    assert "Somebody else has to approve what you wrote" in html(answer)
    assert state(article).standing == Standing.IN_REVIEW


def test_the_second_of_two_approvals_is_told_so(other, lead, content_editor):
    article = submitted(content_editor)
    form = decision(article, "_approve", decision_note="Mine.")
    lead.post(review(article), form)
    page = html(other.post(review(article), form))
    assert "It stands at “Approved” now." in page
    assert ReviewNote.objects.filter(verdict=Verdict.APPROVED).count() == 1


def test_a_decision_on_an_older_text_is_refused(other, content_editor):
    article = submitted(content_editor)
    form = decision(article, "_approve", decision_note="I read text 2.")
    reviewing.submit(save_text(article, "en", "Another.", by=content_editor), by=content_editor)
    page = html(other.post(review(article), form))
    assert "A newer text was saved meanwhile" in page
    assert "I read text 2." in page
    assert state(article).standing == Standing.IN_REVIEW


def test_comments_are_about_a_part_answered_and_settled(other, editor, content_editor):
    article = submitted(content_editor)
    seen = state(article).latest.number
    other.post(review(article), {"_comment": "1", "seen": seen, "part": "section:why", "text": "All contracts?"})
    note = ReviewNote.objects.get(text="All contracts?")
    assert note.part == "section:why"
    editor.post(review(article), {"_reply": "1", "seen": seen, "answers": note.pk, "text": "Yes, all."})
    page = other.get(review(article))
    assert "About “Why”" in html(page)
    assert page.context["open_threads"] == 1
    assert [answer.text for thread in page.context["threads"] for answer in thread.answers] == ["Yes, all."]
    other.post(review(article), {"_settle": note.pk})
    assert other.get(review(article)).context["open_threads"] == 0
    other.post(review(article), {"_reopen": note.pk})
    assert other.get(review(article)).context["open_threads"] == 1


@pytest.mark.parametrize("key", ["x", "4711", "9" * 30, ""])
def test_a_comment_that_is_not_there_is_said_to_be_gone(other, content_editor, key):
    answer = other.post(review(submitted(content_editor)), {"_settle": key})
    assert "This comment is not there any more." in html(answer)


def test_a_comment_that_is_too_long_stays_in_the_form(other, content_editor):
    article = submitted(content_editor)
    form = {"_comment": "1", "seen": 2, "text": "long " * 500}
    assert "long long" in html(other.post(review(article), form))
    assert not ReviewNote.objects.filter(verdict="").exists()


def test_what_people_write_is_never_markup(other, content_editor):
    article = ArticleFactory(texts={"en": OLD})
    revision = drafting.save_revision(article, "en", drafting.Text(HOSTILE, HOSTILE, HOSTILE), by=content_editor)
    reviewing.submit(revision, by=content_editor, note=HOSTILE)
    other.post(review(article), {"_comment": "1", "seen": 2, "text": HOSTILE})
    page = html(other.get(review(article)))
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "onerror=alert(2)>" not in page


def test_secrets_are_taken_out_of_comments(other, content_editor):
    article = submitted(content_editor)
    other.post(review(article), {"_comment": "1", "seen": 2, "text": f"key {SECRET}"})
    assert SECRET not in html(other.get(review(article)))


def test_who_only_looks_can_decide_nothing(onlooker, content_editor):
    article, client = submitted(content_editor), signed_in(onlooker)
    page = html(client.get(review(article)))
    assert 'name="_approve"' not in page
    assert 'name="_comment"' not in page
    assert client.post(review(article), decision(article, "_approve")).status_code == 200
    assert state(article).standing == Standing.IN_REVIEW


def test_traders_and_strangers_do_not_see_the_screen(trader, client, content_editor):
    article = submitted(content_editor)
    for visitor in (client, signed_in(trader)):
        assert visitor.get(review(article)).status_code == 302


@pytest.mark.parametrize("language", ["ja", "xx", "de"])
def test_a_language_without_a_text_has_no_review(other, content_editor, language):
    assert other.get(review(submitted(content_editor), language)).status_code == 404


# Queries


def asked(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return [query["sql"] for query in queries]


@pytest.mark.parametrize("count", [3, 30])
def test_the_screens_ask_little_however_much_there_is(other, content_editor, count):
    article = ArticleFactory(texts={"en": OLD, "ja": OLD, "ko": OLD})
    submitted(content_editor, article)
    latest = state(article).latest
    for number in range(count):
        note = reviewing.comment(latest, f"Comment {number}", by=content_editor)
        reviewing.comment(latest, "Answer", by=content_editor, answers=note)
        ArticleUse.objects.create(article=article, source_kind="macro", source_url=f"/{number}/")
        submitted(content_editor)
    for url in (review(article), reverse("admin:helpcenter_article_waiting"), change("article", article.pk)):
        queries = asked(other, url)
        assert len(queries) <= 12, "\n".join(sql[:160] for sql in queries)
