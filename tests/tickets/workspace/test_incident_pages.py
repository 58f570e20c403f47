"""The pages of incidents: for leads, without a script, from the first look to the report."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from supportdesk.accounts.models import User
from tests.tickets.factories import TicketFactory
from tickets.actions import bulk_delivering, incident_texts, incidents
from tickets.enums import MessageKind, SendState
from tickets.models import BulkSend, Incident, IncidentTicket, SurgeState, SurgeTransition, Ticket, Topic

pytestmark = pytest.mark.django_db

WORDS = "I sent USDT over TRC20 this morning and it is still not in my account"


@pytest.fixture
def desk(client: Client, team_lead: User) -> Client:
    client.force_login(team_lead)
    return client


@pytest.fixture
def incident(team_lead: User, topic: Topic) -> Incident:
    started = timezone.now() - timedelta(minutes=30)
    keywords = {"en": ["TRC20", "not credited"]}
    return incidents.open_incident(
        "USDT deposits on Tron late", by=team_lead, started_at=started, topics=[topic], keywords=keywords
    )


def address(incident: Incident) -> str:
    return reverse("workspace:incident", args=[incident.slug])


def do(desk: Client, incident: Incident, name: str, **values: object) -> str:
    response = desk.post(reverse("workspace:incident-act", args=[incident.slug, name]), values, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_says_what_to_do_where_there_is_none(desk):
    assert "There was no incident yet" in desk.get("/desk/incidents/").content.decode()


def test_an_incident_is_opened_by_a_form(desk, topic):
    TicketFactory(topic=topic, subject="Deposit late", body=WORDS)
    values = {
        "title": "USDT deposits on Tron late",
        "kind": "delayed",
        "started_at": f"{timezone.now() - timedelta(minutes=10):%Y-%m-%dT%H:%M}",
        "topics": [topic.pk],
        "reference": "My USDT deposit over TRC20 has not arrived",
        "reference_language": "en",
        "keywords": "en: TRC20, not credited\nzh-hans: 波场, 未到账",
        "joins_late": "on",
    }
    response = desk.post("/desk/incidents/new/", values)
    found = Incident.objects.get()
    assert response.status_code == 302
    assert response["Location"] == address(found)
    assert found.keywords == {"en": ["TRC20", "not credited"], "zh-hans": ["波场", "未到账"]}
    assert "Deposit late" in desk.get(address(found)).content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("keywords", "TRC20", "does not begin with a language"),
        ("started_at", "2999-01-01T10:00", "begins now or before"),
        ("title", "", "required"),
    ],
)
def test_what_is_refused_comes_back_with_what_was_typed(desk, field, value, words):
    values = {
        "title": "Late",
        "kind": "delayed",
        "started_at": "2026-01-01T10:00",
        "reference": "My words",
        "reference_language": "en",
        field: value,
    }
    response = desk.post("/desk/incidents/new/", values)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert "My words" in response.content.decode()


def test_from_candidates_to_the_report(desk, incident, topic, team_lead, second_lead, client):
    ticket = TicketFactory(topic=topic, subject="Deposit late", body=WORDS)
    assert "1 more was found" in do(desk, incident, "search")
    assert "network TRC20" in desk.get(f"{address(incident)}?show=certain").content.decode()
    assert "1 ticket is in the incident" in do(desk, incident, "link", ticket=ticket.public_id)
    assert "1 person waits: nobody has written" in desk.get(address(incident)).content.decode()

    texts = reverse("workspace:incident-answer", args=[incident.slug, "en"])
    body = "TRC20 deposits are credited up to 40 minutes late. Nothing is lost."
    assert desk.post(texts, {"body": body, "title": "Deposits late"}).status_code == 302
    assert "Somebody else has to approve" in do(
        desk, incident, "approve-text", language="en", seen=f"Deposits late\n{body}"
    )
    desk.force_login(second_lead)
    assert "Approve this text" in desk.get(texts).content.decode()
    assert "The text is approved" in do(desk, incident, "approve-text", language="en", seen=f"Deposits late\n{body}")

    desk.force_login(team_lead)
    assert "Get this answer" in do(desk, incident, "dry-run", then="pending")
    send = BulkSend.objects.get()
    assert "Open every message of the sample first" in do(desk, incident, "send", send=send.pk)
    sample = reverse("workspace:incident-sample", args=[incident.slug, ticket.public_id])
    beside = "1 message is left: " + f'<bdi class="id">{ticket.reference}</bdi>'
    assert beside in desk.get(address(incident)).content.decode()
    assert body in desk.post(sample).content.decode()
    assert 'id="page_unopened"' not in desk.get(address(incident)).content.decode()
    assert "Sending to 1 person in" in do(desk, incident, "send", send=send.pk)
    assert "Nobody got it" in do(desk, incident, "undo", send=send.pk)

    do(desk, incident, "dry-run", then="pending")
    send = BulkSend.objects.get(state=SendState.PLANNED)
    desk.post(sample)
    do(desk, incident, "send", send=send.pk)
    send.recipients.update(due_at=timezone.now())
    BulkSend.objects.update(starts_at=timezone.now())
    bulk_delivering.deliver_bulk()
    assert ticket.messages.get(kind=MessageKind.REPLY).body == body
    assert ticket.reference in desk.get(reverse("workspace:incident-got", args=[incident.slug])).content.decode()
    assert "Report" in do(desk, incident, "close")
    incident.refresh_from_db()
    assert (incident.report["linked"], incident.report["answered"]) == (1, 1)


def test_an_incident_is_described_anew(desk, incident):
    values = {"title": "Deposits late", "kind": "outage", "started_at": "2026-01-01T10:00", "reference_language": "en"}
    assert desk.post(reverse("workspace:edit-incident", args=[incident.slug]), values).status_code == 302
    incident.refresh_from_db()
    assert (incident.title, incident.kind, incident.joins_late) == ("Deposits late", "outage", False)
    form = desk.get(reverse("workspace:edit-incident", args=[incident.slug])).content.decode()
    assert "Deposits late" in form


def test_who_got_it_is_a_file_too(desk, incident, topic, team_lead):
    response = desk.get(reverse("workspace:incident-got-file", args=[incident.slug]))
    rows = list(csv.reader(io.StringIO(response.content.decode())))
    assert response["Content-Type"].startswith("text/csv")
    assert rows[0][0] == "ticket"


def test_a_language_in_doubt_is_chosen_on_the_page(desk, incident, topic, team_lead):
    ticket = TicketFactory(topic=topic, language="en", body="오늘 아침에 USDT를 보냈는데 아직 입금되지 않았습니다")
    incidents.link_tickets(incident, [ticket], by=team_lead)
    assert "Written in another language than was chosen" in desk.get(address(incident)).content.decode()
    do(desk, incident, "pick", ticket=ticket.public_id, language="ko")
    assert IncidentTicket.objects.get(ticket=ticket).language == "ko"


def test_agents_see_the_incident_beside_a_ticket_and_link_it(client, agent, incident, topic):
    ticket = TicketFactory(topic=topic, body="Hello")
    client.force_login(agent)
    act = reverse("workspace:act", args=[ticket.public_id, "incident"])
    assert client.post(act, {"incident": incident.pk}).status_code == 302
    side = client.get(reverse("workspace:side", args=[ticket.public_id])).content.decode()
    assert incident.title in side
    assert address(incident) not in side
    client.post(act, {"incident": incident.pk})
    assert incident.title not in client.get(reverse("workspace:side", args=[ticket.public_id])).content.decode()


def test_agents_do_not_come_to_the_pages_of_leads(client, agent, incident):
    client.force_login(agent)
    for path in ("/desk/incidents/", "/desk/incidents/new/", address(incident)):
        assert client.get(path).status_code == 404
    assert client.post(reverse("workspace:incident-act", args=[incident.slug, "close"])).status_code == 404
    incident.refresh_from_db()
    assert incident.is_running


def test_customers_read_that_it_is_known_and_where(client, incident, topic, team_lead, second_lead, trader):
    ticket = TicketFactory(by=trader, topic=topic, body=WORDS)
    incidents.link_tickets(incident, [ticket], by=team_lead)
    public = f"/en/incidents/{incident.slug}/"
    assert client.get(public).status_code == 404
    answer = incident_texts.write_answer(incident, "en", "It is late.", by=team_lead, title="Deposits on Tron are late")
    incident_texts.approve_answer(answer, by=second_lead)
    page = incident_texts.publish_page(incident, by=team_lead)
    assert client.get(public)["Location"] == f"/en/announcements/{page.slug}/"
    client.force_login(trader)
    own = f"/en/tickets/{ticket.public_id}/"
    assert "Deposits on Tron are late" in client.get(own).content.decode()
    incidents.close_incident(incident, by=team_lead)
    assert "Deposits on Tron are late" not in client.get(own).content.decode()


@pytest.mark.parametrize("name", ["certain", "in"])
def test_the_page_asks_the_database_the_same_for_3_and_30(
    desk, incident, topic, team_lead, django_assert_max_num_queries, name
):
    def questions() -> int:
        with django_assert_max_num_queries(45) as counted:
            desk.get(f"{address(incident)}?show={name}")
        return len(counted)

    def add(number: int) -> None:
        for _ in range(number):
            ticket = TicketFactory(topic=topic, body=WORDS)
            if name == "in":
                incidents.link_tickets(incident, [ticket], by=team_lead)
        incidents.find_candidates(incident)

    add(3)
    questions()
    few = questions()
    add(22)
    assert questions() == few


def test_numbers_of_others_tickets_do_nothing(desk, incident):
    assert "0 tickets are in the incident" in do(desk, incident, "link", ticket="nothing\0")
    assert Ticket.objects.filter(incidents__isnull=False).count() == 0


@pytest.mark.parametrize("language", ["tlh", "0"])
def test_the_text_of_a_language_that_the_site_does_not_have_is_not_there(desk, incident, language):
    assert desk.get(reverse("workspace:incident-answer", args=[incident.slug, language])).status_code == 404


def test_a_text_is_approved_as_it_was_shown_or_not_at_all(desk, incident, second_lead):
    incident_texts.write_answer(incident, "en", "It is late.", by=second_lead, title="Late")
    assert "changed meanwhile" in do(desk, incident, "approve-text", language="en")
    assert not incident.answers.get().is_approved


@pytest.mark.parametrize("topic", ["9" * 30, str(2**63), "-1", "x", "0"])
def test_a_topic_that_cannot_be_is_refused(desk, topic):
    values = {"title": "Late", "kind": "delayed", "started_at": "2026-01-01T00:00", "reference_language": "en"}
    answer = desk.post("/desk/incidents/new/", {**values, "topics": topic})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"topics"}


def test_the_seconds_for_taking_back_go_on_when_the_page_is_loaded_again(desk, incident, team_lead):
    part = reverse("workspace:incident-sending", args=[incident.slug])
    assert desk.get(part).content.decode().strip().startswith('<div id="inc_sending"')
    send = BulkSend.objects.create(incident=incident, version=1, state=SendState.SENDING, sent_by=team_lead)
    for left in (50, 20):
        BulkSend.objects.update(starts_at=timezone.now() + timedelta(seconds=left))
        for url in (address(incident), part):
            shown = re.search(r'data-countdown="(\d+)"', desk.get(url).content.decode())
            assert left - 20 < int(shown[1]) <= left
    BulkSend.objects.update(starts_at=timezone.now())
    assert "Going out: 0 sent" in desk.get(part).content.decode()
    BulkSend.objects.update(state=SendState.DONE)
    assert "It has gone out to 0 people" in desk.get(part).content.decode()
    BulkSend.objects.filter(pk=send.pk).update(state=SendState.UNDONE)
    assert "was taken back" in desk.get(part).content.decode()


def test_a_surge_fills_in_its_topics_and_since_when(desk, topic):
    assert "checked" not in topics_of(desk.get("/desk/incidents/new/?from=surge"))
    at = timezone.now().replace(second=0, microsecond=0) - timedelta(minutes=20)
    SurgeTransition.objects.create(at=at, came_from="normal", to="watch", why="alarm")
    SurgeState.objects.update_or_create(pk=1, defaults={"state": "surge", "streams": ["total", "topic:deposits"]})
    response = desk.get("/desk/incidents/new/?from=surge")
    assert "checked" in topics_of(response)
    assert response.context["form"].initial["started_at"] == at - timedelta(minutes=10)
    assert "checked" not in topics_of(desk.get("/desk/incidents/new/"))


def topics_of(response):
    return str(response.context["form"]["topics"])


def test_a_text_is_written_in_the_direction_of_its_language(desk, incident):
    for language, attributes in (("ar", 'lang="ar" dir="rtl"'), ("zh-hans", 'lang="zh-Hans" dir="ltr"')):
        page = desk.get(reverse("workspace:incident-answer", args=[incident.slug, language])).content.decode()
        assert page.count(attributes) >= 2


def test_the_page_of_surges_belongs_to_the_live_queue(desk):
    page = desk.get("/desk/surge/").content.decode()
    assert '<a class="nav-a" href="/desk/lead/" aria-current="true">' in page


def test_leads_look_at_what_was_described_anew_on_its_page(desk, incident, second_lead):
    waits = "new requests wait for a person until leads have looked at it again"
    BulkSend.objects.create(incident=incident, version=1, state=SendState.DONE)
    assert waits not in desk.get(address(incident)).content.decode()
    values = {"title": "Deposits late", "kind": "outage", "started_at": "2026-01-01T10:00", "reference_language": "en"}
    values |= {"reference": "My coins are not here", "keywords": "en: tron", "joins_late": "on"}
    desk.post(reverse("workspace:edit-incident", args=[incident.slug]), values)
    page = desk.get(address(incident)).content.decode()
    assert all(words in page for words in (waits, "My coins are not here", "en: tron", "1 person has to let it go"))
    assert "described anew meanwhile" in do(desk, incident, "join", seen="2026-01-01")
    incident.refresh_from_db()
    page = do(desk, incident, "join", seen=incident.described_at.isoformat())
    assert "New requests that surely belong get the answer again" in page
    assert waits not in page


def test_the_second_lead_reads_who_has_looked_already(desk, incident, team_lead, second_lead, monkeypatch):
    monkeypatch.setattr("tickets.bulk_plan.ALONE", 0)
    BulkSend.objects.create(incident=incident, version=1, state=SendState.DONE)
    Incident.objects.update(described_at=timezone.now())
    incident.refresh_from_db()
    seen = incident.described_at.isoformat()
    assert "Somebody else has to look at the incident" in do(desk, incident, "join", seen=seen)
    desk.force_login(second_lead)
    page = desk.get(address(incident)).content.decode()
    assert f"Approved by <bdi>{team_lead}</bdi>" in page
    assert "2 people have to let it go" in page
    assert "get the answer again" in do(desk, incident, "join", seen=seen)
