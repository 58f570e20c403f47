"""The description of the API holds, and nothing that it allows or forbids breaks the server."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from supportdesk.wsgi import application
from tests.tickets.factories import answered

EXAMPLES = 240  # over all operations; half of them may not be taken
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def document() -> dict:
    return Client().get("/api/v1/openapi.json").json()


@pytest.mark.django_db
def test_every_operation_is_described_with_its_problems_and_its_key():
    told = document()
    assert told["openapi"].startswith("3.")
    assert told["components"]["securitySchemes"]["Bearer"]["scheme"] == "bearer"
    for path, methods in told["paths"].items():
        for operation in methods.values():
            assert operation["description"], path
            assert "default" in operation["responses"], path
            assert bool(operation.get("security")) != path.startswith("/api/v1/help/"), path
    names = [operation["operationId"] for methods in told["paths"].values() for operation in methods.values()]
    assert len(names) == len(set(names))


@pytest.mark.django_db
def test_no_page_of_another_host_describes_it(client):
    assert client.get("/api/v1/docs").status_code == 404
    assert "http" not in str(document().get("servers"))


@pytest.fixture
def one_connection() -> Iterator[None]:
    """The server runs in the thread of the test and leaves its transaction open, as Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.django_db
@pytest.mark.usefixtures("one_connection")
def test_no_request_breaks_the_server_and_every_answer_is_as_described(app, desk, ticket, agent, settings):
    settings.API_REQUESTS_PER_MINUTE = 10**6
    answered(ticket, by=agent)
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    operations = [found.ok() for found in described.get_all_operations()]

    @st.composite
    def cases(draw: Any) -> Any:
        operation = draw(st.sampled_from(operations))
        mode = draw(st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE]))
        case = draw(operation.as_strategy(generation_mode=mode))
        if "public_id" in case.path_parameters and draw(st.booleans()):
            case.path_parameters["public_id"] = ticket.public_id
        return case

    statuses = set()

    @examples(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases())
    def run(case: Any) -> None:
        key = desk.key if "/desk/" in case.path else app.key
        response = case.call(headers={"Authorization": f"Bearer {key}"})
        statuses.add(response.status_code)
        case.validate_response(response, checks=CHECKS)

    run()
    assert {200, 404, 422} <= statuses
