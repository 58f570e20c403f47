"""A question finds its answer: in the reader's language first, all words before some, mistyped words put right, and in
another language where the own one has nothing. What is not public is never found."""

import random
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils.http import urlencode
from hypothesis import given, settings
from hypothesis import strategies as st

from helpcenter.actions import publishing, wording
from helpcenter.enums import Audience, Stage
from helpcenter.models import SiteLanguage, Synonym
from helpcenter.search import asking, indexing
from helpcenter.search.plan import plan
from tests.helpcenter import searching
from tests.helpcenter.factories import ArticleFactory, CategoryFactory, publish_text, save_text
from tests.helpcenter.searching import found, lexicon_of, refresh, search_json, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_index():
    searching.clear_indexes()


def ask(question, language, **options):
    answer = asking.ask(question, language, **options)
    return searching.slugs(answer), answer.stage


FILLER = {"en": "Zzz", "zh-hans": "别的", "zh-hant": "別的", "ja": "別の話", "ko": "다른 것", "ar": "شيء", "ru": "иное"}


def fill(*languages):
    """Something else in these languages, so that their indexes hold an article."""
    write("filler", **{language.replace("-", "_"): f"{FILLER[language]}\n-" for language in languages})


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


# Corrections


@pytest.mark.parametrize(
    ("language", "title", "typed", "said"),
    [
        ("en", "Withdrawal", "withdrawl", "withdrawal"),
        ("en", "Withdrawal", "wihtdrawal", "withdrawal"),
        ("en", "Withdrawal", "withdrrawall", "withdrawal"),
        ("en", "Margin", "margni", "margin"),
        ("en", "Fees", "fees margin", ""),
        ("es", "Liquidación", "liquidacoin", "liquidacion"),
        ("ru", "Комиссия", "комисия", "комиссия"),
        ("tr", "Güvenlik", "güvenilk", "guvenlik"),
        ("ar", "المحفظة", "المحفضة", "المحفظه"),
        ("en", "Hardware wallet", "hardwarewallet", "hardware wallet"),
    ],
)
def test_a_mistyped_word_is_put_right(language, title, typed, said):
    write("a", **{language: f"{title}\n-"})
    refresh(language)
    answer = asking.ask(typed, language)
    assert searching.slugs(answer) == ["a"]
    assert answer.corrected == said
    assert answer.stage == (Stage.CORRECTED if said else Stage.SOME_WORDS)


LEXICON = lexicon_of(
    {"wallet": 3, "walled": 9, "withdrawal": 5, "fee": 7, "margin": 2, "fees": 1, "2024": 4, "цена": 3}
)


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("walle", "walled"),  # the more frequent of two that are one edit away
        ("walet", "wallet"),
        ("wallte", "wallet"),  # neighbours exchanged count as one edit
        ("wlalte", None),  # two edits in six letters are too many
        ("wthdrawl", "withdrawal"),  # two edits in eight letters
        ("wtdrawl", None),
        ("xargin", None),  # another first letter
        ("fex", None),  # three letters are too few
        ("2025", None),  # a number means what it says
        ("цеха", "цена"),
        ("", None),
        ("w" * 200, None),
    ],
)
def test_the_nearest_word(word, nearest):
    assert LEXICON.correct(word) == nearest


KOREAN = lexicon_of({"출금이": 3, "출금": 4, "출국": 1, "비밀번호를": 2, "입금": 5, "수수료": 1})


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("출긍", "출금"),
        ("츌금했어요", "출금했어요"),  # what is glued to a word stays as it was typed
        ("비밀먼호", "비밀번호"),
        ("출금", None),
        ("출금을", None),
        ("추릉", None),  # two letters are too many
        ("수수로", None),  # one document is too few to be sure
        ("금", None),
    ],
)
def test_the_nearest_korean_word(word, nearest):
    assert KOREAN.correct_syllables(word) == nearest


@pytest.mark.parametrize(
    ("word", "parts"),
    [("stoploss", ("stop", "loss")), ("stopsloss", None), ("astop", None), ("", None)],
)
def test_two_known_words_typed_as_one_are_parted(word, parts):
    assert lexicon_of({"stop": 3, "loss": 1, "a": 9}).parted(word) == parts


def test_a_word_that_is_nearly_another_is_not_parted():
    write("a", en="Bitcoin\n-")
    write("b", en="Bin coin\n-")
    refresh("en")
    assert asking.ask("bincoin", "en").corrected == "bitcoin"


def test_a_korean_word_with_one_wrong_letter_finds_its_page_and_says_so():
    write("a", ko="출금 안내\n출금은 이렇게 합니다.")
    write("b", ko="출금 한도\n하루의 출금 한도입니다.")
    refresh("ko")
    answer = asking.ask("출긍 안내", "ko")
    assert searching.slugs(answer)[0] == "a"
    assert (answer.stage, answer.corrected) == (Stage.CORRECTED, "출금 안내")


def test_what_is_glued_to_a_korean_word_is_not_required_of_a_text():
    write("a", ko="출금 한도\n하루의 출금 한도입니다.")
    write("b", ko="가입에서의 절차\n가입 절차입니다.")
    refresh("ko")
    assert searching.slugs(asking.ask("출금에서의 한도", "ko"))[0] == "a"


def test_a_known_word_is_never_corrected():
    write("a", en="Walled garden\n-")
    write("b", en="Wallet\nWallet wallet wallet")
    refresh("en")
    answer = asking.ask("walled wallets", "en")
    assert answer.corrected == ""


def test_what_all_words_find_is_not_corrected():
    write("a", en="Walet\nThe Walet brand.")
    write("b", en="Wallet\nwallet wallet")
    refresh("en")
    assert ask("walet", "en")[0][0] == "a"


def test_the_page_says_what_it_shows_results_for(client):
    write("a", en="Withdrawal\n-")
    refresh("en")
    page = client.get("/en/search/", {"q": "withdrawl"}).content.decode()
    assert "Showing results for “withdrawal”" in page
    assert search_json(client, "en", "withdrawl")["corrected"] == "withdrawal"


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


# Synonyms


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
    wording.add_synonyms(language, [words])
    refresh(language)
    assert ask(question, language)[0] == ["wanted"]


def test_a_whole_phrase_ranks_above_one_of_its_words():
    write("one", en="Two\nTwo and two and two again.")
    write("phrase", en="Codes\nA two-factor code is asked for on every device that you use.")
    wording.add_synonyms("en", ["2FA, two-factor"])
    refresh("en")
    assert ask("2fa", "en")[0][0] == "phrase"


def test_the_word_itself_ranks_above_its_synonym():
    write("synonym", en="BTC\n-")
    write("word", en="XBT\n-")
    wording.add_synonyms("en", ["XBT, BTC"])
    refresh("en")
    assert ask("xbt", "en")[0] == ["word", "synonym"]


def test_a_rare_name_weighs_hardly_more_than_the_common_one_for_the_same():
    """Of six pages on bitcoin one writes `BTC`: asked with `btc`, it is not the page for every question."""
    write("fees", en="Bitcoin fees\nWhat bitcoin fees are.")
    write("contract", en="BTC contract\nA contract in BTC.")
    write("other", en="More fees\nOther fees and limits.")
    for number in range(4):
        write(f"bitcoin-{number}", en=f"Page {number}\nAbout bitcoin.")
    wording.add_synonyms("en", ["bitcoin, btc"])
    refresh("en")
    assert ask("price fees in btc", "en")[0][0] == "fees"


def test_a_rare_name_of_an_empty_language_finds_nothing():
    wording.add_synonyms("en", ["bitcoin, btc"])
    write("filler", ja="別の話\n-")
    refresh("en", "ja")
    assert ask("btc", "en")[0] == []


def test_a_synonym_of_one_language_means_nothing_in_another():
    write("a", en="BTC\n-", ja="BTC\n-")
    wording.add_synonyms("ja", ["XBT, BTC"])
    refresh("en", "ja")
    assert ask("xbt", "ja")[0] == ["a"]
    assert asking._public.ask("xbt", "en").results == []  # in English alone: Japanese would answer


def test_a_synonym_of_all_languages_holds_in_each():
    write("a", en="BTC\n-", zh_hans="BTC\n-", ar="BTC\n-")
    wording.add_synonyms("", ["XBT, BTC"])
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
    wording.add_synonyms(language, [words])
    refresh(language)
    assert ask(question, language)[0] == ["wanted"]


def test_synonyms_with_an_arrow_hold_one_way():
    write("die", en="The die is cast\n-")
    write("testament", en="Your testament\n-")
    wording.add_synonyms("en", ["die => testament"])
    refresh("en")
    assert ask("die", "en")[0] == ["die", "testament"]
    assert ask("testament", "en")[0] == ["testament"]


def test_a_phrase_counts_only_where_it_stands_whole():
    write("half", en="A common scheme of colours\nMore of it.")
    write("whole", en="Colours\nThis is a Ponzi scheme and nothing else.")
    wording.add_synonyms("en", ["con => ponzi scheme"])
    refresh("en")
    assert ask("perhaps a con", "en")[0] == ["whole"]


def test_a_word_that_synonyms_are_kept_for_is_no_mistyped_one():
    write("wide", en="A wide screen\n-")
    write("testament", en="Your testament\n-")
    wording.add_synonyms("en", ["wife => testament"])
    refresh("en")
    assert ask("wife", "en") == (["testament"], Stage.ALL_WORDS)


# Other languages


def test_the_own_language_comes_first_and_alone(client):
    write("own", ja="BTC\n-")
    write("foreign", en="BTC\nBTC BTC")
    refresh("ja", "en")
    assert found(client, "ja", "btc") == ["own"]


def test_nothing_of_the_own_language_means_another_one_each_hit_labelled(client):
    write("a", en="Hardware wallet\n-")
    fill("ja")
    refresh("ja", "en")
    data = search_json(client, "ja", "hardware wallet")
    assert data["stage"] == "other_language"
    assert [(row["slug"], row["language"]) for row in data["results"]] == [("a", "en")]
    page = client.get("/ja/search/", {"q": "hardware wallet"}).content.decode()
    assert re.search(r'lang="en"[^>]*>English<', page)


def test_an_untranslated_article_is_not_a_hit_of_the_own_language():
    write("a", en="Hardware wallet\n-", ja="ハードウェア\n-")
    write("b", en="Hardware wallet\n-")
    refresh("ja", "en")
    results = asking.ask("hardware", "ja").results
    assert {result.language for result in results} == {"en"}


@pytest.mark.parametrize(("language", "variant"), [("zh-hans", "zh-hant"), ("zh-hant", "zh-hans")])
def test_the_other_chinese_script_comes_before_english(language, variant):
    write("variant", **{variant.replace("-", "_"): "强平 BTC\n-"})
    write("english", en="BTC\n-")
    write("own", **{language.replace("-", "_"): "别的\n-"})
    refresh("zh-hans", "zh-hant", "en")
    results = asking.ask("BTC", language).results
    assert [result.language for result in results] == [variant, "en"]


@pytest.mark.parametrize(
    ("reader", "question", "written", "title"),
    [("zh-hans", "强平价格", "zh-hant", "強平價格"), ("zh-hant", "強平價格", "zh-hans", "强平价格")],
)
def test_a_reader_of_one_chinese_script_finds_the_other(reader, question, written, title):
    write("a", **{written.replace("-", "_"): f"{title}\n-"})
    write("b", **{reader.replace("-", "_"): "别的\n-"})
    refresh("zh-hans", "zh-hant", "en")
    assert ask(question, reader) == (["a"], Stage.OTHER_LANGUAGE)


@pytest.mark.parametrize("reader", ["zh-hans", "zh-hant"])
@pytest.mark.parametrize("question", ["証明書", "送金の証明", "売買価格", "暗号資産の種類"])
def test_a_reader_of_chinese_finds_japanese_as_it_is_written(reader, question):
    write("a", ja=f"{question}\n-")
    fill("zh-hans", "zh-hant")
    refresh("zh-hans", "zh-hant", "ja")
    assert ask(question, reader) == (["a"], Stage.OTHER_LANGUAGE)


def test_a_language_without_a_single_article_answers_in_another():
    write("a", en="Hardware wallet\nKeep it safe.")
    refresh()
    for language in ("zh-hans", "ja", "ko", "ar", "vi"):
        for question in ("hardware wallet", "keep hardware", "the wallet"):
            assert ask(question, language) == (["a"], Stage.OTHER_LANGUAGE)


def test_an_empty_index_is_no_damage(client):
    refresh("ja")
    assert search_json(client, "ja", "hardware wallet")["stage"] == "nothing"
    assert not indexing.backend("ja").folder.is_damaged()


def test_other_languages_are_asked_although_the_own_index_is_gone(client):
    write("a", en="Hardware wallet\n-")
    refresh("en")
    assert found(client, "ja", "hardware wallet") == ["a"]


def test_a_language_that_was_switched_off_answers_nobody(client):
    write("a", ko="출금 한도\n-")
    fill("ja")
    refresh("ja", "ko")
    assert found(client, "ja", "출금") == ["a"]
    SiteLanguage.objects.filter(code="ko").update(is_public=False)
    refresh("ja", "ko")
    assert found(client, "ja", "출금") == []


def test_searching_all_languages_puts_the_own_one_first_and_no_article_twice(client):
    write("both", ja="BTC の話\n-", en="BTC\n-")
    write("foreign", en="BTC BTC\nBTC")
    refresh("ja", "en")
    data = search_json(client, "ja", "btc", all="1")
    assert [(row["slug"], row["language"]) for row in data["results"]] == [("both", "ja"), ("foreign", "en")]
    assert "all=1" in client.get("/ja/search/", {"q": "btc"}).content.decode()


def test_an_answer_from_elsewhere_appears_once_its_index_is_in_step(client):
    """The first reader asks between the publication and the index; the others must not wait a minute for it."""
    article = write("a", en="Old\n-")
    fill("ja")
    refresh("ja", "en")
    publish_text(article, "en", "Nouveauword is here.")
    assert found(client, "ja", "nouveauword") == []
    indexing.sync("en")
    assert found(client, "ja", "nouveauword") == ["a"]


TEXTS = {
    "en": "Keep your recovery phrase on paper. Never share it with support staff or friends.",
    "zh-hans": "强平价格取决于保证金比率。请勿与任何人分享助记词。",
    "zh-hant": "強平價格取決於保證金比率。請勿與任何人分享助記詞。",
    "ja": "送金の証明書は取引画面から発行できます。手数料は無料です。",
    "ko": "출금 한도는 인증 등급에 따라 다릅니다. 수수료를 확인하세요.",
    "ar": "احتفظ بعبارة الاسترداد على الورق. لا تشاركها مع أي شخص.",
    "ru": "Храните фразу восстановления на бумаге. Комиссия за вывод меняется.",
    "tr": "Kurtarma ifadesini kâğıtta saklayın. İşlem ücretleri değişir.",
    "vi": "Hãy giữ cụm từ khôi phục trên giấy. Phí rút tiền thay đổi.",
    "es": "Guarde la frase de recuperación en papel. La comisión de retiro cambia.",
}
UNSPACED = ("zh-hans", "zh-hant", "ja")


def piece(data, language):
    """Some words of the text of a language, or a stretch of it where there are no blanks."""
    text = TEXTS[language]
    if language in UNSPACED:
        start = data.draw(st.integers(0, len(text) - 2))
        return text[start : start + data.draw(st.integers(2, 9))]
    return " ".join(data.draw(st.lists(st.sampled_from(text.split()), min_size=1, max_size=5, unique=True)))


def test_no_search_is_empty_while_another_language_has_the_answer():
    for language, text in TEXTS.items():
        write(f"in-{language}", **{language.replace("-", "_"): f"{language}\n{text}"})
    refresh(*TEXTS)

    @settings(max_examples=80, deadline=None, derandomize=True, database=None)
    @given(st.data())
    def check(data):
        written, reader = data.draw(st.permutations(list(TEXTS)))[:2]
        question = piece(data, written)
        there = asking._public.ask(question, written)
        if there.stage == Stage.ALL_WORDS:
            assert asking.ask(question, reader).results, (reader, written, question)

    check()


def test_one_unknown_word_does_not_silence_the_other_languages():
    write("a", en="Recovery phrase\nKeep your recovery phrase on paper.", ja="別\n-")
    refresh("ja", "en")
    for question in ("recovery phrase xqzt", "keep recovery phrase xqzt wvpt", "paper xqzt"):
        assert asking._public.ask(question, "en").results
        assert ask(question, "ja")[0] == ["a"]


# What is not public


def unpublished(article):
    for language in ("en", "ja"):
        publishing.unpublish(article, language, by=None)


def archived(article):
    publishing.archive(article, by=None)


def agents_only(article):
    article.audience = Audience.AGENTS
    article.save()


PATHS = ["/en/search/?q=canaryword", "/ja/search/?q=canaryword", "/en/search/?q=canaryw", "/ja/search/?q=カナリア"]
PATHS += [f"{path}&format=json" for path in PATHS] + ["/en/search/?q=public+canaryword&all=1"]


@pytest.mark.parametrize("hide", [unpublished, archived, agents_only])
@pytest.mark.parametrize("index", ["in step", "behind", "missing"])
def test_a_text_that_is_no_longer_public_is_not_found(client, hide, index):
    article = write(
        "canary", en="Tralala title\nThe canaryword sings tralala.", ja="カナリア tralala\ncanaryword tralala"
    )
    write("public", en="Public\npublic", ja="公開\n-")
    refresh("en", "ja")
    assert found(client, "en", "canaryword") == ["canary"]
    hide(article)
    if index == "missing":
        searching.clear_indexes()
    refresh(*(("en", "ja") if index == "in step" else ("ko",)))
    for path in PATHS:
        assert "tralala" not in client.get(path).content.decode().lower(), path


@pytest.mark.parametrize("path", PATHS)
def test_drafts_and_agents_texts_are_not_found(client, path):
    save_text(ArticleFactory(slug="draft"), "en", "The canaryword sings tralala.")
    later = write("later", en="Public\nPublic text.")
    save_text(later, "en", "Now with canaryword tralala.")
    ArticleFactory(agents_only=True, slug="agents", texts={"en": "canaryword tralala", "ja": "カナリア tralala"})
    refresh("en", "ja")
    page = client.get(path).content.decode()
    assert "tralala" not in page
    assert "agents" not in found(client, "en", "canaryword")


def test_a_word_for_agents_corrects_nobody(client):
    write("public", en="Public\nText.")
    ArticleFactory(agents_only=True, texts={"en": "The canaryword."})
    save_text(ArticleFactory(), "en", "The draftedword.")
    refresh("en")
    for typed in ("canarywort", "draftedwort"):
        assert search_json(client, "en", typed)["corrected"] == ""


def test_counts_of_filters_count_no_hidden_text(client):
    guide = ArticleFactory(guide=True, texts={"en": "wallet"})
    ArticleFactory(texts={"en": "wallet"})
    agents_only(ArticleFactory(guide=True, texts={"en": "wallet"}))
    refresh("en")
    page = client.get("/en/search/", {"q": "wallet"}).content.decode()
    assert re.findall(r'class="num">(\d+)<', page) == ["1"] * len(re.findall(r'class="num"', page))
    assert guide.slug in page


def test_agents_find_what_is_for_them_before_what_is_public():
    write("public", en="Canaryword\n-")
    ArticleFactory(agents_only=True, slug="agents", texts={"en": "canaryword"})
    refresh("en")
    assert ask("canaryword", "en", for_agents=True) == (["agents", "public"], Stage.ALL_WORDS)
    assert ask("canaryword", "en")[0] == ["public"]


def test_what_only_agents_texts_answer_is_not_called_nothing():
    ArticleFactory(agents_only=True, slug="agents", texts={"en": "canaryword"})
    fill("en")
    refresh("en")
    slugs, stage = ask("canaryword", "en", for_agents=True)
    assert slugs == ["agents"]
    assert stage != Stage.NOTHING


def test_public_readers_never_open_the_index_for_agents(client):
    write("public", en="Wallet\n-")
    refresh("en")
    agents = indexing.backend("en.agents").folder
    for file in agents.path.rglob("*.toc"):
        file.write_bytes(b"not an index")  # whoever opens it says so
    indexing.backend("en.agents").close()
    for path in ("/en/search/?q=wallet", "/en/search/?q=walet", "/en/search/?q=qqqq&all=1", "/en/suggest/?q=wall"):
        assert client.get(path).status_code == 200
    assert not agents.is_damaged()


# Filters and pages


@pytest.fixture
def shelf(db):
    """Wallets in two topics, one of them with a topic below it, of both kinds."""
    security = CategoryFactory(slug="security", name_en="Security")
    keys = CategoryFactory(slug="keys", name_en="Keys", parent=security)
    trading = CategoryFactory(slug="trading", name_en="Trading")
    for number in range(3):
        ArticleFactory(slug=f"faq-{number}", category=security, texts={"en": "wallet"})
    ArticleFactory(slug="guide", category=keys, guide=True, texts={"en": "wallet"})
    ArticleFactory(slug="trade", category=trading, texts={"en": "wallet"})
    refresh("en")


def chips(client, **query):
    """Label -> (count, whether it is chosen, address) of the filters on the page."""
    page = client.get("/en/search/", {"q": "wallet", **query}).content.decode()
    rows = re.findall(r'<a class="chip" href="([^"]+)"([^>]*)>(.+?) <span class="num">(\d+)</span>', page)
    labels = [re.sub(r"<[^>]*>", "", label) for _, _, label, _ in rows]
    values = [(int(count), "aria-current" in rest, url.replace("&amp;", "&")) for url, rest, _, count in rows]
    return dict(zip(labels, values, strict=True))


@pytest.mark.usefixtures("shelf")
def test_filters_show_how_many_results_are_behind_them(client):
    counts = {label: count for label, (count, *_) in chips(client).items()}
    assert counts == {"Question and answer": 4, "Step-by-step guide": 1, "Security": 4, "Trading": 1}


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("label", ["Question and answer", "Step-by-step guide", "Security", "Trading"])
def test_behind_a_filter_are_as_many_results_as_it_says(client, label):
    count, _, address = chips(client)[label]
    data = client.get(f"/en/search/{address}&format=json").json()
    assert data["total"] == len(data["results"]) == count
    assert chips(client, **dict(part.split("=") for part in address[1:].split("&")))[label][1]


@pytest.mark.usefixtures("shelf")
def test_filters_narrow_together_and_can_be_lifted(client):
    assert found(client, "en", "wallet", kind="guide", category="security") == ["guide"]
    assert found(client, "en", "wallet", kind="guide", category="trading") == []
    page = client.get("/en/search/", {"q": "wallet", "kind": "guide", "category": "trading"})
    assert "No result matches these filters." in page.content.decode()
    _, chosen, address = chips(client, kind="guide")["Step-by-step guide"]
    assert chosen
    assert "kind" not in address


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize("more", ["profit & loss", "C#", "a+b", "50%25", '"<b>'])
def test_the_way_back_from_filters_asks_the_same(client, more):
    asked = {"q": f"wallet {more}", "kind": "guide", "category": "trading"}
    page = client.get("/en/search/", asked).content.decode()
    address = unescape(re.search(r'<a href="([^"]*)">Remove the filters</a>', page)[1])
    assert parse_qs(urlsplit(address).query) == {"q": [asked["q"]]}
    assert "#" not in address


@pytest.mark.usefixtures("shelf")
@pytest.mark.parametrize(
    "query",
    [
        {"kind": "nonsense"},
        {"category": "nonsense"},
        {"language": "zz"},
        {"language": "xx"},
        {"page": "-1"},
        {"all": "2"},
    ]
    + [{"category": "<b>" * 50}, {"language": "\x00"}, {"category": "\x00"}, {"kind": "\x00"}, {"page": "9" * 500}],
)
def test_a_filter_that_does_not_exist_breaks_nothing(client, query):
    response = client.get("/en/search/", {"q": "wallet", **query})
    assert response.status_code == 200
    assert "<b><b>" not in response.content.decode()


def test_counts_by_language_appear_only_after_searching_all_languages(client):
    write("a", en="BTC\n-")
    write("b", ja="BTC\n-")
    refresh("en", "ja")
    assert "English" not in chips(client)
    page = client.get("/en/search/", {"q": "btc"}).content.decode()
    assert "Filter by language" not in page
    assert "Filter by language" in client.get("/en/search/", {"q": "btc", "all": "1"}).content.decode()


def test_a_language_can_be_chosen_among_all(client):
    write("a", en="BTC\n-")
    write("b", ja="BTC\n-")
    refresh("en", "ja")
    assert found(client, "en", "btc", code="ja") == ["b"]
    assert found(client, "en", "btc", code="en") == ["a"]


def test_pages_hold_ten_and_together_everything_once(client):
    for number in range(23):
        write(f"a-{number}", en=f"Wallet {number}\n-")
    refresh("en")
    pages = [search_json(client, "en", "wallet", page=str(number)) for number in (1, 2, 3)]
    slugs = [row["slug"] for page in pages for row in page["results"]]
    assert [len(page["results"]) for page in pages] == [10, 10, 3]
    assert {page["total"] for page in pages} == {23}
    assert len(set(slugs)) == 23


def test_a_page_that_does_not_exist_is_the_nearest_one(client):
    for number in range(23):
        write(f"a-{number:02}", en=f"Wallet {number}\n-")
    refresh("en")
    pages = {number: found(client, "en", "wallet", page=str(number)) for number in (1, 3)}
    for asked, shown in (("99", 3), ("0", 1), ("-1", 1), ("two", 1), ("", 1), ("1e3", 1), ("²", 1), ("9" * 500, 1)):
        assert found(client, "en", "wallet", page=asked) == pages[shown], asked


def test_links_to_pages_keep_the_question_and_the_filters(client):
    for _ in range(12):
        ArticleFactory(guide=True, texts={"en": "wallet & key"})
    refresh("en")
    page = client.get("/en/search/", {"q": "wallet & key", "kind": "guide"}).content.decode()
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(\?[^"]*page=2[^"]*)"', page)]
    assert links
    assert len(client.get(f"/en/search/{links[0]}&format=json").json()["results"]) == 2


def test_a_search_costs_at_most_four_queries(client, django_assert_max_num_queries):
    for number in range(12):
        write(f"a-{number}", en=f"Wallet {number}\n-")
    write("only", en="Ledger\n-")
    refresh("en")
    for question in ("ledger", "wallet"):
        found(client, "en", question)  # warm
        with django_assert_max_num_queries(4):
            found(client, "en", question)


# The page itself


def test_json_has_the_fields_that_scripts_rely_on(client):
    write("a", en="Wallet\nA wallet.")
    refresh("en")
    data = search_json(client, "en", "wallet")
    assert {"results", "total", "stage"} <= data.keys()
    assert data["results"] == [
        {
            "slug": "a",
            "title": "Wallet",
            "language": "en",
            "type": "faq",
            "url": "/en/articles/a/",
            "excerpt": "A <mark>wallet</mark>.",
        }
    ]
    assert (data["total"], data["stage"]) == (1, "all_words")


def test_every_result_leads_to_its_page(client):
    write("a", en="BTC\n-")
    write("b", ja="BTC\n-")
    fill("ko")
    refresh("en", "ja", "ko")
    rows = search_json(client, "ko", "btc")["results"]
    assert len(rows) == 2
    assert [client.get(row["url"]).status_code for row in rows] == [200, 200]


def test_results_are_private_fresh_and_not_for_robots(client):
    response = client.get("/en/search/", {"q": "x"})
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert not response.cookies


def test_the_question_stays_in_the_box(client):
    page = client.get("/en/search/", {"q": 'lost "keys" <now>'}).content.decode()
    assert 'value="lost &quot;keys&quot; &lt;now&gt;"' in page


@pytest.mark.parametrize("language", ["en", "zh-hans", "ja", "ko", "ar"])
def test_an_empty_site_answers_every_question(client, language):
    for built in (False, True):
        if built:
            refresh(language)
        for query in ("", "?q=", "?q=wallet", "?q=强平", "?page=3"):
            assert client.get(f"/{language}/search/{query}").status_code == 200


def test_a_language_of_the_interface_alone_searches_its_fallback(client):
    write("a", en="Wallet\n-")
    refresh("en")
    assert found(client, "xx", "wallet") == ["a"]


def test_nothing_found_offers_the_topics(client):
    CategoryFactory(slug="security", name_en="Security")
    write("a", en="Wallet\n-")
    refresh("en")
    page = client.get("/en/search/", {"q": "qqqqq"}).content.decode()
    assert "Nothing found" in page
    assert "/en/categories/" in page


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_a_search_is_only_read(client, method):
    assert getattr(client, method)("/en/search/").status_code == 405


# Hostile questions

HOSTILE = {
    "ten kilobytes": "wallet " * 1500,
    "ten kilobytes of one word": "w" * 10_240,
    "ten kilobytes of han": "强" * 10_240,
    "different han": "".join(map(chr, range(0x4E00, 0x4E00 + 3000))),
    "NUL": "wal\x00let\x00",
    "wildcards": "*a* *let wall* ?allet [a-z]*",
    "only a wildcard": "*",
    "percent and underscore": "%_% 100%",
    "operators": "AND " * 1000,
    "a query language": 'title:wallet^99 NOT (body:"x" OR *) wallet~2 [a TO z]',
    "brackets": "((((((((((",
    "sql": "'; DROP TABLE helpcenter_article; --",
    "markup": "<script>alert(1)</script>",
    "template": "{{ settings.SECRET_KEY }} {% debug %}",
    "line breaks": "wallet\r\nX-Injected: 1\r\n\r\n",
    "direction": "\u202etellaw\u202c",
    "combining marks": "w" + "\u0301" * 500,
    "expanding ligatures": "ﷺ" * 200,
    "emoji": "🚀" * 300,
    "tatweel": "ـ " * 50,
    "non-characters": "\ufffe\uffff\U0010ffff",
    "digits of the world": "٣٤٥ ३४५ ３４５ Ⅷ ½ ²",
    "only apostrophes": "' ' ' ’",
    "path": "../../../../etc/passwd",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_no_question_breaks_the_page(client, case):
    write("a", en="Wallet\nA wallet.", zh_hans="钱包\n强平", ar="محفظة\n-")
    refresh("en", "zh-hans", "ar")
    for language in ("en", "zh-hans", "ar", "ja"):  # Japanese has no index: the database is asked
        for more in ({}, {"format": "json", "all": "1"}):
            response = client.get(f"/{language}/search/", {"q": HOSTILE[case], **more})
            assert response.status_code == 200
            assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize("raw", ["%ff%fe", "%ED%A0%80", "%00%00", "%", "%zz", "a&q=b", "a;b", "%F4%90%80%80"])
def test_bytes_that_are_no_text_break_nothing(client, raw):
    refresh("en")
    assert client.get(f"/en/search/?q={raw}").status_code == 200


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(
    text=st.text(max_size=60),
    language=st.sampled_from(["en", "zh-hans", "ja", "ko", "ar"]),
)
def understand(text, language):
    asked = plan(text, language)
    assert len(asked.words) <= 12
    assert asked.is_empty == (not asked.words)
    asking.ask(text, language)


def test_any_text_can_be_asked():
    write("a", en="Wallet\nA wallet.", zh_hans="钱包\n强平", ar="محفظة\n-", ja="財布\n-", ko="지갑\n-")
    refresh("en", "zh-hans", "ja", "ko", "ar")
    understand()


def test_words_after_the_twenty_fourth_are_not_asked_for():
    words = (
        "alpha bravo charlie delta echo foxtrot golf hotel india juliet kilo lima "
        "mike november oscar papa quebec romeo sierra tango uniform victor whiskey xray"
    )
    write("a", en=f"Words\n{words}")
    refresh("en")
    assert ask(f"{words} qqqqq wwwww", "en") == (["a"], Stage.ALL_WORDS)
    assert ask(f"qqqqq {words}", "en")[1] != Stage.ALL_WORDS


def test_characters_after_the_two_hundredth_are_not_asked_for(client):
    question = "alpha " + "?" * 200 + " bravo"
    write("a", en="Alpha\n-")
    refresh("en")
    assert len(question) > 200
    assert search_json(client, "en", question)["stage"] == "all_words"


def test_a_question_is_cut_the_same_in_every_script():
    assert len(plan("强" * 500, "zh-hans").words[0].text) == 200
    assert len(plan("ab " * 200, "en").words) == 24


# Without an index: the database


def test_the_database_answers_where_there_is_no_index(client):
    write("title", en="Wallet\n-")
    write("text", en="Other\nA wallet & more.")
    write("neither", en="Other\n-")
    data = search_json(client, "en", "wallet")
    assert [row["slug"] for row in data["results"]] == ["title", "text"]
    assert data["stage"] == "database"
    page = client.get("/en/search/", {"q": "wallet"}).content.decode()
    assert "reduced quality" in page


@pytest.mark.parametrize(
    ("language", "title", "question"),
    [
        ("en", "Hot Wallet", "wallet hot"),
        ("zh-hans", "强平价格", "强平"),
        ("ja", "出金の手数料", "手数料"),
        ("ko", "출금 한도", "한도 출금"),
        ("ar", "محفظة باردة", "محفظة"),
    ],
)
def test_the_database_answers_in_every_script(client, language, title, question):
    write("a", **{language.replace("-", "_"): f"{title}\n-"})
    assert found(client, language, question) == ["a"]


@pytest.mark.parametrize("question", ["%", "_", "w%t", "w_llet", "\\", "100%", "*"])
def test_wildcards_of_the_database_are_plain_characters(client, question):
    write("a", en="Wallet\nA wallet.")
    assert found(client, "en", question) == []


def test_a_search_without_an_index_costs_few_queries(client, django_assert_max_num_queries):
    for number in range(12):
        write(f"a-{number}", en=f"Wallet {number}\n-")
    found(client, "en", "wallet")
    with django_assert_max_num_queries(6):
        found(client, "en", "wallet")


def test_seeded_questions_give_the_same_order_twice():
    chance = random.Random(3)
    words = ["wallet", "fee", "order", "margin"]
    for number in range(15):
        write(f"a-{number}", en="Title\n" + " ".join(chance.choices(words, k=8)))
    refresh("en")
    for question in (" ".join(chance.sample(words, 2)) for _ in range(5)):
        assert ask(question, "en") == ask(question, "en")


def test_addresses_survive_a_question_of_any_characters(client):
    write("a", en="Wallet\n-")
    refresh("en", "ja")
    for question in ("wallet & key", "wallet#1", "wallet?x=1", "wallet+1", "ウォレット wallet"):
        page = client.get(f"/en/search/?{urlencode({'q': question})}").content.decode()
        assert page.count("<h1") == 1
