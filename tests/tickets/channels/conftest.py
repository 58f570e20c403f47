"""Mail that goes out in these tests."""

from collections.abc import Callable, Iterator

import pytest
from django.core.mail import EmailMultiAlternatives

from supportdesk.outbox import delivery
from supportdesk.outbox.models import Outbox
from tickets.channels.actions import sending


@pytest.fixture(autouse=True)
def mail_server_is_there() -> Iterator[None]:
    """A process remembers that the mail server was away."""
    sending._Away.since = None
    yield
    sending._Away.since = None


@pytest.fixture
def delivered(mailoutbox: list[EmailMultiAlternatives]) -> Callable[[], list[EmailMultiAlternatives]]:
    """Let the worker deliver all that is owed; the mails that went out."""

    def deliver() -> list[EmailMultiAlternatives]:
        deliver_all()
        return mailoutbox

    return deliver


def deliver_all() -> None:
    while delivery.deliver_due():
        pass
    assert not Outbox.objects.exclude(error="").exists(), Outbox.objects.exclude(error="").first().error
