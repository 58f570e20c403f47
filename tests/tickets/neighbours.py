"""Rows of every model of the desk, each with neighbours of its own."""

from django.utils import timezone

from supportdesk.accounts.models import User
from tests.people import make_person
from tickets import models
from tickets.enums import EventKind, Status


class Rows:
    """Rows of every model, each with neighbours of its own, so that a list that asks for them one by one shows it."""

    def __init__(self) -> None:
        self.made = 0

    def make(self, count: int) -> None:
        for _ in range(count):
            self.made += 1
            self._make(self.made)

    def _make(self, number: int) -> None:
        somebody = make_person("Agents", name=f"Agent {number}")
        topic = _topic_with_field(number)
        agent = _agent(somebody, topic.department)
        models.Macro.objects.create(name=f"Macro {number}", topic=topic, owner=somebody, body_en="Hello")
        models.SavedView.objects.create(name=f"View {number}", owner=somebody, query="status=new")
        models.Tag.objects.create(name=f"tag{number}")
        _promises(number)
        _triage(number, topic)
        ticket = _ticket(somebody, topic)
        _records(ticket, agent)
        _bulk_answer(number, ticket)
        _request_of_a_guest(number, ticket)


def _topic_with_field(number: int) -> models.Topic:
    department = models.Department.objects.create(key=f"d{number}", name=f"Department {number}")
    topic = models.Topic.objects.create(key=f"t{number}", name_en=f"Topic {number}", department=department)
    field = models.TopicField.objects.create(topic=topic, key="coin", kind="choice", label_en="Coin")
    models.FieldChoice.objects.create(field=field, value="BTC")
    return topic


def _agent(somebody: User, department: models.Department) -> models.Agent:
    agent = models.Agent.objects.create(person=somebody)
    agent.departments.add(department)
    models.AgentLanguage.objects.create(agent=agent, language="ja")
    models.AgentCertificate.objects.create(agent=agent, skill="kyc")
    return agent


def _promises(number: int) -> None:
    calendar = models.Calendar.objects.create(key=f"c{number}", name=f"Calendar {number}")
    policy = models.SlaPolicy.objects.create(name=f"Policy {number}", calendar_normal=calendar)
    models.SlaTarget.objects.create(policy=policy, priority="normal", metric="resolution", minutes=60)
    models.WarnLevel.objects.create(percent=200 + number)
    models.PolicyEdition.objects.create(number=number, content={"policies": [], "calendars": {}}, digest=str(number))


def _triage(number: int, topic: models.Topic) -> None:
    models.TriageTable.objects.create(origin=models.TriageTable.Origin.SHIPPED)
    rule = models.TriageRule.objects.create(
        key=f"r{number}", name=f"Rule {number}", topic=topic, department=topic.department
    )
    models.TriagePhrases.objects.create(rule=rule, language="ja", lines="入金")


def _ticket(somebody: User, topic: models.Topic) -> models.Ticket:
    return models.Ticket.objects.create(
        requester=somebody,
        subject="The subject that I wrote",
        topic=topic,
        language="ja",
        department=topic.department,
        assignee=somebody,
        details={"coin": "the answer that I gave"},
        hold_reason="the reason that we wrote",
    )


def _records(ticket: models.Ticket, agent: models.Agent) -> None:
    """What is written down of a ticket and of who works on it."""
    somebody = agent.person
    models.TicketEvent.objects.create(
        ticket=ticket, kind=EventKind.CREATED, by=somebody, role="customer", to_status=Status.NEW, version=1
    )
    models.RoutingDecision.objects.create(ticket=ticket, agent=agent, reason="native", trigger="created")
    models.Decline.objects.create(ticket=ticket, agent=agent, reason="language", until=timezone.now())
    models.PresenceChange.objects.create(agent=agent, presence="away", reason="Lunch", by=somebody)
    models.TriageLabel.objects.create(
        ticket=ticket, field="topic", proposed="fees", chosen=ticket.topic.key, by=somebody
    )


def _bulk_answer(number: int, ticket: models.Ticket) -> None:
    somebody = ticket.assignee
    incident = models.Incident.objects.create(
        slug=f"late-{number}",
        title=f"Late {number}",
        started_at=timezone.now(),
        lead=somebody,
        description="the reason that we wrote",
        reference="The text that I wrote",
    )
    send = models.BulkSend.objects.create(incident=incident, version=1, planned_by=somebody, sent_by=somebody)
    models.BulkRecipient.objects.create(send=send, incident=incident, version=1, ticket=ticket, language="ja")


def _request_of_a_guest(number: int, ticket: models.Ticket) -> None:
    models.PendingRequest.objects.create(
        email=f"guest{number}@example.com",
        topic=ticket.topic,
        subject="The subject that I wrote",
        body="The text that I wrote",
        language="ja",
        ticket=ticket,
    )
