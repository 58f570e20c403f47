"""A mail has one frame, an HTML and a text part, one language, and nothing that a stranger could put into its head."""

import copy
import re
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.core.mail import BadHeaderError
from django.template import TemplateDoesNotExist
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.ui import languages, mail_frame

CODES = [code for code, _ in settings.LANGUAGES]
PARTS = {
    "plain_subject.txt": "About {{ what }}\n",
    "plain.txt": '{% extends "ui/mail/frame.txt" %}{% block content %}{{ what }}\n{{ address }}{% endblock %}'
    "{% block why %}Because.{% endblock %}",
    "plain.html": '{% extends "ui/mail/frame.html" %}{% block content %}<p class="meta">{{ what }}</p>'
    '<p><a class="btn" href="{{ address }}">Open</a></p>{% endblock %}{% block why %}Because.{% endblock %}',
    "timed_subject.txt": "Until",
    "timed.txt": '{{ when|date:"H:i" }}',
    "timed.html": '{{ when|date:"H:i" }}',
    "half_subject.txt": "Half",
    "half.txt": "Text alone",
}
VALUES = {"what": "your request", "address": "http://testserver/en/t/abc/"}


@pytest.fixture(autouse=True)
def templates(settings, tmp_path):
    for name, text in PARTS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    engines = copy.deepcopy(settings.TEMPLATES)
    engines[0]["DIRS"] = [tmp_path]
    settings.TEMPLATES = engines


def composed(name="plain", to="toma@example.com", language="en", values=VALUES, **more):
    return mail_frame.compose(name, values, to=to, language=language, **more)


def html_of(message) -> str:
    ((content, kind),) = message.alternatives
    assert kind == "text/html"
    return content


@pytest.mark.parametrize("code", CODES)
def test_both_parts_say_the_same_in_the_language_of_the_mail(code):
    message = composed(language=code)
    spoken = languages.language(code)
    assert f'<html lang="{spoken.tag}" dir="{spoken.direction}">' in html_of(message)
    for part in (message.body, html_of(message)):
        assert VALUES["address"] in part
        assert VALUES["what"] in part
        assert settings.SITE_NAME in part
        assert "None" not in part
    assert message.extra_headers["Content-Language"] == spoken.tag


def test_the_frame_speaks_the_language_of_the_mail():
    english, chinese = composed(language="en"), composed(language="zh-hans")
    assert "2FA codes" in english.body
    assert "2FA codes" in html_of(english)
    for part in (chinese.body, html_of(chinese)):
        assert "We never ask" not in part
        assert re.search("[\u4e00-\u9fff]", part)


@pytest.mark.parametrize("code", ["tlh", "", "EN", "zh"])
def test_a_language_that_the_site_does_not_have_is_read_as_its_own(code):
    assert '<html lang="en" dir="ltr">' in html_of(composed(language=code))


def test_programs_that_answer_mails_are_told_that_a_machine_wrote():
    sent = composed().message()
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["X-Auto-Response-Suppress"] == "All"


def test_the_caller_may_add_headers_for_the_thread():
    sent = composed(headers={"In-Reply-To": "<1@testserver>", "Auto-Submitted": "auto-replied"}).message()
    assert sent["In-Reply-To"] == "<1@testserver>"
    assert sent.get_all("Auto-Submitted") == ["auto-replied"]


def test_styles_stand_at_the_elements_and_those_of_the_theme_in_the_head():
    page = html_of(composed())
    assert re.search(r'<p class="meta" style="[^"]*color: ?#5a6779', page)
    assert "prefers-color-scheme" in page
    assert "<link" not in page
    assert "<script" not in page
    assert not re.search(r'(?:src|background)="', page)


def test_what_people_typed_is_text_in_both_parts():
    message = composed(values={**VALUES, "what": '<img src=x onerror="x"> & "co"'})
    assert '<img src=x onerror="x"> & "co"' in message.body
    assert "<img" not in html_of(message)
    assert "&lt;img" in html_of(message)


@pytest.mark.parametrize("typed", ["x\r\nBcc: evil@example.com", "x\nBcc: evil@example.com", "x\x85y\u2028z\0"])
def test_what_people_typed_makes_no_header(typed):
    message = composed(values={**VALUES, "what": typed})
    sent = message.message()
    assert sent["Bcc"] is None
    assert message.recipients() == ["toma@example.com"]
    assert message.subject.startswith("About x")


def test_an_address_of_two_lines_is_refused():
    with pytest.raises(BadHeaderError):
        composed(to="toma@example.com\nBcc: evil@example.com").message()


@given(st.text())
def test_a_line_of_a_header_is_one_line(text):
    line = mail_frame.one_line(text)
    assert len(line) <= mail_frame.LONGEST_SUBJECT
    assert line.splitlines() in ([], [line])
    assert mail_frame.one_line(line) == line


@pytest.mark.parametrize(
    ("zone", "shown"), [("UTC", "10:00"), ("Asia/Shanghai", "18:00"), ("Mars/Olympus", "10:00"), ("../etc", "10:00")]
)
def test_times_are_those_of_the_readers_zone(zone, shown):
    when = datetime(2026, 11, 14, 10, tzinfo=UTC)
    assert composed("timed", values={"when": when}, time_zone=zone).body.strip() == shown


def test_a_mail_without_one_of_its_parts_is_an_error():
    with pytest.raises(TemplateDoesNotExist):
        composed("half")


def test_the_anti_phishing_code_of_the_reader_is_in_both_parts():
    message = composed(values={**VALUES, "anti_phishing_code": "blue-heron-47"})
    assert "blue-heron-47" in message.body
    assert "blue-heron-47" in html_of(message)
    assert "anti-phishing" not in composed().body


def test_korean_words_are_not_cut():
    assert "word-break: keep-all" in html_of(composed(language="ko"))
    assert 'style="word-break' not in html_of(composed(language="ja"))
