"""Text becomes search terms: whatever the keyboard, the script or the accents, the same word is the same term."""

import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpcenter.search import analyzers, families, korean

LANGUAGES = ["en", "zh-hans", "zh-hant", "ja", "ko", "ru", "es", "fr", "pt-br", "tr", "vi", "ar"]


def terms(text, language):
    return list(analyzers.text_terms(text, language))


def plain(text, language):
    return list(analyzers.text_words(text, language))


def asked(text, language):
    """The terms that a question looks for."""
    return [term for word in analyzers.words(text, language) for term in analyzers.terms(word, language, asking=True)]


# The same word, written in another way, has the same terms.
SAME = {
    "case": ("en", "WALLET Wallet", "wallet wallet"),
    "full-width latin": ("en", "Ｗａｌｌｅｔ", "wallet"),
    "full-width digits": ("ja", "２ＦＡ認証", "2FA認証"),
    "half-width katakana": ("ja", "ﾋﾞｯﾄｺｲﾝ", "ビットコイン"),
    "middle dot in katakana": ("ja", "ビットコイン・ユーザー", "ビットコインユーザー"),
    "ligature": ("en", "ﬁat", "fiat"),
    "decomposed accent": ("es", unicodedata.normalize("NFD", "liquidación"), "liquidación"),
    "decomposed hangul": ("ko", unicodedata.normalize("NFD", "출금 한도"), "출금 한도"),
    "decomposed voiced kana": ("ja", unicodedata.normalize("NFD", "ビットコイン"), "ビットコイン"),
    "decomposed vietnamese": ("vi", unicodedata.normalize("NFD", "Rút tiền"), "rút tiền"),
    "upper case with accent": ("fr", "VÉRIFIÉ", "vérifié"),
    "yo": ("ru", "Кошелёк", "кошелек"),
    "german sharp s in a name": ("en", "Straße", "STRASSE"),
    "dotted capital i": ("tr", "İŞLEM", "işlem"),
    "dotted capital i, inflected": ("tr", "İşlemler", "işlemler"),
    "arabic hamza": ("ar", "إيداع أمان", "ايداع امان"),
    "arabic vowel signs": ("ar", "مِحْفَظَة", "محفظة"),
    "arabic tatweel": ("ar", "محفظـــة", "محفظة"),
    "arabic presentation forms": ("ar", "ﻣﺤﻔﻈﺔ", "محفظة"),
    "arabic digits": ("ar", "٢٤ ساعة", "24 ساعة"),
    "traditional for simplified": ("zh-hans", "強平價格", "强平价格"),
    "simplified for traditional": ("zh-hant", "钱包后台", "錢包後台"),
    "zero-width space": ("en", "wal\u200blet", "wallet"),
    "zero-width joiners": ("en", "wal\u200d\u200clet", "wallet"),
    "zero-width space between han": ("zh-hans", "强\u200b平", "强平"),
    "soft hyphen": ("en", "with\u00addrawal", "withdrawal"),
    "byte order mark": ("en", "\ufeffwallet", "wallet"),
    "direction marks": ("ar", "\u200fمحفظة\u200e", "محفظة"),
    "word joiner": ("ko", "출\u2060금", "출금"),
    "no-break space": ("fr", "frais\u00a0:", "frais :"),
    "ideographic space": ("ja", "出金　手数料", "出金 手数料"),
    "ideographic full stop": ("zh-hans", "强平。价格", "强平 价格"),
}


@pytest.mark.parametrize("case", SAME)
def test_one_word_written_in_two_ways_has_the_same_terms(case):
    language, one, other = SAME[case]
    assert terms(one, language) == terms(other, language)


# What people type without accents, and what the text has: the plain words of both are the same.
TYPED = [
    ("es", "liquidacion", "liquidación"),
    ("es", "contrasena", "contraseña"),
    ("fr", "verifie", "vérifié"),
    ("fr", "coeur", "cœur"),
    ("pt-br", "transacao", "transação"),
    ("tr", "guvenlik", "güvenlik"),
    ("tr", "isik", "ışık"),
    ("tr", "ISIK", "ışık"),
    ("tr", "istanbul", "İstanbul"),
    ("vi", "rut tien", "rút tiền"),
    ("vi", "dong", "đồng"),
    ("vi", "DONG", "ĐỒNG"),
    ("ru", "елка", "ёлка"),
    ("ar", "ايداع", "إيداع"),
    ("ar", "محفظه", "محفظة"),
    ("ar", "علي", "على"),
]


@pytest.mark.parametrize(("language", "typed", "written"), TYPED)
def test_a_word_typed_without_accents_is_the_same_plain_word(language, typed, written):
    assert plain(typed, language) == plain(written, language)


STEMS = [
    ("en", "withdrawals", "withdrawal"),
    ("es", "retiros", "retiro"),
    ("fr", "comptes", "compte"),
    ("pt-br", "saques", "saque"),
    ("ru", "кошельки", "кошельков"),
    ("tr", "hesaplar", "hesap"),
    ("ar", "المحفظة", "محفظة"),
    ("ja", "wallets", "wallet"),
    ("ko", "wallets", "wallet"),
    ("zh-hans", "wallets", "wallet"),
    ("zh-hant", "wallets", "wallet"),
]


@pytest.mark.parametrize(("language", "one", "other"), STEMS)
def test_inflected_words_share_a_stem(language, one, other):
    assert terms(one, language) == terms(other, language)


@pytest.mark.parametrize(
    ("word", "stem"),
    [("출금이", "출금"), ("출금했는데요", "출금"), ("레버리지에서는", "레버리지"), ("나는", "나는"), ("회의", "회의")],
)
def test_what_korean_glues_to_a_word_is_told_from_it(word, stem):
    assert word[: korean.stem_length(word)] == stem


def test_a_slip_in_a_syllable_changes_one_letter_of_it():
    slips = list(korean.slips("금"))
    assert {"긍", "그", "큼", "감"} <= set(slips)
    assert not {"금", "강", "물"} & set(slips)
    assert len(slips) == len(set(slips)) == 18 + 20 + 27
    assert list(korean.slips("a")) == list(korean.slips("ㄱ")) == []


def test_vietnamese_is_folded_and_not_stemmed():
    assert terms("các loại phí giao dịch", "vi") == ["cac", "loai", "phi", "giao", "dich"]


def written(text, language="vi"):
    return [analyzers.written(word) for word in analyzers.words(text, language)]


def test_vietnamese_words_that_marks_tell_apart_are_told_apart_as_they_are_written():
    assert len(set(written("ban bạn bán bản bàn bằng bang băng"))) == 8
    assert written("bạn") == written(unicodedata.normalize("NFD", "BẠN"))
    assert written("khóa hòa thủy") == written("khoá hoà thuỷ")


def test_the_index_holds_vietnamese_words_folded_and_as_they_are_written():
    held = list(analyzers.indexed_terms("Bán 出金", "vi"))
    assert held == ["ban", *written("bán"), *terms("出金", "vi")]
    assert list(analyzers.indexed_terms("Comisión", "es")) == terms("Comisión", "es")


@pytest.mark.parametrize(
    ("text", "language", "has_marks"),
    [
        ("bán usdt", "vi", True),
        ("đo", "vi", True),
        ("ban usdt", "vi", False),
        ("出金", "vi", False),
        ("sí", "es", False),
    ],
)
def test_a_question_has_the_marks_of_its_language_or_has_none(text, language, has_marks):
    assert analyzers.has_marks(analyzers.words(text, language), language) is has_marks


def test_a_language_that_nobody_wrote_rules_for_still_has_words():
    assert terms("Cara Penarikan Dana", "id") == ["cara", "penarikan", "dana"]


def test_a_run_of_characters_is_indexed_as_characters_and_pairs():
    assert sorted(terms("强平价", "zh-hans")) == sorted(["强", "平", "价", "强平", "平价"])


def test_a_question_asks_for_the_pairs_of_a_run():
    assert asked("强平价", "zh-hans") == ["强平", "平价"]


@pytest.mark.parametrize(("language", "text"), [("zh-hans", "币"), ("ja", "円"), ("ko", "돈"), ("zh-hant", "幣")])
def test_a_single_character_can_be_asked_for(language, text):
    (term,) = asked(text, language)
    assert term in terms(f"甲{text}乙" if language != "ko" else f"가{text}나", language)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("zh-hans", "买BTC吧", ["买", "btc", "吧"]),
        ("zh-hans", "BTC强平", ["btc", "强平"]),
        ("ja", "walletsの使い方", ["wallet", "の使", "使い", "い方"]),
        ("ko", "BTC출금", ["btc", "출금"]),
        ("ko", "출금は出金", ["출금", "は出", "出金"]),
        ("ja", "佐々木〇", ["佐々", "々木", "木〇"]),
        ("ja", "手数料、出金", ["手数", "数料", "出金"]),
        ("zh-hans", "𠮷野家", ["𠮷野", "野家"]),
    ],
)
def test_scripts_part_words(language, text, expected):
    assert asked(text, language) == expected


def test_chinese_scripts_find_each_other():
    assert terms("什麼是強平價格", "zh-hant") == terms("什么是强平价格", "zh-hans")


@pytest.mark.parametrize("character", ["價", "錢", "證", "氣", "廣"])
def test_japanese_characters_are_not_simplified(character):
    assert asked(character, "ja") == [character]


@pytest.mark.parametrize("apostrophe", ["'", "’", "＇"])
@pytest.mark.parametrize(
    ("language", "text", "part"),
    [("fr", "l{}adresse", "adress"), ("tr", "Bitcoin{}in", "bitcoin"), ("en", "Alice{}s", "alic")],
)
def test_an_apostrophe_parts_a_word(language, text, part, apostrophe):
    assert part in terms(text.format(apostrophe), language)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_both_apostrophes_are_the_same(language):
    assert terms("don't l'ordre", language) == terms("don’t l’ordre", language)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BTCUSDT-PERP", ["btcusdt", "perp"]),
        ("two_factor", ["two", "factor"]),
        ("2FA", ["2fa"]),
        ("C++", ["c"]),
        ("a.b@c.example", ["a", "b", "c", "example"]),
    ],
)
def test_symbols_and_addresses_are_parted_at_signs(text, expected):
    assert plain(text, "en") == expected


NO_WORDS = {
    "nothing": "",
    "blanks": " \t\n\u00a0\u3000",
    "punctuation": "?!… —“”「」、。。。،؟",
    "emoji": "🚀🌕👩‍👩‍👧",
    "invisible characters": "\u200b\u200d\ufeff\u202e\u2066",
    "combining marks alone": "\u0301\u0308\u064e",
    "wildcards": "* ? % _ ~",
    "tatweel alone": "ـــ",
    "control characters": "\x00\x01\x1b\x7f",
}


@pytest.mark.parametrize("language", ["en", "zh-hans", "ja", "ko", "ar", "tr"])
@pytest.mark.parametrize("case", NO_WORDS)
def test_a_text_without_letters_has_no_terms(case, language):
    text = NO_WORDS[case]
    assert (terms(text, language), plain(text, language), asked(text, language)) == ([], [], [])


LETTERS = {
    "en": "abcdefghijklmnopqrstuvwxyz",
    "es": "abcdefghijklmnñopqrstuvwxyzáéíóúü",
    "fr": "abcdefghijklmnopqrstuvwxyzàâæçéèêëîïôœùûüÿ",
    "pt-br": "abcdefghijklmnopqrstuvwxyzáâãàçéêíóôõú",
    "tr": "abcçdefgğhıijklmnoöprsştuüvyz",
    "vi": "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
}


@pytest.mark.parametrize("language", LETTERS)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_capital_letters_change_no_plain_word(language, data):
    word = data.draw(st.text(LETTERS[language], min_size=1, max_size=12))
    assert plain(word.upper(), language) == plain(word, language)


@pytest.mark.parametrize("language", LETTERS)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_decomposed_text_has_the_same_terms(language, data):
    text = data.draw(st.text(LETTERS[language] + " ", max_size=30))
    assert terms(unicodedata.normalize("NFD", text), language) == terms(text, language)


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(text=st.text(max_size=60))
def test_no_text_gives_empty_terms(language, text):
    everything = [*terms(text, language), *plain(text, language), *analyzers.text_pairs(text, language)]
    assert "" not in [term.strip() for term in everything]


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(text=st.text(st.characters(categories=["L", "N", "Zs", "Mn", "Cf"]), max_size=40))
def test_whatever_a_question_asks_for_the_text_itself_holds(language, text):
    assert set(asked(text, language)) <= set(terms(text, language))


def test_neighbours_are_pairs_of_stems_and_threes_of_characters():
    assert list(analyzers.text_pairs("Withdrawal fees apply", "en")) == ["withdraw fee", "fee appli"]
    assert list(analyzers.text_pairs("强平价格", "zh-hans")) == ["强平价", "平价格"]


@pytest.mark.parametrize(
    "language", [language for language in LANGUAGES if language not in analyzers.STRIPPED_IN_FRONT]
)
def test_every_word_begins_as_its_term_says(language):
    """What the marks of an excerpt rely on: nothing that begins otherwise is looked at."""
    written = {form.rstrip("*") for line in families.lines_of(language) for form in line}
    others = ["dying", "lies", "skies", "cuenta", "recuerda", "puestos", "recognised", "colours", "transaction", "i"]
    for word in filter(str.isascii, {*written, *others}):
        beginnings = analyzers.beginnings(analyzers.stem(word, language), language)
        assert word.startswith(tuple(beginnings)), word


class Forgetful:
    """A stemmer as the library's are: it works on the word that it was given last."""

    def stemWord(self, word: str) -> str:
        self.word = word
        time.sleep(0.02)
        return self.word


def test_requests_at_the_same_time_get_the_stems_of_their_own_words(monkeypatch):
    monkeypatch.setattr(analyzers.Stemmer, "Stemmer", lambda name: Forgetful())
    stemmed = analyzers._stemmer.__wrapped__("en")
    words = ["deposit", "margin", "wallet", "order"]
    with ThreadPoolExecutor(len(words)) as pool:
        assert list(pool.map(stemmed, words)) == words
