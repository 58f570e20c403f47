"""Who has written a text of an incident stays its author, also when a colleague begins an update: nobody lets their own
words go by way of somebody who has not read them."""

import pytest
from django.core.exceptions import PermissionDenied

from tests.tickets.bulk import sent, ticket_in
from tickets.actions import incident_texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone_out(incident, topic, team_lead, written):
    """The English answer has been sent; a Korean text of the first lead waits for somebody else."""
    ticket_in(incident, topic, team_lead)
    written("en")
    sent(incident, team_lead)
    incident_texts.write_answer(incident, "ko", "확인하지 않은 글입니다.", by=team_lead)
    return incident


def test_an_update_that_a_colleague_begins_makes_nobody_the_reader_of_their_own_text(gone_out, team_lead, second_lead):
    incident = incident_texts.begin_update(gone_out, by=second_lead)
    for answer in incident.answers.filter(version=incident.version):
        with pytest.raises(PermissionDenied):
            incident_texts.approve_answer(answer, by=team_lead)


def test_whoever_begins_it_may_approve_what_another_wrote(gone_out, second_lead):
    incident = incident_texts.begin_update(gone_out, by=second_lead)
    draft = incident.answers.get(version=incident.version, language="ko")
    assert incident_texts.approve_answer(draft, by=second_lead).is_approved
