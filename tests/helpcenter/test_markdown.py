"""The Markdown dialect of docs/markdown.md: what each construct becomes for readers, whatever the language."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.content import markdown
from helpcenter.content.markdown import Link, ShownPicture
from tests.helpcenter.dom import Page
from tests.helpcenter.samples import examples

FIVE = ["en", "zh-hans", "ja", "ko", "ar"]
DIGEST = "0123456789abcdef0123456789abcdef"


def shown(name):
    """A picture of 960 x 540 under any name."""
    return ShownPicture({480: f"pictures/{DIGEST}-480.webp", 960: f"pictures/{DIGEST}-960.webp"}, 960, 540)


def page(text, language="en", pictures=shown):
    return Page(markdown.render(text, language=language, pictures=pictures).html)


def warned_lines(text, pictures=shown):
    return [warned.line for warned in markdown.render(text, language="en", pictures=pictures).warnings]


def words_of(elements):
    return [element.words for element in elements]


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


# --- Sections -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", FIVE)
def test_a_section_has_its_key_as_anchor_and_the_key_is_not_shown(language):
    heading = page("## 価格 Mark price {#mark-price}\n\nText", language).one("h2")
    assert heading["id"] == "mark-price"
    assert heading.words == "価格 Mark price#"
    link = heading.one("a")
    assert link["href"] == "#mark-price"
    assert link["aria-label"]


@pytest.mark.parametrize("key", ["why", "2fa", "a", "26mar27-expiry", "2026", "x" * 80])
def test_the_anchor_of_a_section_is_its_key(key):
    (part,) = markdown.outline(f"## Heading {{#{key}}}")[1:]
    assert (part.key, part.anchor) == (f"section:{key}", key)


@pytest.mark.parametrize("text", ["## Why {#why}", "Why {#why}\n---", "## Why {#why} ##", "## **Why** {#why}"])
def test_every_kind_of_heading_may_have_a_key(text):
    assert page(text).one("h2")["id"] == "why"


def test_sections_without_a_key_are_counted_in_the_outline():
    parts = markdown.outline("## A\n\n## B {#b}\n\n## C")
    assert [part.key for part in parts] == ["title", "section:1", "section:b", "section:2"]
    assert len({part.anchor for part in parts}) == 4


def test_a_key_made_of_digits_takes_no_other_section_its_place():
    result = markdown.render("## A {#1}\n\n## B\n\n## C {#2}\n\n## D", language="en")
    keys = [part.key for part in result.parts]
    assert len(set(keys)) == 5
    assert result.warnings == []


@pytest.mark.parametrize("text", ["## Type {#key} at the end", "## The code `{#key}`", "## Braces {like} these"])
def test_braces_that_are_no_key_stay_words(text):
    heading = page(text).one("h2")
    assert "{" in heading.words
    assert heading["id"] == "section-1"


@pytest.mark.parametrize("mark", ["{#Großes}", "{#two words}", "{#-a}", "{step:清算}", "{step:}", "{#}"])
def test_a_malformed_key_is_not_shown_and_its_line_is_named(mark):
    text = f"Intro\n\n## Heading {mark}\n\nText"
    assert "{" not in page(text).one("h2").words
    assert warned_lines(text) == [3]


@pytest.mark.parametrize(
    "text",
    [
        "## A {#x}\n\n## B {#x}",
        "## A {step:x}\n\n## B {step:x}",
        "## A {step:x}\n\n## B {#step-x}",
        "## A {#x}\n\n### B {#x}",
    ],
)
def test_a_key_used_twice_belongs_to_the_first_heading_and_the_second_line_is_named(text):
    ids = [e["id"] for e in page(text).all(id=True)]
    assert len(ids) == len(set(ids)) == 1
    assert warned_lines(text) == [3]


@pytest.mark.parametrize(
    "text",
    [
        "# A\n\n## B\n\n# C",
        "## A\n\n### B\n\n## C",
        "### A\n\n#### B\n\n### C",
        "A\n===\n\nB\n---\n\nC\n===",
    ],
)
def test_headings_of_the_highest_level_in_the_text_open_sections(text):
    assert [part.title for part in markdown.outline(text) if part.is_section] == ["A", "C"]


@examples(120)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=8))
def test_heading_levels_follow_the_title_of_the_page_without_a_gap(levels):
    """Whoever listens to a page walks through its headings: h1, h2, h3, never one left out on the way down."""
    text = "\n\n".join(f"{'#' * level} Heading" for level in levels)
    before = 1
    for heading in page(text).all():
        if heading.tag[1:].isdigit():
            assert 2 <= int(heading.tag[1]) <= before + 1
            before = int(heading.tag[1])


def test_headings_inside_quotations_lists_and_callouts_are_no_parts_of_the_text():
    text = "## A {#a}\n\n> ## B\n\n- ## C\n\n:::note\n## D\n:::"
    assert words_of(page(text).all("h2")) == ["A#"]
    assert [part.key for part in markdown.outline(text)] == ["title", "section:a"]


# --- Steps ----------------------------------------------------------------------------------------------------------

GUIDE = """Before you begin.

## Do it {#do}

### Open the page {step:open}

Click **Account**.

#### On a phone

Tap the row.

### Confirm {step:confirm}

Enter the code.

## Afterwards {#after}

Wait.
"""


def test_steps_that_follow_one_another_are_one_numbered_list():
    steps = page(GUIDE).one("ol", class_="steps")
    assert [step.attrs.get("id") for step in steps.children if not isinstance(step, str)] == [
        "step-open",
        "step-confirm",
    ]


def test_a_step_holds_its_heading_its_text_and_lower_headings():
    assert page(GUIDE).one("li", id="step-open").words == "Open the page# Click Account. On a phone Tap the row."
    assert page(GUIDE).one("li", id="step-open").one("a", class_="anc")["href"] == "#step-open"


def test_a_section_after_steps_is_not_inside_them():
    assert page(GUIDE).one("h2", id="after").parent.tag == ""


def test_a_heading_of_the_same_level_ends_a_step():
    found = page("### A {step:a}\n\none\n\n### Notes\n\ntwo")
    assert found.one("li", id="step-a").words == "A# one"
    assert found.one("ol", class_="steps").words == "A# one"


def test_steps_of_another_section_are_a_list_of_their_own():
    found = page(GUIDE + "\n### Check {step:check}\n\nLook.\n")
    assert [len(ol.all("li")) for ol in found.all("ol", class_="steps")] == [2, 1]


@pytest.mark.parametrize("level", ["#", "##", "###", "####"])
def test_steps_may_be_headings_of_any_level(level):
    found = page(f"{level} A {{step:a}}\n\none\n\n{level} B {{step:b}}\n\ntwo")
    assert words_of(found.one("ol", class_="steps").all("li")) == ["A# one", "B# two"]


def test_a_step_may_hold_lists_callouts_pictures_and_code():
    body = '- x\n\n1. y\n\n:::tip\nz\n:::\n\n![w](pictures/a.png "c")\n\n```\nv\n```'
    step = page(f"### A {{step:a}}\n\n{body}\n\n### B {{step:b}}\n\nend").one("li", id="step-a")
    assert {"ul", "ol", "figure", "pre", "div"} <= {e.tag for e in step.below()}


def test_the_outline_names_sections_and_steps_in_order_with_their_anchors():
    assert [(part.key, part.anchor, part.title) for part in markdown.outline(GUIDE, title="Title")] == [
        ("title", "", "Title"),
        ("intro", "", ""),
        ("section:do", "do", "Do it"),
        ("step:open", "step-open", "Open the page"),
        ("step:confirm", "step-confirm", "Confirm"),
        ("section:after", "after", "Afterwards"),
    ]


@pytest.mark.parametrize("language", FIVE)
def test_the_outline_is_the_same_in_every_language_of_the_renderer(language):
    assert markdown.render(GUIDE, language=language, title="T").parts == markdown.outline(GUIDE, title="T")


def test_the_title_of_a_part_is_its_words_without_marks():
    (part,) = markdown.outline("## Why **is** `BTC` [low](fees.md) & <kbd>x</kbd>? {#why}")[1:]
    assert part.title == "Why is BTC low & x?"


# --- How a change is recognised -------------------------------------------------------------------------------------


def hashes(text, title="", summary=""):
    return {part.key: part.hash for part in markdown.outline(text, title=title, summary=summary)}


def changed(before, after):
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


@pytest.mark.parametrize(
    ("old", "new", "keys"),
    [
        ("Before you begin.", "Before you start.", {"intro"}),
        ("Do it", "Do this", {"section:do"}),
        ("Click **Account**.", "Click *Account*.", {"step:open"}),
        ("Open the page", "Open a page", {"step:open"}),
        ("On a phone", "On your phone", {"step:open"}),
        ("Tap the row.", "Tap the line.", {"step:open"}),
        ("Enter the code.", "Enter the code!", {"step:confirm"}),
        ("Wait.", "Wait a day.", {"section:after"}),
        ("Click **Account**.", "Click  **Account**.\n", set()),
    ],
)
def test_a_change_moves_the_hash_of_its_part_and_of_no_other(old, new, keys):
    assert changed(hashes(GUIDE), hashes(GUIDE.replace(old, new))) == keys


def test_title_and_summary_are_one_part_beside_the_text():
    assert changed(hashes(GUIDE, "A", "B"), hashes(GUIDE, "A", "C")) == {"title"}
    assert changed(hashes(GUIDE, "A", "B"), hashes(GUIDE, "C", "B")) == {"title"}


def test_text_after_the_end_of_a_step_is_no_part_of_the_step():
    """A heading of the same level ends a step, with a key or without."""
    text = "## Do it {#do}\n\n### Open {step:open}\n\nClick.\n\n### Notes\n\nOld."
    assert "step:open" not in changed(hashes(text), hashes(text.replace("Old.", "New.")))


BLOCK = st.sampled_from(
    [
        "Price 価格.",
        "## 섹션",
        "### Part {{#p{n}}}",
        "## Part {{#s{n}}}",
        "### Step {{step:t{n}}}",
        "#### سعر",
        "- item",
    ]
    + [":::note\nHint\n:::", "| a |\n|---|\n| b |", "```\n## no heading\n```"]
)


@examples(150)
@given(st.lists(BLOCK, max_size=8), st.integers(0, 8))
def test_a_paragraph_that_is_added_anywhere_changes_exactly_one_part(blocks, at):
    blocks = [block.format(n=number) for number, block in enumerate(blocks)]
    before = hashes("\n\n".join(blocks))
    after = hashes("\n\n".join([*blocks[:at], "Something new.", *blocks[at:]]))
    assert len(changed(before, after)) == 1


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_other_systems_change_nothing(end):
    other = GUIDE.replace("\n", end)
    assert hashes(other) == hashes(GUIDE)
    assert page(other).words == page(GUIDE).words


def test_decomposed_letters_change_nothing():
    text = "## 보안 café {#why}\n\nがぎぐ"
    assert hashes(unicodedata.normalize("NFD", text)) == hashes(unicodedata.normalize("NFC", text))


# --- Callouts and scam examples -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["note", "tip", "warning", "danger"])
def test_a_callout_has_its_kind_its_title_and_its_text(kind):
    found = page(f":::{kind} Withdrawals are paused\nWait **24 hours**.\n\n- really\n:::\n\nAfter.")
    notice = found.one("div", class_=kind)
    assert notice.one("p", class_="notice-t").words == "Withdrawals are paused"
    assert notice.one("strong").words == "24 hours"
    assert found.all("p")[-1].parent.tag == ""


@pytest.mark.parametrize("kind", ["note", "tip", "warning", "danger"])
@pytest.mark.parametrize("language", FIVE)
def test_a_callout_without_a_title_is_named_in_the_language_of_the_text(kind, language):
    titles = {code: page(f":::{kind}\nText\n:::", code).one("p", class_="notice-t").words for code in FIVE}
    assert titles[language]
    assert language == "en" or titles[language] != titles["en"]


@pytest.mark.parametrize("language", FIVE)
def test_a_scam_example_is_a_quotation_under_a_label_of_the_language(language):
    text = ":::scam-example\nDear trader, send 50 USDT.\n:::\n\nAfter."
    figures = {code: page(text, code).one("figure", class_="scam") for code in FIVE}
    assert figures[language].one("blockquote").words == "Dear trader, send 50 USDT."
    label = figures[language].one("figcaption").words
    assert label
    assert language == "en" or label != figures["en"].one("figcaption").words


LURES = [
    "[Verify now](https://verify.example/)",
    "<https://verify.example/>",
    "[Verify][now]\n\n[now]: https://verify.example/",
    "[**Verify** `now`](https://verify.example/)",
    "- > [Verify](https://verify.example/)",
    "[our article](fees.md)",
    "[mail us](mailto:help@verify.example)",
    ":::note\n[Verify](https://verify.example/)\n:::",
    "::::scam-example\nx\n::::\n\n[Verify](https://verify.example/)",
    "| a |\n|---|\n| [Verify](https://verify.example/) |",
]


@pytest.mark.parametrize("lure", LURES)
def test_links_in_a_scam_example_are_words(lure):
    found = page(f":::::scam-example\n{lure}\n:::::\n\n[Real](fees.md)")
    assert [link["href"] for link in found.all("a")] == ["/_/articles/fees/"]
    assert found.all("a")[0].parent.parent.tag == ""


def test_an_unknown_kind_of_callout_stays_text():
    assert page(":::joke\nHa.\n:::").words == ":::joke Ha. :::"


# --- Pictures -------------------------------------------------------------------------------------------------------


def test_a_picture_alone_is_a_figure_with_its_caption_and_says_its_size():
    found = page('![The row “2FA”](pictures/security.webp "Account › Security")')
    figure = found.one("figure")
    assert figure.parent.tag == ""
    assert figure.one("figcaption").words == "Account › Security"
    image = figure.one("img")
    assert (image["alt"], image["width"], image["height"]) == ("The row “2FA”", "960", "540")
    assert image["srcset"] == f"/_/pictures/{DIGEST}-480.webp 480w, /_/pictures/{DIGEST}-960.webp 960w"


def test_a_picture_among_words_stays_in_its_line():
    found = page("Press ![the gear](pictures/gear.png) twice.")
    assert not found.all("figure")
    assert found.one("p").one("img")["alt"] == "the gear"


def test_the_alternative_text_is_words_without_marks():
    assert page("![The *row* `2FA` <b>x</b>](pictures/a.png)").one("img")["alt"] == "The row 2FA x"


NAMES = [
    "a.png",
    "mark-and-last.webp",
    "截图.png",
    "스크린샷.png",
    "لقطة.png",
    "shot(1).png",
    "my%20shot.png",
    "a+b.png",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_is_found_under_the_name_of_its_file(name):
    asked = []
    page(f"![words](pictures/{name})", pictures=lambda known: asked.append(known) or shown(known))
    assert asked == [name.replace("%20", " ")]


@pytest.mark.parametrize(
    "target",
    ["https://elsewhere.example/a.png", "//elsewhere.example/a.png", "/img/a.png", "img/a.png", "../en/pictures/a.png"]
    + ["data:image/png;base64,iVBORw0KGgo=", "pictures/../a.png", "http://[broken"],
)
def test_a_picture_from_anywhere_else_is_replaced_by_its_words_with_a_warning(target):
    text = f"One.\n\n![what it shows](<{target}>)"
    assert page(text).words == "One. what it shows"
    assert not page(text).all("img")
    assert warned_lines(text) == [3]


def test_a_picture_that_is_missing_is_replaced_by_its_words_with_a_warning():
    text = "![what it shows](pictures/none.png)"
    assert page(text, pictures=lambda name: None).words == "what it shows"
    assert warned_lines(text, pictures=lambda name: None) == [1]


def test_a_picture_without_an_alternative_text_is_warned_of():
    assert warned_lines("One.\n\n![](pictures/a.png)") == [3]


# --- Links ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "href"),
    [
        ("funding.md", "/_/articles/funding/"),
        ("./funding.md", "/_/articles/funding/"),
        ("lost-2fa-device.md#hold", "/_/articles/lost-2fa-device/#hold"),
        ("lost-2fa-device.md#step-open", "/_/articles/lost-2fa-device/#step-open"),
        ("#hold", "#hold"),
        ("mailto:help@northgate.example", "mailto:help@northgate.example"),
    ],
)
def test_a_link_leads_to_articles_sections_and_mail(target, href):
    assert page(f"[words]({target})").one("a")["href"] == href


def test_links_to_articles_are_noted():
    result = markdown.render("[a](fees.md) [b](funding.md#x) [c](https://x.example/y.md)", language="en")
    assert result.articles == {"fees", "funding"}


@pytest.mark.parametrize(
    "text",
    ["[Bitcoin](https://bitcoin.org/)", "[Bitcoin][b]\n\n[b]: https://bitcoin.org/", "[Bitcoin](HTTPS://BITCOIN.ORG/)"],
)
def test_a_link_to_another_host_shows_its_name_and_sends_no_referrer(text):
    found = page(text)
    assert {"noopener", "noreferrer"} <= set(found.one("a")["rel"].split())
    assert found.one("small", class_="host").words == "bitcoin.org"


@pytest.mark.parametrize("text", ["[bitcoin.org](https://bitcoin.org/)", "<https://bitcoin.org/en/faq>"])
def test_the_name_of_the_host_is_not_said_twice(text):
    assert page(text).words.count("bitcoin.org") == 1


@pytest.mark.parametrize(
    ("words", "target", "host"),
    [
        ("northgate.example", "https://gate.example/", "gate.example"),
        ("https://northgate.example/account", "https://e.example/", "e.example"),
        ("northgate.example", "https://northgate.example@evil.example/", "evil.example"),
        ("northgate.example", "https://northgate.example.evil.example/", "northgate.example.evil.example"),
    ],
)
def test_words_that_look_like_another_host_do_not_hide_where_a_link_leads(words, target, host):
    assert page(f"[{words}]({target})").one("small", class_="host").words == host


def test_words_of_one_link_do_not_name_the_host_of_the_next():
    found = page("[bitcoin.org](https://bitcoin.org/), [here](https://bitcoin.org/)")
    assert found.words == "bitcoin.org, here bitcoin.org"


@pytest.mark.parametrize(
    "target", ["/en/account", "//elsewhere.example/", "/", "ftp://x.example/", "account", "../a.md"]
)
def test_a_link_that_leads_nowhere_is_plain_text_with_a_warning(target):
    text = f"One.\n\nTwo [words]({target}) three."
    assert page(text).all("p")[1].words == "Two words three."
    assert not page(text).all("a")
    assert warned_lines(text) == [3]


def test_links_to_other_hosts_are_listed_with_their_lines():
    text = "[a](https://a.example/)\n[b](fees.md)\n\n> [c](http://c.example:8080/x)\n\n<https://d.example>"
    assert markdown.links(text) == [Link("a.example", 1), Link("c.example", 4), Link("d.example", 6)]


@pytest.mark.parametrize("language", FIVE)
def test_inner_links_and_pictures_point_at_the_language_of_the_page(language):
    html = markdown.render("[a](fees.md#x) ![b](pictures/a.png)", language="en", pictures=shown).html
    found = Page(markdown.localise(html, language))
    assert found.one("a")["href"] == f"/{language}/articles/fees/#x"
    assert found.one("img")["src"].startswith(f"/{language}/pictures/")
    assert found.one("img")["srcset"].count(f"/{language}/pictures/") == 2


@pytest.mark.parametrize("words", ['="/_/articles/x/"', "/_/pictures/x"])
def test_words_that_look_like_an_inner_address_stay_as_they_are(words):
    html = markdown.render(f"Write `{words}`.", language="en").html
    assert Page(markdown.localise(html, "ja")).words == f"Write {words}."


# --- Raw HTML -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tag", ["b", "kbd", "sub", "sup", "i", "u", "em", "strong", "small", "mark", "q", "code"])
def test_harmless_html_is_kept_without_a_warning(tag):
    text = f"H<{tag}>2</{tag}>O"
    assert page(text).one(tag).words == "2"
    assert warned_lines(text) == []


@pytest.mark.parametrize("text", ["one<br>two", "one<br/>two", "one<br />two", "one<BR>two"])
def test_a_line_break_may_be_html(text):
    assert page(text).one("br")
    assert warned_lines(text) == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("<script>x</script>", [1, 1]),
        ("One.\n\n<div>two</div>", [3]),
        ("One\ntwo <iframe src=x> three", [2]),
        ("One  \ntwo <iframe> three", [2]),
        ("`one\ntwo` <iframe> three", [2]),
        ("- one\n- two <iframe> three", [2]),
        ("> one\n> two <iframe> three", [2]),
        ("| a |\n|---|\n| b <iframe> c |", [3]),
        (":::note\none <iframe> two\n:::", [2]),
        ("## Heading <iframe>\n\n### Step <form> {step:a}", [1, 3]),
        ("[words\n<iframe>](fees.md)", [2]),
        ('One <b onclick="x()">two</b>', [1]),
        ("One <a href='https://x.example'>two</a>", [1]),
        ("One <span style='color:red'>two</span>", [1]),
    ],
)
def test_other_html_is_removed_with_a_warning_that_names_the_line(text, lines):
    found = warned_lines(text)
    assert sorted(set(found)) == sorted(set(lines))
    assert not {e.tag for e in page(text).all()} & {"script", "iframe", "form", "span"}


def test_the_words_inside_removed_html_stay_and_a_script_does_not():
    found = page("<div>\nKept\n</div>\n\nText <font color=red>kept</font> <script>gone()</script> end.")
    assert found.words == "Kept Text kept end."


def test_the_empty_corner_of_a_table_is_no_heading():
    html = markdown.render("| | Linear |\n|---|---|\n| Unit | USDT |", language="en").html
    assert "<th></th>" not in html
    assert html.count("<th") - html.count("<thead") == 1
