"""Writing: what is sent, what is refused with its text, drafts, files, mentions, articles, what comes after."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from helpcenter.models import ArticleUse
from tests.tickets.factories import TicketFactory, released
from tickets.actions import drafting, moving, quoting, replying
from tickets.enums import Delivery, Status
from tickets.models import Agent, Mention, Message, ReplyDraft, Ticket

pytestmark = pytest.mark.django_db
SEED = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about"


@pytest.fixture
def send(desk, ticket, thread_of):
    """Write on the ticket as the agent does; the answer is not followed."""

    def post(body="We found your deposit.", client=desk, **values):
        sent = {"kind": "reply", "body": body, "then": "pending", "seen": Ticket.objects.get(pk=ticket.pk).version}
        return client.post(thread_of(ticket, "write"), {**sent, **values})

    return post


def test_a_reply_is_held_and_brings_its_status(send, ticket):
    response = send()
    message = Message.objects.get(kind="reply")
    assert response.url.endswith(f"#m{message.pk}")
    assert message.delivery == Delivery.HELD
    released(message)
    ticket.refresh_from_db()
    assert ticket.status == Status.PENDING


def test_a_note_stays_inside(send, ticket):
    send("The wallet is slow.", kind="note")
    assert ticket.messages.get(kind="note").body == "The wallet is slow."
    assert not ticket.messages.public().filter(body__contains="wallet").exists()


def test_a_second_click_sends_nothing_twice(send, ticket):
    send(token="abc")
    send(token="abc")
    assert ticket.messages.filter(kind="reply").count() == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "Write what you want to say."),
        (f"Use this: {SEED}", "holds a key or a seed phrase"),
        ("Please send us your password so that we can check.", "never ask for"),
    ],
)
def test_a_refused_text_is_still_in_the_box(send, ticket, body, words):
    response = send(body)
    assert response.status_code == 422
    assert words in response.context["box"].problem
    assert response.context["box"].body == body
    assert not ticket.messages.filter(kind="reply").exists()


def test_somebody_who_missed_a_message_is_shown_it_with_the_text_kept(send, ticket, trader):
    seen = ticket.version
    replying.write_to_ticket(ticket, "It has arrived meanwhile.", by=trader)
    response = send("We look into it.", seen=seen)
    assert response.status_code == 409
    page = response.content.decode()
    assert "It has arrived meanwhile." in page
    assert "We look into it." in page
    fresh = page[page.index('<article class="msg fresh"') :]
    assert page.count("msg fresh") == 1
    assert fresh.index("It has arrived meanwhile.") < fresh.index("</article>")
    assert '<span class="tag info">New</span>' in fresh
    assert send("We look into it.").status_code == 302  # the box carries the new version


def test_a_ticket_that_ended_takes_no_reply_and_keeps_the_text(send, ticket, team_lead):
    moving.mark_spam(ticket, by=team_lead)
    response = send("One more thing.")
    assert response.status_code == 422
    assert response.context["box"].body == "One more thing."


def test_what_the_rights_refuse_is_told_in_words(send, at_desk, ticket, trader):
    assert send(client=at_desk(trader)).status_code == 404


def test_files_go_along(send, ticket):
    send(files=SimpleUploadedFile("steps.txt", b"1. Wait", "text/plain"))
    assert [file.name for file in Message.objects.get(kind="reply").attachments.all()] == ["steps.txt"]


def test_a_file_that_is_not_taken_keeps_the_text(send, ticket):
    response = send(files=SimpleUploadedFile("run.exe", b"MZ\x90\x00" + b"\0" * 200, "application/x-msdownload"))
    assert response.status_code == 422
    assert "run.exe" in response.context["box"].problem
    assert response.context["box"].body == "We found your deposit."


def test_the_signature_is_added_where_it_is_wished(send, agent):
    Agent.objects.create(person=agent, signature="Rui, Northgate")
    send(sign="on")
    assert Message.objects.get(kind="reply").body == "We found your deposit.\n\nRui, Northgate"


def test_colleagues_are_called_by_their_names(send, ticket, other_agent, risk_agent):
    send("@Mina Sato please look, and @anton too. Not @nobody, not mail@mina.", kind="note")
    assert {mention.person for mention in Mention.objects.all()} == {other_agent, risk_agent}


def test_an_article_that_is_sent_is_noted_as_used(send, ticket, settings):
    from tests.helpcenter.factories import ArticleFactory

    article = ArticleFactory(slug="deposit-confirmations", texts={"en": "Wait for twelve blocks."})
    send(f"See {settings.SITE_URL}/en/articles/{article.slug}/ and https://evil.example/en/articles/{article.slug}/")
    assert not ArticleUse.objects.exists()  # it may be taken back
    released(Message.objects.get(kind="reply"))
    quoting.remember(ticket.events.get(kind="replied").pk)
    use = ArticleUse.objects.get()
    assert use.article_id == article.pk
    assert use.source_url == f"/desk/tickets/{ticket.public_id}/"


# Drafts


def test_a_draft_is_kept_and_is_there_again(desk, ticket, agent, thread_of):
    response = desk.post(thread_of(ticket, "draft"), {"body": "Dear Toma,", "kind": "reply"})
    assert "Draft kept" in response.content.decode()
    assert desk.get(thread_of(ticket)).context["box"].body == "Dear Toma,"


def test_a_draft_with_a_secret_is_kept_without_it(desk, ticket, thread_of):
    desk.post(thread_of(ticket, "draft"), {"body": f"Seed: {SEED}"})
    assert "abandon" not in ReplyDraft.objects.get().body


def test_an_empty_box_lets_the_draft_go(desk, ticket, agent, thread_of):
    drafting.keep_draft(ticket, "Dear", by=agent)
    desk.post(thread_of(ticket, "draft"), {"body": " "})
    assert not ReplyDraft.objects.exists()


def test_a_shared_draft_is_offered_to_colleagues_a_private_one_is_not(desk, ticket, other_agent, thread_of):
    draft = drafting.keep_draft(ticket, "Half an answer", by=other_agent)
    assert "Mina Sato shares" not in desk.get(thread_of(ticket)).content.decode()
    assert desk.get(thread_of(ticket), {"draft": draft.pk}).context["box"].body == ""
    drafting.keep_draft(ticket, "Half an answer", by=other_agent, is_shared=True)
    assert "Mina Sato shares" in desk.get(thread_of(ticket)).content.decode()
    assert desk.get(thread_of(ticket), {"draft": draft.pk}).context["box"].body == "Half an answer"


def test_on_a_solved_ticket_the_box_offers_what_is_possible(desk, ticket, agent, thread_of):
    moving.solve(ticket, by=agent, reason="no_reply_needed")
    assert desk.get(thread_of(ticket)).context["box"].then == "solved"


# What comes after


def test_sending_can_lead_to_the_next_ticket_with_a_way_back(send, ticket, topic):
    other = TicketFactory(topic=topic, subject="Next in line")
    response = send(go_on="1", then="solved")
    assert f"/desk/tickets/{other.public_id}/" in response.url or response.url.startswith("/desk/?")


def test_solving_leads_to_the_next_in_the_list(desk, agent, topic, thread_of):
    first, second = (TicketFactory(topic=topic, subject=name) for name in ("First", "Second"))
    response = desk.post(f"{thread_of(first, 'act', 'solve')}?view=all", {"reason": "no_reply_needed", "go_on": "1"})
    assert response.url == f"{thread_of(second)}?view=all"


def test_solving_without_an_answer_asks_for_a_reason(desk, ticket, thread_of):
    response = desk.post(thread_of(ticket, "act", "solve"), {"reason": ""})
    assert response.status_code == 422
    assert "The last word is the customer" in response.content.decode()
    assert Ticket.objects.get(pk=ticket.pk).status == Status.NEW


def test_writing_to_a_customer_first(desk, topic):
    sent = {
        "to": "new@example.org",
        "topic": topic.pk,
        "language": "ja",
        "subject": "About your order",
        "body": "Hello.",
    }
    response = desk.post("/desk/new/", sent)
    ticket = Ticket.objects.get()
    assert response.url == f"/desk/tickets/{ticket.public_id}/"
    assert ticket.requester.email == "new@example.org"
    assert ticket.status == Status.OPEN


def test_a_first_letter_that_asks_for_a_secret_comes_back(desk, topic):
    sent = {
        "to": "new@example.org",
        "topic": topic.pk,
        "language": "en",
        "subject": "Hello",
        "body": "Send me your password.",
    }
    response = desk.post("/desk/new/", sent)
    assert response.status_code == 422
    assert "Send me your password." in response.content.decode()
    assert not Ticket.objects.exists()
