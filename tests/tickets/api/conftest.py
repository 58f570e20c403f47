"""Programs that call the API, each with a token of its person."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from supportdesk.accounts import tokens
from supportdesk.accounts.models import User

EVERYTHING = {"tickets": ("tickets:read", "tickets:write"), "desk": ("desk:read", "desk:write")}


@dataclass(frozen=True)
class App:
    """A program with a key; paths are below `/api/v1/`."""

    key: str

    def get(self, path: str, **headers: str) -> Any:
        return self._call("GET", path, "", headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._call("POST", path, json.dumps(body) if body is not None else "", headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._call("PUT", path, json.dumps(body), headers)

    def upload(self, path: str, body: str, *files: Any, **headers: str) -> Any:
        sent = {"body": body, "files": list(files)}
        return Client().post(f"/api/v1/{path}", sent, headers=self._headers(headers))

    def _call(self, method: str, path: str, body: str, headers: dict[str, str]) -> Any:
        return Client().generic(method, f"/api/v1/{path}", body, "application/json", headers=self._headers(headers))

    def _headers(self, headers: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return {"Authorization": f"Bearer {self.key}", **named}


@pytest.fixture
def app_of(db: None) -> Callable[..., App]:
    """`app_of(trader)`, `app_of(agent, "desk")`, `app_of(trader, "tickets:read")`."""

    def make(person: User, *scopes: str) -> App:
        wanted = [name for scope in scopes or ("tickets",) for name in EVERYTHING.get(scope, (scope,))]
        return App(tokens.make_token(person, "Test", wanted).key)

    return make


@pytest.fixture
def app(app_of: Callable[..., App], trader: User) -> App:
    return app_of(trader)


@pytest.fixture
def desk(app_of: Callable[..., App], agent: User) -> App:
    return app_of(agent, "desk")
