"""The tools around the field of a text: what they find, what they show, and what they leave harmless."""

import re

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from helpcenter.actions import drafting, publishing
from helpcenter.content import markdown
from helpcenter.models import Revision
from tests.helpcenter.admin_forms import HOSTILE, SECRET, change, html, signed_in
from tests.helpcenter.dom import Page
from tests.helpcenter.factories import AnnouncementFactory, ArticleFactory, keep_fact, save_text, value
from tests.helpcenter.test_reordering import GUIDE

pytestmark = pytest.mark.django_db


def at(tool, model="article"):
    return reverse(f"admin:helpcenter_{model}_{tool}")


def ask(client, tool, **query):
    answer = client.get(at(tool), {"language": "en", **query})
    assert answer.status_code == 200, html(answer)
    return answer.json()["results"]


def slugs(rows):
    return [row["slug"] for row in rows]


def look(client, body="", model="article", **fields):
    answer = client.post(at("try", model), {"title": "A title", "language": "en", "body": body, **fields})
    assert answer.status_code == 200
    return answer.json()


def arrange(client, body, **fields):
    return client.post(at("parts"), {"body": body, **fields})


# --- The field ------------------------------------------------------------------------------------------------------


def test_the_form_has_the_tools_and_a_field_that_works_without_them(editor):
    page = html(editor.get(change("article", ArticleFactory(texts={"en": "Words."}).pk)))
    assert '<textarea name="text_body"' in page
    assert f'data-pictures="{at("pictures")}"' in page
    assert "<markdown-toolbar" in page
    assert "ui/js/editor.js" in page


def test_every_tool_is_hidden_until_a_script_shows_it(editor):
    page = html(editor.get(reverse("admin:helpcenter_article_add")))
    for tool in ("<markdown-toolbar", "data-drop", "data-preview", "data-list"):
        element = page[page.index(tool) : page.index(">", page.index(tool))]
        assert "hidden" in element.split()


def test_whoever_may_not_add_pictures_has_no_tool_for_it(translator):
    page = html(signed_in(translator).get(change("article", ArticleFactory(texts={"en": "Words."}).pk)))
    assert 'data-pictures=""' in page
    assert 'data-act="picture"' not in page


def test_announcements_have_the_tools_but_no_pictures(editor):
    page = html(editor.get(change("announcement", AnnouncementFactory().pk)))
    assert f'data-links="{at("links", "announcement")}"' in page
    assert 'data-act="picture"' not in page


@pytest.mark.parametrize("tool", ["links", "facts", "parts", "try"])
@pytest.mark.parametrize("model", ["article", "announcement"])
def test_whoever_may_only_read_is_refused(agent, tool, model):
    client = signed_in(agent)
    ways = {"links": client.get, "facts": client.get, "parts": client.post, "try": client.post}
    assert ways[tool](at(tool, model)).status_code == 403
    assert ways[tool](at(tool, model)).wsgi_request.user == agent


@pytest.mark.parametrize("tool", ["parts", "try"])
def test_posts_need_the_token(content_editor, tool):
    client = Client(enforce_csrf_checks=True)
    client.force_login(content_editor)
    assert client.post(at(tool), {"body": "x"}).status_code == 403


def test_whoever_writes_announcements_alone_is_not_told_of_articles(person):
    writer = person()
    writer.is_staff = True
    writer.save()
    writer.user_permissions.add(Permission.objects.get(codename="change_announcement"))
    client = signed_in(writer)
    assert client.get(at("facts", "announcement")).status_code == 200
    assert client.get(at("links", "announcement")).status_code == 403


# --- Links ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def shelf():
    funding = ArticleFactory(slug="funding", texts={})
    save_text(funding, "en", "## Why {#why}\n\nx\n\n## Numbered\n\n### Look {step:look}\n\ny")
    save_text(funding, "ja", "## なぜ {#why}\n\nx")
    save_text(ArticleFactory(slug="funding-limits", texts={}), "ru", "Слова.")
    ArticleFactory(slug="two-factor", texts={"en": "Words."})
    return funding


def test_articles_are_found_by_slug_and_by_title_in_any_language(editor, shelf):
    assert slugs(ask(editor, "links", q="funding")) == ["funding", "funding-limits"]
    assert slugs(ask(editor, "links", q="TWO fac")) == ["two-factor"]
    assert slugs(ask(editor, "links", q="(ja)")) == ["funding"]
    assert slugs(ask(editor, "links", q="zqx")) == []
    assert len(ask(editor, "links")) == 3


def test_cyrillic_titles_are_found_in_either_case(editor):
    save_text(ArticleFactory(slug="x", texts={}), "ru", drafting.Text("Комиссии биржи", "Слова."))
    assert slugs(ask(editor, "links", q="комиссии")) == slugs(ask(editor, "links", q="КОМИССИИ")) == ["x"]


def test_a_title_is_that_of_the_edited_language_or_of_the_next_best_one(editor, shelf):
    [row] = [row for row in ask(editor, "links", q="funding", language="ja") if row["slug"] == "funding"]
    assert (row["title"], row["lang"], row["note"]) == ("Funding (ja)", "ja", "")
    [row] = ask(editor, "links", q="funding-limits", language="ar")
    assert (row["title"], row["lang"], row["dir"], row["note"]) == ("Funding limits (ru)", "ru", "ltr", "Русский")


def test_what_is_retired_is_not_offered(editor, shelf):
    publishing.archive(shelf, by=None)
    assert "funding" not in slugs(ask(editor, "links", q="funding"))


def test_sections_and_steps_of_an_article_are_offered_with_keys_that_hold(editor, shelf):
    rows = ask(editor, "links", article="funding")
    assert [(row["value"], row["title"], row["note"]) for row in rows] == [
        ("funding.md#why", "Why", "section"),
        ("funding.md#step-look", "Look", "step"),
    ]
    assert [row["title"] for row in ask(editor, "links", article="funding", language="ja")] == ["なぜ"]
    assert ask(editor, "links", article="no-such") == []


@pytest.mark.parametrize("number", [3, 30])
def test_a_search_takes_two_queries_whatever_is_found(administrator, django_assert_num_queries, number):
    for _ in range(number):
        save_text(ArticleFactory(texts={}), "en", "Words.")
    client = signed_in(administrator)
    with django_assert_num_queries(2 + 2):  # the session, the person
        assert len(ask(client, "links", q="article")) == min(number, 20)


def test_every_value_that_is_offered_is_a_link_of_the_dialect(editor, shelf):
    rows = [*ask(editor, "links"), *ask(editor, "links", article="funding")]
    for row in rows:
        assert markdown.render(f"[x]({row['value']})", language="en").articles


# --- Facts ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def book():
    with time_machine.travel("2026-11-22T12:00Z", tick=False):
        keep_fact(
            "btcusdt-perp.taker-fee",
            value("0.050", "2026-03-01", "2026-12-01"),
            value("0.045", "2026-12-01"),
            en="Taker fee",
            ja="テイカー手数料",
        )
        keep_fact("ethusdt-perp.taker-fee", value("0.060", "2026-01-01", "2026-02-01"))
        yield


def test_facts_are_found_by_key_and_by_name_with_what_holds_today(editor, book):
    [row] = ask(editor, "facts", q="btc taker")
    assert (row["value"], row["today"], row["name"]) == ("btcusdt-perp.taker-fee", "0.050%", "Taker fee")
    assert "2026" in row["note"]
    assert "0.045% from" in row["note"]
    assert ask(editor, "facts", q="テイカー", language="ja") != []
    assert ask(editor, "facts", q="zqx") == []


def test_a_fact_without_a_value_today_says_so(editor, book):
    [row] = ask(editor, "facts", q="ethusdt")
    assert "no value today" in row["note"]


def test_the_value_is_drawn_as_readers_of_the_text_see_it(editor, book):
    [row] = ask(editor, "facts", q="btc", language="fr")
    assert row["today"].startswith("0,050")


# --- The preview ----------------------------------------------------------------------------------------------------


def test_the_unsaved_text_is_drawn_by_the_real_renderer_and_stored_nowhere(editor, book):
    before = Revision.objects.count()
    shown = look(editor, "You pay **{fact:btcusdt-perp.taker-fee}**.\n\n:::note\nHint\n:::")
    assert (
        '<strong><data class="fact" data-fact="btcusdt-perp.taker-fee" value="0.050">0.050%</data></strong>'
        in shown["page"]
    )
    assert 'class="notice note"' in shown["page"]
    assert "<h1" in shown["page"]
    assert shown["notices"] == []
    assert Revision.objects.count() == before


def test_the_page_has_the_language_and_the_direction_of_the_text_or_the_one_asked_for(editor):
    assert '<html lang="ar" dir="rtl"' in look(editor, "نص", language="ar")["page"]
    assert '<html lang="en" dir="ltr"' in look(editor, "x")["page"]
    turned = look(editor, "x", direction="rtl")["page"]
    assert '<html lang="en" dir="rtl"' in turned
    assert "site.rtl.css" in turned
    assert 'dir="ltr"' in look(editor, "x", direction='"><script>')["page"]


def test_a_page_loads_no_script(editor):
    assert "<script" not in look(editor, "x")["page"]


def test_what_is_wrong_is_listed_with_its_line_in_the_language_of_the_person(editor):
    shown = look(editor, f"one\n\n<blink>x</blink>\n\n{{fact:no.such}}\n\n{SECRET}", language="ja")
    assert [notice["line"] for notice in shown["notices"]] == [3, 5, 7]
    assert shown["notices"][0]["message"] == "The HTML “<blink>” was removed."


def test_faults_of_a_troubleshooter_are_listed_as_soon_as_the_form_says_that_it_is_one(editor):
    body = "## Start {node:start}\n\n- [a](#node-gone)"
    assert len(look(editor, body, kind="troubleshooter")["notices"]) > len(look(editor, body, kind="faq")["notices"])


def test_what_cannot_be_saved_is_not_drawn_but_told(editor):
    shown = look(editor, "a\n\n# {fact:a.b}")
    assert "page" not in shown
    assert shown["notices"][0]["line"] == 3
    assert "characters" in look(editor, "a" * 400_001)["notices"][0]["message"]


def test_a_text_without_a_title_is_shown_all_the_same(editor):
    assert "(no title yet)" in look(editor, "Words.", title="")["page"]


def test_words_that_the_article_itself_explains_are_drawn_as_on_its_page(editor):
    article = ArticleFactory(texts={"en": "Words."})
    assert "Words." in look(editor, "Words.", article=str(article.pk))["page"]
    assert "Words." in look(editor, "Words.", article="999999999999999999999")["page"]


def test_an_announcement_is_drawn_as_one(editor):
    shown = look(editor, "We pause **trading**. ![x](pictures/a.png)", "announcement")
    assert "<strong>trading</strong>" in shown["page"]
    assert [notice["line"] for notice in shown["notices"]] == [1]


ATTACKS = [
    HOSTILE,
    "<svg onload=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "![x](javascript:alert(1))",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<a href="\x01javascript:alert(1)">x</a>',
    "`</textarea><script>alert(1)</script>`",
    "</template></body><iframe srcdoc='<script>alert(1)</script>'>",
    ":::note <img src=x onerror=alert(1)>\nx\n:::",
    '## x {#a"onmouseover=alert(1)}',
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_in_any_field_comes_out_alive(editor, attack):
    shown = look(editor, attack, title=attack[:200].replace("\n", " "), summary=attack[:300])
    page = Page(shown["page"])
    assert not {element.tag for element in page.elements} & {
        "script",
        "svg",
        "math",
        "iframe",
        "object",
        "form",
        "style",
    }
    for element in page.elements:
        assert [name for name in element.attrs if name.startswith("on") or name == "srcdoc"] == []
        assert not re.match(r"[\x00-\x20]*(?:javascript|data):", element.get("href") or element.get("src") or "", re.I)


# --- Parts ----------------------------------------------------------------------------------------------------------


def test_the_parts_of_a_text_are_listed_with_their_places(editor):
    rows = arrange(editor, GUIDE).json()["parts"]
    assert [(row["title"], row["parent"], row["place"], row["siblings"], row["step"]) for row in rows][:2] == [
        ("Prepare", -1, 0, 2, False),
        ("Open the page", 0, 0, 3, True),
    ]
    assert "text" not in arrange(editor, GUIDE).json()


def test_a_move_answers_with_the_text_the_new_list_and_a_sentence(editor):
    answer = arrange(editor, GUIDE.replace("\n", "\r\n"), index=1, place=1).json()
    assert [row["title"] for row in answer["parts"]][1:4] == ["Scan the code", "Open the page", "On a phone"]
    assert answer["index"] == 2
    assert answer["message"] == "“Open the page” is now 2 of 3."
    assert "### Scan the code {step:scan}\n" in answer["text"]


def test_a_step_is_added(editor):
    answer = arrange(editor, GUIDE, title="Sign in again").json()
    assert answer["parts"][answer["index"]]["title"] == "Sign in again"
    assert "{step:sign-in-again}" in answer["text"]


@pytest.mark.parametrize("fields", [{"index": "99", "place": "0"}, {"index": "x", "place": "0"}, {"title": " "}])
def test_what_cannot_be_done_is_told_and_gives_no_text(editor, fields):
    answer = arrange(editor, GUIDE, **fields)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error", "line"}


def test_a_text_that_is_too_long_to_be_saved_is_not_arranged(editor):
    assert arrange(editor, "a" * 400_001).status_code == 400
