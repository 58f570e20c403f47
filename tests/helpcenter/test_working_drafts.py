"""What is typed and not saved is kept for its writer alone, and never with a secret in it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from helpcenter.actions import working_drafts
from helpcenter.actions.drafting import Text
from helpcenter.errors import InvalidText
from helpcenter.models import Article, Revision, SiteLanguage, TeamMember, WorkingDraft
from tests.helpcenter.admin_forms import HOSTILE, SECRET, TEXTS, article_form, change, html, signed_in
from tests.helpcenter.factories import ArticleFactory, save_text

pytestmark = pytest.mark.django_db

CANARY = "canary-9713 of a private draft"


@pytest.fixture
def article():
    return ArticleFactory(texts={"en": "Because it is fair."})


def typed(**more: str) -> dict[str, str]:
    return {"text_title": "T", "text_summary": "", "text_body": "Because it is", "note": "", "seen": "1", **more}


def url(article=None, language="en") -> str:
    if article is None:
        return reverse("admin:helpcenter_article_new_draft", args=[language])
    return reverse("admin:helpcenter_article_draft", args=[article.pk, language])


@pytest.mark.parametrize("language", TEXTS)
def test_what_is_typed_is_kept_and_kept_again(article, editor, content_editor, language):
    title, body = TEXTS[language]
    for text in (body[:5], body):
        answer = editor.post(url(article, language), typed(text_title=title, text_body=text))
        assert (answer.status_code, "Only you can see it" in answer.json()["message"]) == (200, True)
    draft = WorkingDraft.objects.get()
    assert (draft.person, draft.language, draft.title, draft.body) == (content_editor, language, title, body)
    assert Revision.objects.count() == 1


def test_a_draft_of_a_new_article_is_kept_and_continued(editor):
    editor.post(url(), typed(text_body=CANARY, seen="0"))
    add = reverse("admin:helpcenter_article_add")
    assert "You typed something" in html(editor.get(f"{add}?language=en"))
    page = editor.get(f"{add}?language=en&draft=continue")
    assert page.context["adminform"].form["text_body"].value() == CANARY
    editor.post(f"{add}?language=en", article_form())
    assert (Article.objects.count(), WorkingDraft.objects.count()) == (1, 0)


def test_one_goes_on_or_discards(article, editor):
    editor.post(url(article), typed(text_body="Because it is just."))
    page = html(editor.get(change("article", article.pk)))
    assert "Because it is <del>fair</del><ins>just</ins>." in page
    going_on = editor.get(change("article", article.pk, "en") + "&draft=continue").context["adminform"].form
    assert (going_on["text_body"].value(), going_on["seen"].value()) == ("Because it is just.", 1)
    answer = editor.post(url(article), {"_discard": "1"})
    assert answer.headers["Location"] == change("article", article.pk, "en")
    assert WorkingDraft.objects.count() == 0


def test_a_draft_that_is_as_the_newest_text_is_not_offered(article, editor):
    title = Revision.objects.get().title
    editor.post(url(article), typed(text_title=title, text_body="Because it is fair."))
    assert "You typed something" not in html(editor.get(change("article", article.pk)))


def test_saving_ends_the_draft_of_that_language_alone(article, editor):
    for language in ("en", "ja"):
        editor.post(url(article, language), typed())
    editor.post(change("article", article.pk), article_form(article))
    assert [draft.language for draft in WorkingDraft.objects.all()] == ["ja"]


def test_going_on_with_a_draft_after_somebody_saved_shows_both(article, editor, other_editor):
    editor.post(url(article), typed(text_body="Because it is mine."))
    save_text(article, "en", "Because it is theirs.", by=other_editor)
    form = editor.get(change("article", article.pk, "en") + "&draft=continue").context["adminform"].form
    answer = editor.post(
        change("article", article.pk), article_form(article, text_body="Because it is mine.", seen=form["seen"].value())
    )
    assert "saved text 2 while you wrote" in html(answer)


def test_nobody_else_ever_sees_it(article, editor, other_editor, content_lead, administrator, translator, agent):
    editor.post(url(article), typed(text_title=CANARY, text_body=CANARY))
    editor.post(url(), typed(text_title=CANARY, text_body=CANARY))
    places = [
        change("article", article.pk, "en"),
        change("article", article.pk, "en") + "&draft=continue",
        reverse("admin:helpcenter_article_add") + "?language=en&draft=continue",
        reverse("admin:helpcenter_article_texts", args=[article.pk, "en"]),
        reverse("admin:helpcenter_article_review", args=[article.pk, "en"]),
        reverse("admin:helpcenter_article_preview", args=[article.pk, "en"]),
        reverse("admin:helpcenter_article_changelist"),
    ]
    assert CANARY in html(editor.get(places[0]))
    for person in (other_editor, content_lead, administrator, translator, agent):
        client = signed_in(person)
        for place in places:
            assert CANARY not in html(client.get(place)), (person, place)


def test_nobody_discards_or_overwrites_that_of_another(article, editor, other_editor, content_editor):
    editor.post(url(article), typed(text_body=CANARY))
    other = signed_in(other_editor)
    other.post(url(article), {"_discard": "1"})
    other.post(url(article), typed(text_body="Theirs."))
    assert WorkingDraft.objects.get(person=content_editor).body == CANARY


@pytest.mark.parametrize(("field", "line"), [("text_body", 2), ("text_title", 0), ("text_summary", 0), ("note", None)])
def test_a_text_with_a_secret_is_not_kept(article, editor, field, line):
    answer = editor.post(url(article), typed(**{field: f"one\nkey {SECRET}"}))
    assert (answer.status_code, answer.json()["line"]) == (422, line)
    assert "secret" in answer.json()["message"]
    assert SECRET not in answer.json()["message"]
    assert WorkingDraft.objects.count() == 0


def test_a_secret_leaves_what_was_kept_before(article, editor):
    editor.post(url(article), typed(text_body="Fine."))
    editor.post(url(article), typed(text_body=SECRET))
    assert WorkingDraft.objects.get().body == "Fine."


@pytest.mark.parametrize("more", [{"text_title": "x" * 201}, {"note": "x" * 301}, {"text_body": "a\0b"}])
def test_what_cannot_be_stored_is_refused_with_words(article, editor, more):
    answer = editor.post(url(article), typed(**more))
    assert answer.status_code == 422
    assert answer.json()["message"]


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 30])
def test_a_number_that_is_none_counts_as_nothing_seen(article, editor, seen):
    assert editor.post(url(article), typed(seen=seen)).status_code == 200
    assert WorkingDraft.objects.get().seen == 0


def test_only_writers_keep_drafts(article, agent, translator, trader):
    TeamMember.objects.create(language="ja", person=translator)
    for person in (agent, translator):
        assert signed_in(person).post(url(article), typed()).status_code == 403
        with pytest.raises(PermissionDenied):
            working_drafts.keep(article, "en", Text("T", "B"), by=person)
    assert signed_in(trader).post(url(article), typed()).status_code == 302
    assert signed_in(translator).post(url(), typed()).status_code == 403
    assert signed_in(translator).post(url(article, "ja"), typed()).status_code == 200
    assert WorkingDraft.objects.count() == 1


def test_a_language_that_is_switched_off_keeps_its_drafts(article, editor):
    SiteLanguage.objects.filter(code="ja").update(is_public=False)
    assert editor.post(url(article, "ja"), typed()).status_code == 200
    assert "You typed something" in html(editor.get(change("article", article.pk, "ja")))
    assert editor.post(url(article, "de"), typed()).status_code == 404


def test_a_draft_is_never_markup(article, editor):
    editor.post(url(article), typed(text_title=HOSTILE, text_body=HOSTILE))
    page = html(editor.get(change("article", article.pk)))
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_the_secret_is_named_with_its_line(article, content_editor):
    with pytest.raises(InvalidText, match="Line 3 seems to hold a secret") as refused:
        working_drafts.keep(article, "en", Text("T", f"a\nb\n{SECRET}"), by=content_editor)
    assert refused.value.line == 3


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_form_asks_little_with_a_draft_and_a_lock(article, editor, language):
    save_text(article, "ja", "公正だから。")
    editor.post(url(article, language), typed())
    editor.get(change("article", article.pk, language))
    with CaptureQueriesContext(connection) as queries:
        assert editor.get(change("article", article.pk, language)).status_code == 200
    assert len(queries) <= 12, "\n".join(query["sql"][:160] for query in queries)
