"""Announcements: the list, each of them, the feed, bands on every page, and the moments at which all of them change."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext, override

from helpcenter import freshness
from helpcenter.actions.announcing import AnnouncementText, save_announcement
from helpcenter.errors import InvalidText
from helpcenter.models import Announcement, ContentGeneration
from helpcenter.views import page_cache
from supportdesk.outbox import delivery
from tests.helpcenter.dom import TAGS, TWELVE, Page, fold, read
from tests.helpcenter.factories import AnnouncementFactory, ArticleFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ATOM = "{http://www.w3.org/2005/Atom}"
PAGES = ("", "articles/x/", "categories/topic/", "announcements/", "announcements/news/", "search/?q=x")


@pytest.fixture(autouse=True)
def clock():
    """Noon of a day in November; `clock.move_to` goes elsewhere."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def announce(slug="news", texts=None, **fields):
    fields = {"published_at": NOW - HOUR, **fields}
    texts = texts or {"en": AnnouncementText("News today", "In short.", "At length.")}
    return save_announcement(Announcement(slug=slug, **fields), texts, by=None)


def text(title, summary="In short.", body="At length."):
    return AnnouncementText(title, summary, body)


def listed(page):
    return [link["href"].split("/")[-2] for link in page.main.all("a", class_="t")]


def bands(client, path="/en/"):
    return [band["data-band"] for band in read(client, path).all("div", class_="band") if "data-band" in band.attrs]


def generation():
    return ContentGeneration.objects.get().number


def deliver():
    return delivery.deliver_due()


# The list


def test_the_list_has_the_newest_first_with_kind_date_and_summary(client):
    announce("old", published_at=NOW - 3 * DAY)
    announce("new", {"en": text("Trading stops", "For an hour.")}, published_at=NOW - DAY, kind="maintenance")
    page = read(client, "/en/announcements/")
    assert listed(page) == ["new", "old"]
    row = page.main.one("ul", class_="rows").all("li")[0]
    assert row.one("span", class_="tag").words == "Maintenance"
    assert "For an hour." in row.words
    assert "23 November 2026" in row.words
    assert row.one("time")["datetime"].startswith("2026-11-23T12:00")


@pytest.mark.parametrize("published_at", [None, NOW + timedelta(seconds=1), NOW + 300 * DAY])
def test_what_is_not_public_yet_is_in_no_list(client, published_at):
    announce("later", published_at=published_at, is_band=True)
    for path in ("/en/", "/en/announcements/", "/en/announcements/feed/", "/sitemap.xml"):
        assert "later" not in client.get(path).content.decode()


@pytest.mark.parametrize("language", TWELVE)
def test_an_empty_list_says_so(client, language):
    page = read(client, f"/{language}/announcements/")
    with override(language):
        assert fold(gettext("There are no announcements right now.")) in page.main.words


@pytest.mark.parametrize("count", [20, 21, 45, 105])
def test_every_announcement_is_reached_by_paging(client, count):
    for number in range(count):
        AnnouncementFactory(slug=f"n{number}", published_at=NOW - number * HOUR)
    seen, address = [], "/en/announcements/"
    while address:
        page = read(client, address)
        seen += listed(page)
        following = page.main.all("a", rel="next")
        address = "/en/announcements/" + following[0]["href"] if following else ""
    assert seen == [f"n{number}" for number in range(count)]


def test_an_announcement_in_another_language_is_listed_with_its_language(client):
    announce(texts={"en": text("News today")})
    link = read(client, "/ar/announcements/").main.one("a", class_="t")
    assert next(e["lang"] for e in [link, *link.below()] if "lang" in e.attrs) == "en"


@pytest.mark.parametrize("language", ["en", "ko", "ar"])
def test_an_announcement_in_none_of_the_readers_languages_is_listed_all_the_same(client, language):
    announce(texts={"ja": text("お知らせ")}, source_language="ja")
    assert listed(read(client, f"/{language}/announcements/")) == ["news"]


# One announcement


def test_the_page_shows_the_text_its_kind_and_its_times_in_utc(client):
    announce(
        texts={"en": text("Maintenance", "Short.", "Trading **pauses**.")}, kind="maintenance",
        starts_at=datetime(2026, 11, 25, 2, 0, tzinfo=UTC), ends_at=datetime(2026, 11, 25, 2, 20, tzinfo=UTC),
    )  # fmt: skip
    page = read(client, "/en/announcements/news/")
    assert page.one("h1").words == "Maintenance"
    assert page.main.one("div", data_content=True).one("strong").words == "pauses"
    assert page.main.one("span", class_="tag").words == "Maintenance"
    assert "25 November 2026, 02:00 UTC" in page.main.words
    assert "25 November 2026, 02:20 UTC" in page.main.words
    assert page.one("meta", name="description")["content"] == "Short."


def test_the_words_for_over_appear_when_the_window_has_ended(client, clock):
    announce(starts_at=NOW - HOUR, ends_at=NOW + HOUR)
    assert "Over" not in read(client, "/en/announcements/news/").main.words
    clock.move_to(NOW + HOUR)
    assert "Over" in read(client, "/en/announcements/news/").main.words


@pytest.mark.parametrize("published_at", [None, NOW + HOUR])
def test_an_announcement_that_is_not_public_yet_is_not_found(client, published_at):
    announce(published_at=published_at)
    assert client.get("/en/announcements/news/").status_code == 404


def test_an_announcement_is_found_from_its_moment_on_though_nobody_changed_anything(client, clock):
    announce(published_at=NOW + HOUR)
    assert client.get("/en/announcements/news/").status_code == 404
    assert listed(read(client, "/en/announcements/")) == []
    clock.move_to(NOW + HOUR)
    assert client.get("/en/announcements/news/").status_code == 200
    assert listed(read(client, "/en/announcements/")) == ["news"]


@pytest.mark.parametrize(
    ("written", "source", "asked", "shown"),
    [(("en", "ja"), "en", "ja", "ja"), (("en", "zh-hans"), "en", "zh-hant", "zh-hans"),
     (("en", "ja"), "ja", "ko", "en"), (("ja", "ar"), "ja", "ko", "ja"), (("ar",), "en", "ko", "ar")],
)  # fmt: skip
def test_a_missing_language_shows_the_next_best_with_a_notice(client, written, source, asked, shown):
    announce(texts={code: text(f"Title {code}") for code in written}, source_language=source)
    page = read(client, f"/{asked}/announcements/news/")
    heading, content = page.one("h1"), page.main.one("div", data_content=True)
    assert heading.words == f"Title {shown}"
    assert page.canonical == f"/{shown}/announcements/news/"
    assert page.alternates.keys() == {TAGS[code] for code in written}
    for element in (heading, content):
        assert (element.inherited("lang"), element.inherited("dir")) == (TAGS[shown], "rtl" if shown == "ar" else "ltr")
    assert bool(page.main.all("div", class_="warn")) is (asked != shown)


def test_links_to_articles_stay_in_the_readers_language(client):
    announce(texts={"en": text("T", body="[Fees](fees.md)")})
    content = read(client, "/ko/announcements/news/").main.one("div", data_content=True)
    assert content.one("a")["href"] == "/ko/articles/fees/"


def test_hostile_words_stay_words(client):
    words = "</p><script>alert(1)</script>\"'{{ x }}"
    announce(texts={"en": text(words, words, words)}, is_band=True)
    page = read(client, "/en/announcements/news/")
    assert page.one("h1").words == words
    assert len(page.scripts) == 2
    assert words in page.one("div", class_="band").words


# The feed


def feed(client, language="en"):
    response = client.get(f"/{language}/announcements/feed/")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)  # noqa: S314 - our own feed


def test_the_feed_has_the_announcements_of_a_language_newest_first(client):
    announce("old", {"en": text("Old", "Then."), "ja": text("古い")}, published_at=NOW - DAY)
    announce("new", {"en": text("New", "Now."), "ja": text("新しい")}, kind="phishing")
    root = feed(client, "ja")
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "ja"
    assert [entry.findtext(f"{ATOM}title") for entry in root.findall(f"{ATOM}entry")] == ["新しい", "古い"]
    link = root.find(f"{ATOM}entry/{ATOM}link")
    assert link is not None
    assert link.get("href") == "http://testserver/ja/announcements/new/"


@pytest.mark.parametrize("language", TWELVE)
def test_the_feed_names_itself_and_its_language(client, language):
    announce()
    root = feed(client, language)
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == TAGS[language]
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"] == f"http://testserver/{language}/announcements/feed/"
    assert links["alternate"] == f"http://testserver/{language}/announcements/"


def test_an_empty_feed_is_a_feed(client):
    assert feed(client).findall(f"{ATOM}entry") == []


def test_the_feed_is_kept_no_longer_than_pages(client):
    assert client.get("/en/announcements/feed/").headers["Cache-Control"] == page_cache.FRESH


def test_the_feed_says_when_an_announcement_was_published(client):
    announce(published_at=datetime(2026, 11, 20, 9, 15, tzinfo=UTC))
    entry = feed(client).find(f"{ATOM}entry")
    assert entry is not None
    assert entry.findtext(f"{ATOM}published") == "2026-11-20T09:15:00+00:00"


def test_the_feed_of_many_is_bounded_and_hostile_words_stay_words(client):
    for number in range(60):
        AnnouncementFactory(slug=f"n{number}", title_en="<b>]]>&\"'", published_at=NOW - number * HOUR)
    entries = feed(client).findall(f"{ATOM}entry")
    assert 20 <= len(entries) <= 50
    assert entries[0].findtext(f"{ATOM}title") == "<b>]]>&\"'"


def test_every_page_of_a_language_names_its_feed(client):
    page = read(client, "/ko/")
    assert page.one("link", type="application/atom+xml")["href"] == "/ko/announcements/feed/"


# Bands


@pytest.mark.parametrize("path", PAGES)
def test_a_band_stands_on_every_page_and_leads_to_its_announcement(client, path):
    ArticleFactory(slug="x", category__slug="topic", texts={"en": "Text."})
    announce(texts={"en": text("Trading is slow", "Orders take longer.")}, is_band=True, kind="incident")
    band = read(client, f"/en/{path}").one("div", data_band=True)
    assert "Trading is slow" in band.words
    assert "Orders take longer." in band.words
    assert "/en/announcements/news/" in [link["href"] for link in band.all("a")]
    assert band["aria-label"] == "Incident"


@pytest.mark.parametrize(
    ("starts", "ends", "shown"),
    [(None, None, True), (-HOUR, None, True), (0 * HOUR, None, True), (HOUR, None, False), (None, HOUR, True),
     (None, 0 * HOUR, False), (-2 * HOUR, -HOUR, False), (-HOUR, HOUR, True), (HOUR, 2 * HOUR, False)],
)  # fmt: skip
def test_a_band_is_shown_inside_its_window_only(client, starts, ends, shown):
    starts, ends = (NOW + moment if moment is not None else None for moment in (starts, ends))
    announce(is_band=True, published_at=NOW - 3 * HOUR, starts_at=starts, ends_at=ends)
    assert bool(bands(client)) is shown


def test_an_announcement_that_is_no_band_is_none(client):
    announce(starts_at=NOW - HOUR, ends_at=NOW + HOUR)
    assert bands(client) == []


def test_the_newest_band_comes_first(client):
    announce("a", is_band=True, published_at=NOW - 2 * HOUR)
    announce("b", is_band=True, published_at=NOW - HOUR)
    assert bands(client) == ["b", "a"]


def test_a_band_in_another_language_carries_its_language(client):
    announce(texts={"en": text("Trading is slow")}, is_band=True)
    words = read(client, "/ar/").one("div", data_band=True).one("strong")
    assert (words.inherited("lang"), words.inherited("dir")) == ("en", "ltr")


@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
def test_a_band_in_none_of_the_readers_languages_is_shown_all_the_same(client, language):
    announce(texts={"ko": text("거래 지연")}, source_language="ko", is_band=True, kind="incident")
    assert bands(client, f"/{language}/") == ["news"]


@pytest.mark.both
@pytest.mark.parametrize("published_at", [NOW + DAY, None])
def test_a_band_of_now_is_not_pushed_out_by_many_that_come_later_or_are_drafts(client, published_at):
    announce(is_band=True)
    for number in range(60):
        AnnouncementFactory(slug=f"n{number}", published_at=published_at, starts_at=NOW + 2 * DAY, is_band=True)
    assert bands(client) == ["news"]


# Moments


def test_pages_change_when_a_band_begins_and_when_it_ends_though_nobody_does_anything(client, clock):
    announce(is_band=True, starts_at=NOW + HOUR, ends_at=NOW + 2 * HOUR)
    shown = []
    for hours in (0.99, 1, 1.99, 2):
        clock.move_to(NOW + hours * HOUR)
        shown.append(bool(bands(client)))
    assert shown == [False, True, True, False]


@pytest.mark.parametrize("moment", ["published_at", "starts_at", "ends_at"])
def test_a_reader_who_has_the_page_of_before_gets_the_one_of_now(client, clock, moment):
    announce(is_band=True, **{moment: NOW + HOUR})
    before = client.get("/en/")
    clock.move_to(NOW + HOUR)
    after = client.get("/en/", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200, "the page has changed, so 304 would keep the old one"
    assert ("data-band" in after.content.decode()) is (moment != "ends_at")


def test_the_outbox_counts_each_moment_once_when_it_has_come(clock):
    announce(is_band=True, published_at=NOW + HOUR, starts_at=NOW + 2 * HOUR, ends_at=NOW + 3 * HOUR)
    counted = []
    for hours in (0, 0.99, 1, 1.5, 2, 3, 4):
        clock.move_to(NOW + hours * HOUR)
        before = generation()
        deliver()
        deliver()
        counted.append(generation() - before)
    assert counted == [0, 0, 1, 0, 1, 1, 0]


def test_moments_that_are_over_are_not_owed():
    announce(is_band=True, published_at=NOW - 3 * HOUR, starts_at=NOW - 2 * HOUR, ends_at=NOW - HOUR)
    before = generation()
    deliver()
    assert generation() == before


def test_a_moved_moment_counts_at_its_new_time(clock):
    item = announce(is_band=True, starts_at=NOW + HOUR)
    item.starts_at = NOW + 5 * HOUR
    save_announcement(item, {}, by=None)
    clock.move_to(NOW + 5 * HOUR)
    before = generation()
    deliver()
    assert generation() > before


def test_a_process_that_kept_the_page_shows_the_band_after_the_delivery(client, clock):
    announce(is_band=True, starts_at=NOW + HOUR)
    before = client.get("/en/")
    clock.move_to(NOW + HOUR + timedelta(seconds=3))
    assert deliver() == 1
    after = client.get("/en/", headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert Page(after.content.decode()).all("div", data_band=True)


# Saving


def test_a_saved_announcement_is_public_at_once_in_the_languages_named(client):
    item = announce(texts={"en": text("One")})
    assert read(client, "/en/announcements/news/").one("h1").words == "One"
    save_announcement(item, {"ko": text("하나")}, by=None)
    assert read(client, "/ko/announcements/news/").one("h1").words == "하나"
    assert read(client, "/en/announcements/news/").one("h1").words == "One"


def test_a_missing_summary_is_the_first_sentence(client):
    announce(texts={"en": text("T", "", "First one. Second one.")})
    assert "First one." in read(client, "/en/announcements/").main.words
    assert "Second one." not in read(client, "/en/announcements/").main.words


@pytest.mark.parametrize(
    ("fields", "texts"),
    [({"starts_at": NOW, "ends_at": NOW}, {}), ({"starts_at": NOW, "ends_at": NOW - HOUR}, {}),
     ({}, {"en": text(" ")})],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_stores_nothing(fields, texts):
    with pytest.raises(InvalidText):
        save_announcement(Announcement(slug="news", **fields), texts, by=None)
    assert not Announcement.objects.exists()


def test_saving_needs_the_right_to_change_announcements(agent, translator):
    for person in (agent, translator):
        with pytest.raises(PermissionDenied):
            save_announcement(Announcement(slug="news"), {}, by=person)


def test_a_withdrawn_announcement_is_gone_from_every_page_at_once(client, content_editor):
    item = announce(is_band=True)
    paths = ("/en/", "/en/announcements/", "/en/announcements/feed/")
    assert all("/announcements/news/" in client.get(path).content.decode() for path in paths)
    client.force_login(content_editor)
    form = {"text_title": "News today", "text_summary": "", "text_body": "B.", "text_language": "en", "slug": "news"}
    form |= {"kind": "announcement", "source_language": "en", "is_band": "on"}
    form |= {f"{name}_{part}": "" for name in ("published_at", "starts_at", "ends_at") for part in (0, 1)}
    response = client.post(f"/admin/helpcenter/announcement/{item.pk}/change/", form)
    assert response.status_code == 302, response.context["errors"]
    client.logout()
    assert not any("/announcements/news/" in client.get(path).content.decode() for path in paths)
    assert client.get("/en/announcements/news/").status_code == 404


def test_the_generation_is_counted_when_an_announcement_is_saved():
    before = generation()
    announce()
    assert generation() > before
    assert freshness.current().generation == generation()
