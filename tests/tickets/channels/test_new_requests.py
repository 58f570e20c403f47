"""A mail that answers nothing is a new request, and strangers are asked for a proof of their address once."""

import pytest
from allauth.account.models import EmailAddress

from tests.tickets.channels import raw
from tests.tickets.channels.received import came
from tickets.channels.enums import Kept, Outcome, Reason
from tickets.channels.models import IncomingMail
from tickets.enums import Channel
from tickets.models import PendingRequest

pytestmark = pytest.mark.django_db


def test_a_known_person_gets_a_ticket_in_their_language(trader, delivered):
    trader.language = "ko"
    trader.save()
    row = came(text="입금이 안 됩니다.", subject="문의")
    assert (row.outcome, row.ticket.topic.key, row.ticket.language) == (Outcome.NEW_TICKET, "other", "ko")
    assert (row.ticket.channel, row.ticket.subject) == (Channel.EMAIL, "문의")
    assert len(delivered()) == 1


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("출금이 두 시간째 보류 중입니다. USDT 150", "ko"),
        ("提币两小时了还没有到账，请问是什么问题", "zh-hans"),
        ("提幣兩小時了還沒有到帳，請問是什麼問題", "zh-hant"),
        ("El retiro sigue pendiente desde hace dos horas, no está en mi cuenta.", "es"),
    ],
)
def test_a_stranger_is_asked_in_the_language_of_the_mail(text, language, db, delivered):
    results = raw.PASS.replace("example.com", "example.net")
    row = came(raw.mail(text, subject="", sender="nobody@example.net", results=results))
    assert (row.outcome, PendingRequest.objects.get().language) == (Outcome.PENDING, language)
    assert [mail.recipients() for mail in delivered()] == [["nobody@example.net"]]


def test_an_address_that_was_entered_but_never_confirmed_is_a_strangers(trader):
    EmailAddress.objects.create(user=trader, email=trader.email, verified=False)
    assert came().outcome == Outcome.PENDING


def test_fifty_mails_in_the_name_of_a_victim_make_one_mail(db, delivered):
    for number in range(50):
        came(raw.mail(f"Offer {number}", sender="Pay now <v@example.net>", message_id=f"<{number}@evil>", results=""))
    mails = delivered()
    assert [mail.recipients() for mail in mails] == [["v@example.net"]]
    assert "Offer" not in str(mails[0].message())
    assert "Pay now" not in str(mails[0].message())
    kept = IncomingMail.objects.filter(outcome=Outcome.PENDING).count()
    assert kept + IncomingMail.objects.filter(reason=Reason.TOO_MANY, kept=Kept.SEALED).count() == 50


def test_the_history_of_a_strangers_mail_is_kept_below_the_words(db):
    text = "See below.\n\nOn Fri, Nov 20, 2026 at 2:05 PM Help wrote:\n> Your deposit is late.\n"
    came(raw.mail(text, sender="nobody@example.net", results=""))
    body = PendingRequest.objects.get().body
    assert body.startswith("See below.")
    assert "> Your deposit is late." in body.replace("> > ", "> ")
