"""The rows of the desk that releases bring, kind by kind: what `fixtures/desk` says of them and what stands here."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max
from django.utils.translation import gettext, override
from simple_history.utils import bulk_create_with_history

from helpcenter import freshness
from supportdesk.releases.kinds import REASON, Kind, Shipped, shipped_languages
from supportdesk.releases.merging import Content
from supportdesk.releases.models import ShippedRow
from supportdesk.ui import languages
from supportdesk.ui.languages import column
from tickets import wordlists
from tickets.actions import macro_uses, triaging
from tickets.actions.shipped_files import Entry, read, rows_of, tidy
from tickets.errors import InvalidInput
from tickets.models import Department, FieldChoice, Macro, SurgeText, Topic, TopicField, TriagePhrases, TriageRule
from tickets.wordlists import FORM

FOLDER = settings.BASE_DIR / "fixtures" / "desk"
SOURCE_LANGUAGE = "en"


class DeskKind(Kind):
    """Rows that a file lists under its own name. `by` is what a row is known by, `plain` its plain columns, `texts`
    those with a column for each language, `pointing` those that name another row by its key: where staff removed that
    one, the row does without, or, for a column in `needed`, is not brought."""

    model: ClassVar[Any]
    file: ClassVar[str]
    by: ClassVar[str] = "key"
    plain: ClassVar[tuple[str, ...]] = ()
    texts: ClassVar[tuple[str, ...]] = ()
    pointing: ClassVar[Mapping[str, Any]] = {}
    needed: ClassVar[tuple[str, ...]] = ()
    parts: ClassVar[tuple[str, ...]] = ()  # further names in the file
    refusals = (InvalidInput,)

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder
        self.name = self.model._meta.label_lower
        self.label = self.model._meta.verbose_name_plural
        self.permission = f"tickets.change_{self.model._meta.model_name}"

    # What the file says

    def shipped(self) -> Iterator[Shipped]:
        for order, entry in rows_of(self.folder / f"{self.file}.yaml", self.by):
            yield Shipped(str(entry.values.get(self.by, "")), self.content_in(entry), entry.place, order)

    def content_in(self, entry: Entry) -> Content:
        own = entry.plain(self.by, *self.plain, *self.pointing, *self.texts, *self.parts)
        plain = {name: _plain(own.get(name, self.model._meta.get_field(name).get_default())) for name in self.plain}
        return plain | {name: str(own.get(name) or "") for name in self.pointing} | entry.texts(*self.texts)

    # What stands here

    def rows(self) -> Any:
        return self.model.objects.select_related(*self.pointing or [None])

    def key_of(self, row: Any) -> str:
        return str(getattr(row, self.by))

    def present(self) -> dict[str, Content]:
        return {self.key_of(row): self.content_of(row) for row in self.rows().select_for_update(of=("self",))}

    def content_of(self, row: Any) -> Content:
        plain = {name: _plain(getattr(row, name)) for name in self.plain}
        named = {name: getattr(getattr(row, name), "key", "") for name in self.pointing}
        return plain | named | texts_of(row, self.texts)

    def once_here(self) -> Collection[str]:
        return set(map(str, self.model.history.values_list(self.by, flat=True)))

    def is_as_added(self, key: str) -> bool:
        own, *parts = self.histories(key)
        return own.exists() and not any(_by_people(history).exists() for history in (own, *parts))

    def histories(self, key: str) -> Sequence[Any]:
        """The history of a row, and those of the rows below it."""
        return [self.model.history.filter(**{self.by: key})]

    def is_possible(self, row: Shipped) -> bool:
        return all(self._found(row, name) is not None for name in self.needed if row.content[name])

    # Writing

    def write(self, row: Shipped, *, by: Any = None) -> None:
        stored = self.stored(row.key) or self.new(row)
        for name in self.plain:
            setattr(stored, name, row.content[name])
        for name in self.pointing:
            setattr(stored, name, self._found(row, name))
        _set_texts(stored, self.texts, row.content)
        save(row.place, stored, by)
        self.write_parts(row, stored, by)

    def write_parts(self, row: Shipped, stored: Any, by: Any) -> None:
        """Rows below the one that was stored."""

    def stored(self, key: str) -> Any:
        return self.rows().filter(**{self.by: key}).first()

    def new(self, row: Shipped) -> Any:
        return self.model(order=row.order or self._behind(self.model.objects), **{self.by: row.key})

    def _behind(self, rows: Any) -> int:
        """The end of a list, for a row that is taken again by itself and so has no place in its file."""
        return int(rows.aggregate(last=Max("order"))["last"] or 0) + 1

    def changed(self) -> None:
        freshness.bump()

    def _found(self, row: Shipped, name: str) -> Any:
        """The row that is named by its key; None where staff have removed it. Raises InvalidInput for one that never
        was."""
        key, model = row.content[name], self.pointing[name]
        found = model.objects.filter(key=key).first() if key else None
        if key and found is None and not model.history.filter(key=key).exists():
            message = gettext("There is no “%(key)s” for “%(name)s”.") % {"key": key, "name": name}
            raise InvalidInput(f"{row.place}: {message}")
        return found

    def part_label(self, name: str) -> str:
        first, _, code = name.partition(".")
        language = f" · {languages.language(code).name}" if code in shipped_languages() else ""
        return f"{self._label_of(first)}{language}"

    def _label_of(self, name: str) -> str:
        return str(self.model._meta.get_field(name).verbose_name)


class Departments(DeskKind):
    model, file = Department, "departments"
    plain, texts = ("is_discreet", "target_minutes"), ("name", "public_name")


class Topics(DeskKind):
    model, file = Topic, "topics"
    plain, texts = ("icon", "priority", "skill", "solves_itself", "is_offered"), ("name", "description")
    pointing, parts = {"department": Department}, ("fields", "required")


class TopicFields(DeskKind):
    """Questions of the form with their choices, each known by its topic and its own key: `deposits/coin`."""

    model, file = TopicField, "topics"
    plain, texts = ("kind", "is_required"), ("label", "hint", "problem")

    def shipped(self) -> Iterator[Shipped]:
        source = read(self.folder / "topics.yaml")
        fields = source.below("fields", source.values.get("fields", {})).values
        for _, topic in rows_of(self.folder / "topics.yaml", "key"):
            required = topic.listed("required")
            for order, name in enumerate(map(str, topic.listed("fields")), 1):
                entry = topic.below(f"field {name}", fields.get(name))
                content = self.content_in(entry) | {"is_required": name in required}
                key = f"{topic.values.get('key')}/{entry.values.get('key', name)}"
                yield Shipped(key, content, entry.place, order)

    def content_in(self, entry: Entry) -> Content:
        own = entry.plain("key", "kind", *self.texts, "choices")
        choices = [_choice(entry, found, order) for order, found in enumerate(entry.listed("choices"), 1)]
        return {"kind": own.get("kind", "")} | entry.texts(*self.texts) | {"choices": choices}

    def rows(self) -> Any:
        return TopicField.objects.select_related("topic").prefetch_related("choices")

    def key_of(self, row: TopicField) -> str:
        return f"{row.topic.key}/{row.key}"

    def content_of(self, row: TopicField) -> Content:
        choices = [
            {"value": choice.value} | _filled(texts_of(choice, ("label",)))
            for choice in sorted(row.choices.all(), key=lambda choice: (choice.order, choice.pk))
        ]
        return super().content_of(row) | {"choices": choices}

    def once_here(self) -> Collection[str]:
        topics = dict(Topic.objects.values_list("pk", "key"))
        found = TopicField.history.values_list("topic_id", "key")  # type: ignore[attr-defined]
        return {f"{topics[topic]}/{key}" for topic, key in found if topic in topics}

    def histories(self, key: str) -> Sequence[Any]:
        own = self.stored(key).pk
        return [TopicField.history.filter(id=own), FieldChoice.history.filter(field_id=own)]  # type: ignore[attr-defined]

    def is_possible(self, row: Shipped) -> bool:
        return _topic_of(row.key) is not None

    def stored(self, key: str) -> Any:
        topic, _, own = key.partition("/")
        return TopicField.objects.filter(topic__key=topic, key=own).first()

    def new(self, row: Shipped) -> TopicField:
        topic = _topic_of(row.key)
        if topic is None:
            raise InvalidInput(gettext("There is no “%(key)s” for “%(name)s”.") % {"key": row.key, "name": "topic"})
        order = row.order or self._behind(topic.fields)
        return TopicField(topic=topic, key=row.key.partition("/")[2], order=order)

    def _label_of(self, name: str) -> str:
        return str(FieldChoice._meta.verbose_name_plural) if name == "choices" else super()._label_of(name)

    def write_parts(self, row: Shipped, stored: TopicField, by: Any) -> None:
        there = {choice.value: choice for choice in stored.choices.all()}
        for order, wanted in enumerate(row.content["choices"], 1):
            choice = there.pop(wanted["value"], None) or FieldChoice(field=stored, value=wanted["value"])
            choice.order = order
            _set_texts(choice, ("label",), wanted)
            save(f"{row.place}, choice {order}", choice, by)
        for choice in there.values():
            _delete(choice, by)


class TriageRules(DeskKind):
    """Rules with their phrases, of which each language is a list of its own."""

    model, file = TriageRule, "triage"
    plain = ("kind", "name", "priority", "weight", "needs", "advice", "is_active")
    pointing, needed, parts = {"topic": Topic, "department": Department}, ("topic",), ("phrases",)
    removes = True

    def __init__(self, folder: Path = FOLDER) -> None:
        super().__init__(folder)
        self.lists = tuple(map(_list_name, _phrase_languages()))

    def content_in(self, entry: Entry) -> Content:
        phrases = entry.below("phrases", entry.values.get("phrases", {})).plain(*languages.content_languages(), FORM)
        lists = {_list_name(code): tidy(phrases.get(code, "")) for code in _phrase_languages()}
        return super().content_in(entry) | lists

    def rows(self) -> Any:
        return super().rows().prefetch_related("phrases")

    def content_of(self, row: TriageRule) -> Content:
        phrases = {found.language: found.lines for found in row.phrases.all()}
        lists = {_list_name(code): tidy(phrases.get(code, "")) for code in _phrase_languages()}
        return super().content_of(row) | lists

    def histories(self, key: str) -> Sequence[Any]:
        rule = self.stored(key).pk
        return [*super().histories(key), TriagePhrases.history.filter(rule_id=rule)]  # type: ignore[attr-defined]

    def is_possible(self, row: Shipped) -> bool:
        """A rule that depends on another rule is only added where that one exists."""
        other = row.content["needs"]
        is_gone = other and self.stored(other) is None and other in self.once_here()
        return super().is_possible(row) and not is_gone

    def write_parts(self, row: Shipped, stored: TriageRule, by: Any) -> None:
        there = {found.language: found for found in stored.phrases.all()}
        new = []
        for code in _phrase_languages():
            lines, found = row.content[_list_name(code)], there.get(code)
            if lines and (faults := wordlists.faults(lines, code)):
                raise InvalidInput(f"{row.place}, phrases: {code}: {'; '.join(faults)}")
            if found is None:
                new += [TriagePhrases(rule=stored, language=code, lines=lines)] if lines else []
            elif not lines:
                _delete(found, by)
            elif tidy(found.lines) != lines:
                found.lines = lines
                _save_with_reason(found, by)
        if new:
            bulk_create_with_history(new, TriagePhrases, default_user=by, default_change_reason=REASON)

    def remove(self, key: str) -> bool:
        if TriageRule.objects.filter(needs=key).exists():
            return False
        _delete(self.stored(key), None)
        return True

    def changed(self) -> None:
        triaging.rules_changed()

    def part_label(self, name: str) -> str:
        first, _, code = name.partition(".")
        if first != "phrases":
            return super().part_label(name)
        language = gettext("Answers of the form") if code == FORM else languages.language(code).name
        return f"{TriagePhrases._meta.get_field('lines').verbose_name} · {language}"


class SurgeTexts(DeskKind):
    model, file = SurgeText, "surge"
    texts = ("title", "body", "acknowledgement")
    pointing, needed = {"topic": Topic}, ("topic",)

    def is_possible(self, row: Shipped) -> bool:
        """A topic has one text: staff may have written their own under another key."""
        others = SurgeText.objects.exclude(key=row.key).filter(topic__key=row.content["topic"] or None)
        return super().is_possible(row) and not others.exists()

    def new(self, row: Shipped) -> SurgeText:
        return SurgeText(key=row.key)


class Macros(DeskKind):
    """The team's prepared replies, known by their names. A site takes them once, by the demo; releases follow that."""

    model, file, by = Macro, "macros", "name"
    plain, texts = ("set_status", "set_priority"), ("body",)
    pointing = {"topic": Topic, "set_department": Department}

    def is_taken(self) -> bool:
        if ShippedRow.objects.filter(kind=self.name).exists():
            return True
        once = self.once_here()
        return any(row.key in once for row in self.shipped())

    def rows(self) -> Any:
        return super().rows().filter(owner__isnull=True)

    def once_here(self) -> Collection[str]:
        return set(Macro.history.filter(owner__isnull=True).values_list("name", flat=True))  # type: ignore[attr-defined]

    def histories(self, key: str) -> Sequence[Any]:
        return [Macro.history.filter(id=self.stored(key).pk)]  # type: ignore[attr-defined]

    def write_parts(self, row: Shipped, stored: Macro, by: Any) -> None:
        macro_uses.note_macro(stored)


def kinds() -> list[Kind]:
    """In an order in which what points to a row comes after it."""
    return [kind() for kind in (Departments, Topics, TopicFields, TriageRules, SurgeTexts, Macros)]


def texts_of(row: Any, names: Iterable[str]) -> dict[str, str]:
    return {f"{name}.{code}": tidy(getattr(row, column(name, code))) for name in names for code in shipped_languages()}


def _set_texts(row: Any, names: Iterable[str], content: Mapping[str, Any]) -> None:
    for name in names:
        for code in shipped_languages():
            setattr(row, column(name, code), content.get(f"{name}.{code}", ""))


def _filled(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in texts.items() if text}


def _choice(entry: Entry, found: Any, order: int) -> dict[str, str]:
    """A choice is a value that needs no words, such as a network, or a mapping with `value` and `label`."""
    row = entry.below(f"choice {order}", found if isinstance(found, dict) else {"value": found})
    return {"value": str(row.plain("value", "label").get("value", ""))} | _filled(row.texts("label"))


def _topic_of(key: str) -> Topic | None:
    return Topic.objects.filter(key=key.partition("/")[0]).first()


def _phrase_languages() -> tuple[str, ...]:
    return (FORM, *shipped_languages())


def _list_name(code: str) -> str:
    return f"phrases.{code}"


def _by_people(history: Any) -> Any:
    """All but what was added by no person."""
    return history.exclude(history_type="+", history_user=None)


def _plain(value: Any) -> Any:
    return tidy(value) if isinstance(value, str) else value


def save(place: str, row: models.Model, by: Any) -> None:
    """Check a row as the admin would, in the language that every text has, and store it. Raises InvalidInput."""
    with override(SOURCE_LANGUAGE):
        try:
            row.full_clean()
        except ValidationError as error:
            raise InvalidInput(f"{place}: {'; '.join(_told(error))}") from error
        _save_with_reason(row, by)


def _save_with_reason(row: Any, by: Any) -> None:
    row._history_user, row._change_reason = by, REASON
    row.save()


def _delete(row: Any, by: Any) -> None:
    row._history_user, row._change_reason = by, REASON
    row.delete()


def _told(error: ValidationError) -> Iterable[str]:
    for name, messages in error.message_dict.items():
        yield f"{name}: {' '.join(messages)}"
