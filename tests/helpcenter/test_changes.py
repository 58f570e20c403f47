"""What changed: a page with the last changes of a text, and a notice about those since a moment."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import caches
from django.utils import timezone
from django.utils.translation import gettext, override
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.actions import drafting, publishing
from helpcenter.outline import Change, Part
from helpcenter.sharing.changes import GONE, HEAD, Publication, Row, between, history
from tests.helpcenter.dom import Page, read
from tests.helpcenter.factories import ArticleFactory, publish_text, save_text
from tests.helpcenter.samples import examples

pytestmark = pytest.mark.django_db

TEXT = """Introduction.

## Why {#why}

Because.

## Do it {#do}

### Open {step:open}

Choose **Account**.

### Confirm {step:confirm}

Type the code.
"""
DAY = timedelta(days=1)
START = datetime(2024, 11, 10, 9, 30, tzinfo=UTC)


def publish_at(article, days, body, language="en", title="Title"):
    revision = save_text(article, language, drafting.Text(title, body))
    return publishing.publish(revision, by=None, at=START + days * DAY)


@pytest.fixture
def article():
    item = ArticleFactory(slug="x", guide=True)
    publish_at(item, 0, TEXT)
    return item


def ask(client, days, language="en"):
    """The notice for somebody who read the article so many days after its first publication."""
    moment = (START + days * DAY).strftime("%Y-%m-%dT%H:%M:%SZ")
    response = client.get(f"/{language}/articles/x/changes/?since={moment}")
    assert response.status_code == 200
    return response.content.decode()


def lines(html):
    return [line.words for line in Page(html).all("li")]


# The notice


def test_a_changed_step_is_named_with_its_number_and_leads_to_it(client, article):
    publish_at(article, 5, TEXT.replace("Type the code", "Type the six digits"))
    page = Page(ask(client, 2))
    assert lines(page.html) == ["Step 2 has changed: “Confirm”"]
    assert page.one("a")["href"] == "#step-confirm"
    assert page.root.one("p").words == "Changed since you last read it on 12 November 2024:"


def test_new_changed_and_removed_parts_and_the_title_each_have_their_words(client, article):
    body = TEXT.replace("Because.", "Because it is so.").replace("### Open {step:open}\n\nChoose **Account**.", "")
    publish_at(article, 5, body + "\n## Fees {#fees}\n\nNone.\n", title="Other title")
    assert lines(ask(client, 2)) == [
        "The title or the introduction has changed.", "This part has changed: “Why”", "New: “Fees”",
        "A part has been removed.",
    ]  # fmt: skip


def test_nothing_is_said_where_nothing_is_different(client, article):
    assert ask(client, 2) == ""
    publish_at(article, 3, TEXT.replace("Because.", "  Because.  \n"))
    assert ask(client, 2) == ""
    publish_at(article, 4, TEXT.replace("Because.", "Oh."))
    publish_at(article, 5, TEXT)
    assert ask(client, 2) == ""
    assert lines(ask(client, 4.5)) == ["This part has changed: “Why”"]


@pytest.mark.parametrize("days", [-1, 100])
def test_who_asks_for_a_moment_before_the_text_or_after_it_is_told_nothing(client, article, days):
    publish_at(article, 5, TEXT.replace("Because", "As"))
    assert ask(client, days) == ""


def test_changes_add_up_from_the_text_that_was_read_to_the_one_that_is_public(client, article):
    publish_at(article, 3, TEXT.replace("Because", "As"))
    publish_at(article, 5, TEXT.replace("Because", "As").replace("Account", "Profile"))
    save_text(article, "en", TEXT.replace("Type the code", "Draft"))
    assert lines(ask(client, 1)) == ["This part has changed: “Why”", "Step 1 has changed: “Open”"]
    assert lines(ask(client, 4)) == ["Step 1 has changed: “Open”"]


def test_the_second_in_which_a_text_was_published_belongs_to_it(client, article):
    publishing.publish(
        save_text(article, "en", TEXT.replace("Because", "As")), by=None, at=START + timedelta(seconds=9.6)
    )
    moment = (START + timedelta(seconds=9)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert client.get(f"/en/articles/x/changes/?since={moment}").content == b""


def test_words_that_are_no_longer_public_are_not_repeated(client, article):
    publish_at(article, 1, TEXT + "\n## The leaked plan is Kingfisher {#oops}\n\nText.\n")
    publish_at(article, 2, TEXT.replace("## Why", "## Reason"))
    for html in (ask(client, 1.5), read(client, "/en/articles/x/changes/").html):
        words = Page(html).words
        assert "Kingfisher" not in words
        assert "“Why”" not in words
        assert "“Reason”" in words


@pytest.mark.parametrize("language", ["zh-hans", "ar", "ko"])
def test_the_notice_speaks_the_readers_language_and_marks_the_words_of_the_text(client, article, language):
    publish_at(article, 5, TEXT.replace("Because", "As"))
    page = Page(ask(client, 2, language))
    (title,) = [element for element in page.all("bdi") if element.words == "Why"]
    assert title["lang"] == "en"
    with override(language):
        assert page.one("li").words == gettext("This part has changed: “%(title)s”") % {"title": "Why"}


def test_each_language_has_its_own_history(client, article):
    publish_at(article, 1, TEXT, "ja")
    publish_at(article, 5, TEXT.replace("Because", "As"))
    assert ask(client, 2, "ja") == ""
    assert ask(client, 2, "en")
    publish_at(article, 6, TEXT, "ko")
    assert ask(client, 2, "ko") == "", "the text is new in this language, and nothing to compare it with"


def test_the_page_of_changes_may_be_kept_by_caches_but_does_not_push_out_pages(client, article):
    publish_at(article, 5, TEXT.replace("Because", "As"))
    path = "/en/articles/x/changes/?since=2024-11-12T00:00:00Z"
    first = client.get(path)
    assert "s-maxage" in first["Cache-Control"]
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert client.get(f"{path}&utm_source=x")["ETag"] == first["ETag"]
    assert client.get(path.replace("12T", "13T"))["ETag"] != first["ETag"]
    assert not any(b"last read" in entry for entry in caches["pages"]._cache.values())
    publish_at(article, 6, TEXT.replace("Because", "Since"))
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    "since", ["", "yesterday", "2024-11-12", "2024-13-12T00:00:00Z", "2024-11-12T00:00:00+02:00", "1", "%00", "9" * 400]
)
def test_what_is_no_moment_gets_the_page_with_all_changes(client, article, since):
    plain = client.get("/en/articles/x/changes/")
    assert client.get(f"/en/articles/x/changes/?since={since}")["ETag"] == plain["ETag"]


@pytest.mark.parametrize("since", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:58Z", "1970-01-01T00:00:00Z"])
def test_the_ends_of_time_break_nothing(client, article, since):
    assert client.get(f"/en/articles/x/changes/?since={since}").content == b""


# The page


def test_the_page_lists_the_changes_by_date_newest_first(client, article):
    publish_at(article, 3, TEXT.replace("Because", "As"))
    publish_at(article, 4, TEXT.replace("Because", "As"))
    publish_at(article, 5, TEXT.replace("Because", "As").replace("Account", "Profile"))
    page = read(client, "/en/articles/x/changes/")
    assert [heading.words for heading in page.all("h2")] == ["15 November 2024", "13 November 2024"]
    assert [line.words for line in page.main.one("div", class_="prose").all("li")] == [
        "Step 1 has changed: “Open”", "This part has changed: “Why”",
    ]  # fmt: skip
    assert page.main.one("div", class_="prose").all("a")[0]["href"] == "/en/articles/x/#step-open"
    assert "First published on 10 November 2024." in page.main.words


def test_the_article_links_to_it_and_it_links_back(client, article):
    assert "/en/articles/x/changes/" in read(client, "/en/articles/x/").main.one("p", class_="meta").all("a")[0]["href"]
    page = read(client, "/en/articles/x/changes/")
    assert "/en/articles/x/" in page.links()
    assert page.canonical == "/en/articles/x/changes/"
    assert client.get("/en/articles/x/changes/")["X-Robots-Tag"] == "noindex"


def test_a_text_that_never_changed_says_so(client, article):
    assert "Nothing has changed since the text was published." in read(client, "/en/articles/x/changes/").main.words


def test_a_part_that_came_and_went_has_no_name(client, article):
    publish_at(article, 1, TEXT + "\n## Sale {#sale}\n\nToday.\n")
    publish_at(article, 2, TEXT)
    words = [line.words for line in read(client, "/en/articles/x/changes/").main.one("div", class_="prose").all("li")]
    assert words == ["A part has been removed."] * 2


def test_what_was_before_a_text_was_taken_back_stays_back(client, article):
    publish_at(article, 1, TEXT.replace("Because", "As"))
    publishing.unpublish(article, "en", by=None)
    publish_text(article, "en", TEXT)
    page = read(client, "/en/articles/x/changes/")
    assert not page.all("h2")
    assert "November 2024" not in page.main.words


def test_the_page_and_the_notice_cost_the_same_at_three_and_at_thirty_publications(
    client, article, django_assert_max_num_queries
):
    for count in (3, 30):
        for number in range(count):
            publish_at(article, number + count, TEXT.replace("Because", f"As {count} {number}"))
        for path in ("", "?since=2024-11-11T00:00:00Z"):
            with django_assert_max_num_queries(5):
                client.get(f"/en/articles/x/changes/{path}")


@pytest.mark.parametrize("path", ["", "?since=2024-11-11T00:00:00Z"])
def test_only_those_who_may_read_the_text_learn_what_changed_in_it(client, article, agent, path):
    publish_at(article, 5, TEXT.replace("Because", "As"))
    article.audience = "agents"
    article.save()
    assert client.get(f"/en/articles/x/changes/{path}").status_code == 404
    client.force_login(agent)
    response = client.get(f"/en/articles/x/changes/{path}")
    assert "Why" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    client.logout()
    article.audience = "public"
    article.archived_at = timezone.now()
    article.save()
    assert client.get(f"/en/articles/x/changes/{path}").status_code == 410
    assert client.get(f"/en/articles/none/changes/{path}").status_code == 404


def test_the_page_of_an_article_says_when_its_text_became_public(client, article):
    main = read(client, "/en/articles/x/").main
    assert main["data-updated"] == str(int(START.timestamp()))
    assert main["data-changes"] == "/en/articles/x/changes/"


# The rule


def part(key, text, title=None):
    return Part(key, key.partition(":")[2], key if title is None else title, text)


def test_sections_without_a_key_that_move_have_not_changed():
    then = [part("section:1", "a"), part("section:2", "b")]
    now = [part("section:1", "new"), part("section:2", "a"), part("section:3", "b")]
    assert between(then, now, now) == [Row(Change.CHANGED, "section:1", "1")]


def test_title_and_introduction_are_told_once():
    then = [Part("title", "", "A", "1"), Part("intro", "", "", "2")]
    assert between(then, [Part("title", "", "B", "3"), Part("intro", "", "", "4")], then) == [HEAD]


_PARTS = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from("123")), unique_by=lambda pair: pair[0], max_size=6
).map(lambda pairs: [part(f"section:{key}", f"{key}{text}") for key, text in pairs])


@given(_PARTS, _PARTS, _PARTS)
@examples(200)
def test_a_text_differs_from_another_exactly_where_its_parts_do(then, now, shown):
    rows = between(then, now, shown)
    different = {p.hash for p in then} != {p.hash for p in now}
    assert bool(rows) is different
    assert {row.title for row in rows if row != GONE} <= {p.title for p in shown}


@given(st.lists(_PARTS, max_size=6))
@examples(100)
def test_a_history_tells_every_change_once(texts):
    found = [Publication(START - number * DAY, parts) for number, parts in enumerate(texts)]
    entries = history(found, texts[0] if texts else [])
    assert len(entries) <= max(0, len(texts) - 1)
    assert [entry.at for entry in entries] == sorted((entry.at for entry in entries), reverse=True)


def test_publishing_again_is_no_change(client):
    item = ArticleFactory(slug="y", texts={"en": "Words."})
    publish_text(item, "en", "Words.")
    assert not read(client, "/en/articles/y/changes/").all("h2")
