"""The demo library's translations as they are: next to none may raise an alarm."""

import warnings

import pytest
from django.conf import settings

from helpcenter.actions.glossary_import import import_glossary
from helpcenter.actions.parity import terms_between
from helpcenter.content import front_matter, parity
from helpcenter.content.parity import Document

pytestmark = pytest.mark.django_db

LIBRARY = settings.BASE_DIR / "fixtures"
HIGHEST_SHARE = 0.01  # of the texts


def document(path):
    read = front_matter.read(path.read_text())
    return Document(path.parent.name, read.title, read.summary, read.body)
