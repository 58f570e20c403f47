"""The reader's own language comes first; another one answers, labelled, where it has nothing."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpcenter.enums import Stage
from helpcenter.models import SiteLanguage
from helpcenter.search import asking, indexing
from tests.helpcenter.factories import publish_text
from tests.helpcenter.searching import ask, fill, found, refresh, search_json, write

pytestmark = pytest.mark.usefixtures("empty_index")


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
