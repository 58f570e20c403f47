"""The sites that are measured: each a database with its indexes and pictures below `var/bench`, made once."""

import fcntl
import os
import secrets
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "var" / "bench"
# What an operator may have set in the environment or in .env must not reach a benchmark.
NEUTRAL = {
    "ADMIN_PATH": "admin/",
    "BEHIND_TLS_PROXY": "false",
    "EMAIL_URL": "consolemail://",
    "EXTRA_LANGUAGES": "",
    "LOG_LEVEL": "WARNING",
    "LOG_PATH": "",
    "REDIS_URL": "",
    "SECURE_SSL_REDIRECT": "false",  # loopback speaks HTTP
    "SITE_NAME": "Northgate Exchange",
    "TRUSTED_PROXIES": "",
}


@dataclass(frozen=True)
class Site:
    """`articles` generated articles in each of `languages`; none: the demo content of fixtures/."""

    name: str
    articles: int = 0
    languages: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        return WORK / self.name

    @property
    def database(self) -> str:
        """The name of its database on a PostgreSQL server; empty where it is on SQLite."""
        return ""

    def environment(self, port: int, *, page_cache: bool = True) -> dict[str, str]:
        """The environment in which the product serves this site on a loopback port."""
        return {
            **plain_environment(),
            **NEUTRAL,
            "ALLOWED_HOSTS": "127.0.0.1",
            "BENCH_PAGE_CACHE": "on" if page_cache else "off",
            "DATABASE_URL": f"sqlite:///{self.folder / 'site.sqlite3'}",
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "MEDIA_PATH": str(self.folder / "media"),
            "SEARCH_INDEX_PATH": str(self.folder / "search"),
            "SECRET_KEY": self._secret_key(),
            "SITE_URL": f"http://127.0.0.1:{port}",
        }

    def _secret_key(self) -> str:
        """Drawn once and kept beside the site: what was signed in one run, as a preview or a link is, opens in the
        next."""
        kept = self.folder.parent / f"{self.name}.key"
        kept.parent.mkdir(parents=True, exist_ok=True)
        with kept.with_name(f"{kept.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # another run may be drawing it
            if not kept.exists() or not kept.read_text():
                drawn = kept.with_name(f"{kept.name}.new")
                drawn.write_text(secrets.token_urlsafe(64))
                drawn.replace(kept)  # whole or not at all, whenever this run is ended
            return kept.read_text()


DEMO = Site("demo")


def generated(articles: int, *languages: str) -> Site:
    return Site(f"{articles}-{'-'.join(languages)}", articles, languages)


def plain_environment() -> dict[str, str]:
    """The environment for any Python child: its bytecode is kept below `var/bench`, so no run pays for compiling."""
    dropped = ("PYTHONDONTWRITEBYTECODE", "PYTHONWARNINGS", "DJANGO_SETTINGS_MODULE", "DEBUG")
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**kept, "PYTHONPYCACHEPREFIX": str(WORK / "bytecode")}


def prepare(*sites: Site, fresh: bool = False) -> None:
    """Make sites ready: messages compiled, static files collected, content there (`fresh`: made anew), indexes in
    step."""
    WORK.mkdir(parents=True, exist_ok=True)
    environment = DEMO.environment(port=0)
    manage("compile_translations", environment=environment)
    manage("collectstatic", "--noinput", "--verbosity", "0", environment=environment)
    with (WORK / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another run may be making the same site
        for site in sites:
            if fresh:
                shutil.rmtree(site.folder, ignore_errors=True)
            command = [sys.executable, "-m", "bench.data", site.name, str(site.articles), *site.languages]
            subprocess.run(command, env=site.environment(port=0), cwd=ROOT, check=True)


def manage(*arguments: str, environment: dict[str, str]) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], env=environment, cwd=ROOT, check=True)
