"""What a release brings to a desk that is set up: better words where nobody touched them, nothing where staff did."""

import pytest

from supportdesk.releases.bringing import Fate, bring
from supportdesk.releases.models import ShippedRow
from tickets.actions import triaging
from tickets.actions.shipped_rows import Departments, Macros, SurgeTexts, TopicFields, Topics, TriageRules
from tickets.models import FieldChoice, Macro, SurgeText, Topic, TopicField, TriagePhrases, TriageRule
from tickets.triage import classify

pytestmark = pytest.mark.django_db

DEPARTMENTS = "departments:\n  - {key: risk, name: {en: Risk}, public_name: {en: the risk team}}\n"
TOPICS = """
fields:
  coin:
    kind: choice
    label: {en: Coin}
    choices: [BTC, {value: other, label: {en: Other}}]
topics:
  - {key: deposits, name: {en: Deposit, ja: 入金}, department: risk, fields: [coin], required: [coin]}
"""
TRIAGE = """
triage:
  - key: deposits
    kind: topic
    name: Deposit
    topic: deposits
    weight: 3
    phrases:
      en: |
        deposit
        coin
      ja: |
        入金
"""
SECOND = "  - {key: crypto, kind: topic, name: Crypto, topic: deposits, needs: deposits, phrases: {en: wallet}}\n"
SURGE = "surge:\n  - {key: busy, topic: deposits, title: {en: Many write about deposits}}\n"
MACROS = "macros:\n  - {name: Hello, topic: deposits, body: {en: Hello}}\n"
KINDS = (Departments, Topics, TopicFields, TriageRules, SurgeTexts, Macros)


@pytest.fixture
def release(tmp_path):
    """Bring a release in which some files read differently; what became of the rows, by kind."""

    def bring_all(**changed):
        texts = {"departments": DEPARTMENTS, "topics": TOPICS, "triage": TRIAGE, "surge": SURGE, "macros": MACROS}
        for name, text in (texts | changed).items():
            (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        return {kind: bring(kind(tmp_path)) for kind in KINDS}

    return bring_all


@pytest.fixture
def desk(release):
    """A desk that was set up with the first release."""
    release()


def lines(language="en"):
    return TriagePhrases.objects.get(rule__key="deposits", language=language).lines.splitlines()


def scores(text):
    return dict(classify(text, "en", {}, triaging.rules()).scores)


def offered():
    return sorted(ShippedRow.objects.offered().values_list("kind", "key"))


def fates(outcome):
    return {fate: count for fate, count in outcome.counts.items() if count}


def forget(model):
    """As a desk was left by the releases that remembered nothing."""
    ShippedRow.objects.filter(kind=model._meta.label_lower).delete()


# Nobody touched it


def test_a_second_time_changes_nothing(release, desk):
    marks = list(TriageRule.history.values_list("pk", flat=True))
    again = release()
    assert [fates(again[kind]) for kind in KINDS] == [{Fate.SAME: 1}] * 5 + [{}]
    assert list(TriageRule.history.values_list("pk", flat=True)) == marks


@pytest.mark.parametrize(
    ("kind", "column", "text", "old", "new"),
    [
        (Departments, "public_name_en", DEPARTMENTS, "the risk team", "our risk team"),
        (Topics, "name_en", TOPICS, "Deposit", "My deposit"),
        (TopicFields, "label_en", TOPICS, "Coin", "Which coin"),
        (TriageRules, "name", TRIAGE, "Deposit", "A deposit"),
        (SurgeTexts, "title_en", SURGE, "Many write about deposits", "Deposits are late"),
    ],
)
def test_untouched_rows_get_the_words_of_the_release(release, desk, kind, column, text, old, new):
    done = release(**{kind.file: text.replace(old, new)})
    assert fates(done[kind]) == {Fate.RENEWED: 1}
    assert getattr(kind.model.objects.get(), column) == new
    assert offered() == []


def test_choices_come_and_go_with_the_field(release, desk):
    other = FieldChoice.objects.get(value="other")
    release(topics=TOPICS.replace("[BTC, ", "[ETH, SOL, ").replace("en: Other", "en: Another one"))
    assert list(FieldChoice.objects.order_by("order").values_list("value", flat=True)) == ["ETH", "SOL", "other"]
    other.refresh_from_db()
    assert other.label_en == "Another one"


def test_the_history_says_that_a_release_did_it(release, desk):
    release(triage=TRIAGE.replace("name: Deposit", "name: A deposit"))
    entry = TriageRule.history.first()
    assert (entry.history_change_reason, entry.history_user) == ("release", None)


def test_new_phrases_count_at_once(release, desk):
    assert scores("My wallet is empty") == {}
    release(triage=TRIAGE.replace("        coin\n", "        coin\n        wallet\n"))
    assert "deposits" in scores("My wallet is empty")


def test_line_breaks_of_a_browser_are_no_change(release, desk):
    TriagePhrases.objects.filter(language="en").update(lines="deposit\r\ncoin\r\n")
    done = release(triage=TRIAGE.replace("        coin\n", "        coin\n        top up\n"))
    assert fates(done[TriageRules]) == {Fate.RENEWED: 1}


def test_an_untouched_rule_goes_with_the_release(release, desk):
    release(triage=TRIAGE + SECOND)
    assert TriageRule.objects.count() == 2
    done = release()
    assert fates(done[TriageRules]) == {Fate.SAME: 1, Fate.REMOVED: 1}
    release(triage=TRIAGE + SECOND)
    assert TriageRule.objects.filter(key="crypto").exists()


def test_rules_that_need_one_another_go_together(release, desk):
    """Also where the one that is needed comes first."""
    release(triage=TRIAGE + SECOND.replace("crypto", "wallets"))
    assert release(triage="triage: []\n")[TriageRules].counts[Fate.REMOVED] == 2
    assert not TriageRule.objects.exists()


def test_a_rule_that_another_needs_stays(release, desk):
    release(triage=TRIAGE + SECOND)
    done = release(triage="triage:\n" + SECOND.replace("name: Crypto", "name: Coins"))
    assert done[TriageRules].counts[Fate.LEFT] == 1
    assert TriageRule.objects.filter(key="deposits").exists()


def test_topics_stay_when_the_release_has_them_no_more(release, desk):
    done = release(topics="topics: []\n", triage="triage: []\n", surge="surge: []\n")
    assert fates(done[Topics]) == {Fate.LEFT: 1}
    assert Topic.objects.count() == 1


# Staff touched it


def test_what_staff_changed_is_kept_and_offered(release, desk):
    Topic.objects.update(name_en="Where are my coins?")
    done = release(topics=TOPICS.replace("en: Deposit,", "en: My deposit,"))
    assert fates(done[Topics]) == {Fate.KEPT: 1}
    assert done[Topics].kept == {"deposits": ["name.en"]}
    assert Topic.objects.get().name_en == "Where are my coins?"
    assert offered() == [("tickets.topic", "deposits")]


def test_an_offer_ends_when_staff_write_the_same(release, desk):
    Topic.objects.update(name_en="Where are my coins?")
    release(topics=TOPICS.replace("en: Deposit,", "en: My deposit,"))
    Topic.objects.update(name_en="My deposit")
    release(topics=TOPICS.replace("en: Deposit,", "en: My deposit,"))
    assert offered() == []


def test_a_change_of_staff_alone_is_nobodys_business(release, desk):
    Topic.objects.update(name_en="Where are my coins?")
    assert fates(release()[Topics]) == {Fate.SAME: 1}


def test_texts_of_a_language_of_the_site_alone_are_its_own(release, desk):
    TriagePhrases.objects.create(rule=TriageRule.objects.get(), language="xx", lines="own")
    done = release(triage=TRIAGE.replace("name: Deposit", "name: A deposit"))
    assert fates(done[TriageRules]) == {Fate.RENEWED: 1}
    assert lines("xx") == ["own"]


def test_phrases_of_both_are_merged_by_line(release, desk):
    TriagePhrases.objects.filter(language="en").update(lines="deposit\ncoin\nmy own words")
    TriageRule.objects.update(weight=5)
    newer = TRIAGE.replace("        coin\n", "        coin\n        top up\n").replace("入金\n", "入金\n        着金\n")
    done = release(triage=newer)
    assert fates(done[TriageRules]) == {Fate.MERGED: 1}
    assert lines() == ["deposit", "coin", "top up", "my own words"]
    assert lines("ja") == ["入金", "着金"]
    assert TriageRule.objects.get().weight == 5
    assert fates(release(triage=newer)[TriageRules]) == {Fate.SAME: 1}


def test_a_phrase_that_staff_took_away_does_not_come_back(release, desk):
    TriagePhrases.objects.filter(language="en").update(lines="deposit")
    release(triage=TRIAGE.replace("        coin\n", "        coin\n        top up\n"))
    assert lines() == ["deposit", "top up"]


def test_a_phrase_that_both_changed_is_kept(release, desk):
    TriagePhrases.objects.filter(language="en").update(lines="deposit\n5: coin")
    done = release(triage=TRIAGE.replace("        coin\n", "        7: coin\n"))
    assert done[TriageRules].kept == {"deposits": ["phrases.en"]}
    assert lines() == ["deposit", "5: coin"]


def test_a_changed_rule_stays_when_the_release_has_it_no_more(release, desk):
    TriageRule.objects.update(weight=5)
    done = release(triage="triage: []\n")
    assert fates(done[TriageRules]) == {Fate.LEFT: 1}
    assert TriageRule.objects.exists()


def test_a_removed_row_stays_away_in_whatever_words(release, desk):
    TopicField.objects.all().delete()
    TriageRule.objects.all().delete()
    newer = {
        "topics": TOPICS.replace("en: Coin", "en: Which coin"),
        "triage": TRIAGE.replace("name: Deposit", "name: A deposit"),
    }
    done = release(**newer)
    assert [fates(done[kind]) for kind in (TopicFields, TriageRules)] == [{Fate.AWAY: 1}] * 2
    assert not TopicField.objects.exists()
    assert not TriageRule.objects.exists()


def test_what_belongs_to_a_removed_topic_stays_away(release, desk):
    Topic.objects.all().delete()
    newer = TOPICS.replace("required: [coin]", "required: [coin]").replace("fields: [coin]", "fields: [coin, hash]")
    newer = newer.replace("topics:\n", "  hash: {kind: text, label: {en: Transaction}}\ntopics:\n")
    done = release(topics=newer, triage=TRIAGE.replace("key: deposits", "key: deposits_told"))
    assert fates(done[TopicFields]) == {Fate.AWAY: 2}
    assert fates(done[TriageRules]) == {Fate.AWAY: 1}
    assert not Topic.objects.exists()


def test_a_topic_whose_department_was_removed_still_gets_its_words(release, desk):
    Topic.objects.get().department.delete()
    done = release(topics=TOPICS.replace("en: Deposit,", "en: My deposit,"))
    assert fates(done[Topics]) == {Fate.KEPT: 1}  # somebody took the department from it


def test_a_topic_with_a_text_of_the_desks_own_keeps_that_alone(release):
    release(surge="surge: []\n")
    SurgeText.objects.create(key="ours", topic=Topic.objects.get(), title_en="Ours")
    assert fates(release()[SurgeTexts]) == {Fate.AWAY: 1}


# Macros come once, by the demo


def test_macros_reach_only_a_site_that_took_them(release, desk, tmp_path, person):
    assert not Macro.objects.exists()
    Macro.objects.create(name="Hello", owner=person("Agents"), body_en="mine")
    release(macros=MACROS.replace("body: {en: Hello}", "body: {en: Good day}"))
    assert Macro.objects.get().body_en == "mine"
    Macro.objects.create(name="Hello", topic=Topic.objects.get(), body_en="Hello")
    release()
    release(macros=MACROS.replace("body: {en: Hello}", "body: {en: Good day}"))
    assert sorted(Macro.objects.values_list("body_en", flat=True)) == ["Good day", "mine"]


# Desks of the time before it was remembered


def test_what_is_as_today_counts_as_untouched(release, desk):
    forget(Topic)
    Topic.history.all().delete()
    assert fates(release()[Topics]) == {Fate.SAME: 1}
    assert fates(release(topics=TOPICS.replace("en: Deposit,", "en: My deposit,"))[Topics]) == {Fate.RENEWED: 1}


def test_what_differs_counts_as_changed_and_is_said_to_be_unknown(release, desk):
    forget(Topic)
    Topic.history.all().delete()
    done = release(topics=TOPICS.replace("en: Deposit,", "en: My deposit,"))
    assert fates(done[Topics]) == {Fate.KEPT: 1}
    assert done[Topics].unknown == 1
    assert Topic.objects.get().name_en == "Deposit"


@pytest.mark.parametrize(("model", "kind"), [(Topic, Topics), (TopicField, TopicFields), (TriageRule, TriageRules)])
def test_a_history_without_people_shows_that_nobody_touched_it(release, desk, model, kind):
    forget(model)
    newer = TOPICS.replace("en: Deposit,", "en: My deposit,").replace("en: Coin", "en: Which coin")
    done = release(topics=newer, triage=TRIAGE.replace("name: Deposit", "name: A deposit"))
    assert fates(done[kind]) == {Fate.RENEWED: 1}


def test_a_person_in_the_history_of_the_phrases_counts_for_the_rule(release, desk, person):
    forget(TriageRule)
    phrases = TriagePhrases.objects.get(language="en")
    phrases.lines, phrases._history_user = "deposit", person("Team leads")
    phrases.save()
    done = release(triage=TRIAGE.replace("name: Deposit", "name: A deposit"))
    assert fates(done[TriageRules]) == {Fate.KEPT: 1}


def test_a_row_that_was_removed_then_stays_away(release, desk):
    TriageRule.objects.all().delete()
    forget(TriageRule)
    assert fates(release()[TriageRules]) == {Fate.AWAY: 1}
