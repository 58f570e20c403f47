"""How pages are kept: the same for everyone, made once per generation of the content, gone as soon as it changes."""

import gzip
import threading
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpcenter import freshness, tree
from helpcenter.actions import publishing, search_words
from helpcenter.models import Article, ContentGeneration, PopularSearch, SiteLanguage, Synonym
from tests.helpcenter.dom import Page, read
from tests.helpcenter.factories import AnnouncementFactory, ArticleFactory, CategoryFactory, publish_text
from tests.own_site import OwnSite, fetch, status, wait_until

KEPT = ("", "categories/topic/", "articles/x/", "announcements/", "announcements/news/", "feedback/x/thanks/")
PUBLIC = (*KEPT, "search/?q=text", "suggest/?q=text", "announcements/feed/", "opensearch.xml", "articles/gone/")


@pytest.fixture
def content(db):
    AnnouncementFactory(slug="news", published_at=timezone.now() - timedelta(hours=1), is_band=True)
    return ArticleFactory(slug="x", category=CategoryFactory(slug="topic"), texts={"en": "Text.", "ar": "نص."})


def forget_everything():
    freshness.reset()
    tree.forget()
    caches["pages"].clear()


# The same for everyone


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_set_no_cookie_and_do_not_vary_by_one(client, content, path):
    response = client.get(f"/en/{path}")
    assert not response.cookies
    assert "cookie" not in response.headers.get("Vary", "").lower()


@pytest.mark.parametrize("path", ["/", "/sitemap.xml", "/robots.txt", "/.well-known/security.txt", "/health/live"])
def test_pages_without_a_language_set_no_cookie_either(client, content, path):
    response = client.get(path)
    assert not response.cookies
    assert "cookie" not in response.headers.get("Vary", "").lower()


@pytest.mark.parametrize("path", KEPT)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_public_pages_are_byte_equal_for_everyone(client, content, agent, administrator, path, language):
    bodies = []
    for person in (None, agent, administrator):
        if person:
            client.force_login(person)
        client.cookies["django_language"] = "ko"
        client.cookies["theme"] = "dark"
        forget_everything()
        response = client.get(f"/{language}/{path}", headers={"Accept-Language": "ja"})
        assert response.status_code == 200
        bodies.append(response.content)
    assert bodies[0] == bodies[1] == bodies[2]


def test_a_signed_in_person_costs_a_public_page_no_query_more(client, content, agent):
    counts = []
    for person in (None, agent):
        if person:
            client.force_login(person)
        forget_everything()
        with CaptureQueriesContext(connection) as queries:
            client.get("/en/articles/x/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


# Headers


@pytest.mark.parametrize("path", KEPT)
def test_shared_caches_may_keep_a_page_for_two_seconds_and_longer_in_an_emergency(client, content, path):
    response = client.get(f"/en/{path}")
    parts = {part.strip() for part in response["Cache-Control"].split(",")}
    assert parts == {"public", "max-age=0", "s-maxage=2", "stale-if-error=600"}
    assert response["ETag"].startswith('W/"')


@pytest.mark.parametrize("path", KEPT)
def test_a_reader_who_has_the_page_is_told_so_in_a_few_bytes(client, content, path):
    first = client.get(f"/en/{path}")
    second = client.get(f"/en/{path}", headers={"If-None-Match": first["ETag"]})
    assert (second.status_code, second.content) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary"):
        assert second.headers.get(name) == first[name], f"RFC 9110, 15.4.5: 304 repeats {name}"


@pytest.mark.parametrize(
    ("sent", "expected"),
    [("{tag}", 304), ('"other", {tag}', 304), ("{strong}", 304), ("*", 304), ('W/"other"', 200), ("nonsense", 200),
     ("", 200)],
)  # fmt: skip
def test_the_tag_is_compared_as_http_says(client, content, sent, expected):
    tag = client.get("/en/articles/x/")["ETag"]
    sent = sent.format(tag=tag, strong=tag.removeprefix("W/"))
    assert client.get("/en/articles/x/", headers={"If-None-Match": sent}).status_code == expected


def test_pages_differ_in_their_tags(client, content):
    tags = [client.get(f"/{language}/{path}")["ETag"] for language in ("en", "ar") for path in KEPT]
    assert len(set(tags)) == len(tags)


def test_a_page_is_sent_packed_to_those_who_take_it(client, content):
    plain = client.get("/en/articles/x/")
    packed = client.get("/en/articles/x/", headers={"Accept-Encoding": "br, gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert "Accept-Encoding" in plain["Vary"]
    assert "Content-Encoding" not in plain.headers


@pytest.mark.parametrize("accepted", ["gzip;q=0", "gzip; q=0.0, identity", "identity, *;q=0", "x-gzipped-not"])
def test_a_page_is_not_sent_packed_to_those_who_refuse_it(client, content, accepted):
    response = client.get("/en/articles/x/", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in response.headers
    assert response.content.startswith(b"<!doctype html>")


# What a page costs once it is there


@pytest.mark.parametrize("path", KEPT)
def test_a_warm_page_costs_no_query(client, content, path, django_assert_num_queries):
    client.get(f"/en/{path}")
    with django_assert_num_queries(0):
        client.get(f"/en/{path}")


@pytest.mark.parametrize("path", KEPT)
def test_a_warm_page_costs_one_query_when_the_number_is_read_again(client, content, path, django_assert_num_queries):
    tag = client.get(f"/en/{path}")["ETag"]
    freshness.forget()
    with django_assert_num_queries(1):
        client.get(f"/en/{path}")
    freshness.forget()
    with django_assert_num_queries(1):
        assert client.get(f"/en/{path}", headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("query", ["utm_source=x", "fbclid=1&gclid=2", "page=2", "q=x", "x" * 3000, "a=%00", "&&&"])
def test_query_parameters_that_a_page_does_not_know_are_dropped(client, content, query, django_assert_num_queries):
    plain = client.get("/en/articles/x/")
    with django_assert_num_queries(0):
        other = client.get(f"/en/articles/x/?{query}")
    assert other.content == plain.content
    assert other["ETag"] == plain["ETag"]


def test_the_order_and_repetition_of_parameters_make_no_new_page(client, content, django_assert_num_queries):
    client.get("/en/categories/topic/?page=1&off=ko")
    with django_assert_num_queries(0):
        client.get("/en/categories/topic/?off=ko&x=1&page=1")


@pytest.mark.parametrize("query", ["page=1", "page=0", "page=abc", "page=-7", "off=nonsense", "off=en", "off="])
def test_values_that_mean_nothing_make_no_new_page(client, content, query, django_assert_num_queries):
    client.get("/en/categories/topic/")
    with django_assert_num_queries(0):
        client.get(f"/en/categories/topic/?{query}")


# Changes


def test_a_changed_text_is_read_at_once_and_the_old_tag_no_longer_holds(client, content):
    before = client.get("/en/articles/x/")
    publish_text(content, "en", "Other words.")
    after = client.get("/en/articles/x/", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert b"Other words." in after.content


def test_an_unpublished_article_is_gone_from_every_page(client, content):
    paths = ("", "categories/topic/", "articles/x/")
    assert all("/articles/x/" in read(client, f"/en/{path}").html for path in paths)
    for language in ("en", "ar"):
        publishing.unpublish(content, language, by=None)
    assert client.get("/en/articles/x/").status_code == 404
    assert "/articles/x/" not in client.get("/en/").content.decode()
    assert "/articles/x/" not in client.get("/en/categories/topic/").content.decode()


def test_a_change_by_another_process_shows_when_the_number_is_read_again(client, content):
    client.get("/en/articles/x/")
    Article.objects.filter(pk=content.pk).update(archived_at=timezone.now())
    ContentGeneration.objects.update(number=F("number") + 1)
    assert client.get("/en/articles/x/").status_code == 200
    freshness.forget()
    assert client.get("/en/articles/x/").status_code == 410


@pytest.mark.django_db
def test_a_page_that_was_missing_is_found_without_any_change_of_the_number(client):
    now = timezone.now()
    item = AnnouncementFactory(slug="news", published_at=None)
    assert client.get("/en/announcements/news/").status_code == 404
    type(item).objects.filter(pk=item.pk).update(published_at=now)
    assert client.get("/en/announcements/news/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("status_code", [404, 410])
def test_what_is_not_there_is_not_kept(client, status_code):
    item = ArticleFactory(slug="x", texts={"en": "Text."})
    if status_code == 410:
        publishing.archive(item, by=None)
    path = "/en/articles/x/" if status_code == 410 else "/en/articles/gone/"
    first = client.get(path)
    assert first.status_code == status_code
    assert "ETag" not in first.headers
    assert "s-maxage" not in first.headers.get("Cache-Control", "")
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    assert len(queries) > 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [lambda: search_words.offer_searches([{"en": "funding"}]),
     lambda: publish_text(ArticleFactory(), "ja", "本文。"), lambda: freshness.instant_reached(1)],
    ids=["offered searches", "publish", "moment"],
)  # fmt: skip
def test_every_visible_change_counts(change):
    before = ContentGeneration.objects.get().number
    change()
    assert ContentGeneration.objects.get().number > before


@pytest.mark.django_db
def test_a_group_of_synonyms_of_the_admin_counts(client, administrator):
    before = ContentGeneration.objects.get().number
    client.force_login(administrator)
    client.post("/admin/helpcenter/synonym/add/", {"language": "en", "words": "funding, funding fee"})
    assert Synonym.objects.exists()
    assert ContentGeneration.objects.get().number > before


@pytest.mark.django_db
@pytest.mark.parametrize("model", [SiteLanguage, PopularSearch])
def test_a_new_order_of_rows_in_the_admin_shows_at_once(client, administrator, model):
    search_words.offer_searches([{"en": "first"}, {"en": "second"}])

    def order():
        page = read(client, "/en/")
        return list(page.menu)[:2] if model is SiteLanguage else [chip.words for chip in page.all("a", class_="chip")]

    before, (one, two) = order(), model.objects.order_by("position").values_list("pk", "position")[:2]
    client.force_login(administrator)
    address = f"/admin/helpcenter/{model._meta.model_name}/adminsortable2_update/"
    moved = {"updatedItems": [[str(one[0]), two[1]], [str(two[0]), one[1]]]}
    assert client.post(address, moved, content_type="application/json").status_code == 200
    client.logout()
    assert order() == before[::-1]


def test_a_change_that_is_rolled_back_changes_nothing(client, content):
    before = client.get("/en/articles/x/")
    number = freshness.current().generation
    with transaction.atomic():
        publish_text(content, "en", "Other words.")
        transaction.set_rollback(True)
    after = client.get("/en/articles/x/")
    assert freshness.current().generation == number
    assert (after["ETag"], after.content) == (before["ETag"], before.content)


def test_who_read_the_old_number_during_a_change_reads_again_after_it(content, django_capture_on_commit_callbacks):
    number = freshness.current().generation
    with django_capture_on_commit_callbacks(execute=True):
        freshness.bump()
        ContentGeneration.objects.update(number=number)  # what another connection sees until the commit
        assert freshness.current().generation == number
        ContentGeneration.objects.update(number=number + 1)
    assert freshness.current().generation == number + 1


@pytest.mark.django_db
def test_a_site_without_any_row_of_configuration_works():
    SiteLanguage.objects.all().delete()
    ContentGeneration.objects.all().delete()
    freshness.reset()
    client = Client()
    item = ArticleFactory(slug="x", texts={"en": "Text."})
    assert client.get("/ko/articles/x/").status_code == 200
    publishing.unpublish(item, "en", by=None)
    assert client.get("/ko/articles/x/").status_code == 404


# Two real processes


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    own = OwnSite(tmp_path_factory.mktemp("two-processes"))
    own.run(
        "from tests.helpcenter.factories import *\n"
        "ArticleFactory(slug='leaving', texts={'en': 'Withdrawals may take longer today.'})\n"
        "ArticleFactory(slug='coming')"
    )
    return own


@pytest.fixture(scope="module")
def two(site):
    with site.server() as one, site.server() as other, site.process("follow_index", "--verbosity", "0"):
        yield one, other


def test_an_unpublished_article_is_gone_from_two_processes_within_five_seconds(site, two):
    pages = [f"{address}/en/articles/leaving/" for address in two]
    searches = [f"{address}/en/search/?q=withdrawals&format=json" for address in two]
    assert [status(page) for page in pages] == [200, 200]
    wait_until("both nodes find it", lambda: all("leaving" in fetch(search)[1] for search in searches), seconds=20)
    site.run(
        "from helpcenter.models import *\nfrom helpcenter.actions import publishing\n"
        "publishing.unpublish(Article.objects.reading([]).get(slug='leaving'), 'en', by=None)"
    )
    wait_until("it is gone", lambda: [status(page) for page in pages] == [404, 404], seconds=5)
    wait_until("no node finds it", lambda: not any("leaving" in fetch(search)[1] for search in searches), seconds=5)


def test_a_published_article_is_found_in_two_processes_within_five_seconds(site, two):
    pages = [f"{address}/en/articles/coming/" for address in two]
    searches = [f"{address}/en/search/?q=liquidation&format=json" for address in two]
    assert [status(page) for page in pages] == [404, 404]
    site.run(
        "from helpcenter.models import *\nfrom tests.helpcenter.factories import publish_text\n"
        "publish_text(Article.objects.reading([]).get(slug='coming'), 'en', 'About liquidation.')"
    )
    wait_until("it is there", lambda: [status(page) for page in pages] == [200, 200], seconds=5)
    wait_until("both nodes find it", lambda: all("coming" in fetch(search)[1] for search in searches), seconds=5)


def test_many_readers_at_once_read_the_same_page(two):
    bodies: list[tuple[int, str]] = []

    def read_it():
        bodies.append(fetch(f"{two[0]}/en/"))

    readers = [threading.Thread(target=read_it) for _ in range(16)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert {code for code, _ in bodies} == {200}
    assert len({body for _, body in bodies}) == 1
    assert Page(bodies[0][1]).one("h1")
