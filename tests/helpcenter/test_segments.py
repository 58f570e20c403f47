"""A document as segments and back, cut into parts and back, and beside its translation."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.content import files, markdown
from helpcenter.content.segments import align, join, keeps_frame, parts, split
from helpcenter.content.slots import Kind
from tests.helpcenter.dom import TWELVE
from tests.helpcenter.samples import examples

HELP = Path(settings.BASE_DIR) / "fixtures" / "help"

WORDS = """\
Words of **text**.
更多的字。
  more words
## Why {#why}
## How
### Do it {step:do}
### Next {step:next} ##
# A # b
## What? {node:start}
- [One](#node-a) “hint”
- [Two](#node-b "unsure")
- item
  goes on
lazy
  - inner
1. first
10) tenth
> said
> - said in a list
>
:::note
:::warning Look {fact:a.b}
:::
::::tip
:::scam-example
:::facts btc
maker-fee
| a | b |
|---|--:|
| only one
a | b
--|--
```
~~~py
code()
    indented
<div>
<b>bold</b>
<!-- aside -->
</div>
![alt](pictures/a.webp "caption")
[x]: /y "z"
You pay {fact:btc.fee}.
Setext
=====
---
***
## {#empty}
## `{#code}`
##
* * *
- ```
- :::tip In a list
- # Heading in a list
- | a | b |
  |---|---|
  | c | d |
""".splitlines()
LINES = st.sampled_from(
    [
        *WORDS,
        *[""] * 12,
        "| c \\| d | e |",
        "\tby a tab",
        "two blanks  ",
        "-\twide",
        "\u3000",
        "\x0c",
        "a\x0bb\u2028c",
        "\0",
    ]
)
ENDS = st.sampled_from(["\n", "\r\n", "\r"])
BODIES = st.builds(
    lambda lines, end, last: end.join(lines) + last, st.lists(LINES, max_size=14), ENDS, ENDS | st.just("")
)
ANY_BODIES = BODIES | st.text(max_size=80)


@dataclass(frozen=True)
class Text:
    title: str
    summary: str
    body: str


def texts_of(body, title="A title", summary="A summary."):
    return {segment.key: segment.text for segment in split(title, summary, body)}


def joined(body, **texts):
    return join(Text("A title", "A summary.", body), {key.replace("__", "/"): text for key, text in texts.items()})[2]


def put(body, texts):
    return join(Text("A title", "A summary.", body), texts)[2]


def demo(language):
    for path in sorted((HELP / language).glob("*.md")):
        document = files.parse(path.read_bytes().decode(), files.ARTICLE_KEYS)
        yield path.name, Text(document.values["title"], document.values.get("summary", ""), document.body)


GUIDE = """Words before.

## Before you begin {#before}

- Have the *phone*
  at hand
- Have the code

### Open the page {step:open-page}

| Row | Meaning |
|---|---|
| State | on \\| off |

:::warning Mind the {fact:a.b}
Once only.
:::

### A heading without a key

![Page](pictures/page.webp "Caption")
"""


def test_each_block_of_words_is_a_segment_of_its_part():
    assert texts_of(GUIDE) == {
        "title": "A title",
        "summary": "A summary.",
        "intro/0": "Words before.",
        "section:before/heading": "Before you begin",
        "section:before/0": "Have the *phone*\nat hand",
        "section:before/1": "Have the code",
        "step:open-page/heading": "Open the page",
        "step:open-page/0": "| Row | Meaning |",
        "step:open-page/1": "| State | on \\| off |",
        "step:open-page/2": "Mind the {fact:a.b}",
        "step:open-page/3": "Once only.",
        "section:before/2": "A heading without a key",
        "section:before/3": '![Page](pictures/page.webp "Caption")',
    }


def test_the_kinds_of_blocks_are_told_apart():
    body = GUIDE + "\n```\ncode\n```\n\n<b>bold</b> *words*\n\n<div>\nraw\n</div>\n\n> said\n"
    kinds = [segment.kind for segment in split("A title", "", body)]
    assert kinds == [
        *["heading", "paragraph", "heading", "item", "item", "heading", "row", "row", "callout", "paragraph"],
        *["heading", "picture", "code", "paragraph", "html", "paragraph"],
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("### Next {step:next} ##", {"step:next/heading": "Next"}),
        ("Why\n*so* {#why}\n===", {"section:why/heading": "Why\n*so*"}),
        ("## Not {#a key}", {"section:1/heading": "Not"}),
        ("## `{#code}`", {"section:1/heading": "`{#code}`"}),
        ("## {#why}\n\nText", {"section:why/0": "Text"}),
        ("## A {#a}\n\n## B {#a}\n\ny", {"section:a/heading": "A", "intro/0": "B", "intro/1": "y"}),
        ("> - quoted\n>   twice\nlazily", {"intro/0": "quoted\ntwice\nlazily"}),
        ("- - deep\n\n    second", {"intro/0": "deep", "intro/1": "second"}),
        ("Line  \nbreak", {"intro/0": "Line  \nbreak"}),
        ("\tcode\n\n\tmore", {"intro/0": "code\n\nmore"}),
        ("- ~~~\n  a\n   b\n  ~~~", {"intro/0": "a\n b"}),
        (":::facts btc\nmaker-fee\n:::", {}),
        (":::scam-example Words that nobody draws\nSend money.\n:::", {"intro/0": "Send money."}),
        ("<!-- for editors -->\n\n---\n\n[x]: /y\n", {}),
        ("1. | a | b |\n   |---|---|\n   | c |  |", {"intro/0": "| a | b |", "intro/1": "| c |  |"}),
        ("a | b\n--|--\nc | d", {"intro/0": "a | b", "intro/1": "c | d"}),
        ("", {}),
    ],
)
def test_only_the_words_are_taken(body, expected):
    assert texts_of(body) == {"title": "A title", "summary": "A summary.", **expected}


@examples(80)
@given(ANY_BODIES, st.text(max_size=9), st.text(max_size=9))
def test_a_source_with_its_own_texts_is_itself(body, title, summary):
    texts = {segment.key: segment.text for segment in split(title, summary, body)}
    assert join(Text(title, summary, body), texts) == (title, summary, body)
    assert join(Text(title, summary, body), {}) == (title, summary, body)


@examples(80)
@given(BODIES)
def test_each_key_stands_once_and_names_its_part(body):
    segments = split("A title", "A summary.", body)
    assert len({segment.key for segment in segments}) == len(segments)
    assert {segment.part for segment in segments} <= {*markdown.owners(body)[0], "title"}
    assert all(segment.key.startswith(f"{segment.part}/") for segment in segments[2:])


@examples(80)
@given(BODIES)
def test_other_texts_change_nothing_but_themselves(body):
    """Marked texts are found again under their keys: no frame was lost on the way."""
    marked = {s.key: _marked(s) for s in split("A title", "A summary.", body)}
    made = join(Text("A title", "A summary.", body), marked)
    assert {s.key: s.text for s in split(*made)} == marked


def _marked(segment):
    """The same with another letter in it, where it stays what it is."""
    if segment.kind in (Kind.ROW, Kind.HTML, Kind.PICTURE):
        return segment.text.replace("a", "ä") if segment.kind == Kind.ROW else segment.text
    text = segment.text.replace("\n", " ") if segment.kind == Kind.HEADING else segment.text
    return f"{text}Z"


def together(pieces):
    head, *rest = pieces
    return head.title, head.text, "".join(piece.text for piece in rest)


@examples(80)
@given(ANY_BODIES, st.text(max_size=9), st.text(max_size=9))
def test_parts_put_together_are_the_document(body, title, summary):
    assert together(parts(title, summary, body)) == (title, summary, body)


@pytest.mark.parametrize("language", TWELVE)
def test_the_demo_content_survives(language):
    for name, text in demo(language):
        segments = split(text.title, text.summary, text.body)
        whole = (text.title, text.summary, text.body)
        assert join(text, {s.key: s.text for s in segments}) == whole, name
        assert together(parts(*whole)) == whole, name
        assert len({s.key for s in segments}) == len(segments) > 3, name


def test_the_demo_content_with_other_line_ends_has_the_same_segments():
    for name, text in list(demo("en"))[::4]:
        segments = split(text.title, text.summary, text.body)
        crlf = Text(text.title, text.summary, text.body.replace("\n", "\r\n"))
        assert split(*vars(crlf).values()) == segments, name
        assert join(crlf, {s.key: s.text for s in segments})[2] == crlf.body, name


@pytest.mark.parametrize("language", [code for code in TWELVE if code != "en"])
def test_the_demo_content_in_the_frame_of_its_source_is_the_translation(language):
    """Every block has its partner, and the English frame with the other words is that other document."""
    sources = dict(demo("en"))
    for name, text in list(demo(language))[::4]:
        mine = split(text.title, text.summary, text.body)
        pairs = align(split(*vars(sources[name]).values()), mine)
        assert len(pairs) == len(mine)
        made = join(sources[name], {segment.key: other.text for segment, other in pairs})
        assert [s.text for s in split(*made)] == [s.text for s in mine], name


def test_words_go_into_the_frame_of_the_source():
    body = "## Why {#why}\r\n\r\n> - One\r\n>   two\r\n\r\n| a | b |\r\n|---|---|\r\n"
    assert joined(body, section__ignored="x") == body
    texts = {"section:why/heading": "为什么", "section:why/0": "一\n二\n三", "section:why/1": "| 甲 |\n 乙 |"}
    assert put(body, texts) == "## 为什么 {#why}\r\n\r\n> - 一\r\n>   二\r\n>   三\r\n\r\n| 甲 | 乙 |\r\n|---|---|\r\n"


def test_blank_words_leave_those_of_the_source():
    assert (
        put("## Why {#why}\n\nText.\n", {"section:why/heading": " \n", "section:why/0": ""})
        == "## Why {#why}\n\nText.\n"
    )


def test_a_title_and_a_heading_stay_on_one_line():
    made = join(Text("One", "Two", "# Three"), {"title": "a\nb", "summary": " c ", "section:1/heading": "d\r\ne"})
    assert made == ("a b", "c", "# d e")


def test_code_is_kept_with_its_blanks():
    body = "- Text\n\n  ```\n\n  one\n  ```\n"
    assert texts_of(body)["intro/1"] == "\none"
    assert put(body, {"intro/1": "  two\n\nthree"}) == "- Text\n\n  ```\n    two\n\n  three\n  ```\n"


@pytest.mark.parametrize(
    ("kind", "text", "keeps"),
    [
        (Kind.PARAGRAPH, "Words\nand *more*", True),
        (Kind.PARAGRAPH, "Words\n\nand more", False),
        (Kind.PARAGRAPH, "- Words", False),
        (Kind.PARAGRAPH, "# Words", False),
        (Kind.PARAGRAPH, "1. Words", False),
        (Kind.PARAGRAPH, ":::note\nWords", False),
        (Kind.PARAGRAPH, "Words\n---", False),
        (Kind.PARAGRAPH, '![a](pictures/a.webp "b")', False),
        (Kind.PICTURE, '![a](pictures/a.webp "b")', True),
        (Kind.PICTURE, "Words", False),
        (Kind.ITEM, "[Words](#node-a)", True),
        (Kind.ITEM, "Words\n- more", False),
        (Kind.HEADING, "Words", True),
        (Kind.HEADING, "Words\nmore", False),
        (Kind.ROW, "| a | b |", True),
        (Kind.ROW, "| a |\n| b |", False),
        (Kind.CODE, "a\n\nb", True),
        (Kind.CODE, "a\n```\nb", False),
        (Kind.HTML, "<div>\nwords\n</div>", True),
        (Kind.PARAGRAPH, "", False),
    ],
)
def test_a_text_that_would_change_the_frame_is_known(kind, text, keeps):
    assert keeps_frame(kind, text) is keeps


def test_a_document_is_cut_where_its_parts_begin():
    cut = parts("A title", "A summary.", GUIDE)
    assert [(part.key, part.title, part.line) for part in cut] == [
        ("title", "A title", 0),
        ("intro", "", 1),
        ("section:before", "Before you begin", 3),
        ("step:open-page", "Open the page", 9),
        ("section:before", "Before you begin", 19),
    ]
    assert cut[2].text == "## Before you begin {#before}\n\n- Have the *phone*\n  at hand\n- Have the code\n\n"


def test_empty_lines_before_the_first_heading_are_no_introduction():
    assert [(part.key, part.line) for part in parts("t", "", "\n\n## A {#a}\n")[1:]] == [("section:a", 1)]


def test_blocks_are_aligned_where_a_part_has_the_same_kinds_in_both():
    english = split("Title", "", "## A {#a}\n\nOne\n\n- two\n\n## B {#b}\n\nThree\n\n## C {#c}\n\nFour")
    german = split("Titel", "Neu", "## Ah {#a}\n\nEins\n\n- zwei\n\n## Be {#b}\n\nDrei\n\nUnd mehr\n")
    assert [(one.text, other and other.text) for one, other in align(english, german)] == [
        *[("Title", "Titel"), ("A", "Ah"), ("One", "Eins"), ("two", "zwei")],
        *[("B", "Be"), ("Three", None), ("C", None), ("Four", None)],
    ]


def test_as_many_blocks_of_other_kinds_are_not_aligned():
    english, other = split("T", "", "One\n\n- two"), split("T", "", "- one\n\nTwo")
    assert [pair[1] and pair[1].key for pair in align(english, other)] == ["title", None, None]


@examples(50)
@given(BODIES)
def test_a_text_is_aligned_with_itself(body):
    own = split("A title", "A summary.", body)
    assert align(own, own) == [(segment, segment) for segment in own]
