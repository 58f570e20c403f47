"""Apps link to one another's screens by the name of a place; where no app offers it, no link is drawn."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import override

from supportdesk.ui import places

LANGUAGES = ["en", "zh-hans", "ja", "ko", "ar"]


@pytest.fixture
def named(monkeypatch):
    """Places of a test alone."""
    monkeypatch.setattr(places, "_NAMES", dict(places._NAMES))
    return places.register


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_place_is_a_path_in_the_language_of_the_page(named, language):
    named("news", "helpcenter:announcements")
    with override(language):
        assert places.address("news") == f"/{language}/announcements/"


@pytest.mark.parametrize("place", ["", "nowhere", "helpcenter:home", "Home"])
def test_a_place_that_nobody_named_has_no_address(place):
    assert places.address(place) == ""


@pytest.mark.parametrize("url_name", ["helpcenter:missing", "missing:home", "helpcenter:article", ""])
def test_a_place_whose_screen_is_not_there_or_needs_more_has_no_address(named, url_name):
    named("broken", url_name)
    assert places.address("broken") == ""


def test_the_last_who_names_a_place_gives_its_screen(named):
    named("news", "helpcenter:search")
    named("news", "helpcenter:announcements")
    with override("en"):
        assert places.address("news") == "/en/announcements/"


# What our own templates ask for, and who offers it; "" where no app does yet
OFFERED = {
    "home": "/en/",
    "announcements": "/en/announcements/",
    "feed": "/en/announcements/feed/",
    "glossary": "/en/glossary/",
    "search": "/en/search/",
    "contact": "/en/tickets/new/",
    "my_requests": "/en/tickets/",
    "was_it_us": "",
    "privacy": "",
    "sign_in": "/en/account/login/",
    "profile": "/en/account/profile/",
    "account_menu": "/en/account/menu/",
}


@pytest.mark.parametrize("place", OFFERED)
def test_a_place_leads_to_the_screen_that_is_there(place):
    with override("en"):
        assert places.address(place) == OFFERED[place]


def test_every_place_that_a_template_asks_for_is_in_the_table():
    files = [file for app in ("helpcenter", "supportdesk") for file in Path(settings.BASE_DIR, app).rglob("*.html")]
    asked = {
        name for file in files for name in re.findall(r"\{% place [\"'](\w+)[\"']", file.read_text(encoding="utf-8"))
    }
    assert asked
    assert asked - set(OFFERED) == set()


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", ["home", "announcements", "feed", "glossary"])
def test_every_page_links_to_the_places_of_its_frame(place, language):
    page = Client().get(f"/{language}/").content.decode()
    assert f'href="{OFFERED[place].replace("/en/", f"/{language}/")}"' in page


@pytest.mark.django_db
def test_a_place_that_is_not_there_leaves_no_empty_link():
    assert 'href=""' not in Client().get("/en/").content.decode()


@pytest.mark.django_db
def test_a_place_that_an_app_adds_appears_on_the_pages(named):
    del places._NAMES["contact"]
    assert "Contact support" not in Client().get("/en/announcements/").content.decode()
    named("contact", "helpcenter:search")
    answer = Client().get("/en/search/")
    assert re.search(r'href="/en/search/">Contact support</a>', answer.content.decode())
