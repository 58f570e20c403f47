"""The new words of a reply are told from history and signature in twelve languages, and none is ever lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tickets.channels.replies import (
    ADDRESS,
    ATTRIBUTIONS,
    BLOCKS,
    NEW,
    OLD,
    SENT_FROM,
    SEPARATORS,
    block,
    every,
    marked,
)
from tickets.channels.mail import phrases, quoting
from tickets.channels.mail.quoting import Line, Mark

quick = settings(max_examples=150, deadline=None, derandomize=True)


@pytest.mark.parametrize(("language", "attribution"), every(ATTRIBUTIONS))
def test_marked_history_below_the_new_words(language, attribution):
    found = quoting.of_text(f"{NEW[language]}\n\n{attribution}\n\n{marked(OLD)}\n")
    assert found.text == NEW[language]
    assert found.quoted.endswith(marked(OLD))
    assert not found.is_interleaved


@pytest.mark.parametrize(("language", "attribution"), every(ATTRIBUTIONS))
def test_an_attribution_without_a_blank_line_takes_nothing_of_the_words_above(language, attribution):
    assert quoting.of_text(f"{NEW[language]}\n{attribution}\n{marked(OLD)}").text == NEW[language]


@pytest.mark.parametrize(("language", "attribution"), every(ATTRIBUTIONS))
def test_new_words_below_marked_history(language, attribution):
    found = quoting.of_text(f"{attribution}\n\n{marked(OLD)}\n\n{NEW[language]}\n")
    assert found.text == NEW[language]
    assert found.is_interleaved


@pytest.mark.parametrize(("language", "attribution"), every(ATTRIBUTIONS))
def test_new_words_between_marked_history(language, attribution):
    first, second = NEW[language].split("\n\n")
    found = quoting.of_text(f"{attribution}\n> Which network?\n{first}\n> Anything else?\n\n{second}")
    assert found.text.split() == f"{first} {second}".split()
    assert found.is_interleaved


@pytest.mark.parametrize(
    ("language", "attribution"), [pair for pair in every(ATTRIBUTIONS) if ADDRESS in pair[1].replace("\n", "")]
)
def test_history_without_marks_below_an_attribution_with_an_address(language, attribution):
    found = quoting.of_text(f"{NEW[language]}\n\n{attribution}\n\n{OLD}")
    assert found.text == NEW[language]
    assert found.quoted.endswith(OLD)


@pytest.mark.parametrize("emphasis", ["", "*"])
@pytest.mark.parametrize(("language", "labels"), every(BLOCKS))
def test_history_below_a_block_of_fields(language, labels, emphasis):
    for rule in ("", "________________________________\n", "-----\n"):
        found = quoting.of_text(f"{NEW[language]}\n\n{rule}{block(labels, emphasis)}\n\n{OLD}")
        assert found.text == NEW[language]
        assert found.quoted.endswith(OLD)


@pytest.mark.parametrize(("language", "labels"), every(BLOCKS))
def test_full_width_colons_and_blank_lines_in_a_block_of_fields(language, labels):
    spaced = block(labels).replace(":", "：").replace("\n", "\n\n")
    assert quoting.of_text(f"{NEW[language]}\n\n{spaced}\n\n{OLD}").text == NEW[language]


@pytest.mark.parametrize("language", SEPARATORS)
def test_history_below_a_separator(language):
    for below in (OLD, f"{block(BLOCKS[language][0])}\n\n{OLD}"):
        found = quoting.of_text(f"{NEW[language]}\n\n{SEPARATORS[language]}\n{below}")
        assert found.text == NEW[language]
        assert found.quoted.endswith(OLD)


@pytest.mark.parametrize("language", SEPARATORS)
def test_new_words_below_a_separator_and_marked_history(language):
    above = f"{SEPARATORS[language]}\n{ATTRIBUTIONS[language][0]}\n\n{marked(OLD)}"
    assert quoting.of_text(f"{above}\n\n{NEW[language]}").text == NEW[language]


@pytest.mark.parametrize(("language", "line"), every(SENT_FROM))
def test_what_a_phone_writes_below_is_no_new_word(language, line):
    for below in ("", f"\n\n{ATTRIBUTIONS[language][0]}\n{marked(OLD)}", f"\n\n{block(BLOCKS[language][0])}\n\n{OLD}"):
        found = quoting.of_text(f"{NEW[language]}\n\n{line}{below}")
        assert found.text == NEW[language]
        assert line in found.quoted


@pytest.mark.parametrize("language", NEW)
def test_a_signature_is_no_new_word(language):
    for dashes in ("-- ", "--"):
        found = quoting.of_text(f"{NEW[language]}\n{dashes}\nAnn Trader\n+49 30 1234567\n")
        assert found.text == NEW[language]
        assert found.quoted == f"{dashes.rstrip()}\nAnn Trader\n+49 30 1234567"


@pytest.mark.parametrize("language", NEW)
def test_whole_messages_stay_whole(language):
    """Without words above it, history without marks may be what the person hands on, or stand above the answer."""
    for introduction in (block(BLOCKS[language][0]), SEPARATORS[language], f"{ATTRIBUTIONS[language][0]}\n"):
        text = f"{introduction}\n{OLD}\n\n{NEW[language]}"
        found = quoting.of_text(text)
        assert found.text == text
        assert found.quoted == ""


KEPT = (
    "From: my wallet\nTo: your deposit address\nDate: 3 May 2026\nAmount: 100 USDT",
    "I sent it on 3 May 2026 at 15:00:\nTXID 0x1234",
    "The steps were:\n- open the app\n- send 5 > 3 coins\n-- then wait",
    "First part\n--\nTXID: 5f3c1e9a7b2d4f6081a2c3d4e5f60718293a4b5c\nAmount: 5",
    "My wallet wrote: failed\nWhat now?",
    "Error:\n-----\nOrder rejected\n-----\nWhat does this mean?",
    "I sent from my Ledger to the address you gave me.",
    "Sent from my Ledger on 3 May.\nWhere is it?",
    "On Monday your agent wrote:\nwe will refund you\nbut nobody did.",
    "收件人：我\n金额：100 USDT\n问题如下：没有到账",
    "Тема: депозит\nСумма: 100 USDT",
    "On 3 May 2026 at 15:00 I wrote\nto you about it.",
    "From: my wallet\nDate: 3 May\nTo: yours\nThe rest was fine.",
    "I sent it on 3.5.2026 to the address that you wrote to ann@mail.example:\n5f3c1e9a",
    "1. yes\n2. no\n3. TRC20",
    "a -- b",
)


@pytest.mark.parametrize("text", KEPT)
def test_what_only_looks_like_history_is_shown(text):
    found = quoting.of_text(text)
    assert found.text == text
    assert found.quoted == ""


OTHERS = (
    (" ---- On Sun, 03 May 2026 15:00:00 +0200 N <s@support.example> wrote ---- ", OLD),
    ('On Sun, 3 May 2026 15:00:00 +0000 "N" <s@support.example> wrote', marked(OLD)),
    ("---- 回复的原邮件 ----\n| 发件人 | N<s@support.example> |\n| 收件人 | ann |\n| 主题 | Re |", OLD),
    ("-----------------\n发件人：N\n发送时间：2026年5月3日\n收件人：ann\n主　题：Re", OLD),
    ("-------- Message d'origine --------De : N <s@support.example> Date : 03/05/2026", OLD),
    ("От: N <s@support.example>\nОтправлено: 3 мая\nКому: Анна", OLD),
)


@pytest.mark.parametrize(("introduction", "old"), OTHERS)
def test_introductions_of_single_programs(introduction, old):
    found = quoting.of_text(f"New words\n\n{introduction}\n{old}")
    assert found.text == "New words"
    assert found.quoted.endswith(old)


def test_who_says_that_the_answers_stand_inside_is_believed():
    text = f"Hello, my answers are in red below.\n\n{block(BLOCKS['en'][0])}\n\nWhich network? TRC20"
    assert quoting.of_text(text).text == text


def test_a_long_signature_may_be_more_than_that():
    text = "Hello\n--\n" + "\n".join(f"line {number}" for number in range(20))
    assert quoting.of_text(text).text == text


@pytest.mark.parametrize(
    "line", ["Begin forwarded message:", "Début du message transféré :", "----- Forwarded Message -----"]
)
def test_who_hands_on_a_message_without_a_word_wants_it_to_be_read(line):
    text = f"{line}\n\n{marked(block(BLOCKS['en'][0]))}\n>\n{marked(OLD)}"
    assert quoting.of_text(text).text == text
    assert quoting.of_text(f"Please look\n\n{text}").text == "Please look"
    lines = [Line(line, Mark.QUOTE), Line("Old", Mark.QUOTE)]
    assert quoting.split(lines).text == f"{line}\nOld"


def test_a_reply_without_new_words_has_none():
    found = quoting.of_text(f"{ATTRIBUTIONS['en'][0]}\n{marked(OLD)}")
    assert found.text == ""
    assert found.quoted


def test_quotes_of_quotes_are_history_with_their_introductions():
    inner = marked(f"Hello\n\n{ATTRIBUTIONS['en'][1]}\n{marked(OLD)}")
    assert quoting.of_text(f"New\n\n{ATTRIBUTIONS['en'][1]}\n{inner}").text == "New"


def test_an_indented_block_is_a_quote_below_an_attribution_only():
    attribution = Line("On 3 May 2026 at 15:00, Northgate Support wrote:")
    indented = Line("Which network?", Mark.BLOCK)
    assert quoting.split([Line("TRC20"), attribution, indented]).text == "TRC20"
    assert quoting.split([Line("My list:"), indented]).text == "My list:\nWhich network?"


def test_initials_before_the_mark_quote_below_an_attribution_only():
    old = "RT> Which network?\nRT>\n\nRT> Rui"
    assert quoting.of_text(f"TRC20\n\nOn 3 May 2026 at 15:00, you wrote:\n\n{old}\n\nThanks").text == "TRC20\n\nThanks"
    assert quoting.of_text("My list:\nBTC> 60,000").text == "My list:\nBTC> 60,000"


def test_what_a_program_marks_as_history_is_history_below_new_words_only():
    mark = Line("", Mark.HISTORY)
    assert quoting.split([Line("New"), mark, Line("Old")]) == quoting.Split("New", "Old")
    assert quoting.split([mark, Line("Old")]).text == "Old"


pieces = st.sampled_from(
    [
        *NEW.values(),
        *SEPARATORS.values(),
        *(text for texts in ATTRIBUTIONS.values() for text in texts),
        *(text for texts in SENT_FROM.values() for text in texts),
        *(block(labels) for tables in BLOCKS.values() for labels in tables),
        marked(OLD),
        OLD,
        "-- ",
        "--",
        "",
        ">",
        "________________________________",
    ]
)
lines = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=40)


@quick
@given(st.lists(pieces | lines, max_size=12))
def test_every_word_is_in_one_of_the_two(parts):
    text = "\n".join(parts)
    found = quoting.of_text(text)
    assert sorted(f"{found.text}\n{found.quoted}".split()) == sorted(text.split())


def test_the_labels_of_fields_are_unambiguous():
    names = [name for names in phrases._ROLES.values() for name in names.split("|")]
    assert sorted(names) == sorted(set(names))


def test_history_that_goes_on_in_the_line_that_introduces_it_is_folded():
    introduced = "El vie., nov. 20, 2026 a la(s) 11:05, Ann<ann@example.com> escribió:"
    found = quoting.of_text(f"Gracias.\n\n  {introduced}   Buenos días,\nle respondemos.")
    assert found.text == "Gracias."
    assert found.quoted.split() == f"{introduced} Buenos días, le respondemos.".split()


@pytest.mark.parametrize(
    "line",
    [
        "On 20 Nov 2026 I asked Ann <ann@example.com> and she said: wait",  # no program's verb behind the address
        "I saw that Ann <ann@example.com> wrote: do not send it",  # nobody says when
    ],
)
def test_who_quotes_by_hand_within_a_line_is_read_whole(line):
    assert quoting.of_text(f"Hello\n{line}").text == f"Hello\n{line}"


def test_a_line_of_the_persons_own_may_begin_as_a_quote_does():
    assert quoting.split([Line("> 100 EUR, not 90.", Mark.OWN), Line("> old")]).text == "> 100 EUR, not 90."
