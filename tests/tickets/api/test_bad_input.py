"""Whatever is sent: a sentence about it in JSON, never a broken page."""

import gzip
import json

import pytest
from django.test import Client

from tickets.models import Ticket

pytestmark = pytest.mark.django_db

DEEP = "[" * 100_000 + "]" * 100_000
TEXT = json.dumps({"topic": "deposits", "subject": "a", "body": "b"})


def send(app, body, kind="application/json", path="tickets", method="POST", **headers):
    headers = {"Authorization": f"Bearer {app.key}", **{name.replace("_", "-"): v for name, v in headers.items()}}
    return Client().generic(method, f"/api/v1/{path}", body, kind, headers=headers)


@pytest.mark.parametrize(
    ("body", "statuses"),
    [
        ("", {422}),
        ("null", {422}),
        ("5", {422}),
        ("[]", {422}),
        ('"text"', {422}),
        ("{", {400}),
        (DEEP, {400}),
        ('{"details": ' + "[" * 900 + "]" * 900 + "}", {400}),
        ('{"a":' * 30_000 + "1" + "}" * 30_000, {400}),
        ('{"subject": NaN}', {400}),
        ('{"subject": 1e999}', {422}),
        ('{"topic": ' + "9" * 5000 + "}", {400}),
        ('{"topic": ' + "9" * 400 + "}", {422}),
        (TEXT.replace("b", "\\u0000", 1), {400, 422}),
        (TEXT.replace('"a"', '"\\ud800"'), {400}),
        (TEXT.replace('"topic"', '"\\udfff"'), {400}),
        (b"\xff\xfe" + TEXT.encode(), {400}),
        (b"\xef\xbb\xbf" + TEXT.encode(), {400}),
        (TEXT.encode("utf-16"), {400}),
        ("x" * (600 * 1024), {413}),
    ],
)
def test_a_body_that_is_no_request_is_refused(app, topic, body, statuses):
    answer = send(app, body)
    assert answer.status_code in statuses
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml", "", "x" * 300]
)
def test_a_body_of_another_type_is_refused(app, topic, kind):
    assert send(app, TEXT, kind).status_code in (415, 422)
    assert not Ticket.objects.exists()


def test_a_packed_body_is_refused_before_it_is_unpacked(app, topic):
    assert send(app, gzip.compress(b" " * 10_000_000), Content_Encoding="gzip").status_code == 415


PART = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n'
FILE = b'--x\r\nContent-Disposition: form-data; name="files"; filename="%s"\r\n'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--x",
        b"--x\r\n\r\n--x--",
        PART % b"body" + b"hello\r\n",
        FILE % b"a\x00.png" + b"\r\nhello\r\n--x--\r\n",
        FILE % b"a.png" + b"Content-Transfer-Encoding: base64\r\n\r\n!\r\n--x--",
        b"".join(PART % (b"f%d" % n) + b"\r\n" for n in range(5000)) + b"--x--",
        b"".join(FILE % (b"f%d" % n) + b"\r\nx\r\n" for n in range(150)) + b"--x--",
        PART % b"body" + b"y" * 3_000_000 + b"\r\n--x--\r\n",
    ],
)
def test_parts_that_cannot_be_read_are_refused(app, ticket, body):
    answer = send(app, body, "multipart/form-data; boundary=x", f"tickets/{ticket.public_id}/attachments")
    assert answer.status_code in (400, 413, 422)
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("size", [str(15 * 1024 * 1024 + 1), "9" * 15, "9" * 5000])
def test_an_upload_that_says_it_is_too_large_is_refused_at_once(app, ticket, size):
    path = f"tickets/{ticket.public_id}/attachments"
    answer = send(app, b"x", "multipart/form-data; boundary=x", path, Content_Length=size)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "path",
    ["tickets/%00", "tickets/%ff", "tickets/../../admin", "tickets/" + "x" * 3000, "tickets/ẞ", "tickets/%ED%A0%80",
     "attachments/1", "nothing", "tickets/", "desk/tickets/1/2/3", "", "%00", "help/articles/%00", "../v1/tickets"],
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_absent_in_json(app, path):
    answer = send(app, "", path=path, method="GET")
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:problem:not-found"


@pytest.mark.parametrize(
    "query", ["cursor=%00", "x=%00", "%00=x", "status=%ff", "limit=١", "limit=", "status=%ED%A0%80"]
)
def test_a_query_that_cannot_be_meant_is_refused(app, query):
    answer = send(app, "", path=f"tickets?{query}", method="GET")
    assert answer.status_code in (400, 422)


def test_ten_thousand_parameters_are_too_many(app):
    assert send(app, "", path="tickets?" + "a=1&" * 10_000, method="GET").status_code == 413


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO"])
def test_another_method_is_refused_in_json(app, method):
    answer = send(app, "", method=method)
    assert (answer.status_code, answer.json()["status"]) == (405, 405)
    assert "GET" in answer["Allow"]


def test_a_host_that_is_not_ours_is_refused_in_json(app):
    answer = Client().get("/api/v1/help/articles", headers={"Host": "evil.example"})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_what_nobody_expected_is_told_in_json_without_its_reason(app, monkeypatch):
    from tickets.api import showing

    def fail(*args):
        raise RuntimeError("the password is x")

    monkeypatch.setattr(showing, "topic", fail)
    from tests.tickets.factories import TopicFactory

    TopicFactory()
    client = Client(raise_request_exception=False)
    answer = client.get("/api/v1/topics", headers={"Authorization": f"Bearer {app.key}"})
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:problem:server-error")
    assert "password" not in answer.content.decode()


@pytest.mark.parametrize("cookie", ["django_language=ja", "sessionid=x", "csrftoken=y", "x" * 5000])
def test_cookies_change_nothing(app, cookie):
    plain, sent = (send(app, "", path="tickets?limit=0", method="GET", **extra) for extra in ({}, {"Cookie": cookie}))
    assert (plain.content, plain.cookies) == (sent.content, sent.cookies)
    assert "Cookie" not in sent["Vary"]
