"""Parts of a text that are for readers of some regions: who is shown them, how, and what writers are told."""

import re

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from helpcenter import factbook, freshness
from helpcenter.actions import drafting, publishing
from helpcenter.actions.announcing import AnnouncementText, save_announcement
from helpcenter.content import markdown, parity, regions, slots
from helpcenter.content.parity import Check, Document
from helpcenter.errors import NotPublishable
from helpcenter.models import Announcement, Region
from tests.helpcenter import searching
from tests.helpcenter.dom import read
from tests.helpcenter.factories import ArticleFactory, publish_text, save_text
from tests.helpcenter.troubleshooting import ENGLISH, lamp

TEXT = """## Leverage {#leverage}

Everybody reads this.

:::region eu uk
Retail clients trade with at most **2x**. See [fees](fees.md).

:::warning
Mind the gap.
:::

:::

And this, with [fees](fees.md#taker).
"""
PAGE = "/en/articles/leverage/"


@pytest.fixture
def named():
    Region.objects.create(code="eu", name_en="European Union", name_ja="欧州連合", position=1)
    Region.objects.create(code="uk", name_en="United Kingdom", name_ja="英国", position=2)
    Region.objects.create(code="sg", name_en="Singapore", position=3)


@pytest.fixture
def article(named):
    ArticleFactory(slug="fees", texts={"en": "## Taker {#taker}\n\nText."})
    return ArticleFactory(slug="leverage", texts={"en": TEXT, "ja": TEXT})


def drawn(text):
    return markdown.render(text, language="en")


# What readers see


@pytest.mark.django_db
def test_who_has_not_chosen_finds_it_folded_under_the_names_of_its_regions(client, article):
    page = read(client, PAGE)
    fold = page.main.one("details", class_="region")
    assert fold.one("summary").words == "Only in: European Union, United Kingdom"
    assert "Retail clients" in fold.words
    assert fold.get("open") is None
    folded = read(client, "/ja/articles/leverage/").main.one("details", class_="region")
    assert "欧州連合、英国" in folded.one("summary").words


@pytest.mark.django_db
def test_the_choice_is_offered_with_the_regions_that_the_page_names(client, article):
    links = read(client, PAGE).main.one("nav", class_="regions").all("a")
    assert [link.words for link in links] == ["All other regions", "European Union", "United Kingdom"]


@pytest.mark.django_db
def test_readers_of_its_regions_see_it_and_the_others_do_not_get_it(client, article):
    for region in ("eu", "uk"):
        page = read(client, f"{PAGE}?region={region}")
        assert "Retail clients" in page.main.words
        assert page.main.all("details", class_="region") == []
    elsewhere = read(client, f"{PAGE}?region=sg")
    assert "Retail clients" not in elsewhere.main.words
    assert "Mind the gap" not in elsewhere.main.words
    assert "And this" in elsewhere.main.words
    current = [link.words for link in elsewhere.main.one("nav", class_="regions").all("a") if link.get("aria-current")]
    assert current == ["Singapore"]


@pytest.mark.django_db
def test_each_region_is_kept_as_a_page_of_its_own(client, article, django_assert_num_queries):
    tags = {client.get(f"{PAGE}{query}")["ETag"] for query in ("", "?region=eu", "?region=sg", "?region=nowhere")}
    assert len(tags) == 3
    with django_assert_num_queries(0):
        assert "Retail clients" not in client.get(f"{PAGE}?region=sg").content.decode()


@pytest.mark.django_db
def test_an_answer_of_a_troubleshooter_is_shown_for_the_region_that_was_chosen(client, named):
    inside = ":::region eu uk\nAsk your bank.\n:::"
    publish_text(lamp(), "en", drafting.Text("Lamp", ENGLISH.replace("Before you begin, breathe.", f"{inside}\n")))
    page = "/en/troubleshoot/lamp/"
    folded = read(client, page).main.one("details", class_="region")
    assert folded.words == "Only in: European Union, United Kingdom Ask your bank."
    assert "Ask your bank." in read(client, f"{page}?region=eu").main.one("div", class_="region").words
    assert "Ask your bank." not in read(client, f"{page}?region=sg").words


@pytest.mark.django_db
def test_links_to_other_articles_keep_the_choice(client, article):
    page = client.get(f"{PAGE}?region=eu").content.decode()
    assert 'href="/en/articles/fees/?region=eu"' in page
    assert 'href="/en/articles/fees/?region=eu#taker"' in page
    assert 'href="/en/articles/fees/#taker"' in client.get(PAGE).content.decode()
    menu = read(client, "/en/articles/fees/?region=eu").menu
    assert menu["ja"]["href"].endswith("?region=eu"), "a page without regional parts keeps it too"


@pytest.mark.django_db
def test_the_search_finds_its_words(client, article):
    searching.clear_indexes()
    searching.refresh("en")
    assert searching.found(client, "en", "retail clients") == ["leverage"]


@pytest.mark.django_db
def test_a_summary_out_of_the_text_says_what_holds_everywhere(named):
    item = ArticleFactory(slug="x", texts={"en": ":::region eu\nOnly there.\n:::\n\nEverywhere."})
    assert (
        type(item).objects.reading(["en"], "summary").get(pk=item.pk).published_text("summary", "en") == "Everywhere."
    )


@pytest.mark.django_db
def test_the_names_of_regions_are_asked_once(article, django_assert_num_queries):
    freshness.forget()
    html = drawn(TEXT).html
    with django_assert_num_queries(3):  # the snapshot, the facts with the regions that have some, all regions
        factbook.fill(html, "en")
        factbook.fill(html, "en", region="eu")


# What writers are told


@pytest.mark.django_db
def test_a_region_that_there_is_not_is_refused_with_its_line_and_those_that_there_are(named):
    item = ArticleFactory(texts={})
    with pytest.raises(NotPublishable, match=r"no region “xx”.*eu, uk, sg") as refused:
        publishing.publish(save_text(item, "en", "One.\n\n:::region eu xx\nTwo.\n:::"), by=None)
    assert refused.value.line == 3


@pytest.mark.django_db
def test_an_announcement_has_regional_parts_too_and_names_none_that_there_is_not(client, named):
    body = ":::region eu\nOnly there.\n:::\n\nEverywhere."
    news = Announcement(slug="news", published_at=timezone.now())
    with pytest.raises(NotPublishable, match="no region “xx”"):
        save_announcement(news, {"en": AnnouncementText("News", "", body.replace("eu", "xx"))}, by=None)
    saved = save_announcement(news, {"en": AnnouncementText("News", "", body)}, by=None)
    assert saved.text("summary", "en") == "Everywhere."
    assert "Only there." in read(client, "/en/announcements/news/?region=eu").main.words
    assert "Only there." not in read(client, "/en/announcements/news/?region=uk").main.words


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        (":::region\nText.\n:::", 1, "Name the regions"),
        (":::region e_u\nText.\n:::", 1, "Name the regions"),
        ("::::region eu\nText.\n\n:::region uk\nMore.\n:::\n\n::::", 4, "inside another one"),
        (":::region eu\n## Rules {#rules}\n\nText.\n:::", 2, "opens no part"),
    ],
)
def test_what_is_odd_is_told_and_no_word_is_lost(text, line, told):
    found = drawn(text)
    (warned,) = found.warnings
    assert warned.line == line
    assert told in warned.message
    assert "Text." in found.html


def test_a_region_whose_name_is_missing_is_shown_to_everybody():
    assert not regions.has_regions(drawn(":::region\nText.\n:::").html)


def test_raw_html_makes_no_region():
    html = drawn('<details class="region" data-regions="eu"><summary>x</summary>Text.</details>').html
    assert not regions.has_regions(html)


# Translations

JAPANESE = """## レバレッジ {#leverage}

これは誰でも読みます。

:::region eu uk
個人のお客様の取引は **2x** までです。[手数料](fees.md)をご覧ください。

:::warning
隙間にご注意ください。
:::

:::

そして[手数料](fees.md#taker)も。
"""


def differences(japanese):
    return parity.differences(Document("en", "T", "", TEXT), Document("ja", "T", "", japanese), ())


@pytest.mark.parametrize(
    ("then", "now"),
    [
        (":::region eu uk", ":::region eu"),
        (":::region eu uk", ":::note"),
        ("までです。", "までです。\n:::\n\n:::region sg\n"),
    ],
)
def test_a_translation_for_other_regions_differs(then, now):
    assert then in JAPANESE
    assert Check.SHAPE in {one.check for one in differences(JAPANESE.replace(then, now))}
    assert differences(JAPANESE) == []


def test_the_order_of_regions_is_no_difference():
    assert differences(JAPANESE.replace("eu uk", "uk, eu")) == []


def test_translators_are_not_given_the_codes():
    texts = [slot.text(slots.lines_of(TEXT)) for slot in slots.find(TEXT)]
    assert not [text for text in texts if "region" in text]
    assert any("Retail clients" in text for text in texts)


# Any text

CODES = st.lists(st.sampled_from(["eu", "uk", "sg", "us-ny"]), min_size=1, max_size=3, unique=True)
PIECES = st.lists(st.tuples(CODES | st.none(), st.integers(0, 10**6)), min_size=1, max_size=6)


@settings(max_examples=100)
@given(PIECES, st.sampled_from(["", "eu", "uk", "sg", "us-ny", "jp"]))
def test_a_reader_gets_exactly_what_holds_everywhere_and_in_their_region(pieces, region):
    written = [f":::region {' '.join(codes)}\nw{word}w\n:::" if codes else f"w{word}w" for codes, word in pieces]
    html = drawn("\n\n".join(written)).html
    seen = re.findall(r"w(\d+)w", regions.shown(html, region, ", ".join))
    assert [int(word) for word in seen] == [
        word for codes, word in pieces if codes is None or not region or region in codes
    ]
    everywhere = [word for codes, word in pieces if codes is None]
    assert [int(word) for word in re.findall(r"w(\d+)w", regions.without(html))] == everywhere
