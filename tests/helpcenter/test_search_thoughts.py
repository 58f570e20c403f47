"""What a question means orders what its words have found: a thing or a trouble that a page's title, headings or lines of
readers say in any words."""

import pytest

from helpcenter.actions import drafting
from helpcenter.models import Article
from helpcenter.search import asking, concepts, indexing, thoughts
from helpcenter.search.backend import HelpSearchBackend
from helpcenter.search.plan import plan
from tests.helpcenter import searching
from tests.helpcenter.factories import ArticleFactory
from tests.helpcenter.searching import refresh, write


@pytest.fixture
def _empty_index(db):
    searching.clear_indexes()


def ask(question, language="en"):
    return searching.slugs(asking.ask(question, language))


# What a text and a question say


@pytest.mark.parametrize(
    ("language", "text", "question", "thought"),
    [
        ("en", "Withdraw funds", "how do i cash out to my wallet", "withdrawal"),
        ("es", "Su depósito", "metí plata y no la veo", "deposit"),
        ("ru", "Пополнение счёта", "закинул на биржу вчера вечером", "deposit"),
        ("ko", "입금 안내", "여기로 쏴주면 되는 건가요", "deposit"),
        ("zh-hant", "儲值說明", "昨天充了一點進去沒看到", "deposit"),
        ("ja", "入金について", "クレカで買った分が見当たらない", "deposit"),
    ],
)
def test_a_page_and_a_question_in_other_words_share_a_thought(language, text, question, thought):
    assert thought in set(thoughts.of_text(text, language))
    assert thought in thoughts.of_question(plan(question, language))


def test_a_text_says_a_thought_as_often_as_it_does():
    said = list(thoughts.of_text("Deposits\nMy deposit is missing\nA withdrawal", "en"))
    assert (said.count("deposit"), said.count("withdrawal")) == (2, 1)


@pytest.mark.parametrize(
    ("language", "name"), [("en", "withdrawal fee"), ("zh-hans", "提现"), ("ko", "출금"), ("ja", "")]
)
def test_a_name_has_no_thoughts(language, name):
    assert thoughts.of_question(plan(name, language)) == ()


def test_only_things_and_troubles_are_thoughts_of_a_page():
    kinds = concepts.vocabulary().kinds
    every = (
        "\n".join(kinds) + "\nhow do i do this yesterday and everything is fine, it was my mistake, solved, lost, fee"
    )
    assert {kinds[key] for key in thoughts.of_text(every, "en")} <= {concepts.THING, concepts.TROUBLE}


# What they do to an answer


@pytest.mark.usefixtures("_empty_index")
def test_of_pages_with_the_same_words_that_one_comes_first_which_is_about_the_same():
    """Two pages share `money` with the question and no other word; one is about withdrawals."""
    write("a-money", en="Money before\nOf shells.")
    write("withdraw", en="Money leaves\nWithdrawals.\n\n## Withdrawals\n-")
    for number in range(6):
        write(f"filler-{number}", en=f"Chapter {number}\nNothing in here.")
    refresh("en")
    assert ask("money before")[0] == "a-money"
    assert ask("where can one cash out the money")[0] == "withdraw"


@pytest.mark.usefixtures("_empty_index")
def test_a_thought_finds_nothing_that_no_word_has_found():
    write("withdraw", en="Withdrawals\nHow they are sent.")
    write("other", en="Colours\nA dark screen and a light one.")
    refresh("en")
    assert ask("please cash out my screen now") == ["other"]


@pytest.mark.usefixtures("_empty_index")
def test_lines_of_readers_say_what_a_page_is_about():
    write("a-plain", en="Money and days\nOf money.")
    text = drafting.Text("Money and hours", "Of money.", questions=("cash out takes forever",))
    ArticleFactory(slug="asked", texts={"en": text})
    for number in range(6):
        write(f"filler-{number}", en=f"Chapter {number}\nNothing in here.")
    refresh("en")
    assert ask("my money is stuck in a pending withdrawal")[0] == "asked"


TITLES = ["Deposit not credited", "Withdrawal fees and limits of the account", "Cancel an order that is stuck", "Fees"]


@pytest.mark.usefixtures("_empty_index")
def test_the_page_of_a_title_stays_first():
    """However much others are about the same."""
    for title in TITLES:
        slug = title.lower().replace(" ", "-")
        write(slug, en=f"{title}\n-")
        write(f"{slug}-more", en=f"More\n{title}.\n\n## Withdraw, deposit, order, fee\n\n## Missing deposits\n-")
    refresh("en")
    assert [ask(title)[0] for title in TITLES] == [title.lower().replace(" ", "-") for title in TITLES]


@pytest.mark.usefixtures("_empty_index")
def test_thoughts_score_by_how_few_pages_have_them():
    for number in range(8):
        write(f"deposit-{number}", en=f"Deposit {number}\nMoney.")
    write("passkey", en="Passkey\nMoney.")
    refresh("en")
    engine: HelpSearchBackend = indexing.backend("en")
    asked = thoughts.of_question(plan("money for a deposit without a passkey", "en"))
    assert {"deposit", "passkey"} <= set(asked)
    common, rare = (engine.state().scores.of("thoughts", key).scores[0] for key in ("deposit", "passkey"))
    assert rare > common


@pytest.mark.usefixtures("_empty_index")
def test_other_words_for_thoughts_bring_texts_into_the_index_again(monkeypatch):
    write("a", en="Deposit\n-")
    refresh("en")
    assert indexing.lag("en") == 0
    monkeypatch.setattr(thoughts, "edition", lambda: "another")
    assert indexing.lag("en") == Article.objects.count() == 1
