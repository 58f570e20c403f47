"""Facts from CSV: what each line would do, what is refused and why, and that what was seen is what is done."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.actions import fact_import, fact_naming, saving_facts
from helpcenter.actions.import_plan import Effect
from helpcenter.admin.table_files import pack
from helpcenter.content import fact_rows
from helpcenter.content.files import BadFile
from helpcenter.errors import BadTable, StalePlan
from helpcenter.models import Fact, FactKind, FactValue, Region
from supportdesk.ui.languages import column
from tests.helpcenter.admin_forms import html, signed_in, words
from tests.helpcenter.dom import TWELVE
from tests.helpcenter.factories import ArticleFactory, keep_fact, value
from tests.helpcenter.samples import examples

pytestmark = pytest.mark.django_db

HEADER = "key,region,value,unit,effective_from,effective_until,source,note"
FEE = "btcusdt-perp.taker-fee"
KINDS = "taker-fee:\n  unit: percent\n  names: {en: Taker fee, ja: テイカー手数料}\n"
KINDS += "min:\n  unit: amount\n  names: {en: Minimum}\n"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2026, 11, 24, 12, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def kinds():
    fact_naming.save_kinds(KINDS)
    Region.objects.create(code="eu", name_en="European Union")


def table(*lines):
    return "\n".join([HEADER, *lines, ""])


def effects(plan):
    return [(step.line, step.effect.value) for step in plan.steps]


def rows():
    found = FactValue.objects.order_by("fact__subject", "effective_from")
    return [
        (v.fact.key, v.value, str(v.effective_from.date()), v.effective_until and str(v.effective_until.date()))
        for v in found.select_related("fact__kind")
    ]


# What a line does


def test_a_new_value_is_added_with_all_that_the_line_says(kinds):
    line = f'{FEE},eu,0.050,percent,2026-12-01T08:00:00Z,2027-01-01,https://example.com/fees,"Policy, 2026"'
    plan = fact_import.apply(table(line), by=None)
    assert effects(plan) == [(2, "added")]
    found = FactValue.objects.select_related("fact__kind", "region").get()
    assert (found.fact.key, found.fact.unit, found.region.code, found.value) == (FEE, "percent", "eu", "0.050")
    assert found.effective_from == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert found.effective_until == datetime(2027, 1, 1, tzinfo=UTC)
    assert (found.source, found.note) == ("https://example.com/fees", "Policy, 2026")


def test_nothing_is_stored_before_it_is_applied(kinds):
    assert effects(fact_import.plan(table(f"{FEE},,0.05,percent,2026-01-01,,,"))) == [(2, "added")]
    assert not Fact.objects.exists()


def test_the_same_file_again_changes_nothing(kinds):
    text = table(f"{FEE},,0.05,percent,2026-01-01,2026-06-01,,", f"{FEE},,0.04,percent,2026-06-01,,,")
    fact_import.apply(text, by=None)
    plan = fact_import.apply(text, by=None)
    assert effects(plan) == [(2, "unchanged"), (3, "unchanged")]
    assert not plan.changes_something
    assert FactValue.history.count() == 2


def test_a_value_is_changed_ended_or_left_alone_by_the_moment_at_which_it_begins(kinds):
    keep_fact(FEE, value("0.05", "2026-01-01", "2026-06-01"), value("0.04", "2026-06-01"))
    plan = fact_import.apply(
        table(f"{FEE},,0.055,percent,2026-01-01,2026-06-01,,", f"{FEE},,0.04,percent,2026-06-01,2027-06-01,,"), by=None
    )
    assert effects(plan) == [(2, "changed"), (3, "ended")]
    assert "0.05 " in plan.steps[0].before
    assert "0.055 " in plan.steps[0].after
    assert rows() == [(FEE, "0.055", "2026-01-01", "2026-06-01"), (FEE, "0.04", "2026-06-01", "2027-06-01")]


@pytest.mark.both
def test_an_open_value_ends_where_a_new_one_begins_and_the_comparison_says_so(kinds):
    keep_fact(FEE, "0.05", value("0.03", region="eu"))
    text = table(f"{FEE},,0.045,percent,2026-12-01,,,")
    plan = fact_import.plan(text)
    assert effects(plan) == [(2, "added"), (2, "ended")]
    assert "2026-01-01T00:00:00Z – 2026-12-01T00:00:00Z" in plan.steps[1].after
    fact_import.apply(text, by=None, digest=plan.digest)
    assert {row[1:] for row in rows()} == {
        ("0.05", "2026-01-01", "2026-12-01"), ("0.045", "2026-12-01", None), ("0.03", "2026-01-01", None)
    }  # fmt: skip


def test_an_empty_unit_is_that_of_the_fact_or_of_its_kind(kinds):
    assert effects(fact_import.apply(table(f"{FEE},,0.05,,2026-01-01,,,"), by=None)) == [(2, "added")]
    assert Fact.objects.get().unit == "percent"


def test_an_amount_of_any_coin_takes_the_coin_of_the_line(kinds):
    lines = ("btc.min,,0.001,amount:BTC,2026-01-01,,,", "usdt.min,,10,amount:USDT,2026-01-01,,,")
    fact_import.apply(table(*lines), by=None)
    assert {fact.key: fact.unit for fact in Fact.objects.all()} == {"btc.min": "amount:BTC", "usdt.min": "amount:USDT"}


def test_columns_may_stand_in_another_order_and_optional_ones_may_be_left_out(kinds):
    plan = fact_import.apply(f"effective_from,value,key\n2026-01-01,0.05,{FEE}\n", by=None)
    assert effects(plan) == [(2, "added")]


@pytest.mark.parametrize("text", ["\r\n".join, "\r".join, "\n".join], ids=["windows", "old mac", "unix"])
def test_lines_end_as_any_system_ends_them(kinds, text):
    assert effects(fact_import.plan(text([HEADER, f"{FEE},,0.05,percent,2026-01-01,,,", "", ",,,,,,,"]))) == [
        (2, "added")
    ]


def test_a_note_may_go_over_several_lines_and_the_numbers_stay_those_of_the_file(kinds):
    plan = fact_import.plan(
        table(f'{FEE},,0.05,percent,2026-01-01,2026-02-01,,"one\ntwo"', f"{FEE},,x,percent,2026-02-01,,,")
    )
    assert [step.line for step in plan.steps] == [2, 4]


# What is refused


REFUSED = [
    ("no-key,,0.05,percent,2026-01-01,,,", "no key"),
    ("Btc.taker-fee,,0.05,percent,2026-01-01,,,", "no key"),
    ("btc.unheard-of,,0.05,percent,2026-01-01,,,", "no kind of fact called “unheard-of”"),
    (f"{FEE},mars,0.05,percent,2026-01-01,,,", "no region “mars”"),
    (f"{FEE},,five,percent,2026-01-01,,,", "does not fit the unit percent"),
    (f'{FEE},,"0,05",percent,2026-01-01,,,', "does not fit the unit percent"),
    (f"{FEE},,,percent,2026-01-01,,,", "does not fit the unit percent"),
    (f"{FEE},,8,hours,2026-01-01,,,", "does not fit"),
    (f"{FEE},,8,parsecs,2026-01-01,,,", "no unit"),
    ("btc.min,,8,amount,2026-01-01,,,", "does not fit"),
    ("btc.min,,8,,2026-01-01,,,", "does not fit"),
    (f"{FEE},,0.05,percent,,,,", "effective_from is missing"),
    (f"{FEE},,0.05,percent,soon,,,", "“soon” is no moment"),
    (f"{FEE},,0.05,percent,01/12/2026,,,", "is no moment"),
    (f"{FEE},,0.05,percent,2026-01-01T00:00:00+02:00,,,", "is no moment"),
    (f"{FEE},,0.05,percent,2026-01-01,2025-01-01,,", "end after it begins"),
    (f"{FEE},,0.05,percent,2026-01-01,2026-01-01,,", "end after it begins"),
    (f"{FEE},,0.05,percent,2026-01-01,,ftp://x,", "begins with https"),
    (f"{FEE},,0.05,percent,2026-01-01", "has 5 cells"),
    (f"{FEE},,0.05,percent,2026-01-01,,,,", "has 9 cells"),
    (f"{FEE},,0.05,percent,2026-01-01,,,{'x' * 301}", "at most 300"),
]


@pytest.mark.parametrize(("line", "reason"), REFUSED)
def test_a_bad_line_is_refused_with_its_number_and_reason_and_others_go_in(kinds, line, reason):
    plan = fact_import.apply(table("eth.taker-fee,,0.05,percent,2026-01-01,,,", line), by=None)
    assert effects(plan) == [(2, "added"), (3, "refused")]
    assert reason in plan.steps[1].reason
    assert list(Fact.objects.values_list("subject", flat=True)) == ["eth"]


def test_two_lines_that_overlap_are_refused_and_name_one_another(kinds):
    plan = fact_import.plan(table(f"{FEE},,0.05,percent,2026-01-01,,,", f"{FEE},,0.04,percent,2026-06-01,,,"))
    assert effects(plan) == [(2, "refused"), (3, "refused")]
    assert "hold at the same time" in plan.steps[1].reason
    assert "in line 2" in plan.steps[1].reason
    assert "line 3" in plan.steps[0].reason


def test_a_line_that_overlaps_what_is_stored_is_refused(kinds):
    keep_fact(FEE, value("0.05", "2026-01-01", "2027-01-01"))
    (step,) = fact_import.plan(table(f"{FEE},,0.04,percent,2026-06-01,,,")).steps
    assert step.effect == Effect.REFUSED
    assert "2026-01-01T00:00:00Z" in step.reason


def test_a_moment_that_is_there_twice_is_refused(kinds):
    plan = fact_import.plan(table(f"{FEE},eu,0.05,percent,2026-01-01,,,", f"{FEE},eu,0.04,percent,2026-01-01,,,"))
    assert "Line 2 has a value" in plan.steps[1].reason


def test_the_same_time_in_two_regions_is_no_overlap(kinds):
    plan = fact_import.plan(table(f"{FEE},,0.05,percent,2026-01-01,,,", f"{FEE},eu,0.04,percent,2026-01-01,,,"))
    assert effects(plan) == [(2, "added"), (3, "added")]


def test_half_a_change_of_a_fact_is_not_made(kinds):
    keep_fact(FEE, "0.05")
    plan = fact_import.apply(
        table(f"{FEE},,0.05,percent,2026-01-01,2026-12-01,,", f"{FEE},,0.0x4,percent,2026-12-01,,,"), by=None
    )
    assert effects(plan) == [(2, "refused"), (3, "refused")]
    assert "because line 3 of the same fact is refused" in plan.steps[0].reason
    assert rows() == [(FEE, "0.05", "2026-01-01", None)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "name the column “key”"), ("key,value\n", "name the column “effective_from”"),
     (f"{HEADER},extra\n", "“extra” is not known"), ("key,key,value,effective_from\n", "“key” stands twice"),
     (f'{HEADER}\n{FEE},"x', "is no CSV")],
)  # fmt: skip
def test_what_is_no_table_of_facts_is_refused_as_a_whole(kinds, text, reason):
    with pytest.raises(BadTable, match=reason):
        fact_import.plan(text)


@given(st.text(max_size=80))
@examples(150)
def test_no_text_breaks_the_reading(text):
    for candidate in (text, f"{HEADER}\n{text}", f"{HEADER}\n{FEE},{text},1,percent,2026-01-01,,,"):
        with suppress(BadTable):
            fact_rows.read(candidate)


# What was seen is what is done


@pytest.mark.both
def test_a_plan_is_refused_when_the_facts_have_moved_on(kinds):
    keep_fact(FEE, "0.05")
    text = table(f"{FEE},,0.045,percent,2026-12-01,,,")
    seen = fact_import.plan(text).digest
    fact = Fact.objects.get()
    stored = fact.values.get()
    stored.note = "changed meanwhile"
    saving_facts.save_fact(fact, changed=[stored], by=None)
    with pytest.raises(StalePlan):
        fact_import.apply(text, by=None, digest=seen)
    assert rows() == [(FEE, "0.05", "2026-01-01", None)]
    fact_import.apply(text, by=None, digest=fact_import.plan(text).digest)
    assert len(rows()) == 2


def test_a_change_that_the_plan_does_not_touch_leaves_it_valid(kinds):
    text = table(f"{FEE},,0.045,percent,2026-12-01,,,")
    seen = fact_import.plan(text).digest
    keep_fact("eth.taker-fee", "1")
    fact_import.apply(text, by=None, digest=seen)
    assert Fact.objects.count() == 2


def test_only_those_with_the_right_apply(kinds, translator):
    with pytest.raises(PermissionDenied):
        fact_import.apply(table(), by=translator)


def test_a_comparison_costs_the_same_queries_for_three_and_for_thirty_lines(kinds, django_assert_max_num_queries):
    for count in (3, 30):
        lines = [f"s{n}.taker-fee,,1,percent,2026-01-01,,," for n in range(count)]
        with django_assert_max_num_queries(6):
            fact_import.plan(table(*lines))
        fact_import.apply(table(*lines), by=None)


# The screen


def upload(client, text, name="facts.csv"):
    data = text if isinstance(text, bytes) else text.encode()
    return client.post(reverse("admin:helpcenter_fact_import"), {"sources": SimpleUploadedFile(name, data)})


def posted(seen):
    """What the button below a comparison posts."""
    form = seen.context["form"].initial
    return {"packed": form["packed"], "digest": form["digest"], "_apply": "1"}


def test_an_editor_uploads_sees_and_applies(kinds, content_editor):
    editor = signed_in(content_editor)
    assert "Import" in html(editor.get(reverse("admin:helpcenter_fact_changelist")))
    seen = upload(editor, table(f"{FEE},,0.05,percent,2026-01-01,,,", f"{FEE},mars,1,percent,2026-01-01,,,",
                                "eth.taker-fee,,0.05,percent,2026-01-01,,,"))  # fmt: skip
    assert "no region “mars”" in html(seen)
    assert not Fact.objects.exists()
    done = editor.post(reverse("admin:helpcenter_fact_import"), posted(seen))
    assert done.status_code == 302
    assert words(done) == ["Applied: 1 added, 2 refused."]
    assert [fact.key for fact in Fact.objects.all()] == ["eth.taker-fee"]


def test_applying_over_a_change_shows_the_new_comparison_instead(kinds, content_editor):
    editor = signed_in(content_editor)
    seen = upload(editor, table(f"{FEE},,0.05,percent,2026-01-01,,,"))
    keep_fact(FEE, "0.07")
    answer = editor.post(reverse("admin:helpcenter_fact_import"), posted(seen))
    assert answer.status_code == 200
    assert "The site has changed since this was shown" in words(answer)[0]
    assert [step.effect for step in answer.context["plan"].steps] == [Effect.CHANGED]
    assert rows() == [(FEE, "0.07", "2026-01-01", None)]
    editor.post(reverse("admin:helpcenter_fact_import"), posted(answer))
    assert rows() == [(FEE, "0.05", "2026-01-01", None)]


@pytest.mark.parametrize("digest", ["", "x", "0" * 64])
def test_nothing_is_applied_that_nobody_has_seen(kinds, content_editor, digest):
    text = table(f"{FEE},,0.05,percent,2026-01-01,,,")
    answer = signed_in(content_editor).post(
        reverse("admin:helpcenter_fact_import"),
        {"packed": pack([("facts.csv", text.encode())]), "digest": digest, "_apply": "1"},
    )
    assert answer.status_code == 200
    assert not Fact.objects.exists()


@pytest.mark.parametrize("data", [b"", b"\xff", b"key\n", b"x\0"])
def test_a_file_that_cannot_be_compared_is_an_error_of_the_form(kinds, content_editor, data):
    answer = upload(signed_in(content_editor), data)
    assert answer.status_code == 200
    assert answer.context["form"].errors["sources"]


@pytest.mark.parametrize("who", ["translator", "agent"])
def test_the_screen_is_for_editors(request, who):
    client = signed_in(request.getfixturevalue(who))
    assert client.get(reverse("admin:helpcenter_fact_import")).status_code == 403
    assert upload(client, table()).status_code == 403


def test_a_hostile_file_stays_words_on_the_screen(kinds, content_editor):
    page = html(
        upload(signed_in(content_editor), table('"<script>alert(1)</script>",,1,percent,2026-01-01,,,"<img src=x>"'))
    )
    assert "<script>alert(1)" not in page
    assert "<img src=x>" not in page


# The command


def command(tmp_path, text, **options):
    file = tmp_path / "facts.csv"
    file.write_text(text, encoding="utf-8")
    call_command("import_facts", str(file), **options)


def test_the_command_compares_and_applies_on_demand(kinds, tmp_path, capsys):
    text = table(f"{FEE},,0.05,percent,2026-01-01,,,")
    command(tmp_path, text)
    assert "1 added, 0 changed, 0 ended, 0 unchanged, 0 refused." in capsys.readouterr().out
    assert not Fact.objects.exists()
    command(tmp_path, text, apply=True)
    assert Fact.objects.count() == 1


def test_the_command_fails_where_a_line_is_refused_and_names_it(kinds, tmp_path, capsys):
    with pytest.raises(SystemExit):
        command(tmp_path, table(f"{FEE},,x,percent,2026-01-01,,,"), apply=True)
    assert capsys.readouterr().err.startswith(f"2: {FEE}: “x” does not fit")
    with pytest.raises(CommandError, match="first row"):
        command(tmp_path, "nonsense")


# Kinds and regions


def test_kinds_are_created_and_changed_in_the_order_of_the_document(kinds):
    fact_naming.save_kinds("min:\n  unit: amount\n  names: {en: Least}\n" + KINDS.partition("min:")[0])
    found = FactKind.objects.all()
    assert [(kind.slug, kind.name_en, kind.name_ja) for kind in found] == [
        ("min", "Least", ""), ("taker-fee", "Taker fee", "テイカー手数料")
    ]  # fmt: skip
    assert FactKind.history.filter(slug="min").count() == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [("- a", "name each entry"), ("a: b", "“a” is no entry"), ("A:\n  unit: percent\n  names: {}", "“A” is no entry"),
     ("a:\n  unit: parsec\n  names: {en: A}", "a: “parsec” is no unit"), ("a:\n  unit: percent", "needs names"),
     ("a:\n  unit: percent\n  names: {en: " + "x" * 121 + "}", "longer than 120"), ("a: [", "not valid YAML"),
     ("min:\n  unit: count\n  names: {en: A}", "measured in amount:BTC")],
)  # fmt: skip
def test_a_document_of_kinds_that_does_not_fit_is_refused_and_nothing_is_stored(kinds, text, reason):
    keep_fact("btc.min", value("1"), unit="amount:BTC")
    with pytest.raises(BadFile, match=reason):
        fact_naming.save_kinds(text)
    assert sorted(FactKind.objects.values_list("slug", flat=True)) == ["min", "taker-fee"]


def test_the_files_that_ship_load_without_a_refusal():
    folder = settings.BASE_DIR / "fixtures"
    assert fact_naming.save_regions((folder / "regions.yaml").read_text(encoding="utf-8")) >= 4
    assert all(getattr(region, column("name", code)) for region in Region.objects.all() for code in TWELVE)
    if (folder / "facts.csv").exists():
        fact_naming.save_kinds((folder / "fact_kinds.yaml").read_text(encoding="utf-8"))
        assert fact_import.plan((folder / "facts.csv").read_text(encoding="utf-8")).refused == []


def test_a_used_fact_keeps_its_value_through_an_import(kinds):
    keep_fact(FEE, "0.05")
    ArticleFactory(slug="fees", texts={"en": f"{{fact:{FEE}}}"})
    plan = fact_import.apply(table(f"{FEE},,0.05,percent,2026-01-01,2026-02-01,,"), by=None)
    assert effects(plan) == [(2, "ended")]
    assert list(Fact.objects.without_value().used()) == [Fact.objects.get()]
