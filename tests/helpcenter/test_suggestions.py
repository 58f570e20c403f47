"""Suggestions: titles for a question that is still being typed, in the reader's language, and never a secret."""

import pytest

from helpcenter.actions import counting, publishing
from helpcenter.enums import Audience
from helpcenter.models import SearchLog
from helpcenter.search import asking
from helpcenter.views import page_cache
from tests.helpcenter import searching
from tests.helpcenter.factories import save_text
from tests.helpcenter.searching import lexicon_of, suggested

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_index():
    searching.clear_indexes()


# article, question typed so far, by language
BEGUN = [
    ("en", "Withdraw coins", "withd"),
    ("en", "Withdraw coins", "Withdr"),
    ("en", "Withdraw coins", "how to withdra"),
    ("en", "Lost my 2FA device", "lost 2fa dev"),
    ("en", "Lost my 2FA device", "2fa"),
    ("es", "Liquidación forzosa", "liquidac"),
    ("es", "Liquidación forzosa", "liquidació"),
    ("ru", "Вывод средств", "выво"),
    ("tr", "İşlem ücretleri", "işl"),
    ("tr", "Işık hızı", "ışı"),
    ("vi", "Rút tiền về ví", "rút tiề"),
    ("vi", "Rút tiền về ví", "rut tie"),
    ("ar", "المحفظة الباردة", "المحف"),
    ("zh-hans", "强平价格是什么", "强平"),
    ("zh-hans", "强平价格是什么", "强平价"),
    ("zh-hant", "強平價格是什麼", "强平"),
    ("ja", "出金の手数料", "出金"),
    ("ja", "ビットコインの送金", "ビット"),
    ("ko", "출금 한도", "출금"),
    ("ko", "출금 한도", "출금 한"),
]


@pytest.mark.parametrize(("language", "title", "typed"), BEGUN)
def test_a_begun_question_suggests_the_article(client, language, title, typed):
    searching.write("wanted", **{language.replace("-", "_"): f"{title}\n-"})
    searching.write("other", **{language.replace("-", "_"): "XYZ\n-"})
    searching.refresh(language)
    assert suggested(client, language, typed) == ["wanted"]


@pytest.mark.parametrize("typed", ["w", "wi", "a w", "出", "강"])
def test_too_little_suggests_nothing(client, typed):
    """Three letters, or two characters of a script without blanks, begin a word."""
    searching.write("a", en="Withdraw\nwith", ja="出金\n出", ko="강제\n강")
    searching.refresh("en", "ja", "ko")
    for language in ("en", "ja", "ko"):
        assert suggested(client, language, typed) == []


def test_there_are_at_most_six_each_once(client):
    for number in range(9):
        searching.write(f"fee-{number}", en=f"Fee schedule {number}\nfee fees feed")
    searching.refresh("en")
    answer = suggested(client, "en", "fee")
    assert len(answer) == len(set(answer)) == 6


def test_only_the_last_word_is_a_beginning(client):
    searching.write("a", en="Order book\n-")
    searching.refresh("en")
    assert suggested(client, "en", "order boo") == ["a"]
    assert suggested(client, "en", "ord book") == ["a"]  # of the words, one is found


def test_a_word_that_was_typed_before_is_not_lost_when_it_is_typed_again():
    """In `fee wallet fee` the last word goes on as `fees`; `wallet` still has to be there."""
    searching.write("both", en="One\nThe fee of a wallet.")
    searching.write("fees", en="Fees\nMany fees, fees and fees, and a fee.")
    searching.refresh("en")
    found = asking.suggest("fee wallet fee", "en", 6)
    assert searching.slugs(found) == ["both"]


def test_all_words_come_before_some(client):
    searching.write("some", en="Withdraw withdraw\nwithdraw")
    searching.write("all", en="Coins\nHow to withdraw coins.")
    searching.refresh("en")
    assert suggested(client, "en", "coins withdr")[0] == "all"


def test_a_prefix_goes_on_in_at_most_eight_ways():
    lexicon = lexicon_of(
        {f"fee{letter}": number for number, letter in enumerate("abcdefghijkl", 1)} | {"fee": 99, "x": 5}
    )
    assert lexicon.expand("fee") == [f"fee{letter}" for letter in "lkjihgfe"]


@pytest.mark.parametrize(("prefix", "expected"), [("", ["a", "b", "ba"]), ("b", ["ba"]), ("c", []), ("\U0010ffff", [])])
def test_expanding_finds_longer_words_only(prefix, expected):
    assert sorted(lexicon_of({"a": 1, "b": 1, "ba": 1}).expand(prefix)) == expected


def test_titles_are_in_the_readers_language_with_their_topic(client):
    article = searching.write("a", en="Withdraw\n-", ja="出金\n手数料の話")
    article.category.name_ja = "入出金"
    article.category.save()
    searching.refresh("en", "ja")
    (row,) = client.get("/ja/suggest/", {"q": "手数料"}).json()["results"]
    assert row == {"title": "出金", "url": "/ja/articles/a/", "category": "入出金"}


def test_a_suggestion_leads_to_a_page(client):
    searching.write("a", en="Withdraw\n-")
    searching.refresh("en")
    (row,) = client.get("/en/suggest/", {"q": "withdraw"}).json()["results"]
    assert client.get(row["url"]).status_code == 200


# What must not be suggested: a canary in title and text


@pytest.fixture
def article():
    made = searching.write("canary", en="Canary\nThe canary sings.", ja="カナリア\ncanary")
    searching.write("canal", en="Canal\nA canal.", ja="運河\ncanal")
    return made


def draft(article):
    save_text(article, "en", "A newcanary in a draft.")


def agents_only(article):
    article.audience = Audience.AGENTS
    article.save()


def archived(article):
    publishing.archive(article, by=None)


def unpublished(article):
    for language in ("en", "ja"):
        publishing.unpublish(article, language, by=None)


@pytest.mark.parametrize("hide", [agents_only, archived, unpublished])
@pytest.mark.parametrize("synced", [True, False])
def test_what_is_not_public_is_not_suggested(client, article, hide, synced):
    searching.refresh("en", "ja")
    assert suggested(client, "en", "canar") == ["canary"]
    hide(article)
    if synced:
        searching.refresh("en", "ja")
    for language in ("en", "ja"):
        assert "canary" not in suggested(client, language, "canar")


def test_words_of_a_draft_are_not_suggested(client, article):
    draft(article)
    searching.refresh("en")
    assert suggested(client, "en", "newcan") == []


def test_words_for_agents_do_not_lead_a_prefix_on(client):
    searching.write("public", en="Cannon\n-")
    agents_only(searching.write("canary", en="Canary\nThe canary sings."))
    searching.refresh("en")
    assert suggested(client, "en", "cana") == []


# Manners


HOSTILE = {
    "nothing": "",
    "blanks": "  \u3000 ",
    "NUL": "wal\x00let",
    "ten kilobytes": "wallet " * 1500,
    "one long word": "w" * 10_000,
    "wildcards": "*a* ?? [a-z]",
    "operators": "AND OR NOT " * 300,
    "quotes": "'\"; DROP TABLE helpcenter_article;--",
    "markup": "<script>alert(1)</script>",
    "direction": "\u202ewallet",
    "emoji": "🚀",
    "tatweel": "ـ",
    "last of unicode": "\U0010ffff",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_no_input_breaks_suggestions(client, case):
    searching.write("a", en="Wallet\nwallets", zh_hans="钱包\n-", ar="محفظة\n-")
    searching.refresh("en", "zh-hans", "ar")
    for language in ("en", "zh-hans", "ar"):
        assert len(suggested(client, language, HOSTILE[case])) <= 6


def test_bytes_that_are_no_text_break_nothing(client):
    searching.refresh("en")
    for raw in ("%ff%fe", "%ED%A0%80", "%00"):
        assert client.get(f"/en/suggest/?q={raw}").status_code == 200


def test_markup_in_a_title_stays_inside_json(client):
    searching.write("a", en="Wallet `</script><b>`\n-")
    searching.refresh("en")
    response = client.get("/en/suggest/", {"q": "wallet"})
    assert response.headers["Content-Type"].startswith("application/json")
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_suggestions_are_not_logged_and_set_no_cookie(client):
    searching.write("a", en="Wallet\n-")
    searching.refresh("en")
    response = client.get("/en/suggest/", {"q": "wallet"})
    assert not response.cookies
    assert counting.searches.flush() == 0
    assert not SearchLog.objects.exists()


def test_suggestions_are_kept_no_longer_than_pages(client):
    assert client.get("/en/suggest/", {"q": "wallet"}).headers["Cache-Control"] == page_cache.FRESH


def test_without_an_index_there_are_no_suggestions(client):
    searching.write("a", en="Wallet\n-")
    assert suggested(client, "en", "wallet") == []


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_suggestions_are_only_read(client, method):
    assert getattr(client, method)("/en/suggest/").status_code == 405


def test_suggestions_cost_the_same_queries_for_one_and_for_six(client, django_assert_max_num_queries):
    for number in range(6):
        searching.write(f"w-{number}", en=f"Wallet {number}\n-")
    searching.write("only", en="Ledger\n-")
    searching.refresh("en")
    for question in ("ledger", "wallet"):
        suggested(client, "en", question)  # warm
        with django_assert_max_num_queries(4):
            suggested(client, "en", question)
