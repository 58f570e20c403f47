"""Mail that comes in as the tests write it."""

from tests.tickets.channels import raw
from tickets.actions import replying
from tickets.channels import inbox
from tickets.channels.actions.receiving import Envelope, receive


def came(content=None, *, sender="toma@example.com", to=("help@support.example",), **values):
    return receive(content or raw.mail(**values), envelope=Envelope(sender, tuple(to)))


def reply_to(ticket, **values):
    """A mail of the requester that answers a ticket."""
    address = inbox.reply_address(ticket)
    return receive(raw.mail(**{"to": address, **values}), envelope=Envelope("toma@example.com", (address,)))


def failing(monkeypatch, error):
    def broken(*args, **values):
        raise error

    monkeypatch.setattr(replying, "write_to_ticket", broken)
