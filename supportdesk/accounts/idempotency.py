"""Idempotency keys: a request that is sent twice is done once. Its answer is kept under the key of its sender."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from supportdesk.accounts.models import KeptKey

KEPT = timedelta(days=7)


class KeyReused(Exception):
    """The key came with another request before."""


def once(person: Any, key: str, asked: str, act: Callable[[], str]) -> tuple[str, bool]:
    """Do `act` unless the person has asked the same under this key before; its result (a number, at most 40
    characters), and whether it was done now. What fails leaves no trace, so that it can be sent again, corrected. Of
    two at the same moment the second waits for the first. Without a key it is just done.

    Raises KeyReused.
    """
    if not key:
        return act(), True
    digest = salted_hmac("kept-key", asked.encode(errors="surrogatepass"), algorithm="sha256").hexdigest()
    with transaction.atomic():
        kept = _claim(person, key, digest)
        if kept is None:
            return _before(person, key, digest), False
        kept.result = act()
        kept.save(update_fields=["result"])
    return kept.result, True


def _claim(person: Any, key: str, digest: str) -> KeptKey | None:
    try:
        with transaction.atomic():
            return KeptKey.objects.create(person=person, key=key, digest=digest)
    except IntegrityError:
        return None


def _before(person: Any, key: str, digest: str) -> str:
    kept = KeptKey.objects.get(person=person, key=key)
    if kept.digest != digest:
        raise KeyReused(key)
    return kept.result


def forget() -> int:
    """Forget keys of a week ago; returns how many."""
    return KeptKey.objects.filter(kept_at__lt=timezone.now() - KEPT).delete()[0]
