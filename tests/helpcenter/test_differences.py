"""What has changed between two texts, as people are shown it: words, lines, and the drawn page."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.content import markdown, matching
from helpcenter.content.differences import Kind, Line, Run, lines, tokens, words
from helpcenter.content.rendered_differences import rendered
from helpcenter.content.sanitising import clean_html
from helpcenter.content.text import plain
from tests.helpcenter.dom import TWELVE
from tests.helpcenter.samples import examples

PIECES = st.sampled_from(
    [
        *"ab1 \n.*`[](){}强平清算あ",
        "{fact:a.b}",
        "**",
        "](x.md)",
        "سعر",
        "é",
        "e\u0301",
        "ừ",
        "청산 ",
        "\r\n",
        "10,000.5",
    ]
)
TEXTS = st.lists(PIECES, max_size=25).map("".join)  # fmt: skip


def shown(before, after):
    """`-removed-` and `+added+`."""
    marks = {Kind.SAME: "", Kind.REMOVED: "-", Kind.ADDED: "+"}
    return "".join(f"{marks[run.kind]}{run.text}{marks[run.kind]}" for run in words(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Pay the fee.", "Pay the fee.", "Pay the fee."),
        ("Pay the fee.", "Pay no fee.", "Pay -the-+no+ fee."),
        ("the quick brown fox", "a slow red dog", "-the quick brown fox-+a slow red dog+"),
        ("当保证金率达到100%时", "当保证金率低于100%时", "当保证金率-达到-+低于+100%时"),
        ("清算は自動です", "清算は手動です", "清算は-自-+手+動です"),
        ("강제 청산이 시작", "강제 청산은 시작", "강제 -청산이-+청산은+ 시작"),
        ("Сервис закрыт", "Сервис открыт", "Сервис -закрыт-+открыт+"),
        ("سعر التصفية الجديد", "سعر التصفية القديم", "سعر التصفية -الجديد-+القديم+"),
        ("السِّعرُ", "السِّعرَ", "-السِّعرُ-+السِّعرَ+"),
        ("You don't", "You can't", "You -don't-+can't+"),
        ("at 10:00, 0.05%", "at 10:30, 0.06%", "at -10:00, 0.05-+10:30, 0.06+%"),
        ("1 000,5 and 1\u00a0000", "1 000,6 and 1\u00a0001", "1 -000,5-+000,6+ and -1\u00a0000-+1\u00a0001+"),
        ("[Fees](fees.md)", "[Fees](fees.md#maker)", "[Fees-](fees.md)-+](fees.md#maker)+"),
        ("{fact:a.maker-fee}", "{fact:a.taker-fee}", "-{fact:a.maker-fee}-+{fact:a.taker-fee}+"),
        ("`BTC-USDT`", "`BTC-USD`", "-`BTC-USDT`-+`BTC-USD`+"),
        ("very **bold**", "very *bold*", "very -**-+*+bold-**-+*+"),
        ("One\nTwo\nThree", "One\nThree", "One\n-Two\n-Three"),
        ("", "New", "+New+"),
        ("Old", "", "-Old-"),
        ("", "", ""),
    ],
)
def test_words_that_changed_are_marked(before, after, expected):
    assert shown(before, after) == expected


@examples(200)
@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_out_of_their_difference(before, after):
    runs = words(before, after)
    assert "".join(run.text for run in runs if run.kind != Kind.ADDED) == before
    assert "".join(run.text for run in runs if run.kind != Kind.REMOVED) == after
    assert all(one.kind != next_.kind for one, next_ in zip(runs, runs[1:], strict=False))
    assert all(run.text for run in runs)
    assert (before == after) == all(run.kind == Kind.SAME for run in runs)


@given(st.text(max_size=60))
def test_no_character_is_lost_between_tokens(text):
    assert "".join(tokens(text)) == text


def pairs(found):
    return [(step.b1, step.b2, step.a1, step.a2) for step in found if step.is_same]


@examples(100)
@given(st.lists(st.integers(0, 6), max_size=12), st.lists(st.integers(0, 6), max_size=12), st.sampled_from([0, 4]))
def test_steps_lead_from_one_sequence_to_the_other(before, after, largest):
    """Also where they are too long to be compared whole."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "LARGEST", largest)
        found = matching.steps(before, after)
    assert all(before[b1:b2] == after[a1:a2] for b1, b2, a1, a2 in pairs(found))
    assert [n for step in found for n in range(step.b1, step.b2)] == list(range(len(before)))
    assert [n for step in found for n in range(step.a1, step.a2)] == list(range(len(after)))
    assert all(one.is_same != other.is_same for one, other in zip(found, found[1:], strict=False))


def test_long_sequences_are_matched_between_what_stands_once_in_both(monkeypatch):
    monkeypatch.setattr(matching, "LARGEST", 9)
    found = matching.steps(["x", 1, 1, "once", 2, 2, "twice", "y"], ["z", 1, 1, "once", 3, 2, "twice", "w"])
    assert pairs(found) == [(1, 4, 1, 4), (5, 7, 5, 7)]


def test_a_long_document_with_a_few_changes_has_a_few_runs():
    """400,000 characters, and every word of them again and again."""
    before = [f"Line {n % 700} of a long document with words of its own." for n in range(8_000)]
    after = [line.replace("words", "some words") if n % 2_000 == 3 else line for n, line in enumerate(before)]
    found = words("\n".join(before), "\n".join(after))
    assert [run.text for run in found if run.kind != Kind.SAME] == ["some "] * 4


@pytest.mark.parametrize(
    ("before", "after"),
    [("a" * 200_000, "b" * 200_000), ("强" * 200_000, "平强" * 100_000), ("x\n" * 20_000, "y\n" * 19_000)],
)
def test_texts_that_have_nothing_in_common_are_compared_too(before, after):
    assert "".join(run.text for run in words(before, after) if run.kind != Kind.REMOVED) == after
    assert len(lines(before, after)) >= 2


def numbers(found):
    return [(line.kind.value, line.before_number, line.after_number) for line in found]


def test_lines_have_their_numbers_and_the_words_that_changed_in_them():
    assert lines("Same\nPay the fee.\nGone", "New\nSame\nPay no fee.") == [
        Line(Kind.ADDED, None, 1, (Run(Kind.ADDED, "New"),)),
        Line(Kind.SAME, 1, 2, (Run(Kind.SAME, "Same"),)),
        Line(Kind.REMOVED, 2, None, (Run(Kind.SAME, "Pay "), Run(Kind.REMOVED, "the"), Run(Kind.SAME, " fee."))),
        Line(Kind.REMOVED, 3, None, (Run(Kind.REMOVED, "Gone"),)),
        Line(Kind.ADDED, None, 3, (Run(Kind.SAME, "Pay "), Run(Kind.ADDED, "no"), Run(Kind.SAME, " fee."))),
    ]


def test_a_line_finds_its_other_version_behind_new_lines():
    found = lines("The fee is 5 USDT.", "Read this first.\n\nThe fee is 6 USDT.")
    assert [run.text for run in found[-1].runs if run.kind == Kind.ADDED] == ["6"]


def test_lines_far_from_a_change_are_folded():
    before = [str(n) for n in range(1, 21)]
    after = [*before[:9], "ten", *before[10:]]
    assert numbers(lines("\n".join(before), "\n".join(after), context=2)) == [
        *[("folded", 1, 1), ("same", 8, 8), ("same", 9, 9), ("removed", 10, None), ("added", None, 10)],
        *[("same", 11, 11), ("same", 12, 12), ("folded", 13, 13)],
    ]
    assert [line.hidden for line in lines("\n".join(before), "\n".join(after), context=2) if line.hidden] == [7, 8]


def test_a_single_line_is_not_folded():
    assert [line.kind for line in lines("1\n2\n3", "1\n2\nthree", context=1)][:2] == [Kind.SAME, Kind.SAME]


def test_all_lines_may_be_asked_for_and_other_line_ends_are_no_change():
    assert numbers(lines("1\r\n2\r\n", "1\n2\n", context=None)) == [("same", 1, 1), ("same", 2, 2)]
    assert lines("", "") == []


@examples(150)
@given(TEXTS, TEXTS, st.sampled_from([None, 0, 1]))
def test_every_line_of_both_texts_is_told(before, after, context):
    found = lines(before, after, context)
    for text, number, left_out in ((before, "before_number", Kind.ADDED), (after, "after_number", Kind.REMOVED)):
        own = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n") if text else []
        told = {getattr(line, number): line for line in found if getattr(line, number)}
        for n, line in told.items():
            if line.kind != Kind.FOLDED:
                assert "".join(run.text for run in line.runs if run.kind != left_out) == own[n - 1]
        assert sum(line.hidden or 1 for line in told.values()) == len(own)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("<p>Same</p>", "<p>Same</p>", "<p>Same</p>"),
        ("<p>Pay the fee</p>", "<p>Pay no fee</p>", "<p>Pay <del>the</del><ins>no</ins> fee</p>"),
        ("<p>当保证金率达到时</p>", "<p>当保证金率低于时</p>", "<p>当保证金率<del>达到</del><ins>低于</ins>时</p>"),
        ("", "<p>New &amp; <b>bold</b></p>", "<p><ins>New &amp; </ins><b><ins>bold</ins></b></p>"),
        ('<h2 id="a">Gone</h2><p>One</p>', "<p>One</p>", "<h2><del>Gone</del></h2><p>One</p>"),
        ("<ul><li>a</li><li>Gone</li></ul>", "<ul><li>a</li></ul>", "<ul><li>a</li><li><del>Gone</del></li></ul>"),
        (
            '<p>See <a href="/_/articles/a/">the fees</a> now</p>',
            '<p>See <a href="/_/articles/b/">the fees</a> now</p>',
            '<p>See <del>the fees</del><a href="/_/articles/b/"><ins>the fees</ins></a> now</p>',
        ),
        ("<p>very much so</p>", "<p>very <b>much</b> so</p>", "<p>very <del>much</del><b><ins>much</ins></b> so</p>"),
        (
            "<table><tbody><tr><td>a</td><td>1</td></tr></tbody></table>",
            "<table><tbody><tr><td>a</td><td>2</td></tr></tbody></table>",
            "<table><tbody><tr><td>a</td><td><del>1</del><ins>2</ins></td></tr></tbody></table>",
        ),
        (
            "<ul>\n<li>Open the page\n<ul>\n<li>inner</li>\n</ul>\n</li>\n</ul>",
            "<ul>\n<li>Open this page\n<ul>\n<li>inner</li>\n</ul>\n</li>\n</ul>",
            "<ul>\n<li>Open <del>the</del><ins>this</ins> page\n<ul>\n<li>inner</li>\n</ul>\n</li>\n</ul>",
        ),
        (
            "<p>Costs all of you <data class=\"fact\" data-fact=\"a.b\"></data> now.</p>",
            "<p>Costs all of you <data class=\"fact\" data-fact=\"a.c\"></data> now.</p>",
            '<p>Costs all of you <del><data class="fact" data-fact="a.b"></data></del>'
            '<ins><data class="fact" data-fact="a.c"></data></ins> now.</p>',
        ),
        ("<p>Stop here now</p>", "<p>Stop <b>here</b></p>", "<p>Stop <del>here now</del><b><ins>here</ins></b></p>"),
        ("", "<p>New</p>", "<p><ins>New</ins></p>"),
        ("<p>Old</p>", "", "<p><del>Old</del></p>"),
        ("<hr>", "<p>a</p><hr>", "<p><ins>a</ins></p><hr>"),
    ],
)  # fmt: skip
def test_a_drawn_document_shows_its_changes(before, after, expected):
    assert rendered(before, after) == expected


def drawn(text):
    return markdown.render(text, language="en").html


def left_after(markup, gone):
    """A drawn difference without one of its marks: what the other version says."""
    without = re.sub(rf"<{gone}>.*?</{gone}>", "", markup, flags=re.DOTALL)
    return re.sub(r"\s", "", plain(without))


@pytest.mark.parametrize("language", TWELVE)
def test_changes_of_the_demo_content_are_drawn(language):
    for path in sorted((Path(settings.BASE_DIR) / "fixtures" / "help" / language).glob("*.md"))[::9]:
        text = path.read_text().split("---\n", 2)[2]
        lines_of_text = text.split("\n")
        edited = "\n".join([*lines_of_text[:6], "", "A paragraph of its own.", "", *lines_of_text[9:]]).replace(
            "10", "20"
        )
        found = rendered(drawn(text), drawn(edited))
        assert left_after(found, "del") == re.sub(r"\s", "", plain(drawn(edited))), path
        assert found.count("<ins>") == found.count("</ins>") > 0
        assert clean_html(found) == found


TAGS = ["p", "b", "ul", "li", "table", "tr", "td", "del", "ins", "blockquote", "h2"]
HOSTILE = ["<script>x</script>", "<img src=x onerror=alert(1)>", "<svg>", "<a href='javascript:x'>", "<!--"]
MARKUP = st.sampled_from(
    [
        *HOSTILE,
        *(f"<{tag}>" for tag in TAGS),
        *(f"</{tag}>" for tag in TAGS),
        "<br>",
        "<hr>",
        "a ",
        "b",
        "强",
        "&lt;",
        "\n",
    ]
)


@examples(150)
@given(st.lists(MARKUP, max_size=14).map("".join), st.lists(MARKUP, max_size=14).map("".join))
def test_whatever_is_compared_the_result_is_safe(before, after):
    found = rendered(before, after)
    assert clean_html(found) == found
    assert not re.search(r"<(?:script|svg)|onerror|javascript:", found)


def test_tags_that_are_nested_without_end_keep_their_words():
    deep = "<b>" * 3_000 + "words"
    assert plain(rendered(deep, deep + " more")) == "words more"
    assert plain(rendered("<blockquote>" * 500 + "old", "<blockquote>" * 500 + "new")).split() == ["old", "new"]


def test_a_long_document_is_compared_block_by_block():
    before = "".join(f"<p>Paragraph {n} of a long document.</p>" for n in range(5_000))
    assert rendered(before, before.replace(" 77 ", " 78 ")).count("<ins>") == 1
