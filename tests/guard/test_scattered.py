"""A seed phrase that other words part is removed, word by word; words of a list that are no phrase stay."""

import random

import pytest

from tests.guard.made import CHINESE, ENTROPIES, cleaned, phrase, seeded_phrases

ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()  # noqa: SIM905
HALVES = [
    "first half: {0}\nmy wife has the rest, she just sent it: {1}\nthanks",
    "{0} (I turn the card over now) {1}",
    "前半：{0}。\n（翻面）\n後半：{1}。",
    "la première partie {0} et puis, sur l'autre feuille, {1}",
    "первая половина {0}, а остальное у брата: {1}",
    "ilk yarısı {0}\nkalanı da şu: {1}",
    "前半は {0} です。残りは {1} です。",
    "앞 절반 {0} 이고 나머지는 {1} 입니다",
    "القسم الأول {0}\nآسف انقطع النت\nالقسم الثاني {1}",
]


def left(text: str, words: list[str]) -> list[str]:
    text = text.replace("[seed phrase removed]", "").replace("\n", " ")
    return [word for word in words if f" {word} " in f" {text} "]


@pytest.mark.parametrize("text", HALVES)
@pytest.mark.parametrize("language", ["english", "spanish", "czech"])
def test_the_halves_of_a_phrase_are_removed(text, language):
    for words in seeded_phrases(language, 4, 24):
        written = cleaned(text.format(" ".join(words[:12]), " ".join(words[12:])))
        assert written.count("[seed phrase removed]") == 2
        assert left(written, words) == []


def test_the_prose_between_two_halves_stays():
    words = phrase("english", random.Random(31).randbytes(32))
    text = f"{' '.join(words[:12])}. The rest is in a drawer: {' '.join(words[12:])}"
    assert cleaned(text) == "[seed phrase removed]. The rest is in a drawer: [seed phrase removed]"


FORMS = {
    "ordinals": lambda words: ", ".join(f"{n} one is {w}" for n, w in zip(ORDINALS, words, strict=True)),
    "the same words between": " and after that ".join,
    "comments behind": lambda words: "\n".join(f"{n}. {w} (read {n + 3} times)" for n, w in enumerate(words, 1)),
    "quotation marks": lambda words: " zzz ".join(f'"{w}" qq{"q" * n}' for n, w in enumerate(words)),
    "capitals": lambda words: " ".join(f"{w.upper()} qq{'q' * n}" for n, w in enumerate(words)),
    "the last word of lines": lambda words: "\n".join(f"row {'q' * (n + 2)} - {w}" for n, w in enumerate(words)),
    "numbers behind": lambda words: " ".join(f"{w} ({n}) qq{'q' * n}" for n, w in enumerate(words, 1)),
    "two columns": lambda words: "\n".join(f"{n}. {words[n - 1]}   {n + 6}. {words[n + 5]}" for n in range(1, 7)),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_phrase_in_an_order_that_prose_has_not_is_removed(form):
    for words in seeded_phrases("english", 5, 12):
        text = f"Hello!\n{FORMS[form](words)}\nBye"
        assert left(cleaned(text).lower().replace(",", ""), words) == []


@pytest.mark.parametrize("form", FORMS)
def test_the_same_words_in_another_order_stay(form):
    """One order in sixteen passes by chance, so most must stay."""
    dice = random.Random(5)
    kept = 0
    for words in seeded_phrases("english", 10, 12):
        dice.shuffle(words)
        text = f"Hello!\n{FORMS[form](words)}\nBye"
        kept += cleaned(text) == text
    assert kept >= 4


def test_half_of_a_phrase_is_removed_where_a_phrase_is_named_before_it():
    half = " ".join(phrase("english", random.Random(37).randbytes(32))[:12])
    assert half in cleaned(f"words for my daughter: {half}")
    assert half not in cleaned(f"part two of the seed phrase, which my brother kept for years: {half}")


def test_the_name_may_be_a_word_of_the_list_itself():
    half = ", ".join(phrase("spanish", random.Random(41).randbytes(32))[:12])
    assert half not in cleaned(f"Semilla, cara A: {half}\nPerdón por el desorden.")


@pytest.mark.parametrize("entropy", ENTROPIES)
@pytest.mark.parametrize("language", CHINESE)
def test_a_chinese_phrase_without_blanks_is_removed_a_little_behind_its_name(language, entropy):
    words = "".join(phrase(language, random.Random(43).randbytes(entropy)))
    named = "助记词" if language == "chinese_simplified" else "助記詞"
    kept = cleaned(f"{named}（{len(words)}個，中間沒空格）：{words}。我核对过了。")
    assert words not in kept
    assert kept.endswith("。我核对过了。")
    assert words in cleaned(f"下面是一段文字：{words}。")


@pytest.mark.parametrize("count", range(12, 60))
def test_the_same_word_in_each_line_is_no_phrase(count):
    text = "\n\n".join(f"### Part {number}\n\nText {number} about margin." for number in range(count))
    assert cleaned(text) == text


def test_a_word_of_the_list_that_begins_the_next_paragraph_stays():
    words = " ".join(phrase("english", random.Random(47).randbytes(16)))
    assert cleaned(f"My twelve words: {words}\n\nEnd of the table.").endswith("End of the table.")
