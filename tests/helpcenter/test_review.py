"""A text's way to approval: who may ask, decide and answer, on which text, and what each step leaves behind."""

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from helpcenter.actions import access, publishing, reviewing
from helpcenter.actions.reviewers import Reviewers, reviewers
from helpcenter.enums import MOVES, EventKind, Standing, TeamRole, Verdict
from helpcenter.errors import ContentError, InvalidText, NotAllowedNow, NotPublishable, StaleDraft
from helpcenter.models import ContentEvent, ReviewNote, TeamMember, TranslationState
from tests.helpcenter.admin_forms import SECRET
from tests.helpcenter.factories import ArticleFactory, publish_text, save_text

pytestmark = pytest.mark.django_db

OLD, NEW = "Old.", "New."
ACTS = {
    "approve": lambda revision, by: reviewing.approve(revision, by=by),
    "ask_changes": lambda revision, by: reviewing.ask_changes(revision, by=by, note="Why?"),
    "reject": lambda revision, by: reviewing.reject(revision, by=by, note="No."),
    "withdraw": lambda revision, by: reviewing.withdraw(revision, by=by),
}
LEADS_TO = {
    "approve": (Standing.APPROVED, EventKind.APPROVED),
    "ask_changes": (Standing.CHANGES_ASKED, EventKind.CHANGES_ASKED),
    "reject": (Standing.REJECTED, EventKind.REJECTED),
    "withdraw": (Standing.DRAFT, EventKind.WITHDRAWN),
}


@pytest.fixture
def article():
    return ArticleFactory(texts={"en": OLD})


@pytest.fixture
def draft(article, content_editor):
    return save_text(article, "en", NEW, by=content_editor)


@pytest.fixture
def sent(draft, content_editor):
    reviewing.submit(draft, by=content_editor)
    return draft


def state(revision) -> TranslationState:
    return TranslationState.objects.get(article=revision.article, language=revision.language)


def events(revision) -> list[str]:
    return list(ContentEvent.objects.filter(article=revision.article).order_by("pk").values_list("kind", flat=True))


# Sending


def test_a_draft_is_sent_to_somebody_with_a_note(draft, content_editor, other_editor):
    reviewing.submit(draft, by=content_editor, reviewer=other_editor, note="Please.")
    found = state(draft)
    assert (found.standing, found.submitted_by, found.reviewer) == ("in_review", content_editor, other_editor)
    assert found.submitted_at is not None
    note = ReviewNote.objects.get()
    assert (note.verdict, note.text, note.by) == (Verdict.SUBMITTED, "Please.", content_editor)
    assert events(draft)[-1] == EventKind.SUBMITTED


def test_nothing_is_public_by_being_sent_or_approved(sent, other_editor):
    reviewing.approve(sent, by=other_editor)
    assert state(sent).published.body == OLD


def test_only_who_reviews_the_language_is_asked(draft, content_editor, agent):
    with pytest.raises(NotAllowedNow, match="Rui Tavares does not review"):
        reviewing.submit(draft, by=content_editor, reviewer=agent)


def test_who_does_not_write_the_language_does_not_send(draft, translator, agent):
    TeamMember.objects.create(language="ja", person=translator)
    for person in (translator, agent):
        with pytest.raises(PermissionDenied):
            reviewing.submit(draft, by=person)


def test_an_older_text_is_not_sent(draft, content_editor):
    save_text(draft.article, "en", "Newer.")
    with pytest.raises(StaleDraft, match="newer text"):
        reviewing.submit(draft, by=content_editor)


def test_a_text_is_not_sent_twice(sent, content_editor):
    with pytest.raises(NotAllowedNow, match="From “In review”"):
        reviewing.submit(sent, by=content_editor)


def test_saving_a_new_text_takes_the_review_back(sent, content_editor):
    save_text(sent.article, "en", "Newer.", by=content_editor)
    assert state(sent).standing == Standing.DRAFT
    assert EventKind.WITHDRAWN in events(sent)


def test_secrets_are_taken_out_of_notes(draft, content_editor):
    reviewing.submit(draft, by=content_editor, note=f"key {SECRET}")
    assert SECRET not in ReviewNote.objects.get().text


def test_a_note_that_is_too_long_sends_nothing(draft, content_editor):
    with pytest.raises(InvalidText, match="2001 characters"):
        reviewing.submit(draft, by=content_editor, note="x" * 2001)
    assert state(draft).standing == Standing.DRAFT


# Deciding


@pytest.mark.parametrize("act", ACTS)
def test_each_decision_moves_the_text_and_is_written_down(sent, content_editor, other_editor, act):
    ACTS[act](sent, content_editor if act == "withdraw" else other_editor)
    standing, kind = LEADS_TO[act]
    assert state(sent).standing == standing
    assert events(sent)[-1] == kind


@pytest.mark.parametrize("act", [name for name in ACTS if name != "withdraw"])
def test_who_does_not_review_does_not_decide(sent, translator, agent, act):
    for person in (translator, agent):
        with pytest.raises(PermissionDenied):
            ACTS[act](sent, person)
    assert state(sent).standing == Standing.IN_REVIEW


@pytest.mark.parametrize("act", ACTS)
def test_what_is_not_in_review_is_not_decided(draft, content_editor, other_editor, act):
    with pytest.raises(NotAllowedNow):
        ACTS[act](draft, content_editor if act == "withdraw" else other_editor)


@pytest.mark.parametrize("act", ACTS)
def test_a_decision_on_a_text_that_is_not_the_newest_is_refused(sent, content_editor, other_editor, act):
    reviewing.submit(save_text(sent.article, "en", "Newer.", by=content_editor), by=content_editor)
    with pytest.raises(StaleDraft):
        ACTS[act](sent, content_editor if act == "withdraw" else other_editor)


@pytest.mark.parametrize("act", ["ask_changes", "reject"])
@pytest.mark.parametrize("note", ["", " ", "x"])
def test_sending_back_needs_a_reason(sent, other_editor, act, note):
    with pytest.raises(InvalidText):
        getattr(reviewing, act)(sent, by=other_editor, note=note)
    assert state(sent).standing == Standing.IN_REVIEW


def test_nobody_approves_what_they_wrote_or_sent(sent, content_editor, other_editor):
    with pytest.raises(PermissionDenied, match="Somebody else"):
        reviewing.approve(sent, by=content_editor)
    again = save_text(sent.article, "en", "Again.", by=content_editor)
    reviewing.submit(again, by=other_editor)
    with pytest.raises(PermissionDenied, match="Somebody else"):
        reviewing.approve(again, by=other_editor)


def test_a_lead_approves_an_own_draft_without_a_review(article, content_lead):
    draft = save_text(article, "en", NEW, by=content_lead)
    reviewing.approve(draft, by=content_lead)
    assert state(draft).approved == draft


def test_the_second_of_two_approvals_is_refused(sent, other_editor, content_lead):
    reviewing.approve(sent, by=other_editor)
    with pytest.raises(NotAllowedNow, match="Approved"):
        reviewing.approve(sent, by=content_lead)
    assert events(sent).count(EventKind.APPROVED) == 1


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_of_two_approvals_at_the_same_time_one_counts(sent, other_editor, content_lead):
    outcomes = []

    def approve(by):
        try:
            reviewing.approve(sent, by=by)
            outcomes.append("approved")
        except ContentError as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=approve, args=[person]) for person in (other_editor, content_lead)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["NotAllowedNow", "approved"]
    assert events(sent).count(EventKind.APPROVED) == 1


def test_an_approved_text_is_published_by_an_editor(sent, content_editor, other_editor):
    with pytest.raises(NotPublishable, match="Nobody has approved"):
        publishing.publish(sent, by=content_editor)
    reviewing.approve(sent, by=other_editor)
    publishing.publish(sent, by=content_editor)
    assert state(sent).standing == Standing.PUBLISHED


def test_a_text_that_was_sent_back_goes_again_after_a_change(sent, content_editor, other_editor):
    reviewing.reject(sent, by=other_editor, note="No.")
    with pytest.raises(NotAllowedNow):
        reviewing.submit(sent, by=content_editor)
    reviewing.submit(save_text(sent.article, "en", "Better.", by=content_editor), by=content_editor)
    assert state(sent).standing == Standing.IN_REVIEW


@pytest.mark.parametrize("standing", Standing)
def test_from_everywhere_a_new_text_begins_as_a_draft(standing):
    assert standing == Standing.DRAFT or Standing.DRAFT in MOVES[standing]


# Comments


def test_comments_hang_on_a_part_and_answers_on_the_first_comment(article, content_editor, other_editor):
    revision = save_text(article, "en", "## Why {#why}\n\nText.", by=content_editor)
    first = reviewing.comment(revision, "Sure?", by=other_editor, part="section:why")
    answer = reviewing.comment(revision, "Yes.", by=content_editor, answers=first)
    second = reviewing.comment(revision, "Good.", by=other_editor, answers=answer)
    assert (first.part, answer.answers, second.answers) == ("section:why", first, first)
    assert reviewing.comment(revision, "?", by=other_editor, part="section:none").part == ""


def test_comments_are_settled_and_opened_again(draft, other_editor):
    note = reviewing.comment(draft, "Sure?", by=other_editor)
    assert list(ReviewNote.objects.unsettled()) == [note]
    reviewing.settle(note, by=other_editor)
    assert list(ReviewNote.objects.unsettled()) == []
    reviewing.settle(note, by=other_editor, is_settled=False)
    assert list(ReviewNote.objects.unsettled()) == [note]


def test_an_answer_to_a_comment_on_another_text_is_refused(draft, content_editor):
    note = reviewing.comment(publish_text(ArticleFactory(), "en", OLD).latest, "?", by=content_editor)
    with pytest.raises(InvalidText, match="another text"):
        reviewing.comment(draft, "!", by=content_editor, answers=note)


def test_who_neither_writes_nor_reviews_says_nothing(draft, agent, content_editor):
    note = reviewing.comment(draft, "Sure?", by=content_editor)
    for act in (lambda: reviewing.comment(draft, "?", by=agent), lambda: reviewing.settle(note, by=agent)):
        with pytest.raises(PermissionDenied):
            act()


def test_an_empty_comment_is_refused(draft, content_editor):
    with pytest.raises(InvalidText, match="empty"):
        reviewing.comment(draft, " \n", by=content_editor)


# Who reviews


@pytest.fixture
def cast(content_editor, other_editor, content_lead, translator, agent, administrator, trader, person):
    return [content_editor, other_editor, content_lead, translator, agent, administrator, trader, person(name="Nobody")]


@pytest.mark.parametrize("role", [None, *TeamRole])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_list_of_reviewers_says_what_the_rules_say(article, cast, translator, role, language):
    if role:
        TeamMember.objects.create(language="ja", person=translator, role=role)
    found = reviewers(article, language)
    assert isinstance(found, Reviewers)
    for person in cast:
        fresh = type(person).objects.get(pk=person.pk)
        assert (person in found) == access.may_review(fresh, article, language), person
        if person in found:
            assert (person.pk in found.leads) == access.leads(fresh, language), person


@pytest.mark.parametrize("role", [None, *TeamRole])
def test_what_waits_for_a_person_is_what_that_person_may_approve(article, cast, content_editor, translator, role):
    if role:
        TeamMember.objects.create(language="ja", person=translator, role=role)
    for language in ("en", "ja"):
        reviewing.submit(save_text(article, language, NEW, by=content_editor), by=content_editor)
    for person in cast:
        fresh = type(person).objects.get(pk=person.pk)
        states = TranslationState.objects.in_review().select_related("latest", "article")
        wanted = {
            s.pk for s in states if access.may_approve(fresh, s) and access.may_review(fresh, article, s.language)
        }
        assert {s.pk for s in access.waiting_for(fresh)} == wanted, person
        others = {
            s.pk for s in states if s.pk in wanted and person.pk not in (s.submitted_by_id, s.latest.created_by_id)
        }
        assert {s.pk for s in access.waiting_for(fresh, but_own=True)} == others, person
