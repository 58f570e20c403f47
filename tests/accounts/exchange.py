"""The exchange's sign-in server as OpenID Connect describes one: it hands out its keys, checks the code, the browser's
proof (PKCE) and who asks, and signs who has signed in. Tests bend single parts of it."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from tests.accounts.journeys import at

CLAIMS = {"sub": "4711", "email": "Toma@Example.com", "email_verified": True, "name": "Toma Trader"}
BACK = "/account/exchange/callback/"
CLIENT, SHARED = "desk", "a secret between the exchange and this site"


@cache
def private_key(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def public_key(name: str, **more: Any) -> dict[str, Any]:
    """The half that is published."""
    about = {"kid": name, "use": "sig", "alg": "RS256"}
    return {**jwt.algorithms.RSAAlgorithm.to_jwk(private_key(name).public_key(), as_dict=True), **about, **more}


def signed(claims: dict[str, Any], *, key: str = "one", kid: str | None = None, algorithm: str = "RS256") -> str:
    return jwt.encode(claims, private_key(key), algorithm, {"kid": kid or key})


class Exchange(ThreadingHTTPServer):
    """`claims` is what it tells of everybody who asks, `bend` changes what it signs, `sign` how."""

    claims: dict[str, Any]
    keys: list[dict[str, Any]]
    asked: list[dict[str, list[str]]]
    bend: dict[str, Any]
    sign: Callable[[dict[str, Any]], Any]
    used: set[str]

    @classmethod
    @contextmanager
    def running(cls) -> Iterator["Exchange"]:
        server = cls(("127.0.0.1", 0), Answers)
        server.claims, server.keys, server.asked = dict(CLAIMS), [public_key("one")], []
        server.bend, server.sign, server.used = {}, signed, set()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
        server.server_close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def app(self) -> dict[str, Any]:
        """As the settings name it."""
        about = {"server_url": self.address, "email_authentication": True}
        name = {"provider_id": "exchange", "name": "Northgate"}
        return {**name, "client_id": CLIENT, "secret": SHARED, "settings": about}

    def token(self, asked: dict[str, list[str]]) -> Any:
        """Who has signed in, signed; claims that are bent to None are left out."""
        now = int(time.time())
        said = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": self.claims.get("sub", CLAIMS["sub"]),
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"][0],
        }
        return self.sign({name: value for name, value in {**said, **self.bend}.items() if value is not None})

    def refusal(self, form: dict[str, list[str]], asked: dict[str, list[str]]) -> str:
        """What is wrong with a code that somebody brings."""
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", [""])[0].encode()).digest())
        if form["code"][0] in self.used:
            return "used"
        if (form["client_id"], form["client_secret"]) != ([CLIENT], [SHARED]):
            return "invalid_client"
        if form["redirect_uri"] != asked["redirect_uri"] or form["grant_type"] != ["authorization_code"]:
            return "invalid_request"
        is_proven = [proof.decode().rstrip("=")] == asked["code_challenge"]
        return "" if is_proven and asked["code_challenge_method"] == ["S256"] else "invalid_grant"


class Answers(BaseHTTPRequestHandler):
    server: Exchange

    def do_GET(self) -> None:
        at_home = self.server.address
        endpoints = {"authorization_endpoint": f"{at_home}/authorize", "token_endpoint": f"{at_home}/token"}
        pages = {"/userinfo": self.server.claims, "/keys": {"keys": self.server.keys}}
        config = {"issuer": at_home, "userinfo_endpoint": f"{at_home}/userinfo", "jwks_uri": f"{at_home}/keys"}
        self.tell(pages.get(self.path, {**config, **endpoints}))

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.asked.append(form)
        asked = json.loads(base64.urlsafe_b64decode(form["code"][0]))
        if refusal := self.server.refusal(form, asked):
            self.tell({"error": refusal}, 400)
            return
        self.server.used.add(form["code"][0])
        self.tell({"access_token": "a-token", "token_type": "Bearer", "id_token": self.server.token(asked)})

    def tell(self, answer: Any, status: int = 200) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


def leave(client: Client, language: str = "en", **form: Any) -> dict[str, list[str]]:
    """Go to the exchange; what it is asked."""
    answer = client.post(at("openid_connect_login", language), form)
    assert answer.status_code == 200
    where = answer.headers["Refresh"].removeprefix("0;url=")
    assert f'href="{where.replace("&", "&amp;")}"' in answer.content.decode()
    return parse_qs(urlsplit(where).query)


def code_for(asked: dict[str, list[str]]) -> str:
    """A code of the exchange: it remembers by it what it was asked."""
    return base64.urlsafe_b64encode(json.dumps(asked).encode()).decode()


def come_back(client: Client, asked: dict[str, list[str]], **query: str) -> Any:
    return client.get(BACK, {"state": asked["state"][0], "code": code_for(asked), **query})
