"""The page of an article: where the reader is, what it says, how to move in it, what else there is to read."""

from datetime import UTC, datetime

import pytest
from django.utils.translation import gettext, ngettext, override

from helpcenter.actions import drafting, publishing
from helpcenter.models import Article, ArticleTag, RelatedArticle, Tag
from tests.helpcenter.dom import TAGS, TWELVE, read
from tests.helpcenter.factories import ArticleFactory, CategoryFactory, publish_text, save_text
from tests.helpcenter.many import fill

pytestmark = pytest.mark.django_db

GUIDE = """Before you start.

## What you need {#need}

A phone.

## Do it {#do}

### Open the page {step:open}

Choose **Account**.

### Confirm {step:confirm}

Type `BTCUSDT-PERP`.
"""


def relate(article, *others):
    for position, other in enumerate(others):
        RelatedArticle.objects.create(article=article, to=other, position=position)


def tag(article, *slugs):
    for position, slug in enumerate(slugs):
        ArticleTag.objects.create(article=article, tag=Tag.objects.get_or_create(slug=slug)[0], position=position)


def related_slugs(page):
    return [link["href"].split("/")[-2] for link in page.one("section", class_="related").all("a")]


@pytest.mark.parametrize("language", TWELVE)
def test_language_and_direction_of_the_page_are_those_of_its_address(client, language):
    ArticleFactory(slug="fees", texts={language: "Text."})
    html = read(client, f"/{language}/articles/fees/").one("html")
    assert (html["lang"], html["dir"]) == (TAGS[language], "rtl" if language == "ar" else "ltr")


def test_there_is_one_heading_of_the_first_level_and_it_is_the_title(client):
    ArticleFactory(slug="fees", texts={"en": drafting.Text("All fees", "# Fees\n\n## More\n\nText.")})
    page = read(client, "/en/articles/fees/")
    assert page.one("h1").words == "All fees"
    assert page.one("title").words.startswith("All fees")


def test_the_summary_is_the_description_for_search_engines(client):
    ArticleFactory(slug="fees", texts={"en": drafting.Text("Fees", "Body.", 'What "maker" & taker pay')})
    page = read(client, "/en/articles/fees/")
    assert page.one("meta", name="description")["content"] == 'What "maker" & taker pay'


def test_bread_crumbs_lead_from_the_top_to_the_category_in_the_readers_language(client):
    top = CategoryFactory(slug="money", name_en="Money", name_ja="お金")
    below = CategoryFactory(slug="deposits", name_en="Deposits", name_ja="入金", parent=top)
    deepest = CategoryFactory(slug="late", name_en="Late ones", name_ja="遅延", parent=below)
    ArticleFactory(slug="x", category=deepest, texts={"ja": "本文。"})
    crumbs = read(client, "/ja/articles/x/").one("ol", class_="crumbs").all("a")
    assert [link.words for link in crumbs][1:] == ["お金", "入金", "遅延"]
    assert [link["href"] for link in crumbs] == [
        "/ja/", "/ja/categories/money/", "/ja/categories/deposits/", "/ja/categories/late/",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "date"),
    [("en", "14 November 2026"), ("zh-hans", "2026年11月14日"), ("ja", "2026年11月14日"), ("ko", "2026년 11월 14일"),
     ("es", "14 de noviembre de 2026"), ("ru", "14 ноября 2026")],
)  # fmt: skip
def test_the_date_of_the_text_is_written_as_the_language_writes_dates(client, language, date):
    article = ArticleFactory(slug="x")
    revision = save_text(article, language, "Text.")
    publishing.publish(revision, by=None, at=datetime(2026, 11, 14, 23, 30, tzinfo=UTC))
    assert date in read(client, f"/{language}/articles/x/").main.one("p", class_="meta").words


@pytest.mark.parametrize(
    ("language", "body", "minutes"),
    [("en", "ticker " * 20, 1), ("en", "ticker " * 690, 3), ("ja", "字" * 1350, 3), ("zh-hans", "字" * 30, 1),
     ("ru", "слово " * 1150, 5), ("ar", "كلمة " * 460, 2)],
)  # fmt: skip
def test_reading_time_counts_words_and_in_chinese_and_japanese_characters(client, language, body, minutes):
    ArticleFactory(slug="x", texts={language: body})
    with override(language):
        expected = ngettext("%(minutes)s min read", "%(minutes)s min read", minutes) % {"minutes": minutes}
    assert expected in read(client, f"/{language}/articles/x/").main.one("p", class_="meta").words


def test_the_contents_name_every_part_and_each_leads_to_it(client):
    ArticleFactory(slug="x", guide=True, texts={"en": GUIDE})
    page = read(client, "/en/articles/x/")
    wide = page.one("nav", class_="toc-d").all("a")
    narrow = page.one("details", class_="toc-m").all("a")
    assert [link.words for link in wide] == ["What you need", "Do it", "Open the page", "Confirm"]
    assert [link["href"] for link in wide] == [link["href"] for link in narrow]
    ids = {element["id"] for element in page.all(id=True)}
    assert {link["href"][1:] for link in wide} <= ids


def test_no_two_elements_of_the_page_share_an_id(client):
    sections = "\n\n".join(f"## {key} {{#{key}}}\n\nText." for key in ("main", "q", "comment", "h-ask", "sugg", "q"))
    ArticleFactory(slug="x", guide=True, texts={"en": f"{GUIDE}\n\n{sections}"})
    ids = [element["id"] for element in read(client, "/en/articles/x/").all(id=True)]
    assert sorted(ids) == sorted(set(ids))


def test_a_text_of_one_part_has_no_contents(client):
    ArticleFactory(slug="x", texts={"en": "## Only\n\nText."})
    page = read(client, "/en/articles/x/")
    assert not page.all("nav", class_="toc-d")
    assert not page.all("details", class_="toc-m")


def test_steps_are_a_numbered_list_and_symbols_keep_their_direction(client):
    ArticleFactory(slug="x", guide=True, texts={"ar": GUIDE})
    content = read(client, "/ar/articles/x/").one("div", data_content=True)
    assert [step["id"] for step in content.one("ol", class_="steps").all("li")] == ["step-open", "step-confirm"]
    assert (content.one("code").words, content.one("code")["dir"]) == ("BTCUSDT-PERP", "ltr")


def test_callouts_are_named_in_the_language_of_the_text(client):
    ArticleFactory(slug="x", texts={"ja": ":::warning\n注意。\n:::"})
    note = read(client, "/ja/articles/x/").one("div", data_content=True).one("div", class_="warning")
    with override("ja"):
        assert note.one("p", class_="notice-t").words == gettext("Warning") != "Warning"


@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
def test_links_between_articles_stay_in_the_readers_language(client, language):
    ArticleFactory(slug="x", texts={language: "[More](funding.md#times)"})
    content = read(client, f"/{language}/articles/x/").one("div", data_content=True)
    assert content.one("a")["href"] == f"/{language}/articles/funding/#times"


def test_words_that_look_like_our_placeholder_for_links_stay_words(client):
    ArticleFactory(slug="x", texts={"en": 'Type `="/_/articles/a/` and /_/pictures/b.webp'})
    content = read(client, "/en/articles/x/").one("div", data_content=True)
    assert content.words == 'Type ="/_/articles/a/ and /_/pictures/b.webp'


HOSTILE = "</title><script>alert(1)</script>\"'&amp;{{ 7|add:1 }}%(x)s"


def test_hostile_words_stay_words_wherever_they_are_shown(client):
    category = CategoryFactory(slug="c", name_en=HOSTILE, description_en=HOSTILE)
    other = ArticleFactory(category=category, texts={"en": drafting.Text("B " + HOSTILE, "b", "B " + HOSTILE)})
    body = f"## Part {HOSTILE}\n\nText.\n\n## Two\n\nText."
    article = ArticleFactory(slug="x", category=category, texts={"en": drafting.Text(HOSTILE, body, HOSTILE)})
    relate(article, other)
    page = read(client, "/en/articles/x/")
    assert page.one("h1").words == HOSTILE
    assert page.one("meta", name="description")["content"] == HOSTILE
    assert page.one("ol", class_="crumbs").all("a")[-1].words == HOSTILE
    assert [script.get("src") is not None for script in page.scripts] == [True, True]
    assert "alert(1)" in page.one("section", class_="related").words


def test_the_notice_of_an_outdated_translation_names_the_step_and_links_to_the_original(client):
    article = ArticleFactory(slug="x", guide=True, texts={"en": GUIDE, "ko": GUIDE.replace("Confirm", "확인")})
    publish_text(article, "en", GUIDE.replace("Type ", "Type twice "))
    notice = read(client, "/ko/articles/x/").main.one("div", class_="notice")
    step, original = notice.all("a")
    assert step["href"] == "#step-confirm"
    assert "2" in step.words
    assert "확인" in step.words
    assert (original["href"], original["lang"], original["dir"]) == ("/en/articles/x/", "en", "ltr")


def test_a_translation_that_is_up_to_date_carries_no_notice(client):
    ArticleFactory(slug="x", texts={"en": "Text.", "ko": "글."})
    for language in ("en", "ko"):
        assert not read(client, f"/{language}/articles/x/").main.all("div", class_="notice")


def test_a_part_that_is_new_in_the_original_is_named_in_the_words_and_language_of_the_original(client):
    article = ArticleFactory(slug="x", texts={"en": "## A {#a}\n\none", "ja": "## あ {#a}\n\n一"})
    publish_text(article, "en", "## A {#a}\n\none\n\n## Fees apply {#fees}\n\ntwo")
    notice = read(client, "/ja/articles/x/").main.one("div", class_="notice")
    assert "Fees apply" in notice.words
    named = [element for element in notice.below() if element.words == "Fees apply"]
    assert [element.inherited("lang") for element in named] == ["en"], "a foreign run carries its language"


def test_a_draft_is_not_shown(client):
    article = ArticleFactory(slug="x", texts={"en": drafting.Text("Old title", "Old words.")})
    save_text(article, "en", drafting.Text("New title", "New words."))
    page = read(client, "/en/articles/x/")
    assert "Old words." in page.words
    assert "New" not in page.main.words


def test_related_articles_are_those_that_editors_chose_in_their_order(client):
    article, a, b, c = [ArticleFactory(slug=slug, texts={"en": "Text."}) for slug in ("x", "a", "b", "c")]
    relate(article, c, a)
    tag(article, "funding")
    tag(b, "funding")
    assert related_slugs(read(client, "/en/articles/x/")) == ["c", "a"]


def test_without_a_choice_articles_with_the_same_tag_are_related_and_never_the_article_itself(client):
    article, a, b = [ArticleFactory(slug=slug, texts={"en": "Text."}) for slug in ("x", "a", "b")]
    tag(article, "funding", "fees")
    tag(a, "fees", "funding")
    tag(b, "api")
    assert related_slugs(read(client, "/en/articles/x/")) == ["a"]


@pytest.mark.parametrize("hidden", ["agents", "draft", "archived"])
def test_what_readers_may_not_read_is_not_recommended(client, hidden):
    category = CategoryFactory()
    other = ArticleFactory(slug="other", category=category, agents_only=hidden == "agents")
    revision = save_text(other, "en", "Hidden words.")
    if hidden != "draft":
        publishing.publish(revision, by=None)
    if hidden == "archived":
        publishing.archive(other, by=None)
    article = ArticleFactory(slug="x", category=category, texts={"en": "Text."})
    relate(article, other)
    tag(article, "t")
    tag(other, "t")
    assert "/articles/other/" not in read(client, "/en/articles/x/").html


def test_neighbours_of_a_large_category_are_twelve_with_the_article_itself_among_them(client):
    fill(CategoryFactory(), 95)
    for slug in ("a-0000", "a-0050", "a-0094"):
        side = read(client, f"/en/articles/{slug}/").one("nav", class_="side-nav")
        assert len(side.all("a")) == 12
        assert side.one("a", aria_current="page")["href"] == f"/en/articles/{slug}/"


def test_the_language_menu_says_which_language_is_shown_where_a_text_is_missing(client):
    ArticleFactory(slug="x", texts={"en": "Text.", "zh-hans": "文。"})
    menu = read(client, "/en/articles/x/").menu
    assert set(menu) >= set(TAGS.values())
    assert not menu["zh-Hans"].all("small")
    assert menu["ko"].one("small").words == "English"
    assert menu["ko"].one("small")["lang"] == "en"


@pytest.mark.parametrize("language", ["en", "zh-hans", "ja"])
@pytest.mark.parametrize(("missing", "shown"), [("zh-Hant", "简体中文"), ("ko", "English")])
def test_the_menu_names_the_language_that_its_line_leads_to_wherever_it_is_opened(client, language, missing, shown):
    ArticleFactory(slug="x", texts={"en": "Text.", "zh-hans": "文。"})
    line = read(client, f"/{language}/articles/x/").menu[missing]
    assert line.one("small").words == shown
    assert shown in read(client, line["href"]).main.one("div", class_="notice").words


def test_the_page_has_skip_link_security_promise_and_no_inline_code(client):
    ArticleFactory(slug="x", texts={"en": "Text."})
    page = read(client, "/en/articles/x/")
    assert page.one("a", class_="skip")["href"] == f"#{page.main['id']}"
    assert "seed phrase" in page.one("footer").words
    assert not page.all("style")
    assert not page.all(style=True)
    assert not [e for e in page.root.below() if any(name.startswith("on") for name in e.attrs)]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_only_reading_is_possible_at_the_address_of_an_article(client, method):
    ArticleFactory(slug="x", texts={"en": "Text."})
    assert getattr(client, method)("/en/articles/x/").status_code == 405


def test_head_says_the_same_as_get_without_the_body(client):
    ArticleFactory(slug="x", texts={"en": "Text."})
    head, get = client.head("/en/articles/x/"), client.get("/en/articles/x/")
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == get["ETag"]
    assert head["Content-Length"] == get["Content-Length"]


@pytest.mark.parametrize("path", ["X", "x%00", "x%27--", "x/../y", "%E5%BC%BA%E5%B9%B3", "x" * 300])
def test_odd_addresses_find_nothing_and_break_nothing(client, path):
    ArticleFactory(slug="x", texts={"en": "Text."})
    assert client.get(f"/en/articles/{path}/").status_code == 404


def test_an_address_without_its_last_slash_is_led_to_the_article(client):
    ArticleFactory(slug="x", texts={"en": "Text."})
    response = client.get("/en/articles/x", follow=True)
    assert response.redirect_chain == [("/en/articles/x/", 301)]


def test_agents_read_what_is_theirs_and_nobody_keeps_a_copy(client, agent, trader):
    ArticleFactory(slug="inside", agents_only=True, texts={"en": "How we check."})
    client.force_login(agent)
    response = client.get("/en/articles/inside/")
    assert "How we check." in response.content.decode()
    assert "private" in response["Cache-Control"]
    assert "no-store" in response["Cache-Control"]
    client.force_login(trader)
    assert client.get("/en/articles/inside/").status_code == 404
    client.logout()
    assert client.get("/en/articles/inside/").status_code == 404


def test_an_agent_without_rights_any_more_reads_nothing(client, agent):
    ArticleFactory(slug="inside", agents_only=True, texts={"en": "How we check."})
    client.force_login(agent)
    assert client.get("/en/articles/inside/").status_code == 200
    agent.is_active = False
    agent.save()
    assert client.get("/en/articles/inside/").status_code == 404


def test_an_article_that_becomes_one_for_agents_is_gone_for_readers_at_once(client, administrator):
    article = ArticleFactory(slug="x", texts={"en": "Text."})
    assert client.get("/en/articles/x/").status_code == 200
    client.force_login(administrator)
    form = {
        "text_title": "X", "text_summary": "", "text_body": "Text.", "text_language": "en", "seen": "1", "note": "",
        "significance": "major", "slug": "x", "kind": "faq", "category": article.category_id, "audience": "agents",
        "source_language": "en", "tag_rows-TOTAL_FORMS": "0", "tag_rows-INITIAL_FORMS": "0",
        "related_rows-TOTAL_FORMS": "0", "related_rows-INITIAL_FORMS": "0",
    }  # fmt: skip
    assert client.post(f"/admin/helpcenter/article/{article.pk}/change/", form).status_code == 302
    assert Article.objects.get(pk=article.pk).audience == "agents"
    client.logout()
    assert client.get("/en/articles/x/").status_code == 404
