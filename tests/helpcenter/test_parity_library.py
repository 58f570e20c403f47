"""The translations of the demo library as they are: next to none raises an alarm."""

from operator import attrgetter

import pytest
import yaml
from django.conf import settings

from helpcenter.actions.glossary_import import import_glossary
from helpcenter.actions.parity import terms_between
from helpcenter.content import parity

LIBRARY = settings.BASE_DIR / "fixtures"
HIGHEST_SHARE = 0.01  # of the texts


def document(path):
    front, _, body = path.read_text().removeprefix("---\n").partition("\n---\n")
    values = yaml.safe_load(front)
    return parity.Document(path.parent.name, values["title"], values.get("summary", ""), body.lstrip("\n"))


@pytest.fixture
def glossary(db, content_editor):
    files = [LIBRARY / "glossary.csv", *sorted((LIBRARY / "glossary").glob("*.yaml"))]
    import_glossary([(path.name, path.read_bytes()) for path in files], by=content_editor)


def alarms(path, source):
    found = parity.differences(source, document(path), terms_between("en", path.parent.name))
    return [f"{path.parent.name}/{path.name}:{d.line} {d.part} {d.check}: {d.message}" for d in found]


def test_untouched_translations_raise_next_to_no_alarm(glossary):
    sources = {path.name: document(path) for path in (LIBRARY / "help" / "en").glob("*.md")}
    translations = [path for path in (LIBRARY / "help").glob("*/*.md") if path.parent.name != "en"]
    translations.sort(key=attrgetter("name", "parent.name"))  # a source is read once for all of its own
    told = [found for path in translations if (found := alarms(path, sources[path.name]))]
    print(*(line for lines in told for line in lines), sep="\n")
    assert len(translations) > 300
    assert len(told) <= HIGHEST_SHARE * len(translations)
