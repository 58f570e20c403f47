"""What machines read: how to search here, where robots may go, who to tell of a hole, whether the site is well."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest
from django.utils import timezone
from django.utils.translation import gettext, override

from helpcenter.actions import publishing
from helpcenter.search import indexing
from supportdesk.outbox.models import Outbox, State
from tests.helpcenter.dom import TAGS, TWELVE, fold, read
from tests.helpcenter.factories import ArticleFactory, index_all, publish_text
from tests.own_site import OwnSite, fetch
from tests.services import free_port

SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
PARTS = {"database", "cache", "search", "mail", "queue_age", "failed_mail", "purge_overdue"}


# OpenSearch


def description(client, language="en"):
    response = client.get(f"/{language}/opensearch.xml")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/opensearchdescription+xml")
    return ElementTree.fromstring(response.content)  # noqa: S314 - our own file


@pytest.mark.django_db
@pytest.mark.parametrize("language", TWELVE)
def test_browsers_learn_how_to_search_in_the_readers_language(client, language):
    link = read(client, f"/{language}/").one("link", rel="search")
    assert link["href"] == f"/{language}/opensearch.xml"
    root = description(client, language)
    template = root.find(f"{SEARCH}Url")
    assert template is not None
    assert template.get("template") == f"http://testserver/{language}/search/?q={{searchTerms}}"
    assert root.findtext(f"{SEARCH}Language") == TAGS[language]
    with override(language):
        expected = gettext("Search the help of %(site_name)s") % {"site_name": "Northgate Exchange"}
    assert fold(root.findtext(f"{SEARCH}Description") or "") == fold(expected)


@pytest.mark.parametrize("name", ["A & B <Exchange> of a long name", "交易所", '"'])
def test_the_description_is_well_formed_and_its_name_short_whatever_the_site_is_called(client, settings, name):
    settings.SITE_NAME = name
    short = description(client).findtext(f"{SEARCH}ShortName") or ""
    assert 0 < len(short) <= 16


def test_the_description_needs_no_database_and_sets_no_cookie(client):
    response = client.get("/ko/opensearch.xml")
    assert "public" in response["Cache-Control"]
    assert not response.cookies
    assert "cookie" not in response.headers.get("Vary", "").lower()


# Robots


@pytest.mark.parametrize("path", ["/", "/en/", "/zh-hans/articles/fees/", "/ar/categories/money/", "/en/feedback/"])
def test_robots_may_read_the_help(client, path):
    assert robots(client, path)


@pytest.mark.parametrize("path", ["/en/search/", "/en/search/?q=x", "/pt-br/suggest/?q=x", "/admin/", "/admin/login/"])
def test_robots_stay_away_from_searches_and_from_the_admin(client, path):
    assert not robots(client, path)


def robots(client, path):
    """Whether a robot may go there as RFC 9309 reads it: `*` stands for anything; Python's own parser knows none."""
    rows = client.get("/robots.txt").content.decode().splitlines()
    assert rows[0] == "User-agent: *"
    rules = [row.split(": ", 1)[1] for row in rows if row.startswith("Disallow: ")]
    return not any(re.match(re.escape(unquote(rule)).replace(r"\*", ".*"), path) for rule in rules)


def test_robots_are_told_of_the_sitemap(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    assert "Sitemap: http://testserver/sitemap.xml" in response.content.decode().splitlines()


# security.txt


def fields(client):
    response = client.get("/.well-known/security.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    rows = [row for row in response.content.decode().splitlines() if row and not row.startswith("#")]
    return [tuple(row.split(": ", 1)) for row in rows]


def test_security_txt_has_what_rfc_9116_asks_for(client, settings):
    settings.SECURITY_CONTACT = "mailto:security@northgate.example"
    found = fields(client)
    names = [name for name, _ in found]
    assert ("Contact", "mailto:security@northgate.example") in found
    assert names.count("Expires") == 1
    assert names.count("Preferred-Languages") == 1
    assert dict(found)["Canonical"] == "http://testserver/.well-known/security.txt"


def test_security_txt_is_valid_for_less_than_a_year_and_never_over(client):
    expires = datetime.fromisoformat(dict(fields(client))["Expires"])
    now = datetime.now(UTC)
    assert now + timedelta(days=30) < expires < now + timedelta(days=366)


@pytest.mark.parametrize("path", ["/robots.txt", "/.well-known/security.txt", "/en/opensearch.xml"])
@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_machines_only_read(client, path, method):
    assert getattr(client, method)(path).status_code == 405


# Health


def test_a_process_is_alive_without_any_question_to_what_is_behind_it(client):
    response = client.get("/health/live")
    assert (response.status_code, response.json()) == (200, {"ok": True})
    assert "no-store" in response["Cache-Control"]


def ready(client, status=200, **extra):
    response = client.get("/health/ready", **extra)
    assert response.status_code == status
    assert response["Content-Type"].startswith("application/json")
    assert "no-store" in response["Cache-Control"]
    return response.json()


@pytest.mark.django_db
@pytest.mark.parametrize("accept", ["", "text/html", "application/json", "text/plain", "*/*", "nonsense"])
def test_ready_is_json_by_part_whatever_is_asked_for(client, accept):
    index_all()
    answer = ready(client, headers={"Accept": accept})
    assert answer["ok"] is True
    assert answer["parts"].keys() == PARTS
    assert all(part is None or part["ok"] for part in answer["parts"].values())
    assert {name for name, part in answer["parts"].items() if part} >= {"database", "cache", "search", "queue_age"}


@pytest.mark.django_db
def test_a_search_that_is_behind_is_told_but_takes_no_node_out_of_service(client):
    item = ArticleFactory(texts={"en": "Text."})
    index_all()
    publish_text(item, "en", "Other.")
    search = ready(client)["parts"]["search"]
    assert search["ok"] is False
    assert "en" in search["error"]
    indexing.sync("en")
    assert ready(client)["parts"]["search"] == {"ok": True}


@pytest.mark.django_db
def test_a_search_that_still_knows_an_unpublished_text_is_behind(client):
    item = ArticleFactory(texts={"ja": "本文。"})
    index_all()
    publishing.unpublish(item, "ja", by=None)
    assert ready(client)["parts"]["search"]["ok"] is False


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("minutes", "state", "is_well"),
    [(4, State.PENDING, True), (6, State.PENDING, False), (-60, State.PENDING, True), (600, State.DONE, True),
     (600, State.FAILED, True)],
)  # fmt: skip
def test_deliveries_that_wait_too_long_are_told_and_readers_go_on_reading(client, minutes, state, is_well):
    """The queue is that of all nodes: taken for a reason to serve nobody, a worker that died would close the site."""
    index_all()
    next_at = timezone.now() - timedelta(minutes=minutes)
    Outbox.objects.create(event_kind="instant", event_id=1, consumer="freshness", next_at=next_at, state=state)
    answer = ready(client)
    assert answer["ok"] is True
    assert answer["parts"]["queue_age"]["ok"] is is_well


@pytest.mark.django_db
def test_a_shared_cache_that_is_away_is_told_and_readers_go_on_reading(client, settings, caplog):
    index_all()
    away = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": f"redis://127.0.0.1:{free_port()}/0"}
    settings.CACHES = {**settings.CACHES, "default": away}
    answer = ready(client)
    assert answer["ok"] is True
    assert answer["parts"]["cache"]["ok"] is False
    assert "nobody can sign in" in answer["parts"]["cache"]["error"]
    assert "ConnectionError" in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.django_db
def test_what_is_wrong_names_neither_passwords_nor_code(client, settings):
    Outbox.objects.create(
        event_kind="instant", event_id=1, consumer="freshness", next_at=timezone.now() - timedelta(hours=1)
    )
    text = client.get("/health/ready").content.decode()
    for word in (settings.SECRET_KEY, str(settings.BASE_DIR), "Traceback"):
        assert word not in text


def test_a_site_whose_database_is_away_is_alive_and_not_ready(tmp_path):
    site = OwnSite(tmp_path, DATABASE_URL="postgres://nobody:hidden-word@127.0.0.1:1/none", LOG_LEVEL="CRITICAL")
    printed = site.run(
        "from django.test import Client\n"
        "client = Client(raise_request_exception=False)\n"
        "for path in ('live', 'ready'):\n"
        "    answer = client.get(f'/health/{path}')\n"
        "    print(answer.status_code, answer['Content-Type'], answer.content.decode())"
    )
    live, not_ready = [line for line in printed.splitlines() if "application/json" in line]
    assert live.startswith("200 ")
    assert not_ready.startswith("503 ")
    assert '"ok": false' in not_ready
    assert '"purge_overdue"' in not_ready
    assert "the database does not answer" in not_ready
    assert "hidden-word" not in not_ready


def test_probes_leave_no_connections_behind(tmp_path):
    """A load balancer asks every few seconds, and a database has a hundred connections or so."""
    site = OwnSite(tmp_path)
    most = 0
    with site.server() as address:
        for _ in range(24):
            assert fetch(f"{address}/health/ready")[0] == 200
            most = max(most, site.connections())
    assert most <= 4, "no more than the server has threads"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/health/", "/health/live/", "/health/nothing"])
def test_other_addresses_of_health_are_not_found(client, path):
    assert client.get(path).status_code == 404


def test_addresses_in_these_files_are_those_of_the_site_not_of_the_request(client, settings):
    settings.SITE_URL = "https://help.northgate.example"
    for path in ("/robots.txt", "/.well-known/security.txt", "/en/opensearch.xml"):
        text = client.get(path, headers={"Host": "localhost"}).content.decode()
        hosts = {urlsplit(address).netloc for address in re.findall(r"https?://[^\s\"<{]+", text)}
        assert hosts - {"a9.com"} == {"help.northgate.example"}
