"""Which text a reader gets when the one in their language is missing, and how the page says so."""

import pytest
from django.utils.translation import gettext, override
from hypothesis import given, settings
from hypothesis import strategies as st

from helpcenter import freshness, localization
from helpcenter.actions import drafting, publishing
from helpcenter.models import SiteLanguage
from tests.helpcenter.dom import TAGS, TWELVE, Page, fold, read
from tests.helpcenter.factories import ArticleFactory, publish_text, save_text

pytestmark = pytest.mark.django_db

FIVE = ("en", "zh-hant", "ja", "ko", "ar")


def fall_back(code, *codes):
    SiteLanguage.objects.filter(code=code).update(fallbacks=list(codes))
    freshness.bump()


def switch_off(*codes):
    SiteLanguage.objects.filter(code__in=codes).update(is_public=False)
    freshness.bump()


def article(*written, source="en", **fields):
    body = "## One {#one}\n\nWords.\n\n## Two\n\nMore words."
    texts = {code: drafting.Text(f"Title {code}", body) for code in written}
    return ArticleFactory(slug="x", source_language=source, texts=texts, **fields)


def shown(client, language):
    return read(client, f"/{language}/articles/x/").one("h1").words.removeprefix("Title ")


@pytest.mark.parametrize(
    ("written", "source", "asked", "expected"),
    [
        # the reader's own language before everything
        (TWELVE, "en", "ko", "ko"),
        (TWELVE, "ru", "ar", "ar"),
        # its variant before English, both ways
        (("en", "zh-hans"), "en", "zh-hant", "zh-hans"),
        (("en", "zh-hant"), "en", "zh-hans", "zh-hant"),
        # English before the source language
        (("en", "ru"), "ru", "ko", "en"),
        (("en", "zh-hant", "ja"), "ja", "ko", "en"),
        # the source language before any other
        (("ar", "ru", "vi"), "ru", "ko", "ru"),
        (("ja", "tr"), "tr", "en", "tr"),
        # any, even where the source language is not published
        (("vi",), "en", "ar", "vi"),
        (("ar",), "ja", "zh-hans", "ar"),
        (("zh-hans",), "en", "en", "zh-hans"),
    ],
)
def test_the_text_shown_is_the_next_best(client, written, source, asked, expected):
    article(*written, source=source)
    assert shown(client, asked) == expected


@pytest.mark.parametrize(
    ("asked", "fallbacks", "written", "expected"),
    [("ko", ["ja"], ("en", "ja", "ru"), "ja"), ("ko", ["ru", "ja"], ("en", "ja", "ru"), "ru"),
     ("ko", ["vi"], ("en", "ja"), "en"), ("zh-hant", ["ja"], ("zh-hans", "ja"), "zh-hans"),
     ("zh-hant", ["ja", "zh-hans"], ("en", "ja"), "ja"), ("en", ["es"], ("es", "zh-hans"), "es"),
     ("ko", ["ko", "ja"], ("en", "ja"), "ja")],
)  # fmt: skip
def test_the_fallbacks_of_the_site_stand_between_the_variant_and_english(client, asked, fallbacks, written, expected):
    fall_back(asked, *fallbacks)
    article(*written)
    assert shown(client, asked) == expected


def test_a_changed_fallback_is_followed_at_once(client):
    article("en", "ja")
    assert shown(client, "ko") == "en"
    fall_back("ko", "ja")
    assert shown(client, "ko") == "ja"


@pytest.mark.parametrize("fallbacks", [["qq"], ["qq", "ja"], [""], ["EN"]])
def test_a_fallback_that_nobody_knows_is_passed_over(client, fallbacks):
    fall_back("ko", *fallbacks)
    article("ja")
    for path in ("", "articles/x/", "categories/nothing/", "announcements/", "search/?q=words"):
        assert client.get(f"/ko/{path}").status_code in (200, 404)
    assert shown(client, "ko") == "ja"


def test_a_text_that_is_published_later_is_shown_from_then_on(client):
    item = article("en")
    assert shown(client, "ar") == "en"
    publish_text(item, "ar", drafting.Text("Title ar", "Text."))
    assert shown(client, "ar") == "ar"
    publishing.unpublish(item, "ar", by=None)
    assert shown(client, "ar") == "en"


def test_a_draft_is_never_the_next_best(client):
    item = article("en")
    save_text(item, "zh-hans", drafting.Text("Title zh-hans", "Text."))
    assert shown(client, "zh-hant") == "en"
    assert shown(client, "zh-hans") == "en"


@pytest.mark.parametrize("language", TWELVE)
def test_an_article_that_is_published_nowhere_is_not_found(client, language):
    item = article("en")
    save_text(item, "ko", "Draft.")
    publishing.unpublish(item, "en", by=None)
    assert client.get(f"/{language}/articles/x/").status_code == 404


@pytest.mark.parametrize(("asked", "written"), [("ar", "en"), ("en", "ar"), ("zh-hant", "zh-hans"), ("ja", "vi")])
def test_foreign_words_carry_their_language_and_direction_and_the_page_keeps_its_own(client, asked, written):
    article(written)
    page = read(client, f"/{asked}/articles/x/")
    html = page.one("html")
    assert (html["lang"], html["dir"]) == (TAGS[asked], "rtl" if asked == "ar" else "ltr")
    foreign = [page.one("h1"), page.main.one("div", data_content=True)]
    foreign += [page.main.one("details", class_="toc-m").one("ul"), page.one("nav", class_="toc-d").one("ul")]
    for element in foreign:
        assert element.inherited("lang") == TAGS[written]
        assert element.inherited("dir") == ("rtl" if written == "ar" else "ltr")
    assert page.main.one("section", class_="ask").inherited("lang") == TAGS[asked]


def test_the_readers_own_text_carries_no_language_of_its_own(client):
    article("ja", "en")
    page = read(client, "/ja/articles/x/")
    assert "lang" not in page.one("h1").attrs
    assert "lang" not in page.main.one("div", data_content=True).attrs


@pytest.mark.parametrize("asked", [code for code in TWELVE if code != "en"])
def test_a_notice_in_the_readers_language_names_both_languages(client, asked):
    article("en")
    notice = read(client, f"/{asked}/articles/x/").main.one("div", class_="notice")
    names = {code: name for code, name in _names().items() if code in (asked, "en")}
    with override(asked):
        message = gettext("This article is not translated into %(wanted)s yet. You see it in %(shown)s.")
    expected = fold(message % {"wanted": names[asked], "shown": names["en"]})
    assert notice.words == expected
    assert "not translated" not in notice.words
    assert notice.inherited("lang") == TAGS[asked]


def _names():
    return dict(
        zip(
            TWELVE,
            ("English", "简体中文", "繁體中文", "日本語", "한국어", "Русский", "Español", "Français",
             "Português (Brasil)", "Türkçe", "Tiếng Việt", "العربية"),
            strict=True,
        )
    )  # fmt: skip


def test_no_notice_where_the_text_is_the_readers_own(client):
    article(*FIVE)
    for language in FIVE:
        assert not read(client, f"/{language}/articles/x/").main.all("div", class_="notice")


def test_an_outdated_text_that_is_a_fallback_is_not_called_outdated_twice(client):
    item = article("en", "zh-hans")
    publish_text(item, "en", "## One {#one}\n\nOther words.")
    assert len(read(client, "/zh-hant/articles/x/").main.all("div", class_="notice")) == 1


@pytest.mark.parametrize(
    ("written", "asked", "canonical"),
    [(("en", "ja"), "ja", "ja"), (("en", "ja"), "ko", "en"), (("zh-hans", "en"), "zh-hant", "zh-hans"),
     (("vi",), "en", "vi")],
)  # fmt: skip
def test_the_canonical_address_is_that_of_the_text_shown(client, written, asked, canonical):
    article(*written)
    assert read(client, f"/{asked}/articles/x/").canonical == f"/{canonical}/articles/x/"


@pytest.mark.parametrize("written", [("en",), ("ja", "ar"), ("zh-hans", "zh-hant", "pt-br"), TWELVE])
def test_alternates_are_the_published_languages_on_whatever_page_they_are_read(client, written):
    article(*written)
    expected = {TAGS[code]: f"/{code}/articles/x/" for code in written}
    for language in FIVE:
        assert read(client, f"/{language}/articles/x/").alternates == expected


def test_alternates_are_reciprocal(client):
    article("en", "zh-hant", "ko", "ar")
    start = read(client, "/en/articles/x/").alternates
    for tag, address in start.items():
        there = read(client, address)
        assert there.one("html")["lang"] == tag
        assert there.canonical == address
        assert there.alternates == start


def test_alternates_leave_out_languages_that_are_switched_off(client):
    article("en", "ko", "ja")
    switch_off("ko")
    assert read(client, "/ja/articles/x/").alternates.keys() == {"en", "ja"}


def test_no_page_calls_an_address_canonical_that_leads_elsewhere(client):
    article("ja")
    switch_off("ja")
    response = client.get("/en/articles/x/")
    if response.status_code == 200:
        assert client.get(Page(response.content.decode()).canonical).status_code == 200


def test_a_text_in_a_language_that_is_switched_off_is_not_the_next_best_before_one_that_is_on(client):
    article("ja", "en")
    fall_back("ko", "ja")
    switch_off("ja")
    assert shown(client, "ko") == "en"


@given(
    asked=st.sampled_from(TWELVE),
    fallbacks=st.lists(st.sampled_from(TWELVE), max_size=4),
    source=st.sampled_from(TWELVE),
    published=st.sets(st.sampled_from(TWELVE)),
)
@settings(max_examples=200, deadline=None)
def test_the_choice_is_the_first_published_of_the_chain_and_nothing_only_where_nothing_is(
    asked, fallbacks, source, published
):
    order = localization.chain(asked, {asked: fallbacks}, source)
    choice = localization.choose(asked, order, published)
    variant = {"zh-hans": ["zh-hant"], "zh-hant": ["zh-hans"]}.get(asked, [])
    wanted = [code for code in (asked, *variant, *fallbacks, "en", source) if code in published]
    if not published:
        assert choice is None
    elif wanted:
        assert choice is not None
        assert choice.language == wanted[0]
    else:
        assert choice is not None
        assert choice.language in published
    assert choice is None or choice.is_fallback is (choice.language != asked)
