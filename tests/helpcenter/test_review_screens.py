"""The publishing panel and the review screen: what they show, what their buttons do, and that nothing typed is lost."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from helpcenter.actions import drafting, editing_locks, publishing, reviewing
from helpcenter.enums import Significance, Standing, TeamRole, Verdict
from helpcenter.models import ArticleUse, ReviewNote, SiteLanguage, TeamMember, TranslationState
from tests.helpcenter.admin_forms import HOSTILE, SECRET, TEXTS, article_form, change, html, signed_in
from tests.helpcenter.factories import ArticleFactory, keep_fact, publish_text, save_text, stored

pytestmark = pytest.mark.django_db

OLD = "## Why {#why}\n\nBecause it is fair.\n\n## When {#when}\n\nEvery second."
NEW = "## Why {#why}\n\nBecause it is just.\n\n## When {#when}\n\nEvery second."


@pytest.fixture
def editor(content_editor) -> Client:
    return signed_in(content_editor)


@pytest.fixture
def other(other_editor) -> Client:
    return signed_in(other_editor)


@pytest.fixture
def lead(content_lead) -> Client:
    return signed_in(content_lead)


def review(article, language="en") -> str:
    return reverse("admin:helpcenter_article_review", args=[article.pk, language])


def state(article, language="en") -> TranslationState:
    return TranslationState.objects.get(article=article, language=language)


def submitted(by, article=None, text=NEW, **more):
    article = article or ArticleFactory(texts={"en": OLD})
    revision = save_text(article, "en", text, by=by)
    reviewing.submit(revision, by=by, **more)
    return article


def decision(article, button, language="en", **more):
    return {"seen": state(article, language).latest.number, button: "1", **more}


# The panel


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


# Waiting


WAITING = "/admin/helpcenter/article/waiting/"


def test_the_list_holds_what_a_person_may_decide_on(editor, other, lead, translator, content_editor):
    article = submitted(content_editor)
    waiting = reverse("admin:helpcenter_article_waiting")
    rows = {name: len(client.get(waiting).context["rows"]) for name, client in
            {"author": editor, "other": other, "lead": lead, "translator": signed_in(translator)}.items()}  # fmt: skip
    assert rows == {"author": 0, "other": 1, "lead": 1, "translator": 0}
    publishing.archive(article, by=None)
    assert len(other.get(waiting).context["rows"]) == 0


def test_the_language_of_a_team_is_for_its_reviewers(other, lead, translator, content_editor):
    TeamMember.objects.create(language="ja", person=translator, role=TeamRole.REVIEWER)
    article = ArticleFactory(texts={"en": OLD})
    for language in ("ja", "ko"):
        reviewing.submit(save_text(article, language, OLD, by=content_editor), by=content_editor)
    waiting = reverse("admin:helpcenter_article_waiting")
    seen = {
        name: [state.language for state, _ in client.get(waiting).context["rows"]]
        for name, client in {"other": other, "lead": lead, "team": signed_in(translator)}.items()
    }
    assert seen == {"other": ["ko"], "lead": ["ja", "ko"], "team": ["ja"]}
    filtered = lead.get(waiting, {"language": "ko"}).context["rows"]
    assert [state.language for state, _ in filtered] == ["ko"]


def test_who_is_asked_by_name_sees_that_first(other, other_editor, content_editor):
    submitted(content_editor)
    mine = submitted(content_editor, reviewer=other_editor)
    rows = other.get(reverse("admin:helpcenter_article_waiting")).context["rows"]
    assert rows[0][0].article == mine


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


# What it is compared with


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
