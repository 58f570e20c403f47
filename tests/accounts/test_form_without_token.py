"""A form that comes without the token of its browser: the way back leads to the page where it stood."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
FORM = "/en/tickets/new/?topic=other"


def refused(**headers: str) -> str:
    answer = Client(enforce_csrf_checks=True).post("/en/tickets/new/", {"body": "Words."}, headers=headers)
    assert answer.status_code == 403
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.content.decode()


def test_the_refusal_leads_back_to_the_form() -> None:
    text = refused(Referer=f"http://testserver{FORM}")
    assert f'href="{FORM}"' in text
    assert "Back to the form" in text


def test_the_draft_of_the_tab_is_told_to_stay() -> None:
    assert "data-not-sent" in refused()


@pytest.mark.parametrize(
    "referer", ["", "https://elsewhere.example/en/tickets/new/", "javascript:alert(1)", "//elsewhere.example/"]
)
def test_nobody_is_led_to_another_site(referer: str) -> None:
    text = refused(Referer=referer)
    assert "Back to the sign-in" in text
    assert "elsewhere.example" not in text
    assert "javascript:" not in text


def test_a_path_of_ours_that_looks_like_another_site_is_a_path() -> None:
    text = refused(Referer="http://testserver//elsewhere.example/x")
    assert 'href="//' not in text
