"""A search that found nothing becomes, in one click, a question of readers of the article that answers it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from helpcenter.actions import drafting, upkeep
from helpcenter.enums import EventKind, Standing, TaskKind
from helpcenter.errors import InvalidText
from helpcenter.models import ContentEvent, ContentTask, Revision, TranslationState
from tests.helpcenter.admin_forms import SECRET, change, html
from tests.helpcenter.factories import ArticleFactory

pytestmark = pytest.mark.django_db

QUERY = "where did my coins go"


@pytest.fixture
def article():
    asked = ("is it lost",)
    return ArticleFactory(slug="deposit", texts={"en": drafting.Text("Deposits", "It is late.", questions=asked)})


def task(article=None, **fields):
    own = {"kind": TaskKind.CORRECT, "language": "en", "query": QUERY, "article": article}
    return ContentTask.objects.create(**{**own, **fields})


def post(client, row, article, **changes):
    form = {"kind": row.kind, "article": str(article.pk), "language": row.language, "query": row.query, "note": ""}
    return client.post(change("contenttask", row.pk), {**form, "_ask": "1", **changes})


def newest(article, language="en"):
    return TranslationState.objects.get(article=article, language=language)


def test_the_click_on_a_search_leads_to_its_task_and_that_to_a_draft_with_the_question(editor, content_editor, article):
    act = {"act": "question", "query": QUERY, "language": "en"}
    answer = editor.post(reverse("admin:helpcenter_desk_search"), act)
    row = ContentTask.objects.get()
    assert (answer.url, row.owner) == (change("contenttask", row.pk), content_editor)
    assert 'name="_ask"' in html(editor.get(answer.url))
    assert post(editor, row, article).url == change("article", article.pk, "en")
    state, before = newest(article), Revision.objects.earliest("pk")
    assert state.latest.questions == ["is it lost", QUERY]
    assert (state.latest.body, state.published, state.standing) == (before.body, before, Standing.DRAFT)
    row.refresh_from_db()
    assert (row.article, row.done_by) == (article, content_editor)
    assert ContentEvent.objects.filter(kind=EventKind.DRAFTED, revision=state.latest, by=content_editor).exists()


def test_a_question_that_is_there_already_is_no_new_draft(content_editor, article):
    row = task(article, query="is it  lost")
    assert upkeep.add_question(row, by=content_editor) == Revision.objects.get()
    assert row.done_at is not None


def test_front_matter_that_the_product_does_not_know_stays(content_editor, article):
    text = drafting.Text("Deposits", "It is late.", extra="source: elsewhere\n")
    drafting.save_revision(article, "en", text, by=content_editor)
    assert upkeep.add_question(task(article), by=content_editor).extra == "source: elsewhere\n"


@pytest.mark.parametrize(
    "changes",
    [{"language": "ja"}, {"language": ""}, {"article": None}, {"query": "x" * 151}, {"query": f"my key is {SECRET}"}],
)
def test_what_fits_no_text_is_refused_and_stays_to_be_done(content_editor, article, changes):
    row = task(**{"article": article, **changes})
    with pytest.raises(InvalidText):
        upkeep.add_question(row, by=content_editor)
    row.refresh_from_db()
    assert row.done_at is None
    assert Revision.objects.count() == 1


def test_a_text_with_twenty_questions_takes_no_more(editor, article):
    drafting.save_revision(
        article, "en", drafting.Text("Deposits", "Late.", questions=tuple(f"question {n}" for n in range(20))), by=None
    )
    row = task()
    answer = post(editor, row, article)
    assert answer.status_code == 200
    assert "at most 20 fit" in html(answer)
    row.refresh_from_db()
    assert row.done_at is None
    assert len(newest(article).latest.questions) == 20


@pytest.mark.parametrize("name", ["translator", "agent", "trader"])
def test_who_does_not_edit_adds_no_question(request, article, name):
    with pytest.raises(PermissionDenied):
        upkeep.add_question(task(article), by=request.getfixturevalue(name))
    assert Revision.objects.count() == 1


def test_a_task_that_is_done_or_of_no_search_offers_no_question(editor, content_editor):
    done = upkeep.finish(task(), by=content_editor)
    for row in (done, task(query="", note="Look at fees")):
        assert 'name="_ask"' not in html(editor.get(change("contenttask", row.pk)))
