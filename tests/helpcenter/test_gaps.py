"""Searches that found nothing are counted by their words and language until somebody has seen to them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from helpcenter import gaps
from helpcenter.actions import upkeep
from helpcenter.enums import Stage, TaskKind
from helpcenter.models import ContentTask, SearchLog, Synonym
from tests.helpcenter.admin_forms import article_form, html, signed_in
from tests.helpcenter.factories import ArticleFactory, publish_text

pytestmark = pytest.mark.django_db

QUERIES = [("en", "travel rule wallet"), ("zh-hans", "爆仓"), ("ja", "追証"), ("ko", "adl 순위"), ("ar", "تصفية")]


def search(query, language="en", times=3, stage=Stage.NOTHING, days=0.0, clicked=None):
    at = timezone.now() - timedelta(days=days)
    SearchLog.objects.bulk_create(
        SearchLog(token="t", query=query, language=language, hits=0, stage=stage, created_at=at) for _ in range(times)
    )


def found(**wanted):
    rows = gaps.unanswered(gaps.Wanted(**wanted), timezone.now())
    return [(row["language"], row["asked"], row["times"]) for row in rows]


@pytest.mark.parametrize(("language", "query"), QUERIES)
def test_a_search_without_hits_is_counted(language, query):
    search(query, language, times=4)
    assert found() == [(language, query, 4)]


def test_large_and_small_letters_are_one_search():
    search("Hedge Mode", times=2)
    search("hedge mode", times=2)
    assert found() == [("en", "hedge mode", 4)]


def test_languages_are_told_apart_and_the_most_frequent_comes_first():
    search("adl", "ko", times=3)
    search("adl", "en", times=5)
    assert found() == [("en", "adl", 5), ("ko", "adl", 3)]


@pytest.mark.parametrize("stage", [Stage.ALL_WORDS, Stage.SOME_WORDS, Stage.CORRECTED, Stage.DATABASE])
def test_a_search_that_found_something_is_no_gap(stage):
    search("fees", stage=stage)
    assert found() == []


def test_a_search_that_found_another_language_only_says_so():
    search("fees", "ja", times=2, stage=Stage.OTHER_LANGUAGE)
    search("fees", "ja", times=1)
    (row,) = gaps.unanswered(gaps.Wanted(), timezone.now())
    assert (row["times"], row["foreign"]) == (3, 2)
    assert found(stage="other_language", least=2) == [("ja", "fees", 2)]


@pytest.mark.parametrize(
    ("days", "wanted", "is_there"), [(6.9, 7, True), (7.1, 7, False), (27, 28, True), (29, 28, False)]
)
def test_a_period_ends(days, wanted, is_there):
    search("x", days=days)
    assert bool(found(days=wanted)) == is_there


@pytest.mark.parametrize(("least", "is_there"), [(2, True), (3, True), (5, False)])
def test_rare_searches_are_left_out(least, is_there):
    search("x", times=3)
    assert bool(found(least=least)) == is_there


def test_one_language_alone():
    search("a", "en")
    search("b", "ja")
    assert found(language="ja") == [("ja", "b", 3)]


def test_an_open_task_takes_a_search_off_the_list(content_editor):
    search("x")
    upkeep.open_task(ContentTask(kind=TaskKind.WRITE, language="en", query="x"), by=content_editor)
    assert found() == []


def test_the_task_of_another_language_does_not(content_editor):
    search("x")
    upkeep.open_task(ContentTask(kind=TaskKind.WRITE, language="ja", query="x"), by=content_editor)
    assert found() == [("en", "x", 3)]


def test_what_is_searched_after_a_task_was_done_is_a_gap_again(content_editor):
    search("x", days=2)
    task = upkeep.open_task(ContentTask(kind=TaskKind.SYNONYM, language="en", query="x"), by=content_editor)
    upkeep.finish(task, by=content_editor)
    assert found() == []
    search("x", days=-0.01)
    assert found() == [("en", "x", 3)]


def test_what_is_ignored_stays_away(content_editor):
    search("x")
    upkeep.ignore_search("en", "x", by=content_editor)
    search("x", days=-0.01)
    assert found() == []
    assert upkeep.ignore_search("en", "x", by=content_editor) == ContentTask.objects.get()


# On the screen

DO = "admin:helpcenter_desk_search"


def do(client, act, query="hedge mode", language="en"):
    return client.post(reverse(DO), {"act": act, "query": query, "language": language})


def test_one_click_begins_an_article_that_ends_the_task_when_it_is_published(editor, content_editor, content_lead):
    answer = do(editor, "write")
    task = ContentTask.objects.get()
    assert (task.kind, task.owner, task.query) == (TaskKind.WRITE, content_editor, "hedge mode")
    form = editor.get(answer.url)
    assert form.context["adminform"].form.initial["text_title"] == "Hedge mode"
    assert editor.post(answer.url, article_form(slug="hedge-mode")).status_code == 302
    task.refresh_from_db()
    assert (task.article.slug, task.done_at) == ("hedge-mode", None)
    publish_text(task.article, "en", "Text.")
    task.refresh_from_db()
    assert task.done_at is not None


def test_a_lead_who_writes_and_publishes_at_once_is_done_at_once(content_lead):
    client = signed_in(content_lead)
    answer = do(client, "write")
    client.post(answer.url, article_form(slug="hedge-mode", _publish="1"))
    task = ContentTask.objects.get()
    assert (task.article.slug, task.done_by) == ("hedge-mode", content_lead)


@pytest.mark.parametrize(("language", "query"), QUERIES)
def test_one_click_begins_a_synonym(editor, language, query):
    answer = do(editor, "synonym", query, language)
    initial = editor.get(answer.url).context["adminform"].form.initial
    assert (initial["words"], initial["language"]) == (f"{query}, ", language)
    editor.post(answer.url, {"words": f"{query}, liquidation", "language": language})
    assert Synonym.objects.get().language == language
    assert ContentTask.objects.get().done_at is not None


def test_one_click_makes_a_task_and_another_one_ignores(editor):
    answer = do(editor, "task")
    task = ContentTask.objects.get()
    assert answer.url == reverse("admin:helpcenter_contenttask_change", args=[task.pk])
    do(editor, "ignore", "qqqq")
    assert ContentTask.objects.filter(kind=TaskKind.IGNORED, query="qqqq", done_at__isnull=False).exists()


def test_the_same_click_twice_is_one_task(editor):
    do(editor, "task")
    do(editor, "task")
    assert ContentTask.objects.count() == 1


@pytest.mark.parametrize(("query", "language"), [("", "en"), ("x" * 201, "en"), ("x", "xx"), ("x", "")])
def test_what_is_no_search_does_nothing(editor, query, language):
    assert do(editor, "task", query, language).status_code == 404
    assert not ContentTask.objects.exists()


def test_translators_do_not_see_to_searches(translator):
    client = signed_in(translator)
    assert do(client, "ignore").status_code == 403
    assert client.get(reverse("admin:helpcenter_desk", args=["missed"])).status_code == 403


def test_a_look_alone_changes_nothing(editor):
    assert editor.get(reverse(DO)).status_code == 405


def test_the_list_is_narrowed_down_and_keeps_what_was_chosen(editor):
    for number in range(60):
        search(f"query {number:02}", "ja", times=5)
    search("english", "en")
    page = editor.get(reverse("admin:helpcenter_desk", args=["missed"]), {"language": "ja", "least": "5"})
    assert page.context["page"].total == 60
    assert "english" not in html(page)
    assert "?language=ja&amp;least=5&amp;page=2" in html(page)


def test_hostile_words_are_harmless(editor):
    search("<script>alert(1)</script>")
    page = html(editor.get(reverse("admin:helpcenter_desk", args=["missed"])))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_article_that_was_there_before_is_not_taken_by_a_forged_number(editor):
    ArticleFactory()
    for key in ("9" * 30, "x", "-1", "²"):
        assert editor.post(
            f"{reverse('admin:helpcenter_article_add')}?task={key}", article_form(slug=f"a{len(key)}{ord(key[0])}")
        )
