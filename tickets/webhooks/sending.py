"""One request to one server: five seconds a step, fifteen in all, no redirects, to the number that was checked."""

import ssl
import time
from collections.abc import Iterable, Mapping
from typing import Any

import httpcore
import httpx

from tickets.webhooks import addresses

STEP = 5.0  # seconds to connect, to send, to read
WHOLE = 15.0  # seconds for all of it, however slowly the server drips
AGENT = "supportdesk-webhooks/1"


class NotSent(Exception):
    """Nobody answered, or the address is refused; the message says which."""


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send a body as JSON; the status of the answer, whose body is not read. Raises NotSent."""
    named = {"Content-Type": "application/json", "User-Agent": AGENT, "Accept-Encoding": "identity", **headers}
    try:
        addresses.target(url)
        with (
            httpx.Client(transport=_Pinned(), timeout=STEP, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", url, content=body, headers=named) as response,
        ):
            return response.status_code
    except addresses.Refused as error:
        raise NotSent(str(error)) from error
    except (httpx.HTTPError, httpx.InvalidURL, httpcore.NetworkError, OSError, ValueError) as error:
        raise NotSent(f"{type(error).__name__}: {error}"[:200]) from error


class _Pinned(httpx.HTTPTransport):
    """httpx's, whose connections are opened by `_Guarded` alone; no proxy of the environment."""

    def __init__(self) -> None:
        super().__init__(trust_env=False)
        context: ssl.SSLContext = httpx.create_ssl_context(trust_env=False)
        self._pool = httpcore.ConnectionPool(ssl_context=context, network_backend=_Guarded(time.monotonic() + WHOLE))


class _Guarded(httpcore.NetworkBackend):
    """Looks up a host once, checks its addresses, and connects only to an address that was checked."""

    def __init__(self, until: float) -> None:
        self.until, self.system = until, httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        number = addresses.checked(host, port)
        return _Bounded(self.system.connect_tcp(number, port, timeout, local_address, socket_options), self.until)

    def connect_unix_socket(self, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        raise addresses.Refused("A webhook goes to a server.")


class _Bounded(httpcore.NetworkStream):
    """A connection that ends when the whole request has taken too long."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self.stream, self.until = stream, until

    def _left(self, timeout: float | None) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("The answer took too long.")
        return min(left, timeout or STEP)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self._left(timeout))

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Bounded(self.stream.start_tls(ssl_context, server_hostname, self._left(timeout)), self.until)

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)
