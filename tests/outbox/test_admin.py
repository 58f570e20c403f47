"""Deliveries in the admin: what was given up gets another try, and whoever asks for one is told what came of it."""

import pytest
from django.urls import reverse
from django.utils.timezone import now

from supportdesk.outbox.models import Outbox, State
from tests.helpcenter.admin_forms import html, signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("states", "told", "waiting"),
    [
        ([State.FAILED, State.FAILED, State.DONE], "2 are sent again.", 2),
        ([State.FAILED], "1 is sent again.", 1),
        ([State.DONE], "0 are sent again.", 0),
    ],
)
def test_another_try_is_given_to_what_was_given_up_alone_and_is_told(administrator, states, told, waiting):
    rows = [
        Outbox.objects.create(event_kind="noted", event_id=n, consumer="mail", state=state, attempts=9, next_at=now())
        for n, state in enumerate(states)
    ]
    choice = {"action": "try_again", "_selected_action": [row.pk for row in rows]}
    page = signed_in(administrator).post(reverse("admin:outbox_outbox_changelist"), choice, follow=True)
    assert told in html(page)
    own = Outbox.objects.filter(pk__in=[row.pk for row in rows])
    assert own.filter(state=State.PENDING, attempts=0).count() == waiting
