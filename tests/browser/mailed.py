"""A site whose mails arrive: a demo of its own, its worker, and mail boxes on loopback that can answer."""

import re
import shutil
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings

from tests.browser.worker import worker_of
from tests.own_site import OwnSite
from tests.services import free_port
from tests.tickets.channels import raw
from tests.tickets.channels.smtp import Sink

_LINK = re.compile(r"https?://[^\s<>]+/t/[^\s<>]+")


@dataclass
class MailedSite:
    """`act` is what the worker does, see `worker.py`."""

    site: OwnSite
    address: str
    act: Callable[..., int]
    sink: Sink
    door: int  # the port where mail comes in

    def mail_to(self, person: str) -> EmailMessage:
        """The newest mail that somebody got, once all that is owed has gone out."""
        self.act("deliver")
        return [mail for mail in self.sink.mails if mail["To"] == person][-1]

    def answer(self, mail: EmailMessage, text: str) -> None:
        """Answer a mail as a mail program does, by way of a mail server that vouches for the sender."""
        named = {"message_id": f"<answer-to-{mail['Message-ID'][1:]}", "In_Reply_To": mail["Message-ID"]}
        written = raw.mail(
            text, sender=mail["To"], to=mail["Reply-To"], subject=f"Re: {mail['Subject']}", **named
        )  # fmt: skip
        with smtplib.SMTP("127.0.0.1", self.door, timeout=20) as client:
            client.sendmail(mail["To"], [mail["Reply-To"]], written)
        self.act("deliver")


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link_in(mail: EmailMessage) -> str:
    """The link that a mail is sent for."""
    found = _LINK.search(text_of(mail))
    assert found is not None
    return found[0]


@contextmanager
def mailed_site(demo: Path, folder: Path) -> Iterator[MailedSite]:
    shutil.copytree(demo, folder)
    (folder / "locale").mkdir()
    sink, port, door = Sink(), free_port(), free_port()
    site = OwnSite(
        folder,
        DJANGO_SETTINGS_MODULE="tests.browser.settings",
        PSEUDO_LOCALE=str(folder / "locale"),
        DEBUG="0",
        SITE_URL=f"http://127.0.0.1:{port}",
        SECRET_KEY=settings.SECRET_KEY,  # so that a test can sign what is older than itself
        EMAIL_URL=f"smtp://127.0.0.1:{sink.port}",
        MAIL_INBOUND_DOMAIN=settings.MAIL_INBOUND_DOMAIN,
        MAIL_AUTHSERV_ID=settings.MAIL_AUTHSERV_ID,
        DEFAULT_FROM_EMAIL=settings.DEFAULT_FROM_EMAIL,
    )
    site.sql("DELETE FROM outbox_outbox")  # what the demo's content still owes is nobody's mail
    with sink.running(), site.server(port) as address, worker_of(site) as act:
        act("take_mail", door)
        yield MailedSite(site, address, act, sink, door)
