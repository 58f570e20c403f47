"""A reader's vote on an article: where it may come from, what is kept of it, and that nothing typed is ever lost."""

import json
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils.translation import gettext, override
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from helpcenter.actions import publishing
from helpcenter.actions.feedback import VOTES_PER_HOUR
from helpcenter.models import AddressUse, Feedback
from helpcenter.tasks import forget_traces_of_readers
from tests.helpcenter.dom import TAGS, TWELVE, Page, fold, read
from tests.helpcenter.factories import ArticleFactory, publish_text
from tests.own_site import OwnSite, fetch

pytestmark = pytest.mark.django_db

OURS = {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}
JSON = {**OURS, "Accept": "application/json"}
SEED = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about"


@pytest.fixture
def article():
    return ArticleFactory(slug="fees", texts={"en": "Text."})


@pytest.fixture
def translated(article):
    for code in ("ja", "zh-hans"):
        publish_text(article, code, "文。")


def form_of(client, slug="fees", language="en"):
    """The hidden fields of the page's "No" form, as a browser would send them."""
    form = read(client, f"/{language}/articles/{slug}/").one("section", class_="ask").all("form")[-1]
    return {field["name"]: field["value"] for field in form.all("input", type="hidden")}


def vote(client, slug="fees", language="en", headers=OURS, address="203.0.113.7", **fields):
    data = {**form_of(client, slug, language), **fields}
    return client.post(f"/{language}/feedback/{slug}/", data, headers=headers, REMOTE_ADDR=address)


# The form


@pytest.mark.parametrize("language", ["en", "zh-hans", "ja", "ko", "ar"])
def test_without_scripts_a_vote_leads_to_a_page_that_says_thank_you_and_back(client, article, language):
    form = read(client, f"/{language}/articles/fees/").one("section", class_="ask").all("form")[0]
    button = form.one("button")
    data = {field["name"]: field["value"] for field in form.all("input")} | {button["name"]: button["value"]}
    response = client.post(form["action"], data, headers=OURS, follow=True)
    page = Page(response.content.decode())
    assert response.redirect_chain == [(f"/{language}/feedback/fees/thanks/", 302)]
    assert page.one("html")["lang"] == TAGS[language]
    with override(language):
        assert page.one("h1").words == fold(gettext("Thank you. We read every answer."))
    assert f"/{language}/articles/fees/" in [link["href"] for link in page.main.all("a")]
    assert Feedback.objects.get().helpful


def test_a_no_keeps_its_reason_and_its_comment(client, article):
    words = "Schritt 2 heißt jetzt anders. 第二步不对。"
    vote(client, reason="outdated", comment=words)
    given = Feedback.objects.get()
    assert (given.helpful, given.reason, given.comment) == (False, "outdated", words)


def test_a_no_needs_neither_reason_nor_comment(client, article):
    assert vote(client).status_code == 302
    given = Feedback.objects.get()
    assert (given.helpful, given.reason, given.comment) == (False, "", "")


@pytest.mark.parametrize(("asked", "kept"), [("ja", "ja"), ("ru", "en"), ("zh-hant", "zh-hans")])
def test_a_vote_counts_for_the_language_that_was_read(client, translated, asked, kept):
    vote(client, language=asked)
    assert Feedback.objects.get().language == kept


def test_the_script_gets_its_answer_as_json_in_the_readers_language(client, article):
    response = vote(client, language="ko", headers=JSON)
    with override("ko"):
        assert response.json() == {"ok": True, "message": gettext("Thank you. We read every answer.")}
    assert response["Content-Type"].startswith("application/json")


def test_a_vote_sets_no_cookie_and_is_kept_by_no_cache(client, article):
    for response in (vote(client), vote(client, headers=JSON), vote(client, reason="nonsense")):
        assert not response.cookies
        assert "cookie" not in response.headers.get("Vary", "").lower()
        assert "no-store" in response["Cache-Control"]


def test_the_vote_is_not_public(client, article):
    before = client.get("/en/articles/fees/").content
    vote(client, comment="My very own words.")
    assert client.get("/en/articles/fees/").content == before


# Where it comes from


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [({"Sec-Fetch-Site": "same-origin"}, True), ({"Origin": "http://testserver"}, True), (OURS, True),
     ({}, False), ({"Sec-Fetch-Site": "cross-site"}, False), ({"Sec-Fetch-Site": "same-site"}, False),
     ({"Sec-Fetch-Site": "none"}, False), ({"Sec-Fetch-Site": ""}, False), ({"Sec-Fetch-Site": "SAME-ORIGIN "}, False),
     ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False), ({"Origin": "null"}, False),
     ({"Origin": ""}, False), ({"Origin": "http://evil.example"}, False),
     ({"Origin": "http://testserver.evil.example"}, False),
     ({"Origin": "http://testserver@evil.example"}, False), ({"Origin": "http://testserver:8080"}, False),
     ({"Origin": "https://testserver"}, True), ({"Origin": "http://["}, False), ({"Origin": "http://[::1"}, False),
     ({"Origin": "//testserver"}, False), ({"Referer": "http://testserver/en/"}, False)],
    ids=str,
)  # fmt: skip
def test_a_vote_counts_only_from_our_own_pages(client, article, headers, allowed):
    response = vote(client, headers=headers)
    assert response.status_code == (302 if allowed else 403)
    assert Feedback.objects.count() == (1 if allowed else 0)


def test_a_refusal_is_json_for_the_script(client, article):
    response = vote(client, headers={"Accept": "application/json", "Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert response.json()["ok"] is False
    assert response.json()["message"]


def test_a_signed_in_persons_vote_needs_no_token_and_does_not_name_them(client, article, trader):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(trader)
    assert vote(strict).status_code == 302
    assert "toma" not in json.dumps(Feedback.objects.values().get(), default=str).lower()


@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete"])
def test_only_posts_vote(client, article, method):
    assert getattr(client, method)("/en/feedback/fees/", headers=OURS).status_code == 405


# The stamp


@pytest.mark.parametrize(
    "damage", [lambda stamp: "", lambda stamp: stamp + "x", lambda stamp: stamp.rpartition(":")[0],
               lambda stamp: "999" + stamp, lambda stamp: stamp.replace(":en:", ":ja:"), lambda stamp: "\0",
               lambda stamp: "::::", lambda stamp: "é" * 5000],
)  # fmt: skip
def test_a_stamp_that_is_not_ours_counts_nothing(client, article, damage):
    form = form_of(client)
    assert vote(client, stamp=damage(form["stamp"])).status_code == 400
    assert not Feedback.objects.exists()


def test_the_stamp_of_another_article_counts_nothing(client, article):
    ArticleFactory(slug="other", texts={"en": "Text."})
    assert vote(client, stamp=form_of(client, "other")["stamp"]).status_code == 400
    assert not Feedback.objects.exists()


def test_a_stamp_does_not_grow_old(client, article):
    form = form_of(client)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=400)):
        assert client.post("/en/feedback/fees/", form, headers=OURS).status_code == 302


@pytest.mark.parametrize("why", ["absent", "agents", "archived", "unpublished"])
def test_only_articles_that_readers_can_read_take_votes(client, article, why):
    form = form_of(client)
    if why == "agents":
        type(article).objects.filter(pk=article.pk).update(audience="agents")
    if why == "archived":
        publishing.archive(article, by=None)
    if why == "unpublished":
        publishing.unpublish(article, "en", by=None)
    slug = "absent" if why == "absent" else "fees"
    assert client.post(f"/en/feedback/{slug}/", form, headers=OURS).status_code == 404
    assert not Feedback.objects.exists()


def test_there_are_thanks_for_articles_that_exist_only(client, article):
    assert client.get("/en/feedback/fees/thanks/").status_code == 200
    assert client.get("/en/feedback/absent/thanks/").status_code == 404


# Nothing typed is lost


@pytest.mark.parametrize("language", ["en", "ja", "ar"])
def test_a_refused_form_comes_back_with_everything_that_was_typed(client, article, language):
    comment = "ä <b>很长</b> \"'& " * 100
    response = vote(client, language=language, reason="steps", comment=comment)
    page = Page(response.content.decode())
    assert response.status_code == 400
    assert page.one("html")["lang"] == TAGS[language]
    assert page.main.one("textarea", name="comment").words == fold(comment)
    assert page.main.one("input", name="reason", value="steps").get("checked") is not None
    summary = page.main.one("div", data_error_summary=True)
    with override(language):
        assert summary.words == fold(gettext("Something is missing. Look at the fields and send again."))
    assert not page.main.all("b")


def test_a_refused_form_can_be_mended_and_sent_again(client, article):
    page = Page(vote(client, reason="steps", comment="x" * 1200).content.decode())
    form = page.main.one("form", method="post")
    assert form.get("action") in (None, "", "/en/feedback/fees/")
    data = {field["name"]: field["value"] for field in form.all("input", type="hidden")}
    data |= {choice["name"]: choice["value"] for choice in form.all("input", checked=True)}
    data |= {"helpful": "0", "comment": "Short."}
    assert client.post("/en/feedback/fees/", data, headers=OURS).status_code == 302
    assert (Feedback.objects.get().reason, Feedback.objects.get().comment) == ("steps", "Short.")


def test_a_form_whose_stamp_is_no_longer_ours_comes_back_with_one_that_is(client, article):
    """After a change of the key every page that is still open has an old stamp; "send again" has to work then."""
    page = Page(vote(client, stamp="1:en:b:old", reason="steps", comment="Words.").content.decode())
    form = page.main.one("form", method="post")
    data = {field["name"]: field["value"] for field in form.all("input", type="hidden")} | {"helpful": "0"}
    assert client.post("/en/feedback/fees/", data, headers=OURS).status_code == 302


def test_the_page_of_a_refused_form_leads_to_pages_that_answer(client, article):
    page = Page(vote(client, language="ja", helpful="maybe").content.decode())
    links = {link["href"] for link in page.all("a", href=True) if link["href"].startswith("/")}
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_a_refused_form_gives_the_script_its_words_as_json(client, article):
    response = vote(client, headers=JSON, comment="x" * 1001)
    assert response.status_code == 400
    assert response.json()["ok"] is False


@pytest.mark.parametrize(
    ("field", "value"),
    [("helpful", "2"), ("helpful", ""), ("helpful", "\0"), ("reason", "nonsense"), ("comment", "a\0b"),
     ("comment", "x" * 1001)],
    ids=str,
)  # fmt: skip
def test_what_the_form_does_not_offer_is_not_stored(client, article, field, value):
    assert vote(client, **{field: value}).status_code == 400
    assert not Feedback.objects.exists()


@given(comment=st.text(max_size=1100), reason=st.text(max_size=20), helpful=st.sampled_from(["0", "1", "", "x"]))
@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_words_break_the_form(client, article, comment, reason, helpful):
    response = vote(client, comment=comment, reason=reason, helpful=helpful)
    assert response.status_code in (302, 400, 429)


# What is kept


@pytest.mark.parametrize(
    "secret",
    [SEED, "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----",
     "KxDkWkKNYhTgD9tm1xmpXSEkjmewpz8r3mF85bwHzc37eMk1go6z", "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP"],
)  # fmt: skip
def test_a_secret_in_a_comment_is_never_stored(client, article, secret):
    assert vote(client, comment=f"I typed {secret} and nothing happened.").status_code == 302
    comment = Feedback.objects.get().comment
    assert secret not in comment
    assert comment.startswith("I typed ")
    assert comment.endswith("and nothing happened.")


def test_a_long_comment_with_secrets_fits_after_they_were_replaced(client, article):
    secret = "otpauth://a"
    assert vote(client, language="ar", comment=" ".join([secret] * 80)).status_code == 302
    assert secret not in Feedback.objects.get().comment


def test_the_address_is_kept_as_a_keyed_hash_only(client, article, settings):
    vote(client, address="203.0.113.7")
    rows = json.dumps([list(Feedback.objects.values()), list(AddressUse.objects.values())], default=str)
    assert "203.0.113" not in rows
    kept = Feedback.objects.get().address_hash
    assert len(kept) == 32
    Feedback.objects.all().delete()
    settings.SECRET_KEY = "another key of at least fifty characters, 0123456789-0123456789"
    vote(client, address="203.0.113.7")
    assert Feedback.objects.get().address_hash != kept


def test_the_hash_of_an_address_cannot_be_joined_with_that_of_another_day(client, article):
    with time_machine.travel(datetime(2026, 11, 21, 23, 59, tzinfo=UTC)):
        vote(client)
    with time_machine.travel(datetime(2026, 11, 22, 0, 1, tzinfo=UTC)):
        vote(client)
    one, other = Feedback.objects.order_by("day")
    assert (one.day, other.day) == (date(2026, 11, 21), date(2026, 11, 22))
    assert one.address_hash != other.address_hash


def test_hashes_are_forgotten_after_two_days_and_votes_stay(client, article):
    with time_machine.travel(datetime(2026, 11, 18, 12, 0, tzinfo=UTC)):
        vote(client)
        vote(client, address="203.0.113.8")
    with time_machine.travel(datetime(2026, 11, 22, 12, 0, tzinfo=UTC)):
        vote(client)
        forget_traces_of_readers.call()
    assert [bool(row.address_hash) for row in Feedback.objects.order_by("day", "pk")] == [False, False, True]
    assert AddressUse.objects.count() == 1


# One vote of an address, article and day


def test_a_second_vote_of_the_day_replaces_the_first(client, article):
    vote(client, reason="hard", comment="First.")
    vote(client, helpful="1")
    given = Feedback.objects.get()
    assert (given.helpful, given.reason, given.comment) == (True, "", "")


def test_another_address_another_article_and_another_day_are_votes_of_their_own(client, article):
    ArticleFactory(slug="other", texts={"en": "Text."})
    with time_machine.travel(datetime(2026, 11, 21, 12, 0, tzinfo=UTC)):
        vote(client)
        vote(client, address="2001:db8::7")
        vote(client, slug="other")
    with time_machine.travel(datetime(2026, 11, 22, 12, 0, tzinfo=UTC)):
        vote(client)
    assert Feedback.objects.count() == 4


def test_one_vote_even_in_two_languages(client, translated):
    vote(client, language="en")
    vote(client, language="ja")
    assert Feedback.objects.get().language == "ja"


# Limits


def test_an_address_has_thirty_votes_an_hour_and_its_words_are_kept_when_they_are_used_up(client, article):
    with time_machine.travel(datetime(2026, 11, 21, 12, 30, tzinfo=UTC), tick=False):
        codes = [vote(client).status_code for _ in range(VOTES_PER_HOUR)]
        assert set(codes) == {302}
        refused = vote(client, comment="My words.")
        assert refused.status_code == 429
        assert Page(refused.content.decode()).main.one("textarea", name="comment").words == "My words."
        assert vote(client, headers=JSON).status_code == 429
        assert vote(client, address="203.0.113.8").status_code == 302
    with time_machine.travel(datetime(2026, 11, 21, 13, 30, tzinfo=UTC), tick=False):
        assert vote(client).status_code == 302


def test_refused_posts_from_elsewhere_do_not_use_up_the_votes(client, article):
    for _ in range(VOTES_PER_HOUR + 5):
        vote(client, headers={"Sec-Fetch-Site": "cross-site"})
    assert vote(client).status_code == 302


# Which address it is


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "counted"),
    [
        ([], "203.0.113.7", "", "203.0.113.7"),
        ([], "203.0.113.7", "198.51.100.1", "203.0.113.7"),
        (["10.0.0.0/8"], "203.0.113.7", "198.51.100.1", "203.0.113.7"),
        (["10.0.0.0/8"], "10.0.0.1", "198.51.100.1", "198.51.100.1"),
        (["10.0.0.0/8"], "10.0.0.1", "192.0.2.66, 198.51.100.1", "198.51.100.1"),
        (["10.0.0.0/8"], "10.0.0.1", "192.0.2.66, 198.51.100.1, 10.9.9.9", "198.51.100.1"),
        (["10.0.0.0/8"], "10.0.0.1", "", "10.0.0.1"),
        (["10.0.0.0/8"], "10.0.0.1", " , ,", "10.0.0.1"),
        (["127.0.0.1", "::1"], "::1", "2001:db8::5", "2001:db8::5"),
        (["127.0.0.1/8"], "127.0.0.1", "198.51.100.1", "198.51.100.1"),
    ],
)
def test_a_forwarded_address_counts_only_from_a_proxy_that_we_trust(
    client, article, settings, trusted, peer, forwarded, counted
):
    settings.TRUSTED_PROXIES = []
    vote(client, address=counted)
    settings.TRUSTED_PROXIES = trusted
    vote(client, address=peer, headers={**OURS, "X-Forwarded-For": forwarded}, helpful="1")
    assert Feedback.objects.get().helpful, "both votes are one address's"


@pytest.mark.parametrize("forwarded", ["nonsense", "\u00e9", "1.2.3.4:5678", "[::1]:80", "," * 5000, "999.1.1.1"])
def test_a_forwarded_address_that_is_none_breaks_nothing(client, article, settings, forwarded):
    settings.TRUSTED_PROXIES = ["127.0.0.0/8"]
    response = vote(client, address="127.0.0.1", headers={**OURS, "X-Forwarded-For": forwarded})
    assert response.status_code == 302


def test_a_reader_cannot_take_new_addresses_by_saying_so(client, article):
    for number in range(5):
        vote(client, headers={**OURS, "X-Forwarded-For": f"198.51.100.{number}"})
    assert Feedback.objects.count() == 1


@pytest.mark.parametrize("language", TWELVE)
def test_the_form_and_its_answers_exist_in_every_language(client, article, language):
    page = read(client, f"/{language}/articles/fees/").one("section", class_="ask")
    with override(language):
        for words in ("Did this answer your question?", "What was wrong?", "It is out of date"):
            assert fold(gettext(words)) in page.words
        assert language == "en" or gettext("What was wrong?") != "What was wrong?"


# At the same moment, on a real server


def test_many_votes_of_one_address_at_once_are_one_vote(tmp_path):
    site = OwnSite(tmp_path)
    site.run("from tests.helpcenter.factories import *\nArticleFactory(slug='fees', texts={'en': 'Text.'})")
    answers = []
    with site.server() as address:
        stamp = Page(fetch(f"{address}/en/articles/fees/")[1]).main["data-stamp"]

        def post(helpful):
            data = {"stamp": stamp, "helpful": helpful}
            answers.append(fetch(f"{address}/en/feedback/fees/", {"Sec-Fetch-Site": "same-origin"}, data)[0])

        people = [threading.Thread(target=post, args=(str(number % 2),)) for number in range(12)]
        for person in people:
            person.start()
        for person in people:
            person.join()
    assert answers == [200] * 12
    assert site.sql("SELECT count(*) FROM helpcenter_feedback") == [(1,)]
    assert site.sql("SELECT count FROM helpcenter_addressuse") == [(12,)]
