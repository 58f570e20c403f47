"""E-mail addresses as people type them: one mail box has many spellings, and strangers use them to be counted anew."""

from encodings import idna
from typing import Final

_DOTS: Final = str.maketrans("。．｡", "...")


def is_plain(address: str) -> bool:
    """Whether an address is written as mail finds its way: what stands before the @ is ASCII (anything else looks like
    letters that it is not, and is told apart by some databases alone), and no letter of the host is one that mail
    leaves out or takes for another, such as one of full width or without any."""
    name, _, host = address.rpartition("@")
    return name.isascii() and (host.isascii() or _prepared(host) == host.lower())


def mailbox_of(address: str) -> str:
    """The mail box of an address, as far as its letters tell: in small letters, the host in ASCII, without what many
    servers leave to the owner behind a plus. For counting, never to send to."""
    name, _, host = address.strip().rpartition("@")
    box = name if name.startswith('"') else name.partition("+")[0] or name
    return f"{box.lower()}@{_in_ascii(host)}"


def _prepared(host: str) -> str:
    """The host as IDNA reads it; empty where it cannot."""
    try:
        return ".".join(idna.nameprep(label) for label in host.translate(_DOTS).split("."))
    except UnicodeError:
        return ""


def _in_ascii(host: str) -> str:
    try:
        return host.encode("idna").decode().lower()
    except UnicodeError:
        return host.lower()
