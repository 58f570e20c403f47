"""`manage.py list_unreachable_accounts`: accounts that nobody gets into, since their address is stored in a spelling
that is not looked for any more. The migration that wrote hosts in ASCII left those whose address somebody else had."""

from typing import Any

from django.core.management.base import BaseCommand

from supportdesk.accounts import addresses
from supportdesk.accounts.models import User

WHAT_TO_DO = (
    "Mail and sign-ins find an account by its address in ASCII. Where no account has that, save the account listed here"
    " in the admin once. Where another has it, ask the person which of the two is theirs: if both are, deactivate the"
    " one listed here, whose requests stay with it; if they are two people, give the one listed here another address in"
    " the admin, which is proven at the next sign-in."
)


class Command(BaseCommand):
    help = "List accounts whose address is stored in a spelling that is not looked for any more, and say what to do."

    def handle(self, *args: Any, **options: Any) -> None:
        found = [person for person in _not_plain() if addresses.canonical(person.email) != person.email]
        for person in found:
            address = addresses.canonical(person.email)
            other = User.objects.filter(email=address).exclude(pk=person.pk).values_list("pk", flat=True).first()
            taken = f"which account {other} has" if other else "which no account has"
            state = "" if person.is_active else " (deactivated)"
            self.stdout.write(f"Account {person.pk}{state}: {person.email}, in ASCII {address}, {taken}.")
        self.stdout.write(WHAT_TO_DO if found else "Every account is found by its address.")


def _not_plain() -> Any:
    """Those whose address has a letter outside of ASCII or a capital one."""
    return User.objects.exclude(email__regex=r"^[ -@\[-~]*$").only("email", "is_active").order_by("pk").iterator()
