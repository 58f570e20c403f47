"""The glossary in the admin: words, what is missing, files in and out."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from helpcenter.enums import EventKind
from helpcenter.models import ContentEvent, GlossaryTerm
from supportdesk.ui.languages import column, content_languages
from tests.helpcenter.admin_forms import HOSTILE, change, html, listed, signed_in, words
from tests.helpcenter.words import word

pytestmark = pytest.mark.django_db
IMPORT = "admin:helpcenter_glossaryterm_import"


def form(**changes):
    texts = {column(name, c): "" for name in ("term", "definition", "also", "rejected") for c in content_languages()}
    fields = {
        "key": "margin",
        "subject": "margin",
        "part_of_speech": "noun",
        "position": "1",
        "note": "",
        "article": "",
    }
    flags = {"is_shown": "on", "is_linked": "on", "is_searched": "on"}
    return {**texts, **fields, **flags, "term_en": "margin", **changes}


def changed():
    return set(ContentEvent.objects.filter(kind=EventKind.GLOSSARY).values_list("language", flat=True))


def test_a_word_is_added_and_readers_see_it(editor, client):
    answer = editor.post(reverse("admin:helpcenter_glossaryterm_add"), form(definition_en="Funds."))
    assert answer.status_code == 302
    assert "Funds." in html(client.get("/en/glossary/"))


def test_a_changed_definition_draws_its_language_again(editor):
    row = word("margin", en="margin", subject="margin", part_of_speech="noun", position=1)
    answer = editor.post(change("glossaryterm", row.pk), form(definition_ja="資金。"))
    assert answer.status_code == 302
    assert changed() == {"ja"}
    assert GlossaryTerm.history.filter(id=row.pk).count() == 2


def test_a_changed_use_draws_every_language_again(editor):
    row = word("margin", en="margin", subject="margin", part_of_speech="noun", position=1)
    editor.post(change("glossaryterm", row.pk), form(is_linked=""))
    assert changed() == set(content_languages())


@pytest.mark.parametrize("key", ["Mark", "mark-price", "", "x" * 61, HOSTILE])
def test_a_bad_key_is_refused_and_nothing_typed_is_lost(editor, key):
    answer = editor.post(reverse("admin:helpcenter_glossaryterm_add"), form(key=key, definition_en="Kept words."))
    assert answer.status_code == 200
    assert "Kept words." in html(answer)
    assert not GlossaryTerm.objects.exists()


def test_words_without_a_definition_are_found_by_language(editor):
    word("margin", en="margin", definitions={"en": "Funds.", "ja": "資金。"})
    word("fee", en="fee", definitions={"en": "A charge."})
    page = html(editor.get(listed("glossaryterm"), {"missing": "ja"}))
    assert ">fee<" in page
    assert ">margin<" not in page
    assert editor.get(listed("glossaryterm"), {"missing": "nothing"}).status_code == 200


def test_words_are_found_by_their_terms_in_every_language(editor):
    word("margin", en="margin", zh_hans="保证金")
    word("fee", en="fee")
    page = html(editor.get(listed("glossaryterm"), {"q": "保证金"}))
    assert (">margin<" in page, ">fee<" in page) == (True, False)


def test_thirty_words_cost_the_list_as_much_as_three(editor):
    def queries():
        with CaptureQueriesContext(connection) as found:
            editor.get(listed("glossaryterm"))
        return len(found)

    for n in range(3):
        word(f"a{n}", en="x")
    queries()
    few = queries()
    for n in range(27):
        word(f"b{n}", en="x")
    assert queries() == few


def upload(name, text):
    return SimpleUploadedFile(name, text.encode(), "text/plain")


def compared(editor, *files):
    return editor.post(reverse(IMPORT), {"sources": list(files)})


def applied(editor, seen):
    form = seen.context["form"].initial
    return editor.post(reverse(IMPORT), {"packed": form["packed"], "digest": form["digest"], "_apply": "1"})


def test_files_are_compared_and_then_imported(editor):
    files = [upload("ja.yaml", "margin:\n  definition: 資金。\n"), upload("w.csv", "key,en,ja\nmargin,margin,証拠金\n")]
    seen = compared(editor, *files)
    assert not GlossaryTerm.objects.exists()
    answer = applied(editor, seen)
    assert answer["Location"] == listed("glossaryterm")
    assert words(answer) == ["Applied: 1 added."]
    assert GlossaryTerm.objects.get().definition_ja == "資金。"


def test_what_is_wrong_in_a_file_is_listed_with_its_line(editor):
    seen = compared(editor, upload("w.csv", "key,en\nmargin,margin\nBad,bad\n"))
    (refused,) = seen.context["plan"].refused
    assert (refused.file, refused.line) == ("w.csv", 3)
    assert refused.reason in html(seen)
    assert words(applied(editor, seen)) == ["Applied: 1 added, 1 refused."]
    assert GlossaryTerm.objects.get().key == "margin"


@pytest.mark.parametrize(
    "files", [[], [upload("w.csv", "")], [upload("w.csv", "x" * (5 * 1024 * 1024 + 1))]], ids=["none", "empty", "large"]
)
def test_files_that_cannot_be_taken_are_refused_by_the_form(editor, files):
    answer = compared(editor, *files)
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_an_export_comes_back_unchanged(editor):
    row = word("margin", en="margin", ja="証拠金", also={"ja": "M"}, definitions={"en": "Funds."}, position=3)
    answer = editor.post(listed("glossaryterm"), {"action": "export_chosen", "_selected_action": [row.pk]})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    seen = compared(editor, upload("glossary.csv", answer.content.decode()))
    assert (seen.context["plan"].changes_something, seen.context["told"]) == (False, "1 unchanged")


def test_words_are_listed_by_the_language_that_has_a_term(editor):
    word("margin", en="margin", ja="証拠金")
    word("fee", en="fee", ja="")
    page = html(editor.get(listed("glossaryterm"), {"language": "ja"}))
    assert (">margin<" in page, ">fee<" in page) == (True, False)
    assert editor.get(listed("glossaryterm"), {"language": "nothing"}).status_code == 200


def test_who_may_only_read_words_imports_none(person):
    reader = signed_in(person("Translators"))
    answer = reader.post(reverse(IMPORT), {"sources": [upload("w.csv", "key,en\nmargin,margin\n")]})
    assert answer.status_code == 403
    assert not GlossaryTerm.objects.exists()
    assert reverse(IMPORT) not in html(reader.get(listed("glossaryterm")))
