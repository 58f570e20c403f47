"""A laptop: boots without any environment. `make demo` turns DEBUG off to show the pages as readers meet them."""

from supportdesk.settings.base import *  # noqa: F403
from supportdesk.settings.base import VAR_DIR, env

DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = env("SECRET_KEY", default="only-for-a-laptop-never-for-a-server-0123456789-abcdefghij")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
VAR_DIR.mkdir(exist_ok=True)
