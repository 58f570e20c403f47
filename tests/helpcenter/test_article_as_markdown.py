"""An article as Markdown: the words of the page and no others, with addresses that hold anywhere."""

import re

import pytest
from django.utils.translation import gettext, override
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.actions import drafting, picturing, publishing
from helpcenter.actions.exporting import export_folder
from helpcenter.content import markdown
from helpcenter.content.absolute import Addresses, document
from helpcenter.models import ArticleTag, RelatedArticle, Tag
from tests.helpcenter.dom import TAGS, TWELVE, Page, read
from tests.helpcenter.factories import ArticleFactory, CategoryFactory, keep_fact, publish_text, save_text
from tests.helpcenter.samples import drawing, encoded, examples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
SITE = "http://testserver"
BODY = "## One {#one}\n\nWords.\n\n## Two {step:two}\n\n`a | b`\n"
COMMENTED = """A <!-- ask legal --> word.

<!--
until

Monday
--> after

[//]: # (hidden)
[note]: https://example.com/hidden

- <!-- hidden --> item

`<!-- shown -->`

```
<!-- code -->
```

last
"""
ADDRESSES = Addresses(
    f"{SITE}/en/articles/x/", f"{SITE}/en/", lambda name: f"pictures/of-{name}" if name == "a.png" else ""
)


def text(client, path="/en/articles/x.md", status=200):
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.parametrize("language", ["en", "ja", "ar"])
def test_an_article_as_markdown_is_what_an_export_writes(client, tmp_path, language):
    item = ArticleFactory(slug="x", guide=True, category=CategoryFactory(slug="help"), is_promoted=True)
    other = ArticleFactory(slug="other", texts={"en": "Text."})
    RelatedArticle.objects.create(article=item, to=other)
    for position, slug in enumerate(("fees", "no")):
        ArticleTag.objects.create(article=item, tag=Tag.objects.create(slug=slug), position=position)
    for code in ("en", "ja", "ar"):
        publish_text(item, code, drafting.Text(f'Title "{code}"', BODY, "Summary."))
    publish_text(item, "en", drafting.Text('Title "en"', BODY.replace("Words", "Others"), "Summary."))
    export_folder(tmp_path, drafts=False)
    assert text(client, f"/{language}/articles/x.md") == (tmp_path / language / "x.md").read_text("utf-8")


def test_its_headers_say_what_it_is_and_keep_it_out_of_search_engines(client):
    ArticleFactory(slug="x", texts={"zh-hans": "文。"})
    response = client.get("/zh-hans/articles/x.md")
    assert response["Content-Type"] == "text/markdown; charset=utf-8"
    assert response["Content-Language"] == "zh-Hans"
    assert response["X-Robots-Tag"] == "noindex"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Link"] == f'<{SITE}/zh-hans/articles/x/>; rel="canonical"'
    assert not response.cookies


def test_an_article_as_markdown_is_kept_like_its_page(client):
    item = ArticleFactory(slug="x", texts={"en": "Old words."})
    page, first = client.get("/en/articles/x/"), client.get("/en/articles/x.md")
    for name in ("Cache-Control", "Vary"):
        assert first[name] == page[name]
    assert first["ETag"] != page["ETag"]
    assert client.get("/en/articles/x.md", headers={"If-None-Match": first["ETag"]}).status_code == 304
    publish_text(item, "en", "New words.")
    second = client.get("/en/articles/x.md", headers={"If-None-Match": first["ETag"]})
    assert b"New words." in second.content


@pytest.mark.parametrize("count", [3, 30])
def test_an_article_as_markdown_costs_seven_questions_to_the_database_and_none_when_it_is_kept(
    client, django_assert_max_num_queries, count
):
    item = ArticleFactory(slug="x", texts={"en": BODY})
    for number in range(count):
        RelatedArticle.objects.create(article=item, to=ArticleFactory(slug=f"o{number}", texts={"en": "Text."}))
        ArticleTag.objects.create(article=item, tag=Tag.objects.create(slug=f"t{number}"))
    with django_assert_max_num_queries(7):
        client.get("/en/articles/x.md")
    with django_assert_max_num_queries(0):
        client.get("/en/articles/x.md")


@pytest.mark.parametrize("language", ["ko", "ar", "zh-hant"])
def test_a_text_in_another_language_says_so_in_its_first_line(client, language):
    ArticleFactory(slug="x", texts={"en": "Words."})
    response = client.get(f"/{language}/articles/x.md")
    assert response["Content-Language"] == "en"
    assert f"{SITE}/en/articles/x/" in response["Link"]
    first, _, rest = response.content.decode().partition("---\n\n")[2].partition("\n\n")
    with override(language):
        message = gettext("This article is not translated into %(wanted)s yet. You see it in %(shown)s.")
    assert first.startswith("> " + message.split("%")[0])
    assert "English" in first
    assert rest == "Words."


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_not_there_as_a_page_is_not_there_as_a_text(client, status):
    item = ArticleFactory(slug="x", texts={"en": "Words."} if status == 410 else {})
    save_text(item, "en", "Draft.")
    if status == 410:
        publishing.archive(item, by=None)
    page, response = client.get("/en/articles/x/"), client.get("/en/articles/x.md")
    assert page.status_code == response.status_code == status
    assert "ETag" not in response.headers
    assert b"Words." not in response.content


def test_agents_read_what_is_theirs_and_nobody_else_does(client, agent, trader):
    ArticleFactory(slug="x", agents_only=True, texts={"en": "How we check."})
    assert client.get("/en/articles/x.md").status_code == 404
    client.force_login(agent)
    response = client.get("/en/articles/x.md")
    assert "How we check." in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    client.force_login(trader)
    assert client.get("/en/articles/x.md").status_code == 404


def test_a_draft_is_not_given_out(client):
    item = ArticleFactory(slug="x", texts={"en": "Old words."})
    save_text(item, "en", "New words.")
    assert "New" not in text(client)


@pytest.mark.parametrize("hidden", ["agents", "draft", "archived"])
def test_related_articles_that_nobody_may_read_are_not_named(client, hidden):
    item, other = ArticleFactory(slug="x", texts={"en": "Words."}), ArticleFactory(slug="secret-plan")
    if hidden != "draft":
        publish_text(other, "en", "Text.")
    if hidden == "archived":
        publishing.archive(other, by=None)
    if hidden == "agents":
        other.audience = "agents"
        other.save()
    RelatedArticle.objects.create(article=item, to=other)
    assert "secret-plan" not in text(client)


def test_keys_and_comments_of_the_writers_stay_with_them(client):
    ArticleFactory(slug="x", texts={"en": drafting.Text("X", COMMENTED, extra="reviewer: clara@example.com")})
    found = text(client)
    for hidden in ("legal", "Monday", "clara", "until", "hidden", "note"):
        assert hidden not in found
    for shown in ("`<!-- shown -->`", "```\n<!-- code -->\n```", "A  word.", " item", "\nlast"):
        assert shown in found


@pytest.mark.parametrize(
    ("written", "given_out"),
    [
        ("[More](funding.md)", f"[More]({SITE}/en/articles/funding/)"),
        ("[More](./funding.md#step-a)", f"[More]({SITE}/en/articles/funding/#step-a)"),
        ("[**Bold** `code`](<funding.md> 'T')", f"[**Bold** `code`]({SITE}/en/articles/funding/ 'T')"),
        ("[Here](#hold)", f"[Here]({SITE}/en/articles/x/#hold)"),
        ("[Bitcoin](https://bitcoin.org/a_(b))", "[Bitcoin](https://bitcoin.org/a_(b))"),
        ("[Mail](mailto:a@example.com)", "[Mail](mailto:a@example.com)"),
        ("[Lost](/img/x.html)", "Lost"),
        ("[Lost **words**](../x)", "Lost **words**"),
        ('![Words](pictures/a.png "C")', f'![Words]({SITE}/en/pictures/of-a.png "C")'),
        ("![Words](pictures/none.png)", "Words"),
        ("![Words](https://other.example/a.png)", "Words"),
        ("[![W](pictures/a.png)](funding.md)", f"[![W]({SITE}/en/pictures/of-a.png)]({SITE}/en/articles/funding/)"),
        ("[a][1]\n\n[1]: funding.md", f"[a][1]\n\n[1]: {SITE}/en/articles/funding/"),
        ("words\nand [a\nlong one](funding.md)", f"words\nand [a\nlong one]({SITE}/en/articles/funding/)"),
        ("`[a](funding.md)`", "`[a](funding.md)`"),
        ("```\n[a](funding.md)\n```", "```\n[a](funding.md)\n```"),
        (":::scam-example\n[Pay](https://fraud.example/)\n:::", ":::scam-example\nPay\n:::"),
    ],
)  # fmt: skip
def test_every_address_holds_anywhere_and_what_leads_nowhere_is_words(written, given_out):
    assert document(written, ADDRESSES) == given_out


def test_pictures_are_the_ones_that_the_page_shows(client):
    picturing.save_picture("a.png", "en", encoded("PNG", drawing(900, 600)), by=None)
    ArticleFactory(slug="x", texts={"ja": "![図](pictures/a.png)", "en": "![A](pictures/a.png)"})
    (address,) = re.findall(r"!\[図\]\((.*)\)", text(client, "/ja/articles/x.md"))
    response = client.get(address.removeprefix(SITE))
    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")


@pytest.mark.parametrize("language", TWELVE)
def test_the_page_names_it(client, language):
    ArticleFactory(slug="x", texts={language: "Words."})
    link = read(client, f"/{language}/articles/x/").one("link", type="text/markdown")
    assert (link["rel"], link["href"]) == ("alternate", f"/{language}/articles/x.md")
    assert client.get(link["href"])["Content-Language"] == TAGS[language]


@pytest.mark.parametrize("path", ["X.md", "x.MD", "x.md/", "x%00.md", "x.txt", ".md", "../x.md"])
def test_odd_addresses_find_nothing(client, path):
    ArticleFactory(slug="x", texts={"en": "Words."})
    assert client.get(f"/en/articles/{path}").status_code == 404


_PIECES = st.sampled_from(
    ["[a](b.md)", "![p](pictures/a.png)", "<!-- c -->", "`", "```", "\n", "\n\n", "> ", "- ", "\n\n[a]: b.md\n\n",
     "[a]", "words", "    ", ":::note\n", ":::scam-example\n", ":::\n", "\\", "[x](#y)", "<b>", "| a |\n|---|\n",
     "\r\n", "\u2028", "](", "<", "(", ")"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=25).map("".join))
@examples(150)
def test_whatever_is_written_no_relative_address_and_no_comment_is_left(body):
    result = markdown.references(document(body, ADDRESSES))
    assert all(reference.href.startswith(("http", "mailto:")) for reference in result), result


@given(st.text(max_size=200))
@examples(100)
def test_a_text_without_links_and_comments_stays_as_it_is(body):
    plain = re.sub(r"[\[<\r]", "", body)
    assert document(plain, ADDRESSES) == plain


def test_the_words_are_those_of_the_page(client):
    ArticleFactory(slug="x", texts={"en": "## A {#a}\n\nOne [two](b.md) <!-- no --> three.\n\n- four"})
    body = text(client).partition("---\n\n")[2]
    rendered = Page(f"<div>{markdown.render(body, language='en').html}</div>")
    shown = read(client, "/en/articles/x/").one("div", data_content=True)
    assert rendered.words.replace(" testserver", "") == shown.words


def test_facts_are_given_out_as_values_and_their_tables_as_tables(client):
    keep_fact("btc.taker-fee", "0.050", unit="percent", en="Taker fee", ru="Комиссия тейкера")
    keep_fact("btc.max-leverage", "100", unit="leverage", en="Highest leverage", ru="Наибольшее плечо")
    body = (
        "You pay {fact:btc.taker-fee}.\n\n- in a list {fact:btc.max-leverage}\n\n:::facts btc\ntaker-fee\n:::\n\nAfter."
    )
    ArticleFactory(slug="fees", texts={"en": body, "ru": body})
    english = client.get("/en/articles/fees.md").content.decode()
    assert "You pay 0.050%." in english
    assert "- in a list 100x" in english
    table = (
        r"\| What \| Value \| In force since \|\n\| --- \| --- \| --- \|\n\| Taker fee \| 0\.050% \| .+ \|\n\nAfter\."
    )
    assert re.search(table, english)
    assert "fact" not in english
    russian = client.get("/ru/articles/fees.md").content.decode()
    assert "| Комиссия тейкера | 0,050% |" in russian
