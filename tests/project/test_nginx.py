"""The configuration that ships for nginx: readers share a page, whoever is signed in gets their own."""

import http.client
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tests.services import free_port, need, wait_for_port

FRAME = """daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{user}
events {{ worker_connections 64; }}
http {{
client_body_temp_path {folder}/body;
proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/fastcgi;
uwsgi_temp_path {folder}/uwsgi;
scgi_temp_path {folder}/scgi;
{deployed}
}}
"""


class Upstream(BaseHTTPRequestHandler):
    """Counts what reaches it; answers as public pages do."""

    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        body = f"answer {self.asked}".encode()
        self.send_response(200)
        kept = 1 if self.path == "/soon-old/" else 60  # seconds
        self.send_header("Cache-Control", f"public, max-age=0, s-maxage={kept}")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", "x" * 1200)  # all headers together are as long as ours
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def upstream() -> Iterator[int]:
    Upstream.asked = 0
    with ThreadingHTTPServer(("127.0.0.1", 0), Upstream) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture
def nginx(tmp_path: Path, upstream: int) -> Iterator[int]:
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    need(program is not None, "nginx is not installed")
    port = free_port()
    text = (Path(settings.BASE_DIR) / "deploy" / "nginx.conf").read_text()
    for pattern, value in (
        (r"/var/cache/nginx/supportdesk", f"{tmp_path}/cache"),
        (r"/var/log/nginx/supportdesk\.log", f"{tmp_path}/access.log"),
        (r"127\.0\.0\.1:8000", f"127.0.0.1:{upstream}"),
        (r"listen 80 default_server;", f"listen 127.0.0.1:{port} default_server;"),
        (r"listen 80;", f"listen 127.0.0.1:{port};"),
    ):
        text, count = re.subn(pattern, value, text)
        assert count == 1, pattern
    user = "user root;" if os.geteuid() == 0 else ""  # the worker has to reach this test's folder
    (tmp_path / "nginx.conf").write_text(FRAME.format(folder=tmp_path, deployed=text, user=user))
    process = subprocess.Popen([str(program), "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")])
    try:
        wait_for_port(port)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=10)


def get(port: int, path: str = "/en/", **headers: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Host": "help.example.com", **headers})
    answer = connection.getresponse().read().decode()
    connection.close()
    return answer


def written(log: Path, seconds: float = 10) -> str:
    """What nginx has logged: it writes the line after the answer has left, so the reader may be first."""
    end = time.monotonic() + seconds
    while not (text := log.read_text()) and time.monotonic() < end:
        time.sleep(0.02)
    return text


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "help.example.com.evil.example"])
def test_under_another_name_nothing_is_there(nginx, host):
    with pytest.raises(http.client.RemoteDisconnected):
        get(nginx, Host=host)
    assert get(nginx, Host="HELP.example.com") == "answer 1"


def test_readers_share_what_the_server_has_rendered_once(nginx):
    assert [get(nginx) for _ in range(5)] == ["answer 1"] * 5


def test_the_first_reader_after_a_pause_gets_what_is_true_now(nginx):
    assert get(nginx, "/soon-old/") == "answer 1"
    time.sleep(2.1)  # nginx counts whole seconds
    assert get(nginx, "/soon-old/") == "answer 2"


@pytest.mark.parametrize("cookie", ["sessionid=abc", "__Host-sessionid=abc", "theme=dark; __Host-sessionid=abc"])
def test_whoever_is_signed_in_gets_a_page_of_their_own_that_nobody_else_sees(nginx, cookie):
    assert get(nginx, Cookie=cookie) == "answer 1"
    assert get(nginx, Cookie=cookie) == "answer 2"
    assert get(nginx) == "answer 3"
    assert get(nginx) == "answer 3"


def test_another_cookie_is_no_session(nginx):
    assert get(nginx, Cookie="theme=dark; my-sessionid=1") == get(nginx)


def test_the_access_log_holds_no_query(nginx, tmp_path):
    get(nginx, "/en/search/?q=secretword")
    log = written(tmp_path / "access.log")
    assert "/en/search/" in log
    assert "secretword" not in log


@pytest.mark.parametrize("length", [2000, 3000, 4000, 7500])
def test_a_long_question_is_answered_and_kept_as_a_short_one(nginx, length):
    """A question of three hundred Chinese characters is an address of three thousand letters."""
    path = f"/en/search/?q={'a' * length}"
    assert [get(nginx, path) for _ in range(2)] == ["answer 1"] * 2


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_access_log_holds_no_token_of_a_mailed_link(nginx, tmp_path, language):
    get(nginx, f"/{language}/t/c2VjcmV0.1vNdLx.signature/")
    log = written(tmp_path / "access.log")
    assert f'"GET /{language}/t/' in log
    assert "c2VjcmV0" not in log
    assert "signature" not in log
