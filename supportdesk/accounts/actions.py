"""What people change about themselves."""

from django.db import transaction

from supportdesk.accounts.models import User


@transaction.atomic
def change_profile(person: User, *, name: str, language: str, time_zone: str) -> None:
    """Take down what a person is called, reads and where they live; the values have passed `ProfileForm`."""
    current = User.objects.select_for_update().get(pk=person.pk)
    current.name, current.language, current.time_zone = name, language, time_zone
    current.save(update_fields=["name", "language", "time_zone"])
