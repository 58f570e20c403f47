"""All of them, and those that send a mail whole."""

from typing import Any

import pytest

from tests.tickets.channels.hooks import brevo, mailersend, mailgun, mailjet, postal, postmark, sendgrid, sparkpost

WHOLE = (mailersend, mailgun, postal, postmark, sendgrid, sparkpost)
ALL = (*WHOLE, brevo, mailjet)
FILE = ("note.txt", "text/plain", b"the hash of my transfer")


def named(provider: Any) -> str:
    """As the settings name it."""
    return str(provider.__name__).rpartition(".")[2]


every_provider = pytest.mark.parametrize("provider", ALL, ids=named)
whoever_sends_it_whole = pytest.mark.parametrize("provider", WHOLE, ids=named)
every_way = pytest.mark.parametrize(
    ("provider", "write"),
    [
        *(pytest.param(one, one.mail, id=named(one)) for one in ALL),
        *(pytest.param(one, one.apart, id=f"{named(one)}-pieces") for one in (mailgun, sendgrid)),
    ],
)
