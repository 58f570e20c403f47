"""What people say finds what texts say: synonyms of one language or of all, both ways or one."""

import pytest

from helpcenter.enums import Stage
from helpcenter.models import Synonym
from helpcenter.search import asking
from tests.helpcenter.searching import add_synonyms, ask, fill, found, refresh, write

pytestmark = pytest.mark.usefixtures("empty_index")


SYNONYMS = [
    ("en", "2FA, two-factor", "2fa", "Two-factor codes"),
    ("en", "2FA, two-factor", "two factor", "Codes of 2FA"),
    ("en", "2FA, two-factor", "TWO-FACTOR", "Codes of 2fa"),
    ("en", "XBT, BTC", "how to buy xbt", "BTC and its price"),
    ("en", "liquidated, margin called", "liquidated", "If you are margin called"),
    ("zh-hans", "爆仓, 强平", "爆仓", "什么是强平"),
    ("zh-hans", "爆仓, 强平", "爆倉", "什么是强平"),
    ("zh-hans", "爆仓, 强制平仓", "我爆仓了", "什么是强制平仓"),
    ("zh-hans", "爆仓, 强制平仓", "强制平仓", "怎么会爆仓"),
    ("zh-hans", "爆仓, 强平", "我爆仓了怎么办", "强平说明"),
    ("zh-hant", "爆倉, 強平", "爆倉", "什麼是強平"),
    ("ja", "ロスカット, 強制決済", "ロスカットとは", "強制決済について"),
    ("ja", "ロスカット, 強制決済", "強制決済", "ロスカットについて"),
    ("ko", "청산, 강제 종료", "청산", "강제 종료 안내"),
    ("ar", "المصادقة الثنائية, 2FA", "2fa", "المصادقة الثنائية"),
    ("ru", "ликвидация, маржин-колл", "ликвидация", "Что такое маржин-колл"),
    ("vi", "ví, wallet", "wallet", "Ví của bạn"),
]


@pytest.mark.parametrize(("language", "words", "question", "title"), SYNONYMS)
def test_a_synonym_finds_what_the_word_would(language, words, question, title):
    write("wanted", **{language.replace("-", "_"): f"{title}\n-"})
    write("other", **{language.replace("-", "_"): "QQQ\n-"})
    refresh(language)
    assert "wanted" not in ask(question, language)[0]
    add_synonyms(language, words)
    refresh(language)
    assert ask(question, language)[0] == ["wanted"]


def test_a_whole_phrase_ranks_above_one_of_its_words():
    write("one", en="Two\nTwo and two and two again.")
    write("phrase", en="Codes\nA two-factor code is asked for on every device that you use.")
    add_synonyms("en", "2FA, two-factor")
    refresh("en")
    assert ask("2fa", "en")[0][0] == "phrase"


def test_the_word_itself_ranks_above_its_synonym():
    write("synonym", en="BTC\n-")
    write("word", en="XBT\n-")
    add_synonyms("en", "XBT, BTC")
    refresh("en")
    assert ask("xbt", "en")[0] == ["word", "synonym"]


def test_a_rare_name_weighs_hardly_more_than_the_common_one_for_the_same():
    """Of six pages on bitcoin one writes `BTC`: asked with `btc`, it is not the page for every question."""
    write("fees", en="Bitcoin fees\nWhat bitcoin fees are.")
    write("contract", en="BTC contract\nA contract in BTC.")
    write("other", en="More fees\nOther fees and limits.")
    for number in range(4):
        write(f"bitcoin-{number}", en=f"Page {number}\nAbout bitcoin.")
    add_synonyms("en", "bitcoin, btc")
    refresh("en")
    assert ask("price fees in btc", "en")[0][0] == "fees"


def test_a_rare_name_of_an_empty_language_finds_nothing():
    add_synonyms("en", "bitcoin, btc")
    write("filler", ja="別の話\n-")
    refresh("en", "ja")
    assert ask("btc", "en")[0] == []


def test_a_synonym_of_one_language_means_nothing_in_another():
    write("a", en="BTC\n-", ja="BTC\n-")
    add_synonyms("ja", "XBT, BTC")
    refresh("en", "ja")
    assert ask("xbt", "ja")[0] == ["a"]
    assert asking._public.ask("xbt", "en").results == []  # in English alone: Japanese would answer


def test_a_synonym_of_all_languages_holds_in_each():
    write("a", en="BTC\n-", zh_hans="BTC\n-", ar="BTC\n-")
    add_synonyms("", "XBT, BTC")
    refresh("en", "zh-hans", "ar")
    for language in ("en", "zh-hans", "ar"):
        assert ask("xbt", language) == (["a"], Stage.ALL_WORDS)


@pytest.mark.parametrize("words", [", ,", "alone", "XBT,,BTC, XBT", ",".join(["word"] * 60), "?, !", "a b c d e f, g"])
def test_no_row_of_synonyms_breaks_a_search(words):
    write("a", en="BTC\n-")
    Synonym.objects.create(language="en", words=words)
    refresh("en")
    assert ask("btc", "en")[0] == ["a"]
    ask("alone word a b c d e f", "en")


def test_a_synonym_that_was_entered_in_the_admin_holds_at_once(client, administrator):
    write("a", en="BTC\n-")
    refresh("en")
    assert found(client, "en", "xbt") == []
    client.force_login(administrator)
    response = client.post("/admin/helpcenter/synonym/add/", {"language": "en", "words": "XBT, BTC"})
    assert response.status_code == 302
    assert found(client, "en", "xbt") == ["a"]


ONE_WAY = [
    ("en", "die, kids => testament", "bitcoins for my kids when I die", "Think about your testament"),
    ("zh-hans", "传销, 拉人头 => 庞氏骗局", "这该不会是传销吧", "比特币是庞氏骗局吗"),
    ("ko", "막아버리 => 규제", "나라에서 막아버리면 어떻게 되나요", "비트코인 규제 안내"),
    ("ru", "жена, умру => завещание", "как жена получит деньги, если я умру", "Завещание"),
]


@pytest.mark.parametrize(("language", "words", "question", "title"), ONE_WAY)
def test_what_people_say_finds_what_texts_say_in_the_middle_of_a_question(language, words, question, title):
    write("wanted", **{language.replace("-", "_"): f"{title}\n-"})
    fill(language)
    add_synonyms(language, words)
    refresh(language)
    assert ask(question, language)[0] == ["wanted"]


def test_synonyms_with_an_arrow_hold_one_way():
    write("die", en="The die is cast\n-")
    write("testament", en="Your testament\n-")
    add_synonyms("en", "die => testament")
    refresh("en")
    assert ask("die", "en")[0] == ["die", "testament"]
    assert ask("testament", "en")[0] == ["testament"]


def test_a_phrase_counts_only_where_it_stands_whole():
    write("half", en="A common scheme of colours\nMore of it.")
    write("whole", en="Colours\nThis is a Ponzi scheme and nothing else.")
    add_synonyms("en", "con => ponzi scheme")
    refresh("en")
    assert ask("perhaps a con", "en")[0] == ["whole"]


def test_a_word_that_synonyms_are_kept_for_is_no_mistyped_one():
    write("wide", en="A wide screen\n-")
    write("testament", en="Your testament\n-")
    add_synonyms("en", "wife => testament")
    refresh("en")
    assert ask("wife", "en") == (["testament"], Stage.ALL_WORDS)
