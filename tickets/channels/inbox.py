"""What we call ourselves in mails: our addresses, the domain of answers, the key of reply tokens."""

import secrets
from email.utils import parseaddr
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from tickets.channels.mail import tokens
from tickets.models import Ticket

LOCAL = "help"  # of the address that answers and new requests come to


def own_address() -> str:
    """The address in From of what we send."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower()


def own_addresses() -> frozenset[str]:
    """Whatever comes from one of these is a mail of ours that came back."""
    inbound = f"{LOCAL}@{settings.MAIL_INBOUND_DOMAIN}" if settings.MAIL_INBOUND_DOMAIN else ""
    return frozenset({own_address(), inbound} - {""})


def _key(secret: str) -> bytes:
    info = b"tickets.channels/reply token"
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret.encode())


def token_of(ticket: Ticket) -> str:
    """The token by which the ticket's requester answers."""
    return tokens.sign(ticket.public_id, ticket.requester_id, key=_key(settings.SECRET_KEY))


def claim_of(token: str) -> tokens.Claim | None:
    """What a token of ours says; those made with a key that was in use before count, too."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return next((claim for key in keys if (claim := tokens.read(token, key=_key(str(key))))), None)


def reply_address(ticket: Ticket) -> str:
    """`help+<token>@…`, empty where no mail comes in."""
    return f"{LOCAL}+{token_of(ticket)}@{settings.MAIL_INBOUND_DOMAIN}" if settings.MAIL_INBOUND_DOMAIN else ""


def new_message_id(ticket: Ticket | None) -> str:
    """A Message-ID that nobody can guess. For a mail about a ticket it holds the ticket's reply token."""
    domain = settings.MAIL_INBOUND_DOMAIN or own_address().rpartition("@")[2] or urlsplit(settings.SITE_URL).hostname
    random = secrets.token_hex(12)
    return tokens.message_id(token_of(ticket), random, str(domain)) if ticket else f"<{random}@{domain}>"
