"""A seed phrase of any list is taken out however its words are written and parted; other words stay."""

import json
import random
import unicodedata
from functools import cache

import pytest
from hypothesis import given
from mnemonic import Mnemonic

from tests.guard.made import CHINESE, LISTS, cleaned, is_covered, numbered, phrase, phrases, quick, seeded_phrases


@quick
@given(phrases)
def test_a_random_phrase_of_any_list_and_length_is_removed_as_one(words):
    assert cleaned(f"--> {' '.join(words)} <--") == "--> [seed phrase removed] <--"


WRITTEN = {
    "commas": ", ".join,
    "commas without blanks": ",".join,
    "full-width commas": "，".join,
    "ideographic commas": "、".join,
    "lines": "\n".join,
    "lines of Windows": "\r\n".join,
    "double spaces": "  ".join,
    "tabs": "\t".join,
    "ideographic blanks": "\u3000".join,
    "no-break blanks": "\u00a0".join,
    "numbers on lines": numbered("{}. {}\n"),
    "numbers in a row": numbered("{}. {} "),
    "numbers and brackets": numbered("{}) {}\n"),
}
WRITTEN_IN_ALPHABETS = {
    "empty lines": "\n\n".join,
    "semicolons": "; ".join,
    "hyphens": "-".join,
    "bullets": lambda words: "\n".join(f"- {word}" for word in words),
    "round bullets": lambda words: "\n".join(f"• {word}" for word in words),
    "bare numbers": numbered("{} {} "),
    "numbers and colons": numbered("{}: {}\n"),
    "numbers after hash signs": numbered("#{} {}\n"),
    "numbers in brackets": numbered("({}) {} "),
    "JSON": lambda words: json.dumps(words, ensure_ascii=False),
    "Python": str,
}


@pytest.mark.parametrize("language", LISTS)
@pytest.mark.parametrize("form", WRITTEN)
def test_a_phrase_is_found_however_its_words_are_parted(form, language):
    for words in seeded_phrases(language, 5):
        text = WRITTEN[form](words)
        assert cleaned(f"=> {text}.") in {
            "=> [seed phrase removed].",
            "=> 1. [seed phrase removed].",
            "=> 1) [seed phrase removed].",
        }


@pytest.mark.parametrize("language", [language for language in LISTS if language not in CHINESE])
@pytest.mark.parametrize("form", WRITTEN_IN_ALPHABETS)
def test_a_phrase_in_an_alphabet_is_found_in_lists_of_all_kinds(form, language):
    for words in seeded_phrases(language, 5):
        left = cleaned(f"=> {WRITTEN_IN_ALPHABETS[form](words)} <=")
        before, found, after = left.partition("[seed phrase removed]")
        assert found
        assert [word for word in words if word in before + after] == []


def full_width(text: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character for character in text)


DISGUISES = {
    "upper case": str.upper,
    "title case": str.title,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "compatibility decomposed": lambda text: unicodedata.normalize("NFKD", text),
    "full-width": full_width,
    "zero-width blanks between the letters": "\u200b".join,
    "joiners between the letters": "\u200d".join,
    "word joiners between the letters": "\u2060".join,
    "soft hyphens between the letters": "\u00ad".join,
    "byte order marks": lambda text: text.replace(" ", " \ufeff"),
    "right-to-left marks": lambda text: f"\u202e{text}\u202c".replace(" ", " \u200f"),
}


@pytest.mark.parametrize("language", LISTS)
@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_phrase_is_found_in_every_form_of_its_letters(disguise, language):
    for words in seeded_phrases(language, 5):
        text = DISGUISES[disguise](unicodedata.normalize("NFC", " ".join(words)))
        assert is_covered(f"=> {text} <=", text)


@pytest.mark.parametrize("language", ["spanish", "french"])
def test_a_phrase_is_found_without_its_accents(language):
    """Both lists are made so that accents may be left out (bip-0039-wordlists.md)."""
    for words in seeded_phrases(language, 10):
        text = "".join(c for c in unicodedata.normalize("NFD", " ".join(words)) if not unicodedata.combining(c))
        assert is_covered(text, text)


@pytest.mark.parametrize("upper", [str.upper, lambda text: text.replace("i", "İ").upper()])
def test_a_phrase_in_turkish_is_found_in_capitals_with_and_without_dots(upper):
    for words in seeded_phrases("turkish", 10):
        text = upper(" ".join(words))
        assert is_covered(text, text)


def test_an_accent_that_something_invisible_parts_from_its_letter_still_belongs_to_it():
    for words in seeded_phrases("japanese", 5):
        text = "\u200b".join(unicodedata.normalize("NFD", " ".join(words)))
        assert is_covered(text, text)


@pytest.mark.parametrize("entity", ["&nbsp;", "&#160;", "&#xA0;", "&#10;", "&ensp;"])
def test_entities_of_all_kinds_part_words(entity):
    words = seeded_phrases("english", 1)[0]
    assert is_covered(entity.join(words), entity.join(words))


def test_a_phrase_is_found_where_a_web_page_wrote_the_blanks_as_entities():
    words = "&nbsp;".join(seeded_phrases("english", 1)[0])
    assert is_covered(f"=> {words}", words)


PROSE = {
    "en": ("My wallet cannot be opened: ", ". Could you look into this today?"),
    "zh-hans": ("我的钱包打不开了，助记词是：", "，请帮我恢复。"),
    "ja": ("ウォレットを復元できません。フレーズは ", " です。"),
    "ko": ("지갑 복구가 안 됩니다. 니모닉은 ", " 입니다."),
    "ru": ("Не могу восстановить кошелёк, вот фраза: ", ". Помогите, пожалуйста!"),
    "ar": ("لا أستطيع استعادة محفظتي. العبارة هي: ", "، ساعدوني من فضلكم."),
    "vi": ("Tôi không khôi phục được ví, cụm từ là: ", ". Xin giúp tôi."),
    "tr": ("Cüzdanımı geri yükleyemiyorum, kelimeler: ", ". Yardım eder misiniz?"),
}


@pytest.mark.parametrize("language", PROSE)
@quick
@given(words=phrases)
def test_prose_of_any_language_around_a_phrase_stays(language, words):
    before, after = PROSE[language]
    assert cleaned(before + " ".join(words) + after) == f"{before}[seed phrase removed]{after}"


@pytest.mark.parametrize("before", ["my seed phrase: ", "Seed phrase word list: ", "secret word phrase key - "])
@pytest.mark.parametrize("language", ["english", "french"])
def test_words_of_a_list_before_a_phrase_do_not_shield_any_part_of_it(language, before):
    """ "seed" and "phrase" are words of the list themselves; every place at which a phrase may begin counts."""
    for words in seeded_phrases(language, 60):
        text = " ".join(words)
        assert is_covered(before + text, text)


def test_words_of_a_list_after_a_phrase_do_not_shield_any_part_of_it():
    for words in seeded_phrases("english", 60):
        text = " ".join(words)
        assert is_covered(f"{text} help please cannot access my vault", text)


@cache
def shared_words() -> list[str]:
    return sorted(set(Mnemonic("english").wordlist) & set(Mnemonic("french").wordlist))


def test_a_phrase_that_begins_with_a_word_of_two_lists_is_removed_whole():
    """French, after an English word of the list: the word that both lists hold belongs to the phrase."""
    dice = random.Random(39)
    french = Mnemonic("french")
    for _ in range(10):
        first = french.wordlist.index(dice.choice(shared_words()))
        words = phrase("french", (first << 117 | dice.getrandbits(117)).to_bytes(16, "big"))
        text = " ".join(words)
        assert is_covered(f"this is my seed: {text}", text)


@pytest.mark.parametrize("count", [2, 3, 5])
@pytest.mark.parametrize("words", [12, 24])
def test_several_phrases_on_lines_of_their_own_are_all_removed(words, count):
    dice = random.Random(count)
    for _ in range(20):
        lines = [" ".join(phrase("english", dice.randbytes(words * 4 // 3))) for _ in range(count)]
        text = "\n".join(lines)
        assert is_covered(text, text)


@pytest.mark.parametrize("language", LISTS)
def test_words_whose_checksum_does_not_hold_stay(language):
    dice = random.Random(language)
    checkers = [Mnemonic(name) for name in (CHINESE if language in CHINESE else (language,))]
    for words in seeded_phrases(language, 20, words=12):
        wrong = list(words)
        while any(checker.check(" ".join(wrong)) for checker in checkers):
            wrong[dice.randrange(12)] = dice.choice(checkers[0].wordlist)
        assert cleaned(" ".join(wrong)) == " ".join(wrong)


@pytest.mark.parametrize(
    "text",
    [
        " ".join(["abandon"] * 11),
        " ".join(["word"] * 12),  # its checksum holds
        " ".join(Mnemonic("english").wordlist[:100]),
        "about the market order: limit price above the current one, then cancel it",
        "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经",
        "今日は朝から晩まで相場を見ていましたが、注文は約定しませんでした。",
    ],
)
def test_prose_and_short_runs_are_kept(text):
    assert cleaned(text) == text
