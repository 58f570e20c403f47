"""Links between articles: what an article is used by, and links that lead nowhere."""

import pytest
from django.urls import reverse

from helpcenter.actions import addressing, linking, publishing
from helpcenter.models import ArticleLink, ArticleUse, RelatedArticle
from tests.helpcenter.admin_forms import html, signed_in
from tests.helpcenter.factories import ArticleFactory, publish_text

pytestmark = pytest.mark.django_db


def broken():
    return [(link.article.slug, str(link), link.line) for link in ArticleLink.objects.broken()]


def test_publishing_notes_the_links_of_a_text_with_their_lines():
    target = ArticleFactory(slug="target", texts={"en": "## Why {#why}\n\nText."})
    ArticleFactory(slug="from", texts={"en": "One.\n\nSee [this](target.md#why) and [that](https://example.com)."})
    assert [(link.slug, link.anchor, link.line) for link in ArticleLink.objects.to(target)] == [("target", "why", 3)]


def test_a_new_text_replaces_the_links_of_the_old_one_and_unpublishing_forgets_them():
    article = ArticleFactory(slug="from", texts={"en": "[a](one.md)", "ja": "[a](one.md)"})
    publish_text(article, "en", "[a](two.md)")
    assert set(ArticleLink.objects.values_list("language", "slug")) == {("en", "two"), ("ja", "one")}
    publishing.unpublish(article, "ja", by=None)
    assert set(ArticleLink.objects.values_list("language", "slug")) == {("en", "two")}


def test_a_link_to_what_no_reader_can_open_is_broken():
    target = ArticleFactory(slug="target", texts={"en": "Text."})
    ArticleFactory(slug="from", texts={"en": "One.\n\n[a](target.md) [b](nothing.md)"})
    assert broken() == [("from", "nothing", 3)]
    publishing.archive(target, by=None)
    assert sorted(broken()) == [("from", "nothing", 3), ("from", "target", 3)]


def test_a_link_from_a_text_for_everyone_to_one_for_agents_is_broken_and_among_agents_it_is_not():
    ArticleFactory(slug="for-agents", agents_only=True, texts={"en": "Text."})
    ArticleFactory(slug="public-one", texts={"en": "[a](for-agents.md)"})
    ArticleFactory(slug="other-agents", agents_only=True, texts={"en": "[a](for-agents.md) [b](nothing.md)"})
    assert sorted(broken()) == [("other-agents", "nothing", 1), ("public-one", "for-agents", 1)]


def test_an_old_address_of_an_archived_article_is_broken():
    target = ArticleFactory(slug="target", texts={"en": "Text."})
    ArticleFactory(slug="from", texts={"en": "[a](target.md)"})
    addressing.move_article(target, "new-name", by=None)
    publishing.archive(target, by=None)
    assert broken() == [("from", "target", 1)]


def test_a_link_to_an_old_address_works_and_is_named_apart():
    target = ArticleFactory(slug="target", texts={"en": "Text."})
    ArticleFactory(slug="from", texts={"en": "[a](target.md)"})
    addressing.move_article(target, "new-name", by=None)
    assert broken() == []
    assert [link.slug for link in ArticleLink.objects.outdated()] == ["target"]
    target.slug = "new-name"
    assert ArticleLink.objects.to(target).count() == 1


def test_a_link_to_a_place_that_no_language_of_the_article_has_is_named():
    ArticleFactory(slug="target", texts={"en": "## Why {#why}\n\nText."})
    ArticleFactory(slug="from", texts={"en": "[a](target.md#why) [b](target.md#gone)"})
    assert [str(link) for link in linking.without_place()] == ["target#gone"]


def test_links_of_a_site_that_was_filled_before_are_noted_once():
    ArticleFactory(slug="from", texts={"en": "[a](one.md)", "ja": "[a](one.md) [b](two.md)"})
    ArticleLink.objects.all().delete()
    assert linking.record_all() == 2
    assert ArticleLink.objects.count() == 3
    assert linking.record_all() == 0


# Screens


@pytest.fixture
def desk(content_editor):
    return signed_in(content_editor)


def test_where_used_names_every_place(desk):
    target = ArticleFactory(slug="target", texts={"en": "Text."})
    other = ArticleFactory(slug="linking-one", texts={"ko": "[a](target.md)"})
    shown_with = ArticleFactory(slug="shown-with", texts={"en": "Text."})
    RelatedArticle.objects.create(article=shown_with, to=target)
    publishing.archive(ArticleFactory(slug="retired", texts={"en": "Text."}), by=None, successor=target)
    ArticleUse.objects.create(source_kind="macro", source_url="/desk/macros/7/", label="Reset 2FA", article=target)
    page = html(desk.get(reverse("admin:helpcenter_article_used", args=[target.pk])))
    for word in (other.slug, "shown-with", "retired", "Reset 2FA", "/desk/macros/7/"):
        assert word in page


def test_the_report_says_why_each_link_leads_nowhere(desk):
    ArticleFactory(slug="target", texts={"en": "Text."})
    ArticleFactory(slug="from", texts={"en": "[a](nothing.md) [b](target.md#gone)"})
    page = html(desk.get(reverse("admin:helpcenter_article_broken_links")))
    assert "no reader can open this article" in page
    assert "the article has no such place" in page


@pytest.mark.parametrize("count", [3, 30])
def test_the_report_costs_the_same_for_any_number_of_links(desk, django_assert_max_num_queries, count):
    ArticleFactory(slug="target", texts={"en": "Text."})
    for number in range(count):
        ArticleFactory(texts={"en": f"[a](nothing-{number}.md) [b](target.md#gone)"})
    with django_assert_max_num_queries(12):
        desk.get(reverse("admin:helpcenter_article_broken_links"))


@pytest.mark.parametrize("name", ["broken_links", "calendar", "replace"])
def test_screens_need_their_right(name, trader, agent):
    address = reverse(f"admin:helpcenter_article_{name}")
    assert signed_in(trader).get(address).status_code == 302
    if name == "replace":
        assert signed_in(agent).get(address).status_code == 403
