"""Rendered pages are kept in Redis while it is there; a dead, hanging or emptied Redis costs no page."""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.cache import caches
from django.test import Client
from redis import Redis

from supportdesk.ui import caches as own
from supportdesk.ui.caches import ForgivingRedisCache
from tests.helpcenter.factories import ArticleFactory
from tests.services import free_port, redis_server

PATIENCE = 5.0  # seconds: a Redis that answers may do so late on a busy machine
SHORT = 0.5  # for one that hangs


@pytest.fixture(autouse=True)
def rested(monkeypatch):
    """Whether Redis is away is remembered by the process; no test inherits it."""
    monkeypatch.setattr(ForgivingRedisCache, "_away_until", 0.0)


@pytest.fixture(scope="module")
def running() -> Iterator[str]:
    with redis_server() as address:
        yield address


@pytest.fixture
def redis(running) -> Iterator[str]:
    """The address of an empty Redis that answers, also after a test that stopped it."""
    with Redis.from_url(running) as client:
        client.flushall()
        yield running
        os.kill(client.info("server")["process_id"], signal.SIGCONT) if client.ping() else None


@contextmanager
def pages_in(settings, address: str, patience: float = PATIENCE) -> Iterator[ForgivingRedisCache]:
    """The site with its pages in this Redis; connections are closed at the end."""
    backend = "supportdesk.ui.caches.ForgivingRedisCache"
    options = {"socket_timeout": patience, "socket_connect_timeout": patience}
    pages = {"BACKEND": backend, "LOCATION": address, "OPTIONS": options}
    settings.CACHES = {**settings.CACHES, "pages": pages}
    try:
        yield caches["pages"]
    finally:
        for pool in caches["pages"]._cache._pools.values():
            pool.disconnect()


@contextmanager
def hanging(address: str) -> Iterator[None]:
    """Redis takes connections and answers nothing."""
    with Redis.from_url(address) as client:
        pid = client.info("server")["process_id"]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def dead() -> str:
    return f"redis://127.0.0.1:{free_port()}/0"


def test_what_is_kept_comes_back(settings, redis):
    with pages_in(settings, redis) as pages:
        pages.set("key", {"body": b"\x00\xff", "title": "强平 ⟦ع⟧"}, 60)
        assert pages.get("key") == {"body": b"\x00\xff", "title": "强平 ⟦ع⟧"}
        assert pages.delete("key")
        assert pages.get("key", "default") == "default"


OPERATIONS = {
    "get": (lambda cache: cache.get("key", "default"), "default"),
    "set": (lambda cache: cache.set("key", 1), None),
    "delete": (lambda cache: cache.delete("key"), False),
    "clear": (lambda cache: cache.clear(), None),
    "add": (lambda cache: cache.add("key", 1), False),
    "has_key": (lambda cache: cache.has_key("key"), False),
    "in": (lambda cache: "key" in cache, False),
    "touch": (lambda cache: cache.touch("key"), False),
    "get_many": (lambda cache: cache.get_many(["a", "b"]), {}),
    "set_many": (lambda cache: cache.set_many({"a": 1, "b": 2}), ["a", "b"]),
    "delete_many": (lambda cache: cache.delete_many(["a"]), None),
    "get_or_set": (lambda cache: cache.get_or_set("key", lambda: "made"), "made"),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_answers_as_if_empty_while_redis_is_dead(settings, name):
    act, expected = OPERATIONS[name]
    with pages_in(settings, dead()) as pages:
        assert act(pages) == expected


def test_nothing_is_counted_while_redis_is_dead(settings):
    with pages_in(settings, dead()) as pages, pytest.raises(ValueError, match="not found"):
        pages.incr("key")


@pytest.mark.parametrize("name", ["get", "set", "delete", "clear"])
def test_every_operation_of_pages_answers_as_if_empty_while_redis_hangs(settings, redis, name):
    act, expected = OPERATIONS[name]
    with pages_in(settings, redis, SHORT) as pages, hanging(redis):
        assert act(pages) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/en/", "/zh-hans/articles/{slug}/", "/ar/categories/{category}/", "/ja/search/?q=fee"]
)
def test_a_dead_redis_costs_no_page(settings, path):
    article = ArticleFactory(texts={"en": "Fees are charged."})
    address = path.format(slug=article.slug, category=article.category.slug)
    with pages_in(settings, dead()):
        assert [Client().get(address).status_code for _ in range(2)] == [200, 200]


@pytest.mark.django_db
def test_a_redis_that_hangs_costs_no_page(settings, redis):
    article = ArticleFactory(texts={"en": "Fees are charged."})
    with pages_in(settings, redis, SHORT):
        before = Client().get(f"/en/articles/{article.slug}/")
        with hanging(redis):
            after = Client().get(f"/en/articles/{article.slug}/")
    assert (before.status_code, after.status_code) == (200, 200)
    assert before.content == after.content


@pytest.mark.django_db
def test_a_redis_that_dies_between_two_pages_costs_none(settings):
    article = ArticleFactory(texts={"en": "Fees are charged."})
    with redis_server() as address, pages_in(settings, address) as pages:
        assert Client().get(f"/en/articles/{article.slug}/").status_code == 200
        with Redis.from_url(address) as client:
            client.shutdown(nosave=True)
        assert Client().get(f"/en/articles/{article.slug}/").status_code == 200
        assert pages.get("anything") is None


@pytest.mark.django_db
def test_an_emptied_redis_fills_again(settings, redis, django_assert_num_queries):
    article = ArticleFactory(texts={"en": "Fees are charged."})
    address = f"/en/articles/{article.slug}/"
    with pages_in(settings, redis), Redis.from_url(redis) as client:
        first = Client().get(address)
        kept = client.dbsize()
        client.flushall()
        assert Client().get(address).content == first.content
        assert client.dbsize() == kept > 0
        with django_assert_num_queries(0):
            assert Client().get(address).content == first.content


@pytest.mark.django_db
def test_a_page_that_somebody_scribbled_over_is_rendered_again(settings, redis):
    """Another program, or another version of ours, wrote something under the same key."""
    article = ArticleFactory(texts={"en": "Fees are charged."})
    address = f"/en/articles/{article.slug}/"
    with pages_in(settings, redis), Redis.from_url(redis) as client:
        Client().get(address)
        for key in client.scan_iter():
            client.set(key, b"not a page")
        assert Client().get(address).status_code == 200


@contextmanager
def counting_listener() -> Iterator[tuple[str, list[int]]]:
    """Something on a port that hangs up at once, and how often it was called."""
    calls: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                calls.append(1)
                connection.close()

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0", calls
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def test_a_dead_server_is_left_alone_after_one_failure(settings):
    """Each page asks twice (get, set); none of them waits for a server that was just found dead."""
    with counting_listener() as (address, calls), pages_in(settings, address) as pages:
        pages.get("key")
        asked = len(calls)
        for _ in range(20):
            pages.get("key")
            pages.set("key", 1)
    assert asked <= 2
    assert len(calls) == asked


def test_a_server_that_is_back_is_used_again(settings, redis, monkeypatch):
    monkeypatch.setattr(own, "PAUSE", 0.0)
    with pages_in(settings, redis, SHORT) as pages:
        with hanging(redis):
            pages.set("key", "lost")
        pages.set("key", "kept")
        assert pages.get("key") == "kept"


def test_the_failure_is_in_the_log_once_and_not_per_page(settings, caplog):
    with pages_in(settings, dead()) as pages:
        for _ in range(10):
            pages.get("key")
    assert len([record for record in caplog.records if "page cache" in record.message]) == 1
