"""The desk's rows in the admin: who reaches them, what they cost, and what they never show."""

import re

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from supportdesk.ui.languages import column, content_languages
from tests.people import make_person
from tests.tickets.neighbours import Rows
from tickets import models as desk
from tickets.enums import Priority

pytestmark = pytest.mark.django_db
CONFIGURED = (
    "topic",
    "topicfield",
    "department",
    "agent",
    "macro",
    "savedview",
    "tag",
    "calendar",
    "slapolicy",
    "warnlevel",
    "triagerule",
)
READ = ("policyedition", "triagetable")  # by leads; nobody writes them
RECORDED = (
    "ticket",
    "ticketevent",
    "pendingrequest",
    "routingdecision",
    "decline",
    "presencechange",
    "triagelabel",
    "incident",
    "bulksend",
    "bulkrecipient",
)
SECRET = "5HueCGU8rMjxEXxiPuD5BDku4MkFqeZyd4dZ1jvhTVqvbTLvyTJ"  # a well-known example of a private key


@pytest.fixture
def lead(person):
    return person("Team leads", name="Mina Sato")


@pytest.fixture
def signed_in():
    def sign_in(user):
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def rows(db):
    return Rows()


def listed(model):
    return reverse(f"admin:tickets_{model}_changelist")


def page_of(model, row=None):
    found = row or MODELS[model].objects.first()
    return reverse(f"admin:tickets_{model}_change", args=[found.pk])


MODELS = {
    model._meta.model_name: model
    for model in (
        *(desk.Topic, desk.TopicField, desk.Department, desk.Agent, desk.Macro, desk.SavedView, desk.Tag),
        *(desk.Ticket, desk.TicketEvent, desk.PendingRequest, desk.RoutingDecision, desk.Decline, desk.PresenceChange),
        *(
            desk.Calendar,
            desk.SlaPolicy,
            desk.WarnLevel,
            desk.PolicyEdition,
            desk.TriageRule,
            desk.TriageLabel,
            desk.TriageTable,
        ),
        *(desk.Incident, desk.BulkSend, desk.BulkRecipient),
    )
}


# Who reaches them


@pytest.mark.parametrize("model", [*CONFIGURED, *RECORDED, *READ])
@pytest.mark.parametrize("who", ["lead", "administrator"])
def test_leads_and_administrators_reach_every_page(request, rows, signed_in, who, model):
    rows.make(1)
    client = signed_in(request.getfixturevalue(who))
    assert client.get(listed(model)).status_code == 200
    assert client.get(page_of(model)).status_code == 200


@pytest.mark.parametrize("model", [*CONFIGURED, *RECORDED, *READ])
@pytest.mark.parametrize("who", ["agent", "content_editor"])
def test_other_roles_of_the_staff_reach_no_page(request, rows, signed_in, who, model):
    rows.make(1)
    client = signed_in(request.getfixturevalue(who))
    assert client.get(listed(model)).status_code == 403
    assert client.get(page_of(model)).status_code == 403


@pytest.mark.parametrize("model", [*CONFIGURED, *RECORDED, *READ])
def test_a_trader_is_sent_to_the_sign_in(trader, rows, signed_in, model):
    rows.make(1)
    answer = signed_in(trader).get(listed(model))
    assert answer.status_code == 302
    assert "login" in answer["Location"]


@pytest.mark.parametrize("model", CONFIGURED)
def test_a_lead_may_add(lead, signed_in, model):
    assert signed_in(lead).get(reverse(f"admin:tickets_{model}_add")).status_code == 200


@pytest.mark.parametrize("model", RECORDED)
def test_nobody_changes_records(administrator, rows, signed_in, model):
    rows.make(1)
    client = signed_in(administrator)
    assert client.get(reverse(f"admin:tickets_{model}_add")).status_code == 403
    assert client.post(page_of(model), {"status": "closed"}).status_code == 403
    assert client.post(page_of(model).replace("/change/", "/delete/"), {"post": "yes"}).status_code == 403


# What they show


@pytest.mark.parametrize("model", RECORDED)
def test_records_show_no_text_of_a_message(lead, rows, signed_in, model):
    """The subject names a ticket; what was answered, written and noted stays on the desk's own screens."""
    rows.make(1)
    client = signed_in(lead)
    shown = client.get(listed(model)).content.decode() + client.get(page_of(model)).content.decode()
    for words in ("text that I wrote", "answer that I gave", "reason that we wrote"):
        assert words not in shown


@pytest.mark.parametrize("model", RECORDED)
def test_only_what_the_queue_shows_a_person_is_listed(person, rows, signed_in, model):
    """A right to read the table alone does not show the tickets of a department."""
    from django.contrib.auth.models import Permission

    rows.make(2)
    reader = person("Agents")
    reader.user_permissions.add(Permission.objects.get(codename=f"view_{model}"))
    answer = signed_in(reader).get(listed(model))
    assert answer.status_code == 200
    assert list(answer.context["cl"].queryset) == []


def test_a_lead_sees_all_tickets(lead, rows, signed_in):
    rows.make(2)
    assert signed_in(lead).get(listed("ticket")).context["cl"].queryset.count() == 2


def test_a_text_is_marked_with_its_language_and_direction(lead, rows, signed_in):
    rows.make(1)
    shown = signed_in(lead).get(page_of("macro")).content.decode()
    assert re.search(r'<textarea name="body_ar"[^>]* lang="ar"[^>]* dir="rtl"', shown)


# What is stored


def topic_data(**more):
    return {
        "key": "deposits",
        "priority": Priority.HIGH,
        "name_en": "My deposit",
        "name_ja": "入金",
        "is_offered": "on",
        "fields-TOTAL_FORMS": "1",
        "fields-INITIAL_FORMS": "0",
        "fields-0-key": "coin",
        "fields-0-kind": "choice",
        "fields-0-label_en": "Coin",
        "fields-0-order": "1",
        **more,
    }


def test_a_lead_makes_a_topic_with_a_field(lead, signed_in):
    answer = signed_in(lead).post(reverse("admin:tickets_topic_add"), topic_data())
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    topic = desk.Topic.objects.get(key="deposits")
    assert (topic.name_en, topic.name_ja) == ("My deposit", "入金")
    assert topic.fields.get().label_en == "Coin"
    assert topic.history.get().history_user == lead


def test_the_english_name_is_required(lead, signed_in):
    answer = signed_in(lead).post(reverse("admin:tickets_topic_add"), topic_data(name_en=""))
    assert "name_en" in answer.context["adminform"].form.errors
    assert not desk.Topic.objects.exists()


def test_the_key_of_a_topic_stays(lead, rows, signed_in):
    rows.make(1)
    topic = desk.Topic.objects.get()
    data = topic_data(key="other", **{"fields-TOTAL_FORMS": "0"})
    assert signed_in(lead).post(page_of("topic"), data).status_code == 302
    topic.refresh_from_db()
    assert (topic.key, topic.name_en) == ("t1", "My deposit")


def test_a_field_gets_texts_and_choices(lead, rows, signed_in):
    rows.make(1)
    desk.FieldChoice.objects.all().delete()
    data = {
        "kind": "choice",
        "label_en": "Coin",
        "label_ko": "코인",
        "choices-TOTAL_FORMS": "1",
        "choices-INITIAL_FORMS": "0",
        "choices-0-value": "other",
        "choices-0-label_en": "Another coin",
        "choices-0-label_ko": "다른 코인",
        "choices-0-order": "1",
    }
    answer = signed_in(lead).post(page_of("topicfield"), data)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    field = desk.TopicField.objects.get()
    assert (field.key, field.label_ko) == ("coin", "코인")
    assert field.choices.get().label_ko == "다른 코인"


def test_a_topic_that_has_tickets_is_not_deleted(lead, rows, signed_in):
    rows.make(1)
    signed_in(lead).post(reverse("admin:tickets_topic_delete", args=[desk.Topic.objects.get().pk]), {"post": "yes"})
    assert desk.Topic.objects.exists()


def test_a_macro_with_a_secret_is_refused_and_stays_in_the_form(lead, signed_in):
    data = {"name": "Keys", "is_active": "on", "body_en": "Hello", "body_ko": f"안녕하세요 {SECRET}"}
    answer = signed_in(lead).post(reverse("admin:tickets_macro_add"), data)
    assert list(answer.context["adminform"].form.errors) == ["body_ko"]
    assert SECRET in answer.content.decode()
    assert not desk.Macro.objects.exists()


def test_only_staff_can_be_agents(lead, trader, signed_in):
    data = {"person": trader.pk, "capacity": 6, **empty("languages"), **empty("certificates")}
    answer = signed_in(lead).post(reverse("admin:tickets_agent_add"), data)
    assert "person" in answer.context["adminform"].form.errors
    assert not desk.Agent.objects.exists()


def test_an_agent_with_a_language_and_a_certificate(lead, agent, signed_in):
    data = {
        "person": agent.pk,
        "capacity": 6,
        **empty("languages", total=1),
        "languages-0-language": "ko",
        "languages-0-level": "native",
        **empty("certificates", total=1),
        "certificates-0-skill": "kyc",
        "certificates-0-issued_at_0": timezone.now().date().isoformat(),
        "certificates-0-issued_at_1": "00:00:00",
    }
    answer = signed_in(lead).post(reverse("admin:tickets_agent_add"), data)
    assert answer.status_code == 302, answer.context["errors"]
    made = desk.Agent.objects.get()
    assert made.languages.get().language == "ko"
    assert made.certificates.get().language == ""


def empty(prefix, total=0):
    return {f"{prefix}-TOTAL_FORMS": str(total), f"{prefix}-INITIAL_FORMS": "0"}


def test_every_language_has_a_part_of_the_form(lead, rows, signed_in):
    rows.make(1)
    form = signed_in(lead).get(page_of("topic")).context["adminform"].form
    assert {column("name", code) for code in content_languages()} <= set(form.fields)


# What they cost


def queries_of(client, address):
    client.get(address)  # what a process asks for once
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in queries]


@pytest.fixture(scope="module")
def costs(django_db_setup, django_db_blocker):
    """Model -> the queries of its list at 3 rows and at 30. Rows of all models are made once for all lists."""
    client, rows, models = Client(), Rows(), (*CONFIGURED, *RECORDED, *READ)
    with django_db_blocker.unblock(), transaction.atomic():
        client.force_login(make_person("Team leads", name="Mina Sato"))
        rows.make(3)
        few = {model: queries_of(client, listed(model)) for model in models}
        rows.make(27)
        many = {model: queries_of(client, listed(model)) for model in models}
        transaction.set_rollback(True)
    return {model: (few[model], many[model]) for model in models}


@pytest.mark.parametrize("model", [*CONFIGURED, *RECORDED, *READ])
def test_thirty_rows_cost_as_many_queries_as_three(costs, model):
    few, many = costs[model]
    assert len(many) == len(few), "\n".join(sorted(set(many) - set(few)))


# Routing


def setup_data(**more):
    values = {name: getattr(desk.RoutingSetup(), name) for name in SETUP_FIELDS}
    starts = {f"head_starts-{name}": value for name, value in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))}
    return {**values, "is_on": "on", **starts, **more}


SETUP_FIELDS = (
    *(f"assist_after_{name}" for name in ("urgent", "high", "normal", "low")),
    *("guard_every", "guard_ratio", "missed_percent", "sticky_minutes", "decline_minutes"),
)


def test_a_lead_sets_routing_up_and_its_history_is_kept(lead, signed_in):
    page = reverse("admin:tickets_routingsetup_change", args=[1])
    assert signed_in(lead).post(page, setup_data(sticky_minutes=20)).status_code == 302
    assert desk.RoutingSetup.current().sticky_minutes == 20
    assert desk.RoutingSetup.current().history.get().history_user == lead


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("guard_every", 1, "2"),
        ("guard_ratio", 0.5, "1"),
        ("assist_after_urgent", 90, "A higher priority may not wait longer"),
        ("decline_minutes", 0, "1"),
    ],
)
def test_a_setup_that_makes_no_sense_is_refused_with_the_reason(lead, signed_in, name, value, said):
    page = reverse("admin:tickets_routingsetup_change", args=[1])
    answer = signed_in(lead).post(page, setup_data(**{name: value}))
    assert answer.status_code == 200
    assert said in answer.content.decode().partition("errorlist")[2]
    assert getattr(desk.RoutingSetup.current(), name) == getattr(desk.RoutingSetup(), name)


def test_the_setup_is_neither_added_nor_removed(administrator, signed_in):
    client = signed_in(administrator)
    assert client.get(reverse("admin:tickets_routingsetup_add")).status_code == 403
    assert client.post(reverse("admin:tickets_routingsetup_delete", args=[1]), {"post": "yes"}).status_code == 403


def test_a_macro_offers_what_a_reply_can_leave_and_says_what_is_filled_in(lead, signed_in):
    form = signed_in(lead).get(reverse("admin:tickets_macro_add")).context["adminform"].form
    assert [value for value, _ in form.fields["set_status"].choices] == ["", "open", "pending", "solved"]
    assert "{{ customer }}" in form.fields["body_en"].help_text


def test_a_macro_keeps_a_status_that_is_no_longer_offered(lead, signed_in):
    macro = desk.Macro.objects.create(name="Old", set_status="on_hold", body_en="Wait.")
    form = signed_in(lead).get(reverse("admin:tickets_macro_change", args=[macro.pk])).context["adminform"].form
    assert [value for value, _ in form.fields["set_status"].choices] == ["", "open", "pending", "on_hold", "solved"]
