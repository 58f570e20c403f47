"""What a desk begins with: departments, topics with the fields of the form, and prepared replies, from YAML files.

`departments.yaml`, `topics.yaml`, `macros.yaml`, `triage.yaml` and `surge.yaml` hold one list each, named after the
file. Texts that traders read are mappings of languages. `topics.yaml` names its fields once, under `fields`, and each
topic says which it asks for.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext, override
from simple_history.utils import bulk_create_with_history

from supportdesk.ui.languages import column, content_languages
from tickets import wordlists
from tickets.actions import macro_uses, triaging
from tickets.errors import InvalidInput
from tickets.models import Department, FieldChoice, Macro, SurgeText, Topic, TopicField, TriagePhrases, TriageRule
from tickets.wordlists import FORM

SOURCE_LANGUAGE = "en"

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Entry:
    """A mapping of a file; `place` says where it stands, for messages."""

    place: str
    values: Mapping[str, Any]

    def fault(self, message: str) -> InvalidInput:
        return InvalidInput(f"{self.place}: {message}")

    def below(self, name: str, found: Any) -> "Entry":
        place = f"{self.place}, {name}"
        if not isinstance(found, Mapping):
            raise InvalidInput(gettext("%(place)s: A mapping of names belongs here.") % {"place": place})
        return Entry(place, found)

    def plain(self, *known: str) -> dict[str, Any]:
        """The values of these names that are given. Raises InvalidInput for a name that is not known here."""
        unknown = sorted(str(name) for name in self.values if name not in known)
        if unknown:
            raise self.fault(gettext("These names are not known: %(names)s.") % {"names": ", ".join(unknown)})
        return {name: self.values[name] for name in known if name in self.values}

    def listed(self, name: str) -> list[Any]:
        found = self.values.get(name, [])
        if not isinstance(found, list):
            raise self.fault(gettext("“%(name)s” must be a list.") % {"name": name})
        return found

    def texts(self, *names: str) -> dict[str, str]:
        """Translated columns by name."""
        filled = {name: self.below(name, self.values[name]) for name in names if name in self.values}
        columns: dict[str, str] = {}
        for name, entry in filled.items():
            words = entry.plain(*content_languages())
            columns.update({column(name, code): str(text).strip() for code, text in words.items()})
        return columns


@transaction.atomic
def add_shipped_rows(folder: Path) -> int:
    """Add the departments and topics of a folder that this desk has never had, by key; how many those were. What staff
    have changed or removed since stays as they left it. Raises InvalidInput, which names the file and the place."""
    departments = [_add_department(entry, place) for place, entry in _unknown(folder / "departments.yaml", Department)]
    source = read(folder / "topics.yaml")
    fields = source.below("fields", source.values.get("fields", {})).values
    topics = [_add_topic(entry, place, fields) for place, entry in _unknown(folder / "topics.yaml", Topic)]
    return len(departments) + len(topics)


@transaction.atomic
def add_shipped_surge_texts(folder: Path) -> int:
    """Add the texts for surges that this desk has never had, by key; after its topics. Returns, and raises, as
    `add_shipped_rows` does."""
    return len([_add_surge_text(entry) for _, entry in _unknown(folder / "surge.yaml", SurgeText)])


@transaction.atomic
def add_shipped_macros(folder: Path) -> int:
    """Add the team's prepared replies that this desk has never had, by name; after its topics. Returns, and raises,
    as `add_shipped_rows` does."""
    added = [_add_macro(entry, place) for place, entry in _unknown(folder / "macros.yaml", Macro, by="name")]
    for macro in added:
        macro_uses.note_macro(macro)
    return len(added)


@transaction.atomic
def add_shipped_triage(folder: Path) -> int:
    """Add the rules of triage that this desk has never had, by key; after its topics. Returns, and raises, as
    `add_shipped_rows` does."""
    added = [_add_triage_rule(entry, place) for place, entry in _unknown(folder / "triage.yaml", TriageRule)]
    if added:
        triaging.rules_changed()
    return len(added)


def read(file: Path) -> Entry:
    """The content of a file. Raises InvalidInput where it is no YAML or no mapping."""
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidInput(f"{file.name}: {error}") from error
    if not isinstance(content, dict):
        raise InvalidInput(gettext("%(place)s: A mapping of names belongs here.") % {"place": file.name})
    return Entry(file.name, content)


def _unknown(file: Path, model: type[models.Model], by: str = "key") -> Iterator[tuple[int, Entry]]:
    """The rows of a file that were never in the table, each with its place in the order."""
    source = read(file)
    source.plain("fields", file.stem)
    for position, row in enumerate(source.listed(file.stem), 1):
        entry = source.below(f"{file.stem} {position}", row)
        name = str(entry.values.get(by, ""))
        if not _was_there(model, **{by: name}):
            yield position, Entry(f"{file.name}, {name or position}", entry.values)


def _was_there(model: Any, **wanted: str) -> bool:
    """Whether a row is there or was: the history keeps what was renamed and removed."""
    return bool(model.objects.filter(**wanted).exists() or model.history.filter(**wanted).exists())


def _add_department(entry: Entry, order: int) -> Department:
    own = entry.plain("key", "name", "public_name", "is_discreet", "target_minutes")
    own = {name: own[name] for name in ("key", "is_discreet", "target_minutes") if name in own}
    return _save(entry, Department(order=order, **own, **entry.texts("name", "public_name")))


def _add_topic(entry: Entry, order: int, fields: Mapping[str, Any]) -> Topic:
    plain = ("key", "icon", "priority", "skill", "solves_itself", "is_offered")
    own = entry.plain(*plain, "department", "name", "description", "fields", "required")
    own = {name: own[name] for name in plain if name in own}
    department = _found(entry, Department, "department")
    topic = _save(entry, Topic(order=order, department=department, **own, **entry.texts("name", "description")))
    required = entry.listed("required")
    for place, name in enumerate(map(str, entry.listed("fields")), 1):
        _add_field(topic, entry.below(f"field {name}", fields.get(name)), name, place, is_required=name in required)
    return topic


def _add_surge_text(entry: Entry) -> SurgeText:
    key = str(entry.plain("key", "topic", "title", "body", "acknowledgement").get("key", ""))
    texts = entry.texts("title", "body", "acknowledgement")
    return _save(entry, SurgeText(key=key, topic=_found(entry, Topic, "topic"), **texts))


def _add_field(topic: Topic, entry: Entry, name: str, order: int, *, is_required: bool) -> None:
    own = entry.plain("key", "kind", "label", "hint", "problem", "choices")
    field = TopicField(
        topic=topic,
        key=own.get("key", name),
        kind=own.get("kind", ""),
        is_required=is_required,
        order=order,
        **entry.texts("label", "hint", "problem"),
    )
    _save(entry, field)
    for place, choice in enumerate(entry.listed("choices"), 1):
        _add_choice(field, entry, choice, place)


def _add_choice(field: TopicField, entry: Entry, choice: Any, order: int) -> None:
    """A choice is a value that needs no words, such as a network, or a mapping with `value` and `label`."""
    row = entry.below(f"choice {order}", choice if isinstance(choice, dict) else {"value": choice})
    value = row.plain("value", "label").get("value", "")
    _save(row, FieldChoice(field=field, value=value, order=order, **row.texts("label")))


def _add_macro(entry: Entry, order: int) -> Macro:
    plain = ("name", "set_status", "set_priority")
    own = entry.plain(*plain, "topic", "set_department", "body")
    own = {name: own[name] for name in plain if name in own}
    topic, department = _found(entry, Topic, "topic"), _found(entry, Department, "set_department")
    return _save(entry, Macro(order=order, topic=topic, set_department=department, **own, **entry.texts("body")))


def _add_triage_rule(entry: Entry, order: int) -> TriageRule:
    plain = ("key", "kind", "name", "priority", "weight", "needs", "advice", "is_active")
    own = entry.plain(*plain, "topic", "department", "phrases")
    own = {name: own[name] for name in plain if name in own}
    topic, department = _found(entry, Topic, "topic"), _found(entry, Department, "department")
    rule = _save(entry, TriageRule(order=order, topic=topic, department=department, **own))
    bulk_create_with_history(list(_phrases(entry, rule)), TriagePhrases)
    return rule


def _phrases(entry: Entry, rule: TriageRule) -> Iterator[TriagePhrases]:
    phrases = entry.below("phrases", entry.values.get("phrases", {}))
    for language, lines in phrases.plain(*content_languages(), FORM).items():
        if faults := wordlists.faults(str(lines), language):
            raise phrases.fault(f"{language}: {'; '.join(faults)}")
        yield TriagePhrases(rule=rule, language=language, lines=str(lines))


def _found(entry: Entry, model: Any, name: str) -> Any:
    """The row that is named by its key; None where staff have removed it. Raises InvalidInput for one that never
    was."""
    key = entry.values.get(name)
    row = model.objects.filter(key=key).first() if key else None
    if key and row is None and not _was_there(model, key=key):
        raise entry.fault(gettext("There is no “%(key)s” for “%(name)s”.") % {"key": key, "name": name})
    return row


def _save(entry: Entry, row: Row) -> Row:
    """Check a row as the admin would, in the language that every text has, and store it."""
    with override(SOURCE_LANGUAGE):
        try:
            row.full_clean()
        except ValidationError as error:
            raise entry.fault("; ".join(_told(error))) from error
        row.save()
    return row


def _told(error: ValidationError) -> Iterable[str]:
    for name, messages in error.message_dict.items():
        yield f"{name}: {' '.join(messages)}"
