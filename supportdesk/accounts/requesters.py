"""Who asks: every requester is a person, known by an address that is proven."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction

from supportdesk.accounts import names
from supportdesk.accounts.models import User


def person_of(email: str, *, language: str, time_zone: str = "UTC", name: str = "") -> User:
    """The person with an address that was proven just now, made without a password where there was none; they sign in
    by a code. What a person has said of themselves before stays as it is.

    Safe against two requests at once. Raises ValueError for an empty address.
    """
    address = User.objects.normalize_email(email)
    name = names.tidy(name)
    name = "" if names.fault_of(name, site_name=settings.SITE_NAME) else name  # a mail may bear any
    person = User.objects.filter(email=address).first() or _made(
        address, language=language, time_zone=time_zone, name=name
    )
    prove(person, address)
    return person


def _made(address: str, **fields: str) -> User:
    try:
        with transaction.atomic():
            return User.objects.create_user(address, **fields)
    except IntegrityError:  # somebody else was quicker
        return User.objects.get(email=address)


def prove(person: User, address: str) -> None:
    """Take an address of a person as proven. Whoever opened the account with somebody else's address could not prove
    it: their password ends here."""
    known = EmailAddress.objects.filter(user=person, email=address).first()
    if known is not None and known.verified:
        return
    if known is not None and person.has_usable_password() and not person.is_staff:
        person.set_unusable_password()
        person.save(update_fields=["password"])
    has_primary = EmailAddress.objects.filter(user=person, primary=True).exclude(email=address).exists()
    proven = {"verified": True, "primary": not has_primary}
    EmailAddress.objects.update_or_create(user=person, email=address, defaults=proven)


def forget_former_addresses(person: User) -> None:
    """Nobody gets in by a former address of a person any more. The new address is proven at the next sign-in."""
    EmailAddress.objects.filter(user=person).exclude(email=person.email).delete()
