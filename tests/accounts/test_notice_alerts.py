"""A sound and a message of the browser for those who wish them, and for nobody else."""

import io
import wave

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from supportdesk.accounts.models import User
from supportdesk.ui import chime

ALERTS = ("data-sound=", "data-window=")


@pytest.fixture
def desk(agent: User) -> Client:
    client = Client()
    client.force_login(agent)
    return client


def save(client: Client, **wishes: str) -> None:
    address = reverse("admin:notice_settings")
    form = client.get(address).context["form"]
    kinds = {name: field.initial for name, field in form.fields.items() if name.startswith("kind_")}
    assert client.post(address, {**kinds, "digest_hour": "8", **wishes}).status_code == 302


def bell(client: Client, page: str) -> str:
    text = client.get(reverse(page)).content.decode()
    return text[text.index('<div class="sd-bell"') :].partition(">")[0]


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["admin:index", "workspace:queue"])
def test_nothing_is_heard_without_the_wish(desk: Client, page: str) -> None:
    assert not any(alert in bell(desk, page) for alert in ALERTS)


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["admin:index", "workspace:queue"])
@pytest.mark.parametrize(("wish", "alert"), [("notice_sound", 0), ("notice_window", 1)])
def test_each_wish_brings_its_own(desk: Client, page: str, wish: str, alert: int) -> None:
    save(desk, **{wish: "on"})
    assert [one in bell(desk, page) for one in ALERTS] == [alert == 0, alert == 1]
    save(desk)
    assert not any(one in bell(desk, page) for one in ALERTS)


@pytest.mark.django_db
def test_a_wish_is_ones_own(desk: Client, agent: User, content_editor: User) -> None:
    save(desk, notice_sound="on", notice_window="on")
    agent.refresh_from_db()
    content_editor.refresh_from_db()
    assert (agent.notice_sound, agent.notice_window) == (True, True)
    assert (content_editor.notice_sound, content_editor.notice_window) == (False, False)


@pytest.mark.django_db
def test_a_trader_has_no_such_page(client: Client, trader: User) -> None:
    client.force_login(trader)
    assert client.post(reverse("admin:notice_settings"), {"notice_sound": "on", "digest_hour": "8"}).status_code != 200
    trader.refresh_from_db()
    assert not trader.notice_sound


@pytest.mark.django_db
def test_the_browser_is_asked_by_a_button_alone(desk: Client) -> None:
    text = desk.get(reverse("admin:notice_settings")).content.decode()
    assert "data-ask hidden" in text
    script = (settings.BASE_DIR / "supportdesk/ui/static/ui/js/bell.js").read_text()
    assert "requestPermission" not in script


def test_the_sound_is_what_our_script_makes_and_small() -> None:
    shipped = chime.FILE.read_bytes()
    assert shipped == chime.chime()
    assert len(shipped) < 10_000
    with wave.open(io.BytesIO(shipped)) as sound:
        assert (sound.getnchannels(), sound.getnframes() / sound.getframerate()) == (1, pytest.approx(0.6, abs=0.01))


def test_the_sound_begins_and_ends_in_silence() -> None:
    with wave.open(io.BytesIO(chime.chime())) as sound:
        samples = sound.readframes(sound.getnframes())
    assert abs(samples[0] - 128) <= 1
    assert abs(samples[-1] - 128) <= 1
    assert max(samples) > 160


def test_the_policy_lets_sounds_of_our_own_host_alone() -> None:
    assert settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["media-src"] == ["'self'"]
