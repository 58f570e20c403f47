"""Whoever tries addresses, passwords and codes learns nothing and gets nowhere."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import get_hasher
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, override

from supportdesk.accounts.adapters import TOO_MANY
from supportdesk.accounts.forms import SignUpForm
from supportdesk.accounts.models import User
from tests.accounts.journeys import (
    LANGUAGES,
    PASSWORD,
    ask_for_code,
    at,
    enter_code,
    member,
    person_in,
    sent_code,
    sign_in,
    sign_up,
    wrong,
)

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = "toma@example.com", "nobody@example.com"
every_language = pytest.mark.parametrize("language", LANGUAGES)


def seen(answer, email: str) -> tuple[int, str, str, frozenset[str]]:
    """What a stranger sees of an answer, the address and the form's token taken out of it."""
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()).replace(email, "")
    return answer.status_code, answer.headers.get("Location", ""), body, frozenset(answer.cookies)


# Nothing tells whether somebody has an account


@pytest.mark.parametrize("act", [ask_for_code, lambda client, language, email: client.post(
    at("account_reset_password", language), {"email": email}), lambda client, language, email: sign_up(
    client, language, email=email), lambda client, language, email: sign_in(client, language, email, "not this one")],
    ids=["code", "reset", "sign-up", "password"])  # fmt: skip
@every_language
def test_an_address_is_answered_alike_with_and_without_an_account(act, language):
    member(KNOWN)
    answers, mails = [], []
    for email in (KNOWN, UNKNOWN):
        client = Client()
        mail.outbox.clear()
        first = act(client, language, email)
        then = [client.get(first.headers["Location"])] if first.status_code == 302 else []
        answers.append([seen(answer, email) for answer in (first, *then)])
        mails.append([message.to for message in mail.outbox])
    assert answers[0] == answers[1]
    assert [len(sent) for sent in mails] in ([1, 1], [0, 0])


def test_a_wrong_code_is_answered_alike_with_and_without_an_account():
    member(KNOWN)
    answers = []
    for email in (KNOWN, UNKNOWN):
        client = Client()
        ask_for_code(client, email=email)
        tries = [enter_code(client, "000000" if email == UNKNOWN else wrong(sent_code())) for _ in range(3)]
        answers.append([re.sub(r"\d{6}", "", str(seen(answer, email))) for answer in tries])
    assert answers[0] == answers[1]


def test_an_unknown_address_costs_one_hash_as_a_known_one_does(monkeypatch):
    hashed = []
    encode = type(User()).set_password, type(User()).check_password
    monkeypatch.setattr(User, "set_password", lambda *args: hashed.append("set") or encode[0](*args))
    monkeypatch.setattr(User, "check_password", lambda *args: hashed.append("check") or encode[1](*args))
    member(KNOWN)
    counts = []
    for email in (KNOWN, UNKNOWN):
        hashed.clear()
        sign_in(Client(), email=email, password="not this one")
        counts.append(len(hashed))
    assert counts == [1, 1]


def test_a_sign_up_costs_one_hash_whether_the_address_is_taken_or_not(monkeypatch):
    hashed = []
    hasher = type(get_hasher())
    encode = hasher.encode
    monkeypatch.setattr(hasher, "encode", lambda *args: hashed.append(1) or encode(*args))
    member(KNOWN)
    counts = []
    for email in (KNOWN, UNKNOWN):
        hashed.clear()
        sign_up(Client(), email=email)
        counts.append(len(hashed))
    assert counts == [1, 1]


def test_the_owner_of_an_address_is_told_that_somebody_tried_to_take_it(client):
    member(KNOWN)
    sign_up(client)
    (message,) = mail.outbox
    assert message.subject == "You have an account already"
    assert User.objects.get().check_password(PASSWORD)


def test_whoever_is_overtaken_by_another_sign_up_is_answered_as_a_late_one(client, monkeypatch):
    """Both have seen that the address is free; the second to write meets the first."""

    def overtaken(self, request):
        if not User.objects.exists():
            member(KNOWN)
            raise IntegrityError("user_email_any_case")
        raise AssertionError

    monkeypatch.setattr(SignUpForm, "save", overtaken)
    answer = sign_up(client)
    assert answer.headers["Location"] == at("account_email_verification_sent")
    assert mail.outbox[-1].subject == "You have an account already"


def test_an_address_that_was_not_proven_is_not_opened_by_a_password(client):
    sign_up(client)
    other = Client()
    sign_in(other)
    assert person_in(other) is None


def test_a_password_on_somebody_elses_address_ends_when_they_sign_in_with_a_code(client):
    """A stranger opens an account with an address that is not theirs, and waits for its owner."""
    stranger = Client()
    sign_up(stranger)
    ask_for_code(client)
    enter_code(client, sent_code())
    assert person_in(client) == User.objects.get().pk
    assert not User.objects.get().has_usable_password()
    sign_in(stranger)
    stranger.get(at("account_login"), follow=True)
    assert person_in(stranger) is None


# Limits


def test_passwords_are_tried_five_times_however_many_addresses_they_come_from(settings):
    settings.TRUSTED_PROXIES = []
    member()
    for number in range(5):
        sign_in(Client(REMOTE_ADDR=f"203.0.113.{number}"), password=f"wrong {number}")
    client = Client(REMOTE_ADDR="203.0.113.99")
    page = sign_in(client).content.decode()
    assert "Too many attempts" in page
    assert person_in(client) is None


def test_one_address_tries_many_accounts_ten_times(settings):
    answers = [sign_in(Client(HTTP_X_FORWARDED_FOR=f"198.51.100.{n}"), email=f"a{n}@example.com") for n in range(11)]
    assert ["Too many attempts" in answer.content.decode() for answer in answers] == [False] * 10 + [True]


def test_readers_of_ipv4_are_told_apart_where_the_server_listens_on_ipv6(settings):
    """Their addresses begin alike; one of them must not use up the attempts of all."""
    answers = [sign_in(Client(REMOTE_ADDR=f"::ffff:198.51.100.{n}"), email=f"a{n}@example.com") for n in range(11)]
    assert not any("Too many attempts" in answer.content.decode() for answer in answers)


def test_a_line_of_ipv6_that_changes_its_address_stays_one_stranger(settings):
    answers = [sign_in(Client(REMOTE_ADDR=f"2001:db8:7:1::{n:x}"), email=f"a{n}@example.com") for n in range(11)]
    assert "Too many attempts" in answers[-1].content.decode()


def test_a_trusted_proxy_tells_readers_apart(settings):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    answers = [sign_in(Client(HTTP_X_FORWARDED_FOR=f"198.51.100.{n}"), email=f"a{n}@example.com") for n in range(11)]
    assert not any("Too many attempts" in answer.content.decode() for answer in answers)


@pytest.mark.parametrize("nonsense", ["unknown", "a" * 500, "::ffff:1.2.3.4", "999.1.1.1"])
def test_a_proxy_that_tells_nonsense_breaks_nothing(client, settings, nonsense):
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    person = member()
    sign_in(client, headers={"x-forwarded-for": nonsense})
    client.post(at("account_login"), {"login": KNOWN, "password": PASSWORD}, HTTP_X_FORWARDED_FOR=nonsense)
    assert person_in(client) == person.pk


@pytest.mark.parametrize("email", [KNOWN, UNKNOWN])
def test_a_mailbox_is_not_flooded_with_codes(email):
    member(KNOWN)
    pages = [ask_for_code(Client(), email=email) for _ in range(5)]
    assert len(mail.outbox) == 3
    assert "Too many attempts" in pages[-1].content.decode()


def test_too_many_requests_for_a_new_password_are_told_so_in_the_language_of_the_page():
    pages = [Client().post(at("account_reset_password"), {"email": KNOWN}) for _ in range(4)]
    assert pages[-1].status_code == 429
    assert "<h1>Too many attempts</h1>" in pages[-1].content.decode()
    assert "no-store" in pages[-1].headers["Cache-Control"]


@every_language
def test_whoever_has_asked_for_all_new_passwords_of_a_day_is_told_until_when(settings, language):
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "5/m/ip,2/d/key"}
    with time_machine.travel("2026-11-21 09:30:00+00:00", tick=False) as clock:
        for _ in range(2):
            Client().post(at("account_reset_password", language), {"email": KNOWN})
            clock.shift(3600)
        answer = Client().post(at("account_reset_password", language), {"email": f" {KNOWN.title()}"})
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, str(22 * 3600))
        page = answer.content.decode()
        with override(language):
            assert date_format(datetime(2026, 11, 22, 9, 31, tzinfo=UTC), "DATETIME_FORMAT") in page
            assert gettext("Wait a few minutes, then go back in your browser and try again.") not in page
        clock.shift(22 * 3600)
        assert Client().post(at("account_reset_password", language), {"email": KNOWN}).status_code == 302


@pytest.mark.parametrize("page", ["account_login", "account_signup"])
def test_whoever_has_used_up_an_hour_of_another_page_is_told_so_there(settings, page):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/h/ip", "signup": "1/h/ip"}
    with time_machine.travel("2026-11-21 09:30:00+00:00", tick=False):
        answers = [Client().post(at(page), {}) for _ in range(2)]
    assert (answers[1].status_code, answers[1].headers["Retry-After"]) == (429, "3600")
    assert "You can try again at 21 November 2026, 10:31 (UTC)." in answers[1].content.decode()


@pytest.mark.parametrize("email", [KNOWN, UNKNOWN])
def test_the_staffs_own_page_counts_attempts_too(email, django_user_model):
    django_user_model.objects.create_user(KNOWN, PASSWORD, is_staff=True)
    for number in range(5):
        browser = Client(REMOTE_ADDR=f"203.0.113.{number}")
        assert browser.post(reverse("admin:login"), {"username": email, "password": "wrong"}).status_code == 200
    client = Client(REMOTE_ADDR="203.0.113.99")
    answer = client.post(reverse("admin:login"), {"username": email, "password": PASSWORD})
    assert answer.status_code == 429
    assert "Too many attempts" in answer.content.decode()
    assert person_in(client) is None


def test_the_staffs_own_page_counts_what_was_tried_at_the_others():
    member()
    for number in range(5):
        sign_in(Client(REMOTE_ADDR=f"203.0.113.{number}"), password=f"wrong {number}")
    assert Client().post(reverse("admin:login"), {"username": KNOWN, "password": PASSWORD}).status_code == 429


@every_language
def test_whoever_has_used_up_their_attempts_is_told_when_to_come_back(language):
    for number in range(5):
        sign_in(Client(REMOTE_ADDR=f"203.0.113.{number}"), language, password=f"wrong {number}")
    answer = sign_in(Client(REMOTE_ADDR="203.0.113.99"), language)
    with override(language):
        assert str(TOO_MANY) in answer.content.decode()
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 300


def test_whoever_has_used_up_the_day_is_told_until_when(settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "2/d/key"}
    with time_machine.travel("2026-11-21 09:30:00+00:00", tick=False) as clock:
        sign_in(Client(), password="wrong 1")
        clock.shift(3600)
        sign_in(Client(), password="wrong 2")
        answer = sign_in(Client(), password="wrong 3")
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, str(23 * 3600))
        assert "You can try again at 22 November 2026, 09:31 (UTC)." in answer.content.decode()
        clock.shift(23 * 3600)
        assert "Too many attempts" not in sign_in(Client(), password="wrong 4").content.decode()


@pytest.mark.parametrize("email", [KNOWN, UNKNOWN])
def test_whoever_has_asked_for_all_codes_of_a_day_is_told_until_when(settings, email):
    member(KNOWN)
    settings.ACCOUNT_RATE_LIMITS = {"request_login_code": "1/d/key"}
    with time_machine.travel("2026-11-21 09:30:00+00:00", tick=False):
        ask_for_code(Client(), email=email)
        answer = ask_for_code(Client(), email=email)
    assert answer.headers["Retry-After"] == str(86400)
    assert "You can try again at 22 November 2026, 09:31 (UTC)." in answer.content.decode()


# Sessions


def test_signing_in_gives_a_new_session_by_either_way(client):
    member()
    for way in (sign_in, lambda browser: (ask_for_code(browser), enter_code(browser, sent_code()))):
        browser = Client()
        browser.get(at("account_login"))
        planted = browser.session
        planted["planted"] = "yes"
        planted.save()
        browser.cookies["sessionid"] = before = planted.session_key
        way(browser)
        assert person_in(browser) is not None
        assert browser.cookies["sessionid"].value != before
        assert not Session.objects.filter(session_key=before).exists()


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "https:evil.example", "/%09/evil.example",
     "javascript:alert(1)", "http:///evil.example", "\thttps://evil.example", "https://localhost/"],
)  # fmt: skip
@pytest.mark.parametrize("way", ["password", "code", "logout", "sign-up"])
def test_no_way_leads_to_another_host(client, target, way):
    member("other@example.com" if way == "sign-up" else KNOWN)
    if way == "password":
        answer = client.post(
            f"{at('account_login')}?next={target}", {"login": KNOWN, "password": PASSWORD, "next": target}
        )
    elif way == "sign-up":
        client.post(at("account_signup"), {"email": KNOWN, "password1": PASSWORD, "next": target})
        answer = client.post(at("account_email_verification_sent"), {"code": sent_code(), "next": target})
    elif way == "logout":
        sign_in(client)
        answer = client.post(at("account_logout"), {"next": target})
    else:
        client.post(at("account_request_login_code"), {"email": KNOWN, "next": target})
        answer = client.post(at("account_confirm_login_code"), {"code": sent_code(), "next": target})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/")
    assert not answer.headers["Location"].startswith(("//", "/\\"))


def test_a_place_on_our_own_host_is_gone_to(client):
    member()
    assert sign_in(client, next="/en/articles/fees/?x=1").headers["Location"] == "/en/articles/fees/?x=1"


def test_somebody_who_is_closed_out_is_out_at_once(client):
    member()
    sign_in(client)
    User.objects.update(is_active=False)
    assert client.get(at("account_profile")).status_code == 302


# Pages


PAGES = ["account_login", "account_signup", "account_request_login_code", "account_reset_password"]


@pytest.mark.parametrize("name", [*PAGES, "account_inactive", "account_menu", "account_password_reset_completed"])
@every_language
def test_nobody_keeps_a_page_of_an_account(client, name, language):
    assert "no-store" in client.get(at(name, language)).headers["Cache-Control"]
    assert "no-store" in client.post(at(name, language)).headers["Cache-Control"]


@pytest.mark.parametrize("name", PAGES)
@every_language
def test_an_empty_form_says_what_is_missing_on_top_and_at_the_field(client, name, language):
    page = client.post(at(name, language), {}).content.decode()
    assert "data-error-summary" in page
    for target in re.findall(r'<li><a href="#(page_\w+)"', page):
        assert re.search(rf'id="{target}"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*id="{target}"', page)
        assert f'id="{target}_error"' in page


@pytest.mark.parametrize("name", PAGES)
def test_the_language_menu_stays_on_the_page(client, name):
    page = client.get(f"{at(name)}?next=/en/glossary/").content.decode()
    for language in ("zh-hans", "ar", "ko"):
        assert f'href="{at(name, language)}?next=%2Fen%2Fglossary%2F"' in page


def test_a_form_without_its_token_is_told_what_to_do():
    answer = Client(enforce_csrf_checks=True).post(at("account_login"), {"login": KNOWN, "password": PASSWORD})
    assert answer.status_code == 403
    assert "<h1>This page was open for too long</h1>" in answer.content.decode()


def test_another_attempt_is_left_by_a_button(client):
    member()
    ask_for_code(client)
    assert client.get(at("account_login")).headers["Location"] == at("account_confirm_login_code")
    answer = client.post(at("account_logout"), {"next": at("account_login")})
    assert answer.headers["Location"] == at("account_login")
    assert client.get(at("account_login")).status_code == 200


# The mark for scripts


def test_the_mark_comes_with_signing_in_and_goes_with_signing_out(client):
    member()
    sign_in(client)
    mark = client.cookies["signed_in"]
    assert (mark.value, mark["httponly"], mark["samesite"]) == ("1", "", "Lax")
    assert "Toma" not in client.get("/en/").content.decode()
    client.post(at("account_logout"))
    assert client.cookies["signed_in"]["max-age"] == 0


def test_the_menu_shows_whoever_is_in_and_nothing_else(client):
    assert client.get(at("account_menu")).status_code == 204
    member(name="<b>Toma</b> Trader")
    sign_in(client)
    page = client.get(at("account_menu", "ar")).content.decode()
    assert page.strip() == f'<a href="{at("account_profile", "ar")}">&lt;b&gt;Toma&lt;/b&gt;</a>'


def test_a_mark_that_outlived_its_session_is_taken_away(client):
    client.cookies["signed_in"] = "1"
    assert client.get(at("account_menu")).cookies["signed_in"]["max-age"] == 0


@every_language
def test_help_pages_are_the_same_for_whoever_is_in_and_set_no_cookie(client, language):
    member()
    sign_in(client)
    mine, theirs = client.get(f"/{language}/"), Client().get(f"/{language}/")
    assert mine.content == theirs.content
    assert not mine.cookies
    assert "Cookie" not in mine.headers.get("Vary", "")


def test_staff_sign_in_here_with_what_the_admin_takes(client, content_editor):
    EmailAddress.objects.create(user=content_editor, email=content_editor.email, verified=True, primary=True)
    sign_in(client, email=content_editor.email, password="correct horse battery")
    assert client.get(reverse("admin:index")).status_code == 200


def test_a_mail_server_that_is_away_is_told_and_nothing_breaks(client, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    member()
    for answer in (ask_for_code(client), sign_up(Client(), email="new@example.com")):
        assert answer.status_code == 503
        assert "We cannot send e-mails right now" in answer.content.decode()


def test_without_the_cache_that_counts_attempts_nobody_is_let_in(client, settings):
    member()
    redis = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:9/0"}
    settings.CACHES = {**settings.CACHES, "default": redis}
    for answer in (sign_in(client), ask_for_code(client), sign_up(client, email="new@example.com")):
        assert answer.status_code == 503
        assert "We cannot sign you in right now" in answer.content.decode()
    assert person_in(client) is None


def test_a_page_without_a_language_has_no_menu_of_languages():
    answer = Client(enforce_csrf_checks=True).post(reverse("admin:login"), {"username": KNOWN})
    assert answer.status_code == 403
    assert "data-languages" not in answer.content.decode()
