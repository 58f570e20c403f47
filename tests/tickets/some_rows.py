"""Some of what a desk begins with, for tests that need no more: departments and topics, macros, rules, texts; each
from the YAML files of a folder, as `set_up` brings all of it."""

from pathlib import Path

from django.db import transaction

from supportdesk.releases.bringing import Fate, bring, bring_always
from supportdesk.releases.kinds import Kind
from tickets.actions.shipped_rows import Departments, Macros, SurgeTexts, TopicFields, Topics, TriageRules


@transaction.atomic
def add_shipped_rows(folder: Path) -> int:
    """Bring the departments and topics of a folder to this desk; how many departments and topics were added. What
    staff have changed or removed since stays as they left it. Raises InvalidInput, which names the file and the
    place."""
    added = _added(Departments(folder)) + _added(Topics(folder))
    bring(TopicFields(folder))
    return added


def add_shipped_surge_texts(folder: Path) -> int:
    """Bring the texts for surges; after the topics. Returns, and raises, as `add_shipped_rows` does."""
    return _added(SurgeTexts(folder))


def add_shipped_macros(folder: Path) -> int:
    """Bring the team's prepared replies; after the topics. Returns, and raises, as `add_shipped_rows` does."""
    return bring_always(Macros(folder)).counts[Fate.ADDED]


def add_shipped_triage(folder: Path) -> int:
    """Bring the rules of triage; after the topics. Returns, and raises, as `add_shipped_rows` does."""
    return _added(TriageRules(folder))


def _added(kind: Kind) -> int:
    return bring(kind).counts[Fate.ADDED]
