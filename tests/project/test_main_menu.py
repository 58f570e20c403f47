"""The header of the signed-in screens leads to the places where a person works, and says where they are."""

import pytest
from django.conf import settings
from django.urls import reverse

from tests.helpcenter.admin_forms import signed_in
from tests.helpcenter.factories import ArticleFactory

pytestmark = pytest.mark.django_db


def menu(person, name="admin:index", *args):
    shown = signed_in(person).get(reverse(name, args=args)).context["main_menu"]
    return {str(entry.label): entry.current for entry in shown}


def test_the_menu_says_where_a_person_is(content_editor):
    places = ["Dashboard", "Articles", "Translations", "Review", "Calendar"]
    assert menu(content_editor) == dict.fromkeys(places, "") | {"Dashboard": "page"}
    assert menu(content_editor, "admin:helpcenter_article_waiting")["Review"] == "page"
    assert menu(content_editor, "admin:helpcenter_article_waiting")["Articles"] == ""


def test_a_page_below_a_place_belongs_to_it(content_editor):
    article = ArticleFactory(texts={"en": "Words."})
    found = menu(content_editor, "admin:helpcenter_article_change", article.pk)
    assert found == dict.fromkeys(found, "") | {"Articles": "true"}


def test_screens_of_one_article_belong_to_what_is_done_there(content_editor):
    article = ArticleFactory(texts={"en": "Words."})
    assert menu(content_editor, "admin:helpcenter_article_review", article.pk, "en")["Review"] == "true"
    assert menu(content_editor, "admin:helpcenter_article_translate", article.pk, "ja")["Translations"] == "true"
    assert set(menu(content_editor, "admin:helpcenter_fact_changelist").values()) == {""}


def test_only_places_where_a_person_may_go_are_named(translator, agent):
    assert list(menu(translator)) == ["Dashboard", "Articles", "Translations", "Review", "Calendar"]
    assert menu(agent) == {"Inbox": ""}


def test_the_door_bears_the_name_of_the_site(client):
    assert f"{settings.SITE_NAME} · Support desk" in client.get(reverse("admin:login")).content.decode()
