"""A part of a translation that says another figure than its source is not up to date: on the screen, in the matrix, in
the counts, in every language, until it is mended or a language lead accepts it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from helpcenter import matrix, tasks
from helpcenter.actions import differing, parity, publishing
from helpcenter.enums import TeamRole
from helpcenter.localization import Progress
from helpcenter.matrix import Asked
from helpcenter.models import TeamMember, TranslationState
from supportdesk.ui.languages import content_languages
from tests.helpcenter.admin_forms import article_form, change, html, signed_in
from tests.helpcenter.factories import ArticleFactory, publish_text, save_text

pytestmark = pytest.mark.django_db

SOURCE = "## A {#a}\n\n24\n\n## B {#b}\n\n7"
WRONG = SOURCE.replace("24", "42")


def state(article, language="ja"):
    return TranslationState.objects.select_related("latest").get(article=article, language=language)


def cells(article):
    row = next(row for row in matrix.matrix(Asked(), timezone.now()).rows if row.pk == article.pk)
    return dict(zip(content_languages(), row.cells, strict=True))


def coverage(language="ja"):
    return next(one.done for one in matrix.matrix(Asked(), timezone.now()).columns if one.code == language)


def screen(article, language="ja"):
    return reverse("admin:helpcenter_article_translate", args=[article.pk, language])


@pytest.fixture
def article():
    return ArticleFactory(slug="wait", texts={"en": SOURCE, "ja": SOURCE})


@pytest.fixture
def desk(translator):
    return signed_in(translator)


def sent_with_a_wrong_figure(desk, article):
    page = desk.get(screen(article))
    fields = {"source": page.context["source_seen"], "seen": page.context["seen"], "_submit": "1"}
    for row in page.context["rows"]:
        fields[f"heading:{row.row.id}"] = row.words.heading
        fields[f"text:{row.row.id}"] = row.words.text.replace("24", "42")
    return desk.post(screen(article), fields, follow=True)


def test_after_saved_and_not_sent_the_part_differs_and_the_others_are_up_to_date(desk, article):
    page = sent_with_a_wrong_figure(desk, article)
    assert "Saved, but not sent for review" in html(page)
    shown = {row.row.key: str(row.display.label) for row in page.context["rows"]}
    assert shown["section:a"] == "Differs from the source"
    assert shown["section:b"] == "Up to date"
    assert page.context["parts_done"] == page.context["parts"] - 1
    assert cells(article)["ja"].progress == Progress.DIFFERS
    assert "Says something else than the source" in html(desk.get("/admin/helpcenter/translationstate/"))


def test_the_form_of_a_translation_tells_the_same(article, content_editor):
    editor = signed_in(content_editor)
    form = article_form(article, "ja", text_body=WRONG, _continue="1")
    editor.post(change("article", article.pk, "ja"), form)
    assert state(article).differing == ["section:a"]


def test_a_part_is_up_to_date_once_it_is_mended(desk, article, translator):
    sent_with_a_wrong_figure(desk, article)
    save_text(article, "ja", SOURCE + " ", by=translator)
    assert not state(article).differs, "nothing is known of a newer text"
    assert differing.note(article, "ja") == []
    assert cells(article)["ja"].progress == Progress.DRAFT


def test_a_part_is_up_to_date_once_a_language_lead_accepts_it(desk, article, content_editor):
    sent_with_a_wrong_figure(desk, article)
    TeamMember.objects.create(language="ja", person=content_editor, role=TeamRole.LEAD)
    (found,) = parity.unaccepted(state(article).latest)
    lead = signed_in(content_editor)
    lead.post(screen(article), {"_accept": found.fingerprint, f"reason:{found.fingerprint}": "So it is in Japan."})
    assert not state(article).differs


def test_a_public_text_that_was_imported_with_a_wrong_figure_is_found_in_every_language():
    others = [code for code in content_languages() if code != "en"]
    article = ArticleFactory(texts={"en": SOURCE, **dict.fromkeys(others, WRONG)})
    assert coverage() == 1
    assert tasks.compare_translations.func() == len(others)
    assert {code for code, cell in cells(article).items() if cell.progress == Progress.DIFFERS} == set(others)
    assert coverage() == 0
    assert tasks.compare_translations.func() == 0, "each text is compared once"


def test_a_text_is_compared_again_when_its_source_has_moved_on(article):
    tasks.compare_translations.func()
    publish_text(article, "en", SOURCE.replace("7", "8"))
    assert tasks.compare_translations.func() == 1


def test_a_part_that_is_known_to_be_older_does_not_differ_besides(article):
    publish_text(article, "en", SOURCE.replace("24", "48"))
    assert differing.note(article, "ja") == []
    assert cells(article)["ja"].progress == Progress.OUTDATED


def test_a_draft_that_differs_leaves_the_public_text_counted(article, translator):
    save_text(article, "ja", WRONG, by=translator)
    differing.note(article, "ja")
    assert cells(article)["ja"].progress == Progress.DIFFERS
    assert coverage() == 1


def test_archived_articles_and_sources_are_not_compared(article):
    publishing.archive(article, by=None)
    assert tasks.compare_translations.func() == 0
    assert differing.note(article, "en") == []


@pytest.mark.django_db
def test_a_text_that_cannot_be_compared_leaves_the_others_to_be_compared(monkeypatch, caplog):
    broken, whole = (ArticleFactory(texts={"en": "Fee: 5 %.", "ja": "手数料：7 %。"}) for _ in range(2))
    TranslationState.objects.update(compared=None)
    compare = parity.unaccepted

    def unaccepted(revision):
        if revision.article == broken:
            raise ValueError("not of this kind")
        return compare(revision)

    monkeypatch.setattr(parity, "unaccepted", unaccepted)
    differing.compare_waiting()
    states = TranslationState.objects.filter(language="ja", compared=None)
    assert list(states.values_list("article", flat=True)) == [broken.pk]
    assert f"Article {broken.pk} could not be compared in ja" in caplog.text
    assert TranslationState.objects.get(article=whole, language="ja").compared
