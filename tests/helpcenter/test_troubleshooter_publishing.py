"""A troubleshooter on its way to readers: drafts are kept with warnings, what would lose a reader is not published."""

import io

import pytest
from django.core.management import call_command
from django.urls import reverse

from helpcenter.actions import checking, drafting, publishing
from helpcenter.actions.exporting import export_folder
from helpcenter.actions.folder_import import FolderImport
from helpcenter.errors import NotPublishable
from helpcenter.models import Article, Revision, TranslationState
from helpcenter.outline import Change
from tests.helpcenter.admin_forms import article_form, change, html, signed_in, words
from tests.helpcenter.factories import ArticleFactory, CategoryFactory, publish_text, save_text, stored
from tests.helpcenter.samples import document, files_below, write_folder
from tests.helpcenter.troubleshooting import CHINESE, ENGLISH, TEXTS, lamp

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

FAULTY = {
    "a cycle": (ENGLISH.replace("(#node-fast)", "(#node-start)"), "start → red → start", 3),
    "an unknown target": (ENGLISH.replace("(#node-fast)", "(#node-nowhere)"), "“Yes” of “red”", 12),
    "a node that is not reached": (ENGLISH + "\n## Alone {node:alone}\n\nText.\n", "“alone”", 32),
    "no end": ("## A {node:a}\n\n- [B](#node-b)\n\n## B {node:b}\n\n- [A](#node-a)\n", "no end", None),
    "no node": ("Text.", "first question", None),
}


def draft(text, language="en", **fields):
    article = Article.objects.filter(slug="lamp").first() or lamp(texts={}, **fields)
    return save_text(article, language, drafting.Text("The lamp", text))


def outdated(article, language):
    state = TranslationState.objects.get(article=article, language=language)
    return [(part.key, part.change) for part in state.outdated_parts]


# What is refused


@pytest.mark.parametrize("fault", FAULTY)
def test_a_faulty_one_is_kept_as_a_draft_and_not_published(fault):
    text, said, line = FAULTY[fault]
    revision = draft(text)
    with pytest.raises(NotPublishable) as refused:
        publishing.publish(revision, by=None)
    assert said in str(refused.value)
    if line:
        assert (refused.value.line, f"Line {line}:" in str(refused.value)) == (line, True)
    assert Revision.objects.get() == revision
    assert stored(revision.article, "title", "en") == ""


def test_what_is_public_stays_when_its_next_text_is_refused():
    item = lamp()
    with pytest.raises(NotPublishable):
        publish_text(item, "en", drafting.Text("The lamp", FAULTY["a cycle"][0]))
    assert stored(item, "body", "en") == ENGLISH


def test_a_fault_that_loses_nobody_is_published():
    text = ENGLISH.replace("## Call somebody {node:call}\n\nThey see more.\n", "## Call somebody {node:call}\n")
    revision = draft(text)
    assert [problem.is_refused for problem in checking.problems_of(revision.article, revision)] == [False]
    assert publishing.publish(revision, by=None).is_published


@pytest.mark.parametrize("kind", ["faq", "guide"])
def test_other_articles_may_link_as_they_like(kind):
    item = ArticleFactory(kind=kind, texts={"en": FAULTY["a cycle"][0]})
    assert item.revisions.count() == 1


def test_a_link_to_a_node_in_the_text_keeps_its_words_alone():
    item = lamp(texts={"en": drafting.Text("The lamp", ENGLISH.replace("Look at", "[See](#node-red), look at"))})
    assert "<span>See</span>, look at the front." in stored(item, "html", "en")


# Translations


def test_a_translation_with_other_targets_is_refused_with_its_node():
    item = lamp()
    with pytest.raises(NotPublishable, match="“red”.*fast, green, call"):
        publish_text(item, "zh-hans", drafting.Text("灯", CHINESE.replace("(#node-fast)", "(#node-call)")))


def test_a_translation_that_lacks_a_node_is_published_and_listed():
    item = lamp()
    end = CHINESE.index("## 请人来看")
    state = publish_text(item, "zh-hans", drafting.Text("灯", CHINESE[:end]))
    assert state.is_published
    assert outdated(item, "zh-hans") == [("node:call", Change.ADDED)]


def test_a_change_of_one_node_makes_that_node_of_the_translations_outdated():
    item = lamp("en", "zh-hans")
    assert outdated(item, "zh-hans") == []
    text = drafting.Text("The lamp is on", ENGLISH.replace("They see more.", "They know."), TEXTS["en"].summary)
    publish_text(item, "en", text)
    assert outdated(item, "zh-hans") == [("node:call", Change.CHANGED)]


def test_another_word_of_an_answer_is_a_change_of_its_question():
    item = lamp("en", "zh-hans")
    text = drafting.Text("The lamp is on", ENGLISH.replace("[No]", "[Slowly]"), TEXTS["en"].summary)
    publish_text(item, "en", text)
    assert outdated(item, "zh-hans") == [("node:red", Change.CHANGED)]


def test_a_translation_before_its_source_is_checked_by_itself():
    assert publish_text(lamp(texts={}), "ja", drafting.Text("灯", CHINESE)).is_published
    with pytest.raises(NotPublishable):
        publish_text(lamp(texts={}, slug="other"), "ja", drafting.Text("灯", FAULTY["a cycle"][0]))


# Folders


def troubleshooter(body, **front):
    return document(body.strip(), type="troubleshooter", **front)


def test_a_troubleshooter_is_exported_as_it_was_imported(tmp_path):
    written = {
        "en/lamp.md": troubleshooter(ENGLISH, slug="lamp", lang="en"),
        "zh-hans/lamp.md": troubleshooter(CHINESE, slug="lamp", lang="zh-hans"),
    }
    report = FolderImport(write_folder(tmp_path / "in", written), publish=True).run()
    assert (report.errors, report.published) == ([], 2)
    assert Article.objects.get(slug="lamp").kind == "troubleshooter"
    export_folder(tmp_path / "out", drafts=False)
    again = files_below(tmp_path / "out")
    assert FolderImport(tmp_path / "out", publish=True).run().unchanged == 2
    export_folder(tmp_path / "third", drafts=False)
    assert files_below(tmp_path / "third") == again
    assert again["en/lamp.md"].decode().endswith(ENGLISH.strip() + "\n")


def test_a_faulty_file_is_left_out_with_its_line_and_the_others_go_in(tmp_path):
    bad = troubleshooter(FAULTY["an unknown target"][0], slug="bad", lang="en")
    files = {"en/bad.md": bad, "en/lamp.md": troubleshooter(ENGLISH, slug="lamp", lang="en")}
    report = FolderImport(write_folder(tmp_path, files), publish=True).run()
    (error,) = report.errors
    assert (error.file, "“Yes” of “red”" in error.message) == ("en/bad.md", True)
    assert "#node-nowhere" in bad.split("\n")[error.line - 1]
    assert list(Article.objects.values_list("slug", flat=True)) == ["lamp"]


def test_a_faulty_file_is_taken_as_a_draft_with_a_warning(tmp_path):
    files = {"en/bad.md": troubleshooter(FAULTY["an unknown target"][0], slug="bad", lang="en")}
    report = FolderImport(write_folder(tmp_path, files)).run()
    assert (report.imported, report.errors) == (1, [])
    (warning,) = [remark for remark in report.warnings if "“Yes” of “red”" in remark.message]
    assert "#node-nowhere" in files["en/bad.md"].split("\n")[warning.line - 1]


def test_the_command_says_where_it_is_wrong(tmp_path):
    files = {"en/bad.md": troubleshooter(FAULTY["a cycle"][0], slug="bad", lang="en")}
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("import_articles", str(write_folder(tmp_path, files)), publish=True, stdout=out, stderr=out)
    assert "en/bad.md" in out.getvalue()
    assert "start → red → start" in out.getvalue()


# In the admin


def save(client, article, text, language="en", **more):
    form = article_form(article, language, text_body=text, kind="troubleshooter", **more)
    return client.post(change("article", article.pk, language), form)


def test_saving_a_draft_says_what_is_wrong_with_line_and_node(content_editor):
    item = lamp()
    answer = save(signed_in(content_editor), item, FAULTY["an unknown target"][0])
    assert any("Line 12: The answer “Yes” of “red”" in message for message in words(answer))
    assert item.revisions.count() == 2


def test_publishing_a_faulty_one_keeps_the_text_and_says_why(content_lead):
    item = lamp()
    answer = save(signed_in(content_lead), item, FAULTY["a cycle"][0], _publish="1")
    assert any("Saved, but not published" in message and "start → red → start" in message for message in words(answer))
    assert item.revisions.count() == 2
    assert stored(item, "body", "en") == ENGLISH


def test_the_preview_lists_what_is_wrong(content_editor):
    item = lamp()
    save_text(item, "en", drafting.Text("The lamp", FAULTY["a node that is not reached"][0]))
    page = html(signed_in(content_editor).get(reverse("admin:helpcenter_article_preview", args=[item.pk, "en"])))
    assert "No answers lead to “alone”" in page


def test_an_article_becomes_one_only_when_its_public_texts_are(content_editor):
    item = ArticleFactory(slug="lamp", category=CategoryFactory(), texts={"en": "Only text."})
    answer = save(signed_in(content_editor), item, ENGLISH)
    assert "The public text in English is no troubleshooter" in html(answer)
    assert Article.objects.get().kind == "faq"
    assert "Which light is on?" in html(answer), "what was typed stays in the form"
    publish_text(item, "en", drafting.Text("The lamp", ENGLISH))
    save(signed_in(content_editor), item, ENGLISH)
    assert Article.objects.get().kind == "troubleshooter"


def test_the_form_leads_to_the_page_that_readers_get(content_editor):
    item = lamp("en", "ar")
    page = html(signed_in(content_editor).get(change("article", item.pk, "ar")))
    assert 'href="/ar/troubleshoot/lamp/"' in page
