"""A receiver of webhooks: a real server on loopback, which the settings of the test let in by its number and port."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from supportdesk.accounts.models import User
from tickets.webhooks import actions
from tickets.webhooks.models import Endpoint


@dataclass
class Receiver:
    """What came in, oldest first; `answers` are the statuses to give next, 200 when there are none left."""

    url: str = ""
    received: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    location: str = ""


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.received.append((self.path, dict(self.headers), body))
            self.send_response(kept.answers.pop(0) if kept.answers else 200)
            if kept.location:
                self.send_header("Location", kept.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    settings.WEBHOOKS_MAY_REACH = [f"127.0.0.1:{server.server_port}"]
    kept.url = f"http://127.0.0.1:{server.server_port}/hook"
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def endpoint(receiver: Receiver, administrator: User) -> Endpoint:
    made = Endpoint(url=receiver.url)
    actions.save_endpoint(made, by=administrator)
    return made
