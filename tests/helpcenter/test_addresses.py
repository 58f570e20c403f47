"""A new address of an article: the old one leads to it, in every language, and never to what readers may not see."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from helpcenter.actions import addressing, publishing
from helpcenter.errors import InvalidText
from helpcenter.models import Article, ContentEvent, SlugRedirect
from tests.helpcenter.admin_forms import article_form, signed_in
from tests.helpcenter.factories import ArticleFactory

pytestmark = pytest.mark.django_db

TEXTS = {"en": "## One {#one}\n\nText.", "ar": "## One {#one}\n\nنص."}


@pytest.fixture
def moved():
    article = ArticleFactory(slug="old-name", texts=TEXTS)
    addressing.move_article(article, "new-name", by=None)
    return Article.objects.get(pk=article.pk)


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/en/articles/old-name/", "/en/articles/new-name/"),
        ("/ar/articles/old-name/", "/ar/articles/new-name/"),
        ("/en/articles/old-name/?asof=2026-01-01", "/en/articles/new-name/?asof=2026-01-01"),
        ("/en/articles/old-name.md", "/en/articles/new-name.md"),
        ("/en/articles/old-name/changes/", "/en/articles/new-name/changes/"),
    ],
)
def test_the_old_address_leads_to_the_new_one(client, moved, asked, led):
    answer = client.get(asked)
    assert (answer.status_code, answer.headers["Location"]) == (301, led)
    assert client.get(led).status_code == 200


def test_all_earlier_addresses_lead_to_the_last_one(client, moved):
    addressing.move_article(moved, "third-name", by=None)
    for slug in ("old-name", "new-name"):
        assert client.get(f"/en/articles/{slug}/").headers["Location"] == "/en/articles/third-name/"


def test_going_back_is_a_move_and_makes_no_circle(client, moved):
    addressing.move_article(moved, "old-name", by=None)
    assert client.get("/en/articles/old-name/").status_code == 200
    assert client.get("/en/articles/new-name/").headers["Location"] == "/en/articles/old-name/"
    assert list(SlugRedirect.objects.values_list("slug", flat=True)) == ["new-name"]


def test_a_live_article_goes_before_an_old_address(client, moved):
    ArticleFactory(slug="old-name", texts={"en": "Another one."})
    assert client.get("/en/articles/old-name/").status_code == 200


def test_an_old_address_of_what_readers_may_not_see_is_as_absent_as_the_article(client, moved):
    Article.objects.filter(pk=moved.pk).update(audience="agents")
    assert client.get("/en/articles/old-name/").status_code == 404
    Article.objects.filter(pk=moved.pk).update(audience="public")
    publishing.archive(moved, by=None)
    assert client.get("/en/articles/old-name/").status_code == 404


def test_an_old_address_of_an_unpublished_article_is_not_found(client):
    article = ArticleFactory(slug="old-name", texts={"en": "Text."})
    addressing.move_article(article, "new-name", by=None)
    publishing.unpublish(article, "en", by=None)
    assert client.get("/en/articles/old-name/").status_code == 404


def test_the_form_moves_an_article_and_the_history_says_who(client, content_editor):
    article = ArticleFactory(slug="old-name", texts=TEXTS)
    page = signed_in(content_editor)
    page.post(reverse("admin:helpcenter_article_change", args=[article.pk]), article_form(article, slug="new-name"))
    assert client.get("/en/articles/old-name/").headers["Location"] == "/en/articles/new-name/"
    assert ContentEvent.objects.get(kind="moved").by == content_editor


@pytest.mark.parametrize("slug", ["with blank", "ü", "a/b", ""])
def test_what_is_no_address_is_refused(moved, slug):
    with pytest.raises(ValidationError):
        addressing.move_article(moved, slug, by=None)


def test_the_address_of_another_article_is_refused(moved):
    ArticleFactory(slug="taken", texts={"en": "Text."})
    with pytest.raises(InvalidText, match="taken"):
        addressing.move_article(moved, "taken", by=None)


def test_moving_needs_its_right(moved, translator):
    with pytest.raises(PermissionDenied):
        addressing.move_article(moved, "elsewhere", by=translator)
