"""The web server forks its workers off a process that has loaded the product: what must not be copied is not there,
nor what a worker does not need until it is asked."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

LOAD = """
import json, os, sys, threading
from django.db import connections
from supportdesk import web
from tickets import meanings, names

web.load()
found = {
    "threads": threading.active_count(),
    "connections": [connection.alias for connection in connections.all() if connection.connection is not None],
    "sockets": [name for name in map(os.path.realpath, map("/proc/self/fd/{}".format, os.listdir("/proc/self/fd")))
                if "socket:" in name],
    "tables": [table.cache_info().currsize for table in (meanings.meanings, names.tables)],
    "is_loaded": "supportdesk.wsgi" in sys.modules,
    "modules": list(sys.modules),
}
print(json.dumps(found))
"""

# Libraries of megabytes that few requests, or other processes, need.
RARE = (
    *("aiosmtpd", "confusable_homoglyphs.confusables", "css_inline", "dns", "httpx", "lxml"),
    *("openpyxl", "polib", "redis", "requests", "urllib3"),
)


@pytest.fixture(scope="module")
def loaded() -> dict:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "supportdesk.settings.dev", "OIDC_ISSUER": ""}
    command = [sys.executable, "-c", LOAD]
    done = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_the_product_is_loaded_before_the_workers_start(loaded):
    assert loaded["is_loaded"]


def test_no_customer_waits_for_a_table_that_every_worker_makes(loaded):
    assert loaded["tables"] == [1, 1]


def test_no_thread_runs_that_a_worker_would_lack(loaded):
    assert loaded["threads"] == 1


def test_no_connection_is_open_that_workers_would_share(loaded):
    assert loaded["connections"] == []
    assert loaded["sockets"] == []


def test_no_library_is_loaded_that_few_requests_need(loaded):
    assert [name for name in RARE if name in loaded["modules"]] == []
