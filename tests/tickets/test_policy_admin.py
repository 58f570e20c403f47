"""What is promised is set up in the admin by somebody who has never seen JSON: rows, hours as people write them, errors
in their place, holidays from a file, an example to try."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from tests.tickets.factories import office, policy, published
from tickets.actions import publishing_policies
from tickets.enums import Metric, Priority
from tickets.models import Calendar, CalendarDate, Clock, PolicyEdition, SlaPolicy, WarnLevel

pytestmark = pytest.mark.django_db

SHIPPED = {
    "urgent": (15, 30, 240),
    "high": (60, 120, 1440),
    "normal": (240, 480, 4320),
    "low": (480, 960, 10080),
}


@pytest.fixture
def lead(team_lead):
    client = Client()
    client.force_login(team_lead)
    return client


def dates(*rows, first=0):
    """What the form posts for the special dates."""
    data = {"dates-TOTAL_FORMS": len(rows), "dates-INITIAL_FORMS": first}
    for place, row in enumerate(rows):
        data |= {f"dates-{place}-{name}": value for name, value in row.items()}
    return data


def calendar_data(**values):
    return {"key": "seoul", "name": "Seoul", "tz": "Asia/Seoul", "monday": "9:00", **dates(), **values}


def policy_data(**values):
    minutes = {f"{priority}_first_reply": 30 for priority in Priority.values}
    return {"name": "Korean", "order": 1, "tiers": "", **minutes, **values}


def errors_of(answer):
    return answer.context["adminform"].form.errors


def test_a_calendar_is_written_as_people_write_hours(lead):
    data = calendar_data(
        monday="09:00 - 12:00,13:00–18:00",
        **dates(
            {"day": "2026-12-24", "hours": "09:00-12:00", "name": "Christmas Eve"},
            {"day": "2026-12-25", "hours": "", "name": "Christmas"},
        ),
    )
    answer = lead.post(reverse("admin:tickets_calendar_add"), data)
    assert answer.status_code == 302, errors_of(answer)
    assert Calendar.objects.get().monday == "09:00-12:00, 13:00-18:00"
    content = PolicyEdition.objects.get().content["calendars"]["seoul@1"]
    assert content["hours"]["0"] == [["09:00", "12:00"], ["13:00", "18:00"]]
    assert content["holidays"] == ["2026-12-25"]


def test_several_errors_are_told_each_in_its_place_and_nothing_typed_is_lost(lead):
    data = calendar_data(
        key="24x7",
        tz="Seoul",
        monday="nine to five",
        sunday="18:00-09:00",
        **dates({"day": "2026-12-24", "hours": "?"}),
    )
    answer = lead.post(reverse("admin:tickets_calendar_add"), data)
    assert set(errors_of(answer)) == {"key", "tz", "monday", "sunday"}
    assert "hours" in answer.context["inline_admin_formsets"][0].formset.errors[0]
    assert "nine to five" in answer.content.decode()
    assert not Calendar.objects.exists()


def test_a_calendar_is_never_removed(lead):
    calendar = office()
    assert lead.post(reverse("admin:tickets_calendar_delete", args=[calendar.pk]), {"post": "yes"}).status_code == 403


def test_a_policy_has_its_minutes_in_one_table(lead):
    seoul = office()
    data = policy_data(
        languages=["ko", "ja"],
        tiers="VIP, market-maker",
        calendar_normal=seoul.pk,
        normal_resolution=600,
        low_first_reply="",
    )
    answer = lead.post(reverse("admin:tickets_slapolicy_add"), data)
    assert answer.status_code == 302, errors_of(answer)
    (korean, everybody) = PolicyEdition.objects.get().content["policies"]
    assert korean["match"] == {"topic": [], "language": ["ja", "ko"], "tier": ["market-maker", "vip"], "channel": []}
    assert korean["targets"]["normal"] == {"first_reply": 30, "resolution": 600}
    assert "low" not in korean["targets"]
    assert korean["calendar"]["normal"] == "seoul@1"
    assert everybody["name"] == "Everybody@1"


def test_what_is_shipped_is_shown_and_changed(lead):
    everybody = SlaPolicy.objects.get()
    address = reverse("admin:tickets_slapolicy_change", args=[everybody.pk])
    form = lead.get(address).context["adminform"].form
    shown = {p: tuple(form.initial[f"{p}_{m}"] for m in ("first_reply", "next_reply", "resolution")) for p in SHIPPED}
    assert shown == SHIPPED
    answer = lead.post(address, policy_data(name="Everybody", order=100), follow=True)
    assert everybody.targets.count() == 4
    assert "holds for new tickets within seconds" in answer.content.decode()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"tiers": "v i p"}, "tiers"),
        ({"urgent_first_reply": 0}, "urgent_first_reply"),
        ({"urgent_first_reply": "soon"}, "urgent_first_reply"),
        ({"languages": ["tlh"]}, "languages"),
        ({f"{priority}_first_reply": "" for priority in Priority.values}, "__all__"),
    ],
)
def test_a_policy_that_cannot_be_is_told_where(lead, values, field):
    answer = lead.post(reverse("admin:tickets_slapolicy_add"), policy_data(**values))
    assert list(errors_of(answer)) == [field]
    assert not PolicyEdition.objects.exists()


def test_a_policy_that_is_never_asked_is_named(lead):
    answer = lead.post(reverse("admin:tickets_slapolicy_add"), policy_data(order=200, languages=["ko"]), follow=True)
    assert "“Korean” is never asked: “Everybody” comes before it" in answer.content.decode()


def test_a_narrow_policy_hides_no_wide_one(team_lead):
    narrow, wide = policy("Narrow", languages=["ko"], order=1), policy("Wide", languages=["ko", "ja"], order=2)
    both = policy("Both", languages=["ja"], tiers=["vip"], order=3)
    assert publishing_policies.never_asked([narrow, wide, both]) == [(both, wide)]


def test_removing_a_policy_holds_too(lead):
    korean = policy("Korean", languages=["ko"])
    lead.post(reverse("admin:tickets_slapolicy_delete", args=[korean.pk]), {"post": "yes"})
    assert [one["name"] for one in PolicyEdition.objects.get().content["policies"]] == ["Everybody@1"]


def test_an_earlier_version_that_is_put_back_holds(lead, team_lead):
    korean = policy("Korean", languages=["ko"])
    korean.languages = ["ja"]
    korean.save()
    published(team_lead)
    first = korean.history.last()
    address = reverse("admin:tickets_slapolicy_simple_history", args=[korean.pk, first.history_id])
    answer = lead.post(address, policy_data(languages=["ko"]))
    assert answer.status_code == 302
    policies = {one["name"]: one for one in PolicyEdition.objects.order_by("number").last().content["policies"]}
    assert policies["Korean@2"]["match"]["language"] == ["ko"]


# Holidays


HOLIDAYS = 'date,name\n2026-12-25,Christmas\n\n2027-01-01,"New Year, the first"\n'


def holidays(lead, calendar, text, **more):
    return lead.post(reverse("admin:tickets_calendar_holidays", args=[calendar.pk]), {"text": text, **more})


def test_holidays_are_compared_first_and_then_added(lead):
    calendar = office()
    CalendarDate.objects.create(calendar=calendar, day=date(2026, 12, 25), hours="10:00-12:00")
    words = holidays(lead, calendar, HOLIDAYS).content.decode()
    assert "The date is there already" in words
    assert "Closed on this day." in words
    assert calendar.dates.count() == 1
    assert holidays(lead, calendar, HOLIDAYS, _apply="1").status_code == 302
    assert calendar.dates.get(day=date(2027, 1, 1)).name == "New Year, the first"
    assert calendar.dates.get(day=date(2026, 12, 25)).hours == "10:00-12:00"
    assert PolicyEdition.objects.count() == 1


def test_each_wrong_line_is_named_and_nothing_is_added(lead):
    calendar = office()
    text = "2026-12-25,Christmas\n25.12.2026,Christmas\n2026-12-25,Again\n2026-12-31," + "x" * 81
    words = holidays(lead, calendar, text, _apply="1").content.decode()
    for wanted in ("“25.12.2026” is no date", "stands in line 1 already", "longer than 80"):
        assert wanted in words
    assert "25.12.2026,Christmas" in words
    assert not calendar.dates.exists()


@pytest.mark.parametrize(
    ("content", "words"), [(b"2026-12-25,\xff\xfe", "not in UTF-8"), (b"x" * 200_001, "larger than 200 kB")]
)
def test_a_file_that_cannot_be_read_says_what_to_do(lead, content, words, tmp_path):
    file = tmp_path / "holidays.csv"
    file.write_bytes(content)
    with file.open("rb") as opened:
        answer = lead.post(reverse("admin:tickets_calendar_holidays", args=[office().pk]), {"file": opened})
    assert words in answer.content.decode()


def test_a_file_is_read_with_its_mark(lead, tmp_path):
    file = tmp_path / "holidays.csv"
    file.write_bytes("\ufeff2026-12-25,크리스마스".encode())
    with file.open("rb") as opened:
        answer = lead.post(reverse("admin:tickets_calendar_holidays", args=[office().pk]), {"file": opened})
    assert [line.name for line, _there in answer.context["rows"]] == ["크리스마스"]


def test_who_does_not_lead_adds_no_holidays(agent):
    client = Client()
    client.force_login(agent)
    assert holidays(client, office(), HOLIDAYS, _apply="1").status_code == 403


# An example


def test_what_is_promised_to_an_example(lead, team_lead, topic):
    policy("Korean", {"normal": {"first_reply": 60}}, languages=["ko"], calendar_normal=office())
    published(team_lead)
    example = {
        "topic": topic.key,
        "language": "ko",
        "tier": "",
        "channel": "web",
        "priority": "normal",
        "at": "2026-11-20T08:30",  # a Friday, 17:30 in Seoul
    }
    answer = lead.get(reverse("admin:tickets_slapolicy_promised"), example)
    first, following, _resolution = answer.context["rows"]
    assert (first["policy"], first["due"]) == ("Korean@1", datetime(2026, 11, 23, 0, 30, tzinfo=UTC))
    assert "due" not in following
    assert "Mon 2026-11-23 00:30" in answer.content.decode()
    wrong = lead.get(reverse("admin:tickets_slapolicy_promised"), example | {"at": "tomorrow"})
    assert "at" in wrong.context["form"].errors


def test_the_list_says_how_far_open_tickets_are(lead, team_lead, ticket):
    published(team_lead)
    words = lead.get(reverse("admin:tickets_slapolicy_changelist")).content.decode()
    assert "1 open ticket is still to be looked at" in words


def test_another_level_is_looked_for_at_once(lead, ticket):
    Clock.objects.update(notify_at=None)
    lead.post(reverse("admin:tickets_warnlevel_add"), {"percent": 50, "tells_leads": "on"})
    assert WarnLevel.objects.filter(percent=50).exists()
    assert Clock.objects.filter(notify_at__isnull=False).count() == 2
    assert ticket.clocks.filter(metric=Metric.FIRST_REPLY).exists()
