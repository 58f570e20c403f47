"""What the tests of an answer to many share: tickets of an incident in several languages, and letting its answer go."""

from datetime import timedelta

from django.utils import timezone

from supportdesk.accounts.models import User
from tests.tickets.factories import TicketFactory
from tickets.actions import bulk_delivering, bulk_planning, bulk_sending, incidents
from tickets.enums import MessageKind
from tickets.models import BulkSend, Incident, Message, Ticket, Topic

ENGLISH = "Your deposit is on chain and safe. TRC20 deposits are credited up to 40 minutes late."
WORDS = {
    "en": "I sent 2,500 USDT to my account this morning and it is not there, please help",
    "es": "Hice un depósito por la mañana y no está en mi cuenta, por favor ayuda con el dinero",
    "ko": "오늘 아침에 USDT를 보냈는데 아직 입금되지 않았습니다",
    "ja": "今朝USDTを送りましたがまだ反映されていません",
    "ru": "Утром отправил USDT, до сих пор не пришло на счёт",
}


def ticket_in(incident: Incident, topic: Topic, lead: User, language: str = "en", **values: object) -> Ticket:
    ticket = TicketFactory(topic=topic, **{"language": language, "body": WORDS.get(language, WORDS["en"]), **values})
    incidents.link_tickets(incident, [ticket], by=lead)
    ticket.refresh_from_db()
    return ticket


def opened(send: BulkSend, by: User) -> BulkSend:
    for number in send.sample:
        bulk_sending.open_sample(send, Ticket.objects.get(pk=number), by=by)
    return send


def sent(incident: Incident, lead: User) -> BulkSend:
    """A sending whose minute is over."""
    send = bulk_sending.send_bulk(opened(bulk_planning.dry_run(incident, by=lead), lead), by=lead)
    return let_go(send)


def let_go(send: BulkSend) -> BulkSend:
    past = timezone.now() - timedelta(seconds=1)
    BulkSend.objects.filter(pk=send.pk).update(starts_at=past)
    send.recipients.update(due_at=past)
    bulk_delivering.deliver_bulk()
    send.refresh_from_db()
    return send


def answers_of(ticket: Ticket) -> list[Message]:
    return list(ticket.messages.filter(kind=MessageKind.REPLY))
