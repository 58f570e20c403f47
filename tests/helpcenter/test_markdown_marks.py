"""CommonMark, tables and emphasis of the Markdown dialect (docs/markdown.md) become the same for readers beside any
script."""

import pytest

from helpcenter.content import markdown
from tests.helpcenter.rendering import FIVE, page, words_of

# --- CommonMark, tables, strikethrough ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tag", "words"),
    [
        ("One.\n\nTwo.", "p", ["One.", "Two."]),
        ("*slowly*", "em", ["slowly"]),
        ("**Account**", "strong", ["Account"]),
        ("~~old~~", "s", ["old"]),
        ("- one\n- two", "li", ["one", "two"]),
        ("1. one\n2. two", "ol", ["one two"]),
        ("> said", "blockquote", ["said"]),
        ("one  \ntwo", "br", [""]),
        ("a\n\n---\n\nb", "hr", [""]),
        ("`a < b`", "code", ["a < b"]),
        ("```\nGET /v1\n```", "pre", ["GET /v1"]),
        ("    indented", "pre", ["indented"]),
        ("&copy; &#x4ef7;", "p", ["© 价"]),
        ("\\*no\\*", "p", ["*no*"]),
    ],
)
def test_plain_commonmark_is_drawn(text, tag, words):
    assert words_of(page(text).all(tag)) == words


def test_a_numbered_list_begins_where_its_writer_began():
    assert page("3. third").one("ol")["start"] == "3"


@pytest.mark.parametrize("levels", [3, 9, 10, 15])
def test_a_deeply_nested_list_loses_neither_its_words_nor_what_follows(levels):
    items = "\n".join(f"{'  ' * level}- level {level}" for level in range(levels))
    found = page(f"{items}\n\nAfterwards.\n\n## More")
    assert len([item for item in found.all("li") if not item.all("li")]) == 1
    assert len(found.all("li")) == levels
    assert found.words.endswith("Afterwards. More#")


@pytest.mark.parametrize("text", ["`BTCUSDT-PERP`", "```\nBTCUSDT-PERP\n```"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_symbols_keep_their_direction(text, language):
    element = page(f"تصفية\n\n{text}", language).one("code")
    assert element.inherited("dir") == "ltr"
    assert element.words == "BTCUSDT-PERP"


TABLE = "| Fee | Rate |\n|---|--:|\n| Maker | 0.020 % |\n| **Taker** | 0.050 % |"


def test_a_table_has_headers_numbers_to_the_right_and_can_be_scrolled_with_the_keyboard():
    found = page(TABLE)
    assert [(e.words, e["scope"]) for e in found.all("th")] == [("Fee", "col"), ("Rate", "col")]
    assert words_of(found.all("td", class_="n")) == ["0.020 %", "0.050 %"]
    frame = found.one("table").parent
    assert (frame["role"], frame["tabindex"]) == ("region", "0")


@pytest.mark.parametrize("language", FIVE)
def test_the_frame_of_a_table_has_a_name_in_the_language_of_the_text(language):
    names = {code: page(TABLE, code).one(role="region")["aria-label"] for code in FIVE}
    assert names[language]
    assert language == "en" or names[language] != names["en"]


# --- Emphasis and line breaks where words have no spaces ------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "strong"),
    [
        ("zh-hans", "**重要：**先确认网络", "重要："),
        ("zh-hans", "请选择**“账户”**页面", "“账户”"),
        ("zh-hans", "价格为**100%**时", "100%"),
        ("zh-hant", "依照**《交易規則》**辦理", "《交易規則》"),
        ("ja", "**「注意」**です", "「注意」"),
        ("ja", "これは**重要。**次へ", "重要。"),
        ("ja", "**カタカナ（注）**と", "カタカナ（注）"),
        ("ko", "**(청산)**입니다", "(청산)"),
        ("ko", "**“보안”**에서", "“보안”"),
        ("ko", "**2단계 인증(2FA)**을", "2단계 인증(2FA)"),
        ("ko", "레버리지**100%**는", "100%"),
        ("ar", "هذا **مهم**، الآن", "مهم"),
        ("ru", "это **важно**: да", "важно"),
    ],
)
def test_emphasis_works_beside_any_script(language, text, strong):
    found = page(text, language)
    assert words_of(found.all("strong")) == [strong]
    assert "*" not in found.words


@pytest.mark.parametrize(
    ("text", "tag", "words"), [("~~「旧」~~です", "s", "「旧」"), ("*（청산）*입니다", "em", "（청산）")]
)
def test_other_marks_work_beside_cjk_too(text, tag, words):
    assert page(text, "ja").one(tag).words == words


def test_stars_inside_latin_words_and_formulas_stay_stars():
    assert page("2 * 3 * 4").words == "2 * 3 * 4"


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("ja", "価格は\n変わります", "価格は変わります"),
        ("zh-hans", "确认之后。\n到账", "确认之后。到账"),
        ("zh-hans", "**确认**\n到账", "确认到账"),
        ("zh-hant", "到帳\n**確認**", "到帳確認"),
        ("ko", "입금을\n확인", "입금을 확인"),
        ("en", "one\ntwo", "one two"),
        ("ar", "سعر\nالتصفية", "سعر التصفية"),
    ],
)
def test_a_line_break_in_the_file_is_a_space_only_where_words_have_spaces(language, text, words):
    assert page(text, language).words == words


# --- Raw HTML -------------------------------------------------------------------------------------------------------


def test_the_empty_corner_of_a_table_is_no_heading():
    html = markdown.render("| | Linear |\n|---|---|\n| Unit | USDT |", language="en").html
    assert "<th></th>" not in html
    assert html.count("<th") - html.count("<thead") == 1
