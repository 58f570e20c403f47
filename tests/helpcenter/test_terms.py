"""Words of the glossary inside rendered articles: which are found, which are left alone. Pure."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpcenter.content import markdown, text
from helpcenter.content.inflection import fold
from helpcenter.content.sanitising import clean_html
from helpcenter.content.terms import MOST_LINKS, Linker, Word, spellings, without_remark


def linker(language="en", **words):
    """`linker(mark_price="mark price")`; several spellings stand in a tuple."""
    found = [Word(key, (spelt,) if isinstance(spelt, str) else spelt, f"About {key}.") for key, spelt in words.items()]
    return Linker(found, fold(language))


def linked(markup):
    """The words that became links, with their keys."""
    pattern = r'<a href="/_/glossary/#term-(\w+)" class="term"(?: title="[^"]*")?>(.*?)</a>'
    return [(words, key) for key, words in re.findall(pattern, markup, re.DOTALL)]


def found(one, markup, leave_out=()):
    return linked(one.link(markup, leave_out)[0])


def test_the_first_place_of_a_word_becomes_a_link_with_its_definition():
    html, used = linker(margin="margin").link("<p>Add margin. More margin.</p>")
    assert html == (
        '<p>Add <a href="/_/glossary/#term-margin" class="term" title="About margin.">margin</a>. More margin.</p>'
    )
    assert used == ["margin"]


def test_the_longest_word_wins():
    one = linker(price="price", mark="mark price", unit="price unit")
    assert found(one, "<p>The mark price unit, then a price.</p>") == [("mark price", "mark"), ("price", "price")]
    zh = linker("zh-hans", contract="合约", perpetual="永续合约")
    assert found(zh, "<p>永续合约是合约的一种</p>") == [("永续合约", "perpetual"), ("合约", "contract")]


@pytest.mark.parametrize(
    ("language", "word", "sentence", "as_written"),
    [
        ("en", "mark price", "Both mark\nprices moved.", "mark\nprices"),
        ("en", "unrealised PnL", "Your unrealized PnL fell.", "unrealized PnL"),
        ("en", "margin", "The margin’s use", "margin"),
        ("en", "liquidity", "liquidities", "liquidities"),
        ("en", "futures", "Futures expire", "Futures"),
        ("es", "orden límite", "Las órdenes límite son", "órdenes límite"),
        ("es", "liquidación", "dos liquidaciones", "liquidaciones"),
        ("fr", "liste d'autorisation", "la liste d’autorisation", "liste d’autorisation"),
        ("fr", "frais de réseau", "Les frais de réseau", "frais de réseau"),
        ("pt-br", "margem", "As margens são", "margens"),
        ("pt-br", "posição", "duas posições", "posições"),
        ("ru", "бессрочный контракт", "о бессрочных контрактах", "бессрочных контрактах"),
        ("ru", "маржа", "Маржой", "Маржой"),
        ("tr", "likidasyon fiyatı", "Likidasyon fiyatından", "Likidasyon fiyatından"),
        ("ar", "الهامش", "يكون الهامش كافيًا", "الهامش"),
        ("vi", "ký quỹ", "Ký quỹ ban đầu", "Ký quỹ"),
        ("ja", "証拠金", "追加証拠金が必要", "証拠金"),
        ("ko", "청산", "강제로 청산이 시작", "청산"),
        ("zh-hans", "Maker手续费", "每笔Maker手续费为", "Maker手续费"),
        ("ja", "ADL", "その後ADLが始まる", "ADL"),
    ],
)
def test_a_word_is_found_in_the_forms_that_its_language_has(language, word, sentence, as_written):
    assert found(linker(language, it=word), f"<p>{sentence}</p>") == [(as_written, "it")]


@pytest.mark.parametrize(
    ("language", "word", "sentence"),
    [
        ("en", "margin", "a marginal gain, marginally"),
        ("en", "mark price", "mark, price; mark. price"),
        ("en", "liquidation", "you were liquidated"),
        ("en", "futures", "in the future"),
        ("es", "futuros", "en el futuro"),
        ("ja", "板", "掲示板で"),
        ("es", "liquidación", "un líquido"),
        ("ru", "маржа", "маржинальный счёт"),
        ("ko", "청산", "강제청산"),
        ("zh-hans", "ADL", "READLINE命令"),
        ("zh-hans", "Maker手续费", "aMaker手续费"),
        ("en", "amp", "profit &amp; loss &lt;amp&gt;"[:20]),
    ],
)
def test_another_word_is_not_taken_for_it(language, word, sentence):
    assert found(linker(language, it=word), f"<p>{sentence}</p>") == []


@pytest.mark.parametrize(
    "markup",
    [
        '<h2 id="a">margin</h2>',
        '<p><a href="/_/articles/x/">all margin</a></p>',
        '<p><code dir="ltr">margin</code> <kbd>margin</kbd></p>',
        '<pre dir="ltr"><code>margin</code></pre>',
        "<p>Choose <strong>Add <em>margin</em></strong>.</p>",
        '<div class="notice note" role="note"><p class="notice-t">margin</p></div>',
        '<figure class="scam"><figcaption>margin</figcaption><blockquote><p>margin</p></blockquote></figure>',
        '<figure><img alt="margin > margin"><figcaption>margin</figcaption></figure>',
        '<p class="no-picture">margin</p>',
        '<p><data value="1">margin</data> <bdi>margin</bdi></p>',
        '<table><tr><th scope="col">margin</th></tr></table>',
    ],
)
def test_what_is_not_running_text_stays_as_it_is(markup):
    assert linker(margin="margin").link(markup) == (markup, [])


def test_running_text_beside_them_is_linked():
    markup = '<h2>margin</h2><div class="notice note"><p class="notice-t">margin</p><p>Add <br>margin</p></div>'
    assert found(linker(margin="margin"), markup) == [("margin", "margin")]
    assert found(linker(margin="margin"), '<table><tr><td class="n">margin</td></tr></table>')


def test_what_the_article_explains_itself_is_left_out():
    assert found(linker(margin="margin", fee="fee"), "<p>margin fee</p>", {"margin"}) == [("fee", "fee")]


def test_a_page_gets_at_most_twelve_links():
    keys = {f"w{chr(97 + n)}": f"w{chr(97 + n)}" for n in range(20)}
    assert len(found(linker(**keys), f"<p>{' '.join(keys)}</p>")) == MOST_LINKS == 12


def test_a_definition_with_hostile_characters_stays_inside_its_attribute():
    one = Linker([Word("m", ("margin",), "\"><script>alert(1)</script>'&")], fold("en"))
    html, _ = one.link("<p>margin</p>")
    assert "<script" not in html
    assert clean_html(html).count("<a ") == 1
    assert 'title="&quot;&gt;&lt;script&gt;' in html


def test_without_a_definition_there_is_no_empty_title():
    assert "title" not in Linker([Word("m", ("margin",))], fold("en")).link("<p>margin</p>")[0]


def test_links_survive_the_sanitiser_and_lead_into_the_readers_language():
    html, _ = linker(margin="margin").link(markdown.render("Add margin.", language="en").html)
    clean = clean_html(html)
    assert all(part in clean for part in ('class="term"', 'href="/_/glossary/#term-margin"', 'title="About margin."'))
    assert 'href="/ja/glossary/#term-margin"' in markdown.localise(html, "ja")


@pytest.mark.parametrize(
    ("written", "ways"),
    [
        ("fill or kill (FOK)", ["fill or kill", "FOK"]),
        ("トランザクションID(TxID)", ["トランザクションID", "TxID"]),
        ("memo / tag", ["memo", "tag"]),
        ("Memo/标签", ["Memo", "标签"]),
        ("Memo/Tag (رمز التعريف)", ["Memo", "Tag"]),
        ("margin", ["margin"]),
    ],
)
def test_a_term_is_written_in_each_of_its_ways(written, ways):
    assert spellings(written) == ways


def test_a_remark_is_no_part_of_a_rejected_word():
    assert without_remark("清算 (= clearing)") == "清算"
    assert without_remark("清算（结算）") == "清算"
    assert without_remark("plain") == "plain"


PIECES = st.sampled_from(
    [
        "margin",
        "mark price",
        "永续合约",
        "청산",
        "маржи",
        "<b>",
        "</b>",
        "**",
        "`margin`",
        "# ",
        "\n\n",
        " ",
        "&amp;",
        "&",
    ]
    + ["[margin](funding.md)", "![margin](a.png)", ":::note margin\n", ":::", "- ", "| a | margin |\n|---|---|\n", "'s"]
)
ALL = linker("en", m="margin", p="mark price", z="永续合约", k="청산")


@given(st.lists(PIECES | st.text(max_size=6), max_size=30).map("".join))
@settings(max_examples=150, deadline=None)
def test_links_change_no_word_of_a_text_and_are_safe(body):
    html = markdown.render(body, language="en").html
    out, used = ALL.link(html)
    assert text.plain(out) == text.plain(html)
    assert len(used) == len(set(used)) == len(linked(out))
    assert re.sub(r'<a href="/_/glossary/[^>]*>(.*?)</a>', r"\1", out) == html
    assert not re.search(r"<a [^>]*>(?:(?!</a>).)*<a ", out), "a link inside a link"
    assert clean_html(out).count('class="term"') == len(used)
