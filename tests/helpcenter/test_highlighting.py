"""Marks stand where the words of the question stand, whatever the script; the text around them is escaped, and an
excerpt begins at a sentence and is never empty."""

import html
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpcenter.search import highlighting
from helpcenter.search.highlighting import Needles
from helpcenter.search.plan import plan
from tests.helpcenter import searching

LANGUAGES = ["en", "zh-hans", "zh-hant", "ja", "ko", "ru", "es", "fr", "pt-br", "tr", "vi", "ar"]


def needles(question, language):
    return Needles.of(plan(question, language), language)


def marked(question, text, language):
    """The text with [brackets] for marks."""
    shown = highlighting.mark(text, needles(question, language))
    return html.unescape(shown.replace("<mark>", "[").replace("</mark>", "]"))


def excerpt(question, text, language):
    return highlighting.excerpt(text, needles(question, language))


def bare(shown):
    """What a reader sees of an excerpt, without marks and dots."""
    return html.unescape(re.sub(r"</?mark>", "", shown)).removeprefix("… ").removesuffix(" …")


def test_words_of_a_family_are_marked_whatever_they_begin_with():
    assert marked("where did the coins go", "My coins went away", "en") == "My [coins] [went] away"
    assert marked("вывести", "Снял и вывел монеты", "ru") == "Снял и [вывел] монеты"


# question, expected
MARKS = {
    "one word": ("en", "wallet", "Open your [wallet] now."),
    "each occurrence": ("en", "fee", "A [fee] is a [fee]."),
    "another form of the word": ("en", "withdrawals", "One [withdrawal], two [withdrawals]"),
    "case": ("en", "wallet", "[WALLET] and [Wallet]"),
    "not inside a word": ("en", "art", "The start of [art]"),
    "full-width": ("en", "wallet", "Ｍｙ [Ｗａｌｌｅｔ]"),
    "soft hyphen in the text": ("en", "withdrawal", "a [with\u00addrawal] today"),
    "zero-width space in the text": ("en", "wallet", "a [wal\u200blet] today"),
    "apostrophe": ("fr", "adresse", "Copiez l’[adresse] ici"),
    "accent typed": ("es", "liquidación", "La [liquidación] forzosa"),
    "accent not typed": ("es", "liquidacion", "La [liquidación] forzosa"),
    "accent and another form": ("es", "liquidaciones", "La [liquidación] forzosa"),
    "accent and another form, french": ("fr", "vérifier", "Un compte [vérifié]"),
    "accent and another form, portuguese": ("pt-br", "transações", "Uma [transação] e outras [transações]"),
    "decomposed accent in the text": ("es", "liquidación", f"La [{unicodedata.normalize('NFD', 'liquidación')}]"),
    "turkish capital": ("tr", "istanbul", "[İSTANBUL], [İstanbul] ve [ISTANBUL]"),
    "russian yo": ("ru", "кошелек", "Мой [кошелёк]"),
    "russian forms": ("ru", "кошельки", "Все [кошельки]"),
    "vietnamese without accents": ("vi", "rut tien", "[Rút] [tiền] nhanh"),
    "arabic article": ("ar", "محفظة", "افتح [المحفظة] الآن"),
    "arabic hamza": ("ar", "ايداع", "[إيداع] الأموال"),
    "arabic vowel signs in the text": ("ar", "محفظة", "[مِحْفَظَة] آمنة"),
    "chinese": ("zh-hans", "强平", "什么是[强平]？"),
    "chinese, three characters": ("zh-hans", "强平价", "什么是[强平价]格"),
    "chinese, five characters": ("zh-hans", "强平价格是", "[强平价格是]多少"),
    "chinese, one character": ("zh-hans", "币", "比特[币]和[币]安"),
    "endings of japanese words, not what is grammar alone": (
        "ja",
        "出金が届かないのですが",
        "[出金が届かない]とき、していないのですが",
    ),
    "hiragana, when nothing else is asked for": ("ja", "つみたて", "[つみたて]の始め方"),
    "latin inside chinese": ("zh-hans", "BTC", "购买[BTC]的方法"),
    "chinese and latin": ("zh-hans", "BTC强平", "[BTC强平]说明"),
    "simplified asked, traditional written": ("zh-hant", "强平", "什麼是[強平]價格"),
    "traditional asked, simplified written": ("zh-hans", "強平", "什么是[强平]"),
    "japanese kanji": ("ja", "出金", "[出金]の手数料"),
    "japanese voiced kana": ("ja", "ビットコイン", "[ビットコイン]の送金"),
    "japanese hiragana": ("ja", "できない", "出金が[できない]とき"),
    "japanese half-width": ("ja", "ビットコイン", "[ﾋﾞｯﾄｺｲﾝ]の送金"),
    "japanese middle dot": ("ja", "ビットコインユーザー", "[ビットコイン・ユーザー]とは"),
    "latin inside japanese": ("ja", "wallet", "[Wallet]の使い方"),
    "korean": ("ko", "출금", "[출금]은 언제 되나요?"),
    "korean, three syllables": ("ko", "수수료", "거래 [수수료]는 얼마인가요?"),
    "korean, two words": ("ko", "출금 한도", "[출금] [한도]는 얼마인가요?"),
    "astral character": ("en", "wallet", "🚀🚀 my [wallet] 🚀"),
}


@pytest.mark.parametrize("case", MARKS)
def test_marks_stand_on_the_words_of_the_question(case):
    language, question, expected = MARKS[case]
    text = re.sub(r"[\[\]]", "", expected)
    assert marked(question, text, language) == expected


@pytest.mark.parametrize("question", ["", "   ", "?!", "🚀", "*", "\u200b", "ـ"])
def test_a_question_without_words_marks_nothing(question):
    assert marked(question, "A wallet * ? ـ", "en") == "A wallet * ? ـ"


HOSTILE = "<script>alert(\"wallet\")</script> & <b onclick='x'>wallet</b> &lt;wallet&gt;"


@pytest.mark.parametrize("show", [highlighting.mark, highlighting.excerpt])
@pytest.mark.parametrize("question", ["wallet", "script alert", "lt gt amp", "b"])
def test_the_text_is_escaped_before_it_is_marked(question, show):
    shown = show(HOSTILE, needles(question, "en"))
    assert set(re.findall(r"<[^>]*>", shown)) <= {"<mark>", "</mark>"}
    assert '"' not in shown
    assert bare(shown) == HOSTILE


def test_an_entity_is_never_cut_by_a_mark():
    assert highlighting.mark("AT&T amp", needles("amp", "en")) == "AT&amp;T <mark>amp</mark>"


@settings(max_examples=60, deadline=None, derandomize=True)
@given(words=st.lists(st.sampled_from(["fee", "fees", "a_fee", "2fee", "coffee", "fée", "fee2", "FEE", "x", "é"])))
def test_a_run_of_characters_elsewhere_in_the_text_does_not_change_what_is_marked(words):
    for between in (" ", "-", "_", "fee"):
        text = between.join(words)
        assert marked("fee", f"{text} 中", "en") == marked("fee", text, "en") + " 中"


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=40, deadline=None, derandomize=True)
@given(question=st.text(max_size=20), text=st.text(max_size=80))
def test_marks_change_no_character_of_any_text(language, question, text):
    shown = highlighting.mark(text, needles(question, language))
    assert html.unescape(re.sub(r"</?mark>", "", shown)) == html.unescape(html.escape(text))
    assert re.fullmatch(r"(?:[^<]|<mark>[^<]+</mark>)*", shown)


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=40, deadline=None, derandomize=True)
@given(data=st.data())
def test_an_excerpt_is_a_stretch_of_the_text(language, data):
    letters = "ab.! \n强平价格。출금비ﾞビйé<&"
    text = data.draw(st.text(letters, min_size=1, max_size=400).map(str.strip).filter(bool))
    question = data.draw(st.text(letters, max_size=10))
    shown = bare(excerpt(question, text, language))
    assert shown.strip()
    assert shown in text.replace("\n", " ")


# question, the sentence that answers it, and one that does not
SENTENCES = {
    "en": ("withdrawal", "A withdrawal takes an hour.", "This says nothing. "),
    "es": ("retiro", "Un retiro tarda una hora.", "Esto no dice nada. "),
    "zh-hans": ("提现", "提现需要一个小时。", "这里什么也没有说。"),
    "zh-hant": ("提現", "提現需要一個小時。", "這裡什麼也沒有說。"),
    "ja": ("出金", "出金は一時間かかる。", "何も書いてありません。"),
    "ko": ("출금", "출금은 한 시간이 걸립니다.", "아무 말도 없습니다. "),
    "ar": ("السحب", "السحب يستغرق ساعة.", "هذه الجملة لا تقول شيئا. "),
    "ru": ("вывод", "Вывод занимает час.", "Здесь ничего не сказано. "),
}


@pytest.mark.parametrize("language", SENTENCES)
@pytest.mark.parametrize("before", [0, 3, 9, 40])
def test_an_excerpt_shows_the_whole_sentence_that_holds_the_question(language, before):
    question, sentence, filler = SENTENCES[language]
    shown = excerpt(question, filler * before + f"{sentence} " + filler * 40, language)
    assert shown.count("<mark>") == 1
    assert sentence in bare(shown)
    assert shown.endswith(" …")


@pytest.mark.parametrize("language", ["en", "zh-hans", "ja", "ar"])
def test_an_excerpt_shows_the_word_that_it_was_chosen_for(language):
    question, _, filler = SENTENCES[language]
    blank = "" if language in ("zh-hans", "ja") else " "
    for before in range(1, 60):
        text = f"{filler[:3]}{blank}" * before + question + f"{blank}{filler[:3]}" * 80
        assert bare(f"<mark>{question}</mark>") in bare(excerpt(question, text, language)), before


@pytest.mark.parametrize("language", SENTENCES)
def test_an_excerpt_without_the_question_is_the_beginning_of_the_text(language):
    text = SENTENCES[language][2] * 40
    shown = bare(excerpt("qqqq", text, language))
    assert len(shown) > 40
    assert text.startswith(shown)


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "ja", "ko"])
@pytest.mark.parametrize("text", ["强平价格说明" * 60, "强", "强平。", "\n\n强平\n"])
def test_an_excerpt_of_characters_is_never_empty(language, text):
    for question in ("强平", "价", "qqq", ""):
        assert bare(excerpt(question, text.strip(), language))


def test_an_excerpt_of_nothing_is_nothing():
    assert excerpt("wallet", "", "en") == ""


def test_an_excerpt_shows_the_sentence_with_most_of_the_question():
    text = "A fee is small. " + "Filler words. " * 20 + "The withdrawal fee is shown before you confirm."
    assert "The withdrawal fee is shown before you confirm." in bare(excerpt("withdrawal fee", text, "en"))


@pytest.mark.parametrize("number", ["0.05", "bitcoin.org", "v2.4.1"])
def test_an_excerpt_does_not_begin_inside_a_number_or_an_address(number):
    text = "Filler words here. " * 20 + f"{'Some long start ' * 12}{number} then withdrawal."
    shown = bare(excerpt("withdrawal", text, "en"))
    assert not shown.startswith(number.split(".", 1)[1])


def test_an_excerpt_of_words_ends_between_words():
    text = "Withdrawal " + "incomprehensibilities " * 40
    assert bare(excerpt("withdrawal", text, "en")).split()[-1] == "incomprehensibilities"


def test_a_sentence_longer_than_an_excerpt_is_cut_near_the_word():
    text = "word " * 200 + "withdrawal " + "word " * 200
    shown = excerpt("withdrawal", text, "en")
    assert "<mark>withdrawal</mark>" in shown
    assert len(bare(shown)) <= highlighting.EXCERPT


def test_a_mark_at_the_end_of_the_excerpt_is_closed():
    shown = excerpt("abc", "x" * (highlighting.EXCERPT - 2) + "。abcdef abc", "en")
    assert shown.count("<mark>") == shown.count("</mark>")


# On the page of results


@pytest.fixture
def _empty_index():
    searching.clear_indexes()


def page(client, language, question):
    searching.refresh(language, "en")
    (row,) = searching.search_json(client, language, question)["results"]
    return row["excerpt"]


@pytest.mark.django_db
@pytest.mark.usefixtures("_empty_index")
@pytest.mark.parametrize(
    ("language", "question", "body", "expected"),
    [
        ("en", "withdrawl", "A withdrawal is slow.", "A <mark>withdrawal</mark> is slow."),
        ("es", "liquidacoin", "La liquidación forzosa.", "La <mark>liquidación</mark> forzosa."),
        ("en", "withdr", "A withdrawal is slow.", "A <mark>withdrawal</mark> is slow."),
    ],
)
def test_what_was_found_instead_of_the_typed_word_is_marked(client, language, question, body, expected):
    searching.write("a", **{language: f"Title\n{body}"})
    assert page(client, language, question) == expected


@pytest.mark.django_db
@pytest.mark.usefixtures("_empty_index")
@pytest.mark.parametrize(
    ("language", "words", "question", "expected"),
    [
        ("en", "2FA, two-factor", "2fa", "Use <mark>two</mark>-<mark>factor</mark> codes."),
        ("zh-hans", "爆仓, 强平", "爆仓", "什么是<mark>强平</mark>？"),
        ("ko", "청산, 강제 종료", "청산", "<mark>강제</mark> <mark>종료</mark> 안내"),
    ],
)
def test_synonyms_are_marked(client, language, words, question, expected):
    text = re.sub(r"</?mark>", "", expected)
    searching.write("a", **{language.replace("-", "_"): f"-\n{text}"})
    searching.add_synonyms(language, words)
    assert page(client, language, question) == expected


@pytest.mark.django_db
@pytest.mark.usefixtures("_empty_index")
def test_the_words_are_marked_in_a_text_of_another_language(client):
    searching.write("a", en="Title\nThe hardware wallet.")
    assert page(client, "ja", "hardware wallets") == "The <mark>hardware</mark> <mark>wallet</mark>."


@pytest.mark.django_db
@pytest.mark.usefixtures("_empty_index")
def test_markup_of_a_text_reaches_the_page_escaped(client):
    searching.write("a", en="On `<script>` tags\nType `<img src=x onerror=alert(1)>` as wallet.")
    searching.refresh("en")
    answer = client.get("/en/search/", {"q": "wallet tags"}).content.decode()
    assert "<img src=x" not in answer
    assert "&lt;img src=x onerror=alert(1)&gt;" in answer
