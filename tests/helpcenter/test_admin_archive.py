"""Articles are retired with a successor that readers can read, and brought back."""

import pytest
from django.test import Client
from django.urls import reverse

from helpcenter.actions import publishing
from helpcenter.models import Article
from tests.helpcenter.admin_forms import archiving, change, html, listed, selected, signed_in, slugs
from tests.helpcenter.factories import ArticleFactory

pytestmark = pytest.mark.django_db


# One article


def test_an_article_is_retired_with_its_successor(editor):
    old, new = (ArticleFactory(texts={"en": "Text."}) for _ in range(2))
    assert html(editor.get(archiving(old))).count("successor") > 0
    answer = editor.post(archiving(old), {"successor": new.pk})
    assert answer.headers["Location"] == change("article", old.pk)
    assert new.slug in html(editor.get(change("article", old.pk)))
    page = Client().get(f"/en/articles/{old.slug}/")
    assert (page.status_code, f"/en/articles/{new.slug}/" in html(page)) == (410, True)


def test_an_article_needs_no_successor(editor):
    article = ArticleFactory(texts={"en": "Text."})
    assert editor.post(archiving(article), {"successor": ""}).status_code == 302
    assert Client().get(f"/en/articles/{article.slug}/").status_code == 410


def test_a_successor_is_named_later_and_the_moment_of_archiving_stays(editor):
    old, new = (ArticleFactory(texts={"en": "Text."}) for _ in range(2))
    editor.post(archiving(old), {})
    moment = Article.objects.get(pk=old.pk).archived_at
    editor.post(archiving(old), {"successor": new.pk})
    after = Article.objects.get(pk=old.pk)
    assert (after.successor_id, after.archived_at) == (new.pk, moment)


def test_archiving_from_the_list_keeps_the_successor_of_what_is_archived(editor):
    old, new = (ArticleFactory(texts={"en": "Text."}) for _ in range(2))
    publishing.archive(old, by=None, successor=new)
    editor.post(listed("article"), selected("archive_selected", old))
    assert Article.objects.get(pk=old.pk).successor_id == new.pk


@pytest.mark.parametrize("wrong", ["itself", "archived", "missing", "nonsense"])
def test_a_successor_that_readers_could_not_read_is_refused(editor, wrong):
    article, archived = (ArticleFactory(texts={"en": "Text."}) for _ in range(2))
    publishing.archive(archived, by=None)
    typed = {"itself": article.pk, "archived": archived.pk, "missing": 4711, "nonsense": "x"}[wrong]
    answer = editor.post(archiving(article), {"successor": typed})
    assert answer.status_code == 200
    assert "successor" in answer.context["form"].errors
    assert Article.objects.get(pk=article.pk).archived_at is None


def test_a_retired_article_is_brought_back(editor):
    old, new = (ArticleFactory(texts={"en": "Text."}) for _ in range(2))
    publishing.archive(old, by=None, successor=new)
    assert "_restore" in html(editor.get(archiving(old)))
    assert editor.post(archiving(old), {"_restore": "1"}).status_code == 302
    assert Client().get(f"/en/articles/{old.slug}/").status_code == 200
    assert Article.objects.get(pk=old.pk).successor is None


def test_archiving_an_article_that_is_not_there_is_not_found(editor):
    assert editor.get(reverse("admin:helpcenter_article_archive", args=[4711])).status_code == 404


def test_articles_are_filtered_by_whether_they_are_archived(editor):
    publishing.archive(ArticleFactory(slug="old"), by=None)
    ArticleFactory(slug="new")
    assert slugs(editor.get(listed("article"), {"archived": "yes"})) == ["old"]
    assert slugs(editor.get(listed("article"))) == ["new", "old"]


# From the list


def test_articles_are_archived_and_restored_from_the_list(editor):
    first, second = (ArticleFactory(texts={"en": "Text."}) for _ in range(2))
    editor.post(listed("article"), selected("archive_selected", first, second))
    assert Article.objects.filter(archived_at__isnull=False).count() == 2
    assert Client().get(f"/en/articles/{first.slug}/").status_code == 410
    editor.post(listed("article"), selected("restore_selected", first))
    assert Client().get(f"/en/articles/{first.slug}/").status_code == 200
    assert Article.objects.get(pk=second.pk).archived_at is not None


def test_who_may_not_publish_may_not_archive(translator):
    article = ArticleFactory(texts={"en": "Text."})
    client = signed_in(translator)
    assert "archive_selected" not in html(client.get(listed("article")))
    client.post(listed("article"), selected("archive_selected", article))
    assert Article.objects.get().archived_at is None


def test_articles_are_never_deleted(administrator):
    article = ArticleFactory()
    client = signed_in(administrator)
    client.post(listed("article"), {**selected("delete_selected", article), "post": "yes"})
    assert Article.objects.count() == 1
