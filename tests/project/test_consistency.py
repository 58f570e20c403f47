"""What keeps the house in order: directions, names, addresses, and what must be nowhere."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands
from django.template import engines
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from helpcenter.actions import picturing
from helpcenter.models import Announcement, PictureFile
from tests.helpcenter.admin_forms import picture
from tests.helpcenter.contracts import make_contract
from tests.helpcenter.factories import AnnouncementFactory, ArticleFactory
from tests.module_rows import ModuleRows

ROOT = Path(settings.BASE_DIR)
PRODUCT = ("helpcenter", "supportdesk", "tickets")


def tracked() -> list[Path]:
    """Files of the repository: what git knows or would take in; everything beside caches where there is no git."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=False
    )
    names = listed.stdout.decode().splitlines()
    if listed.returncode != 0:
        hidden = {"node_modules", "__pycache__", "staticfiles", "var", ".venv"}
        names = [str(file.relative_to(ROOT)) for file in ROOT.rglob("*") if not hidden & set(file.parts)]
    return sorted(file for name in names if (file := ROOT / name).is_file())


def text(file: Path) -> str:
    """A file's text; nothing where it is a picture."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def product(*suffixes: str) -> list[Path]:
    return [file for file in tracked() if file.relative_to(ROOT).parts[0] in PRODUCT and file.suffix in suffixes]


def name(file: Path) -> str:
    return str(file.relative_to(ROOT))


# Before Python 3.11.5, which Debian 12 does not have, a possessive group forgets its alternatives: `(?:a|b)*+`.
POSSESSIVE_GROUP = re.compile(r"(?<!\\)\)(?:[*+?]|\{[0-9,]+\})\+|\(\?>")


def test_no_pattern_has_a_possessive_group():
    assert POSSESSIVE_GROUP.search(r"(?:a|b)*+")
    assert [name(file) for file in product(".py") if POSSESSIVE_GROUP.search(text(file))] == []


# Directions


def test_imports_keep_to_their_directions():
    contracts = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([contracts, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert " kept, 0 broken" in done.stdout


# App -> the apps that its rows may point to, besides itself
POINTS_TO = {
    "helpcenter": {"accounts"},
    "tickets": {"accounts", "helpcenter"},
    "tickets_channels": {"accounts", "tickets"},
    "tickets_webhooks": {"accounts", "tickets"},
    "accounts": {"auth"},
    "outbox": set(),
    "releases": {"accounts"},
    "ui": set(),
    "supportdesk": set(),
}


@pytest.mark.parametrize("label", POINTS_TO)
def test_rows_point_to_rows_below_them(label):
    """Foreign keys are often written as strings, which the import contracts do not see."""
    relations = {
        field.related_model._meta.app_label
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model is not None
    }
    assert relations - {label} <= POINTS_TO[label]


def test_every_app_of_ours_is_in_the_table():
    ours = {config.label for config in apps.get_app_configs() if config.name.split(".")[0] in PRODUCT}
    assert ours == set(POINTS_TO)


def test_the_help_centre_knows_nothing_of_tickets():
    files = [file for file in product(".py", ".html", ".xml", ".md") if file.is_relative_to(ROOT / "helpcenter")]
    lines = [(name(file), line.strip()) for file in files for line in text(file).splitlines()]
    assert [(file, line) for file, line in lines if re.search("ticket", line, re.I)] == []


def test_nothing_is_done_behind_the_back_of_an_action():
    found = [
        name(file)
        for file in product(".py")
        if re.search(r"@receiver|\.connect\(|post_save|(?<!\.)\bpre_save\b", text(file))
    ]
    assert found == []


# Names

FORBIDDEN = {
    "utils",
    "util",
    "helpers",
    "helper",
    "services",
    "service",
    "selectors",
    "signals",
    "misc",
    "common",
    "secrets",
}


def test_no_module_has_a_name_that_says_nothing():
    named = {part.removesuffix(".py") for file in product(".py") for part in file.relative_to(ROOT).parts}
    assert named & FORBIDDEN == set()


# Addresses


def patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every public address by its name with its namespace; the admin has a table of its own."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name}", entry
        elif entry.namespace != "admin":
            yield from patterns(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)


# Name -> path, method, status for somebody whom nobody knows
ADDRESSES = {
    "index": ("/", "get", 302),
    "sitemap": ("/sitemap.xml", "get", 200),
    "translations": ("/admin/helpcenter/translations/", "get", 302),
    "sitemap-section": ("/sitemap-articles.xml", "get", 200),
    "robots": ("/robots.txt", "get", 200),
    "security-txt": ("/.well-known/security.txt", "get", 200),
    "health-live": ("/health/live", "get", 200),
    "health-ready": ("/health/ready", "get", 200),
    "account_login": ("/en/account/login/", "get", 200),
    "account_logout": ("/en/account/logout/", "get", 302),
    "account_signup": ("/en/account/signup/", "get", 200),
    "account_request_login_code": ("/en/account/code/", "get", 200),
    "account_confirm_login_code": ("/en/account/code/confirm/", "get", 302),
    "account_email_verification_sent": ("/en/account/email/confirm/", "get", 302),
    "account_reset_password": ("/en/account/password/reset/", "get", 200),
    "account_confirm_password_reset_code": ("/en/account/password/reset/confirm/", "get", 302),
    "account_complete_password_reset": ("/en/account/password/reset/complete/", "get", 302),
    "account_password_reset_completed": ("/en/account/password/reset/done/", "get", 200),
    "account_change_password": ("/en/account/password/change/", "get", 302),
    "account_set_password": ("/en/account/password/set/", "get", 302),
    "account_reauthenticate": ("/en/account/reauthenticate/", "get", 302),
    "account_inactive": ("/en/account/inactive/", "get", 200),
    "account_profile": ("/en/account/profile/", "get", 302),
    "account_email": ("/en/account/email/", "get", 302),
    "account_menu": ("/en/account/menu/", "get", 204),
    "usersessions_list": ("/en/account/sessions/", "get", 302),
    "account_tokens": ("/en/account/tokens/", "get", 302),
    "account_token_end": ("/en/account/tokens/1/", "post", 302),
    "openid_connect_login": ("/en/account/exchange/", "post", 404),
    "openid_connect_callback": ("/account/exchange/callback/", "get", 404),
    "socialaccount_signup": ("/en/account/exchange/signup/", "get", 302),
    "socialaccount_login_cancelled": ("/en/account/exchange/cancelled/", "get", 200),
    "socialaccount_connections": ("/en/account/exchange/connected/", "get", 302),
    "api:openapi-json": ("/api/v1/openapi.json", "get", 200),
    "api:api-root": ("/api/v1/", "get", 404),
    "api:help-articles": ("/api/v1/help/articles", "get", 200),
    "api:help-article": ("/api/v1/help/articles/fees", "get", 200),
    "api:help-categories": ("/api/v1/help/categories", "get", 200),
    "api:help-search": ("/api/v1/help/search?q=fee", "get", 200),
    "api:help-announcements": ("/api/v1/help/announcements", "get", 200),
    "api:help-announcement": ("/api/v1/help/announcements/news", "get", 200),
    "api:topics": ("/api/v1/topics", "get", 401),
    "api:tickets": ("/api/v1/tickets", "post", 401),
    "api:ticket": ("/api/v1/tickets/x", "get", 401),
    "api:messages": ("/api/v1/tickets/x/messages", "post", 401),
    "api:attachments": ("/api/v1/tickets/x/attachments", "post", 401),
    "api:attachment": ("/api/v1/attachments/x", "get", 401),
    "api:solve": ("/api/v1/tickets/x/solve", "post", 401),
    "api:reopen": ("/api/v1/tickets/x/reopen", "post", 401),
    "api:rating": ("/api/v1/tickets/x/rating", "put", 401),
    "api:desk-tickets": ("/api/v1/desk/tickets", "get", 401),
    "api:desk-ticket": ("/api/v1/desk/tickets/x", "get", 401),
    "api:desk-messages": ("/api/v1/desk/tickets/x/messages", "get", 401),
    "api:desk-attachment": ("/api/v1/desk/attachments/x", "get", 401),
    "api:desk-replies": ("/api/v1/desk/tickets/x/replies", "post", 401),
    "api:desk-notes": ("/api/v1/desk/tickets/x/notes", "post", 401),
    "api:desk-assignee": ("/api/v1/desk/tickets/x/assignee", "put", 401),
    "api:desk-status": ("/api/v1/desk/tickets/x/status", "put", 401),
    "channels:mail-hook": ("/hooks/mail/", "post", 404),  # off until it is set up
    "api-absent": ("/api/v2/tickets", "get", 404),
    "helpcenter:home": ("/en/", "get", 200),
    "helpcenter:category": ("/en/categories/{category}/", "get", 200),
    "helpcenter:article": ("/en/articles/fees/", "get", 200),
    "helpcenter:calculator": ("/en/articles/btcusdt-perp/calculator/", "get", 200),
    "helpcenter:contracts": ("/en/contracts/", "get", 200),
    "helpcenter:markdown": ("/en/articles/fees.md", "get", 200),
    "helpcenter:changes": ("/en/articles/fees/changes/", "get", 200),
    "helpcenter:troubleshooter": ("/en/troubleshoot/fees/", "get", 301),  # an article of another kind
    "helpcenter:announcements": ("/en/announcements/", "get", 200),
    "helpcenter:feed": ("/en/announcements/feed/", "get", 200),
    "helpcenter:announcement": ("/en/announcements/news/", "get", 200),
    "helpcenter:glossary": ("/en/glossary/", "get", 200),
    "helpcenter:search": ("/en/search/", "get", 200),
    "helpcenter:suggest": ("/en/suggest/?q=fee", "get", 200),
    "helpcenter:opensearch": ("/en/opensearch.xml", "get", 200),
    "helpcenter:beacon": ("/en/beacon/", "post", 403),
    "helpcenter:feedback": ("/en/feedback/fees/", "post", 403),
    "helpcenter:thanks": ("/en/feedback/fees/thanks/", "get", 200),
    "helpcenter:picture": ("/en/pictures/{digest}-480.webp", "get", 200),
    "portal:tickets": ("/en/tickets/", "get", 200),
    "portal:new": ("/en/tickets/new/", "get", 200),
    "portal:suggestions": ("/en/tickets/suggestions/", "get", 200),
    "portal:solved": ("/en/tickets/solved/", "post", 200),
    "portal:uploads": ("/en/tickets/uploads/", "post", 400),
    "portal:pending": ("/en/tickets/pending/nobodys/", "get", 404),
    "portal:file": ("/en/tickets/files/nobodys/", "get", 404),
    "portal:ticket": ("/en/tickets/nobodys/", "get", 404),
    "portal:updates": ("/en/tickets/nobodys/updates", "get", 404),
    "portal:incident": ("/en/incidents/none/", "get", 404),
    "portal:link": ("/en/t/nobodys/", "get", 404),
    "workspace:queue": ("/desk/", "get", 302),
    "workspace:incidents": ("/desk/incidents/", "get", 302),
    "workspace:new-incident": ("/desk/incidents/new/", "get", 302),
    "workspace:incident": ("/desk/incidents/none/", "get", 302),
    "workspace:edit-incident": ("/desk/incidents/none/edit/", "get", 302),
    "workspace:incident-got": ("/desk/incidents/none/got/", "get", 302),
    "workspace:incident-got-file": ("/desk/incidents/none/got.csv", "get", 302),
    "workspace:incident-answer": ("/desk/incidents/none/answers/en/", "get", 302),
    "workspace:incident-sending": ("/desk/incidents/none/sending/", "get", 302),
    "workspace:incident-sample": ("/desk/incidents/none/sample/nobodys/", "post", 302),
    "workspace:incident-act": ("/desk/incidents/none/do/close/", "post", 302),
    "workspace:people": ("/desk/people/", "get", 302),
    "workspace:questions": ("/desk/questions/", "get", 302),
    "workspace:routing": ("/desk/routing/", "get", 302),
    "workspace:file": ("/desk/files/nobodys/", "get", 302),
    "workspace:thread": ("/desk/tickets/nobodys/", "get", 302),
    "workspace:side": ("/desk/tickets/nobodys/side/", "get", 302),
    "workspace:updates": ("/desk/tickets/nobodys/updates/", "get", 302),
    "workspace:print": ("/desk/tickets/nobodys/print/", "get", 302),
    "workspace:macros": ("/desk/tickets/nobodys/macros/", "get", 302),
    "workspace:macro-text": ("/desk/tickets/nobodys/macros/1/", "get", 302),
    "workspace:articles": ("/desk/tickets/nobodys/articles/", "get", 302),
    "workspace:new": ("/desk/new/", "get", 302),
    "workspace:me": ("/desk/me/", "get", 302),
    "workspace:new-macro": ("/desk/me/macros/new/", "get", 302),
    "workspace:macro": ("/desk/me/macros/1/", "get", 302),
    "workspace:old-answers": ("/desk/old-answers/", "get", 302),
    "workspace:old-answer": ("/desk/old-answers/1/", "get", 302),
    "workspace:question": ("/desk/questions/1/", "get", 302),
    "workspace:act": ("/desk/tickets/nobodys/do/take/", "get", 302),
    "workspace:bulk": ("/desk/bulk/", "post", 302),
    "workspace:keep-view": ("/desk/views/", "post", 302),
    "workspace:keep-files": ("/desk/tickets/nobodys/uploads/", "post", 302),
    "workspace:drop-view": ("/desk/views/1/drop/", "post", 302),
    "workspace:tell-old-answer": ("/desk/old-answers/1/tell/", "post", 302),
    "workspace:presence": ("/desk/me/presence/", "post", 302),
    "workspace:surge": ("/desk/surge/", "get", 302),
    "workspace:lead": ("/desk/lead/", "get", 302),
    "workspace:speed": ("/desk/lead/speed/", "get", 302),
    "workspace:promises": ("/desk/lead/promises/", "get", 302),
    "workspace:clocks": ("/desk/tickets/nobodys/clocks/", "get", 302),
    "workspace:lead-day": ("/desk/lead/agents/1/", "get", 302),
    "workspace:lead-updates": ("/desk/lead/updates/", "get", 302),
    "workspace:lead-assign-all": ("/desk/lead/assign-all/", "post", 302),
    "workspace:lead-replay": ("/desk/lead/replay/", "post", 302),
    "workspace:surge-incident": ("/desk/surge/incident/", "post", 302),
    "workspace:decide-surge": ("/desk/surge/do/confirm/", "post", 302),
    "api:market-signal": ("/api/v1/signals/market", "post", 401),
    "workspace:drop-macro": ("/desk/me/macros/1/drop/", "post", 302),
    "workspace:end-question": ("/desk/questions/1/end/", "post", 302),
    "workspace:look": ("/desk/tickets/nobodys/look/", "post", 302),
    "workspace:write": ("/desk/tickets/nobodys/write/", "post", 302),
    "workspace:draft": ("/desk/tickets/nobodys/draft/", "post", 302),
    "workspace:undo": ("/desk/tickets/nobodys/messages/1/undo/", "post", 302),
    "workspace:send-anyway": ("/desk/tickets/nobodys/messages/1/send/", "post", 302),
}
WITHOUT_TOKEN = {"helpcenter:beacon", "helpcenter:feedback"}
SIGNED = {"channels:mail-hook"}  # other servers post there, with a secret
POST_ONLY = {
    *WITHOUT_TOKEN,
    *SIGNED,
    *("openid_connect_login", "account_token_end", "portal:solved", "portal:uploads"),
    *(name for name, (path, method, status) in ADDRESSES.items() if path.startswith("/desk/") and method == "post"),
}
# Programs send a key of their own and no cookie, so there is nothing that a foreign page could make use of.
OF_PROGRAMS = {name for name in ADDRESSES if name.startswith("api")}
# Forms take both, and lead whoever may not use them elsewhere before they look at the method.
FORMS = {
    *(name for name in ADDRESSES if name.startswith(("account_", "usersessions_", "socialaccount_"))),
    *("portal:new", "portal:pending", "portal:ticket", "portal:link"),
    *(f"workspace:{name}" for name in ("new", "me", "new-macro", "macro", "question", "act", "write")),
    *(f"workspace:{name}" for name in ("new-incident", "edit-incident", "incident-answer", "routing", "lead-day")),
} - {
    *("account_email", "account_inactive", "account_menu", "account_password_reset_completed", "account_token_end"),
    *("socialaccount_connections", "socialaccount_login_cancelled"),
}


@pytest.fixture(scope="module")
def written(module_rows: ModuleRows) -> dict[str, str]:
    with module_rows():
        picturing.save_picture("a.png", "en", picture(640).read(), by=None)
        article = ArticleFactory(slug="fees", texts={"en": "![A chart](pictures/a.png)"})
        AnnouncementFactory(slug="news", published_at=article.created_at)
        make_contract("btcusdt-perp")
        assert Announcement.objects.published().exists()
        return {"category": article.category.slug, "digest": PictureFile.objects.get().digest}


@pytest.fixture
def content(written: dict[str, str], db: None) -> dict[str, str]:
    """What the paths of the table need."""
    return written


def test_every_address_is_in_the_table():
    assert {found for found, _ in patterns()} == set(ADDRESSES)


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_answers_a_stranger_with_the_status_of_the_table(content, address):
    path, method, status = ADDRESSES[address]
    answer = getattr(Client(), method)(path.format(**content))
    assert answer.status_code == status
    assert answer.resolver_match.view_name == address


@pytest.mark.parametrize("address", [address for address in ADDRESSES if address not in FORMS | OF_PROGRAMS])
def test_an_address_takes_no_other_method(content, address):
    path = ADDRESSES[address][0].format(**content)
    refused = ["get", "put", "delete", "patch"] if address in POST_ONLY else ["post", "put", "delete", "patch"]
    client = Client(raise_request_exception=False)
    assert {method: getattr(client, method)(path).status_code for method in refused} == dict.fromkeys(refused, 405)


def test_only_the_posts_of_pages_without_cookies_are_exempt_from_the_token():
    exempt = {found for found, pattern in patterns() if getattr(pattern.callback, "csrf_exempt", False)}
    assert exempt == WITHOUT_TOKEN | SIGNED | OF_PROGRAMS


@pytest.mark.django_db
def test_there_is_no_address_for_uploaded_files():
    for path in ("/media/", "/media/pictures/a.png", "/static/../media/a.png", "/pictures/a.png"):
        assert Client().get(path).status_code == 404


# Templates


@pytest.mark.parametrize("file", product(".html", ".xml"), ids=name)
def test_a_template_trusts_no_words_and_compiles(file):
    source = text(file)
    assert re.findall(r"\|\s*safe(?:seq)?\b|autoescape off|\{% csrf_exempt", source) == []
    engines["django"].from_string(source)


TRUSTING = {
    "helpcenter/search/highlighting.py",
    "supportdesk/ui/drawn.py",
    "supportdesk/ui/markup.py",
    "tickets/workspace/lines.py",  # thirty lines that are written without templates
}


def test_markup_is_trusted_in_few_places_only():
    calls = re.compile(r"\bmark_safe\(|\bSafeString\(|\bSafeText\(|html_safe")
    assert {name(file) for file in product(".py") if calls.search(text(file))} == TRUSTING


# What must be nowhere


def test_no_file_names_a_path_of_somebodys_machine():
    """Nothing works for everybody that lies in one person's home or in a temporary folder."""
    path = re.compile(r"(?<![\w.:/<>*-])/(?:home|root|Users|work|tmp)/[\w.-]+")
    found = {name(file): hits for file in tracked() if (hits := path.findall(text(file)))}
    assert found == {}


SECRET = re.compile(
    r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\n[A-Za-z0-9+/=\n]{60}|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}"
)


def test_no_file_holds_a_real_key():
    allowed = ("tests/guard/cases.json", "tests/tickets/channels/mails/")  # random ones, labelled
    assert [name(file) for file in tracked() if not name(file).startswith(allowed) and SECRET.search(text(file))] == []


def test_no_file_of_an_editor_or_a_build_is_kept():
    leftover = re.compile(r"\.(?:pyc|orig|rej|swp|bak|sqlite3|log)$|~$|\.DS_Store|node_modules|__pycache__")
    assert [name(file) for file in tracked() if leftover.search(name(file))] == []


# Requirements

LOCKS = ("requirements.lock", "requirements-dev.lock")


def locked(lock: str) -> dict[str, str]:
    """Package -> version."""
    return dict(re.findall(r"^([\w.-]+)==([\w.]+)", text(ROOT / lock), re.M))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_and_has_a_hash(lock):
    blocks = re.split(r"\n(?=\S)", re.sub(r"^\s*#.*\n", "", text(ROOT / lock), flags=re.M).strip())
    assert len(blocks) > 30
    assert [block.splitlines()[0] for block in blocks if not re.match(r"[\w.-]+(\[\w+\])?==", block)] == []
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_requirement_names_a_host_or_a_path(lock):
    assert (
        re.findall(
            r"https?://\S+|--(?:index-url|find-links|trusted-host)\S*|file:\S+|^-e.*|git\+\S+", text(ROOT / lock), re.M
        )
        == []
    )


def test_the_locks_hold_what_the_project_asks_for_and_agree():
    project = tomllib.loads(text(ROOT / "pyproject.toml"))
    asked = {re.split(r"[\[<>=~! ]", line)[0].lower() for line in project["project"]["dependencies"]}
    development = {re.split(r"[\[<>=~! ]", line)[0].lower() for line in project["dependency-groups"]["dev"]}
    running, all_of_it = (locked(lock) for lock in LOCKS)
    assert asked - set(running) == set()
    assert asked | development <= set(all_of_it)
    assert {package: version for package, version in running.items() if all_of_it.get(package) != version} == {}


# Settings


def test_every_variable_that_the_settings_read_is_explained():
    read = re.compile(r"\benv(?:\.\w+)?\(\s*\"([A-Z_]+)\"")
    names = {found for file in (ROOT / "supportdesk" / "settings").glob("*.py") for found in read.findall(text(file))}
    explained = set(re.findall(r"^#? ?([A-Z_]+)=", text(ROOT / ".env.example"), re.M))
    assert names - explained - {"TEST_DATABASE_URL"} == set()


def test_every_command_of_the_documents_exists():
    documents = [file for file in tracked() if file.suffix == ".md" and "fixtures" not in file.parts]
    mentioned = {found for file in documents for found in re.findall(r"manage\.py ([a-z][a-z_]+)", text(file))}
    assert mentioned
    assert mentioned - set(get_commands()) == set()
