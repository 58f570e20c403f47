"""Taking a glossary in: what is stored, what stays, who may, and that a second time changes nothing."""

from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from helpcenter.actions.glossary_import import export, import_glossary
from helpcenter.content import tables
from helpcenter.enums import EventKind
from helpcenter.models import ContentEvent, GlossaryTerm
from tests.helpcenter.factories import ArticleFactory
from tests.helpcenter.words import word

pytestmark = pytest.mark.django_db

TABLE = b"""key,part_of_speech,definition_en,en,ja,avoid,note
margin,noun,Funds set aside.,margin,\xe8\xa8\xbc\xe6\x8b\xa0\xe9\x87\x91,,Also accepted: ja M.
fee,noun,A charge.,fee,F,ja:C (bank),
"""


def take(*files, by=None):
    return import_glossary(files, by=by)


def table():
    return tables.write(*export(GlossaryTerm.objects.all()), tables.Format.CSV)


def changed_languages():
    return set(ContentEvent.objects.filter(kind=EventKind.GLOSSARY).values_list("language", flat=True))


def test_a_table_makes_words_in_its_order():
    report = take(("words.csv", TABLE))
    assert (report.added, report.changed, report.unchanged, report.problems) == (2, 0, 0, [])
    first, second = GlossaryTerm.objects.all()
    assert (first.key, first.term_en, first.term_ja, first.also_ja) == ("margin", "margin", "証拠金", "M")
    assert (second.key, second.rejected_ja, second.definition_en) == ("fee", "C (bank)", "A charge.")


def test_a_second_time_changes_nothing():
    take(("words.csv", TABLE))
    before = ContentEvent.objects.count()
    report = take(("words.csv", TABLE))
    assert (report.added, report.changed, report.unchanged) == (0, 0, 2)
    assert ContentEvent.objects.count() == before
    assert GlossaryTerm.history.count() == 2


def test_definitions_come_after_tables_whatever_the_order_of_the_files():
    report = take(("ja.yaml", "margin:\n  definition: 資金。\n  also: [担保]\n".encode()), ("words.csv", TABLE))
    assert report.problems == []
    row = GlossaryTerm.objects.get(key="margin")
    assert (row.definition_ja, row.also_ja.splitlines()) == ("資金。", ["担保", "M"])


def test_what_a_file_does_not_mention_stays():
    take(("words.csv", TABLE), ("ja.yaml", b"margin:\n  definition: D\n  also: [A]\n"))
    take(("words.csv", TABLE), ("ja.yaml", b"fee:\n  definition: E\n"))
    row = GlossaryTerm.objects.get(key="margin")
    assert (row.definition_ja, row.also_ja) == ("D", "A\nM")


def test_a_definition_of_an_unknown_word_is_named_and_the_rest_is_stored():
    take(("words.csv", TABLE))
    report = take(("ja.yaml", b"nothing:\n  definition: D\nfee:\n  definition: E\n"))
    assert [(problem.file, problem.line) for problem in report.problems] == [("ja.yaml", 1)]
    assert GlossaryTerm.objects.get(key="fee").definition_ja == "E"


def test_uses_name_the_article_that_explains_a_word():
    article = ArticleFactory(slug="modes")
    uses = b"subjects: {margin: [margin], money: [fee]}\nunlinked: [fee]\narticles: {margin: modes, fee: gone}\n"
    take(("words.csv", TABLE), ("uses.yaml", uses))
    margin, fee = GlossaryTerm.objects.get(key="margin"), GlossaryTerm.objects.get(key="fee")
    assert (margin.article, margin.subject, margin.is_linked) == (article, "margin", True)
    assert (fee.article, fee.subject, fee.is_linked) == (None, "money", False)


def test_only_the_languages_that_changed_are_drawn_again():
    take(("words.csv", TABLE))
    ContentEvent.objects.filter(kind=EventKind.GLOSSARY).delete()
    take(("ja.yaml", b"margin:\n  definition: D\n"))
    assert changed_languages() == {"ja"}


def test_who_may_not_change_words_imports_none(person, content_editor):
    with pytest.raises(PermissionDenied):
        take(("words.csv", TABLE), by=person("Translators"))
    assert not GlossaryTerm.objects.exists()
    take(("words.csv", TABLE), by=content_editor)
    assert ContentEvent.objects.filter(kind=EventKind.GLOSSARY).first().by == content_editor


def test_an_export_is_taken_back_unchanged():
    ArticleFactory(slug="modes")
    take(("words.csv", TABLE), ("uses.yaml", b"subjects: {margin: [margin, fee]}\narticles: {margin: modes}\n"))
    exported = table()
    report = take(("glossary.csv", exported))
    assert (report.added, report.changed, report.unchanged, report.problems) == (0, 0, 2, [])
    GlossaryTerm.objects.all().delete()
    take(("glossary.csv", exported))
    assert table() == exported


def test_the_command_takes_the_shipped_glossary_twice():
    out = StringIO()
    call_command("import_glossary", stdout=out)
    call_command("import_glossary", stdout=out)
    assert out.getvalue().splitlines() == [
        "140 words added, 0 changed, 0 unchanged, 0 left as staff have them.",
        "0 words added, 0 changed, 140 unchanged, 0 left as staff have them.",
    ]


def test_the_command_names_what_is_wrong_and_fails(tmp_path):
    word("fee", en="fee")
    (tmp_path / "ja.yaml").write_text("fee:\n  definition: D\nno:\n  definition: D\n")
    errors = StringIO()
    with pytest.raises(SystemExit):
        call_command("import_glossary", tmp_path / "ja.yaml", stderr=errors, verbosity=0)
    assert errors.getvalue() == "error: ja.yaml, line 3: “no” is no word of the glossary. Add it to the table first.\n"
    with pytest.raises(CommandError):
        call_command("import_glossary", tmp_path / "none.csv")
