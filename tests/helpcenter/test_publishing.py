"""Publishing is the only way text becomes public, and it copies exactly what a revision holds."""

import pytest
from django.core.exceptions import PermissionDenied

from helpcenter.actions import drafting, publishing
from helpcenter.enums import EventKind
from helpcenter.errors import NotPublishable, StaleDraft
from helpcenter.models import Article, ContentEvent, ContentGeneration, Finding, Revision, TranslationState
from tests.helpcenter.factories import ArticleFactory, publish_text, save_text, stored

pytestmark = pytest.mark.django_db


def generation():
    return ContentGeneration.objects.get().number


@pytest.mark.both
def test_publish_copies_title_summary_body_html_and_outline():
    article = ArticleFactory()
    text = drafting.Text("Mark price", "## Why {#why}\n\nBecause.", "In short.")
    state = publish_text(article, "en", text)
    assert stored(article, "title", "en") == "Mark price"
    assert stored(article, "summary", "en") == "In short."
    assert stored(article, "body", "en") == "## Why {#why}\n\nBecause."
    assert '<h2 id="why">' in stored(article, "html", "en")
    assert [part["key"] for part in stored(article, "outline", "en")] == ["title", "section:why"]
    assert state.published.number == 1


def test_a_missing_summary_is_the_first_sentence_and_is_not_stored_in_the_revision():
    article = ArticleFactory(texts={"en": "First sentence. Second sentence."})
    assert stored(article, "summary", "en") == "First sentence."
    assert Revision.objects.get().summary == ""


def test_a_draft_changes_nothing_that_readers_see():
    article = ArticleFactory(texts={"en": "Old."})
    before = generation()
    save_text(article, "en", "New.")
    assert stored(article, "body", "en") == "Old."
    assert generation() == before


def test_every_publish_counts_the_content_generation():
    article = ArticleFactory()
    before = generation()
    publish_text(article, "en", "One.")
    assert generation() > before


def test_the_same_text_again_makes_no_revision():
    article = ArticleFactory()
    first = save_text(article, "en", "Same.")
    assert save_text(article, "en", "Same.") == first
    assert Revision.objects.count() == 1


def test_revisions_are_numbered_per_article_and_language():
    article = ArticleFactory()
    numbers = [save_text(article, language, body).number for language, body in (("en", "a"), ("en", "b"), ("ja", "あ"))]
    assert numbers == [1, 2, 1]


def test_unpublish_empties_the_columns_and_keeps_the_revisions():
    article = ArticleFactory(texts={"en": "Public.", "ja": "公開。"})
    publishing.unpublish(article, "en", by=None)
    assert stored(article, "title", "en") == ""
    assert stored(article, "html", "en") == ""
    assert stored(article, "body", "ja") == "公開。"
    assert Revision.objects.count() == 2
    assert Article.objects.get(pk=article.pk).languages_published == 1


def test_unpublishing_what_is_not_public_says_so():
    with pytest.raises(NotPublishable, match="no public text"):
        publishing.unpublish(ArticleFactory(), "en", by=None)


def test_an_archived_article_is_not_published_until_it_is_restored():
    article = ArticleFactory(texts={"en": "Old."})
    publishing.archive(article, by=None)
    revision = save_text(article, "en", "New.")
    with pytest.raises(NotPublishable, match="archived"):
        publishing.publish(revision, by=None)
    publishing.restore(article, by=None)
    publishing.publish(revision, by=None)
    assert stored(article, "body", "en") == "New."


def test_save_writes_no_translated_column():
    article = ArticleFactory(texts={"en": "Public."})
    loaded = Article.objects.get(pk=article.pk)
    loaded.title_en = "Changed behind publish"
    loaded.save()
    assert stored(article, "title", "en") != "Changed behind publish"


@pytest.mark.parametrize("name", ["title", "title_en", "html_zh_hans", "outline_ja"])
def test_update_refuses_translated_columns(name):
    ArticleFactory()
    with pytest.raises(PermissionError, match=name):
        Article.objects.update(**{name: "x"})


def test_save_refuses_translated_names_in_update_fields():
    with pytest.raises(PermissionError):
        ArticleFactory().save(update_fields=["title_en"])


def test_bulk_update_refuses_translated_columns():
    with pytest.raises(PermissionError):
        Article.objects.bulk_update([ArticleFactory()], ["body_ar"])


def test_revisions_cannot_be_changed_or_deleted():
    revision = save_text(ArticleFactory(), "en", "Text.")
    revision.title = "Other"
    for act in (revision.save, revision.delete, Revision.objects.all().delete):
        with pytest.raises(PermissionError):
            act()
    with pytest.raises(PermissionError):
        Revision.objects.update(title="Other")


def test_a_writer_who_saw_an_older_text_is_told():
    article = ArticleFactory()
    save_text(article, "en", "One.")
    with pytest.raises(StaleDraft):
        drafting.save_revision(article, "en", drafting.Text("T", "Two."), by=None, seen=0)


@pytest.mark.both
def test_events_name_who_did_what(content_lead):
    article = ArticleFactory()
    publish_text(article, "en", "Text.", by=content_lead)
    kinds = list(ContentEvent.objects.filter(by=content_lead).order_by("pk").values_list("kind", flat=True))
    assert kinds == [EventKind.DRAFTED, EventKind.PUBLISHED]


@pytest.mark.parametrize("act", ["publish", "unpublish", "archive", "restore"])
def test_publishing_needs_its_right(act, translator):
    article = ArticleFactory(texts={"en": "Text."})
    arguments = {"publish": (save_text(article, "en", "Other."),), "unpublish": (article, "en")}.get(act, (article,))
    with pytest.raises(PermissionDenied):
        getattr(publishing, act)(*arguments, by=translator)


def test_saving_needs_the_right_to_change_articles(agent):
    with pytest.raises(PermissionDenied):
        save_text(ArticleFactory(), "en", "Text.", by=agent)


SECRET = "My key is KxDkWkKNYhTgD9tm1xmpXSEkjmewpz8r3mF85bwHzc37eMk1go6z."


def test_a_text_with_a_secret_is_kept_but_not_published_before_a_second_person_accepts(content_lead, other_editor):
    article = ArticleFactory()
    revision = save_text(article, "en", SECRET, by=content_lead)
    with pytest.raises(NotPublishable, match="secret"):
        publishing.publish(revision, by=content_lead)
    finding = Finding.objects.get()
    assert "KxDk" not in finding.detail
    with pytest.raises(NotPublishable, match="else"):
        publishing.accept_finding(finding, by=content_lead, reason="an example")
    publishing.accept_finding(finding, by=other_editor, reason="a published test vector")
    publishing.publish(revision, by=content_lead)
    assert TranslationState.objects.published().count() == 1


def test_accepting_needs_a_reason_and_the_right(other_editor, translator):
    save_text(ArticleFactory(), "en", SECRET)
    finding = Finding.objects.get()
    with pytest.raises(NotPublishable, match="why"):
        publishing.accept_finding(finding, by=other_editor, reason=" ")
    with pytest.raises(PermissionDenied):
        publishing.accept_finding(finding, by=translator, reason="looks fine to me")


def test_links_to_unknown_hosts_are_recorded_once_per_host_and_stay_accepted(other_editor):
    article = ArticleFactory()
    body = "[a](https://a.example/1) [b](https://a.example/2)"
    save_text(article, "en", body)
    finding = Finding.objects.get()
    assert (finding.detail, finding.line) == ("a.example", 1)
    publishing.accept_finding(finding, by=other_editor, reason="our partner")
    later = save_text(article, "en", body + " more")
    assert not later.findings.open().exists()


def test_rebuild_columns_writes_back_what_the_table_lost():
    article = ArticleFactory(texts={"en": "Kept.", "ja": "残る。"})
    Article.objects.filter(pk=article.pk).write_published("ja", publishing.NOTHING)
    assert publishing.rebuild_columns() == 1
    assert stored(article, "body", "ja") == "残る。"
    assert publishing.rebuild_columns() == 0
