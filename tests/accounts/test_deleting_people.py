"""Who never worked here can be deleted in the admin; who did is deactivated, and stays in what they wrote."""

import pytest
from django.urls import reverse

from supportdesk.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def deleting(client, admin_user):
    client.force_login(admin_user)

    def ask(person, **values):
        return client.post(reverse("admin:accounts_user_delete", args=[person.pk]), {"post": "yes", **values})

    return ask


def test_a_trader_is_deleted(deleting, trader):
    assert deleting(trader).status_code == 302
    assert not User.objects.filter(pk=trader.pk).exists()


def test_an_agent_is_not(deleting, agent):
    assert deleting(agent).status_code == 403
    assert User.objects.filter(pk=agent.pk).exists()


def test_an_agent_among_several_is_not(client, admin_user, agent, trader):
    client.force_login(admin_user)
    chosen = {"action": "delete_selected", "_selected_action": [agent.pk, trader.pk], "post": "yes"}
    client.post(reverse("admin:accounts_user_changelist"), chosen)
    assert User.objects.filter(pk__in=[agent.pk, trader.pk]).count() == 2
