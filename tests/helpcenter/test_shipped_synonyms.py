"""Synonyms of a release: new ones come, dropped ones go where nobody touched them, what editors removed stays away."""

import pytest

from helpcenter import freshness
from helpcenter.actions.shipped_synonyms import Synonyms, key_of
from helpcenter.models import Synonym
from supportdesk.releases.bringing import Fate, bring
from supportdesk.releases.models import ShippedRow

pytestmark = pytest.mark.django_db
FIRST = "liquidation, forced closing\nbitcoin,btc,xbt\ndied, heir => estate\n"


@pytest.fixture
def release(tmp_path):
    def bring_groups(text=FIRST):
        (tmp_path / "en.csv").write_text(text, encoding="utf-8")
        return {fate: count for fate, count in bring(Synonyms(tmp_path)).counts.items() if count}

    return bring_groups


def groups():
    return sorted(Synonym.objects.values_list("words", flat=True))


def test_a_new_site_gets_all_of_them(release):
    assert release() == {Fate.ADDED: 3}
    assert groups() == ["bitcoin, btc, xbt", "died, heir => estate", "liquidation, forced closing"]


def test_a_second_time_changes_nothing(release):
    release()
    before = freshness.current().generation
    assert release() == {Fate.SAME: 3}
    assert freshness.current().generation == before


def test_new_groups_reach_a_site_that_runs(release):
    release()
    assert release(FIRST + "funding, funding rate\n") == {Fate.SAME: 3, Fate.ADDED: 1}


def test_dropped_groups_go(release):
    release()
    assert release("bitcoin,btc,xbt\n") == {Fate.SAME: 1, Fate.REMOVED: 2}
    assert groups() == ["bitcoin, btc, xbt"]


def test_a_dropped_group_may_come_back(release):
    release()
    release("bitcoin,btc,xbt\n")
    assert release() == {Fate.SAME: 1, Fate.ADDED: 2}


def test_a_removal_is_remembered(release):
    release()
    Synonym.objects.get(words__startswith="bitcoin").delete()
    assert release() == {Fate.SAME: 2, Fate.AWAY: 1}


def test_a_group_of_an_editor_stays(release):
    release()
    Synonym.objects.create(language="en", words="api, interface")
    release("bitcoin,btc,xbt\n")
    assert "api, interface" in groups()


def test_a_changed_group_stays_as_the_editor_has_it(release):
    release()
    Synonym.objects.filter(words__startswith="bitcoin").update(words="bitcoin, btc")
    release("liquidation, forced closing\n")
    assert groups() == ["bitcoin, btc", "liquidation, forced closing"]


def test_new_words_of_a_group_that_an_editor_changed_are_only_offered(release):
    release()
    Synonym.objects.filter(words__startswith="bitcoin").update(words="bitcoin, btc")
    newer = FIRST.replace("btc,xbt", "btc,xbt,₿")
    assert release(newer)[Fate.KEPT] == 1
    assert groups() == ["bitcoin, btc", "died, heir => estate", "liquidation, forced closing"]
    assert ShippedRow.objects.offered().get().offered["words"] == "bitcoin, btc, xbt, ₿"
    assert release(newer)[Fate.KEPT] == 1  # until somebody chooses


def test_the_order_of_words_makes_no_other_group(release):
    Synonym.objects.create(language="en", words="xbt,bitcoin，btc")
    assert release() == {Fate.ADDED: 2, Fate.SAME: 1}
    assert key_of("en", "a, b => c") != key_of("en", "c => a, b")


def test_a_site_of_earlier_releases_gets_what_is_new_but_nothing_that_was_removed(release):
    Synonym.objects.create(language="en", words="bitcoin,btc,xbt")
    Synonym.objects.create(language="en", words="liquidation, forced closing").delete()
    assert release() == {Fate.SAME: 1, Fate.ADDED: 1, Fate.AWAY: 1}
