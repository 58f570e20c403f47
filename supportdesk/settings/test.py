"""The test suite: a temporary folder per process, a fast hasher, and the pseudo-locale `xx`."""

import atexit
import shutil
import tempfile
from pathlib import Path

from django.conf.locale import LANG_INFO

from supportdesk.settings.base import *  # noqa: F403
from supportdesk.settings.base import (
    CACHES,
    HAYSTACK_CONNECTIONS,
    INSTALLED_APPS,
    LANGUAGES,
    LOCALE_PATHS,
    SQLITE_OPTIONS,
    STORAGES,
    env,
)

DEBUG = False
SECRET_KEY = "tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-0123456789"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SITE_URL = "http://testserver"
# As if OIDC_ISSUER were set.
INSTALLED_APPS = list(dict.fromkeys([*INSTALLED_APPS, "allauth.socialaccount.providers.openid_connect"]))

SCRATCH = Path(tempfile.mkdtemp(prefix="supportdesk-test-"))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)
SEARCH_INDEX_PATH = SCRATCH / "search"
for _alias, _connection in HAYSTACK_CONNECTIONS.items():
    _connection["PATH"] = str(SEARCH_INDEX_PATH / _alias)
MEDIA_PATH = SCRATCH / "media"
STORAGES |= {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": MEDIA_PATH}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True

SQLITE_OPTIONS["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;"
DATABASES = {"default": env.db_url("TEST_DATABASE_URL", default=f"sqlite:///{SCRATCH / 'test.sqlite3'}")}
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
    DATABASES["default"]["TEST"] = {"NAME": str(SCRATCH / "test.sqlite3")}
else:
    DATABASES["default"]["OPTIONS"] = {"options": "-c synchronous_commit=off"}
CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "default"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

LANG_INFO["xx"] = {"bidi": False, "code": "xx", "name": "Pseudo", "name_local": "⟦Ṗṡèùďò⟧"}
LANGUAGES = [*LANGUAGES, ("xx", "⟦Ṗṡèùďò⟧")]
LOCALE_PATHS = [SCRATCH / "locale", *LOCALE_PATHS]

MAIL_INBOUND_DOMAIN = "support.example"
MAIL_AUTHSERV_ID = "mx.support.example"
STAFF_EMAIL_DOMAIN = "northgate.example"
DEFAULT_FROM_EMAIL = "Northgate Exchange <help@support.example>"
