"""Where there is no index the database answers, says so, and costs little."""

import pytest

from tests.helpcenter.searching import found, search_json, write

pytestmark = pytest.mark.usefixtures("empty_index")


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
