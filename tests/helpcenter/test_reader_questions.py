"""Questions of readers: kept with a text, for the search alone; no page, no gate and no translation depends on them."""

import pytest
from django.urls import reverse

from helpcenter.actions import drafting, publishing, reverting, working_drafts
from helpcenter.actions.exporting import export_folder
from helpcenter.actions.folder_import import FolderImport
from helpcenter.content import questions
from helpcenter.errors import InvalidText
from helpcenter.models import Revision, TranslationState, WorkingDraft
from tests.helpcenter import searching
from tests.helpcenter.admin_forms import SECRET, article_form, change, html, signed_in
from tests.helpcenter.factories import ArticleFactory, publish_text
from tests.helpcenter.samples import files_below, write_folder
from tests.helpcenter.searching import found, suggested

pytestmark = pytest.mark.django_db

ASKED = ("where did my coins go", "money vanished after sending")


def text(*asked, body="Payments are final.", **more):
    return drafting.Text("Irreversible payments", body, questions=asked, **more)


def latest(article, language="en"):
    return Revision.objects.of(article, language).newest_first().first()


@pytest.fixture
def article():
    return ArticleFactory(slug="final", texts={"en": text(*ASKED)})


@pytest.fixture
def indexed(article):
    searching.clear_indexes()
    searching.write("other", en="Fees\nWhat we take of a trade.")
    searching.refresh("en")


# The search


def test_a_question_finds_its_page_without_a_word_of_it(client, indexed):
    assert found(client, "en", "coins vanished") == ["final"]


@pytest.mark.parametrize("begun", ["where did my coi", "money vani"])
def test_the_beginning_of_a_question_suggests_its_page(client, indexed, begun):
    assert suggested(client, "en", begun) == ["final"]


def test_a_mistyped_word_of_a_question_is_put_right(client, indexed):
    assert found(client, "en", "money vanishde") == ["final"]


def test_the_excerpt_holds_none_of_them(client, indexed):
    (row,) = searching.search_json(client, "en", "coins vanished")["results"]
    assert "coins" not in row["excerpt"]
    assert "Payments are final" in row["excerpt"]


def test_a_draft_of_questions_finds_nothing_before_it_is_public(client, article, indexed):
    revision = drafting.save_revision(article, "en", text("lost treasure"), by=None)
    searching.refresh("en")
    assert found(client, "en", "treasure") == []
    publishing.publish(revision, by=None)
    searching.refresh("en")
    assert found(client, "en", "treasure") == ["final"]
    assert found(client, "en", "vanished") == []


# The page


@pytest.mark.parametrize("address", ["/en/articles/final/", "/en/articles/final.md", "/en/"])
def test_readers_never_see_them(client, article, address):
    page = client.get(address).content.decode()
    assert not any(line in page for line in ASKED)


# The document


def test_a_text_without_a_word_about_them_keeps_them(article):
    drafting.save_revision(article, "en", drafting.Text("Irreversible payments", "New."), by=None)
    assert latest(article).questions == list(ASKED)


def test_other_questions_are_another_text_and_the_same_ones_are_not(article):
    same = drafting.save_revision(article, "en", text(*ASKED), by=None)
    other = drafting.save_revision(article, "en", text(ASKED[0]), by=None)
    assert (same.number, other.number) == (1, 2)


def test_questions_come_back_with_an_earlier_text(article):
    first = latest(article)
    drafting.save_revision(article, "en", text(), by=None)
    reverting.revert(first, by=None)
    assert latest(article).questions == list(ASKED)


def test_other_questions_make_no_translation_outdated(article):
    publish_text(article, "ja", "支払いは取り消せません。")
    publish_text(article, "en", text("something else"))
    state = TranslationState.objects.get(article=article, language="ja")
    assert (state.outdated, latest(article, "ja").questions) == ([], [])


def test_what_is_written_to_a_file_comes_back(article, tmp_path):
    export_folder(tmp_path / "one", drafts=False)
    written = files_below(tmp_path / "one")
    assert (
        b'questions:\n  - "where did my coins go"\n  - "money vanished after sending"\n---\n' in written["en/final.md"]
    )
    drafting.save_revision(article, "en", text(), by=None)
    assert FolderImport(tmp_path / "one", publish=True).run().errors == []
    assert latest(article).questions == list(ASKED)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("questions: yes", "has to be a list"),
        ("questions: [" + ", ".join(f"q{n}" for n in range(21)) + "]", "21 lines; at most 20"),
        (f"questions: [{'x' * 151}]", "at most 150 characters"),
    ],
)
def test_a_file_with_questions_that_do_not_fit_is_left_out_with_the_reason(tmp_path, lines, said):
    document = f'---\ntitle: "A"\nslug: a\nlang: en\ncategory: help\n{lines}\n---\n\nText.\n'
    report = FolderImport(write_folder(tmp_path / "help", {"en/a.md": document}), publish=True).run()
    assert said in str(report.errors)


@pytest.mark.parametrize(
    "asked", [tuple(f"q{n}" for n in range(21)), ("x" * 151,), ("a\0b",)], ids=["many", "long", "null"]
)
def test_questions_that_do_not_fit_are_refused(article, asked):
    with pytest.raises(InvalidText):
        drafting.save_revision(article, "en", text(*asked), by=None)


def test_a_secret_among_them_waits_for_a_second_person(article):
    revision = drafting.save_revision(article, "en", text(f"is {SECRET} safe"), by=None)
    assert [(finding.kind, finding.line) for finding in revision.findings.all()] == [("secret", 0)]


def test_lines_are_taken_once_and_without_blanks_around_them():
    assert questions.of_text(" a  b \r\n\n a b\nc") == ("a b", "c")


# The desk


def test_the_form_shows_and_saves_them(article, content_editor):
    desk = signed_in(content_editor)
    form = desk.get(change("article", article.pk)).context["adminform"].form
    assert form["text_questions"].value() == "\n".join(ASKED)
    desk.post(change("article", article.pk), article_form(article, text_questions="one\r\n\r\ntwo "))
    assert latest(article).questions == ["one", "two"]


def test_the_form_says_which_question_is_too_long_and_keeps_it(article, content_editor):
    typed = "fine\n" + "x" * 151
    answer = signed_in(content_editor).post(change("article", article.pk), article_form(article, text_questions=typed))
    assert "has 151 characters; at most 150 fit" in html(answer)
    assert answer.context["adminform"].form["text_questions"].value() == typed
    assert latest(article).number == 1


def test_a_private_draft_keeps_them(article, content_editor):
    working_drafts.keep(article, "en", text("half a quest"), by=content_editor, seen=1)
    assert WorkingDraft.objects.get().questions == "half a quest"
    page = signed_in(content_editor).get(change("article", article.pk, "en") + "&draft=continue")
    assert page.context["adminform"].form["text_questions"].value() == "half a quest"


def test_history_and_preview_show_them_folded(article, content_editor):
    drafting.save_revision(article, "en", text("a new one"), by=None)
    desk = signed_in(content_editor)
    history = html(desk.get(reverse("admin:helpcenter_article_texts", args=[article.pk, "en"]) + "?first=1&second=2"))
    preview = html(desk.get(reverse("admin:helpcenter_article_preview", args=[article.pk, "en"])))
    assert "<ins>a new one</ins>" in history
    assert "<details>" in preview
    assert "a new one" in preview


def test_a_translator_writes_them_beside_those_of_the_source(article, translator):
    publish_text(article, "ja", "支払いは取り消せません。")
    desk, screen = signed_in(translator), reverse("admin:helpcenter_article_translate", args=[article.pk, "ja"])
    page = desk.get(screen)
    assert ASKED[0] in html(page)
    sheet = page.context["sheet"]
    handed = {"seen": page.context["seen"], "source": page.context["source_seen"], "earlier": ""}
    words = {f"{name}:{row.id}": part for row in sheet.rows for name, part in _fields(row)}
    desk.post(screen, {**handed, **words, "questions": "送った金が消えた"})
    assert latest(article, "ja").questions == ["送った金が消えた"]


def _fields(row):
    return ("heading", row.begins_with.heading), ("text", row.begins_with.text)
