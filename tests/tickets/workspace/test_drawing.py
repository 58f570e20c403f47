"""What the desk draws without templates is drawn as templates would: words escaped, choices marked, nothing stale."""

import pytest
from django import forms
from django.core.cache import caches
from django.test.html import parse_html

from tests.tickets.factories import PersonFactory, TicketFactory, TopicFactory
from tickets.actions import assigning
from tickets.workspace.widgets import Choice, Hidden, Line

BAD = '"><script>alert(1)</script>'
CHOICES = [("", "Any"), ("a", "A & B"), (3, BAD)]
QUEUE = "/desk/"


def same(ours, djangos):
    return parse_html(ours) == parse_html(djangos)


@pytest.mark.parametrize("value", ["", None, "a", 3, "3", "unknown", BAD])
@pytest.mark.parametrize("attrs", [{}, {"id": "id_x", "required": True, "title": BAD}])
def test_a_choice_is_drawn_as_django_draws_it(value, attrs):
    assert same(
        Choice(choices=CHOICES).render("x", value, attrs), forms.Select(choices=CHOICES).render("x", value, attrs)
    )


@pytest.mark.parametrize("value", ["", None, "words", 7, BAD])
@pytest.mark.parametrize(("ours", "djangos"), [(Line, forms.TextInput), (Hidden, forms.HiddenInput)])
def test_a_line_is_drawn_as_django_draws_it(value, ours, djangos):
    attrs = {"id": "id_x", "maxlength": "9", "required": False}
    own = {"data-people": "", "autocomplete": "off"}
    assert same(ours(attrs=own).render("x", value, attrs), djangos(attrs=own).render("x", value, attrs))
    assert ours().is_hidden == djangos().is_hidden


@pytest.mark.django_db
def test_no_words_of_people_become_markup(desk, agent):
    ticket = TicketFactory(subject=f"Subject {BAD}", topic=TopicFactory(name_en=f"Topic {BAD}"))
    ticket.requester.name = f"Customer {BAD}"
    ticket.requester.save()
    assigning.assign(ticket, PersonFactory(is_superuser=True, is_staff=True, name=f"Colleague {BAD}"), by=agent)
    for address in (f"{QUEUE}?view=all", f"{QUEUE}tickets/{ticket.public_id}/?view=all"):
        page = desk.get(address).content.decode()
        assert "alert(1)" in page
        assert "<script>alert" not in page


@pytest.mark.django_db
def test_what_was_refused_as_a_filter_is_shown_to_nobody_else(desk):
    caches["pages"].clear()
    TopicFactory(name_en="A topic that no form was drawn with")
    refused = "z" * 41
    assert f'value="{refused}"' not in desk.get(QUEUE, {"tag": refused}).content.decode()
    assert refused not in desk.get(QUEUE).content.decode()


@pytest.mark.django_db
def test_the_filters_offer_new_topics_and_keep_what_was_chosen(desk):
    TopicFactory(name_en="Known before")
    assert "Known before" in desk.get(QUEUE).content.decode()
    added = TopicFactory(name_en="Added later")
    caches["pages"].clear()
    assert "Added later" in desk.get(QUEUE).content.decode()
    chosen = f'<option value="{added.pk}" selected>Added later</option>'
    assert chosen in desk.get(QUEUE, {"topic": added.pk}).content.decode()
    assert chosen not in desk.get(QUEUE).content.decode()


@pytest.mark.django_db
def test_a_long_name_in_the_rail_stands_in_full_under_the_pointer(desk):
    TopicFactory(name_en="A problem with an order or a position")
    assert 'title="A problem with an order or a position"' in desk.get(QUEUE).content.decode()
