"""Where readers go in a troubleshooter and where they leave: counted without cookie or address, shown to editors."""

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.http import urlencode
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.actions import counting, publishing, walking
from helpcenter.content.figures import figures, percent
from helpcenter.content.graph import Graph, Node
from helpcenter.models import AddressUse, ReadCount, WalkCount
from helpcenter.outline import Answer
from tests.helpcenter.admin_forms import change, html, signed_in
from tests.helpcenter.dom import Page, fold, read
from tests.helpcenter.factories import ArticleFactory
from tests.helpcenter.samples import examples
from tests.helpcenter.troubleshooting import lamp

pytestmark = pytest.mark.django_db

OURS = {"Sec-Fetch-Site": "same-origin"}
NOON = datetime(2026, 11, 21, 12, 20, tzinfo=UTC)
TODAY = NOON.date()


def step(client, node, before="", language="en", address="203.0.113.7", slug="lamp"):
    stamp = read(client, f"/{language}/troubleshoot/{slug}/").main["data-stamp"]
    data = {"stamp": stamp, "query": "", "node": node, **({"before": before} if before else {})}
    return client.post(f"/{language}/beacon/", data, headers=OURS, REMOTE_ADDR=address)


def counted():
    """(language, node, next node) -> visits."""
    walking.steps.flush()
    counting.reads.flush()
    return {(row.language, row.node, row.next_node): row.count for row in WalkCount.objects.all()}


# Counting


def test_the_page_says_which_node_it_shows_and_where_from(client):
    lamp()
    main = read(client, "/en/troubleshoot/lamp/?path=red.fast").main
    assert (main["data-node"], main["data-before"], main["data-article"]) == ("fast", "red", "lamp")
    assert main["data-beacon"] == "/en/beacon/"


def test_a_way_is_counted_node_by_node_and_the_article_is_read_once(client):
    lamp()
    for node, before in (("start", ""), ("red", "start"), ("fast", "red")):
        assert step(client, node, before).status_code == 204
    assert counted() == {
        ("en", "start", ""): 1,
        ("en", "start", "red"): 1,
        ("en", "red", ""): 1,
        ("en", "red", "fast"): 1,
        ("en", "fast", ""): 1,
    }
    assert [row.count for row in ReadCount.objects.all()] == [1]


def test_visits_are_summed_by_language_and_day(client):
    lamp("en", "ar")
    with time_machine.travel(NOON, tick=False) as clock:
        for language in ("en", "en", "ar", "ko"):
            step(client, "start", language=language)
        assert counted() == {("en", "start", ""): 3, ("ar", "start", ""): 1}
        clock.shift(timedelta(days=1))
        step(client, "start")
        counted()
    assert sorted(WalkCount.objects.values_list("day", "count").filter(language="en")) == [
        (TODAY, 3),
        (TODAY + timedelta(days=1), 1),
    ]


def test_who_is_not_sure_is_counted(client):
    lamp()
    step(client, "unsure", "start")
    assert counted() == {("en", "unsure", ""): 1, ("en", "start", "unsure"): 1}


@pytest.mark.parametrize(
    ("node", "before"),
    [("nowhere", "start"), ("x" * 5000, ""), ("\0", ""), ("' OR 1=1 --", ""), ("é强平", ""), ("start", "nowhere"),
     ("fast", "green"), ("start", "x" * 5000), ("start", "-")],
    ids=lambda value: value[:12],
)  # fmt: skip
def test_what_is_in_no_troubleshooter_is_not_stored(client, node, before):
    lamp()
    step(client, "start")
    assert step(client, node, before).status_code == 204
    assert set(counted()) <= {("en", "start", ""), ("en", "fast", "")}


def test_other_articles_have_no_nodes(client):
    ArticleFactory(slug="plain", texts={"en": "## A {node:start}\n\nText."})
    stamp = read(client, "/en/articles/plain/").main["data-stamp"]
    client.post("/en/beacon/", {"stamp": stamp, "node": "start"}, headers=OURS)
    assert counted() == {}
    assert ReadCount.objects.count() == 1


def test_a_step_from_another_site_or_without_our_stamp_counts_nothing(client):
    lamp()
    stamp = read(client, "/en/troubleshoot/lamp/").main["data-stamp"]
    assert client.post("/en/beacon/", {"stamp": "x", "node": "start"}, headers=OURS).status_code == 400
    data = {"stamp": stamp, "node": "start"}
    assert client.post("/en/beacon/", data, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert counted() == {}


def test_nothing_that_is_stored_tells_who_it_was(client, trader):
    lamp()
    client.force_login(trader)
    step(client, "start")
    counted()
    stored = json.dumps([list(WalkCount.objects.values()), list(AddressUse.objects.values())], default=str)
    assert "203.0.113" not in stored
    assert str(trader.email) not in stored
    fields = {field.name for field in WalkCount._meta.fields}
    assert fields == {"id", "article", "language", "day", "node", "next_node", "count"}


def test_an_address_counts_so_many_steps_an_hour(client, monkeypatch):
    monkeypatch.setattr(walking, "STEPS_PER_HOUR", 5)
    lamp()
    with time_machine.travel(NOON, tick=False):
        for _ in range(9):
            step(client, "start")
        step(client, "start", address="203.0.113.8")
        assert counted() == {("en", "start", ""): 6}


def test_steps_wait_in_memory_and_those_of_an_article_that_is_gone_take_no_other_with_them(client):
    item, other = lamp(), lamp(slug="other")
    step(client, "start")
    step(client, "start", slug="other")
    assert not WalkCount.objects.exists()
    publishing.archive(other, by=None)
    assert ("en", "start", "") in counted()
    assert WalkCount.objects.filter(article=item).count() == 1


# Figures

GRAPH = Graph(
    {
        "a": Node("a", "First", (Answer("b", "To b"), Answer("c", "To c"))),
        "b": Node("b", "Second", (Answer("c", "On"), Answer("c", "And on", is_unsure=True))),
        "c": Node("c", "End"),
    }
)


def test_shares_are_of_those_to_whom_the_node_was_shown():
    sums = {
        ("a", ""): 10,
        ("a", "b"): 5,
        ("a", "unsure"): 1,
        ("b", ""): 5,
        ("c", ""): 3,
        ("old", ""): 2,
        ("a", "old"): 1,
    }
    a, b, c, unsure, old = figures(GRAPH, sums)
    assert (a.name, a.title, a.shown, a.left, a.left_share) == ("a", "First", 10, 3, 30)
    assert [(n.target, n.words, n.count, n.share) for n in a.nexts] == [
        ("b", "To b", 5, 50), ("c", "To c", 0, 0), ("unsure", "", 1, 10), ("old", "", 1, 10)
    ]  # fmt: skip
    assert [(n.target, n.words, n.is_unsure) for n in b.nexts] == [("c", "On / And on", True)]
    assert (c.is_end, unsure.name, unsure.is_end, old.name) == (True, "unsure", True, "old")


@examples(60)
@given(st.dictionaries(st.tuples(st.sampled_from("abcx"), st.sampled_from(["", *"abcx"])), st.integers(0, 50)))
def test_no_figure_is_negative_or_more_than_everything(sums):
    for row in figures(GRAPH, sums):
        assert 0 <= row.left <= row.shown
        assert all(0 <= share <= 100 for share in (row.left_share, *(found.share for found in row.nexts)))


def test_a_share_of_nothing_is_nothing():
    assert percent(0, 0) == percent(5, 0) == 0


# The screen


def screen(article, **query):
    url = reverse("admin:helpcenter_article_figures", args=[article.pk])
    return f"{url}?{urlencode(query)}"


def visits(article, language="en", day=None, **nodes):
    """`visits(item, start=10, start__red=4)`."""
    for name, count in nodes.items():
        node, _, next_node = name.partition("__")
        key = {"article": article, "language": language, "day": day or date.today()}  # noqa: DTZ011
        WalkCount.objects.create(**key, node=node, next_node=next_node, count=count)


def rows(answer):
    page = Page(html(answer))
    return {row.one("th").words: [cell.words for cell in row.all("td")] for row in page.one("tbody").all("tr")}


def test_the_table_shows_each_node_with_what_was_answered_and_who_left(content_editor):
    item = lamp()
    visits(item, start=10, start__red=4, start__green=3, red=4, red__fast=1)
    table = rows(signed_in(content_editor).get(screen(item)))
    assert list(table) == [
        "Which light is on? start", "Does it blink fast? red", "Everything works green", "Switch it off fast",
        "Call somebody call",
    ]  # fmt: skip
    assert table["Which light is on? start"] == [
        "10", "The red one 4 (40 %)The green one 3 (30 %)I’m not sure 0 (0 %)", "3 (30 %)"
    ]  # fmt: skip
    assert table["Does it blink fast? red"][2] == "3 (75 %)"
    assert table["Everything works green"] == ["0", "–", "an end"]


def test_figures_are_of_one_language_or_of_all_and_of_a_period(content_editor):
    item = lamp("en", "ar")
    today = datetime.now(UTC).date()
    visits(item, day=today, start=1)
    visits(item, "ar", today, start=10)
    visits(item, day=today - timedelta(days=20), start=100)
    visits(item, day=today - timedelta(days=200), start=1000)
    client = signed_in(content_editor)
    for query, shown in (
        ({}, 111), ({"language": "ar"}, 10), ({"days": 7}, 11), ({"days": 365}, 1111),
        ({"days": 365, "language": "en"}, 1101), ({"days": "x", "language": "x"}, 111), ({"days": 100000}, 111),
    ):  # fmt: skip
        (first, *_) = rows(client.get(screen(item, **query))).values()
        assert first[0] == str(shown), query


def test_the_words_are_those_of_the_language_asked_for(content_editor):
    item = lamp("en", "ar")
    assert "أي ضوء يعمل؟ start" in rows(signed_in(content_editor).get(screen(item, language="ar")))


def test_the_same_figures_come_as_csv(content_editor):
    item = lamp()
    visits(item, start=10, start__red=4)
    answer = signed_in(content_editor).get(screen(item, format="csv", days=7))
    assert answer["Content-Type"].startswith("text/csv")
    assert 'filename="lamp-all-7.csv"' in answer["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(html(answer))))
    assert lines[0] == ["node", "title", "shown", "next", "answer", "count", "percent"]
    assert lines[1] == ["start", "Which light is on?", "10", "red", "The red one", "4", "40"]
    assert lines[4] == ["start", "Which light is on?", "10", "", "", "6", "60"]


def test_a_spreadsheet_calculates_nothing_from_our_words(content_editor):
    text = "## =1+1;=2 {node:a}\n\n- [＠sum](#node-b)\n\n## B {node:b}\n\nText."
    item = ArticleFactory(slug="lamp", kind="troubleshooter", texts={"en": text})
    cells = next(
        csv.reader(io.StringIO(html(signed_in(content_editor).get(screen(item, format="csv"))).split("\n", 1)[1]))
    )
    assert (cells[1], cells[4]) == ("'=1+1;'=2", "'＠sum")


def test_an_article_without_nodes_says_so(content_editor):
    item = ArticleFactory(texts={"en": "Text."})
    answer = signed_in(content_editor).get(screen(item))
    assert "This article has no nodes." in html(answer)


@pytest.mark.parametrize("role", ["translator", "agent", "trader"])
def test_who_may_not_see_figures_is_refused(request, role):
    item = lamp()
    client = signed_in(request.getfixturevalue(role))
    assert client.get(screen(item)).status_code in (302, 403)
    assert screen(item).rstrip("?") not in html(client.get(change("article", item.pk)))


def test_the_form_of_a_troubleshooter_leads_to_its_figures(content_editor):
    client, item, other = signed_in(content_editor), lamp(), ArticleFactory(texts={"en": "Text."})
    assert screen(item).rstrip("?") in html(client.get(change("article", item.pk)))
    assert screen(other).rstrip("?") not in html(client.get(change("article", other.pk)))


def test_thirty_days_of_twelve_languages_cost_what_three_cost(content_editor):
    client, item = signed_in(content_editor), lamp()
    today = datetime.now(UTC).date()

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert fold(html(client.get(screen(item, days=90))))
        return len(queries)

    for day in range(3):
        visits(item, day=today - timedelta(days=day), start=3, start__red=1)
    three = cost()
    for day in range(3, 30):
        for language in ("en", "ar", "ja"):
            visits(item, language, today - timedelta(days=day), start=3, start__red=1, red=1)
    assert cost() == three
