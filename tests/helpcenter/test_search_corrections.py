"""Mistyped words are put right where the texts know a better one, and the page says so."""

import pytest

from helpcenter.enums import Stage
from helpcenter.search import asking
from tests.helpcenter import searching
from tests.helpcenter.searching import ask, lexicon_of, refresh, search_json, write

pytestmark = pytest.mark.usefixtures("empty_index")


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
