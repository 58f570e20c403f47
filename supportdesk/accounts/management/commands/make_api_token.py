"""`manage.py make_api_token EMAIL NAME --scope tickets:read`: a token for a person; the key is printed once."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from supportdesk.accounts import tokens
from supportdesk.accounts.models import User


class Command(BaseCommand):
    help = "Make an API token for a person and print its key, which is shown once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name", help="what it is for")
        parser.add_argument("--scope", action="append", default=[], dest="scopes", help="may be given several times")
        parser.add_argument("--days", type=int, default=365, help="how long it lasts; 0: until it is taken back")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email=User.objects.normalize_email(options["email"])).first()
        if person is None:
            raise CommandError(f"Nobody has the address {options['email']}.")
        ends = timezone.now() + timedelta(days=options["days"]) if options["days"] else None
        try:
            made = tokens.make_token(person, options["name"], options["scopes"], expires_at=ends)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(made.key)
