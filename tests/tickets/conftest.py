"""The cast of the desk."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from supportdesk.accounts.models import User
from tests.tickets import some_rows
from tests.tickets.bulk import ENGLISH
from tests.tickets.desks import join
from tests.tickets.factories import DepartmentFactory, TicketFactory, TopicFactory
from tickets.actions import incident_texts, incidents
from tickets.enums import EventKind
from tickets.models import Agent, Department, Incident, SurgeText, Ticket, TicketEvent, Topic


@pytest.fixture
def other_trader(person: Callable[..., User]) -> User:
    return person(name="Olga Other", email="olga@example.org")


@pytest.fixture
def other_agent(person: Callable[..., User]) -> User:
    return person("Agents", name="Mina Sato")


@pytest.fixture
def team_lead(person: Callable[..., User]) -> User:
    return person("Team leads", name="Lena Lead")


@pytest.fixture
def rui(agent: User) -> Agent:
    """The agent, who has come to work and writes English; Mina writes Japanese too."""
    return join(agent, "en")


@pytest.fixture
def mina(other_agent: User) -> Agent:
    return join(other_agent, "en", "ja")


@pytest.fixture
def topic(db: None) -> Topic:
    return TopicFactory(key="deposits", name_en="My deposit has not arrived", name_zh_hans="我的充值未到账")


@pytest.fixture
def department(db: None) -> Department:
    return DepartmentFactory(key="risk", name="Risk", public_name_en="the risk team")


@pytest.fixture
def risk_agent(person: Callable[..., User], department: Department) -> User:
    """Works on tickets of the department only where they are given to it, or it is asked."""
    user = person("Agents", name="Anton Risk")
    Agent.objects.create(person=user).departments.add(department)
    return user


@pytest.fixture
def ticket(trader: User, topic: Topic) -> Ticket:
    return TicketFactory(by=trader, topic=topic)


# An incident whose answer two leads have seen


@pytest.fixture
def second_lead(person: Callable[..., User]) -> User:
    return person("Team leads", name="Rui Risk")


@pytest.fixture
def incident(team_lead: User, topic: Topic) -> Incident:
    started = timezone.now() - timedelta(minutes=30)
    return incidents.open_incident("USDT on Tron late", by=team_lead, started_at=started, topics=[topic])


@pytest.fixture
def written(incident: Incident, team_lead: User, second_lead: User) -> Callable[..., None]:
    def write(language: str, body: str = ENGLISH, **values: object) -> None:
        answer = incident_texts.write_answer(incident, language, body, by=team_lead, **values)
        incident_texts.approve_answer(answer, by=second_lead)

    return write


@pytest.fixture
def created(ticket: Ticket) -> TicketEvent:
    return ticket.events.get(kind=EventKind.CREATED)


@pytest.fixture
def surge_text(db: None) -> SurgeText:
    """What readers are told in a surge where its topic has no text of its own, as it is shipped."""
    some_rows.add_shipped_surge_texts(Path(settings.BASE_DIR, "fixtures", "desk"))
    return SurgeText.objects.get(key="general")
