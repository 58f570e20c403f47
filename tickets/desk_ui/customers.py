"""What staff call a customer, on screens and in programs alike. An address is shown in full only to who asks for it by
`actions.detailing.reveal_address`, which leaves an event. Pure."""

from typing import Any


def masked(email: str) -> str:
    """An address of which only its owner knows the rest: `toma@example.com` -> `to•••@example.com`."""
    name, _, host = email.partition("@")
    return f"{name[: min(2, max(1, len(name) - 1))]}•••@{host}"


def customer_name(person: Any) -> str:
    """What a customer is called: the name that they gave, else the masked address."""
    return person.name or masked(person.email)
