"""What readers see first in a surge: an article that a lead has chosen, the page of an incident."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from helpcenter.models import Article, ContentEvent, Pin
from supportdesk.accounts.models import User
from tests.helpcenter import searching
from tests.helpcenter.searching import refresh, write
from tests.tickets.factories import TopicFactory
from tickets.actions import incident_texts, incidents, pinning, surging
from tickets.arrivals import TOTAL
from tickets.errors import InvalidInput, TransitionNotAllowed
from tickets.models import ArrivalCount, Deflection, Incident, SurgeState, Topic
from tickets.surge import State
from tickets.workspace import measures

pytestmark = pytest.mark.django_db
BUSY = "Pinned because many people are asking about this right now."
BROKEN = "Pinned because of a problem that we are working on right now."


@pytest.fixture
def liquidation(db: None) -> Topic:
    return TopicFactory(key="liquidation", name_en="Liquidation", name_zh_hans="强平")


@pytest.fixture
def article(liquidation: Topic) -> Article:
    searching.clear_indexes()
    made = write("why-liquidated", en="Why was my position liquidated?\nLiquidation begins at the mark price.")
    write("fees", en="What fees do I pay?\nMaker and taker fees.")
    refresh("en")
    return made


def stand(state: State = State.SURGE, *streams: str) -> SurgeState:
    values = {"state": state.value, "streams": list(streams or ("topic:liquidation",))}
    return SurgeState.objects.update_or_create(pk=1, defaults=values)[0]


def form(client: Client, topic: str = "liquidation", language: str = "en") -> str:
    return client.get(f"/{language}/tickets/new/", {"topic": topic}).content.decode()


def search(client: Client, question: str, language: str = "en") -> str:
    return client.get(f"/{language}/search/", {"q": question}).content.decode()


# Pinning


def test_a_lead_pins_an_article_for_a_topic(article: Article, topic: Topic, team_lead: User, client: Client) -> None:
    stand()
    pinning.pin_article("why-liquidated", by=team_lead, topic="liquidation", words=["margin call"])
    page = form(client)
    assert page.index(BUSY) < page.index("Why was my position liquidated?")
    assert BUSY not in form(client, "deposits")
    assert BUSY in client.get("/en/tickets/new/").content.decode()
    for question, language in (("liquidated", "en"), ("margin call", "en"), ("强平", "zh-hans")):
        assert "notice warn pinned" in search(client, question, language)
    assert BUSY not in search(client, "maker fees")


def test_a_pinned_article_is_not_among_the_articles_below_a_second_time(
    article: Article, team_lead: User, client: Client
) -> None:
    stand()
    assert form(client).count("Why was my position liquidated?</a>") == 1
    pinning.pin_article("why-liquidated", by=team_lead, topic="liquidation")
    assert form(client).count("Why was my position liquidated?</a>") == 1


def test_a_pinned_article_stays_while_somebody_types_and_comes_where_the_words_mean_it(
    article: Article, team_lead: User, client: Client
) -> None:
    stand()
    pinning.pin_article("why-liquidated", by=team_lead, topic="liquidation")

    def suggested(**values: str) -> str:
        return client.get("/en/tickets/suggestions/", values).content.decode()

    assert BUSY in suggested(topic="liquidation", q="maker fees")
    assert BUSY in suggested(topic="deposits", q="liquidated")
    assert BUSY not in suggested(topic="deposits", q="maker fees")


def test_a_question_that_a_pinned_article_solved_is_counted(article: Article, team_lead: User, client: Client) -> None:
    stand()
    pinning.pin_article("why-liquidated", by=team_lead, topic="liquidation")
    pinned = form(client).split('class="pinned"')[1].split("</ul>")[0]
    assert "This solved it" in pinned
    client.post("/en/tickets/solved/", {"article": "why-liquidated", "topic": "liquidation"})
    assert Deflection.objects.get().article == article


@pytest.mark.parametrize(
    "typed", ["why-liquidated", "/en/articles/why-liquidated/", "https://x.example/ko/articles/why-liquidated/?a=1#b"]
)
def test_an_article_is_named_by_its_address_or_its_slug(typed: str, article: Article, team_lead: User) -> None:
    stand()
    assert pinning.pin_article(typed, by=team_lead).article == article


@pytest.mark.parametrize("typed", ["nothing-such", "", "a\0b"])
def test_what_is_no_article_is_refused_with_what_to_do(typed: str, article: Article, team_lead: User) -> None:
    stand()
    with pytest.raises(InvalidInput, match="Copy the address"):
        pinning.pin_article(typed, by=team_lead)


def test_a_topic_that_is_gone_is_refused(article: Article, team_lead: User) -> None:
    stand()
    with pytest.raises(InvalidInput, match="Choose another"):
        pinning.pin_article("why-liquidated", by=team_lead, topic="gone")


@pytest.mark.parametrize("state", [State.NORMAL, State.RECOVERY])
def test_without_a_surge_nothing_is_pinned(state: State, article: Article, team_lead: User) -> None:
    stand(state)
    with pytest.raises(TransitionNotAllowed, match="nothing is pinned"):
        pinning.pin_article("why-liquidated", by=team_lead)


def test_only_leads_pin(article: Article, agent: User) -> None:
    stand()
    for act in (lambda: pinning.pin_article("why-liquidated", by=agent), lambda: pinning.take_down("", by=agent)):
        with pytest.raises(PermissionDenied):
            act()
    assert not Pin.objects.exists()


# Its end


def _taken_down(lead: User) -> None:
    pinning.take_down("liquidation", by=lead)


def _ended(lead: User) -> None:
    surging.end_surge(by=lead)


def _dismissed(lead: User) -> None:
    SurgeState.objects.update(state=State.WATCH)
    surging.dismiss_watch(by=lead)


@pytest.mark.parametrize("end", [_taken_down, _ended, _dismissed])
def test_a_pinned_article_goes_with_the_surge_or_when_a_lead_takes_it_down(
    end: Callable[[User], None], article: Article, team_lead: User, client: Client
) -> None:
    stand()
    pinning.pin_article("why-liquidated", by=team_lead, topic="liquidation")
    end(team_lead)
    assert BUSY not in form(client)
    assert BUSY not in search(client, "liquidated")
    rows = ContentEvent.objects.filter(article=article, kind__in=("pinned", "unpinned")).order_by("pk")
    assert [row.kind for row in rows] == ["pinned", "unpinned"]
    assert rows[0].by == team_lead


def test_a_watch_that_becomes_a_surge_keeps_it(article: Article, team_lead: User) -> None:
    stand(State.WATCH)
    pinning.pin_article("why-liquidated", by=team_lead, topic="liquidation")
    surging.confirm_surge(by=team_lead)
    assert Pin.objects.current().count() == 1


# What is proposed


def test_what_the_search_finds_for_the_topic_is_proposed(article: Article) -> None:
    (place,) = measures.places(stand(), {"liquidation": "Liquidation"})
    assert [row.slug for row in place.proposed] == ["why-liquidated"]


def test_what_has_solved_it_for_others_is_proposed_first(article: Article, liquidation: Topic) -> None:
    Deflection.objects.create(article=Article.objects.get(slug="fees"), language="en", topic=liquidation)
    old = {"language": "en", "topic": liquidation, "at": timezone.now() - timedelta(days=100)}
    Deflection.objects.create(article=write("old", en="Old\nText."), **old)
    found = measures.proposals("liquidation", {"liquidation": "Liquidation"})
    assert [row.slug for row in found] == ["fees", "why-liquidated"]


def test_in_a_wave_of_everything_the_busiest_topic_proposes(article: Article) -> None:
    for topic, count in (("api", 3), ("liquidation", 9)):
        ArrivalCount.objects.create(minute=timezone.now(), topic=topic, language="en", count=count)
    (place,) = measures.places(stand(State.SURGE, TOTAL, "language:ko"), {"liquidation": "Liquidation"})
    assert (place.topic, [row.slug for row in place.proposed]) == ("", ["why-liquidated"])


def test_a_calm_desk_has_nothing_to_pin(article: Article) -> None:
    assert measures.places(stand(State.NORMAL), {}) == []


def test_a_lead_pins_and_takes_down_on_the_page_of_the_state(article: Article, team_lead: User, client: Client) -> None:
    stand()
    client.force_login(team_lead)
    page = client.get(reverse("workspace:surge")).content.decode()
    assert 'value="why-liquidated" checked' in page
    sent = {"topic": "liquidation", "article": "why-liquidated", "other": "", "words": "margin call, 爆仓"}
    told = client.post(reverse("workspace:decide-surge", args=["pin"]), sent, follow=True).content.decode()
    assert "is pinned until the surge ends." in told
    assert {"margin call", "爆仓", "Liquidation", "强平"} <= set(Pin.objects.get().words)
    told = client.post(reverse("workspace:decide-surge", args=["take-down"]), sent, follow=True).content.decode()
    assert "Readers see it no longer." in told
    told = client.post(reverse("workspace:decide-surge", args=["pin"]), {"other": "gone"}, follow=True)
    assert "is no public article" in told.content.decode()


def test_a_pinned_article_that_readers_cannot_open_any_more_is_told_of(
    article: Article, team_lead: User, client: Client
) -> None:
    stand()
    pinning.pin_article("why-liquidated", by=team_lead, topic="liquidation")
    Article.objects.filter(pk=article.pk).update(archived_at=timezone.now())
    client.force_login(team_lead)
    assert "Readers cannot open it any more" in client.get(reverse("workspace:surge")).content.decode()


# Incidents


@pytest.fixture
def incident(team_lead: User, liquidation: Topic) -> Incident:
    words = {"en": ["auto-deleveraging"], "zh-hans": ["自动减仓"]}
    values: dict[str, Any] = {"started_at": timezone.now() - timedelta(hours=1), "topics": [liquidation]}
    return incidents.open_incident("Liquidations late", by=team_lead, keywords=words, **values)


def published(incident: Incident, lead: User, person: Callable[..., User], **values: bool) -> None:
    written = incident_texts.write_answer(incident, "en", "We know of it.", by=lead, title="Positions close late")
    incident_texts.approve_answer(written, by=person("Team leads"))
    incident_texts.publish_page(incident, by=lead, **values)


def test_the_page_of_an_incident_stands_first_until_it_is_over(
    incident: Incident, team_lead: User, person: Callable[..., User], client: Client
) -> None:
    published(incident, team_lead, person, is_band=False)
    for question, language in (("auto-deleveraging", "en"), ("自动减仓", "zh-hans")):
        assert "Positions close late" in search(client, question, language).split("<h1")[0]
    assert BROKEN in search(client, "auto-deleveraging")
    assert form(client).count("Positions close late") == 1, "what is out of order stands beside the form anyway"
    incidents.close_incident(incident, by=team_lead)
    assert BROKEN not in search(client, "auto-deleveraging")


def test_what_is_the_band_of_every_page_is_not_pinned_too(
    incident: Incident, team_lead: User, person: Callable[..., User]
) -> None:
    published(incident, team_lead, person, is_band=True)
    assert not Pin.objects.exists()
    incident_texts.publish_page(incident, by=team_lead, is_band=False)
    assert Pin.objects.current().count() == 1
    incident_texts.publish_page(incident, by=team_lead, is_band=True)
    assert not Pin.objects.current().exists()


def test_a_page_that_editors_took_back_is_not_pinned_and_stops_nothing(
    incident: Incident, team_lead: User, person: Callable[..., User]
) -> None:
    published(incident, team_lead, person, is_band=False)
    page = incident.announcement
    page.published_at = None
    page.save()
    same = {name: getattr(incident, name) for name in ("description", "reference", "reference_language", "keywords")}
    changed = {"started_at": incident.started_at, "topics": list(incident.topics.all())}
    incidents.change_incident(incident, by=team_lead, title="Renamed", **same, **changed)
    assert Incident.objects.get().title == "Renamed"
    assert not Pin.objects.current().exists()


def test_the_pin_follows_the_topics_of_the_incident(
    incident: Incident, topic: Topic, team_lead: User, person: Callable[..., User]
) -> None:
    published(incident, team_lead, person, is_band=False)
    same = {name: getattr(incident, name) for name in ("title", "description", "reference", "reference_language")}
    more = {"keywords": {"en": ["late"]}, "started_at": incident.started_at, "topics": [topic]}
    incidents.change_incident(incident, by=team_lead, **same, **more)
    pin = Pin.objects.current().get()
    assert (pin.topic, pin.words[0]) == ("deposits", "late")


def test_the_end_of_a_surge_leaves_the_page_of_an_incident(
    incident: Incident, team_lead: User, person: Callable[..., User]
) -> None:
    published(incident, team_lead, person, is_band=False)
    stand()
    surging.end_surge(by=team_lead)
    assert Pin.objects.current().count() == 1
