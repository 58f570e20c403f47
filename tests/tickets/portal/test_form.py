"""The form: a topic first, then what the topic asks; errors that say what to do, and nothing typed is lost."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from supportdesk.accounts.models import User
from tests.helpcenter.factories import ArticleFactory
from tests.tickets.factories import TopicFactory
from tests.tickets.portal.forms import details_of, filled, post_ticket
from tickets.enums import FieldKind
from tickets.models import FieldChoice, PendingRequest, Ticket, Topic, TopicField

pytestmark = pytest.mark.django_db


@pytest.fixture
def fields(topic: Topic) -> Topic:
    """A topic that asks for a network, an amount, a transaction and a time."""
    network = TopicField.objects.create(topic=topic, key="network", kind=FieldKind.NETWORK, label_en="Network", order=1)
    for value in ("TRC-20", "ERC-20"):
        FieldChoice.objects.create(field=network, value=value)
    TopicField.objects.create(topic=topic, key="amount", kind=FieldKind.AMOUNT, label_en="Amount", order=2)
    TopicField.objects.create(
        topic=topic,
        key="tx_id",
        kind=FieldKind.TX_ID,
        label_en="Transaction ID",
        label_zh_hans="交易哈希",
        hint_en="From your wallet.",
        problem_en="Enter the transaction ID.",
        is_required=True,
        order=3,
    )
    TopicField.objects.create(topic=topic, key="at", kind=FieldKind.TIME, label_en="Time", order=4)
    return topic


def test_the_topic_comes_first(client: Client, topic: Topic) -> None:
    TopicFactory(key="hidden", name_en="Not offered", is_offered=False)
    page = client.get("/en/tickets/new/")
    assert page.status_code == 200
    text = page.content.decode()
    assert 'href="?topic=deposits"' in text
    assert "My deposit has not arrived" in text
    assert "Not offered" not in text
    assert "我的充值未到账" in client.get("/zh-hans/tickets/new/").content.decode()
    assert "My deposit has not arrived" in client.get("/ko/tickets/new/").content.decode()  # not translated yet


def test_what_the_page_before_knows_goes_along_the_topics(client: Client, topic: Topic) -> None:
    text = client.get("/en/tickets/new/?article=no-such&path=a.b&subject=USDT%20%3Cb%3E&evil=1").content.decode()
    assert "?topic=deposits&amp;article=no-such&amp;path=a.b&amp;subject=USDT+%3Cb%3E" in text
    assert "evil" not in text.partition("</header>")[2]


def test_a_topic_that_is_not_offered_leads_to_the_topics(client: Client, topic: Topic) -> None:
    for key in ("nothing", "", "\0", "x" * 5000, "hidden"):
        assert "Choose what comes closest" in client.get("/en/tickets/new/", {"topic": key}).content.decode()


def test_each_kind_has_its_input(client: Client, fields: Topic) -> None:
    text = client.get("/en/tickets/new/?topic=deposits").content.decode()
    assert '<option value="TRC-20">TRC-20</option>' in text
    assert 'inputmode="decimal"' in text
    assert 'name="detail_tx_id"' in text
    assert 'aria-describedby="page_detail_tx_id_helptext"' in text
    assert "Amount (optional)" in text
    assert "Transaction ID (optional)" not in text
    assert '<option value="480">UTC+8</option>' in text
    assert "交易哈希" in client.get("/zh-hans/tickets/new/?topic=deposits").content.decode()


def test_a_guest_is_asked_for_an_address_and_a_trader_is_not(client: Client, trader: User, topic: Topic) -> None:
    assert 'name="email"' in client.get("/en/tickets/new/?topic=deposits").content.decode()
    client.force_login(trader)
    assert 'name="email"' not in client.get("/en/tickets/new/?topic=deposits").content.decode()


def test_the_answer_comes_in_the_language_of_the_page_unless_another_is_chosen(client: Client, topic: Topic) -> None:
    text = client.get("/zh-hans/tickets/new/?topic=deposits").content.decode()
    assert '<option value="zh-hans" selected>' in text
    assert text.count("<option value=") >= 12
    assert '<option value="xx"' not in text


def test_every_error_is_in_the_summary_and_at_its_field(client: Client, fields: Topic) -> None:
    page = post_ticket(client, topic="deposits", subject="", body="", email="nobody", detail_tx_id="9f2c51…e07ab4")
    text = page.content.decode()
    assert page.status_code == 400
    assert "<title>Error: My deposit has not arrived" in text
    assert "data-error-summary" in text
    for field, words in {
        "page_subject": "Say in a few words what it is about.",
        "page_body": "Write what happened.",
        "page_email": "Enter an e-mail address in full, such as name@example.com.",
        "page_detail_tx_id": "Enter the transaction ID.",
    }.items():
        assert f'<a href="#{field}">{words}</a>' in text
        assert f'id="{field}_error"' in text
        assert f'id="{field}"' in text
    assert text.count('aria-invalid="true"') == 4
    assert "9f2c51…e07ab4" in text  # what was typed is still there


def test_an_answer_that_is_missing_is_asked_for_and_not_called_wrong(client: Client, fields: Topic) -> None:
    text = post_ticket(client, topic="deposits", detail_tx_id="").content.decode()
    assert "Fill in “Transaction ID”." in text
    assert "Enter the transaction ID." not in text


def test_what_was_typed_stays_whatever_is_wrong(client: Client, fields: Topic) -> None:
    typed = {
        "subject": "مرحبا <b>",
        "body": "第一行\n第二行 & <script>",
        "detail_amount": "1,234",
        "detail_network": "ERC-20",
        "detail_at": "yesterday evening",
        "zone_at": "540",
        "name": "José 🙂",
        "email": "a@",
        "language": "ja",
    }
    text = post_ticket(client, topic="deposits", **typed).content.decode()
    for words in (
        'value="مرحبا &lt;b&gt;"',
        "第一行\n第二行 &amp; &lt;script&gt;",
        'value="1,234"',
        '<option value="ERC-20" selected>',
        'value="yesterday evening"',
        '<option value="540" selected>',
        'value="José 🙂"',
        'value="a@"',
        '<option value="ja" selected>',
    ):
        assert words in text
    assert not PendingRequest.objects.exists()


def test_answers_are_kept_in_one_way_of_writing(client: Client, trader: User, fields: Topic) -> None:
    client.force_login(trader)
    answers = {
        "detail_network": "TRC-20",
        "detail_amount": "2.500,25 usdt",
        "detail_tx_id": f"https://tronscan.org/#/transaction/{'9f2c51b4' * 8}",
        "detail_at": "21.11.2025 21:40",
        "zone_at": "480",
    }
    assert post_ticket(client, topic="deposits", **answers).status_code == 302
    assert details_of(Ticket.objects.get()) == {
        "network": "TRC-20",
        "amount": "2500.25 USDT",
        "tx_id": "9f2c51b4" * 8,
        "at": "2025-11-21 21:40 UTC+8 (13:40 UTC)",
    }


def test_what_the_page_before_knew_is_kept_beside_the_answers(client: Client, trader: User, topic: Topic) -> None:
    client.force_login(trader)
    post_ticket(
        client, topic="deposits", article="deposits", path="code.clock", journey="/en/ > /en/search/" + "x" * 900
    )
    details = Ticket.objects.get().details
    assert details["article"] == "deposits"
    assert details["path"] == "code.clock"
    assert len(details["journey"]) == 500
    page = client.get(reverse("portal:ticket", args=[Ticket.objects.get().public_id])).content.decode()
    assert "code.clock" not in page


def test_a_topic_that_went_away_loses_nothing(client: Client, trader: User, topic: Topic) -> None:
    other = TopicFactory(key="other", name_en="Something else")
    client.force_login(trader)
    assert post_ticket(client, topic="gone").status_code == 302
    assert Ticket.objects.get().topic == other


@pytest.mark.parametrize("name", ["Northgate Support", "客服", "BitMEX\u202eSupport", "Z̵̢̧̛̛a̴̡̢̛l̵̨̛g̶̡̛o̵̧̨̡̢", "Аdmin"])
def test_a_name_that_could_be_ours_is_refused(client: Client, topic: Topic, name: str) -> None:
    page = post_ticket(client, topic="deposits", name=name)
    assert page.status_code == 400
    assert not PendingRequest.objects.exists()


def test_the_form_is_for_nobody_to_keep(client: Client, topic: Topic) -> None:
    for path in ("/en/tickets/new/", "/ar/tickets/new/?topic=deposits"):
        page = client.get(path)
        assert page.headers["Cache-Control"] == "no-store"
        assert "noindex" in page.headers["X-Robots-Tag"]
        assert page.content.decode().count("<h1") == 1
    assert 'dir="rtl"' in page.content.decode()


def test_errors_are_in_the_language_of_the_page(client: Client, fields: Topic) -> None:
    with translation.override("xx"):
        data = filled(topic="deposits", subject="", email="")
    text = client.post("/xx/tickets/new/", data).content.decode()
    assert "This field is required" not in text


def test_what_somebody_read_or_searched_goes_along(client: Client, topic: Topic) -> None:
    ArticleFactory(slug="fees", texts={"en": "Text."})
    assert 'href="/en/tickets/new/?article=fees"' in client.get("/en/articles/fees/").content.decode()
    assert 'href="/en/tickets/new/?q=zqxwv+%26+co"' in client.get("/en/search/?q=zqxwv %26 co").content.decode()
    text = client.get("/en/tickets/new/?q=zqxwv+%26+co&topic=deposits").content.decode()
    assert 'value="zqxwv &amp; co"' in text


def test_help_pages_lead_here(client: Client, topic: Topic) -> None:
    text = client.get("/en/").content.decode()
    assert 'href="/en/tickets/new/"' in text
    assert 'href="/en/tickets/"' in text
