"""Where a webhook may go: to servers of the internet, never back into our own network.

An address is written in many ways (decimal, octal, hexadecimal, mapped into IPv6, as a name that changes its mind), so
what counts is the number to which the connection is opened: it is asked for once, looked at, and opened to just that.
"""

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext

PORTS = {"http": 80, "https": 443}
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[str]]

# Beyond what `is_global` refuses: ranges that hold, or lead to, addresses of the other family.
NEVER = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "192.88.99.0/24",  # 6to4 relays
        "224.0.0.0/4",
        "::/96",  # IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
        "3fff::/20",  # for documents, which Python 3.11 does not know
        "fec0::/10",  # site-local
        "ff00::/8",
    )
)


class Refused(Exception):
    """An address that a webhook does not go to; the message says why."""


@dataclass(frozen=True)
class Target:
    host: str
    port: int


def target(url: str) -> Target:
    """The server of an address, as far as its letters tell. Raises Refused."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise Refused(gettext("This is no address of a web server.")) from error
    if parts.scheme not in PORTS or not host:
        raise Refused(gettext("A webhook goes to an address that begins with https:// or http://."))
    if parts.username is not None or parts.password is not None or "\\" in url or any(c <= " " for c in url):
        raise Refused(gettext("The address holds a name, a password, or a character that has no place in it."))
    if port not in PORTS.values() and not _is_allowed_port(port):
        raise Refused(gettext("Webhooks go to ports 80 and 443 only."))
    return Target(host, port)


def _is_allowed_port(port: int) -> bool:
    return any(place.rpartition(":")[2] == str(port) for place in settings.WEBHOOKS_MAY_REACH)


def resolved(host: str, port: int) -> list[str]:
    """The numbers of a name, as the system resolves it now."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


def checked(host: str, port: int, resolve: Resolve = resolved) -> str:
    """The number to connect to. A name with one number that is not of the internet is refused whole.

    Raises Refused, also where the name has no number.
    """
    try:
        numbers = resolve(host, port)
    except (OSError, UnicodeError) as error:
        raise Refused(gettext("The server %(host)s is not known.") % {"host": host[:100]}) from error
    if not numbers or not all(_may_be_reached(number, port) for number in numbers):
        message = gettext("%(host)s is not a server of the internet. Webhooks do not go into private networks.")
        raise Refused(message % {"host": host[:100]})
    return numbers[0]


def _may_be_reached(number: str, port: int) -> bool:
    if f"{number}:{port}" in settings.WEBHOOKS_MAY_REACH:
        return True
    return port in PORTS.values() and is_public(number)


def is_public(number: str) -> bool:
    """Whether a number is one of the internet's."""
    try:
        address: Address = ipaddress.ip_address(number.partition("%")[0])
    except ValueError:
        return False
    inside = any(address in network for network in NEVER if network.version == address.version)
    return address.is_global and not address.is_multicast and not address.is_reserved and not inside
