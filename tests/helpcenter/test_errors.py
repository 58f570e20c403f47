"""Pages for what is not there, not there any more, not allowed, unreadable or broken; each in the reader's language."""

import re
from http import HTTPStatus

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext, override

from helpcenter.actions import drafting, publishing
from helpcenter.models import SiteLanguage
from tests.helpcenter.dom import TAGS, TWELVE, Page, fold, read
from tests.helpcenter.factories import ArticleFactory, CategoryFactory, save_text

LANGUAGES = ("en", "zh-hans", "ja", "ko", "ar")


def said(language, message):
    with override(language):
        return fold(gettext(message))


def is_in_language(page, language):
    html = page.one("html")
    return (html["lang"], html["dir"]) == (TAGS[language], "rtl" if language == "ar" else "ltr")


@pytest.fixture
def broken_client():
    """A client that shows the reader's error page instead of raising."""
    return Client(raise_request_exception=False)


# Not found


@pytest.mark.django_db
@pytest.mark.parametrize("language", TWELVE)
@pytest.mark.parametrize("path", ["articles/gone/", "announcements/gone/", "no/such/place/"])
def test_a_missing_page_offers_search_and_topics_in_the_readers_language(client, language, path):
    ArticleFactory(category=CategoryFactory(slug="money", name_en="Money"), texts={"en": "Text."})
    page = read(client, f"/{language}/{path}", 404)
    assert is_in_language(page, language)
    assert page.one("h1").words == said(language, "Page not found")
    assert page.main.one("form", role="search")["action"] == f"/{language}/search/"
    assert f"/{language}/categories/money/" in [link["href"] for link in page.main.all("a")]
    assert page.one("meta", name="robots")["content"] == "noindex"


@pytest.mark.django_db
@pytest.mark.parametrize("language", TWELVE)
def test_a_missing_page_offers_to_ask_us(client, language):
    page = read(client, f"/{language}/articles/gone/", 404)
    assert page.main.one("a", href=f"/{language}/tickets/new/").words == said(language, "Contact support")


@pytest.mark.django_db
@pytest.mark.parametrize(("wanted", "language"), [("ko", "ko"), ("zh-TW", "zh-hant"), ("", "en")])
def test_a_missing_page_without_a_language_answers_in_that_of_the_browser(client, wanted, language):
    page = read(client, "/wp-login.php", 404, headers={"Accept-Language": wanted})
    assert is_in_language(page, language)
    assert page.main.one("form", role="search")["action"] == f"/{language}/search/"


@pytest.mark.django_db
def test_an_address_without_its_language_is_led_to_the_page(client):
    ArticleFactory(slug="fees", texts={"en": "Text."})
    response = client.get("/articles/fees/", headers={"Accept-Language": "ja"})
    assert (response.status_code, response["Location"]) == (302, "/ja/articles/fees/")


@pytest.mark.django_db
def test_a_missing_page_does_not_repeat_what_was_asked_as_markup(client):
    page = read(client, "/en/%3Cscript%3Ealert(1)%3C/script%3E/", 404)
    assert len(page.scripts) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/en/articles/x/%00/", "/en/%FF%FE/", "/%ED%A0%80/", "/en/" + "a/" * 900])
def test_unreadable_addresses_are_not_found(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.django_db
def test_a_missing_page_of_an_empty_site_still_answers(client):
    SiteLanguage.objects.all().delete()
    assert is_in_language(read(client, "/ar/articles/gone/", 404), "ar")


@pytest.mark.django_db
def test_a_missing_page_is_never_kept_by_anybody(client):
    for path in ("/en/articles/x/", "/en/nothing/", "/en/announcements/x/", "/en/categories/x/"):
        response = client.get(path)
        assert response["Cache-Control"] == "no-store"
        assert "ETag" not in response.headers


@pytest.mark.django_db
@pytest.mark.parametrize("reader", ["nobody", "trader"])
def test_an_article_for_agents_answers_exactly_as_one_that_is_absent(client, trader, reader):
    ArticleFactory(slug="inside", agents_only=True, texts={"en": "Text."})
    if reader == "trader":
        client.force_login(trader)
    inside, absent = client.get("/en/articles/inside/"), client.get("/en/articles/absent/")
    assert inside.status_code == absent.status_code == 404
    assert inside.content.decode().replace("inside", "absent") == absent.content.decode()
    assert inside.headers == absent.headers
    assert not inside.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["feedback/{}/", "feedback/{}/thanks/", "articles/{}/?off=ko"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_other_addresses_do_not_tell_of_an_article_for_agents_either(client, path, method):
    ArticleFactory(slug="inside", agents_only=True, texts={"en": "Text."})
    inside, absent = (
        getattr(client, method)(f"/en/{path.format(slug)}", {"helpful": "1"}, headers={"Sec-Fetch-Site": "same-origin"})
        for slug in ("inside", "absent")
    )
    assert inside.status_code == absent.status_code
    assert inside.content.decode().replace("inside", "absent") == absent.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("hidden", ["agents", "draft", "unpublished", "retired draft"])
def test_a_hidden_article_costs_as_many_queries_as_an_absent_one(client, django_assert_num_queries, hidden):
    item = ArticleFactory(slug="inside", agents_only=hidden == "agents")
    revision = save_text(item, "en", "Text.")
    if hidden in ("agents", "unpublished"):
        publishing.publish(revision, by=None)
    if hidden == "unpublished":
        publishing.unpublish(item, "en", by=None)
    if hidden == "retired draft":
        publishing.archive(item, by=None)
    client.get("/en/articles/warm-up/")
    with CaptureQueriesContext(connection) as absent:
        client.get("/en/articles/absent/")
    with django_assert_num_queries(len(absent)):
        client.get("/en/articles/inside/")


# Gone


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_retired_article_is_gone_and_names_its_successor_in_the_readers_language(client, language):
    item = ArticleFactory(slug="old", texts={"en": "Old words."})
    texts = {code: drafting.Text(f"New {code}", "Text.") for code in LANGUAGES}
    publishing.archive(item, by=None, successor=ArticleFactory(slug="new", texts=texts))
    page = read(client, f"/{language}/articles/old/", 410)
    assert is_in_language(page, language)
    assert page.one("h1").words == said(language, "This article has been retired")
    link = page.main.one("a", href=f"/{language}/articles/new/")
    assert link.words == f"New {language}"
    assert "Old words." not in page.words
    assert page.main.one("form", role="search")
    assert page.one("meta", name="robots")["content"] == "noindex"


@pytest.mark.django_db
@pytest.mark.parametrize("why", ["none", "draft", "agents", "archived"])
def test_a_successor_that_readers_cannot_read_is_not_named(client, why):
    successor = ArticleFactory(slug="new", agents_only=why == "agents") if why != "none" else None
    if successor:
        revision = save_text(successor, "en", "Text.")
        if why != "draft":
            publishing.publish(revision, by=None)
        if why == "archived":
            publishing.archive(successor, by=None)
    publishing.archive(ArticleFactory(slug="old", texts={"en": "Text."}), by=None, successor=successor)
    assert "/articles/new/" not in read(client, "/en/articles/old/", 410).html


@pytest.mark.django_db
def test_a_successor_in_another_language_carries_its_language(client):
    successor = ArticleFactory(slug="new", texts={"en": "Text."})
    publishing.archive(ArticleFactory(slug="old", texts={"en": "Text."}), by=None, successor=successor)
    assert read(client, "/ar/articles/old/", 410).main.one("a", href="/ar/articles/new/")["lang"] == "en"


@pytest.mark.django_db
def test_a_retired_article_is_never_kept_and_comes_back_when_it_is_restored(client):
    item = ArticleFactory(slug="old", texts={"en": "Text."})
    publishing.archive(item, by=None)
    response = client.get("/en/articles/old/")
    assert response.status_code == 410
    assert "no-store" in response.headers.get("Cache-Control", ""), "410 may be kept for ever where nothing forbids it"
    assert "stale-if-error" not in response["Cache-Control"]
    publishing.restore(item, by=None)
    assert client.get("/en/articles/old/").status_code == 200


@pytest.mark.django_db
def test_a_retired_article_for_agents_is_not_found(client, agent):
    item = ArticleFactory(slug="old", agents_only=True, texts={"en": "Text."})
    publishing.archive(item, by=None)
    assert client.get("/en/articles/old/").status_code == 404
    client.force_login(agent)
    assert client.get("/en/articles/old/").status_code in (404, 410)


@pytest.mark.django_db
def test_an_article_that_never_was_public_is_not_called_retired(client):
    item = ArticleFactory(slug="secret-plan")
    save_text(item, "en", "Draft.")
    publishing.archive(item, by=None)
    assert client.get("/en/articles/secret-plan/").status_code == 404


# Not allowed, unreadable


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_post_from_elsewhere_is_refused_in_the_readers_language(client, language):
    ArticleFactory(slug="x", texts={"en": "Text."})
    response = client.post(f"/{language}/feedback/x/", {"helpful": "1"}, headers={"Sec-Fetch-Site": "cross-site"})
    page = Page(response.content.decode())
    assert response.status_code == 403
    assert response["Cache-Control"] == "no-store"
    assert is_in_language(page, language)
    assert page.one("h1").words == said(language, "This is not allowed")
    assert said(language, "This form works on our own pages only. Reload the page and try again.") in page.words
    assert f"/{language}/" in [link["href"] for link in page.main.all("a")]


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_request_under_a_foreign_host_name_is_unreadable_in_the_readers_language(client, language):
    response = client.get(f"/{language}/", headers={"Host": "evil.example"})
    page = Page(response.content.decode())
    assert response.status_code == 400
    assert is_in_language(page, language)
    assert page.one("h1").words == said(language, "This request cannot be read")
    assert "evil.example" not in page.html


@pytest.mark.django_db
def test_a_form_with_too_many_fields_is_unreadable(client):
    ArticleFactory(slug="x", texts={"en": "Text."})
    fields = {f"f{number}": "" for number in range(1500)}
    response = client.post("/en/feedback/x/", fields, headers={"Sec-Fetch-Site": "same-origin"})
    assert response.status_code == 400


@pytest.mark.django_db
def test_a_form_larger_than_we_take_is_unreadable(client):
    ArticleFactory(slug="x", texts={"en": "Text."})
    body = "comment=" + "x" * 3_000_000
    response = client.post(
        "/en/feedback/x/", body, content_type="application/x-www-form-urlencoded",
        headers={"Sec-Fetch-Site": "same-origin"},
    )  # fmt: skip
    assert response.status_code in (400, 413)


@pytest.mark.django_db
def test_a_form_cut_short_is_unreadable(client):
    ArticleFactory(slug="x", texts={"en": "Text."})
    response = client.post(
        "/en/feedback/x/", b"--b\r\nnonsense", content_type="multipart/form-data; boundary=b",
        headers={"Sec-Fetch-Site": "same-origin"},
    )  # fmt: skip
    assert response.status_code == 400


# Broken. Without the mark `django_db` every question to the database is an error, as if it were away.


@pytest.mark.parametrize("language", TWELVE)
@pytest.mark.parametrize("path", ["", "articles/x/", "search/?q=x", "announcements/"])
def test_a_page_that_breaks_says_so_in_the_readers_language_without_the_database(broken_client, language, path):
    response = broken_client.get(f"/{language}/{path}")
    page = Page(response.content.decode())
    assert response.status_code == 500
    assert response["Cache-Control"] == "no-store"
    assert is_in_language(page, language)
    assert page.one("h1").words == said(language, "Something went wrong on our side")
    assert f"/{language}/" in [link["href"] for link in page.main.all("a")]
    assert "Traceback" not in page.words
    assert not response.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/ko/", "/ko/articles/gone/", "/ko/nothing/"])
def test_a_site_whose_tables_are_missing_answers_with_the_page_for_broken_things(broken_client, path):
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in ("helpcenter_sitelanguage", "helpcenter_contentgeneration"):
            cursor.execute(f"ALTER TABLE {quote(table)} RENAME TO {quote(table + '_away')}")
    response = broken_client.get(path)
    page = Page(response.content.decode())
    assert response.status_code == 500
    assert is_in_language(page, "ko")


@pytest.mark.django_db
def test_error_pages_hold_no_word_of_python(client):
    for status, response in (
        (404, client.get("/en/articles/gone/")),
        (400, client.get("/en/", headers={"Host": "evil.example"})),
        (403, client.post("/en/feedback/x/", headers={"Sec-Fetch-Site": "cross-site"})),
    ):
        assert response.status_code == status, HTTPStatus(status)
        assert not re.search(r"Traceback|django|\.py\b|Exception", response.content.decode())
