"""Links in mails: signed, each for one purpose and for a stated time. Whoever opens one sees nothing private, changes
nothing; only what is posted on its page does (`/<lang>/t/<token>/`), so that scanners of mail boxes do no harm.

Who sends a mail calls `address`; who answers the link is named with its purpose. Links of an earlier release keep
working for their time: a purpose is never renamed, and its life is never made shorter.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone, translation

PROVE = "prove"  # of a PendingRequest (public id): the address is mine
STATUS = "status"  # of a Ticket (public id): where it stands
RATE = "rate"  # of a Ticket (public id): what I thought of it


@dataclass(frozen=True)
class Purpose:
    """How long a link works after it was made, and the dotted path of the view `(request, link)` that answers it."""

    life: timedelta
    view: str


_PURPOSES: dict[str, Purpose] = {}


def register(name: str, life: timedelta, view: str) -> None:
    """Make a purpose known; called from `AppConfig.ready()`."""
    _PURPOSES[name] = Purpose(life, view)


class LinkNotGood(Exception):
    """A link that nobody of us made, or that was changed on its way."""


class LinkTooOld(LinkNotGood):
    """A link of ours whose time is over; `link` is what it says."""

    def __init__(self, link: "Link") -> None:
        super().__init__(link.purpose)
        self.link = link


@dataclass(frozen=True)
class Link:
    """What a link says: its purpose, the ids that it is about, when it was made (UTC)."""

    purpose: str
    ids: tuple[str, ...]
    made_at: datetime

    @property
    def view(self) -> str:
        return _PURPOSES[self.purpose].view

    @property
    def works_until(self) -> datetime:
        return self.made_at + _PURPOSES[self.purpose].life


class _Signer(signing.TimestampSigner):
    """Signs with a dot: programs that find links in plain mails keep it inside, unlike a colon."""

    def __init__(self) -> None:
        super().__init__(sep=".", salt="tickets.links")


def make(purpose: str, *ids: str) -> str:
    """The token of a link. Raises KeyError for a purpose that nobody registered."""
    if purpose not in _PURPOSES:
        raise KeyError(purpose)
    return _Signer().sign_object([purpose, *ids])


def read(token: str, at: datetime | None = None) -> Link:
    """What a token says. Raises LinkNotGood, and LinkTooOld when its time is over at `at` (UTC; now)."""
    try:
        purpose, *ids = _Signer().unsign_object(token)
        made = signing.b62_decode(token.rsplit(".", 2)[1])
        link = Link(purpose, tuple(str(part) for part in ids), datetime.fromtimestamp(made, tz=UTC))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise LinkNotGood from error
    if purpose not in _PURPOSES:  # of an app that is switched off
        raise LinkNotGood(purpose)
    if link.works_until < (at or timezone.now()):
        raise LinkTooOld(link)
    return link


def address(purpose: str, *ids: str, language: str) -> str:
    """The whole address for a mail in a language; on SITE_URL, whatever host a request came to."""
    with translation.override(language):
        return f"{settings.SITE_URL}{reverse('portal:link', args=[make(purpose, *ids)])}"
