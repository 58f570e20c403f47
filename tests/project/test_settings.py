"""A laptop needs no environment, a server refuses to start without what it needs, and every answer is hardened."""

import re
import secrets
import sys

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, override_settings
from django.urls import reverse

from supportdesk import checks
from supportdesk.settings import hosts, numbers
from tests.helpcenter.factories import ArticleFactory
from tests.own_site import OwnSite, finish

PROD = {
    "DJANGO_SETTINGS_MODULE": "supportdesk.settings.prod",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": "help.example",
    "SITE_URL": "https://help.example",
}
SAY = "from django.conf import settings; print({})"


@pytest.fixture
def bare(tmp_path) -> OwnSite:
    """A checkout that nobody has set up."""
    return OwnSite(tmp_path, is_bare=True)


def test_a_laptop_boots_without_any_environment(bare):
    environment = {"PATH": bare.environment["PATH"]}
    done = finish(bare.program("check", "--fail-level", "WARNING"), environment)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL"])
def test_a_server_refuses_to_start_without_what_it_needs_and_names_it(bare, missing):
    environment = {**bare.environment, **PROD}
    del environment[missing]
    done = finish([sys.executable, "-c", SAY.format("settings.DEBUG")], environment)
    assert done.returncode != 0
    assert f"ImproperlyConfigured: Set the {missing} environment variable" in done.stderr


def test_limits_and_former_keys_come_from_the_environment(bare):
    chosen = {"TICKET_LIMITS": "ticket=600, upload=7", "SECRET_KEY_FALLBACKS": "former,first"}
    program = SAY.format("settings.TICKET_LIMITS, settings.SECRET_KEY_FALLBACKS")
    done = finish([sys.executable, "-c", program], {**bare.environment, **PROD, **chosen})
    assert done.stdout.strip() == "{'ticket': 600, 'upload': 7} ['former', 'first']"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TICKET_LIMITS", "ticket=600, upload=many", "TICKET_LIMITS has “upload=many”. Give each limit as a name"),
        ("TICKET_LIMITS", "ticket", "TICKET_LIMITS has “ticket”. Give each limit as a name"),
        ("TICKET_LIMITS", "ticket=-1", "TICKET_LIMITS has “ticket=-1”. Give each limit as a name"),
        ("STAFF_SESSION_HOURS", "eight", "STAFF_SESSION_HOURS is “eight”. Give a whole number, such as 8."),
    ],
)
def test_a_number_that_is_none_is_refused_with_the_name_of_its_setting(name, value, said):
    read = environ.Env()
    read.ENVIRON = {name: value}
    with pytest.raises(ImproperlyConfigured, match=re.escape(said)):
        numbers.limits(read, name) if name == "TICKET_LIMITS" else numbers.whole(read, name, 8)


@pytest.mark.parametrize("name", ["STAFF_EMAIL_DOMAIN", "MAIL_INBOUND_DOMAIN"])
def test_a_domain_of_mail_may_be_written_in_its_own_letters(name):
    read = environ.Env()
    for written, kept in {" Example.COM ": "example.com", "Пример.рф": "xn--e1afmkfd.xn--p1ai", "": ""}.items():
        read.ENVIRON = {name: written}
        assert hosts.in_ascii(read, name) == kept
    read.ENVIRON = {name: "при мер.рф"}
    with pytest.raises(ImproperlyConfigured, match=f"{name} is “при мер.рф”"):
        hosts.in_ascii(read, name)


def test_a_server_refuses_to_start_with_a_limit_that_is_no_number(bare):
    environment = {**bare.environment, **PROD, "TICKET_LIMITS": "ticket=many"}
    done = finish([sys.executable, "-c", SAY.format("settings.DEBUG")], environment)
    assert done.returncode != 0
    assert "ImproperlyConfigured: TICKET_LIMITS has “ticket=many”" in done.stderr


def test_a_server_passes_every_check_of_a_deployment(bare):
    done = bare.attempt("check", "--deploy", "--fail-level", "WARNING", **PROD)
    assert done.returncode == 0, done.stderr
    assert "0 silenced" in done.stdout


@pytest.mark.parametrize(
    ("issuer", "found"),
    [
        ("", []),
        ("https://accounts.exchange.example/realm", []),
        ("HTTPS://accounts.exchange.example", []),
        ("http://accounts.exchange.example", ["supportdesk.E002"]),
        ("accounts.exchange.example", ["supportdesk.E002"]),
    ],
)
def test_whoever_signs_people_in_is_asked_over_https_alone(settings, issuer, found):
    settings.OIDC_ISSUER = issuer
    assert [one.id for one in checks.exchange_is_encrypted(None)] == found


@pytest.mark.parametrize(("limits", "found"), [({"ticket": 9}, []), ({"tickets": 9}, ["supportdesk.E003"])])
def test_a_limit_of_nothing_that_is_counted_is_named(settings, limits, found):
    settings.TICKET_LIMITS = limits
    assert [one.id for one in checks.limits_are_known(None)] == found


@pytest.mark.parametrize(("hours", "found"), [(1, []), (0, ["supportdesk.E004"]), (-8, ["supportdesk.E004"])])
def test_hours_that_keep_the_staff_out_are_named(settings, hours, found):
    settings.STAFF_SESSION_HOURS = hours
    assert [one.id for one in checks.staff_get_in(None)] == found


SERVER = """
from django.conf import settings
from django.test import Client
client = Client(headers={"host": "help.example"}, raise_request_exception=False)
plain, alive = client.get("/en/"), client.get("/health/live")
print(plain.status_code, plain.headers["Location"], alive.status_code)
secure = client.get("/admin/login/", secure=True)
print(secure.headers["Strict-Transport-Security"])
print(client.cookies["__Host-csrftoken"]["secure"], client.cookies["__Host-csrftoken"]["samesite"])
print(settings.DEBUG, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_NAME)
for headers in ({"host": "evil.example"}, {"host": "help.example", "x-forwarded-host": "evil.example"}):
    answer = client.get("/.well-known/security.txt", secure=True, headers=headers)
    print(answer.status_code, "evil" in answer.content.decode())
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> list[str]:
    """What a server answers that was configured as the documents say."""
    site = OwnSite(tmp_path_factory.mktemp("server"), is_bare=True)
    site.manage("collectstatic", "--noinput", "--verbosity", "0", **PROD)
    done = site.python(SERVER, **PROD)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_server_asks_for_https_except_where_a_balancer_looks(server):
    assert server[:2] == ["301 https://help.example/en/ 200", "max-age=31536000; includeSubDomains; preload"]


def test_a_server_marks_its_cookies(server):
    assert server[2:4] == ["True Lax", "False True True __Host-sessionid"]


def test_a_host_that_is_not_ours_is_refused_and_a_header_cannot_change_that(server):
    assert server[4:] == ["400 False", "200 False"]


MOVED = """
from django.test import Client
from django.urls import Resolver404, resolve, reverse
print(reverse("admin:index"), resolve("/back-office/login/").view_name)
try:
    print(resolve("/admin/"))
except Resolver404:
    print("nothing")
print("back-office" in Client(headers={"host": "localhost"}).get("/robots.txt").content.decode())
"""


@pytest.fixture(scope="module")
def moved(tmp_path_factory) -> list[str]:
    """What a site with another path for its admin says of it."""
    done = OwnSite(tmp_path_factory.mktemp("moved"), is_bare=True).python(MOVED, ADMIN_PATH="back-office/")
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_admin_may_live_at_another_path(moved):
    assert moved[:2] == ["/back-office/ admin:login", "nothing"]


def test_a_moved_admin_is_not_told_to_robots(moved):
    """A path that was moved to be out of the way must not be read out to everybody."""
    assert moved[2] == "False"


@pytest.mark.parametrize("written", ["back-office/", "back-office", "/back-office/"])
def test_the_path_of_the_admin_may_be_written_with_or_without_slashes(bare, written):
    assert bare.settings(SAY.format("settings.ADMIN_PATH"), ADMIN_PATH=written).stdout.strip() == "back-office/"


@pytest.mark.parametrize("written", ["", "/"])
def test_the_admin_never_takes_the_place_of_the_whole_site(bare, written):
    assert bare.settings(SAY.format("settings.ADMIN_PATH"), ADMIN_PATH=written).stdout.strip() == "admin/"


@pytest.mark.parametrize(
    ("written", "engine"),
    [
        ("postgres://u:p%40ss@db.example:5432/desk", "django.db.backends.postgresql"),
        ("sqlite:////srv/desk.sqlite3", "django.db.backends.sqlite3"),
    ],
)
def test_a_database_is_named_by_its_address(bare, written, engine):
    done = bare.settings(SAY.format("settings.DATABASES['default']['ENGINE']"), DATABASE_URL=written)
    assert done.stdout.strip() == engine, done.stderr


def test_an_accepted_write_survives_a_power_cut_on_sqlite(bare):
    code = """
from django.db import connection
for name in ("synchronous", "journal_mode", "foreign_keys"):
    print(connection.cursor().execute(f"PRAGMA {name}").fetchone()[0])
"""
    assert bare.settings(code, **PROD).stdout.split() == ["2", "wal", "1"]


@pytest.mark.parametrize(
    ("written", "added"), [("th", "th"), (" TH , id", "th id"), ("en,ja", ""), ("tlh", "tlh"), ("", "")]
)
def test_an_operator_adds_languages_without_code(bare, written, added):
    done = bare.settings(SAY.format("*(code for code, _ in settings.LANGUAGES)"), EXTRA_LANGUAGES=written)
    codes = done.stdout.split()
    assert (len(codes[:12]), codes[12:]) == (12, added.split()), done.stderr


# Every answer

PUBLIC = ["/en/", "/ar/search/?q=x", "/zh-hans/announcements/", "/en/nothing-here/", "/robots.txt", "/health/live"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*PUBLIC, "/admin/", "/admin/login/"])
def test_every_answer_carries_the_headers_that_harden_it(path):
    headers = Client().get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", [*PUBLIC, "/admin/login/"])
def test_every_answer_carries_a_policy_without_exceptions(path):
    rules = dict(
        rule.strip().partition(" ")[::2] for rule in Client().get(path).headers["Content-Security-Policy"].split(";")
    )
    assert rules["default-src"] == "'none'"
    assert {rules[name] for name in ("script-src", "style-src", "connect-src", "font-src", "form-action")} == {"'self'"}
    assert {rules[name] for name in ("frame-ancestors", "base-uri", "object-src")} == {"'none'"}
    assert not [rule for rule in rules.values() if "unsafe" in rule or "*" in rule or "http" in rule]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/en/", "/ja/articles/{slug}/", "/ko/categories/{category}/", "/ar/search/?q=x", "/"])
def test_pages_for_readers_set_no_cookie_and_ask_for_none(path):
    article = ArticleFactory(texts={"en": "Text."})
    answer = Client().get(path.format(slug=article.slug, category=article.category.slug))
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.django_db
def test_a_failure_shows_nothing_of_the_inside():
    client = Client(raise_request_exception=False)
    with override_settings(ROOT_URLCONF="tests.project.failing"):
        answer = client.get("/broken/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert not [word for word in ("Traceback", "RuntimeError", "secret-of-the-inside", "supportdesk.") if word in page]


def test_the_cookie_of_a_session_is_not_for_scripts(db, content_editor):
    client = Client()
    client.post(reverse("admin:login"), {"username": content_editor.email, "password": "correct horse battery"})
    assert client.cookies["sessionid"]["httponly"]
    assert client.cookies["csrftoken"]["httponly"]
    assert client.cookies["sessionid"]["samesite"] == "Lax"
