"""The parity gate against edits by a hand that had not read it: every mutation of the demo library's translations is
caught, half of them were held back while the gate was written, and edits that change nothing raise no alarm."""

import io
import json
from functools import cache
from operator import itemgetter
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command

from helpcenter.actions.parity import terms_between
from helpcenter.content import parity
from helpcenter.content.parity import Document
from helpcenter.errors import ContentError

pytestmark = [pytest.mark.django_db]

LIBRARY = settings.BASE_DIR / "fixtures"
SETS = Path(__file__).with_name("mutations")
FEWEST = 200  # mutations in each half
before: dict = {}  # the differences of untouched texts, by language and article: all sets are edits of the same ones


def edits(name):
    """Those of one article together: its source is then read once for all of them."""
    return sorted(json.loads((SETS / f"{name}.json").read_text(encoding="utf-8")), key=itemgetter("slug"))


@cache
def written(language, slug):
    return (LIBRARY / "help" / language / f"{slug}.md").read_text(encoding="utf-8")


def document(language, text):
    front, _, body = text.removeprefix("---\n").partition("\n---\n")
    values = yaml.safe_load(front)
    return Document(language, str(values["title"]), str(values.get("summary", "")), body.lstrip("\n"))


@cache
def source_of(slug):
    return document("en", written("en", slug))


def edited(edit):
    """The file with the nth occurrence replaced."""
    pieces = written(edit["language"], edit["slug"]).split(edit["find"])
    assert len(pieces) > edit["nth"], edit["id"]
    at = edit["nth"]
    return edit["find"].join(pieces[:at]) + edit["replace"] + edit["find"].join(pieces[at:])


def found(language, slug, text, terms):
    """Names of the differences; a text that cannot even be read is refused before."""
    try:
        translation = document(language, text)
    except (ContentError, yaml.YAMLError) as error:
        return {str(error)}
    source = source_of(slug)
    return {difference.fingerprint for difference in parity.differences(source, translation, terms)}


def alarms(name):
    """The edits of a set, each with whether it raised an alarm that the untouched text does not raise."""
    call_command("import_glossary", verbosity=0, stdout=io.StringIO())
    for edit in edits(name):
        key = edit["language"], edit["slug"]
        words = terms_between("en", edit["language"])
        if key not in before:
            before[key] = found(*key, written(*key), words)
        yield edit, bool(found(*key, edited(edit), words) - before[key])


@pytest.mark.parametrize("name", ["seen", "held"])
def test_every_mutation_is_caught(name):
    rows = list(alarms(name))
    missed = [f"{edit['id']}: {edit['why']}" for edit, is_caught in rows if not is_caught]
    assert len(rows) >= FEWEST
    assert missed == []


def test_edits_that_change_nothing_raise_next_to_no_alarm():
    raised = [f"{edit['id']}: {edit['why']}" for edit, is_raised in alarms("benign") if is_raised]
    assert len(raised) <= len(edits("benign")) * 0.01, raised
