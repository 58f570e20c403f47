"""The pages on which a wording is chosen: both side by side, the buttons, and who is led past them."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from helpcenter.models import Synonym
from supportdesk.releases.models import ShippedRow
from supportdesk.releases.sides import Line, parts
from tests.helpcenter.dom import read
from tests.tickets.factories import TopicFactory
from tickets.actions.shipped_rows import TopicFields, Topics, TriageRules
from tickets.models import TriagePhrases, TriageRule

pytestmark = pytest.mark.django_db
LIST = reverse("admin:releases_shippedrow_changelist")


@pytest.fixture
def offer(db):
    rule = TriageRule.objects.create(key="deposits", name="Deposit", topic=TopicFactory(key="deposits"))
    TriagePhrases.objects.create(rule=rule, language="ja", lines="入金\n<b>送金</b>")
    with transaction.atomic():
        present = TriageRules().present()["deposits"]
    new = present | {"phrases.ja": "入金\n着金", "weight": 3}
    return ShippedRow.objects.create(kind="tickets.triagerule", key="deposits", base={}, offered=new)


@pytest.fixture
def lead(person):
    client = Client()
    client.force_login(person("Team leads"))
    return client


def address(name, row):
    return reverse(f"admin:releases_shippedrow_{name}", args=[row.pk])


def shown(client, row):
    return read(client, address("change", row))


def test_the_list_names_what_waits(offer, lead):
    assert "deposits" in lead.get(LIST).content.decode()


def test_both_wordings_stand_side_by_side(offer, lead):
    found = shown(lead, offer)
    assert [cell.words for cell in found.all("del")] == ["1.0", "<b>送金</b>"]
    assert [cell.words for cell in found.all("ins")] == ["3", "着金"]


@pytest.mark.both
@pytest.mark.django_db(transaction=True)
def test_the_comparison_reads_what_it_locks_in_a_transaction(offer, lead):
    assert shown(lead, offer).one("input", name="mark")["value"]


def test_buttons_without_the_mark_of_what_was_seen_choose_nothing(offer, lead):
    lead.post(address("choose", offer), {"take": "1"})
    offer.refresh_from_db()
    assert offer.offered is not None


def test_a_text_says_its_language(offer, lead):
    assert [body.get("lang") for body in shown(lead, offer).main.all("tbody")] == [None, "ja"]


def test_the_button_takes_the_releases(offer, lead):
    mark = shown(lead, offer).one("input", name="mark")["value"]
    answer = lead.post(address("choose", offer), {"mark": mark, "take": "1"})
    assert answer.url == LIST
    assert TriagePhrases.objects.get().lines == "入金\n着金"


def test_the_other_button_keeps_ones_own(offer, lead):
    mark = shown(lead, offer).one("input", name="mark")["value"]
    lead.post(address("choose", offer), {"mark": mark, "keep": "1"})
    assert TriagePhrases.objects.get().lines == "入金\n<b>送金</b>"
    assert not ShippedRow.objects.offered().exists()


def test_a_change_in_between_is_told_and_nothing_is_stored(offer, lead):
    answer = lead.post(address("choose", offer), {"mark": "of another day", "take": "1"}, follow=True)
    assert "has changed since this was shown" in answer.content.decode()
    assert ShippedRow.objects.offered().exists()


def test_looking_at_the_address_of_the_buttons_chooses_nothing(offer, lead):
    assert lead.get(address("choose", offer)).status_code == 405
    assert ShippedRow.objects.offered().exists()


@pytest.mark.parametrize("group", ["Content editors", "Agents", "Translators"])
def test_who_may_not_change_rules_finds_nothing(offer, person, group):
    client = Client()
    client.force_login(person(group))
    assert client.post(address("choose", offer), {"take": "1"}).status_code == 404
    assert client.get(address("change", offer)).status_code in (302, 403)
    assert TriagePhrases.objects.get().lines == "入金\n<b>送金</b>"


def test_a_row_that_is_gone_here_can_be_looked_at(person):
    content = {"language": "en", "words": "bitcoin, btc"}
    row = ShippedRow.objects.create(kind="helpcenter.synonym", key="en bitcoin|btc", offered=content)
    client = Client()
    client.force_login(person("Content editors"))
    assert "bitcoin, btc" in shown(client, row).words
    assert not Synonym.objects.exists()


def test_what_a_part_is_called():
    named = {kind().part_label(name) for kind, name in ((Topics, "name.ja"), (Topics, "solves_itself"))}
    assert named == {"name · 日本語", "solved when the customer stays silent"}
    assert TriageRules().part_label("phrases.form") == "phrases · Answers of the form"


def test_choices_and_truth_are_told_in_words():
    mine = {"is_required": True, "choices": [{"value": "BTC"}]}
    new = {"is_required": False, "choices": [{"value": "BTC"}, {"value": "other", "label.en": "Other"}]}
    found = {part.label: part.lines for part in parts(TopicFields(), mine, new)}
    assert found == {
        "required": [Line("Yes", "No")],
        "choices": [Line("BTC", "BTC"), Line(None, "other · Other")],
    }


def test_long_runs_of_the_same_are_folded():
    same = "\n".join(map(str, range(9)))
    found = parts(TopicFields(), {"hint.en": f"{same}\na"}, {"hint.en": f"{same}\nb"})[0]
    assert [line.mine for line in found.lines] == ["0", "…", "8", "a"]
