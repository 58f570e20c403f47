"""What a text says in the words of the table of thoughts: the same keys in every language, where they stand, and pairs
of one sentence."""

import gc
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tickets.meanings import MOST_PAIRED, MOST_REMEMBERED, TOKEN, Meanings, meanings, said, tables
from tickets.phrases import fold


def found_in(text, own=None):
    folded = fold(text)
    found = (own or meanings()).found_in(folded, list(TOKEN.finditer(folded)))
    return {one.key: folded[one.start : one.end] for one in found}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("My withdrawals never arrived", "withdrawals"),
        ("提币一直没到账", "提币"),
        ("提幣一直沒到賬", "提币"),
        ("出金が反映されません", "出金"),
        ("출금이 안 들어왔어요", "출금"),
        ("вывод так и не дошёл", "вывод"),
        ("mi retiro no llega", "mi retiro"),
        ("mon retrait n'est pas arrivé", "mon retrait"),
        ("meu saque não chegou", "meu saque"),
        ("çekim hâlâ gelmedi", "cekim"),
        ("lệnh rút chưa về", "lenh rut"),
        ("السحب لم يصل", "السحب"),
    ],
)
def test_the_same_thought_has_one_key_in_all_languages(text, words):
    assert found_in(text)["withdrawal"] == words


def test_an_entry_is_a_row_of_words_with_gaps_and_choices():
    own = Meanings([("gone", "en", ["(coins|funds) .. gone", "wiped="])])
    assert found_in("all my Funds are suddenly gone!", own) == {"gone": "funds are suddenly gone"}
    assert found_in("coins, one two three four gone", own) == {}
    assert found_in("wipedout", own) == {}


def test_short_english_words_have_few_endings_and_long_ones_any():
    own = Meanings([("code", "en", ["code"]), ("deposit", "en", ["deposit"])])
    assert found_in("codes of depositors", own) == {"code": "codes", "deposit": "depositors"}
    assert found_in("codeine", own) == {}


def test_what_is_contracted_is_found_either_way():
    for text in ("I can't withdraw", "I cant withdraw"):
        assert "fails" in found_in(text)


def test_choices_in_pieces_of_text_are_written_out():
    own = Meanings([("late", "ja", ["届いて(い)?な"]), ("late", "zh", ["过了.{0,6}小时", "充[uU]", "不(?!错)"])])
    for text in ("まだ届いてない", "届いていない", "过了好几个小时", "充U"):
        assert found_in(text, own)
    assert found_in("过了一二三四五六七小时", own) == {}
    assert found_in("不行", own) == {}  # what looks around itself is left out


def test_nearly_every_entry_of_the_product_is_kept():
    """An entry is found in itself, but for the few that look around themselves or are written for other signs."""
    lost = total = 0
    for key, table in tables().items():
        for code, written in table.items():
            if code in ("kind", "usual"):
                continue
            for entry in written.split(";"):
                if not set(entry) & set("()[]|=?$.") and entry.strip():
                    total += 1
                    lost += key not in found_in(entry)
    assert total > 15_000
    assert lost / total < 0.005


def test_the_index_is_small():
    """In bytes; every process of the web server has one."""
    meanings.cache_clear()
    tracemalloc.start()
    try:
        meanings()
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 3_000_000


def test_words_that_are_remembered_are_few():
    own = Meanings([("deposit", "en", ["deposit"])])
    folded = " ".join(f"word{number}" for number in range(MOST_REMEMBERED + 10)) + " deposits " + "x" * 500
    found = own.found_in(folded, list(TOKEN.finditer(folded)))
    assert [one.key for one in found] == ["deposit"]
    assert len(own._remembered) <= MOST_REMEMBERED
    assert max(map(len, own._remembered)) < 50


def test_pairs_are_made_within_a_sentence():
    folded = fold("My withdrawal never arrived. What is the fee?")
    pieces = {piece for piece, _ in said(meanings().found_in(folded, list(TOKEN.finditer(folded))), folded)}
    assert {"\0withdrawal", "\0fee", "\0missing\0withdrawal"} <= pieces
    assert not {"\0fee\0withdrawal", "\0fee\0missing"} & pieces


def test_pairs_of_a_long_sentence_are_few():
    own = Meanings((f"t{number}", "en", [f"word{number}="]) for number in range(60))
    folded = " ".join(f"word{number}" for number in range(60))
    pieces = said(own.found_in(folded, list(TOKEN.finditer(folded))), folded)
    assert len(pieces) == 60 + MOST_PAIRED * (MOST_PAIRED - 1) // 2


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read(text):
    folded = fold(text)
    for one in meanings().found_in(folded, list(TOKEN.finditer(folded))):
        assert 0 <= one.start < one.end <= len(folded)
