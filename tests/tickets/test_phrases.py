"""Phrases are found in every script as its readers would, and nowhere else; what cannot be looked for is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets import wordlists
from tickets.phrases import BadPhrase, Book, Folded, parse


def found(phrase, text):
    """The words of a text that a phrase is found in; empty where it is not."""
    folded = Folded(text)
    spans = [folded.span(start, end) for _, start, end in Book([parse(phrase)]).find(folded.text)]
    return text[slice(*spans[0])] if spans else ""


@pytest.mark.parametrize(
    ("phrase", "text", "words"),
    [
        ("withdraw* … not|never arrived|come", "My WITHDRAWAL of 2.5 has not come.", "WITHDRAWAL of 2.5 has not come"),
        ("can't|cannot log_in", "I can’t log-in", "can’t log-in"),
        ("contraseña", "mi contrasena no sirve", "contrasena"),
        ("n'arrive … connecter", "je n’arrive plus à me connecter", "n’arrive plus à me connecter"),
        ("giriş yapamıyor*", "HESABIMA GİRİŞ YAPAMIYORUM", "GİRİŞ YAPAMIYORUM"),
        ("yatır* … gelmedi", "yatirdigim para hala gelmedi", "yatirdigim para hala gelmedi"),
        ("rút tiền", "toi RUT TIEN chua duoc", "RUT TIEN"),
        ("nạp … chưa", "Nạp từ hôm qua mà chưa thấy", "Nạp từ hôm qua mà chưa"),
        ("вывод* … не_пришл*", "Вывод средств так и не пришёл, не пришла", "Вывод средств так и не пришёл, не пришла"),
        ("محفظة", "من محفظتي", "محفظتي"),
        ("إيداع", "وبالايداع", "وبالايداع"),
        ("لم يصل", "لَمْ يَصلْ المبلغ", "لَمْ يَصل"),
        ("أموالي", "اموالي ضاعت", "اموالي"),
        ("提币 … 没到", "我的提幣到現在還沒到", "提幣到現在還沒到"),
        ("usdt 没到", "我的USDT 没到账", "USDT 没到"),
        ("登录 … 不了", "登录不了", "登录不了"),
        ("出金 … できない", "出金が昨日からできない", "出金が昨日からできない"),
        ("출금 안_들어", "출금이 안 들어왔어요", "출금이 안 들어"),
        ("로그인", "구글로그인으로", "로그인"),
        ("api키", "내 API키 삭제", "API키"),
    ],
)  # fmt: skip
def test_a_phrase_is_found_as_readers_would(phrase, text, words):
    assert found(phrase, text) == words


@pytest.mark.parametrize("between", ["\n", "\n\n"])  # of a form, of a mail
@pytest.mark.parametrize(
    ("phrase", "subject", "body"),
    [
        ("account hacked", "My account", "hacked since yesterday"),
        ("withdraw* … not|never arrived|come", "My withdrawal", "has not come"),
        ("账户 被盗", "我的账户", "被盗了"),
    ],
)
def test_a_phrase_goes_on_from_the_subject_into_the_body(phrase, subject, body, between):
    """People begin a sentence in the subject; where it ends there, a gap does not reach over."""
    assert found(phrase, subject + between + body)
    assert "…" not in phrase or not found(phrase, f"{subject}.{between}{body}")


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("fee", "coffee and feel"),  # inside another word
        ("log in", "log out and come in"),  # other words between
        ("order … rejected", "The order is fine. It was the card that the bank rejected"),  # another sentence
        ("order … rejected", "order one two three four five six seven rejected"),  # too far
        ("ордер", "ордера"),  # no star
        ("رسم", "مرسوم"),
        ("提币 … 没到", "提币成功了。邮件没到"),
    ],
)
def test_a_phrase_is_not_found_where_it_does_not_stand(phrase, text):
    assert found(phrase, text) == ""


@pytest.mark.parametrize(
    ("phrase", "reason"),
    [("", "empty"), ("a|", "empty"), ("one_", "empty"), ("… two", "gap"), ("one …", "gap"), ("one … … two", "gap"),
     ("o*ne", "star"), ("*", "empty"), ("-1", "sign"), ("word " * 130, "long")],
)  # fmt: skip
def test_what_cannot_be_looked_for_is_refused(phrase, reason):
    with pytest.raises(BadPhrase) as refused:
        parse(phrase)
    assert refused.value.reason == reason


@given(st.text(max_size=80))
def test_folding_keeps_every_place(text):
    folded = Folded(text)
    for place in range(len(folded.text)):
        start, end = folded.span(place, place + 1)
        assert Folded(text[start:end]).text == folded.text[place]


@given(st.lists(st.sampled_from(["deposit", "order", "вывод*", "提币", "출금", "سحب"]), unique=True), st.randoms())
def test_the_order_of_phrases_does_not_matter(phrases, random):
    text = Folded("deposit, order; вывода 提币 출금 السحب").text
    shuffled = random.sample(phrases, len(phrases))

    def spans(order):
        return {(order[number], start, end) for number, start, end in Book([parse(one) for one in order]).find(text)}

    assert spans(phrases) == spans(shuffled)
    assert len(spans(phrases)) == len(phrases)


def test_a_list_names_the_lines_that_are_to_be_mended():
    faults = wordlists.faults("3: withdraw*\n# a remark\n… late\n\nfine\nx_", "en")
    assert [fault.split(",")[0] for fault in faults] == ["Line 3", "Line 6"]
    assert wordlists.faults("# nothing\n", "en") == ["Write at least one phrase."]
    assert wordlists.faults("coin=BTC|ETH USDT>=100 age>=24", "form") == []
    assert wordlists.faults("coin", "form")[0].startswith("Line 1")


def test_a_line_may_have_its_own_weight():
    assert list(wordlists.lines_of("5: one\ntwo # remark\n1.5: three", 2)) == [
        (1, 5, "one"),
        (2, 2, "two"),
        (3, 1.5, "three"),
    ]
