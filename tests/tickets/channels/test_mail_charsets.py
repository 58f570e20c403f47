"""Letters of a mail are read in the charset that its program meant."""

import unicodedata

import pytest

from tests.tickets.channels.messages import raw
from tickets.channels.mail import charsets
from tickets.channels.mail.reading import read

SAMPLES = {
    "cp1251": "Здравствуйте, мой депозит не пришёл. Помогите, пожалуйста.",
    "koi8-r": "Здравствуйте, мой депозит не пришёл.",
    "cp1256": "مرحبا، لم يصل الإيداع الخاص بي حتى الآن",
    "euc_jp": "こんにちは、入金が反映されません。確認してください。",
    "cp932": "こんにちは、入金が反映されません。確認してください。",
    "cp949": "안녕하세요, 입금이 아직 반영되지 않았습니다.",
    "gb18030": "你好，我的充值还没有到账，请帮我查一下。",
    "big5": "你好，我的儲值還沒有到帳，請幫我查一下。",
    "cp1252": "Bonjour, mon dépôt n’est pas arrivé. Il a été envoyé hier à 10h.",
    "cp1254": "Merhaba, yatırdığım para henüz gelmedi. Lütfen yardımcı olun, teşekkürler.",
    "utf-8": "Xin chào, tiền gửi của tôi chưa đến 你好",
}


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("declared", ["x-unknown", "us-ascii", "", "base64", "utf-8"])
def test_a_wrong_or_unknown_charset_is_guessed(name, declared):
    kind = f"text/plain; charset={declared}" if declared else "text/plain"
    assert read(raw(SAMPLES[name].encode(name), kind=kind)).text == SAMPLES[name]


DECLARED = (
    ("gb2312", "gb18030", "朱镕基 € 瞭"),
    ("ks_c_5601-1987", "cp949", "뷁 안녕하세요"),
    ("shift_jis", "cp932", "①㈱髙 ｶﾅ"),
    ("windows-874", "cp874", "สวัสดี"),
    ("tis-620", "cp874", "สวัสดี"),
    ("iso-8859-1", "cp1252", "“quoted” – €"),
    ("iso-8859-9", "cp1254", "ığş"),
    ("big5", "big5hkscs", "嘅你好"),
    ("utf-7", "utf-7", "Grüße 店"),
    ("utf-16", "utf-16", "店 Grüße"),
    ("unicode-1-1-utf-7", "utf-7", "Grüße"),
    ("hz-gb-2312", "hz", "你好"),
    ("iso-2022-kr", "iso2022_kr", "안녕하세요"),
    ("ISO-2022-JP", "iso2022_jp", "日本語 and ASCII\nzwei 日本"),
    ("windows-1258", "cp1258", "đồng".encode("cp1258", "ignore").decode("cp1258")),
)


@pytest.mark.parametrize(("declared", "codec", "text"), DECLARED)
def test_a_charset_is_what_programs_mean_by_its_name(declared, codec, text):
    assert read(raw(text.encode(codec), kind=f'text/plain; charset="{declared}"')).text == text


@pytest.mark.parametrize("name", ["iso-2022-jp", "iso-2022-jp-ms", "cp50221", "CP50220", "csISO2022JP"])
def test_what_windows_adds_to_iso_2022_jp(name):
    data = b"\x1b$B-!-j\x1b(I6E\x1b(B abc \x1b$(D0!\x1b(B"
    assert charsets.decode(data, name) == "①㈱ｶﾅ abc 丂"


def test_a_page_may_name_its_own_charset():
    page = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head>朱镕基</html>'
    assert read(raw(page.encode("gb18030"), kind="text/html")).text == "朱镕基"


def test_null_bytes_and_controls_are_removed():
    assert read(raw(b"a\x00b\x07\x1b[1mc\r\n\x0cd")).text == "ab[1mc\n\nd"


def test_damaged_utf_8_keeps_what_is_whole():
    assert read(raw("Привет, как дела".encode()[:-1])).text.startswith("Привет, как дел")


@pytest.mark.parametrize("written", ["chưa nhận được", "한국어 각서", "ガス代", "été", "ẹ̀kọ́"])
def test_a_letter_and_its_marks_are_one_letter_as_people_search_for_it(written):
    apart = unicodedata.normalize("NFD", written)
    assert charsets.decode(apart.encode()) == unicodedata.normalize("NFC", written)


def test_marks_without_end_are_not_sorted():
    endless = "a" + "\u0301\u0323" * 500
    assert charsets.composed(endless)[10:] == endless[11:]
