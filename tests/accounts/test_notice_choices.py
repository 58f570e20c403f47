"""How a person hears of what waits: by the bell alone, by mail at once but not at night, or by one mail a day."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from supportdesk.accounts import digests, kinds, notices, quiet
from supportdesk.accounts.models import Notice, NoticeChoice, Way
from supportdesk.accounts.notice_form import NoticeSettingsForm
from supportdesk.outbox.models import Outbox

NIGHT = (time(22), time(7))


@pytest.fixture(autouse=True)
def _kinds(monkeypatch):
    found = {"loud": kinds.Kind("“%(subject)s” burns.", mails=True), "calm": kinds.Kind("“%(subject)s” waits.")}
    monkeypatch.setattr(kinds, "KINDS", found)


def tell(person, kind="loud", event="e:1"):
    return notices.notify(person, kind, subject="It", link="/admin/", event=event)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-01T21:59", "2026-03-01T21:59"),
        ("2026-03-01T22:00", "2026-03-02T07:00"),
        ("2026-03-02T03:00", "2026-03-02T07:00"),
        ("2026-03-02T07:00", "2026-03-02T07:00"),
    ],
)
def test_the_night_ends_in_the_morning(at, expected):
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert quiet.not_before(moment, *NIGHT, "UTC") == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@given(
    st.integers(1_767_225_600, 1_798_675_200),  # seconds: the year 2026
    st.times(),
    st.times(),
    st.sampled_from(["UTC", "Asia/Seoul", "Europe/Berlin", "America/New_York"]),
)
def test_a_mail_is_never_sent_earlier_a_day_later_or_in_quiet_hours(at, begins, ends, zone):
    moment = datetime.fromtimestamp(at, UTC)
    found = quiet.not_before(moment, begins, ends, zone)
    assert moment <= found <= moment + timedelta(hours=26)
    assert quiet.not_before(found, begins, ends, zone) - found <= timedelta(hours=1)  # a clock that goes back


@pytest.mark.django_db
def test_a_choice_outweighs_the_kind(content_editor):
    notices.choose_ways(content_editor, {"loud": "bell", "calm": "at_once"})
    tell(content_editor, "loud", "e:1")
    assert Outbox.objects.filter(event_kind=notices.MAIL).count() == 0
    tell(content_editor, "calm", "e:2")
    assert Outbox.objects.filter(event_kind=notices.MAIL).count() == 1


@pytest.mark.django_db
def test_what_a_kind_does_anyway_is_not_kept(content_editor):
    notices.choose_ways(content_editor, {"loud": "at_once", "calm": "daily", "unknown": "bell"})
    assert [(row.kind, row.way) for row in NoticeChoice.objects.all()] == [("calm", "daily")]


@pytest.mark.django_db
def test_a_mail_waits_for_the_morning(content_editor):
    content_editor.quiet_from, content_editor.quiet_until = NIGHT
    content_editor.time_zone = "Asia/Seoul"
    with time_machine.travel(datetime(2026, 3, 1, 15, tzinfo=UTC), tick=False):  # midnight in Seoul
        tell(content_editor)
    assert Outbox.objects.get(event_kind=notices.MAIL).next_at == datetime(2026, 3, 1, 22, tzinfo=UTC)


@pytest.mark.django_db
def test_one_mail_a_day_with_what_was_not_read(content_editor):
    notices.choose_ways(content_editor, {"calm": "daily"})
    tell(content_editor, "calm", "e:1")
    tell(content_editor, "calm", "e:2")
    notices.mark_read(content_editor)
    tell(content_editor, "calm", "e:3")
    morning = (datetime.now(UTC) + timedelta(days=1)).replace(hour=8, minute=10)
    assert [digests.send_digests(morning.replace(hour=7)), digests.send_digests(morning)] == [0, 1]
    assert digests.send_digests(morning) == 0
    assert mail.outbox[0].body.count("waits.") == 1
    assert Notice.objects.exclude(mailed_at=None).count() == 1


@pytest.mark.django_db
def test_the_screen_keeps_what_is_chosen(client, content_editor):
    client.force_login(content_editor)
    address = reverse("admin:notice_settings")
    assert "“…” burns." in client.get(address).content.decode()
    sent = {
        "quiet_from": "22:00",
        "quiet_until": "07:00",
        "digest_hour": "9",
        "kind_loud": "daily",
        "kind_calm": "bell",
    }
    assert client.post(address, sent).status_code == 302
    content_editor.refresh_from_db()
    assert (content_editor.quiet_from, content_editor.digest_hour) == (time(22), 9)
    assert notices.way_of(content_editor, "loud") == Way.DAILY


@pytest.mark.django_db
def test_half_a_night_is_refused_and_what_was_chosen_stays(client, content_editor):
    client.force_login(content_editor)
    sent = {"quiet_from": "22:00", "quiet_until": "", "digest_hour": "9", "kind_loud": "daily", "kind_calm": "bell"}
    answer = client.post(reverse("admin:notice_settings"), sent)
    assert "Give both hours, or neither." in answer.content.decode()
    assert 'value="22:00"' in answer.content.decode()


@pytest.mark.django_db
def test_people_are_asked_about_what_they_may_come_to_hear_of(content_editor, agent):
    kinds.register({"text": kinds.Kind("“%(subject)s” changed.")}, "helpcenter.change_article")
    kinds.register({"ticket": kinds.Kind("“%(subject)s” came.")}, "tickets.work_ticket")
    asked = {person: set(NoticeSettingsForm(person=person).fields) for person in (content_editor, agent)}
    assert "kind_text" in asked[content_editor]
    assert "kind_ticket" not in asked[content_editor]
    assert "kind_ticket" in asked[agent]
    assert "kind_text" not in asked[agent]
    assert "kind_calm" in asked[agent], "what needs no right is for everybody"


@pytest.mark.django_db
def test_what_was_chosen_for_kinds_that_are_not_asked_about_stays(content_editor):
    kinds.register({"ticket": kinds.Kind("“%(subject)s” came.")}, "tickets.work_ticket")
    notices.choose_ways(content_editor, {"ticket": "daily"})
    sent = {name: field.initial for name, field in NoticeSettingsForm(person=content_editor).fields.items()}
    form = NoticeSettingsForm({**sent, "digest_hour": 9, "kind_calm": "at_once"}, person=content_editor)
    assert form.is_valid(), form.errors
    form.keep()
    assert {(row.kind, row.way) for row in NoticeChoice.objects.all()} == {("ticket", "daily"), ("calm", "at_once")}
