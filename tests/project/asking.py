"""A row of the access matrix as a request, and the answer as a cell."""

import json
import re
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from django.apps import apps
from django.contrib.admin.utils import quote
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.test.client import ClientHandler

from tests.project.drill_site import SLUG, DrillSite
from tests.rows import row_of, version_of

SIGN_IN = "login"  # the cell of an answer that asks to sign in
# What stands for an argument of an address unless the row says something else.
ARGUMENTS = {
    "slug": SLUG,
    "language": "en",
    "section": "articles",
    "app_label": "helpcenter",
    "public_id": "{ticket}",
    "number": "{ticket}",
}
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
PATTERN = re.compile(r"\(\?P<(\w+)>[^()]*\)")  # an argument that is written as a pattern
PART = "([^/]+)"  # a record, then its version, in the address of a history
RECORD = re.compile(rf"admin/(\w+)/(\w+)/\^?(<path:object_id>|<int:pk>|<id>|{re.escape(PART)})")


@dataclass(frozen=True)
class Row:
    """`asks` names what the arguments stand for and `sends` what goes along, each as a query is written; things of the
    site stand in braces."""

    method: str
    route: str
    asks: str
    sends: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.method, self.route, self.asks, self.sends) if part)

    @property
    def is_of_program(self) -> bool:
        return self.route.startswith("api/")

    def path(self, site: DrillSite) -> str:
        """The address, with what the row asks for."""
        route = self.route if "pk=" in self.asks else of_a_record(self.route)
        return filled(route, ARGUMENTS | dict(parse_qsl(self.asks)), site)

    @property
    def names_something(self) -> bool:
        return ARGUMENT.search(self.route) is not None

    def absent_path(self, site: DrillSite) -> str:
        """An address of the same kind under which nothing is."""
        numbers = {name: "0" for kind, name in re.findall(r"<(\w+):(\w+)>", self.route) if kind == "int"}
        return filled(self.route, dict.fromkeys(ARGUMENT.findall(self.route), "absent") | numbers, site)


def filled(route: str, arguments: dict[str, str], site: DrillSite) -> str:
    """Raises KeyError for an argument that nobody gave."""
    plain = PATTERN.sub(r"<\1>", route).replace("^", "").replace("\\Z", "").replace("\\.", ".").replace("$", "")
    return "/" + named(ARGUMENT.sub(lambda found: arguments[found[1]], plain), site)


def named(text: str, site: DrillSite) -> str:
    """With the things of the site that it names in braces."""
    return re.sub(r"\{([\w.]+)\}", lambda found: site.things[found[1]], text)


def of_a_record(route: str) -> str:
    """An address of a record in the admin, with one that is there: a refusal has to be one of rights."""
    about = RECORD.match(route)
    if about is None:
        return route
    model = apps.get_model(about[1], about[2])
    route = route.replace(about[3], quote(str(row_of(model).pk)), 1)
    return route.replace(PART, str(version_of(model))) if PART in route else route


class Asker:
    """Everybody's browser and program. Each request finds the site as it was: what the last one did is taken back."""

    def __init__(self, site: DrillSite) -> None:
        self.site = site
        self.client = Client(raise_request_exception=False)
        self.handler: ClientHandler = self.client.handler

    def ask(self, column: str, row: Row, path: str) -> HttpResponse:
        self.client.cookies = deepcopy(self.site.sessions[column])
        headers = {"Sec-Fetch-Site": "same-origin"}
        if row.is_of_program and column in self.site.keys:
            headers["Authorization"] = f"Bearer {self.site.keys[column]}"
        with transaction.atomic():
            answer = getattr(self.client, row.method.lower())(path, headers=headers, **self._sent(row))
            transaction.set_rollback(True)
        return answer

    def _sent(self, row: Row) -> dict[str, Any]:
        form = parse_qsl(named(row.sends, self.site), keep_blank_values=True)
        if row.method == "GET":
            return {"data": dict(form)}
        if row.is_of_program and "@" not in row.sends:
            body = {name: _value(text) for name, text in form}
            return {"data": json.dumps(body), "content_type": "application/json"}
        return {"data": {name: _file(text) if text.startswith("@") else text for name, text in form}}


def _value(text: str) -> Any:
    return None if text == "null" else int(text) if text.isdigit() else text


def _file(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name.removeprefix("@"), b"a list")


def cell(answer: HttpResponse) -> str:
    """The status, or that somebody is asked to sign in."""
    asks_to_sign_in = 300 <= answer.status_code < 400 and "/login/" in answer.headers.get("Location", "")
    return SIGN_IN if asks_to_sign_in else str(answer.status_code)


def bare(answer: HttpResponse, path: str) -> tuple[int, bytes]:
    """A refusal without what says which address was asked for; the menu of languages writes it behind each of them."""
    below = "/" + path.split("/", 2)[2]
    body = answer.getvalue().replace(path.encode(), b"PATH").replace(below.encode(), b"PATH")
    return answer.status_code, re.sub(rb'(csrfmiddlewaretoken" value=|nonce=)"[^"]*"', b"", body)
