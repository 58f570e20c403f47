"""Two people at one text: the second sees the first, takes over knowingly, and neither overwrites the other unseen."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from helpcenter.actions import drafting, editing_locks, reviewing
from helpcenter.enums import EventKind, TeamRole
from helpcenter.errors import LockedByOther
from helpcenter.models import ContentEvent, EditLock, TeamMember, TranslationState, WorkingDraft
from helpcenter.models.review import LOCK_LASTS
from supportdesk.accounts.models import Notice
from tests.helpcenter.admin_forms import SECRET, TEXTS, article_form, change, html, signed_in
from tests.helpcenter.factories import ArticleFactory, save_text

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def article():
    return ArticleFactory(texts={"en": TEXTS["en"][1]})


def lock_url(article, language="en") -> str:
    return reverse("admin:helpcenter_article_lock", args=[article.pk, language])


def latest(article, language="en"):
    return TranslationState.objects.get(article=article, language=language).latest


# The lock


def test_of_two_who_come_the_first_has_it(article, content_editor, other_editor):
    assert editing_locks.take(article, "en", by=content_editor) is None
    assert editing_locks.take(article, "en", by=content_editor) is None
    assert editing_locks.take(article, "en", by=other_editor).person == content_editor
    assert editing_locks.take(article, "ja", by=other_editor) is None


def test_a_lock_runs_out_when_its_window_is_not_heard_of(article, content_editor, other_editor):
    with time_machine.travel(NOON, tick=False) as clock:
        editing_locks.take(article, "en", by=content_editor)
        clock.move_to(NOON + LOCK_LASTS - SECOND)
        assert editing_locks.take(article, "en", by=other_editor) is not None
        clock.move_to(NOON + LOCK_LASTS)
        assert editing_locks.take(article, "en", by=other_editor) is None
        assert editing_locks.take(article, "en", by=content_editor).person == other_editor


def test_a_window_that_is_heard_of_keeps_it_and_its_beginning(article, content_editor, other_editor):
    with time_machine.travel(NOON, tick=False) as clock:
        for minute in range(10):
            clock.move_to(NOON + timedelta(minutes=minute))
            editing_locks.take(article, "en", by=content_editor)
        assert editing_locks.take(article, "en", by=other_editor).since == NOON


def test_taking_over_is_written_down_and_the_loser_is_told(article, content_editor, other_editor):
    editing_locks.take(article, "en", by=content_editor)
    editing_locks.take_over(article, "en", by=other_editor)
    event = ContentEvent.objects.get(kind=EventKind.TAKEN_OVER)
    notice = Notice.objects.get()
    assert (event.by, event.language) == (other_editor, "en")
    assert (notice.person, notice.kind, notice.event) == (content_editor, "taken_over", f"content:{event.pk}")
    assert notice.link == change("article", article.pk, "en")
    with pytest.raises(LockedByOther, match="Omar Haddad has been editing"):
        drafting.save_revision(article, "en", drafting.Text("T", "Mine."), by=content_editor)


def test_taking_what_nobody_holds_tells_nobody(article, other_editor):
    editing_locks.take_over(article, "en", by=other_editor)
    assert (Notice.objects.count(), EditLock.objects.get().person) == (0, other_editor)


def test_only_writers_of_the_language_take_a_text(article, agent, translator):
    TeamMember.objects.create(language="ja", person=translator, role=TeamRole.TRANSLATOR)
    for person in (agent, translator):
        for act in (editing_locks.take, editing_locks.take_over):
            with pytest.raises(PermissionDenied):
                act(article, "en", by=person)
    assert editing_locks.take(article, "ja", by=translator) is None


def test_commands_of_an_operator_are_not_kept_waiting(article, content_editor):
    editing_locks.take(article, "en", by=content_editor)
    assert drafting.save_revision(article, "en", drafting.Text("T", "Imported."), by=None).number == 2


# The form


def test_opening_the_form_takes_the_text_and_closing_lets_it_go(article, editor, content_editor):
    editor.get(change("article", article.pk, "ja"))
    assert (EditLock.objects.get().person, EditLock.objects.get().language) == (content_editor, "ja")
    editor.post(change("article", article.pk, "ja"), article_form(article, "ja", _continue="1"))
    assert EditLock.objects.count() == 1
    editor.post(change("article", article.pk, "ja"), article_form(article, "ja", _save="1"))
    assert EditLock.objects.count() == 0


def test_who_sends_a_text_for_review_lets_go_of_it(article, editor, content_editor):
    address = change("article", article.pk)
    editor.get(address)
    answer = editor.post(address, article_form(article, text_body="Another text.", _submit="1"))
    assert EditLock.objects.count() == 0
    page = editor.get(answer.url)
    assert EditLock.objects.count() == 0, "looking at a text in review does not take it"
    assert "data-waits" in html(page)
    editor.post(lock_url(article), {})
    assert EditLock.objects.get().person == content_editor, "typing does"


def test_sending_for_review_leaves_somebody_elses_lock(article, content_editor, other_editor):
    editing_locks.take(article, "en", by=other_editor)
    reviewing.submit(latest(article), by=content_editor)
    assert EditLock.objects.get().person == other_editor


def test_a_reviewer_sees_who_edits(article, editor, other, other_editor):
    reviewing.submit(save_text(article, "en", "Another text."), by=other_editor)
    address = reverse("admin:helpcenter_article_review", args=[article.pk, "en"])
    assert "has been editing" not in html(editor.get(address))
    editing_locks.take(article, "en", by=other_editor)
    assert f"{other_editor} has been editing this text since" in html(editor.get(address))
    assert "has been editing" not in html(other.get(address)), "oneself is not told"


def test_who_only_looks_takes_nothing(article, onlooker, translator):
    TeamMember.objects.create(language="ja", person=translator, role=TeamRole.TRANSLATOR)
    for person in (onlooker, translator):
        page = html(signed_in(person).get(change("article", article.pk, "en")))
        assert 'name="text_body"' not in page
        assert TEXTS["en"][1].splitlines()[-1] in page
    assert EditLock.objects.count() == 0


def test_the_second_sees_who_edits_and_may_look(article, editor, other):
    editor.get(change("article", article.pk))
    page = html(other.get(change("article", article.pk)))
    assert "Clara Weiss has been editing this text since" in page
    assert page.count('name="_take_over"') == 2


def test_saving_over_somebody_is_refused_and_what_was_typed_stays(article, editor, other):
    editor.get(change("article", article.pk))
    form = article_form(article, text_body="My own words.", note="mine")
    answer = other.post(change("article", article.pk), form)
    page = html(answer)
    assert "Nothing was saved, and your text is kept below." in page
    assert "My own words." in page
    assert latest(article).number == 1
    other.post(change("article", article.pk), {**form, "_take_over": "1"})
    assert latest(article).body == "My own words."


def test_who_lost_the_text_is_refused_and_keeps_theirs(article, editor, other):
    editor.get(change("article", article.pk))
    answer = other.post(lock_url(article), {"_take_over": "1"})
    assert answer.headers["Location"] == change("article", article.pk, "en")
    page = html(editor.post(change("article", article.pk), article_form(article, text_body="Clara's words.")))
    assert "Omar Haddad has been editing" in page
    assert "Clara&#x27;s words." in page


def test_a_heartbeat_keeps_the_text_and_hears_of_its_loss(article, editor, other, content_editor):
    assert editor.post(lock_url(article)).status_code == 200
    answer = other.post(lock_url(article))
    assert (answer.status_code, "Clara Weiss has been editing" in answer.json()["message"]) == (409, True)
    assert editor.post(lock_url(article), {"_release": "1"}).status_code == 204
    assert other.post(lock_url(article)).status_code == 200


def test_somebody_elses_lock_is_not_let_go(article, editor, other, content_editor):
    editor.get(change("article", article.pk))
    other.post(lock_url(article), {"_release": "1"})
    assert EditLock.objects.get().person == content_editor


def test_a_lock_is_taken_by_post_alone_and_by_writers(article, editor, agent):
    assert editor.get(lock_url(article)).status_code == 405
    assert signed_in(agent).post(lock_url(article)).status_code == 403
    assert editor.post(lock_url(article, "de")).status_code == 404


# Two texts that meet


def test_their_text_is_shown_beside_ones_own(article, editor, other_editor):
    form = article_form(article, text_body="Because it is mine.")
    save_text(article, "en", "Because it is theirs.", by=other_editor)
    answer = editor.post(change("article", article.pk), form)
    page = html(answer)
    assert "Omar Haddad saved text 2 while you wrote." in page
    assert "Because it is <del>theirs</del><ins>mine</ins>." in page
    assert "Take theirs" in page
    seen = answer.context["adminform"].form["seen"].value()
    assert editor.post(change("article", article.pk), {**form, "seen": seen}).status_code == 302
    assert latest(article).body == "Because it is mine."


def test_who_takes_theirs_finds_the_own_text_as_a_private_draft(article, editor, content_editor, other_editor):
    form = article_form(article, text_body="Because it is mine.")
    save_text(article, "en", "Because it is theirs.", by=other_editor)
    editor.post(change("article", article.pk), form)
    assert WorkingDraft.objects.get(person=content_editor).body == "Because it is mine."
    page = editor.get(change("article", article.pk, "en"))
    assert page.context["adminform"].form["text_body"].value() == "Because it is theirs."
    assert "Continue with it" in html(page)


def test_a_text_with_a_secret_that_met_another_stays_in_the_form_alone(article, editor, other_editor):
    form = article_form(article, text_body=f"My key is {SECRET}")
    save_text(article, "en", "Theirs.", by=other_editor)
    assert "Omar Haddad saved text 2" in html(editor.post(change("article", article.pk), form))
    assert WorkingDraft.objects.count() == 0
