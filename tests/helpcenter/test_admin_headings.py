"""The page of an article or an announcement in the admin is headed by its title."""

import pytest
from django.urls import reverse

from helpcenter.actions import drafting
from tests.helpcenter.factories import AnnouncementFactory, ArticleFactory, save_text

pytestmark = pytest.mark.django_db


def heading_of(client, name, pk, query=""):
    response = client.get(f"{reverse(f'admin:helpcenter_{name}_change', args=[pk])}{query}")
    assert f"<h2>{response.context['subtitle']}</h2>" in response.content.decode()
    return response.context["subtitle"]


def test_an_article_is_headed_by_its_title(client, administrator):
    article = ArticleFactory(slug="withdraw-coins")
    save_text(article, "en", drafting.Text("How to withdraw coins", "Text."))
    client.force_login(administrator)
    assert "How to withdraw coins" in heading_of(client, "article", article.pk)
    assert "How to withdraw coins" in heading_of(client, "article", article.pk, "?language=ja")


def test_an_announcement_is_headed_by_its_title_in_the_language_of_who_reads(client, administrator):
    news = AnnouncementFactory(slug="maintenance-1", title_en="Maintenance on Monday", title_ja="月曜日のメンテナンス")
    client.force_login(administrator)
    assert "Maintenance on Monday" in heading_of(client, "announcement", news.pk)
    client.cookies["django_language"] = "ja"
    assert "月曜日のメンテナンス" in heading_of(client, "announcement", news.pk)


def test_what_has_no_title_yet_is_headed_by_its_address(client, administrator):
    article = ArticleFactory(slug="bare")
    client.force_login(administrator)
    assert heading_of(client, "article", article.pk) == "bare"
