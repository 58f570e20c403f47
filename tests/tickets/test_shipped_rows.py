"""What a desk begins with: every language is filled, nothing that staff changed is touched, faults name their place."""

import csv
import re
from functools import cache

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command

from helpcenter.content.terms import is_unspaced, without_remark
from supportdesk import guard
from supportdesk.ui.languages import column, content_languages
from supportdesk.ui.templatetags.ui import ICONS
from tests.tickets import some_rows
from tickets.enums import Priority
from tickets.errors import InvalidInput
from tickets.models import Department, FieldChoice, Macro, Topic, TopicField

pytestmark = pytest.mark.django_db

FIXTURES = settings.BASE_DIR / "fixtures"
FOLDER = FIXTURES / "desk"
_MARK = re.compile(r"\{\{ ([a-z]+)(?::([a-z0-9.-]+))? \}\}")
DEPARTMENT = "departments:\n  - {key: risk, name: {en: Risk}, public_name: {en: the risk team}}\n"
CHOICES = "[BTC, {value: other, label: {en: Other}}]"
FIELD = f"fields:\n  coin:\n    kind: choice\n    label: {{en: Coin}}\n    choices: {CHOICES}\n"
TOPIC = "topics:\n  - {key: deposits, name: {en: Deposit}, department: risk, fields: [coin], required: [coin]}\n"


@pytest.fixture
def shipped():
    some_rows.add_shipped_rows(FOLDER)
    some_rows.add_shipped_macros(FOLDER)


@pytest.fixture
def folder(tmp_path):
    """A folder of one department, one topic and no macro."""

    def write(departments=DEPARTMENT, topics=FIELD + TOPIC, macros="macros: []\n"):
        for name, text in (("departments", departments), ("topics", topics), ("macros", macros)):
            (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def missing(model, *names, **where):
    """Places where a text is empty in some language."""
    columns = [column(name, code) for name in names for code in content_languages()]
    return [(str(row), name) for row in model.objects.filter(**where) for name in columns if not getattr(row, name)]


def test_every_language_is_filled(shipped):
    assert missing(Topic, "name", "description") == []
    assert missing(TopicField, "label") == []
    assert missing(Department, "name") == []
    assert missing(Department, "public_name", is_discreet=False) == []
    assert missing(Macro, "body") == []


@pytest.mark.parametrize(("model", "name"), [(TopicField, "hint"), (TopicField, "problem"), (FieldChoice, "label")])
def test_what_one_language_has_all_have(shipped, model, name):
    assert missing(model, name, **{f"{column(name, 'en')}__gt": ""}) == []


def test_topics_are_of_use(shipped):
    assert Topic.objects.count() == 11
    assert set(Topic.objects.values_list("icon", flat=True)) <= set(ICONS)
    assert set(Topic.objects.filter(solves_itself=False).values_list("key", flat=True)) == {
        "deposits",
        "security",
        "withdrawals",
    }
    assert Topic.objects.get(key="security").priority == Priority.URGENT
    assert not TopicField.objects.filter(kind="choice", choices__isnull=True).exists()


def test_every_field_of_the_file_is_asked_by_a_topic():
    content = yaml.safe_load((FOLDER / "topics.yaml").read_text(encoding="utf-8"))
    asked = {name for topic in content["topics"] for name in topic["fields"]}
    assert asked == set(content["fields"])


def test_only_fields_of_the_topic_are_required():
    content = yaml.safe_load((FOLDER / "topics.yaml").read_text(encoding="utf-8"))
    assert [
        topic["key"] for topic in content["topics"] if not set(topic.get("required", [])) <= set(topic["fields"])
    ] == []


def test_a_second_time_adds_nothing(shipped):
    assert some_rows.add_shipped_rows(FOLDER) == 0
    assert some_rows.add_shipped_macros(FOLDER) == 0


def test_how_many_were_added(folder):
    assert some_rows.add_shipped_rows(folder()) == 2


def test_every_site_has_topics_and_no_macros_of_the_demo():
    call_command("set_up", verbosity=0)
    call_command("set_up", verbosity=0)
    assert (Topic.objects.count(), Department.objects.count(), Macro.objects.count()) == (11, 5, 0)


def test_an_edited_row_stays(shipped):
    topic = Topic.objects.get(key="deposits")
    topic.name_en, topic.priority = "Where are my coins?", Priority.LOW
    topic.save()
    topic.fields.get(key="destination_tag").delete()
    some_rows.add_shipped_rows(FOLDER)
    topic.refresh_from_db()
    assert (topic.name_en, topic.priority) == ("Where are my coins?", Priority.LOW)
    assert not topic.fields.filter(key="destination_tag").exists()


def test_a_removed_row_stays_away(shipped):
    Topic.objects.get(key="specs").delete()
    Department.objects.get(key="payments").delete()
    some_rows.add_shipped_rows(FOLDER)
    assert not Topic.objects.filter(key="specs").exists()
    assert not Department.objects.filter(key="payments").exists()


def test_a_topic_of_a_removed_department_comes_without_it(folder):
    some_rows.add_shipped_rows(folder(topics="topics: []\n"))
    Department.objects.get(key="risk").delete()
    some_rows.add_shipped_rows(folder())
    assert Topic.objects.get(key="deposits").department is None


def test_fields_and_choices_keep_the_order_of_the_file(folder):
    some_rows.add_shipped_rows(folder())
    field = TopicField.objects.get(topic__key="deposits", key="coin")
    assert field.is_required
    assert [(choice.value, choice.label_en or "") for choice in field.choices.all()] == [
        ("BTC", ""),
        ("other", "Other"),
    ]


@pytest.mark.parametrize(
    ("file", "text", "place"),
    [
        ("topics", "topics: [", "topics.yaml"),
        ("topics", "- a\n- b\n", "topics.yaml"),
        ("topics", "topics: {}\n", "topics.yaml"),
        ("topics", "fields: []\n" + TOPIC, "topics.yaml, fields: "),
        ("topics", "topics: [deposits]\n", "topics.yaml, topics 1"),
        ("topics", FIELD + TOPIC.replace("name:", "nmae:"), "topics.yaml, deposits: .*nmae"),
        ("topics", FIELD + TOPIC.replace("{en: Deposit}", "{xx: Deposit}"), "topics.yaml, deposits, name: .*xx"),
        ("topics", FIELD + TOPIC.replace("{en: Deposit}", "Deposit"), "topics.yaml, deposits, name: "),
        ("topics", FIELD + TOPIC.replace("Deposit}", "D" * 81 + "}"), "topics.yaml, deposits: name"),
        ("topics", FIELD + TOPIC.replace("department: risk", "department: rsik"), "topics.yaml, deposits: .*rsik"),
        ("topics", FIELD + TOPIC.replace("fields: [coin]", "fields: [coni]"), "topics.yaml, deposits, field coni"),
        ("topics", FIELD.replace("kind: choice", "kind: chioce") + TOPIC, "topics.yaml, deposits, field coin: kind"),
        ("topics", FIELD.replace("BTC", "B" * 41) + TOPIC, "topics.yaml, deposits, field coin, choice 1: value"),
        ("departments", DEPARTMENT.replace("key: risk", "key: ri sk"), "departments.yaml, ri sk: key"),
        ("macros", "macros:\n  - {name: Hello, body: {en: Hi}, set_status: slept}\n", "macros.yaml, Hello: set_status"),
    ],
)
def test_a_fault_names_its_place_and_nothing_is_stored(folder, file, text, place):
    with pytest.raises(InvalidInput, match=place):
        add_all(folder(**{file: text}))
    model = {"topics": Topic, "departments": Department, "macros": Macro}[file]
    assert not model.objects.exists()


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InvalidInput, match=r"departments\.yaml"):
        some_rows.add_shipped_rows(tmp_path)


def add_all(folder):
    some_rows.add_shipped_rows(folder)
    some_rows.add_shipped_macros(folder)


# The words


def texts():
    """Every text of the shipped files with its language; the phrases of triage are customers' words, not ours."""
    for file in sorted(set(FOLDER.glob("*.yaml")) - {FOLDER / "triage.yaml"}):
        yield from _texts(yaml.safe_load(file.read_text(encoding="utf-8")), "")


def _texts(found, language):
    if isinstance(found, dict):
        for key, value in found.items():
            yield from _texts(value, key if key in content_languages() else language)
    elif isinstance(found, list):
        for value in found:
            yield from _texts(value, language)
    elif language:
        yield language, str(found)


@cache
def rejected():
    """Variants that the glossary rejects wherever they stand: those that are no part of another term."""
    with (FIXTURES / "glossary.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    entries = [entry.strip().partition(":") for row in rows for entry in row["avoid"].split(";") if entry.strip()]
    plain = {(code, word.strip().lower()) for code, _, word in entries if without_remark(word) == word.strip()}
    return {(code, word) for code, word in plain if not any(word in row[code].lower() for row in rows)}


def holds(text, word):
    if is_unspaced(word):
        return word in text.lower()
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text.lower()) is not None


def test_no_text_uses_a_variant_that_the_glossary_rejects():
    found = [
        (language, word, text)
        for language, text in texts()
        for code, word in rejected()
        if language == code and holds(_MARK.sub("", text), word)
    ]
    assert found == []


def test_the_glossary_rejects_something_in_each_language():
    assert {code for code, _ in rejected()} == set(content_languages()) - {"en"}


def test_no_text_is_taken_for_a_secret():
    assert [text for _, text in texts() if guard.findings(text)] == []


# The prepared replies


def bodies():
    """Each macro with its texts by language."""
    for macro in yaml.safe_load((FOLDER / "macros.yaml").read_text(encoding="utf-8"))["macros"]:
        yield macro, macro["body"]


def test_every_article_that_a_macro_names_is_there_in_every_language():
    for _, body in bodies():
        for language, text in body.items():
            for kind, name in _MARK.findall(text):
                assert kind != "article" or (FIXTURES / "help" / language / f"{name}.md").exists(), (language, name)


def test_every_fact_that_a_macro_names_is_there():
    with (FIXTURES / "facts.csv").open(encoding="utf-8") as file:
        known = {row["key"] for row in csv.DictReader(file)}
    named = {
        name for _, body in bodies() for text in body.values() for kind, name in _MARK.findall(text) if kind == "fact"
    }
    assert named
    assert named <= known


def test_a_macro_has_the_same_variables_in_every_language():
    for macro, body in bodies():
        assert len({tuple(sorted(_MARK.findall(text))) for text in body.values()}) == 1, macro["name"]


def test_every_brace_of_a_macro_is_a_known_variable():
    known = {"customer", "reference", "agent", "article", "fact"}
    assert {kind for _, body in bodies() for text in body.values() for kind, _ in _MARK.findall(text)} <= known
    assert [text for _, body in bodies() for text in body.values() if "{" in _MARK.sub("", text)] == []


def test_a_macro_that_waits_for_the_customer_asks_something():
    waiting = [body for macro, body in bodies() if macro.get("set_status") == "pending"]
    assert waiting
    assert [text for body in waiting for text in body.values() if not re.search("[?？؟]", text)] == []


def test_no_macro_holds_a_figure_that_is_a_fact():
    """Figures come from facts; digits stand only in names such as 2FA and in numbered steps."""
    plain = re.compile(r"(?m)2FA|2要素認証|2단계 인증|^\d\. ")
    assert [
        text for _, body in bodies() for text in body.values() if re.search(r"\d", plain.sub("", _MARK.sub("", text)))
    ] == []
