"""Under which letter a word of the glossary stands, and in which order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.content import letters
from tests.helpcenter.dom import TWELVE


@pytest.mark.parametrize(
    ("language", "word", "letter"),
    [
        ("en", "margin", "M"),
        ("en", "2FA", "#"),
        ("fr", "équité", "E"),
        ("es", "ñame", "Ñ"),
        ("es", "órdenes", "O"),
        ("tr", "işlem", "İ"),
        ("tr", "ısı", "I"),
        ("tr", "çapraz", "Ç"),
        ("vi", "đòn bẩy", "Đ"),
        ("vi", "ếch", "Ê"),
        ("vi", "ví", "V"),
        ("ru", "ёмкость", "Е"),
        ("ru", "йена", "Й"),
        ("ko", "무기한", "ㅁ"),
        ("ko", "꽃", "ㄱ"),
        ("ko", "API 키", "A"),
        ("ar", "الهامش", "ه"),
        ("ar", "أمر", "ا"),
        ("ar", "ال", "ا"),
    ],
)
def test_a_word_stands_where_a_reader_of_the_language_looks_for_it(language, word, letter):
    assert letters.letter(word, language) == letter


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("tr", ["cam", "çit", "dam", "hız", "ısı", "is", "jet"]),
        ("vi", ["an", "ăn", "ân", "dòng", "đòn"]),
        ("es", ["nube", "ñame", "oro"]),
        ("ru", ["ёлка", "жук", "API"]),
        ("ko", ["가격", "청산", "API 키"]),
        ("ar", ["أمر", "الهامش", "TxID"]),
        ("en", ["2FA", "API key", "margin"]),
    ],
)
def test_words_are_in_the_order_of_the_alphabet(language, words):
    places = [letters.order(word, language) for word in words]
    assert places == sorted(places)


@pytest.mark.parametrize("language", TWELVE)
@given(word=st.text(max_size=12))
def test_every_word_has_one_letter_and_a_place(language, word):
    letter = letters.letter(word, language)
    assert letter == "#" or (letter and letter[0].isalpha())
    assert letters.order(word, language) == letters.order(word, language)
