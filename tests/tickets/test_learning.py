"""What a desk learns: the table that comes with the product, its own requests and corrections, the figures of both, and
which table is in use."""

import json
import sys
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.tickets.factories import DepartmentFactory, TicketFactory, TopicFactory, request
from tickets import labelled_texts
from tickets.actions import learning, opening, redacting, triaging
from tickets.enums import Channel, Priority, Status
from tickets.models import Ticket, TicketTriage, TriageLabel, TriagePhrases, TriageRule, TriageTable
from tickets.tasks import learn_wordings
from tickets.wordings import Learned

pytestmark = [pytest.mark.django_db, pytest.mark.both]
TEXTS = {
    "fees": "the commission of {} puzzles me",
    "deposits": "the coins of {} left and nothing came",
    "kyc": "my passport picture of {} was refused",
}
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday")


@pytest.fixture
def folder(tmp_path):
    """A product with a few texts and one article."""
    rows = [[topic, False, text.format(day)] for topic, text in TEXTS.items() for day in DAYS]
    (tmp_path / "triage").mkdir()
    (tmp_path / "triage" / "en.json").write_text(json.dumps(rows))
    (tmp_path / "triage" / "articles.yaml").write_text("fees: [fees]\n")
    (tmp_path / "help" / "en").mkdir(parents=True)
    (tmp_path / "help" / "en" / "fees.md").write_text("---\ntitle: Fees\nquestions:\n  - what does it cost\n---\nText")
    return tmp_path


@pytest.fixture
def topics(topic):
    found = {"deposits": topic, **{key: TopicFactory(key=key) for key in ("fees", "kyc", "other", "api")}}
    rule = TriageRule.objects.create(key="api", name="API", kind="topic", topic=found["api"], weight=8)
    TriagePhrases.objects.create(rule=rule, language="en", lines="websocket")
    triaging.rules_changed()
    return found


@pytest.fixture
def table(folder, topics):
    """Learned from the product's texts, and in use."""
    row = learning.learn(folder, at=timezone.now() - timedelta(days=1), with_tickets=False).row
    row.save()
    learning.put_in_use(row)
    return row


def mail(trader, topics, body, token):
    asked = request(topics["other"], subject="Hello", body=body, token=token, channel=Channel.EMAIL)
    return opening.open_ticket(asked, by=trader)


def corrected(person, topics, body, key, number, **values):
    """Requests of several people to which an agent gave another topic."""
    for place in range(number):
        ticket = TicketFactory(
            by=person(f"trader{place % 4}"), topic=topics["other"], body=body, token=f"{key}{place}", **values
        )
        Ticket.objects.filter(pk=ticket.pk).update(topic=topics[key])
        TriageLabel.objects.create(ticket=ticket, field="topic", proposed="other", chosen=key)


# Requests


def test_a_request_gets_the_topic_that_was_learned(table, topics, trader, agent):
    ticket = mail(trader, topics, "that commission again", "1")
    assert (ticket.topic.key, ticket.triage.needs_person) == ("fees", False)
    assert "commission" in [one["words"] for one in ticket.triage.signals if one["kind"] == "learned"]
    client = Client()
    client.force_login(agent)
    text = client.get(f"/desk/tickets/{ticket.public_id}/side/").content.decode()
    assert "Learned wordings" in text
    assert '<mark class="xs" dir="auto">commission</mark>' in text


def test_switched_off_all_is_as_before(table, topics, trader):
    learning.switch_off()
    ticket = mail(trader, topics, "that commission again", "1")
    assert (ticket.topic.key, ticket.triage.needs_person) == ("other", True)
    assert ticket.triage.signals == []


def test_a_phrase_of_the_desk_always_works(table, topics, trader):
    assert mail(trader, topics, "the commission puzzles me, websocket", "1").topic.key == "api"


def test_a_table_costs_a_request_no_statement(
    table, topics, trader, django_assert_num_queries, django_assert_max_num_queries
):
    opening.open_ticket(request(topics["fees"], body="commission", token="warm"), by=trader)
    with django_assert_num_queries(1):
        assert triaging.rules().learned is not None
    with django_assert_max_num_queries(10):
        opening.open_ticket(request(topics["fees"], body="commission", token="counted"), by=trader)


def test_a_table_that_cannot_be_read_is_left_aside(table, topics, trader, caplog):
    TriageTable.objects.update(table=b"x")
    triaging.rules_changed()
    assert mail(trader, topics, "that commission again", "1").topic.key == "other"
    assert "cannot be read" in caplog.text


def test_a_redacted_word_leaves_the_learned_reasons_too(table, topics, trader, agent):
    ticket = mail(trader, topics, "that commission again", "1")
    redacting.redact_message(ticket.messages.get(), ["commission"], by=agent)
    assert "commission" not in str(TicketTriage.objects.get(ticket=ticket).signals)


def test_a_learned_word_goes_with_the_words_that_it_is_a_part_of(table, topics, trader, agent):
    ticket = mail(trader, topics, "that commission again", "1")
    redacting.redact_message(ticket.messages.get(), ["that commission again"], by=agent)
    assert "commission" not in str(TicketTriage.objects.get(ticket=ticket).signals)


def test_a_topic_that_the_desk_removed_is_left_to_a_person(table, topics, trader):
    topics["fees"].delete()
    ticket = mail(trader, topics, "that commission again", "1")
    assert ticket.topic.key == "other"
    assert TicketTriage.objects.get(ticket=ticket).needs_person


# What comes with the product


def test_the_shipped_table_comes_once_and_off_stays_off(folder, topics):
    row = learning.learn(folder, at=timezone.now(), with_tickets=False).row
    learning.write_shipped_table(row, folder)
    assert learning.add_shipped_table(folder)
    assert triaging.rules().learned is not None
    learning.switch_off()
    assert not learning.add_shipped_table(folder)
    row.texts = "newer"
    learning.write_shipped_table(row, folder)
    assert learning.add_shipped_table(folder)
    assert not TriageTable.objects.in_use()


def test_a_newer_shipped_table_takes_the_place_of_a_shipped_one_alone(table, folder):
    table.texts = "newer"
    learning.write_shipped_table(table, folder)
    learning.add_shipped_table(folder)
    used = TriageTable.objects.in_use().get()
    assert used.texts == "newer"
    TriageTable.objects.filter(pk=used.pk).update(origin=TriageTable.Origin.OWN)
    table.texts = "newest"
    learning.write_shipped_table(table, folder)
    learning.add_shipped_table(folder)
    assert TriageTable.objects.in_use().get() == used


def test_the_shipped_table_was_learned_from_the_shipped_texts(topics):
    """Who changes a text has to run `learn_triage --ship`."""
    assert learning.add_shipped_table()
    row = TriageTable.objects.get()
    assert row.texts == labelled_texts.mark_of(labelled_texts.read(learning.FOLDER))
    assert len(bytes(row.table)) < 1_000_000
    assert row.scores["with"]["macro_f1"] > row.scores["without"]["macro_f1"]
    assert Learned.from_bytes(row.table).size > 40_000


@pytest.mark.parametrize("content", ["", "{}", "[[1]]", '["text"]'])
def test_a_file_that_is_no_list_of_texts_is_refused(folder, content):
    (folder / "triage" / "en.json").write_text(content)
    if content == "{}":
        assert len(labelled_texts.read(folder)) == 1  # the article's question
        return
    with pytest.raises(labelled_texts.BadText, match=r"en\.json"):
        labelled_texts.read(folder)


def test_a_desk_works_with_the_table_of_an_earlier_release_until_set_up(table, folder, topics, trader):
    """One that knows parts of words alone; the same texts are another table for this release."""
    head, _, packed = bytes(table.table).partition(b"\n")
    written = {key: value for key, value in json.loads(head).items() if key != "gain"} | {"version": 1}
    old = json.dumps(written).encode() + b"\n" + packed
    TriageTable.objects.filter(pk=table.pk).update(table=old, texts="earlier")
    triaging.rules_changed()
    assert mail(trader, topics, "that commission again", "1").topic.key == "fees"
    learning.write_shipped_table(table, folder)
    assert learning.add_shipped_table(folder)
    assert triaging.rules().learned.gain > 0
    assert mail(trader, topics, "that commission again", "2").topic.key == "fees"


def test_what_is_meant_is_learned_for_all_languages(table, topics, trader):
    """No text says “手续费”: what the commission is in English is known in Chinese too."""
    assert mail(trader, topics, "为什么收这么多手续费", "1").topic.key == "fees"


# The desk's own requests


def test_corrections_change_what_is_learned(table, folder, topics, person):
    corrected(person, topics, "sapperlot freikarte", "kyc", 6)
    row = learning.learn(folder, at=timezone.now()).row
    assert (row.origin, row.ticket_count, row.correction_count) == (TriageTable.Origin.OWN, 6, 6)
    before, after = Learned.from_bytes(table.table), Learned.from_bytes(row.table)
    assert after.probabilities("sapperlot")["kyc"] > before.probabilities("sapperlot")["kyc"] + 0.2


def test_what_one_person_wrote_is_not_kept(folder, topics, trader):
    for number in range(4):
        ticket = TicketFactory(by=trader, topic=topics["kyc"], body="sapperlot freikarte", token=str(number))
        TriageLabel.objects.create(ticket=ticket, field="topic", chosen="kyc")
    with_them, without = (learning.learn(folder, at=timezone.now(), with_tickets=one).row for one in (True, False))
    assert with_them.ticket_count == 4
    assert Learned.from_bytes(with_them.table).size == Learned.from_bytes(without.table).size


def test_requests_are_learned_from_when_agents_are_done_with_them(topics, trader, agent):
    solved = TicketFactory(by=trader, topic=topics["fees"], token="1", body="solved words")
    open_one = TicketFactory(by=trader, topic=topics["fees"], token="2")
    discreet = TicketFactory(by=trader, topic=topics["fees"], token="3")
    spam = TicketFactory(by=trader, topic=topics["fees"], token="4")
    for ticket in (solved, discreet, spam):
        Ticket.objects.filter(pk=ticket.pk).update(status=Status.SOLVED, assignee=agent)
    Ticket.objects.filter(pk=discreet.pk).update(department=DepartmentFactory(key="compliance", is_discreet=True))
    Ticket.objects.filter(pk=spam.pk).update(status=Status.SPAM)
    assert not open_one.assignee
    (own,) = learning.own_requests()
    assert "solved words" in own.labelled.example.text
    assert (own.labelled.topic, own.labelled.example.person) == ("fees", trader.pk)


def test_a_request_that_closes_later_counts_from_when_it_was_solved(topics, trader, agent):
    """Else the table that has learned from it would be measured on it."""
    TicketFactory(by=trader, topic=topics["fees"])
    solved, closed = timezone.now() - timedelta(days=8), timezone.now() - timedelta(days=1)
    Ticket.objects.update(status=Status.CLOSED, assignee=agent, solved_at=solved, status_since=closed)
    (own,) = learning.own_requests()
    assert own.at == solved


def test_an_urgent_request_about_security_is_an_alarm(topics, trader, agent):
    security = TopicFactory(key="security")
    ticket = TicketFactory(by=trader, topic=security, token="1")
    Ticket.objects.filter(pk=ticket.pk).update(status=Status.SOLVED, assignee=agent, priority=Priority.URGENT)
    (own,) = learning.own_requests()
    assert (own.labelled.example.label, own.labelled.topic) == ("security!", "security")


# Every night


def test_too_few_corrections_change_nothing(table, folder, topics, person):
    corrected(person, topics, "sapperlot freikarte", "kyc", learning.LEAST_CORRECTIONS - 1)
    assert learning.learn_from_corrections(folder) is None


def test_enough_corrections_bring_a_new_table_where_it_is_no_worse(table, folder, topics, person):
    corrected(person, topics, "sapperlot freikarte", "kyc", learning.LEAST_CORRECTIONS)
    used = learning.learn_from_corrections(folder)
    assert used == TriageTable.objects.in_use().get() != table
    assert triaging.rules().learned.probabilities("sapperlot")["kyc"] > 0.5
    assert learning.learn_from_corrections(folder) is None  # nothing new since


def test_a_worse_table_is_kept_aside(table, folder, topics, person):
    """Corrections that contradict the product's texts spoil what was known: the old table stays."""
    TriageTable.objects.filter(pk=table.pk).update(scores={"texts": {"macro_f1": 1.0}})
    for key, other in (("fees", "kyc"), ("kyc", "deposits"), ("deposits", "fees")):
        corrected(person, topics, TEXTS[other].format("monday"), key, 20)
    assert learning.learn_from_corrections(folder) == table
    assert TriageTable.objects.count() == 2
    assert TriageTable.objects.in_use().get() == table


def test_figures_on_other_texts_keep_no_table_out(table, folder, topics, person):
    TriageTable.objects.filter(pk=table.pk).update(scores={"texts": {"macro_f1": 1.0}}, texts="earlier")
    corrected(person, topics, "sapperlot freikarte", "kyc", learning.LEAST_CORRECTIONS)
    assert learning.learn_from_corrections(folder) == TriageTable.objects.in_use().get() != table


def test_nothing_is_learned_while_it_is_off(table, folder, topics, person):
    corrected(person, topics, "sapperlot freikarte", "kyc", learning.LEAST_CORRECTIONS)
    learning.switch_off()
    assert learning.learn_from_corrections(folder) is None


@pytest.fixture
def started(monkeypatch):
    """The processes that were started, as what was asked of them."""
    found = []
    monkeypatch.setattr(learning.subprocess, "Popen", lambda command, **_: found.append(command))
    return found


def test_the_worker_starts_a_process_and_goes_on(table, topics, person, started):
    corrected(person, topics, "sapperlot freikarte", "kyc", learning.LEAST_CORRECTIONS - 1)
    assert not learn_wordings.call()
    assert started == []
    corrected(person, topics, "sapperlot freikarte", "fees", 1)
    assert learn_wordings.call()
    assert started == [[sys.executable, "-m", "django", "learn_triage", "--from-corrections"]]
    assert not TriageTable.objects.exclude(pk=table.pk).exists()


def test_no_process_is_started_while_it_is_off(table, topics, person, started):
    corrected(person, topics, "sapperlot freikarte", "kyc", learning.LEAST_CORRECTIONS)
    learning.switch_off()
    assert not learn_wordings.call()
    assert started == []


def test_the_process_learns_where_there_is_enough(table, folder, topics, person, capsys, monkeypatch):
    monkeypatch.setattr("os.nice", lambda _: 0)
    call_command("learn_triage", folder=folder, is_nightly=True)
    assert "Nothing was learned" in capsys.readouterr().out
    corrected(person, topics, "sapperlot freikarte", "kyc", learning.LEAST_CORRECTIONS)
    call_command("learn_triage", folder=folder, is_nightly=True)
    assert TriageTable.objects.in_use().get() != table
    assert "In use" in capsys.readouterr().out


def test_what_a_lead_chose_while_the_desk_learned_holds(table, folder, topics, person, monkeypatch):
    def switched_off_meanwhile(attempt, used):
        learning.switch_off()
        return True

    monkeypatch.setattr(learning, "is_no_worse", switched_off_meanwhile)
    corrected(person, topics, "sapperlot freikarte", "kyc", learning.LEAST_CORRECTIONS)
    assert learning.learn_from_corrections(folder) is None
    assert not TriageTable.objects.in_use()


def test_the_newest_table_that_came_with_the_product_is_not_brought_again(folder, topics):
    row = learning.learn(folder, at=timezone.now(), with_tickets=False).row
    learning.write_shipped_table(row, folder)
    learning.add_shipped_table(folder)
    for _ in range(learning.KEPT + 1):
        own = TriageTable.objects.create(origin=TriageTable.Origin.OWN)
    learning.put_in_use(own)
    learning.forget_tables()
    assert not learning.add_shipped_table(folder)


def test_old_tables_are_forgotten(table):
    for _ in range(learning.KEPT + 2):
        TriageTable.objects.create(origin=TriageTable.Origin.OWN)
    learning.forget_tables()
    assert TriageTable.objects.count() == learning.KEPT + 1
    assert TriageTable.objects.in_use().get() == table


# For operators


def test_the_command_prints_figures_and_puts_the_table_in_use(folder, topics, capsys):
    call_command("learn_triage", folder=folder, is_trial=True)
    assert not TriageTable.objects.exists()
    call_command("learn_triage", folder=folder)
    printed = capsys.readouterr().out
    assert "19 texts" in printed
    assert "F1 0.000 -> 1.000" in printed
    assert "commission" not in printed
    assert TriageTable.objects.in_use().get().text_count == 19


def test_the_command_needs_rules_and_texts(folder, tmp_path, topic):
    with pytest.raises(CommandError, match="set_up"):
        call_command("learn_triage", folder=folder)
    triaging.rules_changed()
    TriageRule.objects.create(key="x", name="X", kind="topic", topic=topic)
    (folder / "triage" / "en.json").write_text("no list")
    with pytest.raises(CommandError, match=r"en\.json"):
        call_command("learn_triage", folder=folder)


def test_leads_see_figures_and_switch(table, team_lead):
    client = Client()
    client.force_login(team_lead)
    listed = reverse("admin:tickets_triagetable_changelist")
    page = client.get(reverse("admin:tickets_triagetable_change", args=[table.pk])).content.decode()
    assert "0.00 → 1.00" in page
    chosen = {"_selected_action": [table.pk]}
    client.post(listed, {"action": "switch_off", **chosen})
    assert not TriageTable.objects.in_use()
    client.post(listed, {"action": "use", **chosen})
    assert TriageTable.objects.in_use().get() == table


def test_who_may_only_look_does_not_switch(table, agent):
    from django.contrib.auth.models import Permission

    agent.user_permissions.add(Permission.objects.get(codename="view_triagetable"))
    client = Client()
    client.force_login(agent)
    client.post(
        reverse("admin:tickets_triagetable_changelist"), {"action": "switch_off", "_selected_action": [table.pk]}
    )
    assert TriageTable.objects.in_use().exists()


def test_a_tried_text_shows_what_was_learned(table, team_lead):
    client = Client()
    client.force_login(team_lead)
    answer = client.post(
        reverse("admin:tickets_triagerule_try"), {"text": "that commission again", "topic": "", "language": "en"}
    )
    text = answer.content.decode()
    assert "<mark>commission</mark>" in text
    assert "Learned wordings" in text
    assert answer.context["shares"][0][0].key == "fees"
