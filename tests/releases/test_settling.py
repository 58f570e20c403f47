"""Choosing between the desk's wording and the release's: who may, what it does, and that nobody chooses unseen."""

import pytest
from django.core.exceptions import PermissionDenied

from helpcenter.models import Synonym
from supportdesk.releases import settling
from supportdesk.releases.bringing import Fate, bring
from supportdesk.releases.models import ShippedRow
from supportdesk.releases.settling import CannotSettle, keep_own, mark_of, take_release
from tests.tickets.factories import TopicFactory
from tickets.actions.shipped_rows import TriageRules
from tickets.models import TriagePhrases, TriageRule

pytestmark = pytest.mark.django_db
FILE = "triage:\n  - {key: deposits, kind: topic, name: Deposit, topic: deposits, phrases: {en: %s}}\n"


@pytest.fixture
def release(tmp_path):
    def bring_phrase(phrase):
        (tmp_path / "triage.yaml").write_text(FILE % phrase, encoding="utf-8")
        return bring(TriageRules(tmp_path)).counts

    return bring_phrase


@pytest.fixture
def offer(release):
    """A rule of which the desk and a release have changed the same phrase."""
    TopicFactory(key="deposits")
    release("deposit")
    TriagePhrases.objects.update(lines="my deposit")
    release("deposits")
    return ShippedRow.objects.offered().get()


@pytest.fixture
def lead(person):
    return person("Team leads", name="Lena Lead")


def phrase():
    return TriagePhrases.objects.get().lines


def test_the_releases_wording_is_taken(offer, lead, release):
    take_release(offer, by=lead)
    assert phrase() == "deposits"
    assert TriagePhrases.history.first().history_user == lead
    assert not ShippedRow.objects.offered().exists()
    assert release("deposits") == {Fate.SAME: 1}
    assert release("deposit*") == {Fate.RENEWED: 1}


def test_a_row_that_is_taken_again_stands_last(offer, lead):
    TriageRule.objects.update(order=7)
    offer.key = "again"
    offer.save()
    take_release(offer, by=lead)
    assert list(TriageRule.objects.order_by("order").values_list("key", "order")) == [("deposits", 7), ("again", 8)]


def test_ones_own_is_kept_until_the_release_changes_again(offer, lead, release):
    keep_own(offer, by=lead)
    assert phrase() == "my deposit"
    assert release("deposits") == {Fate.SAME: 1}
    assert release("deposit*") == {Fate.KEPT: 1}


def test_who_decided_and_when_is_kept(offer, lead):
    keep_own(offer, by=lead)
    offer.refresh_from_db()
    assert offer.decided_by == lead
    assert offer.decided_at is not None


@pytest.mark.parametrize("group", ["Agents", "Content editors", "Translators"])
@pytest.mark.parametrize("act", [take_release, keep_own])
def test_who_may_not_change_the_row_is_refused(offer, person, act, group):
    with pytest.raises(PermissionDenied):
        act(offer, by=person(group))
    assert phrase() == "my deposit"
    assert ShippedRow.objects.offered().exists()


def test_a_row_that_changed_since_it_was_shown_is_refused(offer, lead):
    seen = mark_of(offer, offer.described.present()["deposits"])
    TriagePhrases.objects.update(lines="another one")
    with pytest.raises(CannotSettle):
        take_release(offer, by=lead, seen=seen)
    assert phrase() == "another one"


def test_what_is_settled_is_not_settled_again(offer, lead):
    keep_own(offer, by=lead)
    with pytest.raises(CannotSettle):
        take_release(offer, by=lead)


def test_a_wording_that_cannot_be_stored_says_why(offer, lead):
    offer.offered["phrases.en"] = "deposit …"
    offer.save()
    with pytest.raises(CannotSettle, match="Line 1"):
        take_release(offer, by=lead)
    assert phrase() == "my deposit"


def test_a_group_of_synonyms_is_taken(person):
    content = {"language": "en", "words": "bitcoin, btc"}
    offer = ShippedRow.objects.create(kind="helpcenter.synonym", key="en bitcoin|btc", offered=content)
    editor = person("Content editors")
    settling.take_release(offer, by=editor)
    assert Synonym.objects.get().words == "bitcoin, btc"
    assert Synonym.history.get().history_user == editor


def test_everybody_sees_the_kinds_that_they_may_change(offer, lead, person):
    ShippedRow.objects.create(kind="helpcenter.synonym", key="en a|b", offered={})
    assert [row.kind for row in ShippedRow.objects.visible_to(lead)] == ["tickets.triagerule"]
    assert [row.kind for row in ShippedRow.objects.visible_to(person("Content editors"))] == ["helpcenter.synonym"]
    assert not ShippedRow.objects.visible_to(person("Agents")).exists()
