"""What other systems of the exchange tell the desk: signals of the market, signed with the secret of their source."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from ninja import Header, Router, Schema
from ninja.security import APIKeyHeader
from pydantic import Field

from helpcenter.actions.counting import use_address
from supportdesk.ui.problems import Problem
from supportdesk.ui.requests import address_hash
from tickets.actions import market_signals
from tickets.api.shapes import Closed
from tickets.errors import TooMany
from tickets.models import MarketSignal, SignalSource

router = Router()
MOST = 600  # signals of a source in an hour
MOST_TRIES = 1200  # requests of an address in an hour, genuine or not

SignalKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{8,64}$",
        description="One for each signal: sending it again with the same key changes nothing",
    ),
]


class NewSignal(Closed):
    source: Annotated[str, Field(max_length=40, description="Name of the source in the admin")]
    kind: Literal["volatility", "outage", "liquidations"]
    level: Annotated[
        int, Field(strict=True, ge=0, le=3, description="0 all is well, 3 the desk is put on watch at once")
    ]
    symbol: Annotated[str, Field(max_length=40)] = ""
    at: Annotated[datetime, Field(description="When it was measured; at most five minutes from now")]
    ttl: Annotated[int, Field(strict=True, ge=1, le=market_signals.LONGEST, description="Seconds for which it holds")]


class SignalOut(Schema):
    id: int
    level: int
    until: datetime


class Signed(APIKeyHeader):
    """Lets in a source whose secret signed the request, which its body names. Raises Problem, TooMany."""

    param_name = "X-Signature"
    openapi_description = "`t=<Unix time>,v1=<hex>`: HMAC-SHA256 of `<t>.<body>` with the secret of the source."

    def authenticate(self, request: HttpRequest, key: str | None) -> SignalSource:
        _count(address_hash(request), "signal_address", MOST_TRIES)
        known = market_signals.secret_of(_named(request.body))
        if known is None or not market_signals.is_genuine(key or "", request.body, known[1], timezone.now()):
            message = gettext(
                "The source is not known, or X-Signature is not of this body, this secret and the last five minutes."
            )
            raise Problem("unauthorized", message)
        _count(f"source {known[0].pk}", "signal", MOST)
        return known[0]


def _named(body: bytes) -> str:
    try:
        content: Any = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    name = content.get("source") if isinstance(content, dict) else ""
    return name if isinstance(name, str) and name.isascii() and name.isprintable() else ""


def _count(key: str, door: str, most: int) -> None:
    if use_address(key, door, timezone.now()) > most:
        raise TooMany(gettext("This was done very often within the last hour. Wait an hour, then try again."))


@router.post("market", auth=Signed(), response={202: SignalOut}, url_name="market-signal")
def market_signal(request: HttpRequest, payload: NewSignal, key: SignalKey) -> MarketSignal:
    """Tell of volatility, an outage or liquidations. A signal makes the detector of surges more attentive for half an
    hour at most; it declares no surge. `X-Signature: t=<Unix time>,v1=<hex>` is HMAC-SHA256 of `<t>.<body>`."""
    source: SignalSource = request.auth  # type: ignore[attr-defined]
    said = market_signals.Said(payload.kind, payload.level, payload.symbol, payload.at, payload.ttl)
    return market_signals.take_signal(source, said, key=key)
