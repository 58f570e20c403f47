"""Posts that carry no cookie: who sent them, and whether they came from our own pages."""

import hashlib
import hmac
import ipaddress
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
LINE = 64  # bits of an IPv6 address that belong to the line of a customer; the rest changes by itself


def client_address(request: HttpRequest) -> str:
    """The reader's address: the peer's, or what the last proxy that we trust says it is."""
    address = request.META.get("REMOTE_ADDR", "")
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    while hops and _is_trusted(address):
        address = hops.pop()
    return _written_plainly(address)


def come_back(response: HttpResponse, at: datetime | None) -> HttpResponse:
    """The answer, saying when (UTC) to try again; where that is None the hours of the clock say it."""
    if at is not None:
        response.headers["Retry-After"] = str(max(1, -((timezone.now() - at) // timedelta(seconds=1))))
    return response


def _written_plainly(address: str) -> str:
    """One way of writing for each address; what is none stays as it is."""
    try:
        return str(_plain(ipaddress.ip_address(address)))
    except ValueError:
        return address


def _line_of(address: str) -> str:
    """What one line has: an IPv4 address, or the 2^64 addresses of IPv6 among which it may change as it likes."""
    try:
        number = ipaddress.ip_address(address)
    except ValueError:
        return address
    return address if number.version == 4 else str(ipaddress.ip_network((int(number), LINE), strict=False))


def _is_trusted(address: str) -> bool:
    try:
        own = _plain(ipaddress.ip_address(address))
        return any(own in ipaddress.ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES)
    except ValueError:
        return False


def _plain(address: Address) -> Address:
    """A server that listens on IPv6 writes an IPv4 peer as `::ffff:10.0.0.1`."""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def address_hash(request: HttpRequest, day: date | None = None) -> str:
    """The address, or of IPv6 the line, as a keyed hash that cannot be joined with another day's."""
    key = f"{settings.SECRET_KEY}/{day or timezone.now().date()}".encode()
    return hmac.new(key, _line_of(client_address(request)).encode(), hashlib.sha256).hexdigest()[:32]


def cookieless_post(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A POST from a page without cookies: there is no CSRF token, so the browser's word on where it came from has to
    do (`Sec-Fetch-Site`, else `Origin`); a post without either is refused."""

    @csrf_exempt
    @never_cache
    @require_POST
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_same_origin(request):
            raise PermissionDenied(gettext("This form works on our own pages only. Reload the page and try again."))
        return view(request, *args, **kwargs)

    return answer


def is_same_origin(request: HttpRequest) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    host = request.get_host()  # behind a proxy that ends TLS the request itself does not know its scheme
    return request.headers.get("Origin") in (f"https://{host}", f"http://{host}", settings.SITE_URL)
