"""On the screen of a surge leads see its state and scores, decide, and open its incident once."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from supportdesk.accounts.models import User
from tests.tickets.surges import counted, known_week, stand, watched_at
from tickets.arrivals import TOTAL
from tickets.models import Incident, SurgeState, SurgeText, SurgeTransition, Topic
from tickets.surge import State, Watch
from tickets.workspace import surge_state

pytestmark = pytest.mark.django_db


def test_a_lead_sees_state_scores_and_the_notice_in_every_language(
    surge_text: SurgeText, team_lead: User, client: Client
) -> None:
    known_week()
    counted(0, 1)
    for minute in range(1, 4):
        counted(minute, 20)
    watched_at(3)
    client.force_login(team_lead)
    page = client.get(reverse("workspace:surge")).content.decode()
    assert "All requests" in page
    assert "alarms at" in page
    assert "Declare a surge" in page
    assert "お問い合わせが集中しており" in page


def test_a_lead_decides_on_the_screen(surge_text: SurgeText, team_lead: User, client: Client) -> None:
    stand(State.WATCH, streams=[TOTAL])
    client.force_login(team_lead)
    answer = client.post(reverse("workspace:decide-surge", args=["confirm"]), follow=True)
    assert "A surge is declared." in answer.content.decode()
    again = client.post(reverse("workspace:decide-surge", args=["confirm"]), follow=True)
    assert "Look at it again, then decide." in again.content.decode()
    assert client.post(reverse("workspace:decide-surge", args=["panic"])).status_code == 404


def test_an_incident_is_offered_with_what_the_surge_is_about(topic: Topic, team_lead: User, client: Client) -> None:
    streams = [f"topic:{topic.key}", "language:ko"]
    SurgeState.objects.create(pk=1, state="surge", streams=streams, since=timezone.now())
    client.force_login(team_lead)
    offered = reverse("workspace:new-incident") + "?from=surge"
    assert offered in client.get(reverse("workspace:surge")).content.decode()
    form = client.get(offered).context["form"]
    assert form["topics"].value() == [topic.pk]
    assert form["reference_language"].value() == "ko"
    assert str(topic) in form["title"].value()


def test_one_click_opens_the_incident_of_a_surge_once(topic: Topic, team_lead: User, client: Client) -> None:
    began = timezone.now() - timedelta(minutes=20)
    SurgeTransition.objects.create(at=began, came_from="normal", to="watch", why="alarm")
    stand(State.SURGE, streams=[f"topic:{topic.key}", "language:ko"], since=timezone.now())
    client.force_login(team_lead)
    address = reverse("workspace:surge-incident")
    for place in ("workspace:surge", "workspace:lead"):
        assert f'action="{address}"' in client.get(reverse(place)).content.decode()
    for _ in range(2):
        answer = client.post(address)
    incident = Incident.objects.get()
    assert answer.headers["Location"] == reverse("workspace:incident", args=[incident.slug])
    assert list(incident.topics.all()) == [topic]
    assert (incident.reference_language, incident.lead) == ("ko", team_lead)
    assert incident.started_at == began - surge_state.NOTICED
    assert "한국어" in incident.title


def test_leads_of_other_languages_and_a_wave_that_grows_have_the_same_incident(
    topic: Topic, team_lead: User, client: Client
) -> None:
    SurgeTransition.objects.create(at=timezone.now(), came_from="normal", to="watch", why="alarm")
    client.force_login(team_lead)
    for language, streams in (("en", [f"topic:{topic.key}"]), ("zh-hans", [f"topic:{topic.key}", "language:ko"])):
        stand(State.SURGE, streams=streams)
        team_lead.language = language
        team_lead.save()
        client.post(reverse("workspace:surge-incident"), headers={"accept-language": language})
    assert Incident.objects.count() == 1


def test_a_watch_that_the_market_opened_has_an_incident_too(team_lead: User, client: Client) -> None:
    stand(State.WATCH, streams=[])
    client.force_login(team_lead)
    client.post(reverse("workspace:surge-incident"))
    assert Incident.objects.get().title == "More requests than usual"


@pytest.mark.parametrize(
    ("streams", "title"),
    [
        (["total"], "More requests than usual"),
        (["topic:gone", "language:tlh", "total"], "More requests than usual"),
        (["total", "language:ko", "topic:gone", "topic:deposits"], "{topic}, 한국어"),
    ],
)
def test_an_incident_of_a_surge_is_called_by_words_of_people(topic, streams, title) -> None:
    topic.key = "deposits"
    topic.save()
    began = surge_state.as_incident(SurgeState(state=State.SURGE, streams=streams, since=timezone.now()))
    assert began["title"] == title.format(topic=topic)


@pytest.mark.parametrize("language", ["zh-hans", "ja"])
def test_it_is_called_so_in_the_language_of_who_opens_it(topic, language) -> None:
    row = SurgeState(state=State.SURGE, streams=["total"], since=timezone.now())
    with override(language):
        assert (
            surge_state.as_incident(row)["title"] == gettext("More requests than usual") != "More requests than usual"
        )


def test_a_surge_that_is_over_opens_no_incident(team_lead: User, client: Client) -> None:
    client.force_login(team_lead)
    told = client.post(reverse("workspace:surge-incident"), follow=True).content.decode()
    assert "The desk is calm again." in told
    assert not Incident.objects.exists()


def test_without_a_surge_no_incident_is_offered(team_lead: User, client: Client) -> None:
    client.force_login(team_lead)
    assert "?from=surge" not in client.get(reverse("workspace:surge")).content.decode()


def test_agents_have_no_such_screen(agent: User, client: Client) -> None:
    client.force_login(agent)
    assert client.post(reverse("workspace:surge-incident")).status_code == 404
    assert client.get(reverse("workspace:surge")).status_code == 404
    assert client.post(reverse("workspace:decide-surge", args=["confirm"])).status_code == 404


def test_a_desk_that_was_never_watched_shows_its_screen(team_lead: User, client: Client) -> None:
    client.force_login(team_lead)
    page = client.get(reverse("workspace:surge")).content.decode()
    assert "There is no text for surges" in page
    assert Watch().keep()["hour"] is None
