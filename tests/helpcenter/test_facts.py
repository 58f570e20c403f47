"""Which value of a fact holds when and where, what changing one does, and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from hypothesis import given
from hypothesis import strategies as st

from helpcenter import facts, freshness
from helpcenter.actions import fact_uses, publishing, saving_facts
from helpcenter.actions.announcing import AnnouncementText, save_announcement
from helpcenter.actions.drafting import Text
from helpcenter.enums import EventKind, FindingKind
from helpcenter.errors import FactInUse, InvalidFact, InvalidText, NotPublishable
from helpcenter.facts import DatedFact, DatedValue
from helpcenter.models import Announcement, ContentEvent, Fact, FactKind, FactUse, FactValue, Finding, Region
from helpcenter.units import Unit
from supportdesk.outbox import delivery
from tests.helpcenter.factories import ArticleFactory, keep_fact, publish_text, save_text, value
from tests.helpcenter.samples import examples

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEE = "btcusdt-perp.taker-fee"


@pytest.fixture
def clock():
    """Noon of a day in November; `clock.move_to` goes elsewhere."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def moment(hours):
    return NOW + hours * HOUR


def dated(*values):
    return DatedFact("btcusdt-perp", "taker-fee", Unit.of("percent"), {}, tuple(values))


def held(text, since, until=None, region=""):
    return DatedValue(text, moment(since), None if until is None else moment(until), region)


# Keys


@pytest.mark.parametrize("key", ["a.b", "btcusdt-perp.taker-fee", "withdrawal-btc-bitcoin.min", "1.2"])
def test_a_key_is_a_subject_and_a_kind(key):
    assert facts.split_key(key) == tuple(key.split("."))


@pytest.mark.parametrize("key", ["", "a", ".b", "a.", "A.b", "a.b.c", "-a.b", "a-.b", "a_b.c", "a .b", "a.b\n", "ä.b",
                                 f"{'a' * 81}.b"])  # fmt: skip
def test_anything_else_is_no_key(key):
    assert facts.split_key(key) is None


# Which value holds


def test_a_value_holds_from_its_first_second_until_its_end():
    fact = dated(held("0.05", 0, 2), held("0.04", 2))
    second = timedelta(seconds=1)
    shown = [
        fact.at(at).text if fact.at(at) else None
        for at in (moment(0) - second, moment(0), moment(2) - second, moment(2))
    ]
    assert shown == [None, "0.05", "0.05", "0.04"]


def test_the_value_of_the_region_comes_before_the_one_that_holds_everywhere():
    fact = dated(held("0.05", 0), held("0.03", 1, 2, "eu"))
    assert [fact.at(moment(h), "eu").text for h in (0, 1, 2)] == ["0.05", "0.03", "0.05"]
    assert [fact.at(moment(h), "jp").text for h in (0, 1, 2)] == ["0.05"] * 3


def test_the_last_good_value_is_shown_where_none_holds():
    fact = dated(held("0.06", -9, -8), held("0.05", -5, -1), held("0.04", 5))
    assert fact.in_force(moment(0)) is None
    assert fact.at(moment(0)).text == "0.05"


def test_a_change_that_is_announced_is_known_with_its_moment():
    fact = dated(held("0.05", 0, 2), held("0.05", 2, 3), held("0.04", 3))
    assert fact.coming(moment(1)) == (moment(3), held("0.04", 3)), "the same number again is no change"
    assert fact.coming(moment(3)) is None


def test_the_end_of_a_regions_own_value_is_a_change_for_its_readers():
    fact = dated(held("0.05", 0), held("0.03", 0, 4, "eu"))
    assert fact.coming(moment(1), "eu") == (moment(4), held("0.05", 0))
    assert fact.coming(moment(1)) is None


def test_the_value_before_is_the_last_other_one_of_the_same_region():
    first, second, third = held("0.05", 0, 1), held("0.01", 0, 1, "eu"), held("0.04", 1)
    assert dated(first, second, third).before(third) == first
    assert dated(first, second, third).before(first) is None


hours = st.integers(0, 6)
spans = st.builds(
    lambda since, length, region: held("1", since, None if length is None else since + length, region),
    hours, st.none() | st.integers(1, 4), st.sampled_from(["", "eu"]),
)  # fmt: skip


@given(st.lists(spans, min_size=2, max_size=5))
@examples(300)
def test_values_overlap_exactly_where_two_of_a_region_hold_in_the_same_moment(values):
    """Every value here begins and ends at a whole hour, so looking at each hour finds every overlap."""
    crowded = {
        (region, hour)
        for region in ("", "eu")
        for hour in range(12)
        if sum(v.region == region and v.holds(moment(hour)) for v in values) > 1
    }
    assert bool(facts.overlapping(values)) == bool(crowded)


@given(st.lists(spans, max_size=5), hours, st.sampled_from(["", "eu"]))
@examples(200)
def test_a_page_never_has_a_hole_once_a_value_has_begun_everywhere(values, hour, region):
    fact = dated(*sorted(values, key=lambda v: v.since))
    begun = any(v.since <= moment(hour) and v.region in ("", region) for v in values)
    assert (fact.at(moment(hour), region) is not None) == begun


# Changing


@pytest.mark.django_db
def test_a_change_counts_as_new_content_and_is_written_down(content_editor, clock):
    before = freshness.stored_number()
    fact = keep_fact(FEE, "0.050")
    assert freshness.stored_number() > before
    assert [event.kind for event in ContentEvent.objects.filter(fact=fact)] == [EventKind.FACT_CHANGED]
    assert FactValue.history.count() == 1


@pytest.mark.django_db
def test_pages_are_owed_a_change_at_every_moment_that_lies_ahead(clock):
    keep_fact(FEE, value("0.05", until="2026-12-01"), value("0.04", "2026-12-01", "2027-01-01"))
    assert freshness.current().until == datetime(2026, 12, 1, tzinfo=UTC)
    clock.move_to(datetime(2026, 12, 1, tzinfo=UTC))
    assert freshness.current().until == datetime(2027, 1, 1, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["translator", "agent", "trader"])
def test_only_those_with_the_right_change_facts(request, who):
    fact = keep_fact(FEE, "0.05")
    person = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        saving_facts.save_fact(fact, changed=[value("0.04", "2027-01-01")], by=person)
    with pytest.raises(PermissionDenied):
        saving_facts.delete_fact(fact, by=person)


@pytest.mark.both
@pytest.mark.django_db
def test_values_that_overlap_are_refused_with_both_moments_and_nothing_is_stored():
    keep_fact(FEE, "0.05")
    with pytest.raises(InvalidFact, match="2026-01-01T00:00:00Z and the value from 2026-06-01T00:00:00Z"):
        keep_fact(FEE, value("0.04", "2026-06-01"))
    assert FactValue.objects.count() == 1


@pytest.mark.django_db
def test_values_of_different_regions_may_hold_at_the_same_time():
    keep_fact(FEE, "0.05", value("0.04", region="eu"), value("0.03", region="jp"))
    assert FactValue.objects.count() == 3


@pytest.mark.both
@pytest.mark.django_db
@pytest.mark.parametrize(
    "row",
    [{"effective_until": moment(0)}, {"effective_until": moment(-1)}, {"effective_until": None}, {"region": True}],
    ids=["ends as it begins", "ends before it begins", "a second one that is open", "twice in a region"],
)
def test_the_database_itself_refuses_what_is_plainly_wrong(row):
    fact = keep_fact(FEE, "0.05", value("0.04", region="eu"))
    if "region" in row:
        row = {"region": Region.objects.get()}
    with pytest.raises(IntegrityError), transaction.atomic():
        FactValue.objects.create(fact=fact, value="1", effective_from=moment(0), **row)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: value("five"), "does not fit the unit percent"),
        (lambda: value("0.05", until="2025-01-01"), "end after it begins"),
        (lambda: value("0.05", until="2026-01-01"), "end after it begins"),
        (lambda: value("0.05", source="http://example.com/"), "begins with https"),
        (lambda: value("0.05", source="javascript://x"), "begins with https"),
        (lambda: value("0.05", source="https://"), "begins with https"),
        (lambda: value("0.05", source="x" * 301), "at most 300"),
        (lambda: value("0.05", note="a\0b"), "at most 300"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_kept_is_refused_with_its_reason(wrong, words):
    with pytest.raises(InvalidFact, match=words):
        keep_fact(FEE, wrong())
    assert not FactValue.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("source", ["https://example.com/rules#fees", "Rules, section 4", ""])
def test_a_source_is_an_address_or_words(source):
    keep_fact(FEE, value("0.05", source=source))
    assert FactValue.objects.get().source == source


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "unit"), [("percent", "hours"), ("amount:BTC", "amount:ETH"), ("amount", "amount")])
def test_a_unit_that_does_not_fit_the_kind_is_refused(kind, unit):
    FactKind.objects.create(slug="taker-fee", unit=kind)
    with pytest.raises(InvalidFact, match="does not fit"):
        keep_fact(FEE, "1", unit=unit)


@pytest.mark.django_db
def test_a_coin_cannot_be_exchanged_for_a_unit_that_the_values_do_not_fit():
    fact = keep_fact("btc.min", value("0.5"), unit="amount:BTC")
    FactKind.objects.filter(slug="min").update(unit="count")
    fact.refresh_from_db()
    fact.unit = "count"
    with pytest.raises(InvalidFact, match="does not fit the unit count"):
        saving_facts.save_fact(fact, by=None)


# Texts that name facts


@pytest.fixture
def fees(db, clock):
    keep_fact(FEE, "0.050")
    return ArticleFactory(slug="fees", texts={"en": f"You pay {{fact:{FEE}}}.", "ja": f"手数料は{{fact:{FEE}}}。"})


def test_publishing_notes_which_facts_a_text_names(fees):
    assert sorted((use.language, use.fact.key) for use in FactUse.objects.all()) == [("en", FEE), ("ja", FEE)]
    publish_text(fees, "en", "No number.")
    assert [use.language for use in FactUse.objects.all()] == ["ja"]
    publishing.unpublish(fees, "ja", by=None)
    assert not FactUse.objects.exists()


def test_a_table_of_a_subject_names_all_of_its_facts(fees):
    keep_fact("btcusdt-perp.maker-fee", "0.020")
    keep_fact("ethusdt-perp.maker-fee", "0.020")
    publish_text(fees, "en", ":::facts btcusdt-perp\n:::")
    named = {use.fact.key for use in FactUse.objects.filter(language="en")}
    assert named == {FEE, "btcusdt-perp.maker-fee"}


def test_a_summary_names_facts_too(fees):
    publish_text(fees, "en", Text("Fees", "Text.", f"Taker {{fact:{FEE}}}."))
    assert FactUse.objects.filter(language="en").count() == 1
    with pytest.raises(NotPublishable, match=r"no.fee.*\(in the summary\)"):
        publish_text(fees, "en", Text("Fees", "Text.", "Taker {fact:no.fee}."))


@pytest.mark.parametrize(
    ("body", "key", "line"),
    [("One.\n\nPay {fact:no.thing}.", "no.thing", 3), ("{fact:Not A Key}", "Not A Key", 1), ("{fact:}", "", 1),
     (":::facts nobody\n:::", "nobody.*", 1), ("x\n\n:::facts btcusdt-perp\ntaker-fee lot\n:::", "btcusdt-perp.lot", 3),
     ("{fact:btcusdt-perp.later}", "btcusdt-perp.later", 1),
     ("{fact:btcusdt-perp.regional}", "btcusdt-perp.regional", 1),
     (":::note Costs {fact:no.thing}\nText.\n:::", "no.thing", 1)],
)  # fmt: skip
def test_a_draft_may_name_a_fact_without_a_value_and_publishing_it_is_refused_with_key_and_line(fees, body, key, line):
    keep_fact("btcusdt-perp.later", value("1", "2027-01-01"))
    keep_fact("btcusdt-perp.regional", value("1", region="eu"))
    revision = save_text(fees, "en", body)
    finding = revision.findings.get()
    assert (finding.kind, finding.detail, finding.line) == (FindingKind.UNKNOWN_FACT, key, line)
    with pytest.raises(NotPublishable) as refusal:
        publishing.publish(revision, by=None)
    assert refusal.value.line == line
    assert f"“{key}”" in str(refusal.value)
    assert f"line {line}" in str(refusal.value)
    with pytest.raises(NotPublishable):
        publishing.publish(revision, by=None, despite_findings=True)


@pytest.mark.parametrize(
    ("text", "line"),
    [("## Fee {fact:a.b}", 1), ("Text.\n\n### {fact:a.b} {#key}", 3), ("x\n\n![{fact:a.b}](pictures/a.png)", 3),
     ('![a](pictures/a.png "{fact:a.b}")', 1), ("> # {fact:a.b}", 1)],
)  # fmt: skip
def test_a_fact_in_a_heading_or_in_the_words_of_a_picture_is_refused_when_saved(fees, text, line):
    with pytest.raises(InvalidText, match="cannot hold a fact") as refusal:
        save_text(fees, "en", text)
    assert refusal.value.line == line


def test_a_fact_in_a_title_is_refused_when_saved(fees):
    with pytest.raises(InvalidText, match="title cannot hold a fact"):
        save_text(fees, "en", Text(f"Pay {{fact:{FEE}}}", "Text."))


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["`{fact:no.thing}`", "```\n{fact:no.thing}\n:::facts x\n:::\n```",
                                  "\\{fact:no.thing}", "{fakt:no.thing}", "{fact:no\nthing}"])  # fmt: skip
def test_code_and_escaped_braces_name_nothing(text):
    assert fact_uses.references(text) == []


@pytest.mark.django_db
def test_an_announcement_that_names_a_fact_without_a_value_is_refused_and_one_with_a_value_is_noted():
    text = AnnouncementText("News", "", f"One.\n\nPay {{fact:{FEE}}}.")
    with pytest.raises(InvalidText, match=FEE) as refusal:
        save_announcement(Announcement(slug="news"), {"en": text}, by=None)
    assert refusal.value.line == 3
    keep_fact(FEE, "0.05")
    item = save_announcement(Announcement(slug="news"), {"en": text}, by=None)
    assert FactUse.objects.get().announcement == item
    with pytest.raises(FactInUse, match=r"news \(en\)"):
        saving_facts.delete_fact(Fact.objects.get(), by=None)


# What cannot go


@pytest.mark.both
def test_a_fact_that_a_public_text_names_stays_and_the_refusal_names_the_texts(fees):
    with pytest.raises(FactInUse, match=r"fees \(en\), fees \(ja\)"):
        saving_facts.delete_fact(Fact.objects.get(), by=None)
    with pytest.raises(ProtectedError):
        FactKind.objects.get().delete()
    for language in ("en", "ja"):
        publishing.unpublish(fees, language, by=None)
    saving_facts.delete_fact(Fact.objects.get(), by=None)
    assert not FactValue.objects.exists()
    assert ContentEvent.objects.filter(kind=EventKind.FACT_CHANGED).exists(), "what happened stays on record"


@pytest.mark.parametrize("hours_until_it_begins", [None, 1], ids=["gone", "not begun"])
def test_the_only_value_of_a_fact_that_readers_see_cannot_be_taken_away(fees, hours_until_it_begins):
    fact = Fact.objects.get()
    only = fact.values.get()
    changes = {"removed": [only]}
    if hours_until_it_begins:
        only.effective_from = moment(hours_until_it_begins)
        changes = {"changed": [only]}
    with pytest.raises(InvalidFact, match="needs a value that has begun"):
        saving_facts.save_fact(fact, by=None, **changes)
    assert FactValue.objects.get().effective_from < NOW


# What editors are told


def outdated():
    return list(Finding.objects.open().values_list("revision__language", "kind", "detail"))


@pytest.mark.both
def test_editors_are_told_when_a_value_ends_and_no_longer_when_there_is_a_new_one(fees, clock):
    fact = Fact.objects.get()
    only = fact.values.get()
    only.effective_until = moment(1)
    saving_facts.save_fact(fact, changed=[only], by=None)
    delivery.deliver_due()
    assert (outdated(), list(Fact.objects.without_value())) == ([], [])
    clock.move_to(moment(1))
    delivery.deliver_due()
    assert sorted(outdated()) == [("en", FindingKind.OUTDATED_FACT, FEE), ("ja", FindingKind.OUTDATED_FACT, FEE)]
    assert list(Fact.objects.without_value().used()) == [fact]
    delivery.deliver_due()
    assert len(outdated()) == 2, "told once"
    saving_facts.save_fact(fact, changed=[value("0.04", "2026-11-24 13:00")], by=None)
    delivery.deliver_due()
    assert outdated() == []


def test_the_finding_of_a_draft_goes_when_the_fact_comes(fees):
    revision = save_text(fees, "en", "Pay {fact:new.fee}.")
    assert revision.findings.count() == 1
    keep_fact("new.fee", "0.01")
    delivery.deliver_due()
    assert revision.findings.count() == 0
    publishing.publish(revision, by=None)


def test_a_text_whose_fact_has_only_an_old_value_is_published_with_a_finding(fees, clock):
    keep_fact("old.fee", value("0.09", "2026-01-01", "2026-02-01"))
    revision = save_text(fees, "en", "Pay {fact:old.fee}.")
    assert [f.kind for f in revision.findings.all()] == [FindingKind.OUTDATED_FACT]
    publishing.publish(revision, by=None)
