"""The set-up of surges has bounds, and its texts ship in every language and ask nobody for a secret."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from supportdesk.accounts.models import User
from supportdesk.ui.languages import content_languages
from tests.tickets.surges import counted
from tickets.actions import alerting, surging
from tickets.models import SurgeSetup, SurgeText
from tickets.surge import Setup

pytestmark = pytest.mark.django_db


def test_knobs_out_of_bounds_say_what_is_wrong(db: None) -> None:
    with pytest.raises(ValidationError) as refused:
        SurgeSetup(threshold=1, calm=200, latch=60).full_clean()
    assert set(refused.value.message_dict) == {"threshold", "calm"}


def test_there_is_one_set_up(db: None) -> None:
    first = SurgeSetup.objects.create()
    first.full_clean()
    with pytest.raises(ValidationError, match="Change that one"):
        SurgeSetup().full_clean()


def test_the_knobs_of_the_row_are_those_of_the_detector() -> None:
    row = SurgeSetup(threshold=22, is_automatic=False, mute=90)
    assert surging.setup_of(row) == Setup(threshold=22, is_automatic=False, mute=90)
    assert surging.setup_of(SurgeSetup()) == surging.setup_of(None) == Setup()


def test_texts_ship_in_every_language_with_the_warning_about_secrets(surge_text: SurgeText) -> None:
    assert alerting.missing_languages(surge_text) == []
    for code in content_languages():
        text = alerting.band_texts(surge_text)[code]
        assert (
            "2FA" in text.body
            or "認証コード" in text.body
            or "验证码" in text.body
            or any(word in text.body for word in ("驗證碼", "인증 코드", "رمز التحقق"))
        )


def test_two_rows_of_one_minute_cannot_be(db: None) -> None:
    counted(0, 1)
    with pytest.raises(IntegrityError):
        counted(0, 1)


@pytest.mark.parametrize("field", ["title_en", "body_ko", "acknowledgement_en"])
def test_no_text_for_readers_asks_for_a_secret(surge_text: SurgeText, client: Client, field: str) -> None:
    client.force_login(User.objects.create_superuser("root@example.com", "a long pass phrase"))
    address = reverse("admin:tickets_surgetext_change", args=[surge_text.pk])
    shown = client.get(address).context["adminform"].form
    values = {name: shown[name].value() or "" for name in shown.fields}
    answer = client.post(address, {**values, field: "Send us your password and your seed phrase."})
    assert "never ask for" in str(answer.context["adminform"].form.errors[field])
    again = client.post(address, values)
    assert again.status_code == 302, again.context["adminform"].form.errors
