"""An incident from its opening to its report: who may do what, and what is refused."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from helpcenter.models import Announcement
from supportdesk.accounts.models import User
from tests.tickets.factories import DepartmentFactory, TicketFactory
from tickets import bulk_plan
from tickets.actions import incident_report, incident_texts, incidents
from tickets.bulk_plan import Standing
from tickets.enums import EventKind, IncidentState, Omission
from tickets.errors import InvalidInput, SecretFound, TransitionNotAllowed
from tickets.models import BulkRecipient, Incident, Ticket, TicketEvent, Topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(team_lead: User, topic: Topic) -> Incident:
    return opened(team_lead, topics=[topic])


def opened(by: User, **values: object) -> Incident:
    found = {"started_at": timezone.now() - timedelta(minutes=30), **values}
    return incidents.open_incident("Deposits late", by=by, **found)


# Opening


def test_a_lead_opens_one(incident, team_lead):
    assert (incident.state, incident.lead, incident.slug) == (IncidentState.OPEN, team_lead, "deposits-late")
    assert opened(team_lead).slug == "deposits-late-2"


def test_a_title_without_latin_letters_has_an_address_too(team_lead):
    first = incidents.open_incident("充值延迟", by=team_lead, started_at=timezone.now())
    second = incidents.open_incident("充值延迟", by=team_lead, started_at=timezone.now())
    assert first.slug.startswith("incident-")
    assert second.slug != first.slug


def test_no_address_hides_the_form(team_lead):
    assert incidents.open_incident("New", by=team_lead, started_at=timezone.now()).slug != "new"


def test_an_incident_begins_now_or_before(team_lead):
    with pytest.raises(InvalidInput) as refused:
        opened(team_lead, started_at=timezone.now() + timedelta(hours=1))
    assert refused.value.field == "started_at"


def test_only_leads_open_change_watch_and_close(incident, agent, topic):
    values = {"title": "x", "description": "", "reference": "", "reference_language": "en", "keywords": {}}
    for refused in (
        lambda: opened(agent),
        lambda: incidents.change_incident(incident, by=agent, topics=[topic], started_at=incident.started_at, **values),
        lambda: incidents.watch_incident(incident, by=agent),
        lambda: incidents.close_incident(incident, by=agent),
        lambda: incidents.pick_language(incident, Ticket(), "en", by=agent),
        lambda: incident_texts.write_answer(incident, "en", "Text", by=agent),
        lambda: incident_texts.fall_back(incident, "tr", by=agent),
        lambda: incident_texts.begin_update(incident, by=agent),
        lambda: incident_texts.publish_page(incident, by=agent),
    ):
        with pytest.raises(PermissionDenied):
            refused()


# Tickets


def test_agents_link_and_take_out_what_they_see(incident, topic, agent, trader):
    ticket = TicketFactory(topic=topic)
    assert incidents.link_tickets(incident, [ticket], by=agent) == 1
    assert incidents.link_tickets(incident, [ticket], by=agent) == 0
    assert list(Incident.objects.of(ticket)) == [incident]
    assert incidents.take_out(incident, [ticket], by=agent) == 1
    kinds = TicketEvent.objects.filter(ticket=ticket).values_list("kind", flat=True)
    assert [kind for kind in kinds if "incident" in kind] == [EventKind.JOINED_INCIDENT, EventKind.LEFT_INCIDENT]
    with pytest.raises(PermissionDenied):
        incidents.link_tickets(incident, [ticket], by=trader)
    with pytest.raises(PermissionDenied):
        incidents.take_out(incident, [ticket], by=trader)


def test_a_ticket_that_an_agent_does_not_see_is_not_there(incident, agent):
    hidden = TicketFactory(department=DepartmentFactory(key="legal"))
    with pytest.raises(Ticket.DoesNotExist):
        incidents.link_tickets(incident, [hidden], by=agent)


# Texts


def test_a_text_is_approved_by_somebody_else(incident, team_lead, second_lead):
    answer = incident_texts.write_answer(incident, "en", "It is late.", by=team_lead)
    with pytest.raises(PermissionDenied):
        incident_texts.approve_answer(answer, by=team_lead)
    with pytest.raises(TransitionNotAllowed):
        incident_texts.approve_answer(answer, by=second_lead, seen="\nSomething else")
    assert incident_texts.approve_answer(answer, by=second_lead, seen=answer.as_read).is_approved


def test_a_changed_text_waits_again_and_the_same_one_does_not(incident, team_lead, second_lead):
    answer = incident_texts.write_answer(incident, "en", "It is late.", by=team_lead)
    incident_texts.approve_answer(answer, by=second_lead)
    assert incident_texts.write_answer(incident, "en", "It is late.", by=team_lead).is_approved
    assert not incident_texts.write_answer(incident, "en", "It is very late.", by=team_lead).is_approved


def test_no_text_asks_for_a_secret(incident, team_lead):
    with pytest.raises(SecretFound):
        incident_texts.write_answer(incident, "en", "Send us your password and we will look.", by=team_lead)


def test_no_heading_of_the_public_page_asks_for_a_secret(incident, team_lead):
    with pytest.raises(SecretFound):
        incident_texts.write_answer(incident, "en", "We look.", by=team_lead, title="Send us your password")


def test_what_was_changed_since_somebody_read_it_is_not_approved(incident, team_lead, second_lead):
    answer = incident_texts.write_answer(incident, "es", "It is late.", by=team_lead, title="Late deposits")
    read = answer.as_read
    incident_texts.write_answer(incident, "es", "It is late.", by=team_lead, title="All deposits are lost")
    with pytest.raises(TransitionNotAllowed, match="changed meanwhile"):
        incident_texts.approve_answer(answer, by=second_lead, seen=read)
    read = incident_texts.fall_back(incident, "es", by=team_lead).as_read
    incident_texts.write_answer(incident, "es", "Nobody has read this.", by=team_lead)
    with pytest.raises(TransitionNotAllowed, match="changed meanwhile"):
        incident_texts.approve_answer(answer, by=second_lead, seen=read)


@pytest.mark.parametrize("language", ["tlh", "", "en\0"])
def test_a_text_is_in_a_language_of_the_site(incident, team_lead, language):
    with pytest.raises(InvalidInput):
        incident_texts.write_answer(incident, language, "It is late.", by=team_lead)


def test_an_update_needs_that_the_version_went_out(incident, team_lead):
    with pytest.raises(TransitionNotAllowed):
        incident_texts.begin_update(incident, by=team_lead)


# The public page


def test_the_public_page_has_the_approved_texts_with_a_heading(incident, team_lead, second_lead):
    with pytest.raises(TransitionNotAllowed):
        incident_texts.publish_page(incident, by=team_lead)
    for language, title in (("en", "Deposits are late"), ("es", "Depósitos con retraso"), ("ko", "")):
        answer = incident_texts.write_answer(incident, language, "Up to 40 minutes.", by=team_lead, title=title)
        if language != "es":
            incident_texts.approve_answer(answer, by=second_lead)
    page = incident_texts.publish_page(incident, by=team_lead, is_band=True)
    assert page.languages() == ["en"]
    assert page.is_band
    incidents.close_incident(incident, by=team_lead)
    page = Announcement.objects.get()
    assert not page.is_band
    assert page.ends_at is not None


def test_the_public_address_says_nothing_of_the_title_for_colleagues(team_lead, second_lead):
    secret = incidents.open_incident("Hot wallet drained by insider", by=team_lead, started_at=timezone.now())
    answer = incident_texts.write_answer(secret, "en", "We look.", by=team_lead, title="Withdrawals are paused")
    incident_texts.approve_answer(answer, by=second_lead)
    assert incident_texts.publish_page(secret, by=team_lead).slug == "withdrawals-are-paused"


# The end


def test_watching_and_coming_back(incident, team_lead):
    assert incidents.watch_incident(incident, by=team_lead).state == IncidentState.MONITORING
    assert incidents.watch_incident(incident, by=team_lead, is_mended=False).state == IncidentState.OPEN


def test_closing_lets_go_what_nobody_confirmed_and_keeps_a_report(incident, topic, team_lead):
    kept = TicketFactory(topic=topic, language="ko")
    loose = TicketFactory(topic=topic)
    incident.members.create(ticket=loose, score=0.4)
    incidents.link_tickets(incident, [kept], by=team_lead)
    report = incidents.close_incident(incident, by=team_lead).report
    assert (report["linked"], report["left"], report["answered"]) == (1, 1, 0)
    assert report["by_language"]["ko"]["tickets"] == 1
    assert sum(report["arrivals"]) == 1
    assert [member.ticket for member in incident.members.all()] == [kept]


@pytest.mark.parametrize(
    ("minutes", "half", "most"), [([29, 49], 29, 49), ([5, 6, 7], 6, 7), (range(1, 11), 5, 9), ([3], 3, 3)]
)
def test_nine_of_ten_never_waited_less_than_half_of_them(minutes, half, most):
    asked = timezone.now()
    tickets = [Ticket(pk=number, created_at=asked) for number, _ in enumerate(minutes)]
    rows = {
        number: BulkRecipient(sent_at=asked + timedelta(minutes=waited), ticket_id=number)
        for number, waited in enumerate(minutes)
    }
    found = incident_report._figures(tickets, rows, set())
    assert (found["delay_p50_s"], found["delay_p90_s"]) == (half * 60, most * 60)


def test_a_closed_incident_changes_no_more(incident, topic, team_lead):
    ticket = TicketFactory(topic=topic)
    incidents.close_incident(incident, by=team_lead)
    for refused in (
        lambda: incidents.close_incident(incident, by=team_lead),
        lambda: incidents.watch_incident(incident, by=team_lead),
        lambda: incidents.link_tickets(incident, [ticket], by=team_lead),
        lambda: incident_texts.write_answer(incident, "en", "Text", by=team_lead),
    ):
        with pytest.raises(TransitionNotAllowed):
            refused()


# Who gets which language

LANGUAGES = st.sampled_from(["", "en", "ko", "tr", "ru"])


@settings(max_examples=100, deadline=None)
@given(
    chosen=LANGUAGES,
    written=LANGUAGES,
    picked=LANGUAGES,
    texts=st.dictionaries(st.sampled_from(["en", "ko", "tr", "ru"]), st.booleans()),
    out=st.tuples(*[st.booleans()] * 4),
)
def test_nobody_silently_gets_a_language_that_is_not_theirs(chosen, written, picked, texts, out):
    names = ("has_ended", "is_security", "is_answered", "is_attended")
    standing = Standing(1, chosen, written, picked, **dict(zip(names, out, strict=True)))
    found = bulk_plan.verdict(standing, texts)
    if any(out):
        assert found.omission is not None
    if found.omission is None:
        theirs = found.for_language or found.language
        assert theirs == (picked or chosen or written)
        assert picked or not (chosen and written and chosen != written)
        assert texts[theirs] is bool(found.for_language)
        assert not found.for_language or (found.language == "en" and texts.get("en") is False)


def test_why_a_ticket_gets_nothing():
    assert bulk_plan.verdict(Standing(1, "tr"), {"en": False}).omission == Omission.NO_TEXT
    assert bulk_plan.verdict(Standing(1, "en", "ko"), {"en": False}).omission == Omission.OTHER_LANGUAGE
    assert bulk_plan.verdict(Standing(1), {"en": False}).omission == Omission.NO_LANGUAGE


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.integers(1, 300), st.sampled_from(["en", "ko", "ar"]), max_size=60))
def test_a_sample_is_of_five_different_ones_and_has_every_language(languages):
    sample = bulk_plan.sample_of(languages)
    assert len(sample) == len(set(sample)) == min(5, len(languages))
    assert {languages[one] for one in sample} == set(languages.values())
