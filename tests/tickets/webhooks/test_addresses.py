"""No webhook goes into our own network, however its address is written."""

import socket

import pytest

from tests.tickets.webhooks.conftest import Receiver
from tickets.webhooks import addresses, sending
from tickets.webhooks.models import Endpoint

# Ways to write loopback, private, link-local and metadata addresses, and ways around a list of them.
FORMS = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://0/",
    "http://0.0.0.0/",
    "http://2130706433/",
    "http://017700000001/",
    "http://0177.0.0.1/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0x7f.1/",
    "http://127.255.255.254/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/latest/meta-data/",
    "http://0xa9fea9fe/",
    "http://0251.0376.0251.0376/",
    "http://198.18.0.1/",
    "http://192.0.2.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[::ffff:0:127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25lo]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://[fec0::1]/",
    "http://[3fff::1]/",
    "http://[ff02::1]/",
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
    "http://good.example@127.0.0.1/",
    "http://127.0.0.1#@good.example/",
    "http://127.0.0.1\\@good.example/",
    "http://good.example:80@127.0.0.1/",
    "http:\\\\127.0.0.1\\",
    "http://127.0.0.1%00.good.example/",
    "http://127.0.0.1\t.good.example/",
    "https://127.0.0.1/",
    "http://127.0.0.1:443/",
    "http://good.example:22/",
    "http://good.example:8080/",
    "http://good.example:0/",
    "http://good.example:99999/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_INFO",
    "ftp://good.example/",
    "dict://127.0.0.1:11211/",
    "ldap://127.0.0.1/",
    "javascript:alert(1)",
    "//127.0.0.1/",
    "",
    "http://",
    "http:///",
]


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Whatever is connected to; a name of the internet never is in these tests."""
    made: list[object] = []

    def connect(address, *args, **kwargs):
        made.append(address)
        raise OSError("not in a test")

    monkeypatch.setattr(socket, "create_connection", connect)
    return made


@pytest.mark.parametrize("url", FORMS)
def test_no_connection_is_opened_to_an_address_of_ours(url, connections, monkeypatch):
    system = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *a, **k: [] if "example" in str(host) else system(host, *a, **k)
    )
    with pytest.raises(sending.NotSent):
        sending.post(url, b"{}", {})
    assert connections == []


@pytest.mark.parametrize(
    "url",
    ["https://hooks.example.com/x?y=1", "http://93.184.215.14/", "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/"],
)
def test_a_server_of_the_internet_is_an_endpoint(url):
    Endpoint(url=url).clean()


def test_a_name_with_one_private_number_is_refused_whole(connections, monkeypatch):
    monkeypatch.setattr(addresses, "resolved", lambda host, port: ["93.184.215.14", "10.0.0.1"])
    with pytest.raises(addresses.Refused):
        addresses.checked("two.example", 443, addresses.resolved)
    assert connections == []


def test_a_name_that_changes_its_mind_is_asked_once(connections, monkeypatch):
    """What was looked at is what is connected to: a second answer has no say."""
    answers = [["93.184.215.14"], ["127.0.0.1"]]

    def resolve(host, port, *args, **kwargs):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in answers.pop(0)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(sending.NotSent):
        sending.post("http://rebinding.example/", b"{}", {})
    assert connections == [("93.184.215.14", 80)]
    assert len(answers) == 1


def test_only_the_number_and_port_that_the_operator_named_is_reached(receiver: Receiver, settings):
    assert sending.post(receiver.url, b"{}", {}) == 200
    settings.WEBHOOKS_MAY_REACH = ["127.0.0.1:1"]
    with pytest.raises(sending.NotSent):
        sending.post(receiver.url, b"{}", {})
    assert len(receiver.received) == 1


def test_proxies_of_the_environment_are_not_asked(receiver: Receiver, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1/")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1/")
    assert sending.post(receiver.url, b"{}", {}) == 200
