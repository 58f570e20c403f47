"""Who sent a post without a cookie, and whether it came from our own pages."""

from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from supportdesk.ui.requests import address_hash, client_address, cookieless_post, is_same_origin
from tests.helpcenter.factories import ArticleFactory

PEER = "203.0.113.9"
PROXY = "10.0.0.1"


def post(**headers):
    return RequestFactory().post("/", headers={name.replace("_", "-"): value for name, value in headers.items()})


# Trusted proxies, the peer, X-Forwarded-For -> the address
ADDRESSES = [
    ([], PEER, "", PEER),
    ([], PEER, "1.2.3.4", PEER),
    ([], PROXY, "1.2.3.4", PROXY),
    (["10.0.0.0/8"], PEER, "1.2.3.4", PEER),
    (["10.0.0.0/8"], PROXY, "1.2.3.4", "1.2.3.4"),
    (["10.0.0.0/8"], PROXY, "6.6.6.6, 1.2.3.4", "1.2.3.4"),
    (["10.0.0.0/8"], PROXY, "6.6.6.6, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
    (["10.0.0.0/8"], PROXY, "10.9.9.9, 10.0.0.2", "10.9.9.9"),
    (["10.0.0.0/8"], PROXY, "", PROXY),
    (["10.0.0.0/8"], PROXY, " , ,", PROXY),
    (["10.0.0.1"], PROXY, "1.2.3.4", "1.2.3.4"),
    (["10.0.0.1/8"], PROXY, "1.2.3.4", "1.2.3.4"),
    (["2001:db8::/32"], "2001:db8::1", "2001:db9::5", "2001:db9::5"),
    (["10.0.0.0/8", "2001:db8::/32"], "2001:db8::1", "1.2.3.4, 10.0.0.7", "1.2.3.4"),
]


@pytest.mark.parametrize(("proxies", "peer", "forwarded", "address"), ADDRESSES)
def test_the_address_is_the_peers_or_what_the_last_trusted_proxy_says(settings, proxies, peer, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)) == address


@pytest.mark.parametrize("forwarded", ["unknown", "'; DROP TABLE", "1.2.3.4\t5", "x" * 9000, "[::1]:80", "\u00e9"])
def test_a_forged_header_breaks_nothing(settings, forwarded):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    request = RequestFactory().get("/", REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=forwarded)
    assert len(address_hash(request)) == 32


@pytest.mark.parametrize("peer", ["", "unix:", "not an address"])
def test_a_peer_without_an_address_breaks_nothing(settings, peer):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=peer)) == peer


def test_a_reader_behind_a_trusted_proxy_on_an_address_of_both_kinds_is_found(settings):
    """Servers that listen on IPv6 write IPv4 peers as ::ffff:10.0.0.1."""
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    request = RequestFactory().get("/", REMOTE_ADDR="::ffff:10.0.0.1", headers={"X-Forwarded-For": "1.2.3.4"})
    assert client_address(request) == "1.2.3.4"


@pytest.mark.parametrize(
    ("written", "address"),
    [("::ffff:203.0.113.9", PEER), ("::FFFF:CB00:7109", PEER), ("2001:DB8:0::0:1", "2001:db8::1")],
)
def test_an_address_is_written_in_one_way(written, address):
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=written)) == address


# The hash of the address


def hashed(peer: str = PEER, day: date | None = date(2026, 1, 2)) -> str:
    return address_hash(RequestFactory().get("/", REMOTE_ADDR=peer), day)


def test_an_address_has_one_hash_a_day():
    assert hashed() == hashed()
    assert len({hashed(), hashed(day=date(2026, 1, 3)), hashed("203.0.113.10")}) == 3


def test_a_line_that_changes_its_ipv6_address_stays_one_sender():
    """Whoever has a line has 2^64 addresses: limits would hold nobody back."""
    assert len({hashed(f"2001:db8:1:2::{number:x}") for number in range(5)}) == 1
    assert len({hashed("2001:db8:1:2::1"), hashed("2001:db8:1:3::1"), hashed(PEER)}) == 3


def test_readers_of_ipv4_are_told_apart_where_the_server_listens_on_ipv6():
    assert hashed(f"::ffff:{PEER}") == hashed(PEER) != hashed("::ffff:203.0.113.10")


def test_the_hash_cannot_be_made_without_the_key(settings):
    before = hashed()
    settings.SECRET_KEY = "another key altogether"
    assert hashed() != before


def test_the_hash_holds_nothing_of_the_address():
    assert PEER not in hashed()
    assert len(hashed()) == 32
    int(hashed(), 16)


# From our own pages

ORIGINS = [
    ({"Sec_Fetch_Site": "same-origin"}, True),
    ({"Sec_Fetch_Site": "same-site"}, False),
    ({"Sec_Fetch_Site": "cross-site"}, False),
    ({"Sec_Fetch_Site": "none"}, False),
    ({"Sec_Fetch_Site": ""}, False),
    ({"Sec_Fetch_Site": "SAME-ORIGIN "}, False),
    ({"Sec_Fetch_Site": "cross-site", "Origin": "http://testserver"}, False),
    ({"Sec_Fetch_Site": "same-origin", "Origin": "https://evil.example"}, True),
    ({"Origin": "http://testserver"}, True),
    ({"Origin": "https://testserver"}, True),
    ({"Origin": "null"}, False),
    ({"Origin": ""}, False),
    ({"Origin": "https://evil.example"}, False),
    ({"Origin": "https://testserver.evil.example"}, False),
    ({"Origin": "https://eviltestserver"}, False),
    ({"Origin": "https://testserver@evil.example"}, False),
    ({"Origin": "https://evil.example/testserver"}, False),
    ({"Origin": "http://testserver:8000"}, False),
    ({"Origin": "http://[::1"}, False),
    ({"Origin": "testserver"}, False),
    ({"Referer": "http://testserver/en/"}, False),
    ({}, False),
]


@pytest.mark.parametrize(("headers", "expected"), ORIGINS, ids=[str(headers) for headers, _ in ORIGINS])
def test_only_the_browsers_word_tells_where_a_post_came_from(headers, expected):
    assert is_same_origin(post(**headers)) is expected


@cookieless_post
def door(request):
    return HttpResponse("in")


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
def test_the_door_takes_posts_only(method):
    request = getattr(RequestFactory(), method)("/", headers={"Sec-Fetch-Site": "same-origin"})
    assert door(request).status_code == 405


def test_the_answer_is_never_kept():
    assert "no-store" in door(post(Sec_Fetch_Site="same-origin")).headers["Cache-Control"]


# Through the real addresses


@pytest.fixture
def addresses(db) -> list[str]:
    article = ArticleFactory(slug="fees", texts={"en": "Text."})
    return ["/en/beacon/", f"/en/feedback/{article.slug}/"]


def test_a_post_of_another_site_is_refused_and_changes_nothing(addresses):
    for address in addresses:
        for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}, {"Origin": "https://evil.example"}):
            answer = Client(enforce_csrf_checks=True).post(address, {"helpful": "yes"}, headers=headers)
            assert answer.status_code == 403


def test_a_post_of_our_own_page_passes_without_a_token_or_a_cookie(addresses):
    for address in addresses:
        answer = Client(enforce_csrf_checks=True).post(address, {}, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 400  # let in, and found empty
        assert not answer.cookies


@pytest.mark.parametrize("language", ["en", "zh-hans", "ja", "ko", "ar"])
def test_a_refusal_is_a_page_in_the_language_of_the_address(addresses, language):
    answer = Client().post(addresses[1].replace("/en/", f"/{language}/"))
    tag = {"zh-hans": "zh-Hans"}.get(language, language)
    assert f'<html lang="{tag}" dir="{"rtl" if language == "ar" else "ltr"}">' in answer.content.decode()


def test_a_script_that_is_refused_gets_json(addresses):
    answer = Client().post(addresses[1], headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["ok"]) == (403, False)
