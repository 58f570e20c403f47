"""Signals of the market: signed, fresh, taken once, and never enough to declare a surge."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from supportdesk.accounts.models import User
from tickets.actions import market_signals, surging
from tickets.api import market
from tickets.models import ArrivalCount, MarketSignal, SignalSource, StreamHour, SurgeState

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/signals/market"


@pytest.fixture
def secret(admin: User) -> str:
    return market_signals.save_source(SignalSource(name="risk"), by=admin)


@pytest.fixture
def admin(db: None) -> User:
    return User.objects.create_superuser("root@example.com", "a long pass phrase")


def content(**values: Any) -> dict[str, Any]:
    known = {"source": "risk", "kind": "liquidations", "level": 2, "symbol": "BTCUSDT", "ttl": 1800}
    return {**known, "at": timezone.now().isoformat(), **values}


def signature(body: bytes, secret: str, at: float) -> str:
    """As docs/api.md tells a sender to make it."""
    import hashlib
    import hmac

    moment = str(int(at))
    return f"t={moment},v1={hmac.new(secret.encode(), moment.encode() + b'.' + body, hashlib.sha256).hexdigest()}"


def send(secret: str, said: dict[str, Any] | None = None, *, key: str = "signal-0001", late: float = 0) -> Any:
    body = json.dumps(said or content()).encode()
    headers = {"X-Signature": signature(body, secret, timezone.now().timestamp() - late)}
    if key:
        headers["Idempotency-Key"] = key
    return Client().post(ADDRESS, body, content_type="application/json", headers=headers)


def test_a_signal_is_kept(secret: str) -> None:
    answer = send(secret)
    row = MarketSignal.objects.get()
    assert answer.status_code == 202
    assert (row.source.name, row.kind, row.level, row.symbol) == ("risk", "liquidations", 2, "BTCUSDT")
    assert row.until - row.at == timedelta(seconds=1800)
    assert answer.json()["id"] == row.pk


def test_the_same_signal_twice_is_one(secret: str) -> None:
    said = content()
    first, second = send(secret, said), send(secret, said)
    assert first.json() == second.json()
    assert MarketSignal.objects.count() == 1


def test_a_key_that_came_with_another_signal_is_refused(secret: str) -> None:
    send(secret, content(level=1))
    answer = send(secret, content(level=3))
    assert answer.status_code == 409
    assert "key of its own" in answer.json()["detail"]
    assert MarketSignal.objects.get().level == 1


def test_a_recorded_signal_under_another_key_is_the_same_one(secret: str) -> None:
    said = content()
    first, again = send(secret, said), send(secret, said, key="signal-0002")
    assert first.json() == again.json()
    assert MarketSignal.objects.count() == 1


@pytest.mark.parametrize("source", ["\ud800", "a\0b", "x" * 5000, 7, None, ["risk"]])
def test_a_source_whose_name_is_nonsense_is_refused(secret: str, source: Any) -> None:
    assert send(secret, content(source=source)).status_code == 401


def test_a_symbol_that_is_no_text_is_refused(secret: str) -> None:
    assert send(secret, content(symbol="\ud800")).status_code in (400, 422)


def test_a_body_of_megabytes_is_refused(secret: str) -> None:
    assert send(secret, content(more="x" * 3_000_000)).status_code == 413


@pytest.mark.parametrize("late", [301, -302, 86400])
def test_an_old_signature_is_refused(secret: str, late: float) -> None:
    assert send(secret, late=late).status_code == 401
    assert not MarketSignal.objects.exists()


@pytest.mark.parametrize("given", ["", "t=1,v1=00", "v1=ab", "t=٣,v1=é", "nonsense", "t=99999999999999,v1=ab"])
def test_a_signature_that_is_none_is_refused(secret: str, given: str) -> None:
    headers = {"X-Signature": given.encode().decode("latin-1"), "Idempotency-Key": "signal-0001"}
    answer = Client().post(ADDRESS, content(), content_type="application/json", headers=headers)
    assert answer.status_code == 401


def test_another_secret_another_source_and_a_switched_off_one_are_refused(secret: str) -> None:
    assert send("sigsec_other").status_code == 401
    assert send(secret, content(source="nobody")).status_code == 401
    SignalSource.objects.update(is_active=False)
    assert send(secret).status_code == 401


def test_a_changed_body_is_refused(secret: str) -> None:
    headers = {"X-Signature": signature(json.dumps(content()).encode(), secret, timezone.now().timestamp())}
    answer = Client().post(ADDRESS, content(level=3), content_type="application/json", headers=headers)
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"level": 4},
        {"level": -1},
        {"level": True},
        {"kind": "rumour"},
        {"ttl": 0},
        {"ttl": 90000},
        {"at": "yesterday"},
        {"symbol": "x" * 41},
        {"more": 1},
    ],
)
def test_what_does_not_fit_is_refused_by_name(secret: str, wrong: dict[str, Any]) -> None:
    answer = send(secret, content(**wrong))
    assert answer.status_code == 422
    assert next(iter(wrong)) in answer.content.decode()
    assert not MarketSignal.objects.exists()


@pytest.mark.parametrize(
    ("at", "reason"),
    [("2026-01-01T00:00:00", "with its zone"), ("2026-01-01T00:00:00Z", "more than five minutes")],
)
def test_a_signal_is_of_now(secret: str, at: str, reason: str) -> None:
    answer = send(secret, content(at=at))
    assert answer.status_code == 422
    assert reason in answer.json()["detail"]


def test_a_signal_needs_a_key(secret: str) -> None:
    assert send(secret, key="").status_code == 422


def test_a_source_may_not_send_without_end(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(market, "MOST", 2)
    answers = [send(secret, key=f"signal-000{number}").status_code for number in range(3)]
    assert answers == [202, 202, 429]


def test_a_new_secret_replaces_the_old_one(secret: str, admin: User) -> None:
    renewed = market_signals.renew_secret(SignalSource.objects.get(), by=admin)
    assert send(secret).status_code == 401
    assert send(renewed).status_code == 202


def test_secrets_are_for_administrators_shown_once_and_never_stored_open(
    admin: User, team_lead: User, client: Client
) -> None:
    with pytest.raises(PermissionDenied):
        market_signals.save_source(SignalSource(name="mine"), by=team_lead)
    client.force_login(admin)
    page = client.post(reverse("admin:tickets_signalsource_add"), {"name": "risk", "is_active": "on"})
    source = SignalSource.objects.get()
    assert source.secret in page.content.decode()
    assert source.secret not in source.sealed_secret
    assert source.secret not in client.get(reverse("admin:tickets_signalsource_changelist")).content.decode()


def quiet_week() -> None:
    start = timezone.now().replace(minute=0, second=0, microsecond=0)
    StreamHour.objects.bulk_create(
        StreamHour(hour=start - timedelta(hours=hour), stream=stream, count=60)
        for hour in range(1, 169)
        for stream in ("total", "topic:api", "language:en")
    )


def watched(minutes: int, count: int) -> SurgeState:
    """The state after so many minutes with so many requests each, the last of them just now."""
    now = timezone.now().replace(second=0, microsecond=0)
    SurgeState.objects.update_or_create(pk=1, defaults={"watched_until": now - timedelta(minutes=minutes + 2)})
    ArrivalCount.objects.bulk_create(
        ArrivalCount(minute=now - timedelta(minutes=minute + 2), topic="api", language="en", count=count)
        for minute in range(minutes)
    )
    surging.watch_arrivals(now)
    return SurgeState.objects.get()


def test_level_three_puts_the_desk_on_watch_at_once_and_no_further(secret: str) -> None:
    quiet_week()
    now = timezone.now()
    source = SignalSource.objects.get()
    begun = now - timedelta(minutes=20)
    MarketSignal.objects.create(
        source=source, key="k", digest="", kind="outage", level=3, at=begun, until=now + timedelta(hours=1)
    )
    row = watched(19, 1)
    assert (row.state, row.level) == ("watch", 3)


@pytest.mark.parametrize(("level", "state"), [(1, "normal"), (2, "watch")])
def test_level_two_makes_the_detector_more_attentive(secret: str, level: int, state: str) -> None:
    quiet_week()
    now = timezone.now()
    MarketSignal.objects.create(
        source=SignalSource.objects.get(),
        key="k",
        digest="",
        kind="volatility",
        level=level,
        at=now - timedelta(minutes=15),
        until=now + timedelta(hours=1),
    )
    assert watched(3, 5).state == state


def test_the_address_for_signals_is_described_in_the_schema(client: Client) -> None:
    operation: Callable[..., Any] = client.get("/api/v1/openapi.json").json()["paths"][ADDRESS]["post"]
    assert operation["security"]  # type: ignore[index]
