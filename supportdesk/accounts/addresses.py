"""E-mail addresses as people type them: one mail box has many spellings, and strangers use them to be counted anew.

Hosts in letters outside of ASCII are read as IDNA 2008 reads them, by which `straße.de` is not `strasse.de`, and kept,
compared and sent to in their form in ASCII (`xn--…`), so that both spellings are one address.
"""

import unicodedata

from django.utils.translation import gettext_lazy as _

NO_WAY_TO = _(
    "No e-mail finds the part after the @ as it is written. Type it again by hand, or in the form that begins with"
    " xn--."
)
LONGEST_HOST = 253  # characters (RFC 1035)


def is_plain(address: str) -> bool:
    """Whether an address is written as mail finds its way: what stands before the @ is ASCII (anything else looks like
    letters that it is not, and is told apart by some databases alone), and no letter of the host is one that mail
    leaves out or takes for another, such as one of full width or without any."""
    name, _, host = address.rpartition("@")
    return name.isascii() and (host.isascii() or _is_read_as_written(host))


def canonical(address: str) -> str:
    """An address as it is stored, looked for and sent to: in small letters, its host in ASCII. A host that has no form
    in ASCII stays as it is."""
    name, at, host = address.strip().rpartition("@")
    return f"{name}{at}{in_ascii(host)}".lower()


def mailbox_of(address: str) -> str:
    """The mail box of an address, as far as its letters tell: in small letters, the host in ASCII, without what many
    servers leave to the owner behind a plus. For counting, never to send to."""
    name, _, host = address.strip().rpartition("@")
    box = name if name.startswith('"') else name.partition("+")[0] or name
    return f"{box.lower()}@{in_ascii(host)}"


def in_ascii(host: str) -> str:
    """A host in small letters and in ASCII (IDNA 2008); in small letters alone where it cannot be."""
    if host.isascii() or len(host) > LONGEST_HOST:
        return host.lower()
    import idna  # has large tables, and most addresses do not need them

    try:
        return idna.encode(host, uts46=True).decode().lower()
    except UnicodeError:
        return host.lower()


def _is_read_as_written(host: str) -> bool:
    if len(host) > LONGEST_HOST:
        return False
    import idna

    written = unicodedata.normalize("NFC", host.lower())
    try:
        return idna.uts46_remap(host, std3_rules=True) == written and bool(idna.encode(written))
    except UnicodeError:
        return False
