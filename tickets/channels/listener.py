"""The SMTP listener for mail that comes in. It stands behind a mail server and says 250 only when a mail is stored;
where nothing can be stored it says 451, and the mail server keeps the mail."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from aiosmtpd.smtp import Envelope as Session
from django.conf import settings
from django.db import close_old_connections, connections

from tickets.channels.actions.receiving import Envelope, TryAgain, receive

logger = logging.getLogger(__name__)

LARGEST = 25 * 1024 * 1024  # bytes
THREADS = 4  # that read and store at one time
STORED = "250 2.0.0 Stored"
LATER = "451 4.3.0 Nothing can be stored now, try again later"
NOT_OURS = "550 5.7.1 This server takes no mail for that address"


class Door(SMTP):
    line_length_limit = 64 * 1024  # longer than the standard's: broken programs write long lines
    unended = 0  # bytes since the last end of a line

    def data_received(self, data: bytes) -> None:
        """A line that is too long is kept until it ends: one without an end would take all memory."""
        end = data.rfind(b"\r\n")
        self.unended = len(data) - end if end >= 0 else self.unended + len(data)
        if self.unended > LARGEST and isinstance(self.transport, asyncio.Transport):
            logger.warning("A line of more than %d bytes does not end: the connection is closed", LARGEST)
            self.transport.abort()
            return
        super().data_received(data)


class Handler:
    """What the listener does with a mail."""

    def __init__(self) -> None:
        self.threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="mail")

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Session, address: str, options: list[str]) -> str:
        if not is_ours(address):
            return NOT_OURS
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Session) -> str:
        said = Envelope(envelope.mail_from or "", tuple(envelope.rcpt_tos))
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        return await asyncio.get_running_loop().run_in_executor(self.threads, take, content, said)

    def close(self) -> None:
        """Wait for what is being stored, and let its connections to the database go."""
        for _ in range(THREADS):
            self.threads.submit(connections.close_all)
        self.threads.shutdown(wait=True)


def is_ours(address: str) -> bool:
    domain = settings.MAIL_INBOUND_DOMAIN
    return not domain or address.rpartition("@")[2].lower() == domain


def take(content: bytes, said: Envelope) -> str:
    """Store a mail; the answer for its sender. Runs in a thread, never in the loop."""
    close_old_connections()
    try:
        receive(content, envelope=said)
    except TryAgain as reason:
        logger.warning("A mail of %d bytes could not be stored: %s", len(content), reason)
        return LATER
    except Exception:
        logger.exception("A mail of %d bytes could not be stored", len(content))
        return LATER
    finally:
        close_old_connections()
    return STORED


def controller(host: str, port: int) -> Controller:
    """The listener in a thread of its own: `.start()` and `.stop()`."""
    return _Controller(Handler(), hostname=host, port=port, ready_timeout=10)


class _Controller(Controller):
    def factory(self) -> SMTP:
        return Door(self.handler, data_size_limit=LARGEST, enable_SMTPUTF8=True, ident="supportdesk", timeout=60)

    def stop(self, no_assert: bool = False) -> None:
        super().stop(no_assert)
        self.handler.close()
