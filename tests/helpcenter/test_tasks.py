"""What is to be done has an owner and a day, and ends when it is done."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpcenter.actions import upkeep
from helpcenter.enums import TaskKind
from helpcenter.errors import InvalidText
from helpcenter.models import ContentTask
from supportdesk.accounts.models import Notice
from tests.at_once import overlapping
from tests.helpcenter.admin_forms import SECRET, change, listed, signed_in, words
from tests.helpcenter.factories import ArticleFactory, publish_text

pytestmark = pytest.mark.django_db


def task(**fields):
    return ContentTask(**{"kind": TaskKind.WRITE, "note": "About fees", **fields})


def shown(client, **query):
    return [row.note for row in client.get(listed("contenttask"), query).context["cl"].result_list]


def form(**changes):
    return {"kind": "write", "article": "", "language": "en", "query": "", "note": "About fees", **changes}


ADD = "/admin/helpcenter/contenttask/add/"


def test_a_new_owner_hears_of_a_task_once_and_who_takes_it_does_not(content_editor, other_editor):
    row = upkeep.open_task(task(owner=other_editor), by=content_editor)
    upkeep.save_task(row, by=content_editor)
    row.owner = content_editor
    upkeep.save_task(row, by=content_editor)
    assert [(notice.person, notice.kind) for notice in Notice.objects.all()] == [(other_editor, "task")]


@pytest.mark.parametrize("name", ["translator", "agent", "trader"])
def test_who_does_not_edit_opens_no_tasks(request, name):
    with pytest.raises(PermissionDenied):
        upkeep.open_task(task(), by=request.getfixturevalue(name))
    with pytest.raises(PermissionDenied):
        upkeep.ignore_search("en", "x", by=request.getfixturevalue(name))
    assert not ContentTask.objects.exists()


def test_the_owner_finishes_a_task_and_a_colleague_without_the_right_does_not(translator, person, content_editor):
    row = upkeep.open_task(task(owner=translator), by=content_editor)
    with pytest.raises(PermissionDenied):
        upkeep.finish(row, by=person("Translators"))
    assert upkeep.finish(row, by=translator).done_by == translator


def test_finishing_twice_keeps_who_did_it_first(content_editor, other_editor):
    row = upkeep.finish(upkeep.open_task(task(), by=content_editor), by=content_editor)
    done_at = row.done_at
    upkeep.finish(row, by=other_editor)
    row.refresh_from_db()
    assert (row.done_by, row.done_at) == (content_editor, done_at)


@pytest.mark.parametrize(
    ("kind", "language", "is_done"),
    [
        ("write", "en", True),
        ("translate", "en", True),
        ("correct", "", True),
        ("write", "ja", False),
        ("check", "en", False),
    ],
)
def test_publishing_ends_what_it_was_for(content_editor, kind, language, is_done):
    article = ArticleFactory()
    upkeep.open_task(task(kind=kind, language=language, article=article), by=content_editor)
    publish_text(article, "en", "Text.")
    assert ContentTask.objects.open().exists() != is_done


def test_a_note_that_is_too_long_is_refused_and_secrets_are_taken_out(content_editor):
    with pytest.raises(InvalidText, match="1001"):
        upkeep.open_task(task(note="x" * 1001), by=content_editor)
    assert SECRET not in upkeep.open_task(task(note=f"Key {SECRET}."), by=content_editor).note


# At the same time


def asked_for(**fields):
    return task(**{"language": "en", "query": "hedge mode", **fields})


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_two_clicks_for_a_search_at_the_same_time_are_one_task(content_editor, other_editor):
    first, second = overlapping(
        lambda: upkeep.open_task(asked_for(owner=content_editor), by=content_editor),
        lambda: upkeep.open_task(asked_for(owner=other_editor), by=other_editor),
    )
    assert first == second == ContentTask.objects.get()
    assert first.owner == content_editor
    assert not Notice.objects.exists(), "each would have it for themselves"


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_two_clicks_on_the_desk_at_the_same_time_answer_both(content_editor, other_editor):
    def click(person):
        own = {"query": "hedge mode", "language": "en", "act": "task"}
        return lambda: signed_in(person).post("/admin/helpcenter/article/desk/missed/do/", own).status_code

    assert overlapping(click(content_editor), click(other_editor)) == [302, 302]
    assert ContentTask.objects.get().query == "hedge mode"


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_the_same_task_typed_by_two_at_the_same_time_stays_in_the_form_of_the_second(content_editor, other_editor):
    def type_in(person, note):
        client = signed_in(person)
        return lambda: client.post(ADD, form(query="hedge mode", language="en", note=note))

    first, second = overlapping(type_in(content_editor, "First"), type_in(other_editor, "Second"))
    assert (first.status_code, second.status_code) == (302, 200)
    assert "already" in str(second.context["errors"])
    assert "Second" in second.content.decode()
    assert ContentTask.objects.get().note == "First"


# In the admin


def test_a_task_is_written_down(editor, content_editor, other_editor):
    answer = editor.post(ADD, form(owner=str(other_editor.pk), due_on="2026-12-01"))
    assert answer.status_code == 302
    row = ContentTask.objects.get()
    assert (row.owner, row.due_on, row.created_by) == (other_editor, date(2026, 12, 1), content_editor)
    assert Notice.objects.get().person == other_editor


@pytest.mark.parametrize("changes", [{"note": ""}, {"kind": "nonsense"}, {"due_on": "soon"}, {"owner": "99999"}])
def test_what_says_nothing_is_refused(editor, changes):
    assert editor.post(ADD, form(**changes)).context["errors"]
    assert not ContentTask.objects.exists()


def test_the_same_task_of_a_search_is_refused_with_a_message(editor):
    editor.post(ADD, form(query="hedge mode"))
    answer = editor.post(ADD, form(query="hedge mode"))
    assert "already" in str(answer.context["errors"])
    assert ContentTask.objects.count() == 1


def test_open_tasks_are_shown_unless_others_are_asked_for(editor, content_editor, other_editor):
    today, now = timezone.now().date(), timezone.now()
    task(note="mine", owner=content_editor, due_on=today + timedelta(days=1)).save()
    task(note="late", owner=other_editor, due_on=today - timedelta(days=1)).save()
    task(note="nobody", kind=TaskKind.TRANSLATE, language="ja").save()
    task(note="done", done_at=now).save()
    assert sorted(shown(editor)) == ["late", "mine", "nobody"]
    assert shown(editor, state="overdue") == ["late"]
    assert shown(editor, state="done") == ["done"]
    assert len(shown(editor, state="all")) == 4
    assert shown(editor, whose="mine") == ["mine"]
    assert shown(editor, whose="nobody") == ["nobody"]
    assert shown(editor, kind__exact="translate") == ["nobody"]


def test_several_are_done_at_once(editor):
    rows = [task() for _ in range(3)]
    for row in rows:
        row.save()
    answer = editor.post(
        listed("contenttask"),
        {"action": "finish_selected", "_selected_action": [rows[0].pk, rows[1].pk]},
        follow=True,
    )
    assert words(answer) == ["2 tasks are done."]
    assert ContentTask.objects.open().count() == 1


def test_a_translator_finishes_their_own_in_the_list_and_no_others(translator, content_editor):
    own, other = task(owner=translator), task(owner=content_editor)
    own.save()
    other.save()
    chosen = {"action": "finish_selected", "_selected_action": [own.pk, other.pk]}
    answer = signed_in(translator).post(listed("contenttask"), chosen, follow=True)
    assert any("belongs to somebody else" in word for word in words(answer))
    assert list(ContentTask.objects.open()) == [other]


def test_a_translator_changes_no_task(translator):
    row = task()
    row.save()
    assert signed_in(translator).post(change("contenttask", row.pk), form(note="Other")).status_code == 403


def test_the_list_costs_the_same_at_three_and_at_thirty(editor, content_editor):
    def cost():
        editor.get(listed("contenttask"))
        with CaptureQueriesContext(connection) as queries:
            editor.get(listed("contenttask"))
        return len(queries)

    for _ in range(3):
        task(article=ArticleFactory(), owner=content_editor).save()
    few = cost()
    for _ in range(27):
        task(article=ArticleFactory(), owner=content_editor).save()
    assert cost() == few <= 12
