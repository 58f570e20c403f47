"""Settings of mail that would open a door are told at the start; the supervisor listens where a port is set."""

import pytest

from supportdesk.management.commands.run import Command
from tickets import language_detection
from tickets.channels import checks, inbox


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"STAFF_EMAIL_DOMAIN": "support.example"}, ["tickets_channels.W001"]),
        ({"MAIL_AUTHSERV_ID": ""}, ["tickets_channels.W002"]),
        ({"DEFAULT_FROM_EMAIL": "Help <help@northgate.example>"}, ["tickets_channels.W003"]),
        ({"MAIL_INBOUND_DOMAIN": "", "MAIL_AUTHSERV_ID": ""}, []),
        ({"MAIL_WEBHOOK_PROVIDER": "postmark"}, []),
        ({"MAIL_WEBHOOK_PROVIDER": "pidgeon"}, ["tickets_channels.W004"]),
        ({"MAIL_WEBHOOK_PROVIDER": "mailgun"}, ["tickets_channels.W005"]),
        ({"MAIL_WEBHOOK_PROVIDER": "mailgun", "MAIL_WEBHOOK_KEY": "key"}, []),
    ],
)
def test_settings_are_checked(settings, changed, found):
    for name, value in changed.items():
        setattr(settings, name, value)
    assert [warning.id for warning in checks.check_mail()] == found


@pytest.mark.parametrize(("port", "listens"), [(0, False), (2525, True)])
def test_the_supervisor_listens_where_a_port_is_set(settings, port, listens):
    settings.MAIL_LISTEN_PORT = port
    parts = Command().commands({"workers": 1, "host": "127.0.0.1", "port": 8000})
    assert ("mail" in parts) == listens


def test_tokens_of_the_key_before_are_still_read(settings, db, ticket):
    token = inbox.token_of(ticket)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key of more than fifty letters", [settings.SECRET_KEY]
    assert inbox.claim_of(token).ticket == ticket.public_id
    settings.SECRET_KEY_FALLBACKS = []
    assert inbox.claim_of(token) is None


SENTENCES = {
    "en": "My withdrawal has not arrived and I have waited for two days.",
    "zh-hans": "我的提币两天了还没有到账，请帮我看看是什么问题。",
    "zh-hant": "我的提幣兩天了還沒有到帳，請幫我看看是什麼問題。",
    "ja": "出金がまだ届いていません。二日間待っています。",
    "ko": "출금이 아직 도착하지 않았습니다. 이틀을 기다렸습니다.",
    "ru": "Мой вывод ещё не пришёл, я жду уже два дня.",
    "es": "Mi retiro no ha llegado y espero desde hace dos días por una respuesta.",
    "fr": "Mon retrait n'est pas arrivé et je suis en attente depuis deux jours.",
    "vi": "Lệnh rút tiền của tôi chưa đến, tôi đã đợi hai ngày.",
    "tr": "Çekim işlemim henüz gelmedi, iki gündür bekliyorum ve çok üzgünüm.",
    "pt-br": "Meu saque ainda não chegou e estou esperando há dois dias por uma resposta.",
    "ar": "لم يصل السحب الخاص بي بعد وأنا أنتظر منذ يومين.",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_strangers_language_is_seen(language):
    assert language_detection.language_of(SENTENCES[language]) == language
    assert language_detection.language_of(f"TXID 0x5fa1c USDT-TRC20\n{SENTENCES[language]}", default="ja") == language


@pytest.mark.parametrize(
    ("hints", "language"), [((), "en"), (("zh-TW",), "zh-hant"), (("xx", "pt-PT"), "pt-br"), (("KO-kr",), "ko")]
)
def test_where_letters_do_not_tell_the_program_does(hints, language):
    assert language_detection.language_of("TXID 0x5fa1c", hints) == language
