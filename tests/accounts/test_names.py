"""A name holds nothing that is not seen, and cannot be taken for our staff; names of every script pass."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.accounts import names
from supportdesk.accounts.names import Fault

SITE = "Northgate Exchange"

PASS = [
    *(
        "Toma Trader",
        "李雷",
        "王小明",
        "山田太郎",
        "さくら",
        "キム",
        "김민준",
        "Мария Иванова",
        "Nguyễn Thị Hương",
        "محمد علي",
    ),
    *(
        "O'Neil",
        "Jean-Luc",
        "José María",
        "Ağaoğlu",
        "Łukasz",
        "Zoë",
        "X Æ A-12",
        "Anna 2",
        "Lee",
        "Supporter Fan",
        "🙂 Kim",
    ),
    *("Anna 🇺🇸", "Kim ☀", "Northgateau", "운영", "Łucja ®"),
    *("Northgates", "Gate North", "Adminston", "陳大文", "佐藤 花子", "مُحَمَّد", "Admin123"),
]
OURS = [
    *("ѕυρρоrт", "🅢🅤🅟🅟🅞🅡🅣", "🇸upport", "Ⓢⓤⓟⓟⓞⓡⓣ", "NorthgateSupport", "Northgate™", "운영자님", "관리자입니다", "官⽅"),
    *(
        "Support",
        "SUPPORT",
        "support team",
        "Agent – Support Team",
        "S.u.p.p.o.r.t",
        "s u p p o r t",
        "Sup port",
        "şüppört",
    ),
    *(
        "Ѕupport",
        "suрроrt",
        "ЅUРРОRТ",
        "ＳＵＰＰＯＲＴ",
        "𝐒𝐮𝐩𝐩𝐨𝐫𝐭",
        "supp0rt",
        "$upport",
        "Аdmin",
        "adm1n",
        "Adrnin",
        "ADMlN",
    ),
    *("Northgate Exchange", "NorthgateExchange", "Northgate", "Nоrthgаte Help", "northgate-support", "NORTHGАТЕ"),
    *(
        "客服",
        "北方客服小王",
        "在线客服 01",
        "官方",
        "管理員",
        "サポート",
        "ｻﾎﾟｰﾄ",
        "公式サポート担当",
        "고객센터",
        "관리자 김",
    ),
    *("Поддержка", "техподдержка", "АДМИН", "soporte", "Hỗ Trợ", "yönetici", "Yönetici", "الدعم", "فريق الدعم"),
]


@pytest.mark.parametrize("name", PASS)
def test_names_of_people_pass(name):
    assert names.fault_of(names.tidy(name), site_name=SITE) is None


@pytest.mark.parametrize("name", OURS)
def test_a_name_that_reads_as_ours_or_our_staffs_is_refused(name):
    assert names.fault_of(names.tidy(name), site_name=SITE) is Fault.OURS


@pytest.mark.parametrize(
    "letter", ["\u202e", "\u200b", "\u200d", "\u2066", "\ufeff", "\u00ad", "\0", "\x1b", "\ue000", "\U000e0041"]
)
@pytest.mark.parametrize("place", ["{}Toma", "To{}ma", "Toma{}"])
def test_a_name_with_characters_that_are_not_seen_is_refused(letter, place):
    assert names.fault_of(names.tidy(place.format(letter)), site_name=SITE) is Fault.UNSEEN


def test_a_stack_of_marks_is_refused():
    assert names.fault_of("T" + "\u0321\u0333\u0347\u034e\u0359" + "oma", site_name=SITE) is Fault.STACKED


def test_a_name_without_a_site_name_is_measured_by_the_staff_alone():
    assert names.fault_of("Northgate", site_name="") is None
    assert names.fault_of("Admin", site_name="") is Fault.OURS


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("  Toma \t Trader\n", "Toma Trader"), ("e\u0301mile", "émile"), ("", ""), ("李　雷", "李 雷")],
)
def test_a_name_is_stored_tidy(typed, stored):
    assert names.tidy(typed) == stored


@given(st.text(max_size=150))
def test_any_text_gets_an_answer_and_a_tidy_name_is_one_line(text):
    tidy = names.tidy(text)
    fault = names.fault_of(tidy, site_name=SITE)
    if fault is None:
        assert len(tidy.splitlines()) <= 1
        assert not [letter for letter in tidy if unicodedata.category(letter) in ("Cc", "Cf")]


@given(st.text(max_size=30), st.sampled_from(["support", "客服", "northgate"]))
def test_a_word_of_ours_beside_other_words_is_never_passed(other, word):
    assert names.fault_of(names.tidy(f"{other} {word}"), site_name=SITE) is not None
