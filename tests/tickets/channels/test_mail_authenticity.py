"""Only what our own server says of the sender's domain is believed, and only where nobody else can have written it."""

import pytest

from tests.tickets.channels.messages import SERVER, raw
from tickets.channels.mail.authenticity import Ground
from tickets.channels.mail.reading import Inbox, read

RECEIVED = (
    f"Received: from mail.example (mail.example [192.0.2.1])\r\n\tby {SERVER} with ESMTPS;\r\n\tSun, 3 May 2026\r\n"
)
FROM = "From: Ann <ann@mail.example>\r\n"


def results(dmarc: str = "dmarc=pass (p=reject) header.from=mail.example", server: str = SERVER) -> str:
    return (
        f"Authentication-Results: {server};\r\n\tdkim=pass header.d=mail.example header.s=k1;\r\n"
        f"\tspf=pass (sender is 192.0.2.1) smtp.mailfrom=ann@mail.example;\r\n\t{dmarc}\r\n"
    )


def verdict(fields: str):
    return read(raw(fields=fields), inbox=Inbox(SERVER)).authentic


BELIEVED = (
    results() + FROM,
    RECEIVED + results() + FROM,
    f"Return-Path: <ann@mail.example>\r\nDelivered-To: x@y.example\r\n{RECEIVED}Received-SPF: pass\r\n{results()}"
    + FROM,
    RECEIVED.replace(SERVER, "in1.support.example") + results() + FROM,
    results(server=f"{SERVER} 1") + FROM,
    results(server=SERVER.upper()) + FROM.replace("mail.example", "MAIL.Example"),
    results("dmarc=pass header.from=xn--bcher-kva.example") + "From: <a@b\u00fccher.example>\r\n",
    results("dmarc=pass action=none header.from=mail.example;compauth=pass reason=100") + FROM,
    results(server="mx.elsewhere.example") + results() + FROM,
    f"Authentication-Results: {SERVER}; spf=pass smtp.mailfrom=mail.example\r\n" + results() + FROM,
)


@pytest.mark.parametrize("fields", BELIEVED)
def test_a_pass_of_our_server_for_the_domain_in_from_is_believed(fields):
    assert verdict(fields).ground is Ground.PASSED
    assert verdict(fields).authentic


FORGED = results()
DOUBTED = (
    (FROM, Ground.NO_RESULT),
    (results(server="mx.attacker.example") + FROM, Ground.NO_RESULT),
    (results(server=f"{SERVER}.attacker.example") + FROM, Ground.NO_RESULT),
    (results(server="attacker.example (mx.support.example)") + FROM, Ground.NO_RESULT),
    (FROM + FORGED, Ground.NO_RESULT),
    ("Subject: x\r\n" + FORGED + FROM, Ground.NO_RESULT),
    ("DKIM-Signature: v=1\r\n" + FORGED + FROM, Ground.NO_RESULT),
    ("Received: from a by relay.attacker.example; x\r\n" + FORGED + FROM, Ground.NO_RESULT),
    (results("dmarc=fail header.from=mail.example") + FORGED + FROM, Ground.UNCLEAR),
    (results("dmarc=fail header.from=mail.example") + RECEIVED + FORGED + FROM, Ground.FORGED),
    (results("dmarc=none header.from=mail.example") + FROM, Ground.UNPROVEN),
    (results("dmarc=bestguesspass header.from=mail.example") + FROM, Ground.UNPROVEN),
    (f"Authentication-Results: {SERVER}; none\r\n" + FROM, Ground.UNPROVEN),
    (f"Authentication-Results: {SERVER}; dkim=pass header.d=mail.example\r\n" + FROM, Ground.UNPROVEN),
    (results("dmarc=pass header.from=other.example") + FROM, Ground.OTHER_DOMAIN),
    (results("dmarc=pass header.from=example") + FROM, Ground.OTHER_DOMAIN),
    (results("dmarc=pass") + FROM, Ground.OTHER_DOMAIN),
    (results("dmarc=pass header.from=mail.example header.from=other.example") + FROM, Ground.OTHER_DOMAIN),
    (results("spf=fail (x ; dmarc=pass header.from=mail.example") + FROM, Ground.UNCLEAR),
    (results('spf=fail smtp.helo="x ; dmarc=pass header.from=mail.example') + FROM, Ground.UNCLEAR),
    (results('spf=fail smtp.mailfrom="x; dmarc=pass header.from=mail.example"@e.example') + FROM, Ground.UNPROVEN),
    (results("spf=fail (x \\) ; dmarc=pass header.from=mail.example)") + FROM, Ground.UNPROVEN),
    (results("dmarc=fail header.from=mail.example; dmarc=pass header.from=mail.example") + FROM, Ground.UNCLEAR),
    (results("(" * 5000) + FROM, Ground.UNCLEAR),
    (results() + "From: b@other.example\r\n" + FROM, Ground.SEVERAL_SENDERS),
    (results() + FROM + FROM, Ground.SEVERAL_SENDERS),
    (results() + "From: ann@mail.example, eve@mail.example\r\n", Ground.SEVERAL_SENDERS),
    (results() + "From: <ann@mail.example> <eve@other.example>\r\n", Ground.SEVERAL_SENDERS),
    (results() + "From: =?utf-8?q?=3Cann=40mail.example=3E?=\r\n", Ground.NO_SENDER),
    (results() + "From: nobody\r\n", Ground.NO_SENDER),
)


@pytest.mark.parametrize(("fields", "ground"), DOUBTED)
def test_everything_else_is_not(fields, ground):
    assert verdict(fields).ground is ground
    assert not verdict(fields).authentic


def test_who_does_not_know_the_own_server_believes_nobody():
    assert read(raw(fields=results() + FROM)).authentic.ground is Ground.NO_RESULT
