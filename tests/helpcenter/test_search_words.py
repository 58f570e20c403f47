"""Articles with all words of a question come before those with some, in every script; the last word may be a
beginning."""

import random

import pytest

from helpcenter.enums import Stage
from tests.helpcenter.searching import ask, refresh, write

pytestmark = pytest.mark.usefixtures("empty_index")


# All words, then some


def test_articles_with_all_words_come_before_those_with_some():
    write("some", en="Something else\nHere one may reset the password again.")
    write("all", en="Something else\nHere one may reset the password of an account.")
    refresh("en")
    assert ask("reset password account", "en") == (["all", "some"], Stage.ALL_WORDS)


def test_a_page_that_is_about_the_question_comes_before_one_that_has_its_words_somewhere():
    write("somewhere", en="Something else\nReset it. " + "More words. " * 90 + "A password. An account.")
    write("about", en="Reset a forgotten password\nHow to reset the password.")
    refresh("en")
    assert ask("reset password account", "en") == (["about", "somewhere"], Stage.ALL_WORDS)


def test_some_words_follow_all_words():
    for number in range(11):
        write(f"all-{number}", en=f"Wallet fee {number}\n-")
    write("some", en="Other\nA wallet.")
    refresh("en")
    slugs, _ = ask("wallet fee", "en")
    assert slugs[11:] == ["some"]


def test_some_words_answer_where_no_article_has_all():
    write("a", en="Margin call\nYour margin is low.")
    refresh("en")
    assert ask("margin call zebra", "en") == (["a"], Stage.SOME_WORDS)


@pytest.mark.parametrize(
    ("language", "title", "question"),
    [
        ("en", "How does it work", "how does it work"),
        ("zh-hans", "什么是强平价格", "强平价格是什么"),
        ("zh-hant", "什麼是強平價格", "強平價格"),
        ("ja", "出金の手数料について", "出金手数料"),
        ("ko", "출금 수수료 안내", "출금 수수료는 얼마인가요"),
        ("ar", "رسوم السحب", "ما هي رسوم السحب؟"),
        ("ru", "Комиссия за вывод средств", "какая комиссия за вывод"),
        ("es", "Comisión de retiro", "cual es la comision del retiro"),
        ("vi", "Phí rút tiền", "phi rut tien la bao nhieu"),
        ("tr", "Para çekme ücreti", "para cekme ucreti ne kadar"),
    ],
)
def test_a_natural_question_finds_its_page_in_every_script(language, title, question):
    write("other", **{language.replace("-", "_"): "ZZZ\n-"})
    write("wanted", **{language.replace("-", "_"): f"{title}\n-"})
    refresh(language)
    assert ask(question, language)[0] == ["wanted"]


def test_vietnamese_words_that_differ_in_their_marks_alone_are_different_words():
    """`bạn`, `vì` and `mà` are grammar; `bán`, `ví` and `mã` are what is asked for."""
    write("selling", vi="Bán từ ví\nNhập mã.")
    write("about-you", vi="Bạn và bàn\nVì bạn đã hỏi, mà bạn bàn.")
    refresh("vi")
    for question in ("bán", "ví", "mã", "nhập mã"):
        assert ask(question, "vi")[0][0] == "selling"
    assert ask("bàn", "vi")[0][0] == "about-you"
    assert set(ask("ban", "vi")[0]) == {"selling", "about-you"}


def test_a_vietnamese_word_of_two_syllables_is_more_than_both_of_them():
    write("apart", vi="Một\nTài xế nhớ khoản vay, tài xế quên khoản vay.")
    write("together", vi="Hai\nMỗi người nhớ mật khẩu của tài khoản mình.")
    refresh("vi")
    assert ask("tài khoản", "vi")[0][0] == "together"


@pytest.mark.parametrize("question", ["بريد", "البريد", "بالبريد", "والبريد", "للبريد"])
def test_an_arabic_word_is_one_with_its_article_and_without(question):
    write("with", ar="الأول\nغير البريد من هنا.")
    write("without", ar="الثاني\nبريد جديد.")
    write("other", ar="الثالث\nشيء آخر.")
    refresh("ar")
    assert sorted(ask(question, "ar")[0]) == ["with", "without"]


@pytest.mark.parametrize("question", ["الغاء", "الإلغاء", "إلغاء"])
def test_arabic_letters_of_a_word_itself_are_no_article(question):
    write("right", ar="الأول\nيمكن إلغاء الطلب.")
    write("other", ar="الثاني\nشيء آخر.")
    refresh("ar")
    assert ask(question, "ar")[0] == ["right"]


def test_a_korean_word_comes_before_longer_ones_that_begin_with_it():
    for number in range(5):
        write(f"longer-{number}", ko=f"안내 {number}\n비트코인 지갑 {number}.")
    write("word", ko="안내\n비트는 작은 단위입니다. 비트코인 안내.")
    refresh("ko")
    assert ask("비트", "ko")[0][0] == "word"


@pytest.mark.parametrize("question", ["qwrtzp xcvbnm", "asdkjh qweoiu", "珥珦珧", "뷁쉛"])
def test_nonsense_finds_nothing(question):
    write("a", en="Margin call\nYour margin is low.", zh_hans="追加保证金\n保证金不足。", ko="마진콜\n증거금 부족")
    refresh("en", "zh-hans", "ko")
    for language in ("en", "zh-hans", "ko"):
        assert ask(question, language) == ([], Stage.NOTHING)


def test_a_word_of_the_title_weighs_more_than_one_of_the_text():
    write("text", en="Other\nThe ledger is here.")
    write("title", en="Ledger\nIt is here.")
    refresh("en")
    assert ask("ledger", "en")[0] == ["title", "text"]


# The beginning of a word


@pytest.mark.parametrize(
    ("language", "title", "typed"),
    [("en", "Withdrawal", "withdr"), ("es", "Liquidación", "liquidac"), ("ru", "Комиссия", "комис")],
)
def test_the_last_word_may_be_a_beginning(language, title, typed):
    write("a", **{language: f"{title}\n-"})
    refresh(language)
    assert ask(typed, language) == (["a"], Stage.ALL_WORDS)


def test_the_word_itself_comes_before_longer_ones():
    write("longer", en="Feedback\nfeedback feedback")
    write("word", en="Fee\nA fee.")
    refresh("en")
    assert ask("fee", "en")[0] == ["word", "longer"]


def test_a_repeated_word_takes_no_other_words_place():
    """No text has both words; a beginning of the repeated one must not stand in for the other."""
    write("fees", en="Fees\nMany fees.")
    write("wallet", en="Wallet\nOne wallet.")
    refresh("en")
    assert ask("fee wallet fee", "en")[1] == Stage.SOME_WORDS


# The order


def test_seeded_questions_give_the_same_order_twice():
    chance = random.Random(3)
    words = ["wallet", "fee", "order", "margin"]
    for number in range(15):
        write(f"a-{number}", en="Title\n" + " ".join(chance.choices(words, k=8)))
    refresh("en")
    for question in (" ".join(chance.sample(words, 2)) for _ in range(5)):
        assert ask(question, "en") == ask(question, "en")
