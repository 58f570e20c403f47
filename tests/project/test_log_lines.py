"""What the log says: where something went wrong, and nothing that opens anything."""

import io
import logging
from collections.abc import Iterator
from logging.config import DictConfigurator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.own_site import OwnSite
from tickets import links


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the handlers of the settings would write."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(DictConfigurator(settings.LOGGING).configure_formatter(settings.LOGGING["formatters"]["line"]))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


@pytest.mark.django_db
def test_a_form_of_a_mailed_link_without_its_token_of_the_session_leaves_no_link_behind(log):
    token = links.make(links.STATUS, "e3h7ae6zxxp7cmg")
    answer = Client(enforce_csrf_checks=True).post(reverse("portal:link", args=[token]))
    assert answer.status_code == 403
    assert "/t/-/" in log.getvalue()
    assert token.partition(".")[0] not in log.getvalue()
    assert token.rpartition(".")[2] not in log.getvalue()


def test_a_failure_with_its_traceback_leaves_no_link_behind(log):
    try:
        raise ValueError("no page at /zh-hans/t/c2VjcmV0.1v.x/")
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", "/en/t/c2VjcmV0.1v.x/")
    assert "c2VjcmV0" not in log.getvalue()
    assert "Internal Server Error: /en/t/-/" in log.getvalue()


@pytest.mark.parametrize(
    "line",
    ["{'toma.trader+x@client.example': (450, b'4.2.0 <toma.trader+x@client.example> is greylisted')}",
     "DETAIL:  Key (email)=(toma.trader+x@client.example) already exists.",
     "cannot connect to smtp://toma.trader+x@client.example:25"],
)  # fmt: skip
def test_of_an_address_of_a_person_only_the_domain_stays(log, line):
    logging.getLogger("supportdesk.outbox").warning("Delivery failed: %s", line)
    assert "toma" not in log.getvalue()
    assert "-@client.example" in log.getvalue()


def test_a_long_line_without_a_blank_is_written_like_any_other(log):
    """A database repeats in its refusal what somebody has sent. The letters before an @ are looked at once: at every
    letter anew, a line of a million would take half an hour."""
    logging.getLogger("supportdesk").warning("Failing row: %s toma.trader@client.example.", "x" * 1_000_000)
    assert log.getvalue().endswith(f"{'x' * 1000} -@client.example.\n")


def test_lines_of_code_stay_as_they_are(log):
    logging.getLogger("supportdesk").warning("  @wraps(view)\n  a @ b, at 12:00 @")
    assert "  @wraps(view)\n  a @ b, at 12:00 @" in log.getvalue()


def test_other_addresses_stay(log):
    logging.getLogger("django.request").error("Internal Server Error: %s", "/en/tickets/new/")
    assert "/en/tickets/new/" in log.getvalue()


def test_a_file_that_was_rotated_is_left_and_a_new_one_begun(tmp_path):
    site = OwnSite(tmp_path)
    written, log = tmp_path / "rotated", tmp_path / "log"
    rotate = f"os.rename({str(log)!r}, {str(written)!r})"
    code = f"import logging, os\nlogging.error('before')\n{rotate}\nlogging.error('after')"
    assert site.python(code).returncode == 0
    assert "before" in written.read_text()
    assert "after" not in written.read_text()
    assert "after" in log.read_text()
