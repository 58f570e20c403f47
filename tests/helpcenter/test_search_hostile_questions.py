"""No question breaks a search, and none is asked for longer than its bounds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpcenter.enums import Stage
from helpcenter.search import asking
from helpcenter.search.plan import plan
from tests.helpcenter.searching import ask, refresh, search_json, write

pytestmark = pytest.mark.usefixtures("empty_index")


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
