"""The page of a ticket: what was written and what happened, who says it, and what stands beside it."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from tests.tickets.factories import PersonFactory, TicketFactory, TopicFactory, answered
from tests.tickets.portal.test_files import picture
from tickets.actions import assigning, attaching, detailing, merging, rating, replying
from tickets.attachments import examine
from tickets.enums import EventKind, Status
from tickets.models import FieldChoice, Message, Ticket, TicketEvent, TopicField
from tickets.workspace import display, thread

pytestmark = pytest.mark.django_db
BESIDE = 3  # the session, the person, the rights
XSS = "<script>window.__pwn=1</script><img src=x onerror=alert(1)>"


def html(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_messages_notes_and_events_in_one_line_of_time(desk, ticket, agent, thread_of):
    assigning.take(ticket, by=agent)
    replying.write_note(ticket, "Wallet service lagging.", by=agent)
    answered(ticket, by=agent)
    page = html(desk, thread_of(ticket))
    for said in (
        "I sent 2,500 USDT yesterday.",
        "Rui Tavares took it",
        "Wallet service lagging.",
        "We found your deposit.",
    ):
        assert said in page
    assert page.index("I sent 2,500") < page.index("took it") < page.index("Wallet service")


@pytest.mark.parametrize(("language", "between"), [("en", ", "), ("ja", "、"), ("zh-hans", "、"), ("ru", ", ")])
def test_what_a_line_lists_is_parted_as_its_language_does(language, between):
    with override(language):
        assert display.listed(["BTC", "ETH", "SOL"]) == between.join(["BTC", "ETH", "SOL"])


def test_what_the_page_before_the_form_said_is_named_in_words(lead_desk, topic, thread_of):
    ticket = TicketFactory(topic=topic, details={"journey": "/en/ > /en/search/", "path": "a1"})
    page = html(lead_desk, thread_of(ticket, "side"))
    assert "Pages seen before" in page
    assert "Troubleshooter" in page
    assert ">journey<" not in page


def test_a_note_is_marked_outside_of_what_it_says(desk, ticket, agent, thread_of):
    replying.write_note(ticket, "Only for us.", by=agent)
    page = html(desk, thread_of(ticket))
    box = page[page.rindex('class="note-int"', 0, page.index("Only for us.")) : page.index("Only for us.")]
    assert "Internal note" in box


def test_what_a_customer_writes_cannot_look_like_staff(desk, ticket, trader, thread_of):
    replying.write_to_ticket(ticket, "> **System** I am Northgate security, send me the code", by=trader)
    page = html(desk, thread_of(ticket))
    before = page[: page.index("I am Northgate security")]
    assert before.rindex('class="tag info">Customer') > before.rindex("<article")


def test_nothing_that_people_wrote_is_markup(lead_desk, team_lead, topic, thread_of):
    ticket = TicketFactory(by=PersonFactory(name=XSS), topic=topic, subject=XSS, body=XSS, details={"network": XSS})
    replying.write_note(ticket, XSS, by=team_lead)
    detailing.tag_ticket(ticket, [XSS[:30]], by=team_lead)
    for name in ("thread", "side", "print", "macros", "articles"):
        page = html(lead_desk, thread_of(ticket, name))
        assert "<script>window" not in page
        assert "<img src=x" not in page
    assert "<script>window" not in html(lead_desk, "/desk/?view=all")


def test_a_ticket_that_is_not_visible_is_not_there(desk, ticket, department, thread_of):
    Ticket.objects.filter(pk=ticket.pk).update(department=department)
    for name in ("thread", "side", "updates", "print", "macros", "articles"):
        assert desk.get(thread_of(ticket, name)).status_code == 404
    assert desk.get("/desk/tickets/000000000000000/").status_code == 404


def page_of(client, address):
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_a_long_conversation_asks_no_more_than_a_short_one(desk, ticket, trader, agent, thread_of):
    def write(number):
        for n in range(number):
            files = [examine("proof.txt", b"confirmed", "text/plain")] if n % 3 == 0 else []
            replying.write_to_ticket(ticket, f"Message {n}", by=trader, files=files)

    write(3)
    replying.write_note(ticket, "Seen.", by=agent)
    desk.get(thread_of(ticket))
    desk.get(thread_of(ticket))
    first = page_of(desk, thread_of(ticket))
    write(27)
    assert page_of(desk, thread_of(ticket)) == first
    warm = _warm(desk, thread_of(ticket))
    assert warm <= 10 + BESIDE


def _warm(client, address):
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def test_the_side_shows_the_customer_with_a_masked_address(desk, ticket, thread_of):
    page = html(desk, thread_of(ticket, "side"))
    assert "to•••@example.com" in page
    assert "toma@example.com" not in page


def test_a_choice_is_called_by_its_name(desk, ticket, thread_of):
    field = TopicField.objects.create(topic=ticket.topic, key="stage", kind="choice", label_en="Status")
    FieldChoice.objects.create(field=field, value="under_review", label_en="Under review")
    Ticket.objects.filter(pk=ticket.pk).update(details={"stage": "under_review", "gone": "kept as it is"})
    page = html(desk, thread_of(ticket, "side"))
    assert "<dt>Status</dt><dd><bdi>Under review</bdi></dd>" in page
    assert "<dt>gone</dt><dd><bdi>kept as it is</bdi></dd>" in page


def test_showing_the_address_stays_in_the_history(desk, ticket, agent, thread_of):
    response = desk.post(thread_of(ticket, "act", "reveal"), follow=True)
    assert "toma@example.com" in response.content.decode()
    event = ticket.events.get(kind=EventKind.REVEALED)
    assert event.by == agent


def test_the_same_topic_of_the_same_customer_is_offered_for_merging(desk, ticket, trader, topic, thread_of):
    TicketFactory(by=trader, topic=topic, subject="Still not there")
    TicketFactory(by=trader, topic=TopicFactory(), subject="Something else")
    page = html(desk, thread_of(ticket, "side"))
    offered = page[page.index("Perhaps the same") : page.index("Clocks")]
    assert "Still not there" in offered
    assert "Something else" not in offered


def test_other_tickets_are_named_only_where_they_may_be_seen(
    desk, ticket, trader, department, agent, team_lead, thread_of
):
    hidden = TicketFactory(by=trader, subject="A matter of risk", department=department)
    merging.link_tickets(ticket, hidden, by=team_lead)
    page = html(desk, thread_of(ticket, "side"))
    assert "A matter of risk" not in page


def test_a_held_reply_counts_down_and_can_be_taken_back(desk, ticket, agent, thread_of):
    message = replying.reply(ticket, "We found it.", by=agent)
    page = html(desk, thread_of(ticket))
    assert "data-countdown" in page
    response = desk.post(thread_of(ticket, "undo", message.pk), follow=True)
    assert "We found it." in response.context["box"].body
    assert not Message.objects.filter(pk=message.pk).exists()


def test_a_stopped_reply_is_sent_anyway_or_goes_back_to_the_box(desk, ticket, agent, trader, thread_of):
    message = replying.reply(ticket, "We found it.", by=agent)
    replying.write_to_ticket(ticket, "It has arrived.", by=trader)
    assert "Send anyway" in html(desk, thread_of(ticket))
    desk.post(thread_of(ticket, "send-anyway", message.pk), {"seen": Ticket.objects.get(pk=ticket.pk).version})
    message.refresh_from_db()
    assert message.delivery == "sent"


def test_a_reply_that_went_out_is_not_taken_back(desk, ticket, agent, thread_of):
    message = answered(ticket, by=agent).messages.get(kind="reply")
    response = desk.post(thread_of(ticket, "undo", message.pk), follow=True)
    assert "has gone out already" in response.content.decode()


def test_every_kind_of_event_has_a_sentence_that_can_be_filled_in(ticket, agent):
    version = ticket.version
    for kind in EventKind:
        version += 1
        TicketEvent.objects.create(ticket=ticket, kind=kind, by=agent, role="agent", to_status="open", version=version)
    lines = thread.lines(ticket, person=agent, now=timezone.now())
    told = [line.sentence for line in lines if line.sentence]
    assert len(told) >= len(EventKind) - len(thread._WRITTEN)
    assert not [sentence for sentence in told if "%(" in sentence]


def test_a_rating_says_what_it_was(ticket, agent, trader):
    answered(ticket, by=agent, then=Status.SOLVED)
    rating.rate(Ticket.objects.get(pk=ticket.pk), 4, by=trader)
    told = [line.sentence for line in thread.lines(ticket, person=agent, now=timezone.now())]
    assert "The customer rated the answer: Good" in told


def test_names_keep_their_places_in_a_sentence_from_right_to_left(ticket, agent, department):
    asked = {"kind": EventKind.CONSULTED, "by": agent, "role": "agent", "to_status": "open", "version": ticket.version}
    TicketEvent.objects.create(ticket=ticket, data={"department": department.pk}, **asked)
    with override("ar"):
        sentence = thread.lines(ticket, person=agent, now=timezone.now())[-1].sentence
    assert "\u2068Rui Tavares\u2069" in sentence
    assert f"\u2068{department.name}\u2069" in sentence


def test_a_picture_beside_a_message_has_a_name_for_who_does_not_see_it(desk, ticket, trader, thread_of):
    replying.write_to_ticket(ticket, "See the picture.", by=trader, files=[examine("shot.png", picture(), "image/png")])
    words = desk.get(thread_of(ticket)).content.decode()
    assert 'alt="Picture shot.png"' in words


def test_files_are_served_to_who_sees_the_ticket(desk, ticket, trader, department):
    with attaching.stored([examine("proof.txt", b"confirmed", "text/plain")]) as rows:
        attaching.attach(rows, by=trader, ticket=ticket, message=ticket.messages.get())
    address = f"/desk/files/{rows[0].public_id}/"
    response = desk.get(address)
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response.headers["Content-Security-Policy"]
    Ticket.objects.filter(pk=ticket.pk).update(department=department)
    assert desk.get(address).status_code == 404


def test_times_are_those_of_the_agents_place(desk, agent, ticket, thread_of):
    agent.time_zone = "Asia/Tokyo"
    agent.save()
    at = timezone.now().replace(hour=20, minute=41) - timedelta(days=3)
    Message.objects.filter(ticket=ticket).update(created_at=at)
    assert "5:41" in html(desk, thread_of(ticket))


def test_an_unknown_time_zone_is_utc(desk, agent):
    agent.time_zone = "Mars/Olympus"
    agent.save()
    assert desk.get("/desk/").status_code == 200
