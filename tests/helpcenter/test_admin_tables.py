"""Categories, glossary, synonyms and facts as tables in the admin: out, back in, and nothing done unseen."""

import base64
import zlib
from urllib.parse import unquote

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from helpcenter import freshness
from helpcenter.actions import category_import, fact_import, synonym_import
from helpcenter.admin import table_files
from helpcenter.admin.table_files import LARGEST_PACKED, pack
from helpcenter.content import tables
from helpcenter.content.tables import Format
from helpcenter.errors import BadTable, StalePlan
from helpcenter.models import Category, ContentGeneration, Fact, FactValue, GlossaryTerm, Synonym
from tests.helpcenter.admin_forms import HOSTILE, html, listed, signed_in, words
from tests.helpcenter.factories import CategoryFactory, keep_fact, value
from tests.helpcenter.words import word

pytestmark = pytest.mark.django_db

MODELS = {"category": Category, "glossaryterm": GlossaryTerm, "synonym": Synonym, "fact": Fact}
NEW = {
    "category": "slug,name_en\nnew,New\n",
    "glossaryterm": "key,en\nnew,new\n",
    "synonym": 'language,words\nen,"new, fresh"\n',
    "fact": "key,value,effective_from\nnew.fee,1,2026-01-01\n",
}
each_model = pytest.mark.parametrize("model", MODELS)


def screen(model, verb):
    return reverse(f"admin:helpcenter_{model}_{verb}")


def upload(client, model, data, name="table.csv", **more):
    file = SimpleUploadedFile(name, data if isinstance(data, bytes) else data.encode())
    return client.post(screen(model, "import"), {"sources": file, **more})


def applied(client, model, seen, **more):
    form = seen.context["form"].initial
    return client.post(
        screen(model, "import"), {"packed": form["packed"], "digest": form["digest"], "_apply": "1", **more}
    )


def told(seen):
    plan = seen.context["plan"]
    return [(step.line, step.effect.value, step.key, step.where) for step in plan.steps]


def fill():
    """Rows of each kind that a spreadsheet would like to run, break or tidy up."""
    top = CategoryFactory(slug="top", name_en="=1+1", name_ja="@SUM(A1)", description_en='a, "b"\r\nc', position=20)
    CategoryFactory(slug="below", name_en="-Below", parent=top, position=10)
    word("margin", en="+margin", ja="証拠金", also={"ja": "M\r\nN"}, note="\tone\r\ntwo", definitions={"en": "=Funds"})
    word("fee", en="'=fee", position=3, subject="money", is_linked=False)
    Synonym.objects.create(language="zh-hans", words="强平,爆仓")
    Synonym.objects.create(words="=x, -y")
    keep_fact("btc.fee", value("0.05", "2026-01-01", "2026-06-01"), value("0.04", "2026-06-01"))
    fact = keep_fact("eth.fee", "0.06")
    FactValue.objects.filter(fact=fact).update(note="=1+1", source="")


def history(model):
    return MODELS[model].history.count()


# Out, and back in


@each_model
@pytest.mark.parametrize("form", Format)
def test_an_export_is_imported_again_and_changes_nothing(editor, model, form):
    fill()
    answer = editor.post(screen(model, "export"), {"format": form})
    assert answer["Content-Type"] == tables.CONTENT_TYPES[form]
    assert answer["Content-Disposition"].endswith(('.csv"', '.xlsx"'))
    assert len(tables.read("x", answer.content).rows) >= 2
    before = history(model)
    seen = upload(editor, model, answer.content)
    assert {effect for _line, effect, *_rest in told(seen)} == {"unchanged"}
    assert "Apply this" not in html(seen)
    generation = ContentGeneration.objects.get().number
    applied(editor, model, seen)
    assert (history(model), ContentGeneration.objects.get().number) == (before, generation)


@each_model
def test_an_export_makes_the_same_rows_where_there_are_none(editor, model):
    fill()
    written = editor.post(screen(model, "export"), {"format": "csv"}).content
    MODELS[model].objects.all().delete()
    applied(editor, model, upload(editor, model, written))
    again = upload(editor, model, written)
    assert {effect for _line, effect, *_rest in told(again)} == {"unchanged"}
    assert again.context["plan"].kept == 0


@each_model
def test_an_export_holds_the_rows_of_the_list_as_it_is_filtered(editor, model):
    fill()
    asked = {"category": "below", "glossaryterm": "margin", "synonym": "爆仓", "fact": "eth"}[model]
    assert f'href="{screen(model, "export")}?q={asked}"' in unquote(html(editor.get(listed(model), {"q": asked})))
    page = editor.get(screen(model, "export"), {"q": asked})
    assert page.context["count"] == 1
    answer = editor.post(f"{screen(model, 'export')}?q={asked}", {"format": "csv"})
    assert len(tables.read("x", answer.content).rows) == 1
    assert editor.get(screen(model, "export"), {"no": "filter"}).status_code == 302


@each_model
def test_thirty_rows_cost_an_export_as_much_as_three(editor, model):
    def queries():
        with CaptureQueriesContext(connection) as found:
            editor.post(screen(model, "export"), {"format": "csv"})
        return len(found)

    add(model, range(3))
    queries()
    few = queries()
    add(model, range(3, 30))
    assert queries() == few


def add(model, numbers):
    for n in numbers:
        {
            "category": lambda n: CategoryFactory(),
            "glossaryterm": lambda n: word(f"w{n}", en="x"),
            "synonym": lambda n: Synonym.objects.create(words=f"a{n}, b"),
            "fact": lambda n: keep_fact(f"s{n}.fee", "1"),
        }[model](n)


# In


@each_model
@pytest.mark.parametrize("form", Format)
def test_a_file_is_compared_first_and_then_applied(editor, model, form):
    table = tables.of_text(NEW[model])
    keep_fact("old.fee", "2")
    data = tables.write(table.head, [cells for _line, cells in table.rows], form)
    before, generation = history(model), freshness.current().generation
    seen = upload(editor, model, data)
    assert [step[:2] for step in told(seen)] == [(2, "added")]
    assert (history(model), ContentGeneration.objects.get().number) == (before, generation)
    answer = applied(editor, model, seen)
    assert answer["Location"] == listed(model)
    assert words(answer)[0].startswith("Applied: 1 added")
    assert history(model) == before + 1
    assert MODELS[model].history.first().history_user is not None
    assert ContentGeneration.objects.get().number > generation


@each_model
def test_what_somebody_changed_meanwhile_is_compared_again(editor, model):
    keep_fact("old.fee", "2")
    seen = upload(editor, model, NEW[model])
    table = tables.of_text(NEW[model])
    {
        "category": lambda: category_import.apply(table, by=None),
        "glossaryterm": lambda: word("new", en="other"),
        "synonym": lambda: synonym_import.apply(table, by=None),
        "fact": lambda: keep_fact("new.fee", "5"),
    }[model]()
    before = history(model)
    answer = applied(editor, model, seen)
    assert answer.status_code == 200
    assert "has changed since this was shown" in words(answer)[0]
    assert history(model) == before


@each_model
@pytest.mark.parametrize("digest", ["", "x"])
def test_nothing_is_applied_that_nobody_has_seen(editor, model, digest):
    keep_fact("old.fee", "2")
    before = history(model)
    packed = pack([("a.csv", NEW[model].encode())])
    answer = editor.post(screen(model, "import"), {"packed": packed, "digest": digest, "_apply": "1"})
    assert answer.status_code == 200
    assert history(model) == before


@each_model
@pytest.mark.parametrize("who", ["translator", "agent"])
def test_who_may_not_change_rows_imports_none(request, model, who):
    client = signed_in(request.getfixturevalue(who))
    assert upload(client, model, NEW[model]).status_code == 403
    assert client.get(screen(model, "import")).status_code == 403
    assert screen(model, "import") not in html(client.get(listed(model)))


@pytest.mark.parametrize("take", [category_import.apply, synonym_import.apply, fact_import.apply])
def test_actions_refuse_whoever_has_no_right(take, translator):
    with pytest.raises(PermissionDenied):
        take(tables.Table(), by=translator)


@each_model
def test_an_agent_exports_nothing(agent, model):
    assert signed_in(agent).post(screen(model, "export"), {"format": "csv"}).status_code == 403


@each_model
@pytest.mark.parametrize("data", [b"", b"\xff\xff", b"PK\x03\x04", b"x,y\n1,2\n", b"x\0"])
def test_a_file_that_is_no_table_is_refused_and_says_why(editor, model, data):
    answer = upload(editor, model, data)
    assert answer.status_code == 200
    refused = answer.context["form"].errors.get("sources") or answer.context["plan"].refused
    assert refused
    assert "Apply this" not in html(answer)


@each_model
def test_a_hostile_file_stays_words_on_the_screen(editor, model):
    head = NEW[model].partition("\n")[0]
    cell = HOSTILE.replace('"', '""')
    page = html(upload(editor, model, head + "\n" + ",".join([f'"{cell}"'] * (head.count(",") + 1)), name="<img>.csv"))
    assert "<script>alert(1)" not in page
    assert "<img" not in page


def test_a_file_too_large_to_travel_is_refused(editor, monkeypatch):
    monkeypatch.setattr(table_files, "LARGEST_PACKED", 10)
    assert LARGEST_PACKED < 2 * 1024 * 1024
    answer = upload(editor, "synonym", NEW["synonym"])
    assert "Split it" in str(answer.context["form"].errors["sources"])


def test_of_many_changes_the_first_are_shown_and_the_others_counted(editor):
    lines = "".join(f"en,a{n} | x{n}\n".replace(" | ", "、") for n in range(520))
    seen = upload(editor, "synonym", "language,words\n" + lines)
    assert "and 20 more" in html(seen)
    assert html(seen).count("<tr>") < 510


def test_what_comes_back_forged_is_refused(editor):
    for names in (b'[["a", Infinity]]', b"{}[", b'{"ab": 1}', b"1", b"[[1]]", b"[" * 10_000):
        packed = base64.b64encode(zlib.compress(names + b"\nx")).decode()
        answer = editor.post(screen("synonym", "import"), {"packed": packed, "digest": "x", "_apply": "1"})
        assert "Choose the file again" in str(answer.context["form"].errors["sources"])


# Categories


def tree():
    top = CategoryFactory(slug="top", name_en="Top", position=10)
    middle = CategoryFactory(slug="middle", name_en="Middle", parent=top, position=10)
    CategoryFactory(slug="leaf", name_en="Leaf", parent=middle, position=10)
    CategoryFactory(slug="other", name_en="Other", position=20)


def plan(*lines, head="slug,parent,position,name_en,name_ja"):
    found = category_import.plan(tables.of_text("\n".join([head, *lines])))
    return found, [(step.line, step.effect.value, step.where) for step in found.steps]


def apply(*lines, head="slug,parent,position,name_en,name_ja", **options):
    return category_import.apply(tables.of_text("\n".join([head, *lines])), by=None, **options)


def test_changed_columns_are_named_with_what_stood_there():
    tree()
    found, steps = plan("other,top,30,Others,その他", "leaf,middle,10,Leaf,")
    assert steps == [(2, "changed", name) for name in ("parent", "position", "name_en", "name_ja")] + [
        (3, "unchanged", "")
    ]
    assert [(step.before, step.after) for step in found.changes][:3] == [("", "top"), ("20", "30"), ("Other", "Others")]
    assert (found.kept, found.counts["changed"]) == (2, 1)


def test_new_branches_are_stored_whatever_the_order_of_their_rows():
    apply("c,b,5,C,", "b,a,5,B,", "a,,5,A,あ")
    assert [(c.slug, c.parent and c.parent.slug, c.name_ja) for c in Category.objects.in_order()] == [
        ("a", None, "あ"), ("b", "a", None), ("c", "b", None)
    ]  # fmt: skip


def test_a_column_that_is_not_there_leaves_what_is_stored_and_an_empty_cell_empties_it():
    tree()
    Category.objects.filter(slug="leaf").update(name_ja="葉", description_en="Green.")
    apply("leaf,", head="slug,name_ja")
    leaf = Category.objects.get(slug="leaf")
    assert (leaf.name_ja, leaf.description_en, leaf.parent.slug) == ("", "Green.", "middle")


def test_a_category_without_an_english_name_comes_back_as_it_is():
    CategoryFactory(slug="a", name_en="", name_ja="日")
    assert plan("a,,10,,日")[1] == [(2, "unchanged", "")]


def test_a_new_category_without_a_position_comes_last():
    tree()
    apply("new,New", head="slug,name_en")
    assert Category.objects.get(slug="new").position == 30


BAD = [
    ("No slug!,,1,N,", "slug", "no slug"),
    (",,1,N,", "slug", "no slug"),
    ("n,nowhere,1,N,", "parent", "no category “nowhere”"),
    ("n,n,1,N,", "parent", "below itself"),
    ("n,leaf,1,N,", "parent", "3 levels deep"),
    ("top,leaf,1,Top,", "parent", "below itself"),
    ("top,other,1,Top,", "parent", "3 levels deep"),
    ("n,,0,N,", "position", "no position"),
    ("n,,x,N,", "position", "no position"),
    ("n,,1,,", "name_en", "English name is missing"),
    ("top,,1,,", "name_en", "English name is missing"),
    (f"n,,1,N,{'x' * 121}", "name_ja", "longer than 120"),
    ("n,,1,N", "", "4 cells"),
    ("other,,20,Other,\nother,,20,Other,", "slug", "stands in line 2"),
]


@pytest.mark.parametrize(("line", "column", "reason"), BAD)
def test_a_bad_row_is_refused_with_its_line_column_and_reason(line, column, reason):
    tree()
    found, _steps = plan(*line.split("\n"), "fine,,1,Fine,")
    (refused,) = found.refused
    assert (refused.line, refused.where) == (2 + line.count("\n"), column)
    assert reason in refused.reason
    apply(*line.split("\n"), "fine,,1,Fine,")
    assert Category.objects.filter(slug="fine").exists()


def test_what_hangs_on_a_refused_row_is_refused_and_what_it_hangs_on_is_not():
    found, _steps = plan("d,c,1,D,", "c,b,1,C,", "b,a,1,B,", "a,,1,A,", "e,d,1,E,", "y,x,1,Y,", "x,,0,X,")
    assert {step.key for step in found.refused} == {"d", "e", "x", "y"}


@pytest.mark.parametrize(
    ("head", "reason"),
    [("name_en", "name the column “slug”"), ("slug,colour", "“colour” is not known"), ("slug,slug", "stands twice"),
     ("slug,name_xx", "“name_xx” is not known")],
)  # fmt: skip
def test_what_is_no_table_of_categories_is_refused_as_a_whole(head, reason):
    with pytest.raises(BadTable, match=reason):
        plan(head=head)


@pytest.mark.both
def test_a_plan_of_categories_is_refused_when_they_have_moved_on():
    tree()
    seen = plan("other,top,30,Others,")[0].digest
    Category.objects.filter(slug="other").update(position=25)
    with pytest.raises(StalePlan):
        apply("other,top,30,Others,", digest=seen)
    apply("other,top,30,Others,", digest=plan("other,top,30,Others,")[0].digest)
    assert Category.objects.get(slug="other").position == 30


def test_a_comparison_of_categories_costs_the_same_for_three_and_for_thirty(django_assert_num_queries):
    for count in (3, 30):
        with django_assert_num_queries(2):
            plan(*(f"n{n},,1,N," for n in range(count)))
        add("category", range(count))


# Synonyms


def synonyms():
    return sorted(Synonym.objects.values_list("language", "words"))


def test_groups_are_known_by_their_words_in_any_order():
    Synonym.objects.create(language="en", words="fee,charge")
    found = synonym_import.apply(
        tables.of_text('language,words\nen,"charge, fee"\nen,cost、price\nen,"price, cost"\nja,"fee, charge"\n'),
        by=None,
    )
    assert [step.effect.value for step in found.steps] == ["unchanged", "added", "unchanged", "added"]
    assert synonyms() == [("en", "cost, price"), ("en", "fee,charge"), ("ja", "fee, charge")]


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [("xx,\"a, b\"", "language", "no language of this site"), ("en,a", "words", "at least two"),
     ("en,\"a, " + "b" * 400 + "\"", "words", "longer than 400"), ("en", "", "1 cell")],
)  # fmt: skip
def test_a_bad_group_is_refused_and_nothing_is_removed_then(line, column, reason):
    Synonym.objects.create(words="a, b")
    table = tables.of_text(f'language,words\n{line}\nen,"c, d"\n')
    found = synonym_import.apply(table, by=None, removes=True)
    assert [(step.line, step.where) for step in found.refused] == [(2, column)]
    assert reason in found.refused[0].reason
    assert synonyms() == [("", "a, b"), ("en", "c, d")]


def test_groups_that_the_file_does_not_name_go_only_where_that_was_asked(person):
    Synonym.objects.create(words="a, b")
    client = signed_in(person(is_superuser=True))
    kept = upload(client, "synonym", NEW["synonym"])
    assert kept.context["told"] == "1 added, 1 not named and kept"
    seen = upload(client, "synonym", NEW["synonym"], removes="on")
    assert told(seen) == [(2, "added", "en", "words"), (0, "removed", "", "words")]
    assert applied(client, "synonym", seen).status_code == 200  # without the tick it is another plan
    assert synonyms() == [("", "a, b")]
    applied(client, "synonym", seen, removes="on")
    assert synonyms() == [("en", "new, fresh")]
    assert Synonym.history.filter(history_type="-").count() == 1


def test_who_may_not_delete_synonyms_removes_none(editor, content_editor):
    Synonym.objects.create(words="a, b")
    assert 'name="removes"' not in html(editor.get(screen("synonym", "import")))
    seen = upload(editor, "synonym", NEW["synonym"], removes="on")
    applied(editor, "synonym", seen, removes="on")
    assert synonyms() == [("", "a, b"), ("en", "new, fresh")]
    with pytest.raises(PermissionDenied):
        synonym_import.apply(tables.of_text(NEW["synonym"]), by=content_editor, removes=True)


def test_synonyms_are_listed_by_language(editor):
    Synonym.objects.create(words="aaa aaa, b")  # with a blank, which no token of the page has
    Synonym.objects.create(language="ja", words="ccc ccc, d")
    shown = {code: html(editor.get(listed("synonym"), {"language": code})) for code in ("all", "ja", "")}
    assert {code: ("aaa aaa" in page, "ccc ccc" in page) for code, page in shown.items()} == {
        "all": (True, False), "ja": (False, True), "": (True, True)
    }  # fmt: skip
