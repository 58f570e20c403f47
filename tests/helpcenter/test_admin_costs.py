"""What the article list and the article form cost, however many articles and languages there are."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpcenter import freshness, tree
from helpcenter.models import Article, ArticleTag, Category, RelatedArticle, Tag
from supportdesk.ui.languages import column, content_languages
from tests.helpcenter.admin_forms import change, html, listed
from tests.helpcenter.factories import ArticleFactory, CategoryFactory, publish_text
from tests.helpcenter.many import fill

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
MOST_OF_THE_FORM = 12
MOST_BYTES = 300 * 1024


def cost(client, address):
    """Questions and bytes of a page when this process remembers nothing."""
    freshness.reset()
    tree.forget()
    ContentType.objects.get_for_model(Article)  # a process asks for it once
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
        assert answer.status_code == 200
        body = html(answer)
    return [query["sql"] for query in queries], len(body.encode())


@pytest.mark.parametrize("count", [3, 30])
def test_the_article_list_costs_the_same_for_more_articles(editor, count):
    fill(CategoryFactory(), count, "en", "ja", "ko")
    for _ in range(count):
        ArticleFactory()
    queries, size = cost(editor, listed("article"))
    assert len(queries) <= MOST_QUERIES, "\n".join(q[:200] for q in queries)
    assert size <= MOST_BYTES


@pytest.mark.parametrize("count", [3, 30])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_article_form_costs_the_same_for_more_articles_and_languages(editor, count, language):
    category = CategoryFactory()
    article = ArticleFactory(category=category, texts=dict.fromkeys(content_languages(), "## A {#a}\n\nText."))
    fill(category, count)
    publish_text(article, "en", "## A {#a}\n\nAnother text.")
    others = Article.objects.exclude(pk=article.pk).values_list("pk", flat=True)
    RelatedArticle.objects.bulk_create(
        RelatedArticle(article=article, to_id=pk, position=n) for n, pk in enumerate(others)
    )
    for number in range(count):
        ArticleTag.objects.create(article=article, tag=Tag.objects.create(slug=f"tag-{number}"), position=number)
    queries, size = cost(editor, change("article", article.pk, language))
    assert len(queries) <= MOST_OF_THE_FORM, "\n".join(q[:200] for q in queries)
    assert size <= MOST_BYTES


def test_two_thousand_articles(editor):
    """In hundreds of categories, with titles in all languages."""
    Category.objects.bulk_create(Category(slug=f"topic-{n}", name_en=f"Topic {n}", position=n) for n in range(100))
    categories = list(Category.objects.all())
    titles = {column("title", code): f"A title of usual length in {code}" for code in content_languages()}
    Article.objects.bulk_create(
        Article(slug=f"many-{n:04}", category=categories[n % 100], languages_published=12, **titles)
        for n in range(2000)
    )
    form = change("article", Article.objects.first().pk)
    for address, most in (
        (listed("article"), MOST_QUERIES),
        (listed("article") + "?q=title", MOST_QUERIES),
        (form, MOST_OF_THE_FORM),
    ):
        queries, size = cost(editor, address)
        assert len(queries) <= most, "\n".join(q[:200] for q in queries)
        assert size <= MOST_BYTES
