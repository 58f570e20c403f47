"""The signature, against an example worked out with OpenSSL, and what a receiver refuses."""

import pytest

from tickets.webhooks import signing

# printf '1700000000.{"id":"evt_1"}' | openssl dgst -sha256 -hmac whsec_example
BODY, SECRET, AT = b'{"id":"evt_1"}', "whsec_example", 1_700_000_000
HEADER = "t=1700000000,v1=2f6f24854ba5c8d505c37e6fc0a06fc74456f1a4042208e7acdd4bd0bdbd599e"


def test_the_example_of_the_documents_holds():
    assert signing.header(BODY, SECRET, AT) == HEADER
    assert signing.is_genuine(HEADER, BODY, SECRET, AT + 299)


@pytest.mark.parametrize(
    ("signature", "body", "secret", "now"),
    [
        (HEADER, BODY, SECRET, AT + 301),
        (HEADER, BODY, SECRET, AT - 301),
        (HEADER, BODY + b" ", SECRET, AT),
        (HEADER, BODY, "whsec_other", AT),
        (HEADER.replace("1700000000", "1700000001"), BODY, SECRET, AT),
        ("", BODY, SECRET, AT),
        ("t=,v1=", BODY, SECRET, AT),
        ("t=٣,v1=x", BODY, SECRET, AT),
        (HEADER[:-1], BODY, SECRET, AT),
    ],
)
def test_anything_else_is_refused(signature, body, secret, now):
    assert not signing.is_genuine(signature, body, secret, now)
