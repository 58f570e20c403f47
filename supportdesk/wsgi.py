"""WSGI entry point."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "supportdesk.settings.prod")
application = get_wsgi_application()

# What a worker has loaded stays as long as it lives. The collector of garbage leaves it out: to walk through all of it
# took a tenth of what a page costs. The addresses bring the screens with them.
get_resolver().url_patterns  # noqa: B018 - read, and thereby loaded
gc.collect()
gc.freeze()
