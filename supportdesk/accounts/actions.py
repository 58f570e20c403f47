"""What people change about themselves, and what is changed about them."""

from allauth.usersessions.models import UserSession
from django.db import transaction

from supportdesk.accounts import requesters, tokens
from supportdesk.accounts.models import User


@transaction.atomic
def change_profile(person: User, *, name: str, language: str, time_zone: str) -> None:
    """Take down what a person is called, reads and where they live; the values have passed `ProfileForm`."""
    current = User.objects.select_for_update().get(pk=person.pk)
    current.name, current.language, current.time_zone = name, language, time_zone
    current.save(update_fields=["name", "language", "time_zone"])


@transaction.atomic
def end_access_by_former_address(person: User, *, kept_session: str | None = None) -> None:
    """End every access that was gained by a person's former mail box: sessions (except the one to keep), tokens, and
    codes that were sent there."""
    requesters.forget_former_addresses(person)
    tokens.revoke_tokens_of(person)
    for session in UserSession.objects.filter(user=person).exclude(session_key=kept_session or ""):
        session.end()
