"""Addresses where nothing arrives for good: nothing is sent there until somebody says so."""

from datetime import datetime

from tickets.channels.models import DeadAddress


def lose(address: str, status: str) -> None:
    """Send nothing more to an address; `status` is what the mail server said of it."""
    DeadAddress.objects.get_or_create(address=address, defaults={"status": status[:20]})


def lost_since(address: str) -> datetime | None:
    """Since when (UTC) mails to an address come back; None where they arrive."""
    return DeadAddress.objects.filter(address=address).values_list("since", flat=True).first()


def try_again(address: str) -> bool:
    """Send mail to an address again from now on; whether it was lost."""
    return bool(DeadAddress.objects.filter(address=address).delete()[0])
