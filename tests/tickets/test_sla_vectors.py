"""The clocks agree with every field of the examples, and the command that compares them says what does not."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tickets import sla_vectors
from tickets.management.commands.check_sla import Command

FILE = Path(__file__).parent / "sla_vectors.json"
VECTORS = json.loads(FILE.read_text(encoding="utf-8"))["vectors"]


@pytest.mark.parametrize("vector", VECTORS, ids=[f"{vector['id']} {vector['title']}" for vector in VECTORS])
def test_an_example_agrees_in_every_field(vector):
    assert sla_vectors.mismatches(vector) == []


def test_the_command_is_content_with_the_examples(capsys):
    call_command(Command(), FILE)
    assert capsys.readouterr().out == "22 examples, no mismatch.\n"


def test_the_command_prints_each_mismatch_and_fails(tmp_path, capsys):
    wrong = json.loads(json.dumps(VECTORS[0]))
    wrong["expected"]["status"] = "new"
    wrong["expected"]["clocks"][0]["elapsed_seconds"] = 901
    strange = {**VECTORS[0], "id": "strange", "events": [{"at": "2026-11-16T10:00:00Z", "type": "sneezed"}]}
    short = {**VECTORS[0], "id": "short", "expected": {"clocks": []}}
    unreal = {**VECTORS[0], "id": "unreal", "calendars": {"24x7": {"tz": "Moon/Crater"}}}
    path = tmp_path / "vectors.json"
    path.write_text(json.dumps({"vectors": [wrong, strange, short, unreal]}), encoding="utf-8")
    with pytest.raises(CommandError, match="5 mismatches in 4 examples"):
        call_command(Command(), path)
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == [
        "sla-001 status",
        "sla-001 clocks 1 elapsed_seconds",
        "strange cannot be run",
        "short clocks",
        "unreal cannot be run",
    ]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"vectors": []}'])
def test_the_command_says_what_file_it_needs(tmp_path, content):
    path = tmp_path / "vectors.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match="examples"):
        call_command(Command(), path)
