"""The clocks of a ticket: examples with every field, rules as properties, and what people do to a ticket."""

import json
from pathlib import Path

import pytest

from tickets import sla_vectors

VECTORS = json.loads((Path(__file__).parent / "sla_vectors.json").read_text(encoding="utf-8"))["vectors"]


@pytest.mark.parametrize("vector", VECTORS, ids=[f"{vector['id']} {vector['title']}" for vector in VECTORS])
def test_an_example_agrees_in_every_field(vector):
    assert sla_vectors.mismatches(vector) == []
