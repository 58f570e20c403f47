"""Settings that all environments share. Everything an operator decides comes from the environment (`.env.example`)."""

from pathlib import Path

import environ

from supportdesk.settings import hosts, languages, numbers

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")  # absent in most places, and that is fine

VAR_DIR = BASE_DIR / "var"
CRASH_TRACE = BASE_DIR / "fixtures" / "demo" / "crash_mini_75min.csv"  # the recorded crash that the demo replays
SITE_NAME = env("SITE_NAME", default="Northgate Exchange")
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
IS_PRODUCTION = False
DEBUG_DRILL = env.bool("DEBUG_DRILL", default=False)  # lets drills in; a system check refuses it on a real site
# Uses of a door of the portal in an hour, where they differ from `tickets.portal.limits`; a drill has one address.
TICKET_LIMITS = numbers.limits(env, "TICKET_LIMITS")
if DEBUG_DRILL:
    TICKET_LIMITS |= dict.fromkeys(("ticket", "upload", "code", "ticket_stranger"), 1_000_000)
LOG_PATH = env("LOG_PATH", default="")
SECURITY_CONTACT = env("SECURITY_CONTACT", default="mailto:security@northgate.example")

INSTALLED_APPS = [
    "supportdesk.apps.SupportdeskConfig",  # before the admin, whose templates it overrides
    "modeltranslation",  # before the admin, whose forms it extends
    "supportdesk.apps.SupportAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "tree_queries",
    "adminsortable2",
    "simple_history",
    "crispy_forms",
    "crispy_bootstrap5",
    "haystack",
    "django_tasks",
    "django_tasks_db",
    "supportdesk.ui",
    "supportdesk.outbox",
    "supportdesk.releases",
    "supportdesk.accounts",  # before allauth, whose templates it overrides
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "allauth.usersessions",
    "helpcenter",
    "tickets",
    "tickets.webhooks",
    "tickets.channels",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "supportdesk.ui.middleware.SteadyPolicyMiddleware",
    "supportdesk.ui.middleware.ComeBackMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "helpcenter.views.hot_pages.HotPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "supportdesk.ui.middleware.SiteLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "supportdesk.urls"
WSGI_APPLICATION = "supportdesk.wsgi.application"
TEMPLATE_LOADERS = ["django.template.loaders.filesystem.Loader", "supportdesk.ui.loading.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", TEMPLATE_LOADERS)],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "supportdesk.ui.context.site",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# An accepted ticket must survive a power cut: synchronous=FULL (2) for the default database.
# What is mapped and kept counts as memory of each web process, the cache once for each of its threads. Without the map
# (27 MB less) a page that is drawn anew costs a sixth more.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        "PRAGMA cache_size=-4000; PRAGMA mmap_size=33554432;"
    ),
}


def database(url: str) -> dict:
    """A database from its address; SQLite gets the options above. A thread keeps its connection for a minute: opening
    one, which for SQLite is a file, its pragmas and a checkpoint at the end, costs as much as drawing a page."""
    config = {**environ.Env.db_url_config(url), "CONN_MAX_AGE": 60}
    if "sqlite" in config["ENGINE"]:
        config["OPTIONS"] = {**config.get("OPTIONS", {}), **SQLITE_OPTIONS}
    else:
        config["CONN_HEALTH_CHECKS"] = True
    return config


DATABASES = {"default": database(env("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'supportdesk.sqlite3'}"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="")
CACHES = {
    # Shared and strict: limits and one-time codes live here, so an error must refuse rather than forget.
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache_entries",
            # Beyond this number entries are thrown away: so many that strangers cannot push out what counts attempts.
            "OPTIONS": {"MAX_ENTRIES": 500_000},
        }
    ),
    # Rendered public pages: losing it costs speed, never a page.
    "pages": (
        {
            "BACKEND": "supportdesk.ui.caches.ForgivingRedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.1},
        }
        if REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "pages",
            "OPTIONS": {"MAX_ENTRIES": 4000},
        }
    ),
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "supportdesk.accounts.backends.RightsBackend",
    "supportdesk.accounts.backends.SignInBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "supportdesk.accounts.passwords.NotLikeThePerson"},
    {"NAME": "supportdesk.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "supportdesk.accounts.passwords.NotCommon"},
]
LOGIN_URL = "account_login"  # the admin has its own
LOGIN_REDIRECT_URL = "account_profile"
CSRF_FAILURE_VIEW = "supportdesk.error_pages.stale_form"

# Accounts of traders (django-allauth). Mails hold codes that work in one browser, and no link that signs anybody in.
ACCOUNT_ADAPTER = "supportdesk.accounts.adapters.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600  # seconds
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 1
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
# A code of six digits can be tried three times: of one address at most sixty times a day.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,100/h/ip,5/5m/key,50/d/key",
    "request_login_code": "20/m/ip,3/m/key,10/h/key,20/d/key",
    "reset_password": "20/m/ip,3/m/key,10/h/key,20/d/key",
    "confirm_email": "1/10s/key,10/h/key,20/d/key",
}
ACCOUNT_FORMS = {
    name: f"supportdesk.accounts.forms.{form}"
    for name, form in {
        "login": "SignInForm",
        "signup": "SignUpForm",
        "request_login_code": "CodeRequestForm",
        "confirm_login_code": "SignInCodeForm",
        "confirm_email_verification_code": "AddressCodeForm",
        "reset_password": "ResetForm",
        "confirm_password_reset_code": "ResetCodeForm",
        "reset_password_from_key": "ResetPasswordForm",
        "set_password": "SetPasswordForm",
        "change_password": "ChangePasswordForm",
        "reauthenticate": "ConfirmPasswordForm",
    }.items()
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
SOCIALACCOUNT_ADAPTER = "supportdesk.accounts.adapters.SingleSignOn"
SOCIALACCOUNT_FORMS = {"signup": "supportdesk.accounts.forms.SingleSignOnSignUpForm"}
OIDC_ISSUER = env("OIDC_ISSUER", default="")
SOCIALACCOUNT_PROVIDERS = {}
if OIDC_ISSUER:
    INSTALLED_APPS.append("allauth.socialaccount.providers.openid_connect")
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "exchange",
                "name": SITE_NAME,
                "client_id": env("OIDC_CLIENT_ID"),
                "secret": env("OIDC_CLIENT_SECRET"),
                # An address that the exchange has proven is proven here.
                "settings": {"server_url": OIDC_ISSUER, "email_authentication": True},
            }
        ],
    }
ADMIN_PATH = f"{env('ADMIN_PATH', default='').strip('/') or 'admin'}/"

LANGUAGE_CODE = "en"
EXTRA_LANGUAGES = languages.added(env.list("EXTRA_LANGUAGES", default=[]))
LANGUAGES = [*languages.SHIPPED, *EXTRA_LANGUAGES]
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "supportdesk" / "formats"]  # the second: names of months
USE_I18N = True
FORMAT_MODULE_PATH = ["supportdesk.formats"]
TIME_ZONE = "UTC"
USE_TZ = True
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_LANGUAGES = tuple(code for code, _ in LANGUAGES)
MODELTRANSLATION_ENABLE_FALLBACKS = False  # which text a reader gets is decided in helpcenter.localization

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
MEDIA_PATH = Path(env("MEDIA_PATH", default=str(VAR_DIR / "media")))
STORAGES: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": MEDIA_PATH}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000  # the translation screen has three for each part of a text
DATA_UPLOAD_MAX_NUMBER_FILES = 1000  # a folder of pictures, chosen by mistake; the bound below holds all the same
FILE_UPLOAD_MAX_MEMORY_SIZE = 15 * 1024 * 1024  # of all files of a form; what is beyond it is left out
FILE_UPLOAD_HANDLERS = ["supportdesk.ui.uploads.InMemoryUpTo"]

# What seals files and quarantined mails where they lie; empty: derived from SECRET_KEY. Another key opens nothing.
_STORAGE_KEY = env("STORAGE_KEY", default="")
SEALING_KEYS = {
    "attachment": _STORAGE_KEY,
    "webhook": _STORAGE_KEY,
    "quarantine": env("QUARANTINE_KEY", default=""),
}

SEARCH_INDEX_PATH = Path(env("SEARCH_INDEX_PATH", default=str(VAR_DIR / "search")))
HAYSTACK_LIMIT_TO_REGISTERED_MODELS = False
HAYSTACK_DOCUMENT_FIELD = "body"
HAYSTACK_CONNECTIONS = {
    alias: {"ENGINE": "helpcenter.search.engine.HelpSearchEngine", "PATH": str(SEARCH_INDEX_PATH / alias)}
    for code, _ in LANGUAGES
    for alias in (code, f"{code}.agents")
}
HAYSTACK_CONNECTIONS["default"] = HAYSTACK_CONNECTIONS["en"]
HAYSTACK_ROUTERS = ["helpcenter.search.engine.LanguageRouter"]

API_REQUESTS_PER_MINUTE = numbers.whole(env, "API_REQUESTS_PER_MINUTE", 120)  # of one token
# Addresses inside our own network that webhooks may go to all the same, each with its port: 10.0.0.5:8443
WEBHOOKS_MAY_REACH = env.list("WEBHOOKS_MAY_REACH", default=[])

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
if EMAIL_CONFIG["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
    EMAIL_CONFIG["EMAIL_BACKEND"] = "supportdesk.ui.mail_server.EmailBackend"
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Northgate Exchange <help@northgate.example>")
EMAIL_TIMEOUT = 20  # seconds: a mail server that does not answer must not hold the worker

# Mail that comes in. Empty: none does, and our mails say nothing of answering them.
MAIL_INBOUND_DOMAIN = hosts.in_ascii(env, "MAIL_INBOUND_DOMAIN")
MAIL_AUTHSERV_ID = env("MAIL_AUTHSERV_ID", default="").strip().lower()
STAFF_EMAIL_DOMAIN = hosts.in_ascii(env, "STAFF_EMAIL_DOMAIN")
MAIL_LISTEN_PORT = numbers.whole(env, "MAIL_LISTEN_PORT", 0)
MAIL_WEBHOOK_PROVIDER = env("MAIL_WEBHOOK_PROVIDER", default="").strip().lower()
MAIL_WEBHOOK_KEY = env("MAIL_WEBHOOK_KEY", default="")
ANYMAIL = {"WEBHOOK_SECRET": env("MAIL_WEBHOOK_SECRET", default="")}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "supportdesk.accounts.sessions"
SESSION_COOKIE_HTTPONLY = True
STAFF_SESSION_HOURS = numbers.whole(env, "STAFF_SESSION_HOURS", 8)  # from signing in, however busy somebody is
CSRF_COOKIE_HTTPONLY = True
SILENCED_SYSTEM_CHECKS: list[str] = []
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "media-src": ["'self'"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics")
}

LOG_LEVEL = env("LOG_LEVEL", default="WARNING")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"from_level": {"()": "supportdesk.log_lines.FromLevel", "level": LOG_LEVEL}},
    "formatters": {
        "line": {
            "class": "supportdesk.log_lines.WithoutTokens",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {
        "out": (
            {"class": "logging.handlers.WatchedFileHandler", "filename": LOG_PATH, "formatter": "line"}
            if LOG_PATH
            else {"class": "logging.StreamHandler", "formatter": "line"}
        )
    },
    "root": {"handlers": ["out"], "level": LOG_LEVEL},
    "loggers": {
        "supportdesk": {"level": "INFO"},
        "helpcenter": {"level": "INFO"},
        "tickets": {"level": "INFO"},
        "django.request": {"level": "ERROR"},  # what is not found is no news
        # The worker sets the levels of these by its verbosity.
        "django_tasks": {"filters": ["from_level"]},
        "django_tasks_db": {"filters": ["from_level"]},
    },
}
