"""The demo site as the browser tests look at it: as on a laptop, with the pseudo-locale where a test has one."""

import os
from pathlib import Path

from django.conf.locale import LANG_INFO

from supportdesk.settings.dev import *  # noqa: F403
from supportdesk.settings.dev import CRASH_TRACE, LANGUAGES, LOCALE_PATHS

DEBUG = False
if "PSEUDO_LOCALE" in os.environ:
    LANG_INFO["xx"] = {"bidi": False, "code": "xx", "name": "Pseudo", "name_local": "⟦Ṗṡèùďò⟧"}
    LANGUAGES = [*LANGUAGES, ("xx", "⟦Ṗṡèùďò⟧")]
    LOCALE_PATHS = [Path(os.environ["PSEUDO_LOCALE"]), *LOCALE_PATHS]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_USE_FINDERS = True
if "EMAIL_URL" not in os.environ:  # most tests read no mail
    EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
CRASH_TRACE = Path(os.environ.get("CRASH_TRACE", CRASH_TRACE))
