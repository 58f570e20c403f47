"""Facts in the admin: values below their fact, what is missing today, who may, what is refused."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from helpcenter.models import Fact, FactKind, FactValue, Region
from tests.helpcenter.admin_forms import CODES, article_form, change, fact_form, html, listed, signed_in
from tests.helpcenter.factories import ArticleFactory, keep_fact, save_text, value

pytestmark = pytest.mark.django_db

FEE = "btcusdt-perp.taker-fee"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(datetime(2026, 11, 24, 12, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


def errors(answer):
    (inline,) = answer.context["inline_admin_formsets"]
    return [dict(form.errors) for form in inline.formset.forms]


def test_an_editor_writes_a_fact_with_its_values_and_readers_see_it(client, editor):
    answer = editor.post(reverse("admin:helpcenter_fact_add"), fact_form(None, value("0.050")))
    assert answer.status_code == 302
    ArticleFactory(slug="x", texts={"en": f"Pay {{fact:{FEE}}}."})
    assert "0.050%" in html(client.get("/en/articles/x/"))
    fact = Fact.objects.get()
    first = fact.values.get()
    first.effective_until = datetime(2026, 12, 1, tzinfo=UTC)
    posted = fact_form(fact, value("0.045", "2026-12-01"))
    posted |= {"values-0-effective_until_0": "2026-12-01", "values-0-effective_until_1": "00:00"}
    assert editor.post(change("fact", fact.pk), posted).status_code == 302
    assert list(FactValue.objects.order_by("effective_from").values_list("value", flat=True)) == ["0.050", "0.045"]
    assert FactValue.history.filter(history_user__isnull=False).count() == 3


def test_a_value_is_taken_away(editor):
    fact = keep_fact(FEE, value("1", until="2026-02-01"), value("2", "2026-02-01"))
    editor.post(change("fact", fact.pk), fact_form(fact, **{"values-0-DELETE": "on"}))
    assert FactValue.objects.get().value == "2"


def test_a_new_value_ends_the_one_without_an_end_and_leaves_other_regions_alone(editor):
    fact = keep_fact(FEE, "0.05", value("0.04", region="eu"))
    rows = [value("0.06", "2026-11-24", source="Somewhere"), value("0.07", "2027-01-01")]
    assert editor.post(change("fact", fact.pk), fact_form(fact, *rows)).status_code == 302
    spans = dict(FactValue.objects.filter(fact=fact).values_list("value", "effective_until"))
    first, second = datetime(2026, 11, 24, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    assert spans == {"0.05": first, "0.06": second, "0.07": None, "0.04": None}


@pytest.mark.parametrize("typed", [FEE, f"{{fact:{FEE}}}", "taker-fee btcusdt"])
def test_a_fact_is_found_by_its_key_as_texts_name_it(editor, typed):
    keep_fact(FEE, "0.05")
    keep_fact("btcusdt-perp.maker-fee", "0.02")
    page = html(editor.get(listed("fact"), {"q": typed}))
    assert f">{FEE}</a>" in page
    assert ">btcusdt-perp.maker-fee</a>" not in page


def test_values_that_overlap_are_an_error_of_the_row_and_everything_typed_stays(editor):
    fact = keep_fact(FEE, value("0.05", until="2026-12-01"))
    answer = editor.post(change("fact", fact.pk), fact_form(fact, value("0.0451", "2026-06-01", source="Somewhere")))
    assert "hold at the same time" in errors(answer)[1]["effective_from"][0]
    assert 'value="0.0451"' in html(answer)
    assert 'value="Somewhere"' in html(answer)
    assert FactValue.objects.count() == 1


@pytest.mark.parametrize(
    ("row", "words"),
    [({"value": "five"}, "does not fit the unit percent"),
     ({"value": "1", "until": "2025-01-01"}, "end after it begins"),
     ({"value": "1", "source": "http://x"}, "begins with https")],
)  # fmt: skip
def test_a_value_that_does_not_fit_is_an_error_of_its_row(editor, row, words):
    text = row.pop("value")
    answer = editor.post(reverse("admin:helpcenter_fact_add"), fact_form(None, value(text, **row)))
    assert any(words in error for field in errors(answer)[0].values() for error in field)
    assert not Fact.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"subject": "Not A Subject"}, "subject"), ({"subject": ""}, "subject"), ({"kind": ""}, "kind"),
     ({"kind": "x"}, "kind"), ({"unit": "hours"}, "unit"), ({"unit": "parsecs"}, "unit")],
)  # fmt: skip
def test_a_wrong_field_is_named(editor, changes, field):
    answer = editor.post(reverse("admin:helpcenter_fact_add"), fact_form(None, value("1"), **changes))
    assert field in answer.context["adminform"].form.errors


def test_the_same_fact_twice_is_refused(editor):
    keep_fact(FEE, "1")
    answer = editor.post(reverse("admin:helpcenter_fact_add"), fact_form(None, value("1")))
    assert answer.status_code == 200
    assert Fact.objects.count() == 1


def test_two_editors_of_one_fact_the_second_is_told_and_nothing_typed_is_lost(editor):
    fact = keep_fact(FEE, "1")
    posted = fact_form(fact, **{"values-0-value": "3"})
    with time_machine.travel(datetime(2026, 11, 24, 13, 0, tzinfo=UTC)):
        keep_fact(FEE, value("9", region="eu"))
    answer = editor.post(change("fact", fact.pk), posted)
    assert answer.status_code == 200
    assert "Somebody else saved" in html(answer)
    assert 'value="3"' in html(answer)
    assert sorted(FactValue.objects.values_list("value", flat=True)) == ["1", "9"]


def test_the_last_good_value_of_a_public_text_cannot_be_taken_away(editor):
    fact = keep_fact(FEE, "1")
    ArticleFactory(texts={"en": f"{{fact:{FEE}}}"})
    answer = editor.post(change("fact", fact.pk), fact_form(fact, **{"values-0-DELETE": "on"}))
    assert "needs a value that has begun" in html(answer)
    assert FactValue.objects.count() == 1


# What is missing today


def test_the_list_has_the_value_of_today_and_finds_what_is_missing(editor):
    keep_fact(FEE, value("0.050", until="2026-12-01"), value("0.045", "2026-12-01"))
    keep_fact("eth.taker-fee", value("0.070", until="2026-06-01"))
    keep_fact("sol.taker-fee", value("1", "2027-01-01"))
    keep_fact("doge.taker-fee", value("1", region="eu"))
    ArticleFactory(texts={"en": "{fact:eth.taker-fee}"})
    everything = html(editor.get(listed("fact")))
    assert "0.050%" in everything
    assert "0.045%" not in everything
    assert "ended; still shown" in everything
    assert "no value has begun" in everything

    def found(query):
        return {fact.subject for fact in editor.get(listed("fact") + query).context["cl"].result_list}

    assert found("?today=missing") == {"eth", "sol", "doge"}
    assert found("?today=used") == {"eth"}
    assert found("?region=eu") == {"doge"}


def test_the_page_of_a_fact_warns_and_names_the_texts_that_show_it(editor):
    fact = keep_fact(FEE, value("1", until="2026-06-01"))
    article = ArticleFactory(slug="fees", texts={"en": f"{{fact:{FEE}}}"})
    page = html(editor.get(change("fact", fact.pk)))
    assert "No value holds today" in page
    assert change("article", article.pk, "en") in page


def test_a_draft_that_names_a_missing_fact_says_so_on_the_form(editor):
    article = ArticleFactory(texts={"en": "Text."})
    save_text(article, "en", "One.\n\n{fact:no.fee}")
    page = html(editor.get(change("article", article.pk, "en")))
    assert "Fact that does not exist: no.fee" in page
    assert "line 3" in page


def test_publishing_a_text_that_names_a_missing_fact_says_why_and_keeps_the_draft(lead):
    article = ArticleFactory(texts={"en": "Text."})
    posted = article_form(article, text_body="One.\n\nPay {fact:no.fee}.", _publish="1")
    answer = lead.post(change("article", article.pk, "en"), posted, follow=True)
    assert "Saved, but not published: There is no fact “no.fee” with a value that has begun (line 3)." in html(answer)
    assert article.revisions.order_by("-number")[0].body.endswith("{fact:no.fee}.")


def test_the_page_of_a_fact_keeps_what_was_changed_and_by_whom(editor, content_editor):
    fact = keep_fact(FEE, value("0.0501", until="2026-06-01"))
    editor.post(change("fact", fact.pk), fact_form(fact, value("0.0402", "2026-06-01", region="eu")))
    editor.post(change("fact", fact.pk), fact_form(Fact.objects.get(), **{"values-0-value": "0.0503"}))
    told = [(row.history_type, row.value) for row in editor.get(change("fact", fact.pk)).context["changes"]]
    assert told == [("~", "0.0503"), ("+", "0.0402"), ("+", "0.0501")]
    assert str(content_editor) in html(editor.get(change("fact", fact.pk)))


def test_an_earlier_version_of_a_fact_is_shown_and_not_put_back(editor):
    fact = keep_fact("btc.min", value("1"), unit="amount:BTC")
    version = Fact.history.first()
    Fact.objects.filter(pk=fact.pk).update(unit="amount:ETH")
    address = reverse("admin:helpcenter_fact_simple_history", args=[fact.pk, version.pk])
    page = editor.get(address)
    assert page.status_code == 200
    assert "Revert" not in html(page)
    editor.post(address, {"unit": "amount:BTC"})
    assert Fact.objects.get().unit == "amount:ETH"


# What cannot go


@pytest.mark.parametrize("model", ["fact", "factkind"])
def test_what_a_public_text_uses_is_not_deleted_and_the_texts_are_named(administrator, model):
    fact = keep_fact(FEE, "1")
    ArticleFactory(slug="fees", texts={"en": f"{{fact:{FEE}}}"})
    pk = fact.pk if model == "fact" else fact.kind_id
    admin = signed_in(administrator)
    address = reverse(f"admin:helpcenter_{model}_delete", args=[pk])
    assert "fees (en)" in html(admin.get(address))
    admin.post(address, {"post": "yes"})
    assert Fact.objects.exists()


def test_an_unused_fact_is_deleted(editor):
    fact = keep_fact(FEE, "1")
    assert editor.post(reverse("admin:helpcenter_fact_delete", args=[fact.pk]), {"post": "yes"}).status_code == 302
    assert not Fact.objects.exists()


def test_a_region_with_values_stays(administrator):
    keep_fact(FEE, "1", value("2", region="eu"))
    signed_in(administrator).post(
        reverse("admin:helpcenter_region_delete", args=[Region.objects.get().pk]), {"post": "yes"}
    )
    assert Region.objects.exists()


# Kinds


def names(**changes):
    return {**{f"name_{code}": "" for code in CODES}, "position": 0, **changes}


def test_a_kind_has_a_name_in_every_language_and_a_unit_that_exists(editor):
    add = reverse("admin:helpcenter_factkind_add")
    answer = editor.post(add, names(slug="lot", unit="parsecs", name_en="Lot"))
    assert "is no unit" in html(answer)
    assert editor.post(add, names(slug="lot", unit="amount", name_en="Lot", name_ja="単位")).status_code == 302
    assert FactKind.objects.get().name_ja == "単位"


def test_the_unit_of_a_kind_stays_what_its_facts_are_measured_in(editor):
    fact = keep_fact(FEE, "1")
    answer = editor.post(change("factkind", fact.kind_id), names(slug="taker-fee", unit="hours"))
    assert "measured in another unit: btcusdt-perp" in html(answer)


@pytest.mark.parametrize("model", ["factkind", "region"])
def test_a_name_that_texts_and_addresses_use_does_not_change(editor, model):
    fact = keep_fact(FEE, "1", value("2", region="eu"))
    pk, name = (fact.kind_id, "slug") if model == "factkind" else (Region.objects.get().pk, "code")
    posted = names(**{name: "renamed", "unit": "percent", "name_en": "Other"})
    assert editor.post(change(model, pk), posted).status_code == 302
    row = FactKind.objects.get() if model == "factkind" else Region.objects.get()
    assert (getattr(row, name), row.name_en) == ("taker-fee" if model == "factkind" else "eu", "Other")


# What it costs


def test_the_lists_cost_the_same_queries_for_three_and_for_thirty_rows(editor, django_assert_max_num_queries):
    for count in (3, 30):
        for number in range(count):
            keep_fact(f"s{count}-{number}.taker-fee", "1")
        with django_assert_max_num_queries(14):
            editor.get(listed("fact"))


def test_the_form_costs_the_same_queries_for_three_and_for_thirty_values(editor, django_assert_max_num_queries):
    for year in range(2000, 2030):
        fact = keep_fact(FEE, value("1", f"{year}-01-01", f"{year}-06-01"))
    with django_assert_max_num_queries(14):
        editor.get(change("fact", fact.pk))
